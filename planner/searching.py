"""The roads by search: what searches find, and the list that may take their place."""

from __future__ import annotations

from dataclasses import replace

from ..catalog.table import Endpoint, Table
from .choice import Choice
from .inputs import Input
from .options import Options
from .plan import Plan, Road
from .price import ROW, Estimate
from .question import Constraint, Question
from .search import Finding, finding

# One page of hits, one of the latest rows, one row.
TOKENS_OF_A_SEARCH = 31.0
_ROWS_OF_A_SEARCH = 3.0  # few rows share a title, a name or an address


def searched(
    table: Table, listed: Choice, question: Question, options: Options
) -> Choice | None:
    """The rows that a search finds and those changed lately; or else that list.

    Which of them, is decided when the sizes are known. Where few rows of an order are
    wanted the list is read in that order.
    """
    found = finding(table, question, options)
    endpoint = listed.plan.endpoint
    few = any(item.operator == "limit" for item in listed.plan.inputs)
    if found is None or endpoint is None or listed.plan.road is not Road.LIST or few:
        return None
    constraint, operator = found
    keys = _plan_of_keys(table)
    if operator == "match" or keys is None:
        return None
    inputs, arguments = list(listed.plan.inputs), list(listed.arguments)
    if constraint.index not in arguments:
        column = table.column(constraint.column)
        inputs.append(Input(column, operator, None, constraint.many))
        arguments.append(constraint.index)
    place = arguments.index(constraint.index)
    return Choice(
        replace(
            listed.plan,
            road=Road.SEARCH,
            inputs=tuple(inputs),
            order=None,
            finding=_finding(table, constraint, operator, place, options),
            keys=keys,
        ),
        tuple(arguments),
        Estimate(
            min(listed.estimate.rows, _ROWS_OF_A_SEARCH),
            min(listed.estimate.tokens, TOKENS_OF_A_SEARCH) - ROW,
        ),
    )


def matches(table: Table, question: Question, options: Options) -> Choice | None:
    """What searches find, for MATCH."""
    found = finding(table, question, options)
    keys = _plan_of_keys(table)
    if found is None or found[1] != "match" or keys is None:
        return None
    constraint, operator = found
    return Choice(
        Plan(
            table,
            Road.SEARCH,
            inputs=(Input(table.column(constraint.column), operator),),
            finding=_finding(table, constraint, operator, 0, options),
            keys=keys,
        ),
        (constraint.index,),
        Estimate(_ROWS_OF_A_SEARCH, TOKENS_OF_A_SEARCH),
    )


def _finding(
    table: Table, constraint: Constraint, operator: str, place: int, options: Options
) -> Finding:
    assert table.search is not None
    column = table.column(constraint.column)
    words = options.search == "like"
    return Finding(table.search, column, operator, place, words)


def _plan_of_keys(table: Table) -> Plan | None:
    """How rows come by their keys."""
    if not table.row_key:
        return None
    one = serving(table, table.row_key, one=True)
    batch = serving(table, table.row_key, one=False)
    if one is None and batch is None:
        return None
    served = (batch or one).serves(table.row_key)  # type: ignore[union-attr]
    item = Input(table.column(table.row_key), "=", served, many=True)
    return Plan(table, Road.KEYS, batch, one, (item,))


def serving(table: Table, column: str, *, one: bool) -> Endpoint | None:
    """The cheapest endpoint that takes values of this column: one row, or many."""
    found = [
        e
        for e in table.endpoints
        if e.one == one
        and (parameter := e.serves(column)) is not None
        and (one or parameter.many > 1)
        and all(p is parameter for p in e.required)
    ]
    return min(found, key=lambda e: e.price, default=None)
