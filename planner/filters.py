"""Which comparisons of a question Pipedrive can filter by, endpoint by endpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from ..catalog.table import Brought, Column, Endpoint, Parameter, Table
from ..catalog.values import Kind
from .inputs import Input
from .question import Constraint, Question

# How many rows of a table an equality leaves, where nothing better is known.
ROWS_OF_A_REFERENCE = 10.0
_SHARE_OF_A_WORD = 0.3  # status, done: few different values
_SHARE_OF_A_WINDOW = 0.2
_ORDERING = ("BINARY", "NOCASE", "RTRIM")  # these keep times in their order
_NOT_IN_ROWS = (Brought.FURTHER, Brought.GIVEN)
_VALUES_OF_A_LIST = 3.0  # SQLite does not tell how many
_LARGEST_UNION = 5.0  # requests expected for IN on a parameter that takes one value


@dataclass(slots=True)
class Taken:
    """What an endpoint's parameters take of a question.

    `arguments` are SQLite's numbers of the constraints, one for each of `inputs`.
    `rows` are the rows expected to be left, `unions` the requests that have to be
    united, `single` whether it is one request for sure, `exact` whether the
    parameters mean just what the comparisons say. `missing` are parameters that have
    to be given and are not.
    """

    rows: float
    inputs: list[Input] = field(default_factory=list)
    arguments: list[int] = field(default_factory=list)
    unions: float = 1.0
    single: bool = True
    exact: bool = True
    missing: list[Parameter] = field(default_factory=list)


def take(
    table: Table,
    endpoint: Endpoint,
    question: Question,
    rows: float,
    counts: Mapping[str, float],
    besides: str = "",
) -> Taken:
    """Every comparison that a parameter serves, but those on the column `besides`."""
    found = Taken(rows)
    for parameter in _effective(table, endpoint, question):
        if parameter.column == besides:
            continue
        constraint, whole = _constraint_for(table, question, parameter)
        closed = 0 < len(parameter.values) <= parameter.many
        if constraint is None:
            if parameter in endpoint.required:
                _without(found, parameter)
            continue
        if constraint.many and parameter.many == 1:
            found.unions *= _LARGEST_UNION
        found.single = found.single and (not constraint.many or closed)
        found.exact = found.exact and whole
        column = table.column(parameter.column)
        operator = "!=" if constraint.operator == "!=" else parameter.operator
        found.inputs.append(Input(column, operator, parameter, constraint.many))
        found.arguments.append(constraint.index)
        left = _rows_left(table, column, parameter, rows, counts, constraint)
        found.rows *= min(left / rows, 1.0) if rows else 1.0
    return found


def _effective(
    table: Table, endpoint: Endpoint, question: Question
) -> Sequence[Parameter]:
    """The parameters that Pipedrive heeds: one may make it ignore the others."""
    for parameter in endpoint.parameters:
        if parameter.alone and comparable(table, question, parameter.column):
            return (parameter,)
    return endpoint.parameters


def _without(found: Taken, parameter: Parameter) -> None:
    """A parameter has to be given: all its values are, or somebody has to."""
    if not parameter.values:
        found.missing.append(parameter)
        return
    found.unions *= len(parameter.values)
    found.single = False


def comparable(table: Table, question: Question, column: str) -> Constraint | None:
    """An equality on the column that means what Pipedrive means by equal.

    One value is better than a list; text must be compared byte by byte.
    """
    text = table.column(column).kind in (Kind.TEXT, Kind.JSON)
    found = [c for c in question.equals(column) if not text or c.collation == "BINARY"]
    return min(found, key=lambda c: c.many, default=None)


def lookups(
    table: Table, question: Question, taken: Set[int]
) -> tuple[list[Input], list[int]]:
    """Equalities left for looking up stored rows, and SQLite's numbers of them."""
    inputs, arguments = [], []
    columns: set[str] = set()
    for constraint in question.constraints:
        plain = constraint.operator == "=" and constraint.collation == "BINARY"
        if constraint.index in taken or not plain or constraint.many:
            continue
        column = table.column(constraint.column)
        # Rows come without their further columns.
        if constraint.column in columns or column.brought in _NOT_IN_ROWS:
            continue
        columns.add(constraint.column)
        inputs.append(Input(column, "="))
        arguments.append(constraint.index)
    return inputs, arguments


def _constraint_for(
    table: Table, question: Question, parameter: Parameter
) -> tuple[Constraint | None, bool]:
    """The constraint that the parameter serves, and whether it does so exactly."""
    if parameter.operator == "=":
        constraint = comparable(table, question, parameter.column)
        if constraint is None and 0 < len(parameter.values) <= parameter.many:
            # Of a closed set, all the others can be asked for.
            unlike = (c for c in question.constraints if c.operator == "!=")
            other = next((c for c in unlike if c.column == parameter.column), None)
            return other, False
        return constraint, constraint is not None
    wanted = {">=": (">", ">=", "="), "<": ("<", "<=")}[parameter.operator]
    for constraint in question.constraints:
        fits = constraint.operator in wanted and not constraint.many
        fits = fits and constraint.collation in _ORDERING
        if constraint.column == parameter.column and fits:
            return constraint, False
    return None, False


def _rows_left(
    table: Table,
    column: Column,
    parameter: Parameter,
    rows: float,
    counts: Mapping[str, float],
    constraint: Constraint,
) -> float:
    """How many rows a filter is expected to leave: counted, or by rules of thumb."""
    name = f"{table.source or table.name}?{column.name}"
    if parameter.operator == "=" and constraint.operator == "=":
        one = counts.get(f"{name}={constraint.value}") or counts.get(name)
        if one is not None and constraint.many:
            closed = len(parameter.values) - 1  # all of them would be no condition
            return one * (closed if closed > 0 else _VALUES_OF_A_LIST)
        if one is not None:
            return one
    if parameter.operator != "=" or parameter.alone:
        return rows * _SHARE_OF_A_WINDOW
    if parameter.values or column.kind is Kind.BOOLEAN:
        return rows * _SHARE_OF_A_WORD
    others = counts.get(column.references.partition(".")[0])
    return rows / max(others, 1) if others else min(rows, ROWS_OF_A_REFERENCE)
