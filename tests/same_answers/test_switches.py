"""Whatever a connection may do, the same statement gives the same rows.

Every combination of switches has connections of its own: with the statement's text read
or not, with searches, temporary filters and summaries or without, with rows and counts
kept or not.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import apsw
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from pipedrive_sql import Connection
from pipedrive_sql.client.temporary import MARK
from pipedrive_sql.sandbox import Company, Sandbox

from ..front_door import connected
from .conftest import DEALS
from .counting import of_counting
from .narrowing import of_conditions, of_narrowed, of_texts
from .statements import (
    Statement,
    of_filters,
    of_groups,
    of_joins,
    of_one_table,
    of_parts,
)
from .test_queries import EXAMPLES, compare, live_rows, numbered, plain_rows
from .writer import Table

SWITCHES: Mapping[str, tuple[Any, ...]] = {
    "analysis": (True, False),
    "search": ("prove", "off"),
    "temporary_filters": (True, False),
    "summaries": ("count", "sum", "off"),
    "cache_ttl": (0.0, 3600.0),
}
# Each also with row counts that are known before and without; so 96 in all.
EVERY = [(how, known) for how in product(*SWITCHES.values()) for known in (True, False)]
# Hypothesis repeats itself with little changes once it has made ten of a run.
STATEMENTS = max(min(EXAMPLES // 40, 10), 2)
RUNS = 15  # with each road by itself: another 600 statements
ROUNDS = max(EXAMPLES // 400, 1)  # of 1,800 statements
FIRST = int(os.environ.get("PIPEDRIVE_SQL_ROUND", "0"))  # another one, other statements
written = settings(
    max_examples=STATEMENTS,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
KINDS = (
    *(of_narrowed,) * 8,
    *(of_counting,) * 5,
    *(of_filters, of_one_table, of_joins, of_groups, of_parts),
)
PAGES = (7, 2)  # rows a page: with few, a list costs more than any other road
COUNTED = (
    *("deals", "deals_archived", "persons", "organizations", "products", "activities"),
    *("leads", "projects", "stages", "pipelines", "users"),
)
ROADS = {
    "a search for a value": ("GET", "/itemSearch/field"),
    "a search for rows": ("GET", "s/search"),
    "a temporary filter": ("POST", "/v1/filters"),
    "the summary": ("GET", "/v1/deals/summary"),
}


class Account:
    """A company behind two doors; `taken` tells how many statements took a road."""

    def __init__(self, company: Company, folder: Path) -> None:
        self.company = company
        self.taken: Counter[str] = Counter()
        self._folder = folder
        self._doors = {rows: Sandbox(company=company, page_cap=rows) for rows in PAGES}
        for rows, door in self._doors.items():
            with connected(door, cache_dir=folder / str(rows)) as connection:
                for table in COUNTED:
                    connection.execute(f"select id from {table}").fetchall()

    @contextmanager
    def opened(self, rows: int, known: bool, how: Any) -> Iterator[Connection]:
        """A new connection, which leaves nothing behind and has nothing to tell."""
        with TemporaryDirectory() as folder:
            if known:
                shutil.copytree(self._folder / str(rows), folder, dirs_exist_ok=True)
            kept = folder if known else None
            door = self._doors[rows]
            with connected(door, cache_dir=kept, max_tokens=None, **how) as connection:
                yield connection
                assert connection.messages == []
        assert self._left() == []

    def note(self) -> None:
        """Look at the roads that a statement took."""
        for road, (method, path) in ROADS.items():
            self.taken[road] += any(
                heard.method == method and heard.path.endswith(path)
                for door in self._doors.values()
                for heard in door.heard
            )
        for door in self._doors.values():
            door.reset()

    def close(self) -> None:
        for door in self._doors.values():
            door.close()

    def _left(self) -> list[str]:
        """The temporary filters that are in the account."""
        rows = [row for row in self.company.rows("filters") if row["active_flag"]]
        return [row["name"] for row in rows if row["name"].startswith(MARK)]


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    """An account of the same company that the plain copy is of."""
    found = Account(Company.sample(seed=7, deals=DEALS), tmp_path)
    yield found
    found.close()


@st.composite
def mixed(draw: st.DrawFn, tables: Mapping[str, Table]) -> Statement:
    return draw(draw(st.sampled_from(KINDS))(tables))


@pytest.mark.parametrize("number", range(FIRST, FIRST + ROUNDS))
def test_switches_never_change_an_answer(
    number: int,
    account: Account,
    plain: apsw.Connection,
    tables: Mapping[str, Table],
) -> None:
    for place, (chosen, known) in enumerate(EVERY):
        how = dict(zip(SWITCHES, chosen, strict=True))
        rows = Random(place + number).choice(PAGES)
        with account.opened(rows, known, how) as connection:
            before: list[Statement] = []
            try:
                for run in range(runs(how)):
                    holds = asking(account, connection, plain, mixed(tables), before)
                    seed((number * len(EVERY) + place) * 10 + run)(holds)()
            except AssertionError as error:
                error.add_note(f"{how}, counts known: {known}, {rows} rows a page")
                raise


BY_ITSELF: Mapping[str, tuple[Any, tuple[str, ...], Mapping[str, Any]]] = {
    "filters": (
        of_conditions,
        ("a temporary filter",),
        {"temporary_filters": True, "search": "off", "cache_ttl": 0.0},
    ),
    "filters kept": (
        of_conditions,
        ("a temporary filter",),
        {"temporary_filters": True, "search": "off", "cache_ttl": 3600.0},
    ),
    "searches": (
        of_texts,
        ("a search for a value", "a search for rows"),
        {"cache_ttl": 0.0},
    ),
    "summaries": (
        of_counting,
        ("the summary",),
        {"summaries": "sum", "cache_ttl": 0.0},
    ),
}


@pytest.mark.parametrize("way", BY_ITSELF)
@pytest.mark.parametrize("number", range(FIRST, FIRST + ROUNDS))
def test_each_road_by_itself(
    number: int,
    way: str,
    account: Account,
    plain: apsw.Connection,
    tables: Mapping[str, Table],
) -> None:
    """Where each is known to cost less than the list."""
    some, roads, how = BY_ITSELF[way]
    for run in range(RUNS):
        with account.opened(min(PAGES), True, how) as connection:
            holds = asking(account, connection, plain, some(tables), [])
            seed(number * RUNS + run)(holds)()
    few = {road for road in roads if account.taken[road] < RUNS * STATEMENTS // 5}
    assert not few, dict(account.taken)


def runs(how: Mapping[str, Any]) -> int:
    """More where most is asked of Pipedrive: in a round 1,200 statements."""
    return 2 if how["temporary_filters"] and not how["cache_ttl"] else 1


def asking(
    account: Account,
    connection: Connection,
    plain: apsw.Connection,
    some: st.SearchStrategy[Statement],
    before: list[Statement],
) -> Callable[[], None]:
    """Statements one after the other on a connection, to be put behind those before."""

    @given(statement=some)
    @written
    def holds(statement: Statement) -> None:
        try:
            ask(connection, statement, plain)
        except AssertionError as error:
            error.add_note("\n".join(["after:", *map(str, before)]))
            raise
        before.append(statement)
        account.note()

    return holds


def ask(connection: Connection, statement: Statement, plain: apsw.Connection) -> None:
    sql, values = numbered(statement)
    expected = plain_rows(plain, statement)
    compare(statement, live_rows(connection, sql, values), expected)
