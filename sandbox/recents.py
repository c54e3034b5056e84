"""/v1/recents: what changed since a time, all kinds of things in one list (v1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from .collection import ARCHIVED, DELETED, LIVE, Row
from .company import Company
from .deal_reports import deal_v1
from .endpoint import Call, Endpoint, Reader, Reply, success
from .files import file_row
from .notes import note_row
from .pages import limit_of
from .parameters import START, one_of, time
from .refusal import invalid
from .times import stamp_v1, to_v1

OLDEST = timedelta(days=31)  # "one month" of the changelog post


def _plain(company: Company, row: Row) -> Row:
    """A row of v2 with its times as v1 writes them."""
    return {
        key: to_v1(value) if key.endswith("_time") and _is_time(value) else value
        for key, value in row.items()
        if key not in _UNLIKE
    }


_UNLIKE = {"custom_fields", "prices", "location", "address", "postal_address", "im"}


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and len(value) == len("2026-09-30T12:00:00Z")


def _brief(*keys: str) -> Callable[[Company, Row], Row]:
    return lambda company, row: {
        k: v for k, v in _plain(company, row).items() if k in keys
    }


_ITEMS: dict[str, tuple[str, str, Callable[[Company, Row], Any]]] = {
    "activity": (
        "activities",
        "update_time",
        _brief("id", "subject", "type", "done", "deal_id", "add_time", "update_time"),
    ),
    "activityType": ("activity_types", "update_time", lambda company, row: row),
    "deal": ("deals", "update_time", deal_v1),
    "file": ("files", "update_time", file_row),
    "filter": (
        "filters",
        "update_time",
        lambda company, row: {k: v for k, v in row.items() if k != "conditions"},
    ),
    "note": ("notes", "update_time", note_row),
    "person": (
        "persons",
        "update_time",
        _brief("id", "name", "first_name", "last_name", "add_time", "update_time"),
    ),
    "organization": (
        "organizations",
        "update_time",
        _brief("id", "name", "add_time", "update_time"),
    ),
    "pipeline": (
        "pipelines",
        "update_time",
        _brief("id", "name", "order_nr", "add_time", "update_time"),
    ),
    "product": (
        "products",
        "update_time",
        _brief("id", "name", "code", "unit", "tax", "add_time", "update_time"),
    ),
    "stage": (
        "stages",
        "update_time",
        _brief("id", "name", "order_nr", "pipeline_id", "add_time", "update_time"),
    ),
    "user": ("users", "modified", lambda company, row: [row]),
}
"""Each kind of thing: its collection, when it changed, what stands in `data`."""


def recent_rows(company: Company, since: str, kind: str | None = None) -> list[Row]:
    """`{"item", "id", "data"}` of all that changed at `since` or later, by time."""
    found = sorted(_changed(company, since, kind), key=lambda pair: pair[0])
    return [row for _, row in found]


def _changed(
    company: Company, since: str, kind: str | None
) -> Iterator[tuple[tuple[str, str, int], Row]]:
    for name, (collection, column, shown) in _ITEMS.items():
        if kind not in (None, name):
            continue
        for row in company[collection].on(LIVE, ARCHIVED, DELETED):
            time = (row[column] or "").replace("T", " ")[:19]
            if time >= since:
                data = shown(company, row)
                place = (time, name, row["id"])
                yield place, {"item": name, "id": row["id"], "data": data}


def recents(call: Call) -> Reply:
    """At most a month back."""
    company = call.company
    if "since_timestamp" not in call.query:
        raise invalid("since_timestamp", "is required")
    since = to_v1(call.query["since_timestamp"])
    if since < stamp_v1(company.now - OLDEST):
        raise invalid("since_timestamp", "must not be more than one month ago")
    rows = recent_rows(company, since, call.query.get("items"))
    start, limit = call.query.get("start", 0), limit_of(call)
    page = rows[start : start + limit]
    more = start + limit < len(rows)
    pagination = {"start": start, "limit": limit, "more_items_in_collection": more}
    if more:
        pagination["next_start"] = start + limit
    return success(
        page,
        additional_data={
            "since_timestamp": since,
            "last_timestamp_on_page": stamp_v1(company.now),
            "pagination": pagination,
        },
    )


_QUERY: dict[str, Reader] = {
    "since_timestamp": time,
    "items": one_of(*_ITEMS),
    **START,
}
ENDPOINTS = (Endpoint("GET", 1, "/recents", 20, recents, _QUERY),)
