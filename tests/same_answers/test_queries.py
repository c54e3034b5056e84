"""The same statement gives the same rows on live tables and on a plain copy."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pipedrive_sql
from pipedrive_sql import Connection

from .statements import (
    Statement,
    of_filters,
    of_groups,
    of_joins,
    of_one_table,
    of_parts,
)
from .writer import Table

# Statements a kind that are asked anew; about three quarters as many come on top, from
# what was brought. There are five kinds, so 400 make about 3,500 statements; another
# 2,000 are asked under all combinations of switches.
EXAMPLES = int(os.environ.get("PIPEDRIVE_SQL_EXAMPLES", "400"))
SESSIONS = EXAMPLES // 5
written = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
KINDS = {
    "filters": of_filters,
    "one table": of_one_table,
    "joins": of_joins,
    "groups": of_groups,
    "parts": of_parts,
}
every_kind = pytest.mark.parametrize("kind", KINDS)

Rows = list[tuple[Any, ...]]


@every_kind
@given(data=st.data())
@written
def test_asking_anew(
    kind: str,
    data: st.DataObject,
    forgetful: Connection,
    plain: apsw.Connection,
    tables: Mapping[str, Table],
) -> None:
    statement = data.draw(KINDS[kind](tables))
    live = live_rows(forgetful, statement.sql, dict(statement.values))
    compare(statement, live, plain_rows(plain, statement))


@every_kind
@given(data=st.data())
@settings(written, max_examples=SESSIONS)
def test_answering_from_what_was_brought(
    kind: str,
    data: st.DataObject,
    remembering: Connection,
    plain: apsw.Connection,
    tables: Mapping[str, Table],
) -> None:
    """Statements after each other: each leaves rows behind for the next ones."""
    refreshed = data.draw(st.sampled_from([False] * 5 + [True]), label="refreshed")
    count = data.draw(st.sampled_from([1, 2, 4, 8]), label="statements")
    statements = [data.draw(KINDS[kind](tables)) for _ in range(count)]
    if refreshed:
        remembering.refresh()
    for statement in statements:
        sql, values = numbered(statement)
        expected = plain_rows(plain, statement)
        compare(statement, live_rows(remembering, sql, values), expected)


KNOWN = [
    statement.strip().removesuffix(";")
    for statement in (Path(__file__).parent / "known.sql")
    .read_text("utf-8")
    .split("\n\n")
    if re.sub(r"^--.*\n?", "", statement, flags=re.MULTILINE).strip()
]


@pytest.mark.parametrize("sql", KNOWN, ids=range(1, len(KNOWN) + 1))
def test_statements_that_are_easily_answered_wrong(
    sql: str, forgetful: Connection, remembering: Connection, plain: apsw.Connection
) -> None:
    statement = Statement(sql, {}, total=" order by " in sql.replace("\n", " "))
    expected = plain_rows(plain, statement)
    compare(statement, live_rows(forgetful, sql, ()), expected)
    compare(statement, live_rows(remembering, sql, ()), expected)


def live_rows(connection: Connection, sql: str, values: Any) -> Rows | Exception:
    """The rows, or the error of a statement that fails (sums may overflow)."""
    try:
        return list(connection.execute(sql, values).fetchall())
    except pipedrive_sql.Error as error:
        return error


def plain_rows(plain: apsw.Connection, statement: Statement) -> Rows | Exception:
    try:
        return list(plain.execute(statement.sql, dict(statement.values)).fetchall())
    except apsw.Error as error:
        return error


def numbered(statement: Statement) -> tuple[str, list[Any]]:
    """The statement with question marks, and its values in their order."""
    names = re.findall(r":(p\d+)\b", statement.sql)
    values = [statement.values[name] for name in names]
    return re.sub(r":p\d+\b", "?", statement.sql), values


def compare(
    statement: Statement, live: Rows | Exception, plain: Rows | Exception
) -> None:
    if isinstance(live, Exception) or isinstance(plain, Exception):
        both = isinstance(live, Exception) and isinstance(plain, Exception)
        assert both, f"\n{statement}\nlive: {live!r}\nplain: {plain!r}"
        return
    mine, other = [*map(told, live)], [*map(told, plain)]
    keys = statement.keys
    if statement.total:
        same = mine == other
    else:
        same = Counter(mine) == Counter(other)
        same = same and [m[:keys] for m in mine] == [o[:keys] for o in other]
    if not same:
        missing = Counter(other) - Counter(mine)
        added = Counter(mine) - Counter(other)
        raise AssertionError(
            f"\n{statement}\n"
            f"{len(live)} rows, of the plain copy {len(plain)}\n"
            f"missing: {[*missing.elements()][:3]}\n"
            f"added: {[*added.elements()][:3]}\n"
            f"{'in another order' if not missing and not added else ''}"
        )


def told(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row with the types of its values; sums of floats depend on their order."""
    return tuple(
        ("float", f"{value:.12g}")
        if isinstance(value, float)
        else (type(value).__name__, value)
        for value in row
    )
