"""What a file must not hold is in no column, no array, and no free page."""

from __future__ import annotations

import pytest

from pipedrive_sql.errors import InterfaceError
from pipedrive_sql.file.privacy import rules
from pipedrive_sql.file.wishes import Wishes

from .conftest import Mirrored

KEY = b"a key of the tests, long enough"


def test_a_dropped_field_is_nowhere(mirrored: Mirrored) -> None:
    company = mirrored.door.sandbox.company
    address = next(
        r["emails"][0]["value"] for r in company.rows("persons") if r["emails"]
    )
    mirrored.sync(tables=("persons",))
    assert address.encode() in mirrored.path.read_bytes()
    mirrored.sync(privacy=rules("drop=persons.email"))
    names = [row[1] for row in mirrored.read("PRAGMA table_info(persons)")]
    assert "email" not in names and "emails" not in names and "phone" in names
    assert address.encode() not in mirrored.path.read_bytes()
    mirrored.sync()  # it stays so
    assert "email" not in [
        row[1] for row in mirrored.read("PRAGMA table_info(persons)")
    ]
    mirrored.sync(privacy=())
    assert mirrored.differences() == []


def test_a_hashed_field_can_still_be_joined(mirrored: Mirrored) -> None:
    mirrored.sync(
        tables=("persons",), privacy=rules("hash=persons.phone"), hash_key=KEY
    )
    company = mirrored.door.sandbox.company
    phones = (one["value"] for row in company.rows("persons") for one in row["phones"])
    longest = max(phones, key=len)
    assert longest.encode() not in mirrored.path.read_bytes()
    assert str(KEY) not in repr(Wishes(hash_key=KEY))
    joined = mirrored.read(
        "SELECT count(*), max(length(p.phone)) FROM persons p JOIN person_phones n "
        "ON n.person_id = p.id AND n.phone = p.phone"
    )
    known = mirrored.read("SELECT count(*) FROM persons WHERE phone IS NOT NULL")
    assert joined[0][0] >= known[0][0] and joined[0][1] == 32


def test_rules_that_cannot_be_kept_are_refused(mirrored: Mirrored) -> None:
    with pytest.raises(InterfaceError, match="no column e_mail of persons"):
        mirrored.plan(privacy=rules("drop=persons.e_mail"))
    with pytest.raises(InterfaceError, match="Hashes need a key"):
        mirrored.plan(privacy=rules("hash=persons.email"))
    with pytest.raises(InterfaceError, match="is the key of persons"):
        mirrored.plan(privacy=rules("drop=persons.id"))


def test_a_file_does_not_change_in_part_what_it_leaves_out(mirrored: Mirrored) -> None:
    """A table that cannot be read would keep what must not be there any more."""
    mirrored.sync(tables=("persons", "stages"))
    before = mirrored.path.read_bytes()
    report = mirrored.sync(
        privacy=rules("hash=persons.phone"), hash_key=KEY, max_tokens=8
    )
    assert not report.published
    assert {one.table for one in report.failed} >= {"persons", "stages"}
    assert mirrored.path.read_bytes() == before
    mirrored.sync(privacy=rules("hash=persons.phone"), hash_key=KEY)
    assert mirrored.read("SELECT max(length(phone)) FROM persons") == [(32,)]
    with pytest.raises(InterfaceError, match="persons cannot be excluded"):
        mirrored.plan(privacy=(), exclude=("persons",))
    # Rows that were staged before are not taken for those of the new rules.
    mirrored.sync(privacy=(), max_tokens=15)
    mirrored.sync(hash_key=KEY)
    assert mirrored.read("SELECT max(length(phone)) FROM persons") == [(32,)]


def test_a_later_beginning_removes_rows_that_are_not_deleted(
    mirrored: Mirrored,
) -> None:
    mirrored.sync(tables=("persons", "leads"))
    mirrored.sync(since="2026-06-01")
    updated = "SELECT min(update_time) >= '2026-06-01', count(*) > 9 FROM {}"
    for table in ("persons", "leads"):
        assert mirrored.read(updated.format(table)) == [(1, 1)]
    assert mirrored.read("SELECT count(*) FROM _deleted") == [(0,)]
    mirrored.sync(since="")
    assert mirrored.differences() == []
