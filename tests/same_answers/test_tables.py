"""Every column of every table holds what the company holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import apsw
import pytest

from pipedrive_sql import Connection

from .plain import COPIED
from .schema import Column

every_table = pytest.mark.parametrize("name", COPIED)


def sorted_rows(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=repr)


@every_table
def test_the_whole_table(
    name: str,
    forgetful: Connection,
    plain: apsw.Connection,
    columns: Mapping[str, list[Column]],
) -> None:
    live = sorted_rows(forgetful.execute(f"select * from {name}").fetchall())
    copy = sorted_rows(plain.execute(f"select * from {name}").fetchall())
    assert len(live) == len(copy)
    for place, column in enumerate(columns[name]):
        assert [row[place] for row in live] == [row[place] for row in copy], column


@every_table
def test_types_are_the_same(
    name: str,
    forgetful: Connection,
    plain: apsw.Connection,
    columns: Mapping[str, list[Column]],
) -> None:
    """1 and 1.0 are equal to Python, not to somebody who reads them."""
    names = ", ".join(f"typeof({column.quoted})" for column in columns[name])
    query = f"select {names} from {name}"
    live, copy = forgetful.execute(query).fetchall(), plain.execute(query).fetchall()
    assert sorted_rows(live) == sorted_rows(copy)


@every_table
def test_columns_one_after_the_other(
    name: str,
    remembering: Connection,
    plain: apsw.Connection,
    columns: Mapping[str, list[Column]],
) -> None:
    """Rows that were brought without a column are brought again with it."""
    remembering.refresh()
    for column in columns[name]:
        query = f"select {column.quoted} from {name}"
        live = remembering.execute(query).fetchall()
        assert sorted_rows(live) == sorted_rows(plain.execute(query).fetchall()), query


@every_table
def test_counting_needs_no_column(
    name: str, forgetful: Connection, plain: apsw.Connection
) -> None:
    query = f"select count(*) from {name}"
    assert forgetful.execute(query).fetchall() == plain.execute(query).fetchall()


@every_table
def test_declared_types_reach_sql(
    name: str, forgetful: Connection, columns: Mapping[str, list[Column]]
) -> None:
    found = forgetful.execute(f"select name, type from pragma_table_info('{name}')")
    assert found.fetchall() == [(column.name, column.type) for column in columns[name]]
