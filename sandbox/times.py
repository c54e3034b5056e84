"""Times as text: seconds since 1970 to `2026-09-30T12:00:00Z`, quickly."""

from __future__ import annotations

from datetime import date, datetime, timedelta

_FIRST = date(2015, 1, 1)
_OFFSET = _FIRST.toordinal() - date(1970, 1, 1).toordinal()
_DAYS = [(_FIRST + timedelta(day)).isoformat() for day in range(366 * 20)]
_TWO = [f"{number:02d}" for number in range(60)]


def day_text(seconds: int) -> str:
    """The UTC day, 2015 to 2034."""
    return _DAYS[seconds // 86_400 - _OFFSET]


def time_text(seconds: int) -> str:
    """RFC 3339 as v2 writes it."""
    day, rest = divmod(seconds, 86_400)
    minutes, second = divmod(rest, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_DAYS[day - _OFFSET]}T{_TWO[hour]}:{_TWO[minute]}:{_TWO[second]}Z"


def to_v1(time: str) -> str:
    """`2026-09-30T12:00:00Z` as v1 writes it: `2026-09-30 12:00:00`."""
    return f"{time[:10]} {time[11:19]}"


def to_milliseconds(time: str) -> str:
    """The same as leads and lead labels write it."""
    return time[:-1] + ".000Z"


def stamp_v1(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
