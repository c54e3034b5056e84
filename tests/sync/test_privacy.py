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
