"""Which road to take: the cheapest that brings every row the question may want.

Roads that need no request come first, then keys, then the list that Pipedrive narrows
most. Every equality is taken too, even where Pipedrive cannot narrow by it: when
SQLite asks again and again with other values (a join), rows that were brought
once are looked up by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..catalog.table import Column, Endpoint, Parameter, Table
from ..catalog.values import Kind
from . import price
from .plan import Input, Plan, Road
from .price import Estimate
from .question import Constraint, Order, Question

# How many rows of a table an equality leaves, where nothing better is known.
_ROWS_OF_A_REFERENCE = 10.0
_SHARE_OF_A_WORD = 0.3  # status, done: few different values
_SHARE_OF_A_WINDOW = 0.2
_ROWS_OF_A_LIST = 25.0  # SQLite does not tell how long an IN list is
_LARGEST_UNION = 5.0  # requests expected for IN on a parameter that takes one value
# A lookup among rows brought once costs its share of bringing them.
_TOKENS_OF_A_LOOKUP = 3.0
# In a join keys are asked for in batches, and at worst the whole list is read once.
_TOKENS_OF_A_KEY = 0.002


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan, which constraint gives each of its inputs, and what it should cost."""

    plan: Plan
    arguments: tuple[int, ...]
    estimate: Estimate
    unique: bool = False
    order_consumed: bool = False


def choose(table: Table, question: Question, counts: Mapping[str, float]) -> Choice:
    """The cheapest road for the question.

    `counts` are rows of tables as far as they are known, by name.
    """
    if _impossible(table, question):
        plan = Plan(table, Road.NOTHING)
        return Choice(plan, (), Estimate(0, 0), order_consumed=True)
    roads = [_keys(table, question), _children(table, question, counts)]
    roads += [
        _list(table, endpoint, question, counts)
        for endpoint in table.endpoints
        if not endpoint.one and not endpoint.required
    ]
    return min(
        (road for road in roads if road is not None),
        key=lambda choice: choice.estimate.cost,
    )


def _impossible(table: Table, question: Question) -> bool:
    """`id is null`, `id = 1 and id = 2` need no request (the latter when it starts)."""
    return any(
        c.operator == "is null" and table.column(c.column).never_null
        for c in question.constraints
    )


def _keys(table: Table, question: Question) -> Choice | None:
    """Rows by their key: get-one for few, batches of ids for more."""
    key = table.row_key
    equal = _comparable(table, question, key) if key else None
    if equal is None:
        return None
    one = _serving(table, key, one=True)
    batch = _serving(table, key, one=False)
    if one is None and batch is None:
        return None
    endpoint = batch or one
    assert endpoint is not None
    parameter = endpoint.serves(key)
    item = Input(table.column(key), "=", parameter, equal.many)
    rows = _ROWS_OF_A_LIST if equal.many else 1.0
    tokens = _TOKENS_OF_A_KEY * rows
    inputs, arguments = _lookups(table, question, {equal.index})
    return Choice(
        Plan(table, Road.KEYS, batch, one, (item, *inputs)),
        (equal.index, *arguments),
        Estimate(rows, tokens),
        unique=not equal.many and not table.each,
        order_consumed=not equal.many and not table.each,
    )


def _children(
    table: Table, question: Question, counts: Mapping[str, float]
) -> Choice | None:
    """Rows of a table that Pipedrive lists only for given parents."""
    if not table.parent:
        return None
    endpoint = _serving(table, table.parent_key, one=False)
    if endpoint is None:
        return None
    parents = float(counts.get(table.parent, price.UNKNOWN_ROWS))
    parameter = endpoint.serves(table.parent_key)
    equal = _comparable(table, question, table.parent_key)
    items: tuple[Input, ...] = ()
    arguments: tuple[int, ...] = ()
    if equal is not None:
        column = table.column(table.parent_key)
        items = (Input(column, "=", parameter, equal.many),)
        arguments = (equal.index,)
        keys = _ROWS_OF_A_LIST if equal.many else 1.0
        estimate = Estimate(3 * keys, _TOKENS_OF_A_KEY * 2 * keys)
    else:
        batches = price.pages(parents, price.KEYS_A_BATCH)
        tokens = price.pages(parents, endpoint.page) * 10 + batches * endpoint.price
        estimate = Estimate(parents, tokens)
    more, indexes = _lookups(table, question, set(arguments))
    return Choice(
        Plan(table, Road.CHILDREN, endpoint, None, (*items, *more)),
        (*arguments, *indexes),
        estimate,
    )


