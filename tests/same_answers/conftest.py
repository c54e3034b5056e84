"""One company twice: behind the API, in small pages, and in plain SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import apsw
import pytest

from pipedrive_sql import Connection
from pipedrive_sql.sandbox import Company, Sandbox

from ..front_door import connected
from .plain import ARRAYS, COPIED, plain_copy
from .schema import QUESTION, Column, columns_of
from .writer import Table

DEALS = 45
ROWS_A_PAGE = 7
SHOWN = 40  # values of each column that queries are written with
LONGEST = 60  # characters of such a value


@pytest.fixture(scope="session")
def company() -> Company:
    return Company.sample(seed=7, deals=DEALS)


@pytest.fixture(scope="session")
def sandbox(company: Company) -> Iterator[Sandbox]:
    with Sandbox(company=company, page_cap=ROWS_A_PAGE) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def forgetful(sandbox: Sandbox) -> Iterator[Connection]:
    """A live connection that asks Pipedrive for every statement anew."""
    with connected(sandbox, cache_ttl=0.0) as connection:
        yield connection


@pytest.fixture(scope="session")
def remembering(sandbox: Sandbox) -> Iterator[Connection]:
    """A live connection that answers from what it has, for as long as the tests run."""
    with connected(sandbox, cache_ttl=3600.0) as connection:
        yield connection


@pytest.fixture(scope="session")
def columns(remembering: Connection) -> Mapping[str, list[Column]]:
    """The columns of the tables that are copied, by table."""
    found = columns_of(remembering.execute(QUESTION))
    return {name: found[name] for name in COPIED}


@pytest.fixture(scope="session")
def plain(company: Company, columns: Mapping[str, list[Column]]) -> apsw.Connection:
    return plain_copy(company, columns)


@pytest.fixture(scope="session")
def tables(
    company: Company, columns: Mapping[str, list[Column]], plain: apsw.Connection
) -> Mapping[str, Table]:
    """The tables with values to write queries with."""
    return {name: described(company, plain, name, columns[name]) for name in columns}


def described(
    company: Company, plain: apsw.Connection, name: str, columns: list[Column]
) -> Table:
    rows = plain.execute(f"select * from {name}").fetchall()
    values: dict[str, list[Any]] = {}
    for place, column in enumerate(columns):
        found = dict.fromkeys(row[place] for row in rows)
        values[column.name] = [v for v in found if len(str(v)) <= LONGEST][:SHOWN]
    names = [column.name for column in columns]
    # Rows without a key of their own are told apart by all that they hold.
    unique = tuple(names)
    for key in ("id", "field_code"):
        if key in names and len({row[names.index(key)] for row in rows}) == len(rows):
            unique = (key,)
    if name in ARRAYS:
        unique = (names[0], "position")
    if name in company.collections and "id" in values:
        # Ids that exist, but in the archive or among the deleted rows.
        for shelf in ("archived", "deleted"):
            values["id"] += [row["id"] for row in company.rows(f"{name}_{shelf}")]
    return Table(name, tuple(columns), values, unique, len(rows))
