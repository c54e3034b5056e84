"""A connection that answers from a file, and keeps it as fresh as wanted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.errors import (
    BudgetExceeded,
    InterfaceError,
    NotAllowed,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    StatementTimeout,
    UnknownColumn,
)

from ..front_door import asked, connected, opened
from .conftest import Mirrored

JOINED = "SELECT count(*), sum(p.id) FROM deals d JOIN persons p ON p.id = person_id"

Open = Callable[..., Connection]


@pytest.fixture
def open_mirror(mirrored: Mirrored) -> Iterator[Open]:
    """The file with some tables, and connections that answer from it."""
    mirrored.sync(tables=("deals", "persons", "stages", "pipelines"))
    with ExitStack() as stack:

        def made(**how: Any) -> Connection:
            how = {"mirror": mirrored.path, "max_age": "0s", **how}
            connection = connected(mirrored.door.sandbox, **how)
            stack.callback(connection.close)
            mirrored.door.sandbox.reset()
            return connection

        yield made


def rows(connection: Connection, sql: str, values: Any = ()) -> list[Any]:
    return connection.execute(sql, values).fetchall()


def test_nothing_changed(mirrored: Mirrored, open_mirror: Open) -> None:
    """Each list is asked once for what changed, and the file stays as it is."""
    expected = mirrored.read(JOINED)
    before = mirrored.path.read_bytes()
    con = open_mirror()
    cursor = con.execute(JOINED)
    assert cursor.fetchall() == expected
    paths = sorted(line.split("?")[0] for line in asked(mirrored.door.sandbox))
    lists = [path for path in paths if not path.endswith("Fields")]
    assert lists == [
        "GET /api/v2/deals",
        "GET /api/v2/deals/archived",
        "GET /api/v2/persons",
    ]
    assert cursor.usage.requests == len(paths)
    assert mirrored.path.read_bytes() == before
    mirrored.door.sandbox.reset()
    assert rows(con, JOINED) == expected
    assert len(asked(mirrored.door.sandbox)) == 3
    assert [f.name for f in mirrored.path.parent.iterdir()] == ["crm.db"]


def test_what_changed_is_there(mirrored: Mirrored, open_mirror: Open) -> None:
    con, door = open_mirror(), mirrored.door
    door("PATCH", "/api/v2/deals/3", {"title": "Another title"})
    door("PATCH", "/api/v2/deals/4", {"is_archived": True})
    door("DELETE", "/api/v2/deals/5")
    new = door.add("/api/v2/deals", title="New")["id"]
    told = "SELECT id, title FROM deals WHERE id IN (3, 4, 5, ?) ORDER BY id"
    assert rows(con, told, (new,)) == [(3, "Another title"), (new, "New")]
    assert rows(con, "SELECT id FROM deals_archived WHERE id = 4") == [(4,)]
    assert mirrored.read("SELECT title FROM deals WHERE id = 3") == [("Another title",)]
    assert rows(con, "SELECT title FROM v_deals WHERE id = 3") == [("Another title",)]


def test_how_old_tables_may_be(mirrored: Mirrored, open_mirror: Open) -> None:
    never, hourly = open_mirror(max_age=None), open_mirror(max_age="1h")
    mirrored.door("PATCH", "/api/v2/deals/3", {"title": "Another title"})
    mirrored.door.sandbox.reset()
    for con in (never, hourly):
        assert rows(con, "SELECT title FROM deals WHERE id = 3") != [("Another title",)]
    assert asked(mirrored.door.sandbox) == []
    # What another process publishes is seen all the same.
    mirrored.sync(tables=("deals",))
    for con in (never, hourly):
        assert rows(con, "SELECT title FROM deals WHERE id = 3") == [("Another title",)]


def test_how_long_what_was_archived_may_stay(
    mirrored: Mirrored, open_mirror: Open
) -> None:
    later, at_once = open_mirror(archive_age="1h"), open_mirror()
    rows(later, JOINED)  # labels of deleted options are asked for once
    mirrored.door("PATCH", "/api/v2/deals/4", {"is_archived": True})
    mirrored.door("PATCH", "/api/v2/deals/3", {"title": "Another title"})
    mirrored.door.sandbox.reset()
    assert rows(later, "SELECT title FROM deals WHERE id = 3") == [("Another title",)]
    assert rows(later, "SELECT id FROM deals WHERE id = 4") == [(4,)]
    rows(later, JOINED)
    assert sorted(line.split("?")[0] for line in asked(mirrored.door.sandbox)) == [
        *["GET /api/v2/deals"] * 3,
        "GET /api/v2/persons",
    ]
    assert rows(at_once, "SELECT id FROM deals WHERE id = 4") == []
    assert rows(later, "SELECT id FROM deals WHERE id = 4") == []


def test_what_the_file_does_not_have_is_live(
    mirrored: Mirrored, open_mirror: Open
) -> None:
    con = open_mirror(max_age=None)
    fields = "SELECT count(*) FROM deal_fields f JOIN deals d ON d.id = 1"
    assert rows(con, fields)[0][0] > 10
    assert [line.split("?")[0] for line in asked(mirrored.door.sandbox)] == [
        "GET /api/v2/dealFields"
    ]
    mirrored.door.sandbox.reset()
    assert rows(con, "SELECT id FROM live.deals WHERE id = 1") == [(1,)]
    assert asked(mirrored.door.sandbox)[0].startswith("GET /api/v2/deals")
    joined = "SELECT count(*) FROM deals d JOIN live.deals l ON l.id = d.id"
    assert rows(con, joined) == rows(con, "SELECT count(*) FROM deals")
    with pytest.raises(ProgrammingError, match=r"Ask Pipedrive: live\.deals\("):
        con.execute("SELECT * FROM deals('Acme')")
    with pytest.raises(UnknownColumn):
        con.execute("SELECT * FROM deals WHERE filter_id = 1")
    with pytest.raises(NotSupportedError, match="can only be read"):
        con.execute("UPDATE deals SET value = 0")


def test_a_cursor_goes_on_with_the_version_that_it_began(
    mirrored: Mirrored, open_mirror: Open
) -> None:
    con = open_mirror()
    titles = "SELECT id, title FROM deals ORDER BY id"
    expected = mirrored.read(titles)
    first = con.execute(titles)
    begun = [first.fetchone()]
    for number in range(12):  # more versions than SQLite attaches files
        title = f"Title {number}"
        mirrored.door("PATCH", "/api/v2/deals/300", {"title": title})
        assert rows(con, "SELECT title FROM deals WHERE id = 300") == [(title,)]
    assert begun + first.fetchall() == expected
    assert rows(con, titles) == mirrored.read(titles) != expected


def test_a_ceiling_holds_for_what_is_asked_first(
    mirrored: Mirrored, open_mirror: Open
) -> None:
    con = open_mirror(max_tokens=15)
    with pytest.raises(BudgetExceeded):
        con.execute(JOINED)
    assert con.last_usage.tokens <= 15
    assert rows(con, "SELECT 1") == [(1,)]


def test_no_stale_row_where_pipedrive_does_not_answer(
    mirrored: Mirrored, open_mirror: Open
) -> None:
    con, never = open_mirror(), open_mirror(max_age=None)
    mirrored.door.sandbox.close()
    with pytest.raises(OperationalError):
        con.execute("SELECT count(*) FROM deals")
    assert rows(never, "SELECT count(*) FROM deals") == mirrored.read(
        "SELECT count(*) FROM deals"
    )


@pytest.mark.unofficial
def test_a_timeout_holds_for_what_is_asked_first(
    mirrored: Mirrored, open_mirror: Open
) -> None:
    con = open_mirror(timeout=0.3)
    mirrored.door.sandbox.fail("/api/v2/deals", how="hang")
    with pytest.raises(StatementTimeout):
        con.execute("SELECT count(*) FROM deals")
    mirrored.door.sandbox.faults.clear()
    con.timeout = None
    assert rows(con, "SELECT count(*) FROM deals") == mirrored.read(
        "SELECT count(*) FROM deals"
    )


def test_a_transaction_sees_one_version(mirrored: Mirrored, open_mirror: Open) -> None:
    con = open_mirror()
    title = "SELECT title FROM deals WHERE id = 3"
    con.execute("CREATE TABLE mine (id INTEGER)")
    con.execute("BEGIN")
    before = rows(con, title)
    mirrored.door("PATCH", "/api/v2/deals/3", {"title": "Another title"})
    assert rows(con, title) == before
    con.commit()
    assert rows(con, title) == [("Another title",)]


def test_local_tables_do_not_stand_before_those_of_the_file(
    mirrored: Mirrored, open_mirror: Open, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "mine.db")) as mine:
        mine.execute("CREATE TABLE deals (id INTEGER)")
        mine.execute("CREATE TABLE v_deals (id INTEGER)")
        mine.execute("CREATE TABLE targets (deal_id INTEGER)")
        mine.execute("INSERT INTO targets VALUES (3)")
        mine.commit()
    con = open_mirror(database=str(tmp_path / "mine.db"))
    joined = "SELECT d.id FROM targets g JOIN deals d ON d.id = g.deal_id"
    assert rows(con, joined) == [(3,)]
    assert rows(con, "SELECT count(*) FROM main.deals") == [(0,)]
    assert rows(con, "SELECT count(*) FROM v_deals") == [(0,)]


def test_a_field_that_the_file_does_not_have(
    mirrored: Mirrored, open_mirror: Open
) -> None:
    """Its table is live until the file has it; columns are changed by `sync` alone."""
    con = open_mirror()
    mirrored.door.add("/api/v2/dealFields", field_name="Region", field_type="varchar")
    con.refresh()
    mirrored.door.sandbox.reset()
    assert rows(con, "SELECT count(*) FROM deals WHERE region IS NOT NULL") == [(0,)]
    assert len(asked(mirrored.door.sandbox)) > 1  # all pages
    mirrored.sync(tables=("deals",))
    with pytest.raises(OperationalError, match="refresh"):
        other = open_mirror()
        mirrored.door.add("/api/v2/dealFields", field_name="Size", field_type="varchar")
        mirrored.sync(tables=("deals",))
        other.execute("SELECT count(*) FROM deals")
    other.refresh()
    mirrored.door.sandbox.reset()
    assert rows(other, "SELECT count(*) FROM deals WHERE size IS NOT NULL") == [(0,)]
    lines = [line for line in asked(mirrored.door.sandbox) if "Fields" not in line]
    assert len(lines) == 2 and "updated_since" in lines[0]


def test_sql_of_others(mirrored: Mirrored, open_mirror: Open) -> None:
    con = open_mirror(untrusted=True)
    assert rows(con, JOINED) == mirrored.read(JOINED)
    mirrored.door("PATCH", "/api/v2/deals/3", {"title": "Another title"})
    assert rows(con, "SELECT title FROM deals WHERE id = 3") == [("Another title",)]
    for attack in ("DROP VIEW deals", "DETACH mirror", "ATTACH 'x.db' AS x"):
        with pytest.raises(NotAllowed):
            con.execute(attack)


def test_explain_tells_how_old_they_are(mirrored: Mirrored, open_mirror: Open) -> None:
    con = open_mirror()
    told = str(con.explain(JOINED + " WHERE d.id > ?", (3,)))
    as_of = mirrored.read("SELECT as_of FROM _sync WHERE table_name = 'deals'")[0][0]
    assert f"deals of crm.db, as of {as_of}; what changed is asked for first" in told
    assert asked(mirrored.door.sandbox) == []


def test_files_that_cannot_be_used(mirrored: Mirrored, tmp_path: Path) -> None:
    mirrored.sync(tables=("pipelines",))
    sandbox = mirrored.door.sandbox
    with pytest.raises(OperationalError, match="pipedrive-sql sync"):
        connected(sandbox, mirror=tmp_path / "other.db")
    with closing(sqlite3.connect(tmp_path / "strange.db")) as strange:
        strange.execute("CREATE TABLE deals (id INTEGER)")
    with pytest.raises(OperationalError, match="no file of this program"):
        connected(sandbox, mirror=tmp_path / "strange.db")
    with pytest.raises(InterfaceError, match="90s"):
        connected(sandbox, mirror=mirrored.path, max_age="soon")
    with (
        opened(seed=8, deals=10) as other,
        pytest.raises(OperationalError, match="Give another file"),
    ):
        connected(other.sandbox, mirror=mirrored.path)


def test_what_the_file_leaves_out_is_said(mirrored: Mirrored) -> None:
    mirrored.sync(tables=("deals",), since="2026-06-01")
    with closing(connected(mirrored.door.sandbox, mirror=mirrored.path)) as con:
        assert "without rows that did not change since 2026-06-01" in str(con.messages)


def test_copies_are_fresh_and_an_interrupt_that_came_too_early_is_forgotten(
    mirrored: Mirrored, open_mirror: Open
) -> None:
    con = open_mirror()
    mirrored.door("PATCH", "/api/v2/deals/3", {"title": "Another title"})
    con.interrupt()
    con.execute("CREATE TABLE copy AS SELECT * FROM deals")
    assert rows(con, "SELECT title FROM copy WHERE id = 3") == [("Another title",)]
    with con.apsw:
        con.execute("DELETE FROM copy")
    assert rows(con, "SELECT count(*) FROM copy") == [(0,)]


def test_types_are_those_of_the_live_tables(
    mirrored: Mirrored, open_mirror: Open
) -> None:
    con = open_mirror(max_age=None)
    cursor = con.execute("SELECT id, value, add_time, status FROM deals LIMIT 1")
    live = con.execute("SELECT id, value, add_time, status FROM live.deals LIMIT 1")
    assert cursor.description == live.description