def _list(
    table: Table, endpoint: Endpoint, question: Question, counts: Mapping[str, float]
) -> Choice:
    """The list with every filter Pipedrive has for the question."""
    rows = float(counts.get(table.source or table.name, price.UNKNOWN_ROWS))
    inputs: list[Input] = []
    arguments: list[int] = []
    found = rows
    unions = 1.0
    exact = question.others == 0
    single = True
    for parameter in endpoint.parameters:
        if parameter.column == table.row_key and parameter.many > 1:
            continue  # `ids=` is the road by keys
        constraint, whole = _constraint_for(table, question, parameter)
        if constraint is None:
            continue
        column = table.column(parameter.column)
        closed = 0 < len(parameter.values) <= parameter.many
        if constraint.many and parameter.many == 1:
            unions *= _LARGEST_UNION
        single = single and (not constraint.many or closed)
        exact = exact and whole
        inputs.append(Input(column, parameter.operator, parameter, constraint.many))
        arguments.append(constraint.index)
        found = min(found, _rows_left(column, parameter, rows, counts))
    taken = set(arguments)
    more, indexes = _lookups(table, question, taken)
    if more:
        exact = False
        found = min(found, _ROWS_OF_A_REFERENCE)
    order, consumed = _order(table, endpoint, question, single)
    left = [
        c
        for c in question.constraints
        if c.index not in taken and c.operator not in ("limit", "offset")
    ]
    exact = exact and not left and (consumed or not question.order)
    inputs += more
    arguments += indexes
    if exact:
        for constraint in question.constraints:
            if constraint.operator in ("limit", "offset"):
                key = table.columns[0]
                inputs.append(Input(key, constraint.operator))
                arguments.append(constraint.index)
    tokens = price.listing(endpoint, found) * unions
    if more and not taken:
        tokens = _TOKENS_OF_A_LOOKUP
    return Choice(
        Plan(table, Road.LIST, endpoint, None, tuple(inputs), order, exact),
        tuple(arguments),
        Estimate(found, tokens),
        order_consumed=consumed,
    )


def _constraint_for(
    table: Table, question: Question, parameter: Parameter
) -> tuple[Constraint | None, bool]:
    """The constraint that the parameter serves, and whether it does so exactly."""
    if parameter.operator == "=":
        constraint = _comparable(table, question, parameter.column)
        return constraint, constraint is not None
    wanted = {">=": (">", ">=", "="), "<": ("<", "<=")}[parameter.operator]
    for constraint in question.constraints:
        fits = constraint.operator in wanted and not constraint.many
        if constraint.column == parameter.column and fits:
            return constraint, False
    return None, False


def _comparable(table: Table, question: Question, column: str) -> Constraint | None:
    """An equality on the column that means what Pipedrive means by equal.

    One value is better than a list; text must be compared byte by byte.
    """
    text = table.column(column).kind in (Kind.TEXT, Kind.JSON)
    found = [c for c in question.equals(column) if not text or c.collation == "BINARY"]
    return min(found, key=lambda c: c.many, default=None)


def _lookups(
    table: Table, question: Question, taken: set[int]
) -> tuple[list[Input], list[int]]:
    """Equalities left for looking up stored rows."""
    inputs, arguments = [], []
    columns: set[str] = set()
    for constraint in question.constraints:
        plain = constraint.operator == "=" and constraint.collation == "BINARY"
        if constraint.index in taken or not plain or constraint.many:
            continue
        if constraint.column in columns:
            continue
        columns.add(constraint.column)
        inputs.append(Input(table.column(constraint.column), "="))
        arguments.append(constraint.index)
    return inputs, arguments


def _serving(table: Table, column: str, *, one: bool) -> Endpoint | None:
    """The cheapest endpoint that takes values of this column: one row, or many."""
    found = [
        e
        for e in table.endpoints
        if e.one == one
        and (parameter := e.serves(column)) is not None
        and (one or parameter.many > 1)
    ]
    return min(found, key=lambda e: e.price, default=None)


def _order(
    table: Table, endpoint: Endpoint, question: Question, single: bool
) -> tuple[Order | None, bool]:
    """The order to ask for, and whether SQLite need not sort.

    Behind a unique key further terms mean nothing; else only one term is kept,
    because Pipedrive does not say how it orders equal values.
    """
    if not question.order or not single:
        return None, False
    first = question.order[0]
    kept = first.column in endpoint.sorts
    alone = len(question.order) == 1 or first.column == table.key
    if not kept or not alone:
        return None, False
    return first, True


def _rows_left(
    column: Column, parameter: Parameter, rows: float, counts: Mapping[str, float]
) -> float:
    """How many rows a filter is expected to leave."""
    if parameter.operator != "=":
        return rows * _SHARE_OF_A_WINDOW
    if parameter.values or column.kind is Kind.BOOLEAN:
        return rows * _SHARE_OF_A_WORD
    others = counts.get(column.references.partition(".")[0])
    return rows / max(others, 1) if others else min(rows, _ROWS_OF_A_REFERENCE)
