"""Relative dates of saved filters as SQLite says them: last_month, 2_weeks_ago.

Source: spec v1, GET /filters/helpers, relative_dates. Days are those of UTC, weeks
begin on Monday; neither is documented.
"""

from __future__ import annotations

import re

Span = tuple[str | None, str | None]
"""SQL of the first day and of the day behind the last; None without an end."""

_STEPS = re.compile(r"(\d)_(week|month)s?_ago|in_(\d)_(week|month)s?")
_OPEN: dict[str, tuple[int | None, int | None]] = {
    "yesterday": (-1, 0),
    "today": (0, 1),
    "now": (0, 1),
    "tomorrow": (1, 2),
    "before_today": (None, 0),
    "before_tomorrow": (None, 1),
    "later_or_today": (0, None),
    "later_or_tomorrow": (1, None),
}
_STARTS = {
    "week": ("weekday 0", "-6 days"),
    "month": ("start of month",),
    "quarter": (
        "start of month",
        "-' || ((strftime('%m', 'now') - 1) % 3) || ' months",
    ),
}
_SHIFTS = {"last": -1, "this": 0, "next": 1}
_LENGTHS = {"week": (7, "days"), "month": (1, "months"), "quarter": (3, "months")}


def span(key: str) -> Span | None:
    """The days that the key means; None for what is no relative date.

    >>> span("this_month")
    ("date('now', 'start of month')", "date('now', 'start of month', '+1 months')")
    >>> span("before_today"), span("2026-09-01")
    ((None, "date('now')"), None)
    >>> span("2_weeks_ago")
    ("date('now', '-14 days')", "date('now', '-13 days')")
    """
    if key in _OPEN:
        first, behind = _OPEN[key]
        return _day(first), _day(behind)
    if step := _STEPS.fullmatch(key):
        number = -int(step[1]) if step[1] else int(step[3])
        if (step[2] or step[4]) == "week":
            return _day(7 * number), _day(7 * number + 1)
        # The last day of a month that is shorter.
        month = (f"{number:+} months", "floor")
        return _date(*month), _date(*month, "+1 days")
    word, _, unit = key.partition("_")
    if word not in _SHIFTS or unit not in _STARTS:
        return None
    shift, (length, name) = _SHIFTS[word], _LENGTHS[unit]
    first_, behind_ = (
        _date(*_STARTS[unit], *([f"{n * length:+} {name}"] if n else []))
        for n in (shift, shift + 1)
    )
    return first_, behind_


def _day(number: int | None) -> str | None:
    if number is None:
        return None
    return _date(*([f"{number:+} days"] if number else []))


def _date(*modifiers: str) -> str:
    words = "', '".join(("now", *modifiers))
    return f"date('{words}')"
