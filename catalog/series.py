"""A column of a whole page at once, where all of its values are of the usual form.

Each rule gives the SQL values, or None where some value is not of that form; then the
rules of `values` go over the column value by value. What makes this worth having: the
loops run inside the interpreter, three to ten times faster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .values import Kind

Values = Sequence[Any]
Rule = Callable[[Values, set[type]], Values | None]

_NOTHING = type(None)
_LARGEST = 2**63 - 1
_NUMBERS = {True: 1, False: 0, None: None}
_MOMENT = len("2026-01-02T03:04:05Z")
_DAY = len("2026-01-02")


def series(kind: Kind, values: Values) -> Values | None:
    """The SQL values of a column's JSON values; None where they need a closer look.

    >>> series(Kind.REAL, [1, None, 2.5])
    [1.0, None, 2.5]
    >>> series(Kind.TIMESTAMP, ["2026-01-02T03:04:05Z", None])
    ['2026-01-02 03:04:05', None]
    >>> series(Kind.TIMESTAMP, ["yesterday"]) is None
    True
    """
    types = set(map(type, values))
    types.discard(_NOTHING)
    if not types:
        return values
    rule = _RULES.get(kind)
    return rule(values, types) if rule else None


def _integers(values: Values, types: set[type]) -> Values | None:
    if types != {int}:
        return None
    largest = max(map(abs, filter(None, values)), default=0)
    return values if largest < _LARGEST else None


def _reals(values: Values, types: set[type]) -> Values | None:
    if types == {float}:
        return values
    if not types <= {int, float}:
        return None
    return [None if v is None else float(v) for v in values]


def _booleans(values: Values, types: set[type]) -> Values | None:
    return list(map(_NUMBERS.get, values)) if types == {bool} else None


def _texts(values: Values, types: set[type]) -> Values | None:
    return values if types == {str} and "" not in values else None


def _dates(values: Values, types: set[type]) -> Values | None:
    text = _joined(values, types, _DAY)
    # Zero dates begin with 0 or -.
    if text is None or not set(text[:: _DAY + 1]).isdisjoint("0-") or "" in values:
        return None
    return values


def _timestamps(values: Values, types: set[type]) -> Values | None:
    text = _joined(values, types, _MOMENT)
    if text is None:
        return None
    step = _MOMENT + 1
    count = (len(text) + 1) // step
    marks = text[10::step] == "T" * count and text[19::step] == "Z" * count
    if not marks or text.count("T") != count or "0" in text[::step]:
        return None
    found = text[:-1].replace("T", " ").split("Z\n")
    if len(found) == len(values):
        return found
    rest = iter(found)
    return [next(rest) if v else None for v in values]


def _joined(values: Values, types: set[type], length: int) -> str | None:
    """All texts but the empty ones, a line each, if all have this length."""
    if types != {str}:
        return None
    text = "\n".join(filter(None, values))
    ends = text[length :: length + 1]
    regular = len(text) % (length + 1) == length and not ends.strip("\n")
    return text if regular and text.count("\n") == len(ends) else None


_RULES: Mapping[Kind, Rule] = {
    Kind.INTEGER: _integers,
    Kind.REAL: _reals,
    Kind.BOOLEAN: _booleans,
    Kind.TEXT: _texts,
    Kind.DATE: _dates,
    Kind.TIMESTAMP: _timestamps,
}
