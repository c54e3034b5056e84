"""One comparison of SQL in the operators of saved filters: the same rows, or more.

Which operators a field has goes by its type (spec v1, GET /filters/helpers).

| SQL | condition | why it leaves out no row that SQL wants |
| --- | --- | --- |
| a choice, reference or status `=`, `!=` | the same, by id | SQL leaves NULL out |
| a choice by its label | `=`, `!=` its id | no other option has had that label |
| a whole number `= < <= > >= !=` | the same | numbers are compared |
| another number | the whole ones around it | how fractions are read is not told |
| text `=`, byte by byte | `=` | without case it finds more |
| text GLOB 'abc*', '*abc*' | LIKE '$%', '%$%' | without case it finds more |
| a date and a day `= < <= > >= !=` | the same | days are compared |
| a moment | a day earlier, two later | whose day it is on is not told |
| IS NULL | IS NULL | "is empty", and what is empty is NULL |
| every other comparison | IS NOT NULL | what is compared is not NULL |

LIKE of SQL ignores case, and that Pipedrive's does is not documented. Money may be
converted between currencies, so it is only looked at for being there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor
from typing import NamedTuple

from ..catalog.conditions import NumberedField
from ..catalog.table import Column, Form
from ..catalog.values import Kind
from . import times

FEW, SOME, HALF, MOST_ROWS = 0.001, 0.05, 0.5, 0.9  # shares of a table's rows

_LONGEST = 255  # characters that every text field holds
_LARGEST = 2**53  # numbers beyond it lose digits on the way
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_IN_ORDER = ("BINARY", "NOCASE", "RTRIM")  # these keep days in their order
_WILD = re.compile(r"\[.*|[*?]", re.DOTALL)  # behind a "[" nothing is read
_ORDER = ("=", "!=", "<", "<=", ">", ">=")

_NUMBERS = frozenset({"int", "double"})
_TEXTS = frozenset({"varchar", "varchar_auto", "text", "phone"})
_REFERENCES = frozenset({"user", "org", "people", "deal", "product"})
_CHOICES = frozenset({"enum", "stage", "pipeline", "visible_to"})
_RANGES = frozenset({"date", "daterange", "time", "timerange"})
_NULLABLE = (
    _NUMBERS | _TEXTS | _REFERENCES | _RANGES | frozenset({"enum", "set", "monetary"})
)


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison of a WHERE clause: `column operator value`.

    `operator` is one of = < <= > >= !=, "in" (of a set of values), "glob", "is null",
    "is not null"; of others it is only known that the column is not NULL.
    """

    column: Column
    operator: str
    value: object = None
    collation: str = "BINARY"


class Said(NamedTuple):
    """An operator and its value; `share` of a table's rows may meet it."""

    operator: str
    value: str | None
    share: float


def said(term: Term, known: NumberedField) -> tuple[Said, ...]:
    """The term in the operators of its field: each holds wherever the term does.

    Nothing where the field has no operator for it, or the term can never be true.
    """
    if known.number is None or not known.filterable:
        return ()
    if term.operator == "is null":
        return _null(term.column, known)
    if term.value is None and term.operator != "is not null":
        return ()
    return _compared(term, known) or _not_null(known)


def _null(column: Column, known: NumberedField) -> tuple[Said, ...]:
    """IS NULL, where every NULL stands for an empty field.

    A label is also NULL for an option that nobody knows, a part of a value where the
    part is missing, and times that every account has where they are zero.
    """
    times_ = column.kind in (Kind.DATE, Kind.TIMESTAMP) and not known.field.is_custom
    plain = column.form in (Form.PLAIN, Form.IDS) and _is_value(column)
    if not plain or times_ or not _nullable(known):
        return ()
    return (Said("IS NULL", None, HALF),)


def _not_null(known: NumberedField) -> tuple[Said, ...]:
    return (Said("IS NOT NULL", None, MOST_ROWS),) if _nullable(known) else ()


def _nullable(known: NumberedField) -> bool:
    # A title has operators of its own.
    return known.field.type in _NULLABLE and known.field.code != "title"


def _is_value(column: Column) -> bool:
    """Whether the column is what its field is compared by, not a further part."""
    steps = column.steps[2:] if column.field_key else column.steps[1:]
    return steps in ((), ("value",))


def _compared(term: Term, known: NumberedField) -> tuple[Said, ...]:
    """The comparison in the field's own operators; nothing where it has none."""
    column, kind = term.column, known.field.type
    if not _is_value(column) or term.operator not in (*_ORDER, "glob"):
        return ()
    if column.form is Form.LABEL:
        return _label(term, known) if kind == "enum" else ()
    if column.form is not Form.PLAIN:
        return ()
    if column.kind in (Kind.DATE, Kind.TIMESTAMP):
        return _timed(term) if kind in ("date", "daterange") else ()
    if kind == "status":
        return _word(term, known)
    if column.kind is Kind.TEXT:
        return _text(term) if kind in _TEXTS else ()
    if column.kind not in (Kind.INTEGER, Kind.REAL):
        return ()
    if kind in _REFERENCES | _CHOICES:
        return _id(term, known)
    return _number(term) if kind in _NUMBERS else ()


