"""One answer of Pipedrive -> a Page: its rows as JSON, and how to ask for the rest.

Both dialects end here: cursors (v2), start and limit (v1), lists that come whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import msgspec

from ..catalog.table import Endpoint, Shape
from ..errors import BadAnswer
from ..planner.request import Request


@dataclass(frozen=True, slots=True)
class Page:
    """`rows` is a JSON array, `count` its length. `rest` is the query parameter that
    asks for the next page ("cursor" or "start"), None at the end.
    """

    rows: bytes
    count: int
    rest: tuple[str, str] | None = None


NO_ROWS = Page(b"[]", 0)


class _Offset(msgspec.Struct):
    more_items_in_collection: bool | None = None
    next_start: int | None = None


class _Additional(_Offset):
    next_cursor: str | None = None
    pagination: _Offset | None = None


class _Envelope(msgspec.Struct):
    success: bool | None = None
    additional_data: _Additional | list[Any] | None = None


class _Data(_Envelope):
    # A key that is not there differs from null: null is an empty list on v1.
    data: msgspec.Raw = msgspec.Raw(b"")


class _Listed(_Envelope):
    data: list[msgspec.Raw] | msgspec.UnsetType | None = msgspec.UNSET


_ENVELOPE = msgspec.json.Decoder(_Data)
_LIST = msgspec.json.Decoder(_Listed)
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_NULL = b"null"


def page(endpoint: Endpoint, path: str, body: bytes) -> Page:
    """Read an answer with status 200.

    Raises BadAnswer for anything that is not the documented envelope: a shorter
    result would be a silent gap.
    """
    try:
        envelope, rows = _read(endpoint, body)
    except msgspec.ValidationError as error:
        # A whole body of null was seen to pass when asked for again.
        passing = body.strip() == _NULL
        raise _bad(path, f"not as documented ({error})", passing) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _bad(path, f"not JSON ({error})", passing=True) from error
    if envelope.success is False or rows is None:
        raise _bad(path, "success is not true, or there is no data")
    rest = _rest(endpoint, path, envelope, len(rows))
    return Page(b"[" + b",".join(rows) + b"]", len(rows), rest)


def echoed(found: Page, request: Request) -> Page:
    """The page with what its request gave in each row, under "?".

    "#" names the row: its own bytes, what had to be given for it, and, for rows that
    are alike, which of them it is. So a row has one name whatever else narrowed it.
    """
    given = dict(request.given)
    needed = [given[p.name] for p in request.endpoint.required if p.name in given]
    told = {name.replace(".", "_"): value for name, value in given.items()}
    rows = []
    alike: Counter[bytes] = Counter()
    for row in map(bytes, _ARRAY.decode(found.rows)):
        alike[row] += 1
        number = msgspec.json.encode([needed, alike[row]])
        name = blake2b(number + row, digest_size=12).hexdigest()
        inputs = msgspec.json.encode({**told, "#": name})
        rest = row[1:]
        comma = b"" if rest == b"}" else b","
        rows.append(b'{"?":' + inputs + comma + rest)
    return Page(b"[" + b",".join(rows) + b"]", found.count, found.rest)


def _read(
    endpoint: Endpoint, body: bytes
) -> tuple[_Envelope, Sequence[bytes | msgspec.Raw] | None]:
    """The envelope and its rows, None if it has no data."""
    elsewhere = endpoint.one or endpoint.within or endpoint.shape is not Shape.ROWS
    if endpoint.page and endpoint.cursor and not elsewhere:
        # Most of all bytes come this way: they are gone through only once.
        listed = _LIST.decode(body)
        if listed.data is msgspec.UNSET:
            return listed, None
        return listed, _objects(listed.data or [])
    envelope = _ENVELOPE.decode(body)
    return envelope, _rows(endpoint, bytes(envelope.data)) if envelope.data else None


def _rows(endpoint: Endpoint, data: bytes) -> Sequence[bytes | msgspec.Raw]:
    """The objects in `data`, each as JSON."""
    if endpoint.within and data != _NULL:
        if data.startswith(b"["):  # permissionSets/{id}: one object in an array
            data = bytes(next(iter(_ARRAY.decode(data)), _NULL))
        data = bytes(_OBJECT.decode(data).get(endpoint.within, _NULL))
    if data in (_NULL, b"[]", b"{}"):
        return []
    if endpoint.shape is Shape.ROW or endpoint.one:
        # permissionSets/{id} puts its one object into an array.
        return _ARRAY.decode(data) if data.startswith(b"[") else [data]
    if endpoint.shape is Shape.PAIRS:
        return [_pair(name, value) for name, value in _OBJECT.decode(data).items()]
    if endpoint.shape is Shape.GROUPS:
        groups = map(_OBJECT.decode, _ARRAY.decode(data))
        return [row for group in groups for row in group.values()]
    if endpoint.shape is Shape.CONDITIONS:
        return _conditions(data)
    if endpoint.shape is Shape.HITS:
        return [_hit(row) for row in _ARRAY.decode(data)]
    return _objects(_ARRAY.decode(data))


def _objects(rows: Sequence[msgspec.Raw]) -> Sequence[bytes | msgspec.Raw]:
    """The rows; bare values each under `value`."""
    if rows and not bytes(rows[0]).startswith(b"{"):
        return [b'{"value":' + bytes(row) + b"}" for row in rows]
    return rows


def _pair(name: str, value: msgspec.Raw) -> bytes:
    return b'{"name":' + msgspec.json.encode(name) + b',"value":' + bytes(value) + b"}"


def _hit(row: msgspec.Raw) -> bytes:
    """The keys of `item` beside it; where items stand alone, the same."""
    hit = _OBJECT.decode(row)
    item = hit.get("item", row)
    return msgspec.json.encode(hit | _OBJECT.decode(item) | {"item": item})


class _Group(msgspec.Struct):
    glue: str | None = None
    conditions: list[dict[str, Any]] | None = None


class _Groups(msgspec.Struct):
    conditions: list[_Group] | None = None


def _conditions(data: bytes) -> list[bytes]:
    """The conditions of both groups, each with its group's glue and its place."""
    groups = msgspec.json.decode(data, type=_Groups).conditions or []
    return [
        msgspec.json.encode({**condition, "glue": group.glue, "position": place})
        for group in groups
        for place, condition in enumerate(group.conditions or [])
    ]


def _rest(
    endpoint: Endpoint, path: str, envelope: _Envelope, rows: int
) -> tuple[str, str] | None:
    """The parameter that asks for the next page."""
    if not endpoint.page or endpoint.one:
        return None
    additional = envelope.additional_data
    if not isinstance(additional, _Additional):
        additional = _Additional()
    if endpoint.cursor:
        cursor = additional.next_cursor
        return ("cursor", cursor) if cursor else None
    offset = additional.pagination or additional
    if offset.more_items_in_collection is None and rows:
        raise _bad(path, "it does not say whether there are more rows")
    if not offset.more_items_in_collection:
        return None
    if offset.next_start is None:
        raise _bad(path, "more rows are announced, but not where they start")
    return ("start", str(offset.next_start))


def _bad(path: str, why: str, passing: bool = False) -> BadAnswer:
    return BadAnswer(
        f"Pipedrive's answer to GET {path} cannot be read: {why}. Rows could be "
        "missing, so nothing is shown. Try again; if it stays, report it.",
        status=200,
        path=path,
        passing=passing,
    )
