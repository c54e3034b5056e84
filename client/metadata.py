"""The account's own fields, read from Pipedrive."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import msgspec

from ..catalog.fields import Field, field_from_v2
from ..catalog.table import Endpoint
from .transport import Client
from .usage import Meter

# GET /dealFields and its like: 10 tokens a page of 500 (spec v2).
_ENDPOINTS: Mapping[str, Endpoint] = {
    entity: Endpoint(f"/{entity}Fields", price=10)
    for entity in ("deal", "person", "organization", "product")
}


def fields(client: Client, meter: Meter) -> dict[str, list[Field]]:
    """The fields of every entity that has custom ones, by entity.

    Raises RequestError's classes.
    """
    pool = ThreadPoolExecutor(len(_ENDPOINTS))
    try:
        found = pool.map(
            lambda endpoint: _fields(client, endpoint, meter), _ENDPOINTS.values()
        )
        return dict(zip(_ENDPOINTS, found, strict=True))
    finally:
        # Ctrl-C, or an error of one, does not wait for the answers to the others.
        pool.shutdown(wait=False, cancel_futures=True)


def _fields(client: Client, endpoint: Endpoint, meter: Meter) -> list[Field]:
    path = f"/api/v2{endpoint.path}"
    found: list[Field] = []
    rest: list[tuple[str, str]] = []
    while True:
        page = client.get(endpoint, path, [("limit", "500"), *rest], meter)
        found += map(field_from_v2, msgspec.json.decode(page.rows))
        if page.rest is None:
            return found
        rest = [page.rest]
