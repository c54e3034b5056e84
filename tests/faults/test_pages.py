"""Every table whose list has pages, of both dialects, through faults of paging.

A page that is left out cannot be seen where cursors tell the pages, nor where the list
is said to end before it: "skip-page" is for the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from pipedrive_sql.errors import BadAnswer, Error
from pipedrive_sql.sandbox import Company, Sandbox
from pipedrive_sql.sandbox.heard import Heard

from .companies import paged
from .matrix import (
    NAMELESS,
    ROWS,
    SERVED,
    Rows,
    Statements,
    leaving_nothing,
    narrow,
    opened,
    read,
    under,
)

# Rows a page, the most first: each table is read with those that give it pages enough.
# Of a single row only where cursors tell the pages: places overlap by one.
SIZES = (16, 4, 2, 1)
# A user has one role, though the list of them has pages.
SHORT = {"GET /v1/users/{id}/roleAssignments"}

# What comes of each fault for every table.
FAULTS: dict[str, str | type[Error]] = {
    "same-cursor": BadAnswer,
    "duplicate-row": ROWS,
    "overlap": ROWS,
    "skip-page": BadAnswer,
}

pytestmark = pytest.mark.unofficial


@pytest.fixture(scope="module", autouse=True)
def nothing_left() -> Iterator[None]:
    with leaving_nothing():
        yield


class Reader:
    """Reads tables in pages of one size."""

    def __init__(self, company: Company, size: int, folder: Path) -> None:
        self.size = size
        self.sandbox = Sandbox(company=company, page_cap=size)
        self.connection = opened(self.sandbox, folder)
        self.statements: dict[str, str] = {}
        self.right: dict[str, Rows] = {}
        self.lists: set[str] = set()  # the endpoints that gave them several pages
        self.thrice: set[str] = set()  # the tables with three, told by their place

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self.sandbox.close()

    def take(self, name: str, sql: str) -> bool:
        """Whether the table has pages enough of this size; then it is known."""
        told = by_cursor(name)
        if self.size == 1 and not told:
            return False
        self.sandbox.reset()
        rows = read(self.connection, sql)
        lengths = longest(self.sandbox.heard, lists(name))
        most = max(lengths.values(), default=0)
        if most <= self.size * (1 if told or self.size == 2 else 2):
            return False
        self.statements[name], self.right[name] = sql, rows
        self.lists |= {end for end, count in lengths.items() if count > self.size}
        if most > self.size * 2 and not told:
            self.thrice.add(name)
        return True

    def under(self, rule: str) -> dict[str, Any]:
        """What comes of each of its tables; of those that show it, if it is a skip."""
        skips = rule == "skip-page"
        tables = self.thrice if skips else set(self.statements)
        some = {n: sql for n, sql in self.statements.items() if n in tables}
        return under(rule, self.sandbox, self.connection, some, self.right)


def lists(name: str) -> set[str]:
    """The endpoints of the table that have pages, as the sandbox names them."""
    return {
        f"GET {'/v1' if end.version == 1 else '/api/v2'}{end.path}"
        for end in SERVED[name].endpoints
        if end.page and not end.one
    }


def by_cursor(name: str) -> bool:
    """Whether cursors tell the table's pages, and not places."""
    return any(end.cursor for end in SERVED[name].endpoints if end.page)


def longest(heard: Sequence[Heard], ends: set[str]) -> dict[str, int]:
    """The most rows of one list, by these endpoints."""
    rows: Counter[tuple[str, str, str]] = Counter()
    for one in heard:
        given = dict(parse_qsl(one.query))
        start = int(given.pop("start", 0))
        given.pop("cursor", None)
        here = one.endpoint, one.path, str(given)
        rows[here] = start + one.rows if start else rows[here] + one.rows
    most: dict[str, int] = {}
    for (end, _, _), count in rows.items():
        if end in ends:
            most[end] = max(count, most.get(end, 0))
    return most


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Reader]]:
    """Each table whose list has pages, with the one that reads it best."""
    folder, company = tmp_path_factory.mktemp("pages"), paged()
    with ExitStack() as stack:
        found = [stack.enter_context(Reader(company, n, folder)) for n in SIZES]
        statements: Statements = narrow(found[0].connection)
        for name, sql in statements.items():
            if lists(name):
                any(reader.take(name, sql) for reader in found)
        yield found


def test_every_list_that_has_pages_is_here(readers: list[Reader]) -> None:
    every = set().union(*(lists(name) for name in SERVED))
    assert every - set().union(*(reader.lists for reader in readers)) == SHORT
    assert len(set().union(*(reader.thrice for reader in readers))) > 15


@pytest.mark.parametrize("rule", FAULTS)
def test_every_table_under(readers: list[Reader], rule: str) -> None:
    found = {n: what for reader in readers for n, what in reader.under(rule).items()}
    wrong = {n: what for n, what in found.items() if what != FAULTS[rule]}
    if FAULTS[rule] == ROWS:
        # Rows that are alike may be two rows there.
        wrong = {
            n: what
            for n, what in wrong.items()
            if n not in NAMELESS or not str(what).startswith("0 rows lost")
        }
    assert wrong == {}
