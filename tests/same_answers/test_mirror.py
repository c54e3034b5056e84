"""The same statements through a file: its rows are those of the plain copy, too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipedrive_sql import Connection
from pipedrive_sql.file.wishes import Wishes
from pipedrive_sql.sandbox import Sandbox

from ..front_door import connected
from .schema import Column
from .statements import Statement
from .test_queries import (
    EXAMPLES,
    KINDS,
    KNOWN,
    compare,
    every_kind,
    live_rows,
    numbered,
    plain_rows,
    written,
)
from .test_tables import every_table, sorted_rows
from .writer import Table


@pytest.fixture(scope="module")
def file(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of all tables that can be in one."""
    path = tmp_path_factory.mktemp("mirror") / "crm.db"
    with (
        connected(sandbox, max_tokens=None) as connection,
        connection.sync(path, Wishes(tables=("all",))) as sync,
    ):
        report = sync.run()
    assert not report.failed
    return path


@pytest.fixture(scope="module")
def mirrored(sandbox: Sandbox, file: Path) -> Iterator[Connection]:
    with connected(sandbox, mirror=file, max_age="1h") as connection:
        yield connection


@pytest.fixture(scope="module")
def asking(sandbox: Sandbox, file: Path) -> Iterator[Connection]:
    """It asks for what changed before each statement."""
    with connected(sandbox, mirror=file, max_age="0s") as connection:
        yield connection


@every_kind
@given(data=st.data())
@settings(written, max_examples=max(10, EXAMPLES // 10))
def test_answering_from_a_file(
    kind: str,
    data: st.DataObject,
    mirrored: Connection,
    plain: apsw.Connection,
    tables: Mapping[str, Table],
) -> None:
    statement = data.draw(KINDS[kind](tables))
    sql, values = numbered(statement)
    found = live_rows(mirrored, sql, values)
    compare(statement, found, plain_rows(plain, statement))


@pytest.mark.parametrize("sql", KNOWN, ids=range(1, len(KNOWN) + 1))
def test_statements_that_are_easily_answered_wrong(
    sql: str, asking: Connection, plain: apsw.Connection
) -> None:
    ordered = re.search(r"\border\s+by\b[^)]*$", sql) is not None
    statement = Statement(sql, {}, total=ordered)
    compare(statement, live_rows(asking, sql, ()), plain_rows(plain, statement))


@every_table
def test_the_whole_table(
    name: str,
    mirrored: Connection,
    plain: apsw.Connection,
    columns: Mapping[str, list[Column]],
) -> None:
    names = ", ".join(column.quoted for column in columns[name])
    types = ", ".join(f"typeof({column.quoted})" for column in columns[name])
    for query in (f"select {names} from {name}", f"select {types} from {name}"):
        found = mirrored.execute(query).fetchall()
        assert sorted_rows(found) == sorted_rows(plain.execute(query).fetchall())
