"""Lists: one page of rows, in the envelope of v2 (cursor) and of v1 (start)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson

from .collection import CUSTOM, LIVE, Collection, Key, Position, Row
from .endpoint import Call, Reply
from .refusal import invalid

PAGE = 100  # rows when no limit is given
MOST = 500  # the documented maximum
IDS = 100  # the most ids= takes
SELECTED = 15  # the most custom_fields= takes

Test = Callable[[Row], bool]


def page_v2(
    call: Call,
    collection: Collection,
    test: Test | None = None,
    *,
    shelves: Sequence[str] = (LIVE,),
    ids: Sequence[Key] | None = None,
) -> Reply:
    """One page; `ids` narrows to these rows (only those on `shelves`)."""
    test = _seen(call, test)
    by = call.query.get("sort_by", "id")
    descending = call.query.get("sort_direction") == "desc"
    limit = limit_of(call)
    start = position(call, by, descending)
    if ids is None:
        order = collection.order(by, shelves)
    else:
        order = collection.sorted(dict.fromkeys(ids), by)
    found: list[Key] = []
    following: Key | None = None
    rows = collection.rows
    for key in collection.seek(order, by, start, descending):
        if test is not None and not test(rows[key]):
            continue
        if len(found) == limit:
            following = key
            break
        found.append(key)
    cursor = None
    if following is not None:
        cursor = write_cursor(by, rows[following][by], descending, following)
    data = b",".join(render(call, collection, found))
    tail = orjson.dumps({"next_cursor": cursor})
    content = b'{"success":true,"data":[%b],"additional_data":%b}' % (data, tail)
    return Reply(content, len(found))


def _seen(call: Call, test: Test | None) -> Test | None:
    """The test, and that the token's user may see the row."""
    sees = call.sees
    if sees is None or test is None:
        return sees or test
    return lambda row: test(row) and sees(row)


def one_v2(call: Call, collection: Collection, row: Row, status: int = 200) -> Reply:
    """One row in its envelope."""
    data = next(render(call, collection, [row["id"]]))
    return Reply(b'{"success":true,"data":%b}' % data, 1, status)


def page_v1(
    call: Call, rows: Sequence[Row], encode: Callable[[Row], Row] | None = None
) -> Reply:
    """Rows from `start`, with the pagination envelope of v1."""
    if call.sees is not None:
        rows = [row for row in rows if call.sees(row)]
    page, pagination = window(call, rows)
    data: list[Row] | None = [encode(row) if encode else row for row in page]
    if not data and call.switches.empty_v1_list_is_null:
        data = None
    content = {
        "success": True,
        "data": data,
        "additional_data": {"pagination": pagination},
    }
    return Reply(orjson.dumps(content), len(page))


def window(call: Call, rows: Sequence[Any]) -> tuple[Sequence[Any], Row]:
    """The rows from `start` on that the limit allows, and what v1 says of them."""
    start = call.query.get("start", 0)
    if start < 0:
        raise invalid("start", "must not be negative")
    limit = limit_of(call)
    more = start + limit < len(rows)
    pagination = {"start": start, "limit": limit, "more_items_in_collection": more}
    if more:
        pagination["next_start"] = start + limit
    return rows[start : start + limit], pagination


def whole_v1(call: Call, rows: Sequence[Row]) -> Reply:
    """All rows at once: the v1 lists that have no pages."""
    data = rows if rows or not call.switches.empty_v1_list_is_null else None
    return Reply(orjson.dumps({"success": True, "data": data}), len(rows))


def limit_of(call: Call) -> int:
    """How many rows this page holds at most."""
    limit: int = call.query.get("limit", PAGE)
    if not 1 <= limit <= MOST:
        if call.switches.bad_limit_is_refused:
            raise invalid("limit", f"must be between 1 and {MOST}")
        limit = min(max(limit, 1), MOST)
    return min(limit, call.page_cap or MOST)


def ids_of(call: Call, name: str = "ids") -> list[int] | None:
    """The ids asked for, at most a hundred."""
    ids: list[int] | None = call.query.get(name)
    if ids is not None and len(ids) > IDS:
        if call.switches.too_many_ids_are_refused:
            raise invalid(name, f"must have at most {IDS} items")
        ids = ids[:IDS]
    return ids


def write_cursor(by: str, value: Any, descending: bool, key: Key) -> str:
    """The first item of the next page, opaque: base64url of JSON, unpadded."""
    place = {
        "field": by,
        "fieldValue": value,
        "sortDirection": "desc" if descending else "asc",
        "id": key,
    }
    return base64.urlsafe_b64encode(orjson.dumps(place)).rstrip(b"=").decode()


def position(call: Call, by: str, descending: bool) -> Position | None:
    """Where the cursor of the query points to, or None for the start."""
    text = call.query.get("cursor")
    if text is None:
        return None
    try:
        padded = text.encode() + b"=" * (-len(text) % 4)
        place = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        value, key = place["fieldValue"], place["id"]
        told = (place["field"], place["sortDirection"] == "desc")
        if told != (by, descending) or not isinstance(key, int):
            raise ValueError(told)
        kind = int if by in {"id", "deal_id", "order_nr"} else str
        if value is not None and not isinstance(value, kind):
            raise ValueError(value)
        return value, key
    except (binascii.Error, ValueError, KeyError, TypeError):
        if call.switches.bad_cursor_is_refused:
            raise invalid("cursor", "is not a valid cursor") from None
        return None


def render(call: Call, collection: Collection, keys: Sequence[Key]) -> Iterator[bytes]:
    """Each row's JSON, with the optional parts that the query asks for."""
    query = call.query
    chosen = query.get("custom_fields")
    wanted = query.get("include_fields")
    options = query.get("include_option_labels")
    labels = query.get("include_labels")
    if not (chosen or wanted or options or labels):
        return (collection.encoded(key)[0] for key in keys)
    if chosen and len(chosen) > SELECTED:
        if call.switches.too_many_custom_fields_are_refused:
            raise invalid("custom_fields", f"must have at most {SELECTED} items")
        chosen = chosen[:SELECTED]
    codes = collection.codes or []
    if chosen:
        codes = [code for code in codes if code in chosen]
    return _spliced(call, collection, keys, wanted or [], codes)


def _spliced(
    call: Call,
    collection: Collection,
    keys: Sequence[Key],
    wanted: Sequence[str],
    codes: list[str],
) -> Iterator[bytes]:
    query = call.query
    every = not query.get("custom_fields") and not query.get("include_option_labels")
    with_options = query.get("include_option_labels")
    with_labels = query.get("include_labels")
    columns = [(name, collection.optional[name]) for name in wanted]
    dumps = orjson.dumps
    for key in keys:
        row = collection.rows[key]
        whole, cut = collection.encoded(key)
        more = {n: compute(row) if compute else row.get(n) for n, compute in columns}
        if with_labels:
            more[call.switches.labels_key] = call.company.labels(collection.name, row)
        extra = b"," + dumps(more)[1:-1] if more else b""
        if every or collection.codes is None:
            yield whole[:cut] + extra + whole[cut:]
            continue
        custom = {code: row["custom_fields"].get(code) for code in codes}
        if with_options:
            custom = call.company.with_options(collection.name, custom)
        yield whole[:cut] + extra + CUSTOM + dumps(custom) + b"}"
