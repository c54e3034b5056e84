"""A sandbox as its clients see it: requests and JSON, or a connection and SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

import pipedrive_sql
from pipedrive_sql import Connection
from pipedrive_sql.sandbox import Sandbox

Row = dict[str, Any]
CURSOR_LISTS = {
    "deals": "/api/v2/deals",
    "deals_archived": "/api/v2/deals/archived",
    "persons": "/api/v2/persons",
    "organizations": "/api/v2/organizations",
    "activities": "/api/v2/activities",
    "products": "/api/v2/products",
    "pipelines": "/api/v2/pipelines",
    "stages": "/api/v2/stages",
}
START_LISTS = {
    "leads": "/v1/leads",
    "leads_archived": "/v1/leads/archived",
    "notes": "/v1/notes",
}


class Door:
    """`door("GET", "/api/v2/deals", status="won")` is the answer's JSON."""

    def __init__(self, sandbox: Sandbox, http: httpx.Client) -> None:
        self.sandbox = sandbox
        self.http = http

    def send(self, method: str, path: str, body: Any = None, /, **query: Any) -> Any:
        """The response, whatever its status."""
        return self.http.request(method, path, params=query, json=body)

    def __call__(
        self, method: str, path: str, body: Any = None, /, **query: Any
    ) -> Any:
        response = self.send(method, path, body, **query)
        assert response.status_code < 300, response.text
        return response.json()

    def refused(
        self, status: int, method: str, path: str, body: Any = None, /, **query: Any
    ) -> str:
        """The `error` of an answer that must have this status."""
        response = self.send(method, path, body, **query)
        assert response.status_code == status, response.text
        return str(response.json()["error"])

    def rows(self, path: str, **query: Any) -> list[Row]:
        """All rows of a list, page after page."""
        found: list[Row] = []
        while True:
            answer = self("GET", path, **query)
            found += answer["data"] or []
            more = answer.get("additional_data") or {}
            if more.get("next_cursor"):
                query["cursor"] = more["next_cursor"]
            elif "next_start" in more.get("pagination", {}):
                query["start"] = more["pagination"]["next_start"]
            else:
                return found

    def add(self, path: str, **body: Any) -> Row:
        """The row that a POST made."""
        row: Row = self("POST", path, body)["data"]
        return row


@contextmanager
def opened(**how: Any) -> Iterator[Door]:
    """A sandbox of these properties, and a client at its door."""
    with Sandbox(**how) as sandbox:
        headers = {"x-api-token": sandbox.token}
        with httpx.Client(base_url=sandbox.url, headers=headers, timeout=30) as http:
            yield Door(sandbox, http)


def connected(sandbox: Sandbox, **how: Any) -> Connection:
    """A connection to the sandbox; `how` as of connect()."""
    return pipedrive_sql.connect(api_url=sandbox.url, api_token=sandbox.token, **how)


def asked(sandbox: Sandbox) -> list[str]:
    """The requests since the sandbox's reset, as in "GET /api/v2/deals?limit=500"."""
    return [str(heard) for heard in sandbox.heard]


def of(door: Door, name: str) -> list[Row]:
    """The company's own rows of a list."""
    return door.sandbox.company.rows(name)


def ids(rows: list[Row]) -> list[Any]:
    """Their ids, in order."""
    return [row["id"] for row in rows]
