"""JSON values of Pipedrive -> SQL values, one rule per kind of column.

"Nothing" has five faces in Pipedrive's answers (null, a missing key, "", [] and
"0000-00-00"); all become NULL. A value that does not parse is kept as text.
No rule raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import msgspec

SQLValue = int | float | str | None

_ZERO_DATES = ("0000-00-00", "-0001-11-30")
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00:00)?")
_LARGEST = 2**63 - 1


class Kind(Enum):
    """What a column holds; the value is the type declared in SQL."""

    INTEGER = "INTEGER"
    REAL = "REAL"
    TEXT = "TEXT"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    TIME = "TIME"
    TIMESTAMP = "TIMESTAMP"
    JSON = "TEXT /* JSON */"

    @property
    def declared(self) -> str:
        """The declared SQL type; JSON is TEXT, so that SQLite does not coerce it.

        >>> Kind.JSON.declared
        'TEXT'
        """
        return self.value.split()[0]


def integer(value: Any) -> SQLValue:
    """An integer, also from the spellings of v1: "3", {"value": 3}, {"id": 3}.

    >>> integer("7"), integer({"value": 7, "name": "x"}), integer(""), integer(7.0)
    (7, 7, None, 7)
    """
    if isinstance(value, int):
        return int(value) if -_LARGEST <= value <= _LARGEST else float(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**63 else value
    if isinstance(value, str):
        text_ = value.strip()
        return int(text_) if _INTEGER.fullmatch(text_) else text_ or None
    if isinstance(value, dict) and ("value" in value or "id" in value):
        return integer(value.get("value", value.get("id")))
    return json_text(value)


def real(value: Any) -> SQLValue:
    """A float; numbers in text are read, other text is kept.

    >>> real(200), real("1.5"), real("")
    (200.0, 1.5, None)
    """
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value or None
    if isinstance(value, dict) and "value" in value:
        return real(value["value"])
    return json_text(value)


def text(value: Any) -> SQLValue:
    """Text; "" is NULL, numbers are written out.

    >>> text("a"), text(""), text(12)
    ('a', None, '12')
    """
    if isinstance(value, str):
        return value or None
    if isinstance(value, dict) and isinstance(value.get("value"), str):
        return text(value["value"])
    return json_text(value)


def boolean(value: Any) -> SQLValue:
    """1 or 0, from true/false, 1/0, "1"/"0", "true"/"false", "yes"/"no".

    >>> boolean(True), boolean("0"), boolean("Yes"), boolean("")
    (1, 0, 1, None)
    """
    if isinstance(value, int):
        return int(value != 0)
    if isinstance(value, str):
        return _BOOLEANS.get(value.strip().lower(), value or None)
    return json_text(value)


_BOOLEANS: Mapping[str, int] = {
    **dict.fromkeys(("1", "true", "yes"), 1),
    **dict.fromkeys(("0", "false", "no"), 0),
}


def date(value: Any) -> SQLValue:
    """YYYY-MM-DD; zero dates are NULL, impossible dates are kept as text.

    >>> date("2026-02-29"), date("0000-00-00"), date({"value": "2026-01-02"})
    ('2026-02-29', None, '2026-01-02')
    """
    if isinstance(value, str):
        if value.startswith(_ZERO_DATES):
            return None
        moment = _MOMENT.fullmatch(value)
        return moment[1] if moment else value or None
    if isinstance(value, dict) and "value" in value:
        return date(value["value"])
    return json_text(value)


def time(value: Any) -> SQLValue:
    """HH:MM:SS, from a clock time or a duration, with or without seconds.

    >>> time("9:05"), time("15:00:00"), time({"value": "10:00:00", "timezone_id": 1})
    ('09:05:00', '15:00:00', '10:00:00')
    """
    if isinstance(value, str):
        clock = _CLOCK.fullmatch(value)
        if clock:
            return f"{clock[1]:0>2}:{clock[2]}:{clock[3] or '00'}"
        return value or None
    if isinstance(value, dict) and "value" in value:
        return time(value["value"])
    return json_text(value)


def timestamp(value: Any) -> SQLValue:
    """YYYY-MM-DD HH:MM:SS in UTC, SQLite's own form; a fraction is kept unless zero.

    >>> timestamp("2026-01-02T03:04:05Z"), timestamp("2026-01-02T03:04:05.120Z")
    ('2026-01-02 03:04:05', '2026-01-02 03:04:05.120')
    >>> timestamp("2026-01-02T03:04:05+02:00"), timestamp("0000-00-00 00:00:00")
    ('2026-01-02 01:04:05', None)
    """
    if isinstance(value, str):
        # The form of every v2 time; slicing is four times faster than matching.
        if len(value) == 20 and value[10] == "T" and value[19] == "Z":
            return None if value.startswith("0000") else f"{value[:10]} {value[11:19]}"
        if value.startswith(_ZERO_DATES):
            return None
        moment = _MOMENT.fullmatch(value)
        if moment:
            return _joined(moment[1], moment[2], moment[3])
        return _in_utc(value)
    return json_text(value)


def _joined(day: str, clock: str, fraction: str | None) -> str:
    kept = f".{fraction}" if fraction and fraction.strip("0") else ""
    return f"{day} {clock}{kept}"


def _in_utc(value: str) -> SQLValue:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            return value
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    except (ValueError, OverflowError):  # no time, or one before the year 1 in UTC
        return value or None


def json_text(value: Any) -> SQLValue:
    """Compact JSON text; null, [] and {} are NULL; text and numbers stand bare.

    >>> json_text([1, 2]), json_text({"a": None}), json_text([]), json_text("x")
    ('[1,2]', '{"a":null}', None, 'x')
    """
    if value is None or value == [] or value == {} or value == "":
        return None
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


CONVERSIONS: Mapping[Kind, Callable[[Any], SQLValue]] = {
    Kind.INTEGER: integer,
    Kind.REAL: real,
    Kind.TEXT: text,
    Kind.BOOLEAN: boolean,
    Kind.DATE: date,
    Kind.TIME: time,
    Kind.TIMESTAMP: timestamp,
    Kind.JSON: json_text,
}
