"""A file holds what Pipedrive's lists hold, at the price of what changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pipedrive_sql.errors import OperationalError, UnknownTable
from pipedrive_sql.file.staging import Place
from pipedrive_sql.file.wishes import Planned, Wishes

from ..front_door import asked, connected, opened
from .conftest import DEALS, Mirrored


def test_the_first_run_brings_every_column_of_every_row(mirrored: Mirrored) -> None:
    report = mirrored.sync()
    lists = [line for line in asked(mirrored.door.sandbox) if "Fields" not in line]
    assert not report.failed and report.published
    assert len(lists) == report.requests
    assert mirrored.differences() == []
    assert mirrored.read("PRAGMA integrity_check") == [("ok",)]
    assert mirrored.read("PRAGMA journal_mode") == [("delete",)]
    assert [f.name for f in mirrored.path.parent.iterdir()] == ["crm.db"]

    # A second run asks for what changed.
    before = mirrored.read("SELECT * FROM deals ORDER BY id")
    report = mirrored.sync()
    assert len(asked(mirrored.door.sandbox)) <= 25
    # Labels of deleted options are known from the file, and which ids have none.
    assert not [line for line in asked(mirrored.door.sandbox) if "v1/deal" in line]
    deals = [line for line in asked(mirrored.door.sandbox) if "/v2/deals?" in line]
    assert len(deals) == 1 and "updated_since=" in deals[0]
    assert not report.failed
    assert mirrored.read("SELECT * FROM deals ORDER BY id") == before
    how = dict(mirrored.read("SELECT table_name, how FROM _sync"))
    assert how["deals"] == "changes" and how["pipelines"] == "whole"


def test_changes_moves_and_deletions_arrive(mirrored: Mirrored) -> None:
    mirrored.sync(tables=("deals",))
    door = mirrored.door
    door("PATCH", "/api/v2/deals/3", {"title": "Another title", "label_ids": []})
    door("PATCH", "/api/v2/deals/4", {"is_archived": True})
    door("DELETE", "/api/v2/deals/5")
    new = door.add("/api/v2/deals", title="New")["id"]
    report = mirrored.sync()
    assert not report.failed
    assert mirrored.read("SELECT id, title FROM deals WHERE id IN (3, 4, 5)") == [
        (3, "Another title")
    ]
    assert mirrored.read(f"SELECT title FROM deals WHERE id = {new}") == [("New",)]
    assert mirrored.read("SELECT id FROM deals_archived WHERE id = 4") == [(4,)]
    assert mirrored.read("SELECT id FROM deals_deleted WHERE id = 5") == [(5,)]
    assert mirrored.read("SELECT table_name FROM _deleted WHERE id IN (3, 4, 5)") == [
        ("deals",)
    ]
    assert mirrored.read(
        "SELECT count(*) FROM deal_labels WHERE deal_id IN (3, 4)"
    ) == [(0,)]
    door("PATCH", "/api/v2/deals/4", {"is_archived": False})
    mirrored.sync()
    assert mirrored.read("SELECT id FROM deals WHERE id = 4") == [(4,)]
    assert mirrored.read("SELECT id FROM deals_archived WHERE id = 4") == []


def test_a_sweep_finds_what_lists_do_not_tell(mirrored: Mirrored) -> None:
    mirrored.sync(tables=("activities",))
    door = mirrored.door
    gone = mirrored.read("SELECT id FROM activities ORDER BY id LIMIT 1")[0][0]
    door("DELETE", f"/api/v2/activities/{gone}")
    mirrored.sync(sweep=None)
    assert mirrored.read(f"SELECT id FROM activities WHERE id = {gone}") == [(gone,)]
    mirrored.sync(sweep=timedelta(0))
    assert mirrored.differences() == []
    deleted = mirrored.read("SELECT id FROM _deleted WHERE table_name = 'activities'")
    assert deleted == [(gone,)]


def test_children_of_parents_come_when_they_are_named(mirrored: Mirrored) -> None:
    mirrored.sync(tables=("deal_products",))
    lists = [line for line in asked(mirrored.door.sandbox) if "deal_ids=" in line]
    assert mirrored.differences() == []
    with_products = mirrored.read("SELECT count(*) FROM deals WHERE products_count > 0")
    assert len(lists) == -(-with_products[0][0] // 100)


def test_all_tables_are_those_that_do_not_take_a_request_a_row(
    mirrored: Mirrored,
) -> None:
    names = {name for one in mirrored.plan(tables=("all",)) for name in one.tables}
    assert {"deals", "deal_products", "currencies"} <= names
    assert not {"deal_followers", "product_variation_prices", "phases"} & names


def test_the_price_of_children_is_told_before_they_are_asked_for(
    mirrored: Mirrored,
) -> None:
    told: list[Planned] = []
    with (
        closing(connected(mirrored.door.sandbox)) as connection,
        connection.sync(mirrored.path, Wishes(tables=("phases",))) as run,
    ):

        def hear(planned: Planned) -> None:
            assert "phases" not in " ".join(asked(mirrored.door.sandbox))
            told.append(planned)

        run.foretold = hear
        assert not run.run().failed
    boards = mirrored.read("SELECT count(*) FROM boards")[0][0]
    assert [one.tables for one in told] == [("phases",)]
    assert told[0].requests == (boards, None) and told[0].basis
    assert mirrored.differences() == []


def test_types_keys_indexes_and_views(mirrored: Mirrored) -> None:
    mirrored.sync(tables=("deals", "persons", "stages", "pipelines", "users"))
    columns = {row[1]: row[2] for row in mirrored.read("PRAGMA table_info(deals)")}
    assert columns["id"] == "INTEGER" and columns["value"] == "REAL"
    assert columns["add_time"] == "TIMESTAMP" and columns["is_deleted"] == "BOOLEAN"
    keys = {row[3]: row[2] for row in mirrored.read("PRAGMA foreign_key_list(deals)")}
    assert keys["stage_id"] == "stages" and keys["person_id"] == "persons"
    indexes = {row[1] for row in mirrored.read("PRAGMA index_list(deals)")}
    assert {"deals_stage_id", "deals_update_time"} <= indexes
    assert mirrored.read("PRAGMA user_version") == [(1,)]
    virtual = "SELECT count(*) FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL%'"
    assert mirrored.read(virtual) == [(0,)]
    # Views have names for ids, and types for all columns.
    row = mirrored.read(
        "SELECT v.stage = s.name, v.owner = u.name FROM v_deals v "
        "JOIN deals d USING (id) JOIN stages s ON s.id = d.stage_id "
        "JOIN users u ON u.id = d.owner_id"
    )
    assert set(row) == {(1, 1)} and len(row) == DEALS
    views = "SELECT name FROM sqlite_schema WHERE type = 'view'"
    for (view,) in mirrored.read(views):
        assert "" not in [c[2] for c in mirrored.read(f"PRAGMA table_info({view})")]
    assert mirrored.read(
        "SELECT DISTINCT d.status FROM v_pipeline JOIN deals d USING(id)"
    )


def test_a_ceiling_ends_a_run_and_the_next_goes_on(mirrored: Mirrored) -> None:
    report = mirrored.sync(tables=("deals", "users", "notes"), max_tokens=50, jobs=1)
    assert report.failed and report.tokens <= 50
    for _ in range(2):
        report = mirrored.sync(max_tokens=50)
        assert report.tokens <= 50
    assert mirrored.read("SELECT min(complete), count(*) FROM _sync") == [(1, 7)]
    assert mirrored.differences() == []
    assert not mirrored.sync().failed
    assert not mirrored.path.with_name("crm.db.staged").exists()


@pytest.mark.unofficial
def test_a_cursor_that_pipedrive_forgot_begins_the_list_again(
    mirrored: Mirrored,
) -> None:
    mirrored.sync(tables=("deals",), max_tokens=15)
    with closing(sqlite3.connect(mirrored.path.with_name("crm.db.staged"))) as staged:
        staged.execute("UPDATE _places SET rest = 'cursor=old' WHERE rest IS NOT NULL")
        assert staged.total_changes == 1
        staged.commit()
    assert not mirrored.sync(tables=("deals",)).failed
    assert "cursor=old" in " ".join(asked(mirrored.door.sandbox))
    assert mirrored.differences() == []


def test_rows_that_move_between_numbered_pages_are_not_missed(tmp_path: Path) -> None:
    """Pages of the older lists begin at a number: a deletion moves all rows behind."""
    with opened(seed=7, deals=200, page_cap=7) as door:
        mirrored = Mirrored(door, tmp_path / "crm.db")
        pages = 0

        def told(place: Place) -> None:
            nonlocal pages
            if place.family == "notes":
                pages += 1
                if pages == 2:
                    door("DELETE", f"/v1/notes/{company.rows('notes')[0]['id']}")

        company = door.sandbox.company
        with (
            closing(connected(door.sandbox, max_tokens=None)) as connection,
            connection.sync(mirrored.path, Wishes(tables=("notes",)), told) as run,
        ):
            assert not run.run().failed
        assert pages > 2
        assert mirrored.differences() == []


def test_files_of_others_are_not_touched(mirrored: Mirrored) -> None:
    mirrored.path.write_text("my notes")
    with pytest.raises(OperationalError, match="no file of this program"):
        mirrored.sync()
    assert mirrored.path.read_text() == "my notes"


def test_two_runs_at_once_are_refused(mirrored: Mirrored) -> None:
    with (
        closing(connected(mirrored.door.sandbox)) as connection,
        connection.sync(mirrored.path),
        pytest.raises(OperationalError, match="another process"),
    ):
        mirrored.sync()


def test_unknown_tables_and_those_that_need_input_are_told(mirrored: Mirrored) -> None:
    with pytest.raises(UnknownTable, match="Did you mean deals"):
        mirrored.plan(tables=("deal",))
    with pytest.raises(UnknownTable, match="cannot be in a file"):
        mirrored.plan(tables=("deals_search",))
