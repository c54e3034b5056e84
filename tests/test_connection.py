"""connect(), connections and cursors by the rules of PEP 249."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

import pipedrive_sql
from pipedrive_sql import Connection, Cursor, errors
from pipedrive_sql.errors import (
    BudgetExceeded,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    StatementSyntax,
    UnknownColumn,
    UnknownTable,
)
from pipedrive_sql.sandbox import Company, Sandbox

from .front_door import connected

ROWS_A_PAGE = 20
DEALS = 60


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=DEALS, page_cap=ROWS_A_PAGE) as sandbox:
        yield sandbox


def numbers(live: Connection, count: int) -> Cursor:
    sql = "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
    return live.execute(f"{sql} SELECT i FROM n", (count,))


# The module


def test_module() -> None:
    assert pipedrive_sql.apilevel == "2.0"
    assert pipedrive_sql.threadsafety == 1
    assert pipedrive_sql.paramstyle == "qmark"


def test_tree_of_errors() -> None:
    module = pipedrive_sql
    assert issubclass(module.Warning, Exception)
    assert issubclass(module.InterfaceError, module.Error)
    assert issubclass(module.DatabaseError, module.Error)
    for name in (
        "DataError",
        "OperationalError",
        "IntegrityError",
        "InternalError",
        "ProgrammingError",
        "NotSupportedError",
    ):
        assert issubclass(getattr(module, name), module.DatabaseError)
        assert getattr(module, name) is getattr(errors, name)


# Cursors


def test_description(live: Connection) -> None:
    sql = "SELECT id, title AS name, value, update_time, 1 + 1 FROM deals LIMIT 1"
    found = live.execute(sql).description
    nothing = (None,) * 5
    assert found == (
        ("id", "INTEGER", *nothing),
        ("name", "TEXT", *nothing),
        ("value", "REAL", *nothing),
        ("update_time", "TIMESTAMP", *nothing),
        ("1 + 1", None, *nothing),
    )


def test_description_without_rows(live: Connection) -> None:
    cursor = live.execute("SELECT id FROM deals WHERE id = 0")
    assert cursor.description is not None
    assert cursor.fetchall() == []


def test_no_description_without_columns(live: Connection) -> None:
    cursor = live.execute("CREATE TEMP TABLE kept(a)")
    assert cursor.description is None
    with pytest.raises(ProgrammingError, match=r"^There are no rows to fetch: run a"):
        cursor.fetchone()


def test_every_way_of_fetching_goes_on_where_the_last_one_stopped(
    live: Connection,
) -> None:
    cursor = numbers(live, 12)
    assert cursor.fetchone() == (1,)
    assert cursor.fetchmany() == [(2,)]
    assert cursor.fetchmany(3) == [(3,), (4,), (5,)]
    assert cursor.fetchmany(0) == []
    assert next(cursor) == (6,)
    cursor.arraysize = 2
    assert cursor.fetchmany() == [(7,), (8,)]
    assert [row for row, _ in zip(cursor, "ab", strict=False)] == [(9,), (10,)]
    assert cursor.fetchall() == [(12,)]  # zip() took one row more


def test_behind_the_last_row(live: Connection) -> None:
    cursor = numbers(live, 2)
    assert cursor.fetchmany(5) == [(1,), (2,)]
    assert cursor.fetchone() is None
    assert cursor.fetchmany(2) == []
    assert cursor.fetchall() == []


def test_fetching_before_executing(live: Connection) -> None:
    for fetch in ("fetchone", "fetchmany", "fetchall"):
        with pytest.raises(ProgrammingError, match=r"^There are no rows to fetch: "):
            getattr(live.cursor(), fetch)()


def test_a_cursor_runs_another_statement(live: Connection) -> None:
    cursor = live.cursor()
    assert cursor.execute("SELECT id FROM deals").fetchone() is not None
    assert cursor.execute("SELECT 1, 2") is cursor
    assert cursor.fetchall() == [(1, 2)]


def test_closed_cursor(live: Connection) -> None:
    cursor = live.execute("SELECT id FROM deals")
    cursor.close()
    cursor.close()
    calls: list[Callable[[], object]] = [
        cursor.fetchone,
        cursor.fetchmany,
        cursor.fetchall,
        lambda: next(cursor),
        lambda: cursor.execute("SELECT 1"),
        lambda: cursor.executemany("SELECT 1", []),
    ]
    for call in calls:
        with pytest.raises(InterfaceError, match=r"^The cursor is closed\. Open a new"):
            call()


def test_sizes_are_taken_and_mean_nothing(live: Connection) -> None:
    cursor = live.cursor()
    cursor.setinputsizes([1, 2])
    cursor.setoutputsize(1)
    cursor.setoutputsize(1, 2)
    assert cursor.execute("SELECT 1").fetchall() == [(1,)]


# Parameters


def test_parameters(live: Connection) -> None:
    assert live.execute("SELECT ?, ?2, ?", (1, "a", None)).fetchall() == [
        (1, "a", None)
    ]
    assert live.execute("SELECT ?", [b"\x00"]).fetchall() == [(b"\x00",)]
    named: dict[str, Any] = {"a": 1, "b": 2.5, "c": "x", "more": 0}
    assert live.execute("SELECT :a, @b, $c", named).fetchall() == [(1, 2.5, "x")]
    assert live.execute("SELECT ?", (True,)).fetchall() == [(1,)]


def test_parameters_reach_pipedrive(live: Connection, sandbox: Sandbox) -> None:
    sql = "SELECT count(*) FROM deals WHERE status = :status AND owner_id = :owner"
    live.execute(sql, {"status": "won", "owner": 3}).fetchall()
    assert "status=won&owner_id=3" in str(sandbox.heard[0])


@pytest.mark.parametrize(
    ("sql", "parameters"),
    [
        ("SELECT ?", ()),
        ("SELECT ?", (1, 2)),
        ("SELECT :a", {}),
        ("SELECT :a", {"b": 1}),
        ("SELECT ?", 5),
        ("SELECT ?", (object(),)),
        ("SELECT 1\0", ()),
        ("SELECT '\udc00'", ()),
        (b"SELECT 1", ()),
    ],
)
def test_what_cannot_be_run(live: Connection, sql: Any, parameters: Any) -> None:
    with pytest.raises(ProgrammingError):
        live.execute(sql, parameters)
    assert live.execute("SELECT 1").fetchall() == [(1,)]


def test_the_missing_parameter_is_named(live: Connection) -> None:
    with pytest.raises(
        ProgrammingError,
        match=r"^The statement has a parameter :a, but no value was given for it\.$",
    ):
        live.execute("SELECT :a", {"b": 1})


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, "\ud800"])
def test_values_that_do_not_fit(live: Connection, value: Any) -> None:
    with pytest.raises(DataError):
        live.execute("SELECT ?", (value,))


def test_executemany(live: Connection) -> None:
    live.execute("CREATE TEMP TABLE kept(a, b)")
    cursor = live.cursor()
    assert (
        cursor.executemany(
            "INSERT INTO kept VALUES (:a, :b)", ({"a": i, "b": -i} for i in range(5))
        )
        is cursor
    )
    assert cursor.rowcount == 5
    assert live.execute("SELECT sum(a), sum(b) FROM kept").fetchall() == [(10, -10)]
    assert cursor.executemany("DELETE FROM kept WHERE a = ?", []).rowcount == 0


def test_executemany_gives_no_rows(live: Connection) -> None:
    cursor = live.cursor()
    with pytest.raises(ProgrammingError, match=r"^executemany\(\) is for statements "):
        cursor.executemany("SELECT ?", [(1,), (2,)])
    assert cursor.execute("SELECT 3").fetchall() == [(3,)]


# Several statements


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TEMP TABLE one(a); CREATE TEMP TABLE two(a)",
        "-- first\nCREATE TEMP TABLE one(a); -- then\nSELECT 1",
        "CREATE TEMP TABLE one(a); nonsense",
    ],
)
def test_of_several_statements_none_is_run(live: Connection, sql: str) -> None:
    cursor = live.cursor()
    with pytest.raises(
        ProgrammingError, match=r"^One statement at a time: .+ ran none\. Split them"
    ):
        cursor.execute(sql)
    cursor.execute("SELECT name FROM sqlite_temp_schema WHERE name = 'one'")
    assert cursor.fetchall() == []


@pytest.mark.parametrize(
    "tail", [";", " ; ;\n", "; -- the end", "; /* a; b */ ;", " --"]
)
def test_blanks_and_comments_are_no_statement(live: Connection, tail: str) -> None:
    assert live.execute(f"/* ; */ SELECT 1{tail}").fetchall() == [(1,)]


@pytest.mark.parametrize("sql", ["", " ", "-- nothing", ";"])
def test_nothing_to_run(live: Connection, sql: str) -> None:
    cursor = live.execute(sql)
    assert (cursor.description, cursor.rowcount) == (None, -1)


# Local tables


def test_rowcount(live: Connection) -> None:
    assert live.execute("CREATE TEMP TABLE kept(a)").rowcount == -1
    assert live.execute("INSERT INTO kept VALUES (1), (2), (3)").rowcount == 3
    assert live.execute("-- two\nUPDATE kept SET a = 0 WHERE a > 1").rowcount == 2
    assert live.execute("DELETE FROM kept WHERE a > 5").rowcount == 0
    assert live.execute("WITH x AS (SELECT 1) DELETE FROM kept").rowcount == 3
    assert live.execute("SELECT 1").rowcount == -1


def test_local_tables_live_in_the_database(sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "mine.db"
    with connected(sandbox, database=str(file)) as live:
        live.execute("CREATE TABLE mine(owner_id INTEGER PRIMARY KEY, goal REAL)")
        live.execute("INSERT INTO mine SELECT DISTINCT owner_id, 1000 FROM deals")
        joined = live.execute(
            "SELECT g.owner_id, count(d.id) FROM mine g "
            "JOIN deals d ON d.owner_id = g.owner_id GROUP BY 1 ORDER BY 1"
        ).fetchall()
        alone = live.execute(
            "SELECT owner_id, count(*) FROM deals GROUP BY 1 ORDER BY 1"
        ).fetchall()
        assert joined == alone
    plain = apsw.Connection(str(file))
    names = [name for (name,) in plain.execute("SELECT name FROM sqlite_schema")]
    assert names == ["mine"]  # and no virtual table is left in the file
    assert plain.execute("SELECT count(*) FROM mine").get == len(alone)
    plain.close()


def test_a_local_table_of_a_live_name(sandbox: Sandbox, tmp_path: Path) -> None:
    with connected(sandbox, database=str(tmp_path / "mine.db")) as live:
        live.execute("CREATE TABLE main.deals AS SELECT id FROM deals LIMIT 2")
        assert live.execute("SELECT count(*) FROM main.deals").fetchall() == [(2,)]
        assert live.execute("SELECT count(*) FROM deals").fetchall() == [(DEALS,)]


def test_transactions(live: Connection) -> None:
    live.execute("CREATE TEMP TABLE kept(a)")
    live.commit()  # nothing is open: nothing happens
    live.rollback()
    live.execute("BEGIN")
    live.execute("INSERT INTO kept VALUES (1)")
    live.rollback()
    live.execute("BEGIN")
    live.execute("INSERT INTO kept VALUES (2)")
    live.commit()
    live.rollback()
    assert live.execute("SELECT a FROM kept").fetchall() == [(2,)]


def test_a_block_keeps_its_changes_unless_it_fails(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    file = str(tmp_path / "mine.db")
    with connected(sandbox, database=file) as live:
        live.execute("CREATE TABLE kept(a)")
        live.execute("BEGIN")
        live.execute("INSERT INTO kept VALUES (1)")
    with (
        pytest.raises(ZeroDivisionError),
        connected(sandbox, database=file) as live,
    ):
        live.execute("BEGIN")
        live.execute("INSERT INTO kept VALUES (2)")
        raise ZeroDivisionError
    with connected(sandbox, database=file) as live:
        assert live.execute("SELECT a FROM kept").fetchall() == [(1,)]


def test_live_rows_within_a_transaction(live: Connection) -> None:
    live.execute("BEGIN")
    cursor = live.execute("SELECT id FROM deals")
    first = cursor.fetchone()
    live.rollback()
    assert len([first, *cursor]) == DEALS


def test_live_tables_are_read_only(live: Connection, sandbox: Sandbox) -> None:
    for sql in (
        "INSERT INTO deals(title) VALUES ('x')",
        "UPDATE deals SET title = 'x'",
        "DELETE FROM deals",
    ):
        with pytest.raises(NotSupportedError, match=r'^The table "deals" can only be'):
            live.execute(sql)
    assert sandbox.heard == []


def test_files_that_are_no_database(sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database, but long enough to be looked at " * 50)
    for wrong in (tmp_path, file):
        with pytest.raises(
            OperationalError, match=r" cannot be opened as an SQLite database: "
        ):
            connected(sandbox, database=str(wrong))


# Errors


@pytest.mark.parametrize(
    ("sql", "kind", "sentence"),
    [
        ("SELECT * FROM deal", UnknownTable, 'There is no table "deal". Did you mean'),
        ("SELECT titel FROM deals", UnknownColumn, 'There is no column "titel" in de'),
        ("SELEC 1", StatementSyntax, "SQLite cannot read the statement: near"),
        ("SELECT (1", StatementSyntax, "SQLite cannot read the statement: incomplete"),
        ("SELECT soundexx('a')", ProgrammingError, "no such function: soundexx"),
    ],
)
def test_errors_have_their_cause(
    live: Connection, sql: str, kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind) as raised:
        live.execute(sql)
    assert str(raised.value).startswith(sentence)
    assert isinstance(raised.value.__cause__, apsw.Error)


def test_integrity(live: Connection) -> None:
    live.execute("CREATE TEMP TABLE kept(a INTEGER PRIMARY KEY)")
    live.execute("INSERT INTO kept VALUES (1)")
    with pytest.raises(IntegrityError, match=r"UNIQUE constraint failed: kept\.a"):
        live.execute("INSERT INTO kept VALUES (1)")
    with pytest.raises(DataError, match=r"datatype mismatch"):
        live.execute("INSERT INTO kept VALUES ('a')")


def test_what_sqlite3_has_and_this_has_not(live: Connection) -> None:
    with pytest.raises(NotSupportedError, match=r"^A connection to Pipedrive has no "):
        live.executescript("SELECT 1")  # type: ignore[operator]
    assert not hasattr(live, "nonsense")


# Closing


def test_closed_connection(sandbox: Sandbox) -> None:
    live = connected(sandbox)
    cursor = live.execute("SELECT id FROM deals")
    cursor.fetchone()
    live.close()
    live.close()
    calls: list[Callable[[], object]] = [
        live.cursor,
        live.commit,
        live.rollback,
        live.refresh,
        cursor.fetchone,
        lambda: live.execute("SELECT 1"),
        lambda: live.explain("SELECT 1"),
        lambda: cursor.execute("SELECT 1"),
    ]
    for call in calls:
        with pytest.raises(InterfaceError, match=r"closed"):
            call()
    cursor.close()


def test_the_demo_brings_its_own_sandbox() -> None:
    with pipedrive_sql.connect(demo=True) as live:
        assert live.execute("SELECT count(*) FROM deals").fetchall() == [(300,)]


# Usage and the ceiling


def test_usage(sandbox: Sandbox) -> None:
    sandbox.reset()
    with connected(sandbox) as live:
        opened = live.usage
        assert opened.requests == len(sandbox.heard) > 0
        assert opened.tokens == sum(one.tokens for one in sandbox.heard)
        cursor = live.execute("SELECT title FROM deals WHERE value IS NOT 0.5")
        assert (cursor.usage.requests, cursor.usage.tokens) == (1, 10)
        cursor.fetchall()
        assert (cursor.usage.requests, cursor.usage.tokens) == (3, 30)
        assert cursor.usage.rows == DEALS
        assert cursor.usage.seconds > 0
        assert live.last_usage == cursor.usage
        assert live.usage.tokens == opened.tokens + 30
        again = live.execute("SELECT title FROM deals")
        again.fetchall()
        assert (again.usage.requests, again.usage.tokens) == (0, 0)
        assert cursor.usage.tokens == 30


def test_usage_of_many_executions(live: Connection) -> None:
    live.execute("CREATE TEMP TABLE kept(id, title)")
    cursor = live.cursor()
    cursor.executemany(
        "INSERT INTO kept SELECT id, title FROM deals WHERE id = ?", [(1,), (2,), (1,)]
    )
    assert (cursor.usage.requests, cursor.usage.tokens) == (2, 2)


def test_seconds_stand_still_behind_the_end(live: Connection) -> None:
    cursor = live.execute("SELECT count(*) FROM stages")
    cursor.fetchall()
    changed = live.execute("CREATE TEMP TABLE kept AS SELECT id FROM stages")
    half = live.execute("SELECT id FROM deals")
    half.close()
    for one in (cursor, changed, half):
        assert one.usage.seconds == one.usage.seconds


def test_ceiling(sandbox: Sandbox) -> None:
    with connected(sandbox, max_tokens=20, cache_ttl=0) as live:
        sandbox.reset()
        cursor = live.execute("SELECT id FROM deals WHERE value IS NOT 0.5")
        with pytest.raises(BudgetExceeded) as raised:
            cursor.fetchall()
        assert str(raised.value) == (
            "The statement stops before GET /api/v2/deals: it has spent 20 API tokens, "
            "this request costs 10 more, and the ceiling is 20. Pipedrive filters "
            "deals by id, status, owner_id, person_id, org_id, pipeline_id, stage_id "
            "and update_time: add a condition on one of them. Or raise max_tokens "
            "(--max-tokens 30 or more)."
        )
        error = raised.value
        assert (error.spent, error.needed, error.budget) == (20, 10, 20)
        assert sum(one.tokens for one in sandbox.heard) == 20
        assert cursor.usage.tokens == 20
        # Each statement has its own ceiling.
        assert live.execute("SELECT count(*) FROM stages").fetchall() != [(0,)]


def test_ceiling_of_nothing(sandbox: Sandbox) -> None:
    with connected(sandbox, max_tokens=0) as live:
        sandbox.reset()
        assert live.execute("SELECT 1").fetchall() == [(1,)]
        with pytest.raises(BudgetExceeded, match=r"^The statement is not begun: "):
            live.execute("SELECT id FROM deals WHERE id = 1").fetchall()
        assert sandbox.heard == []


@pytest.mark.parametrize("how", [{"max_tokens": -1}, {"cache_ttl": -1}])
def test_negative_bounds(sandbox: Sandbox, how: dict[str, int]) -> None:
    with pytest.raises(InterfaceError, match=r" cannot be negative\.$"):
        connected(sandbox, **how)


# Kept rows


@pytest.mark.parametrize(("seconds", "requests"), [(0, 6), (60, 3)])
def test_how_long_rows_are_kept(
    sandbox: Sandbox, seconds: float, requests: int
) -> None:
    with connected(sandbox, cache_ttl=seconds) as live:
        sandbox.reset()
        for _ in range(2):
            live.execute("SELECT count(*) FROM deals").fetchall()
        assert len(sandbox.heard) == requests


def test_refresh_brings_rows_and_fields_anew() -> None:
    company = Company.sample(deals=10)
    with Sandbox(company=company) as sandbox, connected(sandbox) as live:
        live.execute("SELECT count(*) FROM deals").fetchall()
        field = company.add_field("deal", "Shoe size", "double")
        with pytest.raises(UnknownColumn):
            live.execute("SELECT shoe_size FROM deals")
        live.refresh()
        sandbox.reset()
        assert live.execute("SELECT DISTINCT shoe_size FROM deals").fetchall() == [
            (None,)
        ]
        assert field.code in str(sandbox.heard[0])
        company.drop_field("deal", field)
        live.refresh()
        with pytest.raises(UnknownColumn):
            live.execute("SELECT shoe_size FROM deals")
        assert live.execute("SELECT count(*) FROM deals").fetchall() == [(10,)]


def test_refresh_waits_for_cursors(live: Connection) -> None:
    cursor = live.execute("SELECT id FROM deals")
    first = cursor.fetchone()
    with pytest.raises(
        OperationalError, match=r"^The tables cannot be made anew while a cursor still"
    ):
        live.refresh()
    assert len([first, *cursor]) == DEALS
    live.refresh()
    assert live.execute("SELECT count(*) FROM deals").fetchall() == [(DEALS,)]


# Several cursors


def test_interleaved_cursors(live: Connection) -> None:
    deals = live.execute("SELECT id, value IS NOT 0.5 FROM deals")
    persons = live.execute("SELECT id, name IS NOT 0.5 FROM persons")
    both = list(zip(deals, persons, strict=False))
    assert len(both) == len(live.execute("SELECT id FROM persons").fetchall())
    deals.fetchall()
    assert deals.usage.rows == DEALS
    assert deals.usage.tokens == 30
    assert persons.usage.tokens == 20
    assert {row["path"] for row in requests_of(live)} >= {
        "/api/v2/deals",
        "/api/v2/persons",
    }


def requests_of(live: Connection) -> list[dict[str, Any]]:
    cursor = live.execute("SELECT path, statement, tokens FROM pipedrive_requests")
    return [
        {"path": path.partition("?")[0], "statement": statement, "tokens": tokens}
        for path, statement, tokens in cursor
    ]


def test_an_abandoned_cursor_stops_asking(live: Connection, sandbox: Sandbox) -> None:
    cursor = live.execute("SELECT id FROM deals WHERE value IS NOT 0.5")
    cursor.fetchone()
    del cursor
    gc.collect()
    assert len(sandbox.heard) == 1
    assert live.execute("SELECT count(*) FROM deals").fetchall() == [(DEALS,)]
    assert len(sandbox.heard) == 3


def test_a_closed_cursor_stops_asking(live: Connection, sandbox: Sandbox) -> None:
    cursor = live.execute("SELECT id FROM deals WHERE value IS NOT 0.5")
    cursor.fetchmany(ROWS_A_PAGE)
    assert len(sandbox.heard) == 1
    cursor.close()
    assert len(sandbox.heard) == 1


def test_a_connection_may_move_to_another_thread(live: Connection) -> None:
    found: list[object] = []

    def work() -> None:
        found.append(live.execute("SELECT count(*) FROM deals").fetchall())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [[(DEALS,)]]


def test_each_thread_with_its_own_connection(sandbox: Sandbox) -> None:
    found: list[object] = []

    def work() -> None:
        with connected(sandbox) as live:
            found.append(live.execute("SELECT count(*) FROM deals").fetchall())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[(DEALS,)]] * 4


# explain()


def test_explain(live: Connection, sandbox: Sandbox) -> None:
    plan = live.explain("SELECT title FROM deals WHERE id = ? AND value > 5", (1,))
    assert len(plan) == 1
    (row,) = plan
    assert row[:2] == (
        "SCAN deals",
        "GET /api/v2/deals/{id} or GET /api/v2/deals?ids={id}",
    )
    assert (plan.tokens.low, plan.tokens.high) == (1, 1)
    assert sandbox.heard == []
    with pytest.raises(ProgrammingError, match=r"a parameter :id, but no value"):
        live.explain("SELECT title FROM deals WHERE id = :id", {"other": 1})
