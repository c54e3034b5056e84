"""A long list cut into windows of time, which can be read side by side.

Pipedrive's windows include their beginning and not their end, so those beside each
other hold each row that has a time once. What changes while they are read moves to the
last one, perhaps behind what was read of it: a sweep over what has changed since the
first was asked for brings that.
Source: spec v2, updated_since and updated_until of the lists that take them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ..catalog.table import Endpoint
from ..planner.request import Request

COLUMN = "update_time"
# A window ends with a page that is half empty, and the sweep is a page: that makes the
# list a twentieth dearer, at most.
_PAGES = 10  # of a window, and as many beside them all
_MOST = 12  # windows
_LEAST = 2
# What makes the server leave out the others, or says which rows there are already.
_APART = {"ids", "filter_id", "sort_by", "sort_direction", "sort"}


def windows(made: Request, moments: Sequence[str], pages: float) -> list[Request]:
    """Requests that together hold the rows of this one, each about as many.

    `moments` are times of the table's rows, in order, that stand for all of them, and
    `pages` is how long the list is expected to be. Empty if it is not worth it, or not
    possible.
    """
    names = _window(made.endpoint)
    count = min(int(pages / _PAGES) - 1, _MOST)
    if names is None or count < _LEAST or len(moments) < count:
        return []
    if _APART.union(names) & {name for name, _ in made.query}:
        return []
    since, until = names
    places = [len(moments) * number // count for number in range(1, count)]
    cuts = sorted({moments[place] for place in places})
    starts = [None, *cuts]
    ends = [*cuts, None]
    return [
        _within(made, [(since, start), (until, end)])
        for start, end in zip(starts, ends, strict=True)
    ]


def has_windows(endpoint: Endpoint) -> bool:
    """Whether its list can be cut into windows."""
    return _window(endpoint) is not None


def changed_since(made: Request, moment: datetime) -> Request:
    """The request for those of its rows that have changed since."""
    names = _window(made.endpoint)
    assert names is not None
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _within(made, [(names[0], text)])


def _window(endpoint: Endpoint) -> tuple[str, str] | None:
    """The parameters that begin and end a window, if the endpoint has both."""
    found = {p.operator: p.name for p in endpoint.parameters if p.column == COLUMN}
    if not endpoint.cursor or not {">=", "<"} <= found.keys():
        return None
    return found[">="], found["<"]


def _within(made: Request, told: Sequence[tuple[str, str | None]]) -> Request:
    more = tuple((name, value) for name, value in told if value is not None)
    return replace(made, query=(*made.query, *more))