def _label(term: Term, known: NumberedField) -> tuple[Said, ...]:
    """An option by its label, if that has been one option's alone."""
    options = (*term.column.options.items(), *known.field.options.items())
    found = {key for key, label in options if label == term.value}
    if len(found) != 1 or term.collation != "BINARY":
        return ()
    share = 1 / max(len(known.field.options), 2)
    return _equal(term.operator, str(found.pop()), share)


def _word(term: Term, known: NumberedField) -> tuple[Said, ...]:
    if term.collation != "BINARY" or term.value not in known.field.options:
        return ()
    return _equal(term.operator, str(term.value), 1 / len(known.field.options))


def _id(term: Term, known: NumberedField) -> tuple[Said, ...]:
    value, options = _numeric(term.value), len(known.field.options)
    if not isinstance(value, int):
        return ()
    return _equal(term.operator, str(value), 1 / max(options, 2) if options else SOME)


def _equal(operator: str, value: str, share: float) -> tuple[Said, ...]:
    """For types that know only equal and unequal."""
    if operator == "=":
        return (Said("=", value, share),)
    return (Said("!=", value, 1 - share),) if operator == "!=" else ()


def _ordered(operator: str, value: str, share: float) -> tuple[Said, ...]:
    if operator not in _ORDER:
        return ()
    return (Said(operator, value, {"=": share, "!=": MOST_ROWS}.get(operator, HALF)),)


def _between(operator: str, above: Said, below: Said) -> tuple[Said, ...]:
    """What a comparison with something between these two means at most."""
    if operator == "=":
        return above, below
    if operator in (">", ">="):
        return (above,)
    return (below,) if operator in ("<", "<=") else ()


def _number(term: Term) -> tuple[Said, ...]:
    value = _numeric(term.value)
    if value is None:
        return ()
    if isinstance(value, int):
        return _ordered(term.operator, str(value), SOME)
    above = Said(">=", str(floor(value)), HALF)
    return _between(term.operator, above, Said("<=", str(ceil(value)), HALF))


def _numeric(value: object) -> int | float | None:
    """The number that SQLite compares with; whole ones as int."""
    if isinstance(value, str):
        try:
            value = float(value) if value.isascii() and "_" not in value else None
        except ValueError:
            return None
    if not isinstance(value, int | float) or not abs(value) < _LARGEST:
        return None
    return int(value) if value == int(value) else value


def _text(term: Term) -> tuple[Said, ...]:
    value = term.value
    if isinstance(value, int) and term.operator == "=":
        value = str(value)  # as SQLite does for a text column
    if not isinstance(value, str):
        return ()
    if term.operator == "glob":
        return _glob(value)
    exact = term.operator == "=" and term.collation == "BINARY"
    return (Said("=", value, FEW),) if exact and _plain(value) else ()


def _glob(pattern: str) -> tuple[Said, ...]:
    """The beginning that the pattern spells, else its longest piece."""
    pieces = _WILD.split(pattern)
    if len(pieces) == 1:
        return (Said("=", pattern, FEW),) if _plain(pattern) else ()
    if _literal(pieces[0]):
        return (Said("LIKE '$%'", pieces[0], SOME),)
    longest = max(pieces, key=len)
    return (Said("LIKE '%$%'", longest, SOME),) if _literal(longest) else ()


def _plain(text: str) -> bool:
    """Whether the text reaches Pipedrive as it is: blanks around it might not."""
    return 0 < len(text) <= _LONGEST and text.isprintable() and text == text.strip()


def _literal(text: str) -> bool:
    return _plain(text) and not set(text) & set("%_\\$")


def _timed(term: Term) -> tuple[Said, ...]:
    """Days for a date, wider ones for a moment. Texts are compared, as SQLite does."""
    literal = term.value
    first, last = times.since(literal), times.until(literal)
    if term.collation not in _IN_ORDER or first is None or last is None:
        return ()
    moment = term.column.kind is Kind.TIMESTAMP
    if not moment and isinstance(literal, str) and _DAY.fullmatch(literal):
        return _ordered(term.operator, literal, FEW)
    # Zones are at most 14 hours from UTC, and a day may end at its midnight.
    above = _shifted(first, -1 if moment else 0)
    below = _shifted(last, 2 if moment else 0)
    if above is None or below is None:
        return ()
    ends = Said("<" if moment else "<=", below, HALF)
    return _between(term.operator, Said(">=", above, HALF), ends)


def _shifted(moment: str, days: int) -> str | None:
    try:
        return (date.fromisoformat(moment[:10]) + timedelta(days)).isoformat()
    except OverflowError:
        return None
