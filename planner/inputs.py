"""Inputs of a plan: the values that SQLite hands over, and what is sent for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..catalog.table import Column, Parameter
from ..catalog.values import Kind
from . import times


@dataclass(frozen=True, slots=True)
class Input:
    """One value that SQLite hands over when the scan starts.

    Without a `parameter` the value narrows nothing at Pipedrive; it only looks rows
    up among those already brought.
    """

    column: Column
    operator: str
    parameter: Parameter | None = None
    many: bool = False

    @property
    def is_null_test(self) -> bool:
        """Whether it has no value of its own."""
        return self.operator in ("is null", "is not null")

    def __str__(self) -> str:
        blank = self.column.name + ("..." if self.many else "")
        if self.operator != "=":
            blank = f"{self.operator}{blank}"
        return f"{{{blank}}}"


def fill(item: Input, value: object) -> tuple[int | str, ...] | None:
    """The values to send for this input, as texts or keys.

    None: no row can match. Empty: nothing can be sent for this value, so the
    request goes without it and SQLite checks alone.
    """
    if value is None:
        return None
    if item.operator == ">=":
        moment = times.since(value)
        return () if moment is None else (moment,)
    if item.operator == "<":
        moment = times.until(value)
        return () if moment is None else (moment,)
    if item.operator == "!=":
        words = item.parameter.values if item.parameter else ()
        return tuple(word for word in words if word != value) if value in words else ()
    values = value if isinstance(value, set | frozenset) else {value}
    found: set[int | str] = set()
    for one in values:
        matched = _matching(item, one)
        if matched is not None:
            found.add(matched)
    if not found:
        return None
    return tuple(sorted(found, key=lambda v: (isinstance(v, str), v)))


def form(column: Column, parameter: Parameter) -> str:
    """How a person writes what the parameter's pattern wants."""
    if column.kind is Kind.DATE:
        return "a date, as in 2026-09-01"
    if column.kind is Kind.TIMESTAMP:
        return "a time, as in 2026-09-01 10:00:00"
    words = list(dict.fromkeys(re.findall(r"\w+", parameter.pattern)))
    several = "," in parameter.pattern
    return f"{'some' if several else 'one'} of {', '.join(words)}"


def _matching(item: Input, value: object) -> int | str | None:
    """The one value of the column that SQL takes as equal to this value, or None."""
    kind = item.column.kind
    if kind in (Kind.INTEGER, Kind.BOOLEAN):
        number = whole_number(value)
        if number is None:
            return None
        if kind is Kind.BOOLEAN:
            words = (item.parameter and item.parameter.values) or ("false", "true")
            return words[number] if number in (0, 1) else None
        # Ids are positive; Pipedrive refuses other numbers.
        return number if 0 < number < 2**53 else None
    if isinstance(value, int | float):
        value = str(value)  # as SQLite does for a text column: '20' = 20
    if not isinstance(value, str) or not value:
        return None
    if item.parameter is not None:
        closed, pattern = item.parameter.values, item.parameter.pattern
        if closed and value not in closed:
            return None
        if pattern and not re.fullmatch(pattern, value):
            return None
    return value


def known(item: Input, value: object) -> set[int | str] | None:
    """The values of the column that can be equal to this value, where that is sure."""
    values = value if isinstance(value, set | frozenset) else {value}
    if item.column.kind is Kind.INTEGER:
        numbers = {whole_number(v) for v in values}
        return None if None in numbers else {n for n in numbers if n is not None}
    if item.column.kind is Kind.TEXT and all(isinstance(v, str) for v in values):
        return {str(v) for v in values}
    return None


def whole_number(value: object) -> int | None:
    if isinstance(value, str):
        try:
            value = float(value) if value.isascii() and "_" not in value else None
        except ValueError:
            return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) else None


def looked_up(item: Input, value: object) -> tuple[int | float | str, ...]:
    """The value, if stored rows compare with it just as SQLite does.

    A text column compared with a number is compared as numbers ('05' = 5), which an
    index on text cannot answer.
    """
    if isinstance(value, str):
        return (value,)
    if isinstance(value, int | float) and item.column.kind.declared != "TEXT":
        return (value,)
    return ()


def chunks(values: Sequence[int | str], size: int) -> list[tuple[str, ...]]:
    texts = [str(v) for v in values]
    return [tuple(texts[i : i + size]) for i in range(0, len(texts), size)]
