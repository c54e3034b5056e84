"""What hangs on a deal, person, organization or product: whose it is, page by page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable

from .collection import DELETED, Row, shelf_of
from .endpoint import Call, Reply, success
from .pages import limit_of, position, write_cursor
from .refusal import invalid, missing

ITEMS = {
    "deal": "deals",
    "person": "persons",
    "organization": "organizations",
    "product": "products",
}
"""Entities that are followed and have files, and their collections."""

COLUMNS = {
    "deal": "deal_id",
    "person": "person_id",
    "organization": "org_id",
    "product": "product_id",
}
"""The column that refers to each of them."""

Item = tuple[str, int]
"""An entity and an id: ("deal", 5)."""


def found_item(call: Call, entity: str, error: str = "") -> Row:
    """The row whose id is in the path; a 404 with `error` if it is gone."""
    text = call.path["id"]
    rows = call.company[ITEMS[entity]]
    row = rows.get(int(text)) if text.isdigit() else None
    hidden = row is not None and call.sees is not None and not call.sees(row)
    if row is None or hidden or shelf_of(row) == DELETED:
        raise missing(error) if error else missing()
    return row


def found_item_v1(call: Call, entity: str) -> Row:
    """The same, with the 404 of v1."""
    return found_item(call, entity, f"{entity.capitalize()} not found")


def cursor_page(
    call: Call,
    rows: Iterable[Row],
    shown: Callable[[Row], Row],
    *,
    version: int = 2,
    bare: bool = False,
) -> Reply:
    """A page of rows of `id`, oldest first, by v2's cursor, which v1 may have too.

    `bare` are v1's changelogs: newest first, and cursors like `id:544`.
    """
    limit = limit_of(call)
    start = _bare_position(call) if bare else _position(call)
    rest = sorted(rows, key=_id, reverse=bare)
    if start is not None:
        rest = [
            row for row in rest if (_id(row) <= start if bare else _id(row) >= start)
        ]
    data = [shown(row) for row in rest[:limit]]
    cursor = None
    if len(rest) > limit:
        following = _id(rest[limit])
        cursor = write_cursor("id", following, False, following)
        if bare:
            cursor = base64.b64encode(f"id:{following}".encode()).decode()
    nothing = (
        (bare or version == 1) and not data and call.switches.empty_v1_list_is_null
    )
    return success(None if nothing else data, additional_data={"next_cursor": cursor})


def _id(row: Row) -> int:
    key: int = row["id"]
    return key


def _position(call: Call) -> int | None:
    start = position(call, "id", descending=False)
    return None if start is None else int(start[1])


def _bare_position(call: Call) -> int | None:
    text = call.query.get("cursor")
    if text is None:
        return None
    try:
        word, _, number = base64.b64decode(text, validate=True).decode().partition(":")
        if word != "id":
            raise ValueError(word)
        return int(number)
    except (binascii.Error, ValueError):
        if call.switches.bad_cursor_is_refused:
            raise invalid("cursor", "is not a valid cursor") from None
        return None
