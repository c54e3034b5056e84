"""Explaining statements: SQLite's plan of them, and a run that is given no rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import apsw

from ..catalog.table import Brought, Endpoint
from ..client.temporary import PRICE
from ..client.usage import Meter, Spent
from ..errors import BudgetExceeded
from ..planner.advice import Part, advice
from ..planner.choice import Choice
from ..planner.cost import NONE, Cost, Span, so_many
from ..planner.explain import divided
from ..planner.forecast import Forecast
from ..planner.request import path_of
from ..planner.statement import analyse
from ..planner.table_names import HOME
from ..planner.written import Written, written
from ..store.at_hand import AtHand
from ..store.run import Run
from .attached import named
from .explanation import Actual, Explanation, Step
from .query_plan import LOOP, Line, query_plan, scan_starts
from .unread import Start

if TYPE_CHECKING:
    from .live import Live

_FIELDS = 20  # API tokens for the numbers that filters know fields by


def explain(
    live: Live, sql: str, parameters: apsw.Bindings, *, analyze: bool = False
) -> Explanation:
    """Explain a statement; asked to `analyze`, run it to its end and tell what it cost.

    Else nothing is asked of Pipedrive. Raises apsw.Error for one that SQLite cannot
    read, ProgrammingError for several.
    """
    lines = query_plan(live, sql, parameters)
    text = written(sql, _columns(live, sql))
    run = live.beside(sql)
    with live.apart():  # the clock of the statement before is not this one's
        costs = _costs(live, run, sql, parameters, lines, text)
    steps = [
        _step(line, cost, text, run) for line, cost in zip(lines, costs, strict=True)
    ]
    if not analyze:
        return _explanation(live, sql, parameters, lines, steps)
    meter = _run(live, sql, parameters)
    told: set[int] = set()
    figures: list[Actual | None] = []
    for line in lines:
        new = line.choice is not None and id(line.choice) not in told
        figures.append(_sum(line.choice, meter.spent) if new and line.choice else None)
        told.add(id(line.choice))
    return _explanation(live, sql, parameters, lines, steps).ran(figures, meter.usage)


def _explanation(
    live: Live,
    sql: str,
    parameters: apsw.Bindings,
    lines: Sequence[Line],
    steps: Sequence[Step],
) -> Explanation:
    read = {line.module.schema for line in lines if line.module is not None}
    others = {
        schema.name: schema.client.limits.quota().left.remaining
        for schema in live.schemas.values()
        if schema in read and schema is not live.home
    }
    left = live.home.client.limits.quota().left.remaining
    mirror = tuple(live.mirror.told(sql, parameters)) if live.mirror else ()
    return Explanation(tuple(steps), live.max_tokens, left, others, mirror)


def refuse(live: Live, sql: str, parameters: apsw.Bindings) -> None:
    """Raise BudgetExceeded for the statement of `live.run`, if it is known to cost more
    than it may; and BudgetReserved, Blocked or DailyBudgetSpent, if its account may not
    spend as much now.

    Looked at more closely only if what is remembered of its tables makes it possible.
    """
    ceiling = live.max_tokens
    named_ones = [live.modules[n] for n in analyse(sql).tables if n in live.modules]
    accounts = dict.fromkeys(module.schema for module in named_ones)
    rooms = [schema.client.limits.room() for schema in accounts]
    room = min((n for n in (ceiling, *rooms) if n is not None), default=None)
    if room is None or not _may_exceed(live, sql, room):
        return
    lines, costs = _foreseen(live, sql, parameters)
    least = sum(cost.tokens.low for cost in costs)
    if ceiling is None or least <= ceiling:
        for schema in accounts:
            mine = [
                cost.tokens.low
                for line, cost in zip(lines, costs, strict=True)
                if line.module is not None and line.module.schema is schema
            ]
            with named("" if schema.name == HOME else schema.name):
                schema.client.limits.check(sum(mine))
        return
    most = max(range(len(costs)), key=lambda place: costs[place].tokens.low)
    parts = [
        Part(line.choice, "", cost.tokens.low)
        for line, cost in zip(lines, costs, strict=True)
        if line.choice is not None
    ]
    raise BudgetExceeded(
        f"The statement is not begun: it costs {so_many(least, 'API token')} at least "
        f"({costs[most].basis}), and the ceiling is {ceiling:,}. {advice(parts)} "
        f"Or raise max_tokens (--max-tokens {least} or more).",
        spent=0,
        needed=least,
        budget=ceiling,
    )


def expected(live: Live, sql: str, parameters: apsw.Bindings) -> Span | None:
    """The API tokens that the statement of `live.run` will cost; None if it reads no
    live table that it names.
    """
    if not analyse(sql).tables.keys() & live.modules.keys():
        return None
    _, costs = _foreseen(live, sql, parameters)
    return sum((cost.tokens for cost in costs), NONE)


def _foreseen(
    live: Live, sql: str, parameters: apsw.Bindings
) -> tuple[list[Line], list[Cost]]:
    """The lines of the plan for the statement of `live.run`, and what each costs."""
    lines = query_plan(live, sql, parameters)
    text = written(sql, _columns(live, sql))
    return lines, _costs(live, live.run, sql, parameters, lines, text)


def _columns(live: Live, sql: str) -> dict[str, frozenset[str]]:
    """The columns of the tables that the statement names."""
    named = [n for n in analyse(sql).tables if n in live.modules]
    return {name: frozenset(live.modules[name].table.names) for name in named}


def _step(line: Line, cost: Cost, text: Written, run: Run) -> Step:
    if line.choice is None or line.module is None:
        return Step(line.name, line.depth)
    plan = line.choice.plan
    more = [f"; GET {path_of(e)} for each row" for e in _further(line, run)]
    return Step(
        line.name,
        line.depth,
        plan.table.full_name,
        f"{line.module.schema.label}{plan}{''.join(more)}",
        divided(line.choice, text.of(line.alias)),
        cost,
    )


def _run(live: Live, sql: str, parameters: apsw.Bindings) -> Meter:
    """Run the statement to its end."""
    cursor = live.database.cursor()
    with live.preparing(sql):
        for _ in cursor.execute(sql, parameters or None):
            pass
    live.run.meter.stop()
    return live.run.meter


def _costs(
    live: Live,
    run: Run,
    sql: str,
    parameters: apsw.Bindings,
    lines: Sequence[Line],
    text: Written,
) -> list[Cost]:
    """What each line will cost."""
    forecasts = {
        name: Forecast(
            schema.store.tables,
            schema.store.counts.count,
            AtHand(run.on(schema.store.answers)),
            text.stops,
            PRICE + _FIELDS,
        )
        for name, schema in live.schemas.items()
    }
    started = (
        scan_starts(live, sql, parameters) if any(n.choice for n in lines) else None
    )
    starts: dict[int, list[Start]] = defaultdict(list)
    for start in started or ():
        starts[id(start.choice)].append(start)
    shared = Counter(id(line.choice) for line in lines)
    singly = {key for key, some in starts.items() if len(some) == shared[key] > 1}
    outer: dict[int, Span] = defaultdict(lambda: Span(1, 1))
    costs = []
    for line in lines:
        choice = line.choice
        if choice is None or line.module is None:
            costs.append(Cost(rows=Span(0, None)))
            if line.name.startswith(LOOP):
                outer[line.parent] = Span(0, None)
            continue
        plan = choice.plan
        forecast = forecasts[line.module.schema.name]
        mine = starts[id(choice)]
        if id(choice) in singly:
            mine = [starts[id(choice)].pop(0)]
        if started == []:
            cost = forecast.once(plan, [])
        elif mine:
            scans = [plan.scan(start.values) for start in mine]
            cost = forecast.once(plan, scans)
        elif line.once and not plan.inputs and started is None:
            cost = forecast.once(plan, [plan.scan(())])
        else:
            # Values of an IN (SELECT ...) are as many as its rows.
            times = Span(0, None) if line.once else outer[line.parent]
            cost = forecast.often(plan, times)
        left = bool(divided(choice, text.of(line.alias)).left)
        cost = forecast.further(cost, _further(line, run), left)
        costs.append(cost)
        outer[line.parent] = outer[line.parent].times(cost.rows)
    return costs


def _further(line: Line, run: Run) -> list[Endpoint]:
    """The endpoints of the columns used that need a request for each row."""
    assert line.module is not None
    table = line.module.table
    mine = run.on(line.module.schema.store.answers)
    used = [table.columns[n] for n in line.module.used(line.number, mine)]
    paths = {c.further for c in used if c.brought is Brought.FURTHER}
    return [endpoint for endpoint in table.further if endpoint.path in paths]


def _may_exceed(live: Live, sql: str, ceiling: int) -> bool:
    """Whether the tables named are large enough, as far as they are remembered."""
    total = 0.0
    for name in analyse(sql).tables:
        module = live.modules.get(name)
        if module is None:
            continue
        table, counts = module.table, module.schema.store.counts
        price = max((e.price for e in (*table.endpoints, *table.further)), default=0)
        known = counts.count(table.source or table.name)
        parents = counts.count(table.parent) if table.parent else None
        total += price * (known.pages if known else 1)
        if known is not None and table.further:
            total += price * known.rows
        if parents is not None:
            total += price * (parents.rows + parents.pages)
    return total > ceiling


def _sum(choice: Choice, spent: Sequence[Spent]) -> Actual:
    mine = [s for s in spent if s.cause.choice is choice]
    return Actual(
        sum(s.requests for s in mine),
        sum(s.tokens for s in mine),
        sum(s.rows for s in mine),
        sum(s.kept for s in mine),
    )
