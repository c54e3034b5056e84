"""Columns and values as SQL, for conditions that name both as saved filters do."""

from __future__ import annotations

import re

from .table import Column, Form, Table
from .values import Kind, boolean, real, time

NUMBERS = (Kind.INTEGER, Kind.REAL)

# The words that SQLite keeps to itself have no "_", but for these.
_PLAIN = re.compile(r"(?!current_)[a-z_][a-z0-9_]*", re.ASCII)


def same(one: Column, other: Column) -> bool:
    """Whether both hold the same field, in another form."""
    return one.steps == other.steps


def whole(table: Table, column: Column) -> Column:
    """The column with all of a value, for one with the labels or the first of it."""
    if column.form not in (Form.LABEL, Form.LABELS, Form.PRIMARY):
        return column
    wanted = Form.IDS if column.form is Form.LABELS else Form.PLAIN
    return next(c for c in table.columns if same(c, column) and c.form is wanted)


def only_label(column: Column, option: str) -> str | None:
    """The option's label, if no other option has it. Asks for no deleted ones."""
    key: int | str = int(option) if option.isdecimal() else option
    label = column.options.get(key)
    return label if list(column.options.values()).count(label or "") == 1 else None


def operand(
    table: Table, column: Column, value: str, *, negated: bool = False
) -> tuple[str, str] | None:
    """The column as SQL, and the value as SQL; None for a value that it cannot have.

    Options are told by their ids where the comparison is `negated`: one that nobody
    knows any more has no label, but is another one.
    """
    if column.form is Form.LABEL:
        label = only_label(column, value)
        if label is not None and not negated:
            return named(column), quoted(label)
        column = whole(table, column)
    if column.kind in NUMBERS:
        number = real(value)
        if not isinstance(number, float) or not abs(number) < 2**63:
            return None
        return named(column), str(int(number) if number.is_integer() else number)
    if column.kind is Kind.BOOLEAN:
        flag = boolean(value)
        return (named(column), str(flag)) if flag in (0, 1) else None
    if column.kind is Kind.TIME:
        clock = time(value)
        return (named(column), quoted(str(clock))) if clock else None
    if column.kind is not Kind.TEXT:
        return None
    closed = {
        one
        for endpoint in table.endpoints
        for parameter in endpoint.parameters
        if parameter.column == column.name
        for one in parameter.values
    }
    if closed or column.references:
        known = not closed or value in closed
        return (named(column), quoted(value)) if known else None
    cased = "" if value.upper() == value.lower() else " collate nocase"
    return f"{named(column)}{cased}", quoted(value)


def either(value: str) -> str:
    return value if value.isdecimal() else quoted(value)


def like(value: str, negated: str, before: str, behind: str) -> str:
    escaped = re.sub(r"([%_\\])", r"\\\1", value)
    escape = " escape '\\'" if escaped != value else ""
    pattern = quoted(f"{before}{escaped}{behind}")
    return f"{'not ' if negated else ''}like {pattern}{escape}"


def quoted(text: str) -> str:
    """A text of SQL."""
    return "'" + text.replace("'", "''") + "'"


def named(column: Column) -> str:
    """A column's name as SQL, in quotes where it needs them."""
    name = column.name
    plain = _PLAIN.fullmatch(name) and (not column.field_key or "_" in name)
    return name if plain else '"' + name.replace('"', '""') + '"'
