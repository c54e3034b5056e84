"""A file that is left alone where nothing has changed, bit for bit."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from pipedrive_sql.file.wishes import Report

from ..front_door import asked
from .conftest import Mirrored

TABLES = ("deals", "persons", "stages")


def digest(mirrored: Mirrored) -> str:
    """What tells the file from others."""
    return sha256(mirrored.path.read_bytes()).hexdigest()


def looked(mirrored: Mirrored, **wishes: object) -> Report:
    """A run that writes only what has changed."""
    return mirrored.sync(only_changes=True, sweep=None, **wishes)


def test_nothing_is_written_where_nothing_has_changed(mirrored: Mirrored) -> None:
    mirrored.sync(tables=(*TABLES, "notes"))
    before = digest(mirrored)
    told = dict(mirrored.read("SELECT table_name, as_of FROM _sync"))
    mirrored.door.sandbox.company.pass_time(timedelta(hours=1))
    report = looked(mirrored, tables=TABLES)
    assert not report.published and not report.failed
    assert digest(mirrored) == before
    assert report.requests == 5 and report.tokens == 47  # the user, and four lists
    assert "notes" not in {one.table for one in report.outcomes}
    for one in report.outcomes:
        assert one.as_of is not None and one.as_of > told[one.table]
        assert not one.published
    assert [f.name for f in mirrored.path.parent.iterdir()] == ["crm.db"]


def test_each_kind_of_change_is_written(mirrored: Mirrored) -> None:
    door = mirrored.door
    mirrored.sync(tables=TABLES)
    company = door.sandbox.company
    person = next(row for row in company.rows("persons") if len(row["emails"]) > 1)
    stage = company.rows("stages")[-1]["id"]
    for method, path, body in (
        ("PATCH", "/api/v2/deals/3", {"title": "Another title"}),
        ("PATCH", "/api/v2/deals/4", {"is_archived": True}),
        ("DELETE", "/api/v2/deals/5", None),
        ("PATCH", f"/api/v2/persons/{person['id']}", {"emails": person["emails"][:1]}),
        ("DELETE", f"/api/v2/stages/{stage}", None),
        ("POST", "/api/v2/dealFields", {"field_name": "A", "field_type": "varchar"}),
    ):
        door(method, path, body)
        report = looked(mirrored, tables=TABLES)
        assert report.published and not report.failed, (method, path)
    assert mirrored.differences() == []
    before = digest(mirrored)
    assert not looked(mirrored, tables=TABLES).published
    assert digest(mirrored) == before


def test_a_run_that_does_not_look_for_moves_loses_none(mirrored: Mirrored) -> None:
    door = mirrored.door
    mirrored.sync(tables=("deals",))
    door("PATCH", "/api/v2/deals/4", {"is_archived": True})
    door("PATCH", "/api/v2/deals/3", {"title": "Another title"})
    looked(mirrored, tables=("deals",), moves=False)
    heard = " ".join(asked(door.sandbox))
    assert "/deals?" in heard and "/archived" not in heard
    assert mirrored.read("SELECT count(*) FROM deals WHERE id = 4") == [(1,)]
    looked(mirrored, tables=("deals",))
    assert mirrored.differences() == []
    door("PATCH", "/api/v2/deals/4", {"is_archived": False})
    looked(mirrored, tables=("deals",), moves=False)
    looked(mirrored, tables=("deals",))
    assert mirrored.differences() == []
