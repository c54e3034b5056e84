"""Text comparisons of times -> windows that Pipedrive understands.

A time column holds `YYYY-MM-DD HH:MM:SS`, and SQL compares it as text with whatever
was written. Pipedrive's `updated_since` (inclusive) and `updated_until` (exclusive)
take whole seconds. The windows here always hold every time that SQL would accept,
perhaps a few more; a literal that cannot be placed gives no window.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_LITERAL = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?: (\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d*)?)?)?)?)?",
    re.ASCII,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def since(literal: object) -> str | None:
    """The latest RFC 3339 second not after any time whose text is >= the literal.

    >>> since("2026-09-01"), since("2026-09-01 10:00:00.5"), since("2026-09")
    ('2026-09-01T00:00:00Z', '2026-09-01T10:00:00Z', '2026-09-01T00:00:00Z')
    >>> since("2026-09-01T10:00:00Z"), since("soon"), since(2026)
    ('2026-09-01T00:00:00Z', None, None)
    >>> since("0001-01-01")
    '0001-01-01T00:00:00Z'
    """
    moment = _floor(literal)
    return None if moment is None else _rfc3339(moment)


def until(literal: object) -> str | None:
    """The earliest RFC 3339 second after every time whose text is <= the literal.

    >>> until("2026-09-01"), until("2026-09-01 10:00:00")
    ('2026-09-01T00:00:01Z', '2026-09-01T10:00:01Z')
    >>> until("2026-09-01T10:00:00Z"), until("9")
    ('2026-09-02T00:00:00Z', None)
    """
    moment = _floor(literal)
    if moment is None:
        return None
    # Behind a "T" every text of that day is smaller than the literal.
    whole = isinstance(literal, str) and _LITERAL.fullmatch(literal)
    step = timedelta(seconds=1) if whole else timedelta(days=1)
    try:
        return _rfc3339(moment + step)
    except OverflowError:
        return None


def _floor(literal: object) -> datetime | None:
    if not isinstance(literal, str):
        return None
    match = _LITERAL.fullmatch(literal)
    if match is None and _DAY.match(literal):
        match = _LITERAL.fullmatch(literal[:10])
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(p or 0) for p in match.groups())
    try:
        return datetime(year, month, day or 1, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _rfc3339(moment: datetime) -> str:
    # strftime leaves out the zeros before years of fewer than four digits.
    return moment.replace(tzinfo=None).isoformat() + "Z"
