"""Which road to take: the cheapest that brings every row the question may want.

Roads that need no request come first, then keys, then the list that Pipedrive narrows
most. Every equality is taken too, even where Pipedrive cannot narrow by it: when
SQLite asks again and again with other values (a join), rows that were brought
once are looked up by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..catalog.table import Endpoint, Table
from . import price
from .choice import Choice
from .filters import ROWS_OF_A_REFERENCE, comparable, lookups, take
from .inputs import Input
from .options import Options
from .plan import Plan, Road
from .price import Estimate
from .question import Order, Question
from .searching import matches, searched, serving

_ROWS_OF_A_LIST = 25.0  # SQLite does not tell how long an IN list is
# A lookup among rows brought once costs its share of bringing them.
_TOKENS_OF_A_LOOKUP = 3.0
# In a join keys are asked for in batches, and at worst the whole list is read once.
_TOKENS_OF_A_KEY = 0.002
_ROWS_OF_A_PARENT = 3.0
_LASTING = ("add_time", "deal_id")  # values that rows never change
_EVERYTHING = Options()
_NEVER = 1e12  # tokens: the road that only says what is missing


def choose(
    table: Table,
    question: Question,
    counts: Mapping[str, float],
    options: Options = _EVERYTHING,
) -> Choice:
    """The cheapest road for the question.

    `counts` are rows of tables as far as they are known, by name.
    """
    if _impossible(table, question):
        plan = Plan(table, Road.NOTHING)
        return Choice(plan, (), Estimate(0, 0), order_consumed=True, question=question)
    cheapest = min(
        roads(table, question, counts, options), key=lambda choice: choice.estimate.cost
    )
    return replace(cheapest, question=question)


def roads(
    table: Table, question: Question, counts: Mapping[str, float], options: Options
) -> Sequence[Choice]:
    """Every road that brings all rows the question may want."""
    found = [_keys(table, question), _children(table, question, counts)]
    found.append(matches(table, question, options))
    for endpoint in table.endpoints:
        of_parent = table.parent and endpoint.serves(table.parent_key)
        if not endpoint.one and of_parent not in endpoint.required:
            listed = _list(table, endpoint, question, counts)
            found += [listed, searched(table, listed, question, options)]
    able = [road for road in found if road is not None and _heeds(road, question)]
    return able or [_not_given(table, question)]


def _heeds(choice: Choice, question: Question) -> bool:
    """Whether the road uses all that only the statement gives."""
    taken = {item.column.name for item in choice.plan.inputs}
    return taken.issuperset(question.given) or choice.plan.road is Road.MISSING


def _not_given(table: Table, question: Question) -> Choice:
    plan = Plan(table, Road.MISSING, missing=question.given)
    return Choice(plan, (), Estimate(price.UNKNOWN_ROWS, _NEVER))


def _impossible(table: Table, question: Question) -> bool:
    """`id is null`, `id = 1 and id = 2` need no request (the latter when it starts)."""
    return any(
        c.operator == "is null" and table.column(c.column).never_null
        for c in question.constraints
    )


def _keys(table: Table, question: Question) -> Choice | None:
    """Rows by their key: get-one for few, batches of ids for more."""
    key = table.row_key
    equal = comparable(table, question, key) if key else None
    if equal is None:
        return None
    one = serving(table, key, one=True)
    batch = serving(table, key, one=False)
    if one is None and batch is None:
        return None
    endpoint = batch or one
    assert endpoint is not None
    parameter = endpoint.serves(key)
    item = Input(table.column(key), "=", parameter, equal.many)
    rows = _ROWS_OF_A_LIST if equal.many else 1.0
    inputs, arguments = lookups(table, question, {equal.index})
    single = not equal.many and not table.each
    return Choice(
        Plan(table, Road.KEYS, batch, one, (item, *inputs)),
        (equal.index, *arguments),
        Estimate(rows, _TOKENS_OF_A_KEY * rows),
        unique=single,
        order_consumed=single,
    )


def _children(
    table: Table, question: Question, counts: Mapping[str, float]
) -> Choice | None:
    """Rows of a table that Pipedrive lists only for given parents."""
    if not table.parent:
        return None
    endpoint = _of_parents(table)
    key = table.parent_key
    taken = take(table, endpoint, question, ROWS_OF_A_REFERENCE, counts, besides=key)
    parameter = endpoint.serves(key)
    assert parameter is not None
    equal = comparable(table, question, key)
    if equal is not None:
        taken.inputs.insert(0, Input(table.column(key), "=", parameter, equal.many))
        taken.arguments.insert(0, equal.index)
        keys = _ROWS_OF_A_LIST if equal.many else 1.0
        singly = endpoint.price if parameter.many == 1 else _TOKENS_OF_A_KEY
        tokens = keys * singly
    else:
        keys = float(counts.get(table.parent, price.UNKNOWN_ROWS))
        batches = price.pages(keys, parameter.many)
        tokens = price.pages(keys, endpoint.page) * 10 + batches * endpoint.price
    if taken.missing:
        tokens = _NEVER
    more, indexes = lookups(table, question, set(taken.arguments))
    plan = Plan(
        table,
        Road.MISSING if taken.missing else Road.CHILDREN,
        endpoint,
        inputs=(*taken.inputs, *more),
        missing=tuple(p.column for p in taken.missing),
    )
    return Choice(
        plan,
        (*taken.arguments, *indexes),
        Estimate(_ROWS_OF_A_PARENT * keys, tokens * taken.unions),
    )


def _list(
    table: Table, endpoint: Endpoint, question: Question, counts: Mapping[str, float]
) -> Choice:
    """The list with every filter Pipedrive has for the question."""
    rows = float(counts.get(table.source or table.name, price.UNKNOWN_ROWS))
    batch = endpoint.serves(table.row_key) if table.row_key else None
    by_keys = batch.column if batch and batch.many > 1 else ""
    taken = take(table, endpoint, question, rows, counts, besides=by_keys)
    if taken.missing:
        names = tuple(p.column for p in taken.missing)
        plan = Plan(table, Road.MISSING, endpoint, missing=names)
        return Choice(plan, (), Estimate(rows, _NEVER))
    numbers = set(taken.arguments)
    more, indexes = lookups(table, question, numbers)
    found = min(taken.rows, ROWS_OF_A_REFERENCE) if more else taken.rows
    order, consumed = _order(table, endpoint, question, taken.single)
    left = [
        c
        for c in question.constraints
        if c.index not in numbers and c.operator not in ("limit", "offset")
    ]
    exact = taken.exact and not (question.others or left)
    exact = exact and (consumed or not question.order)
    inputs = [*taken.inputs, *more]
    arguments = [*taken.arguments, *indexes]
    if exact:
        for constraint in question.constraints:
            if constraint.operator in ("limit", "offset"):
                inputs.append(Input(table.columns[0], constraint.operator))
                arguments.append(constraint.index)
    tokens = price.listing(endpoint, taken.rows) * taken.unions
    if not numbers and not _constant(question, indexes):
        tokens = _TOKENS_OF_A_LOOKUP
    return Choice(
        Plan(
            table,
            Road.LIST,
            endpoint,
            None,
            tuple(inputs),
            order,
            exact,
            rows=taken.rows,
        ),
        tuple(arguments),
        Estimate(found, tokens),
        order_consumed=consumed,
    )


def _constant(question: Question, indexes: Sequence[int]) -> bool:
    """Whether these comparisons are with the same values each time."""
    return all(c.value is not None for c in question.constraints if c.index in indexes)


def _of_parents(table: Table) -> Endpoint:
    """The endpoint that lists the children of given parents."""
    for endpoint in table.endpoints:
        if not endpoint.one and endpoint.serves(table.parent_key) is not None:
            return endpoint
    raise LookupError(f"{table.name} has no endpoint for its parents")


def _order(
    table: Table, endpoint: Endpoint, question: Question, single: bool
) -> tuple[Order | None, bool]:
    """The order to ask for, and whether SQLite need not sort.

    Behind a unique key further terms mean nothing; else only one term is kept,
    because Pipedrive does not say how it orders equal values. An order that rows change
    their place in is left to Pipedrive only for the few rows of a LIMIT: on later pages
    a row that has moved to the front meanwhile would be missing.
    """
    if not question.order or not single:
        return None, False
    first = question.order[0]
    kept = first.column in endpoint.sorts
    alone = len(question.order) == 1 or first.column == table.key
    lasting = first.column in (table.key, *_LASTING)
    limited = any(c.operator == "limit" for c in question.constraints)
    few = question.few or limited
    if not kept or not alone or not (lasting or few):
        return None, False
    return first, True
