"""Counts of rows: learned from scans, remembered, and never more than a guess."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.sandbox import Sandbox

from .front_door import connected

COUNTED = "SELECT rows, counted FROM pipedrive_tables WHERE name = 'deals'"
QUESTIONS = (
    "SELECT d.id, p.name FROM deals d LEFT JOIN persons p ON p.id = d.person_id",
    "SELECT p.id, d.id FROM persons p LEFT JOIN deals d ON d.person_id = p.id",
    "SELECT id FROM deals WHERE id IN (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144)",
    "SELECT id FROM deals WHERE owner_id IN (1, 2, 3, 4, 5)",
    "SELECT id FROM deals WHERE status = 'won' ORDER BY id LIMIT 3",
    "SELECT count(*) FROM deal_products",
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=60, page_cap=20) as sandbox:
        yield sandbox


@pytest.fixture
def folder(sandbox: Sandbox, tmp_path: Path) -> Path:
    """A cache folder that holds the account's fields."""
    connected(sandbox, cache_dir=tmp_path).close()
    return tmp_path


def counted(connection: Connection) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(COUNTED).fetchone()
    assert row is not None
    return row


def file_of(folder: Path) -> Path:
    (found,) = folder.glob("*.counts.json")
    return found


def forge(folder: Path, sandbox: Sandbox, **counts: Any) -> None:
    """Write other counts into the file, in place of those that were learned."""
    for file in folder.glob("*.counts.json"):
        file.unlink()
    with connected(sandbox, cache_dir=folder) as connection:
        connection.execute("SELECT id FROM deals").fetchall()
    file = file_of(folder)
    kept = json.loads(file.read_bytes())
    model = kept["counts"]["deals"]
    file.write_text(
        json.dumps({**kept, "counts": {k: {**model, **v} for k, v in counts.items()}})
    )


def test_a_table_read_whole_is_counted(sandbox: Sandbox) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    with connected(sandbox) as connection:
        assert counted(connection) == (None, None)
        connection.execute("SELECT id FROM deals LIMIT 5").fetchall()
        connection.execute("SELECT id FROM deals WHERE status = 'won'").fetchall()
        assert counted(connection) == (None, None)
        connection.execute("SELECT id FROM deals").fetchall()
        rows, moment = counted(connection)
        assert rows == len(sandbox.company.rows("deals"))
        assert datetime.fromisoformat(f"{moment}+00:00") >= before
        connection.refresh()
        assert counted(connection) == (rows, moment)


def test_counts_live_on_in_the_cache_folder(sandbox: Sandbox, folder: Path) -> None:
    with connected(sandbox, cache_dir=folder) as connection:
        connection.execute("SELECT id FROM deals").fetchall()
        connection.execute("SELECT id FROM deals WHERE owner_id = 1").fetchall()
        known = counted(connection)
        # The file is there before the connection is closed.
        assert json.loads(file_of(folder).read_bytes())["counts"]["deals"]["pages"] == 3
    with connected(sandbox, cache_dir=folder) as connection:
        assert counted(connection) == known
    assert sandbox.token not in file_of(folder).read_text()


def test_connections_add_to_what_others_have_counted(
    sandbox: Sandbox, folder: Path
) -> None:
    with (
        connected(sandbox, cache_dir=folder) as one,
        connected(sandbox, cache_dir=folder) as two,
    ):
        one.execute("SELECT id FROM deals").fetchall()
        two.execute("SELECT id FROM persons").fetchall()
    with connected(sandbox, cache_dir=folder) as third:
        known = third.execute(
            "SELECT name FROM pipedrive_tables WHERE rows > 0 ORDER BY name"
        )
        assert known.fetchall() == [("deals",), ("persons",)]


def test_a_sandbox_keeps_none_of_its_own_accord(sandbox: Sandbox) -> None:
    with connected(sandbox) as connection:
        connection.execute("SELECT id FROM deals").fetchall()
    with connected(sandbox) as connection:
        assert counted(connection) == (None, None)


def test_remembered_counts_choose_the_list_at_once(
    sandbox: Sandbox, folder: Path
) -> None:
    sql = "SELECT title FROM deals WHERE owner_id IN (1, 2, 3, 4, 5, 6, 7, 8, 9)"
    with connected(sandbox, cache_dir=folder) as connection:
        connection.execute("SELECT id FROM deals").fetchall()
    with connected(sandbox, cache_dir=folder) as connection:
        assert connection.execute(sql).fetchall()
        assert connection.last_usage.tokens == 30


def test_counts_grow_old(sandbox: Sandbox, folder: Path) -> None:
    now = datetime.now(UTC)
    for days, expected in ((29, 7), (31, None)):
        moment = (now - timedelta(days=days)).isoformat()
        forge(folder, sandbox, deals={"rows": 7, "counted": moment})
        with connected(sandbox, cache_dir=folder) as connection:
            assert counted(connection)[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"version": 0, "counts": {}}',
        '{"version": 1, "counts": {"deals": {"rows": -1, "pages": 1, "counted": 1}}}',
        '{"version": 1, "counts": {"deals": {"rows": 7, "pages": 1,'
        ' "counted": "2026-09-01T10:00:00"}}}',
    ],
)
def test_a_file_that_cannot_be_read_is_written_anew(
    text: str, sandbox: Sandbox, folder: Path
) -> None:
    forge(folder, sandbox, deals={})
    file_of(folder).write_text(text)
    with connected(sandbox, cache_dir=folder) as connection:
        assert counted(connection) == (None, None)
        connection.execute("SELECT id FROM deals").fetchall()
    assert json.loads(file_of(folder).read_bytes())["counts"]["deals"]["pages"] == 3


def test_a_folder_that_cannot_be_written_stops_no_statement(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder")
    with connected(sandbox, cache_dir=nowhere) as connection:
        connection.execute("SELECT id FROM deals").fetchall()
        assert counted(connection)[0] == len(sandbox.company.rows("deals"))


@pytest.mark.parametrize("rows, pages", [(0, 0), (1, 1), (10**9, 2 * 10**6)])
def test_wrong_counts_change_no_rows(
    rows: int, pages: int, sandbox: Sandbox, folder: Path
) -> None:
    wrong = {"rows": rows, "pages": pages}
    names = ("deals", "persons", "deals?owner_id", "deals?person_id", "deal_products")
    for sql in QUESTIONS:
        forge(folder, sandbox, **dict.fromkeys(names, wrong))
        with (
            connected(sandbox, cache_dir=folder, max_tokens=None) as misled,
            connected(sandbox) as other,
        ):
            found = sorted(misled.execute(sql).fetchall(), key=repr)
            assert found == sorted(other.execute(sql).fetchall(), key=repr)
            # Not much dearer, either: a list longer than it was is given up.
            assert misled.last_usage.tokens <= 3 * other.last_usage.tokens + 20
