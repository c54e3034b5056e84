"""Rows for one scan of one table, over all the times that SQLite starts it.

As the inner side of a join a scan is started again and again with other values, and
asking value by value may cost more than reading a whole list once. A rehearsal tells
which values will come (see `demand`). Where that, or the length of the list, is not
known, both ways are pursued in step: a page of the whole list is read whenever as much
has been spent value by value. That costs at most about twice the cheaper of the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..catalog.rows import Row
from ..catalog.table import Brought
from ..errors import MissingConstraint
from ..planner import price
from ..planner.plan import Plan, Road, Scan
from ..planner.summary import Summary
from .by_filter import ByFilter
from .by_key import ByKey
from .by_parent import ByParent
from .by_search import BySearch
from .demand import Demand
from .lists import Lists
from .names import with_ids
from .projection import Projection
from .rehearsal import Wanted
from .shelf import Shelf
from .statistics import narrowed
from .summary import Counting

Pages = Iterator[Sequence[Row]]


class Reader:
    """Reads what one scan wants; see `Projection` for the shape of rows."""

    def __init__(self, projection: Projection) -> None:
        self.run = projection.run
        self.table = projection.table
        self.columns = projection.columns
        self._projection = projection
        self._lists = Lists(projection)
        self._by_key: ByKey | None = None
        self._by_parent: ByParent | None = None
        self._by_search: BySearch | None = None
        self._by_filter: ByFilter | None = None
        self._plan: Plan | None = None
        self._values: tuple[object, ...] = ()
        self._varying: frozenset[int] = frozenset()
        self._spent = 0  # tokens spent value by value
        self._whole: _Whole | None = None
        self._demand: Demand | None = None

    def start(self, plan: Plan, values: Sequence[object]) -> Pages:
        """Pages of rows for these values of the plan's inputs, read lazily."""
        values = with_ids(self.run, plan, values)
        self._notice(plan, tuple(values))
        if plan.road is Road.MISSING:
            raise _missing(plan)
        scan = plan.scan(values)
        if scan is None or plan.road is Road.NOTHING:
            return iter(())
        if plan.road is Road.KEYS:
            assert scan.keys is not None
            self._by_key = self._by_key or ByKey(self._projection, plan)
            return self._by_key.pages(plan, scan.keys)
        if plan.road is Road.CHILDREN and scan.keys is not None:
            return self._parents(plan).pages(scan)
        if plan.road is Road.SEARCH and (not self._varying or plan.endpoint is None):
            saves = plan.said and self._saves() and self.run.rehearsal is None
            if saves and self._filter.beats(plan, scan, values):
                return self._filter.pages(plan, scan, values)
            return self._searched(plan, scan, values)
        saved = bool(plan.said or plan.alternatives) and self._saves()
        if saved and self.run.rehearsal is not None:
            begun = self._filter.begun(plan, scan, values)
            if begun is not None or self._filter.is_open(plan, scan):
                if begun is None:
                    assert self._demand is not None
                    self._demand.note(())  # not all its rows are here
                return self._filter.so_far(scan, begun)
        if plan.road is Road.LIST and any(item.parameter for item in plan.inputs):
            if self._is_dry(scan, values):
                return iter(())
            self._foresee(scan, values)
        if any(plan.inputs[place].column.hidden for place in self._varying):
            # Other inputs make other rows: no list holds those of all inputs.
            return self._everything(plan, scan)
        if self._varying:
            return self._looked_up(plan, scan, values)
        if plan.summary is not None:
            return self._counted(plan, plan.summary, scan)
        if saved and self.run.rehearsal is None:
            return self._filter.pages(plan, scan, values)
        return self._everything(plan, scan)

    @property
    def _filter(self) -> ByFilter:
        if self._by_filter is None:
            self._by_filter = ByFilter(self._projection, self._lists)
        return self._by_filter

    def _saves(self) -> bool:
        """Whether a filter may be made: not for each row of another scan."""
        return self.run.saving is not None and not self._is_inner

    @property
    def _is_inner(self) -> bool:
        """Whether it is started for a row of another scan, as in a join."""
        own = self._projection.scan
        return any(
            scan is not own and scan.position < len(scan.page)
            for scan in self.run.scans
        )

    def _widened(self, plan: Plan, scan: Scan) -> Scan:
        """In a join, the whole list where that is known to cost no more than a part."""
        if len(scan.requests) != 1 or plan.order is not None or not self._is_inner:
            return scan
        made = scan.requests[0]
        whole = self._lists.wider(made)
        known = self.run.counts.expected(self.run.source(self.table).name, whole)
        cheap = known is not None and known <= made.price
        return replace(scan, requests=(whole,), limit=None) if cheap else scan

    def _counted(self, plan: Plan, summary: Summary, scan: Scan) -> Pages:
        counted = Counting(self._projection).pages(summary, scan)
        yield from self._everything(plan, scan) if counted is None else counted

    def _searched(self, plan: Plan, scan: Scan, values: Sequence[object]) -> Pages:
        if self._by_search is None:
            assert plan.keys is not None
            self._by_key = self._by_key or ByKey(self._projection, plan.keys)
            self._by_search = BySearch(self._projection, self._lists, self._by_key)
        return self._by_search.pages(plan, scan, values)

    def _is_dry(self, scan: Scan, values: Sequence[object]) -> bool:
        """Whether this is a rehearsal, and the list is none that it can read."""
        if self.run.rehearsal is None or self._at_hand(scan):
            return False
        if any(self.run.begun(self.table, made) for made in scan.requests):
            return False
        assert self._demand is not None
        return self._demand.note((_hashable(values),))

    def _foresee(self, scan: Scan, values: Sequence[object]) -> None:
        """In a join: see which values will come, before the first one is paid for."""
        demand = self._demand
        joined = bool(self._varying) or self.run.follows(self._projection.scan)
        done = self._whole is not None and self._whole.complete
        if demand is None or not joined or done or self._at_hand(scan):
            return
        if demand.look(_hashable(values), 0):
            for other in demand.coming():
                assert isinstance(other, tuple)
                self._vary(values, other)

    def _vary(self, values: Sequence[object], others: Sequence[object]) -> None:
        pairs = enumerate(zip(values, others, strict=True))
        self._varying |= {i for i, (one, other) in pairs if one != other}

    def _notice(self, plan: Plan, values: tuple[object, ...]) -> None:
        """Which values differ from start to start."""
        if plan is not self._plan and plan != self._plan:
            self._plan, self._varying = plan, frozenset()
            self._demand = Demand(self._projection, plan, self._is_known, first=1)
        elif values != self._values:
            self._vary(values, self._values)
        self._values = values

    def _parents(self, plan: Plan) -> ByParent:
        if self._by_parent is None:
            self._by_parent = ByParent(self._projection, Reader, plan)
        return self._by_parent

    def _everything(self, plan: Plan, scan: Scan) -> Pages:
        if plan.road is Road.CHILDREN:
            return self._parents(plan).everything(scan)
        return self._lists.read(self._widened(plan, scan), plan.order)

    def _looked_up(self, plan: Plan, scan: Scan, values: Sequence[object]) -> Pages:
        """The rows for values that differ from those before."""
        if self._whole is None or self._whole.varying != self._varying:
            wider = plan.scan(self._values, without=self._varying)
            assert wider is not None
            rows = self._everything(plan, wider)
            self._whole = _Whole(self._projection, self._varying, wider, rows)
        whole = self._whole
        if not whole.complete and whole.scan.requests != scan.requests:
            if self._at_hand(scan) and not self._at_hand(whole.scan):
                yield from self._lists.read(scan, plan.order)
                return
            # Once its last page is here, reading on costs nothing.
            while not whole.complete and (
                self._at_hand(whole.scan) or self._due(plan, whole)
            ):
                whole.step()
            if not whole.complete:
                yield from self._by_value(plan, scan, values)
                return
        whole.finish()
        names = {plan.inputs[place].column.name for place in self._varying}
        # What varies comes first: it is what an index is worth having for.
        lookups = sorted(scan.lookups, key=lambda lookup: lookup[0] not in names)
        yield from whole.shelf.find(lookups, plan.order)

    def _by_value(self, plan: Plan, scan: Scan, values: Sequence[object]) -> Pages:
        before = self.run.meter.tokens
        try:
            if plan.road is Road.SEARCH:
                yield from self._searched(plan, scan, values)
            else:
                yield from self._lists.read(scan, plan.order)
        finally:
            self._spent += self.run.meter.tokens - before

    def _is_known(self, values: Wanted) -> bool:
        assert self._plan is not None and isinstance(values, tuple)
        scan = self._plan.scan(values)
        return scan is None or self._at_hand(scan)

    def _at_hand(self, scan: Scan) -> bool:
        return all(map(self._lists.at_hand, scan.requests))

    def _due(self, plan: Plan, whole: _Whole) -> bool:
        """Whether a page of the whole is due before the next request by value."""
        assert plan.endpoint is not None
        scan = self._projection.scan
        if any(self.run.reads(self.table, r, scan) for r in whole.scan.requests):
            return True
        name = self.run.source(self.table).name
        counts, cost = self.run.counts, plan.endpoint.price
        columns = [plan.inputs[place].column.name for place in self._varying]
        each = counts.tokens(narrowed(name, columns), plan.endpoint) or cost
        demand = self._demand
        assert demand is not None
        left = each * max(1, demand.count)
        known = counts.tokens(name, plan.endpoint)
        if known is not None and whole.spent < known:
            if not demand.exact:
                sure = left if self.run.statement.thorough else 0
                left = max(cost, self._spent, sure)
            return known - whole.spent <= left
        if demand.exact:
            gamble = left > price.NOT_WORTH_A_LIST
            return gamble and whole.spent + cost < left
        return whole.spent + cost <= self._spent


