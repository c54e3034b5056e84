"""Relative dates of saved filters: the days that a key such as last_month means.

The keys are those of /v1/filters/helpers. Weeks begin on Monday here.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

Days = tuple[date, date]
"""The first and the last day."""

FIRST, LAST = date.min, date.max
_DAY = timedelta(days=1)
_STEPS = re.compile(r"(\d)_(week|month)s?_ago|in_(\d)_(week|month)s?")


def days(key: str, today: date) -> Days | None:
    """The days that are meant; None for what is no relative date.

    >>> [str(day) for day in days("last_quarter", date(2026, 9, 30)) or ()]
    ['2026-04-01', '2026-06-30']
    >>> [str(day) for day in days("6_months_ago", date(2026, 8, 31)) or ()]
    ['2026-02-28', '2026-02-28']
    """
    if key in _OPEN:
        first, last = _OPEN[key]
        return (
            FIRST if first is None else today + first * _DAY,
            LAST if last is None else today + last * _DAY,
        )
    if step := _STEPS.fullmatch(key):
        ago, past, ahead, unit = step[1], step[2], step[3], step[4]
        number = -int(ago) if ago else int(ahead)
        month = (past or unit) == "month"
        day = _months_later(today, number) if month else today + 7 * number * _DAY
        return day, day
    word, _, unit = key.partition("_")
    if word not in _SHIFTS or unit not in {"week", "month", "quarter"}:
        return None
    return _period(unit, today, _SHIFTS[word])


_SHIFTS = {"last": -1, "this": 0, "next": 1}
_OPEN: dict[str, tuple[int | None, int | None]] = {
    "yesterday": (-1, -1),
    "today": (0, 0),
    "now": (0, 0),
    "tomorrow": (1, 1),
    "before_today": (None, -1),
    "before_tomorrow": (None, 0),
    "later_or_today": (0, None),
    "later_or_tomorrow": (1, None),
}


def _period(unit: str, today: date, shift: int) -> Days:
    if unit == "week":
        monday = today - today.weekday() * _DAY + 7 * shift * _DAY
        return monday, monday + 6 * _DAY
    months = 3 if unit == "quarter" else 1
    start = today.replace(day=1, month=today.month - (today.month - 1) % months)
    first = _months_later(start, months * shift)
    return first, _months_later(first, months) - _DAY


def _months_later(day: date, number: int) -> date:
    """The same day of another month, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    month += 1
    return day.replace(year, month, min(day.day, monthrange(year, month)[1]))
