"""Finding few among 50,000: persons and deals by what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from .served import Served
from .tokens import Paid, connected, paid

ROWS = 50_000  # deals, and as many persons
_RARE = ROWS // 100  # deals of the campaign
_PERSON, _DEAL = 31_415, 27_200
_LETTERS = tuple(f"Letter {number}" for number in range(1, 13))
_LETTER = _LETTERS[2]  # the campaign of the rare deals


@dataclass(frozen=True, slots=True)
class Lookup:
    """A look-up that may cost so many tokens, and what it costs on a connection that
    knows nothing. `rows` is how many it found.
    """

    what: str
    sql: str
    most: int
    rows: int
    paid: Paid


def lookups(sandbox: Served) -> Iterator[Lookup]:
    """One for each kind; gives some deals a campaign and a number of an order.

    Raises ValueError where one finds nothing, or leaves a filter behind.
    """
    with (
        TemporaryDirectory() as folder,
        httpx.Client(
            base_url=sandbox.url, headers={"x-api-token": sandbox.token}, timeout=60
        ) as http,
    ):
        _campaign(http)
        person = _data(http.get(f"/api/v2/persons/{_PERSON}"))
        deal = _data(http.get(f"/api/v2/deals/{_DEAL}"))
        connected(sandbox, Path(folder)).close()  # the account's fields
        filters = _filters(http)
        for what, sql, most in (
            _by("a person by e-mail", "persons", "email", person["emails"][0], 50),
            _by("a person by phone", "persons", "phone", person["phones"][0], 50),
            _by("a deal by title", "deals", "title", deal["title"], 50),
            _by("a deal by a custom text", "deals", "order_number", f"O-{_DEAL}", 50),
            _by(
                "1 % of the deals by a choice",
                "deals",
                "campaign",
                _LETTER,
                80,
            ),
        ):
            cost, answer = paid(sql, sandbox, Path(folder))
            if not answer:
                raise ValueError(f"Nothing is found: {sql}")
            if _filters(http) != filters:
                raise ValueError(f"A filter was left behind: {sql}")
            yield Lookup(what, sql, most, len(answer), cost)


def _by(
    what: str, table: str, column: str, value: Any, most: int
) -> tuple[str, str, int]:
    text = str(value["value"] if isinstance(value, dict) else value).replace("'", "''")
    return what, f"select * from {table} where {column} = '{text}'", most


def _campaign(http: httpx.Client) -> None:
    """Two fields that the sample company lacks: a choice, and a text of one deal."""
    campaign = _field(
        http,
        field_name="Campaign",
        field_type="enum",
        options=[{"label": letter} for letter in _LETTERS],
    )
    order = _field(http, field_name="Order number", field_type="varchar")
    letter = campaign["options"][_LETTERS.index(_LETTER)]["id"]
    for number in range(ROWS // _RARE, ROWS + 1, ROWS // _RARE):
        values = {campaign["field_code"]: letter, order["field_code"]: f"O-{number}"}
        body = {"custom_fields": values}
        # Some of the numbers are those of deals that are archived or deleted.
        http.patch(f"/api/v2/deals/{number}", json=body)


def _field(http: httpx.Client, **body: Any) -> Any:
    return _data(http.post("/api/v2/dealFields", json=body))


def _filters(http: httpx.Client) -> list[int]:
    """The ids of the account's saved filters."""
    return [row["id"] for row in _data(http.get("/v1/filters"))]


def _data(response: httpx.Response) -> Any:
    return response.raise_for_status().json()["data"]
