"""Conditions that a temporary saved filter could say, where a list has no parameter.

Whether that pays is seen when the values are known, and how long the list is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..catalog.conditions import filter_type
from ..catalog.table import Brought, Table
from . import price
from .alternatives import Alternatives
from .choice import Choice
from .inputs import Input
from .operators import HALF, SOME, Term
from .options import Options
from .plan import Plan, Road
from .price import Estimate

_PRICE = 16  # API tokens for making a filter and removing it
_SAYABLE = ("=", "!=", "<", "<=", ">", ">=", "glob", "is null", "is not null")
_IN_ROWS = (Brought.ALWAYS, Brought.CUSTOM)


def sayable(
    table: Table,
    choice: Choice,
    options: Options,
    alternatives: Alternatives | None = None,
) -> Choice:
    """The choice with every comparison as an input that a saved filter may say.

    The same choice where Pipedrive filters by all of them, or none can be said.
    `alternatives` are the OR groups of the statement.
    """
    plan = choice.plan
    serves = plan.endpoint and plan.endpoint.serves("filter_id")
    few = any(item.operator == "limit" for item in plan.inputs)
    listed = plan.road in (Road.LIST, Road.SEARCH)
    fits = listed and not choice.question.given and not few
    if not options.temporary_filters or not serves or not fits or table.each:
        return choice
    if filter_type(table) is None:
        return choice
    inputs, arguments = list(plan.inputs), list(choice.arguments)
    for constraint in choice.question.constraints:
        new = constraint.index not in arguments and constraint.operator in _SAYABLE
        if not new or constraint.collation != "BINARY":
            continue
        column = table.column(constraint.column)
        inputs.append(Input(column, constraint.operator, None, constraint.many))
        arguments.append(constraint.index)
    said = [
        place
        for place, item in enumerate(inputs)
        if item.column.brought in _IN_ROWS and item.operator in _SAYABLE
    ]
    some = alternatives is not None and alternatives.table == table.name
    if all(inputs[place].parameter for place in said) and not some:
        return choice
    made = replace(
        plan, inputs=tuple(inputs), said=tuple(said), alternatives=bool(some)
    )
    return replace(
        choice,
        plan=made,
        arguments=tuple(arguments),
        estimate=_estimate(choice, made),
    )


def _estimate(choice: Choice, plan: Plan) -> Estimate:
    """What a filter is expected to cost, where that is less: of constants only."""
    assert plan.endpoint is not None
    served = {item.column.name for item in plan.inputs if item.parameter is not None}
    share = 1.0
    for constraint in choice.question.constraints:
        sayable = constraint.operator in _SAYABLE and constraint.collation == "BINARY"
        new = sayable and constraint.value is not None
        if new and constraint.column not in served:
            share *= SOME if constraint.operator == "=" else HALF
    rows = plan.rows * share
    tokens = _PRICE + price.listing(plan.endpoint, rows)
    if share == 1.0 or tokens >= choice.estimate.tokens:
        return choice.estimate
    return Estimate(min(rows, choice.estimate.rows), tokens)


def terms(plan: Plan, values: Sequence[object]) -> list[Term]:
    """The comparisons that a saved filter may say, with their values."""
    return [_term(plan.inputs[place], values[place]) for place in plan.said]


def groups(table: Table, alternatives: Alternatives | None) -> list[list[Term]]:
    """The OR groups of a statement, as far as they are on columns of the table."""
    if alternatives is None or alternatives.table != table.name:
        return []
    columns = {
        column.name.lower(): column
        for column in table.columns
        if column.brought in _IN_ROWS
    }
    return [
        [Term(columns[a.column], a.operator, a.value) for a in group]
        for group in alternatives.groups
        if all(a.column in columns for a in group)
    ]


def _term(item: Input, value: object) -> Term:
    operator = item.operator
    if item.many:
        operator = "in"
    elif item.parameter is not None and operator == "<":
        # The parameter serves `<=`, too.
        operator = "<="
    return Term(item.column, operator, value)