class _Whole:
    """Rows that answer for every value of what varies, put on a shelf by pages."""

    def __init__(
        self, projection: Projection, varying: frozenset[int], scan: Scan, pages: Pages
    ) -> None:
        self.varying = varying
        self.scan = scan
        self.shelf = Shelf(projection.run.answers, projection.columns)
        self.complete = False
        self.spent = 0
        self._meter = projection.run.meter
        self._pages = pages

    def step(self) -> None:
        """Read one page more."""
        before = self._meter.tokens
        rows = next(self._pages, None)
        self.spent += self._meter.tokens - before
        if rows is None:
            self.complete = True
        else:
            self.shelf.add(rows)

    def finish(self) -> None:
        """Read all that is left."""
        while not self.complete:
            self.step()


def _hashable(values: Sequence[object]) -> tuple[object, ...]:
    return tuple(frozenset(v) if isinstance(v, set) else v for v in values)


def _missing(plan: Plan) -> MissingConstraint:
    name = plan.table.full_name
    inputs = [c for c in plan.missing if plan.table.column(c).brought is Brought.GIVEN]
    if inputs:
        operator = "MATCH" if inputs[0] == plan.table.name else "="
        return MissingConstraint(
            f"No row of {name} holds {' and '.join(inputs)}: it is given to Pipedrive, "
            f"one at a time. Say {inputs[0]} {operator} ..., joined by AND to the rest "
            "of the WHERE clause; for OR, put two SELECTs together with UNION.",
            table=name,
            column=inputs[0],
        )
    needed = " AND ".join(f"{column} = ..." for column in plan.missing)
    return MissingConstraint(
        f"Pipedrive gives {name} only for a given {' and '.join(plan.missing)}. "
        f"Say which: SELECT ... FROM {name} WHERE {needed}.",
        table=name,
        column=plan.missing[0],
    )
