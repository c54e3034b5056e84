"""One answer of Pipedrive -> a Page: its rows as JSON, and how to ask for the rest.

Both dialects end here: cursors (v2), start and limit (v1), lists that come whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from ..catalog.table import Endpoint
from ..errors import BadAnswer


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


class _Many(_Envelope):
    # A key that is not there differs from null: null is an empty list on v1.
    data: list[msgspec.Raw] | msgspec.UnsetType | None = msgspec.UNSET


class _One(_Envelope):
    data: msgspec.Raw = msgspec.Raw(b"")


_MANY = msgspec.json.Decoder(_Many)
_ONE = msgspec.json.Decoder(_One)


def page(endpoint: Endpoint, path: str, body: bytes) -> Page:
    """Read an answer with status 200.

    Raises BadAnswer for anything that is not the documented envelope: a shorter
    result would be a silent gap.
    """
    try:
        if endpoint.one:
            return _single(path, _ONE.decode(body))
        return _several(endpoint, path, _MANY.decode(body))
    except msgspec.DecodeError as error:
        raise _bad(path, f"not the JSON that is documented ({error})") from error


def _single(path: str, envelope: _One) -> Page:
    if envelope.success is False or not envelope.data:
        raise _bad(path, "success is not true")
    row = bytes(envelope.data)
    return Page(b"[" + row + b"]", 1) if row != b"null" else NO_ROWS


def _several(endpoint: Endpoint, path: str, envelope: _Many) -> Page:
    if envelope.success is False or envelope.data is msgspec.UNSET:
        raise _bad(path, "success is not true, or there is no data")
    rows = envelope.data or []
    body = b"[" + b",".join(rows) + b"]"
    additional = envelope.additional_data
    if not isinstance(additional, _Additional):
        additional = _Additional()
    if not endpoint.page:
        return Page(body, len(rows))
    if endpoint.version == 2:
        cursor = additional.next_cursor
        return Page(body, len(rows), ("cursor", cursor) if cursor else None)
    offset = additional.pagination or additional
    if offset.more_items_in_collection is None and rows:
        raise _bad(path, "it does not say whether there are more rows")
    if not offset.more_items_in_collection:
        return Page(body, len(rows))
    if offset.next_start is None:
        raise _bad(path, "more rows are announced, but not where they start")
    return Page(body, len(rows), ("start", str(offset.next_start)))


def _bad(path: str, why: str) -> BadAnswer:
    return BadAnswer(
        f"Pipedrive's answer to GET {path} cannot be read: {why}. Rows could be "
        "missing, so nothing is shown. Try again; if it stays, report it.",
        status=200,
        path=path,
    )
