"""Statements over two accounts give the same rows as over two plain databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipedrive_sql import Connection
from pipedrive_sql.sandbox import Company, Sandbox

from ..front_door import connected
from .conftest import ROWS_A_PAGE, described
from .plain import COPIED, copy_to, plain_copy
from .schema import QUESTION, Column, columns_of
from .statements import Statement
from .test_queries import (
    EXAMPLES,
    KINDS,
    compare,
    every_kind,
    live_rows,
    numbered,
    plain_rows,
    written,
)
from .writer import Table

OTHER = "acme"
Columns = Mapping[str, list[Column]]


@pytest.fixture(scope="module")
def other_company() -> Company:
    """One with other custom fields, and ids that both have."""
    return Company.sample(seed=3, deals=30)


@pytest.fixture(scope="module")
def other_sandbox(other_company: Company) -> Iterator[Sandbox]:
    with Sandbox(company=other_company, page_cap=ROWS_A_PAGE) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def asking(sandbox: Sandbox, other_sandbox: Sandbox) -> Iterator[Connection]:
    with connected(sandbox, cache_ttl=0.0) as connection:
        _attach(connection, other_sandbox)
        yield connection


@pytest.fixture(scope="module")
def keeping(sandbox: Sandbox, other_sandbox: Sandbox) -> Iterator[Connection]:
    """It may do all it can, and answers from what it has."""
    with connected(sandbox, cache_ttl=3600.0, temporary_filters=True) as connection:
        _attach(connection, other_sandbox)
        yield connection


def _attach(connection: Connection, other: Sandbox) -> None:
    connection.attach_account(schema=OTHER, api_url=other.url, api_token=other.token)


@pytest.fixture(scope="module")
def other_columns(asking: Connection) -> Columns:
    found = columns_of(asking.execute(f"{QUESTION} and schema = '{OTHER}'"))
    return {name: found[name] for name in COPIED}


@pytest.fixture(scope="module")
def both(
    company: Company, columns: Columns, other_company: Company, other_columns: Columns
) -> apsw.Connection:
    """A plain copy of both."""
    plain = plain_copy(company, columns)
    plain.execute(f"attach ':memory:' as {OTHER}")
    copy_to(plain, OTHER, other_company, other_columns)
    return plain


@pytest.fixture(scope="module")
def every_table(
    tables: Mapping[str, Table], other_company: Company, other_columns: Columns
) -> Mapping[str, Table]:
    """The tables of both, half of their references across."""
    copy = plain_copy(other_company, other_columns)
    found = {
        name: _referring(table, to=OTHER, turn=0) for name, table in tables.items()
    }
    for name, columns in other_columns.items():
        table = described(other_company, copy, name, columns)
        named = replace(table, name=f"{OTHER}.{name}")
        found[named.name] = _referring(named, to=OTHER, turn=1)
    return found


def _referring(table: Table, to: str, turn: int) -> Table:
    """Every other reference of the table leads into the schema `to`."""
    columns = []
    for column in table.columns:
        if column.references:
            turn += 1
            before = f"{to}." if turn % 2 else ""
            column = replace(column, references=f"{before}{column.references}")
        columns.append(column)
    return replace(table, columns=tuple(columns))


@every_kind
@given(data=st.data())
@settings(written, max_examples=max(EXAMPLES // 25, 1))
def test_asking_anew(
    kind: str,
    data: st.DataObject,
    asking: Connection,
    both: apsw.Connection,
    every_table: Mapping[str, Table],
) -> None:
    statement = data.draw(KINDS[kind](every_table))
    live = live_rows(asking, statement.sql, dict(statement.values))
    compare(statement, live, plain_rows(both, statement))


@every_kind
@given(data=st.data())
@settings(written, max_examples=max(EXAMPLES // 50, 1))
def test_answering_from_what_was_brought(
    kind: str,
    data: st.DataObject,
    keeping: Connection,
    both: apsw.Connection,
    every_table: Mapping[str, Table],
) -> None:
    statement = data.draw(KINDS[kind](every_table))
    sql, values = numbered(statement)
    compare(statement, live_rows(keeping, sql, values), plain_rows(both, statement))


KNOWN = (
    "select deals.id, x.id from deals join acme.deals x using (id) order by 1",
    "select acme.deals.id, title from acme.deals where acme.deals.id > 3 order by 1",
    "select count(*) from deals union all select count(*) from acme.deals order by 1",
    "select status, count(*) from acme.deals group by status order by 1",
    "select id, (select count(*) from acme.deals a where a.status = d.status)"
    " from deals d order by id",
    "with deals as (select * from acme.deals) select count(*), max(title) from deals",
    "with acme as (select 1 id) select d.id from acme a join acme.deals d using (id)",
    "select d.* from acme.deals d join deals e on e.id = d.id where e.status = 'won'"
    " order by d.id",
    "select max(update_time) from acme.deals",
    "select p.name, q.name from persons p left join acme.persons q on q.id = p.id"
    " where p.id in (1, 2, 3, 4) order by p.id",
    "select count(*) from acme.deals natural join (select id from deals)",
    "select count(*) from deals d where exists (select 1 from acme.deals a where a.id ="
    " d.id and a.stage_id <> d.stage_id)",
    "select sum(value) from (select value from deals where status = 'won' union all"
    " select value from acme.deals where status = 'won')",
    "select count(*) from acme.deals where (status = 'won' or status = 'lost')",
    "select id from acme.deals except select id from deals order by 1",
    'select "acme"."deals"."id" from "acme"."deals" order by 1 limit 3',
    "select ACME.Deals.id from Acme.DEALS order by 1 desc limit 3",
)


@pytest.mark.parametrize("sql", KNOWN)
def test_statements_that_mix_them(
    sql: str, asking: Connection, keeping: Connection, both: apsw.Connection
) -> None:
    statement = Statement(sql, {}, total=" order by " in sql)
    expected = plain_rows(both, statement)
    compare(statement, live_rows(asking, sql, ()), expected)
    compare(statement, live_rows(keeping, sql, ()), expected)
