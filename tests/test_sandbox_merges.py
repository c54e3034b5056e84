"""Two rows of the sandbox become one, and what hangs on the one that goes stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipedrive_sql.sandbox import Switches

from .front_door import Door, ids, opened

PATHS = {"deal": "deals", "person": "persons", "organization": "organizations"}


@pytest.fixture
def door() -> Iterator[Door]:
    with opened(seed=7, deals=80) as found:
        yield found


def merged(door: Door, entity: str, gone: int, kept: int) -> Any:
    return door("PUT", f"/v1/{PATHS[entity]}/{gone}/merge", {"merge_with_id": kept})


@pytest.mark.parametrize("entity", PATHS)
def test_one_row_is_left(door: Door, entity: str) -> None:
    path = f"/api/v2/{PATHS[entity]}"
    before = {row["id"]: row for row in door.rows(path)}
    gone, kept = list(before)[:2]
    answer = merged(door, entity, gone, kept)["data"]
    assert answer["id"] == kept
    if entity != "organization":  # whose answer is its id alone (spec)
        assert answer["merge_what_id"] == gone
    after = {row["id"]: row for row in door.rows(path)}
    assert set(after) == set(before) - {gone}
    assert after[kept]["update_time"] > before[kept]["update_time"]
    door.refused(404, "GET", f"{path}/{gone}")
    if entity == "deal":
        assert gone not in ids(door.rows(path, status="deleted"))


def test_what_is_empty_is_filled_and_the_rest_stays(door: Door) -> None:
    code = door.add("/api/v2/personFields", field_name="A", field_type="varchar")[
        "field_code"
    ]
    other = door.add("/api/v2/personFields", field_name="B", field_type="varchar")[
        "field_code"
    ]
    gone = door.add(
        "/api/v2/persons",
        name="Ann",
        job_title="CEO",
        emails=[{"value": "ann@a.example"}],
        custom_fields={code: "gone", other: "gone"},
    )["id"]
    kept = door.add(
        "/api/v2/persons",
        name="Anne",
        phones=[{"value": "1"}],
        custom_fields={code: "kept"},
    )["id"]
    merged(door, "person", gone, kept)
    row = door("GET", f"/api/v2/persons/{kept}")["data"]
    assert (row["name"], row["job_title"]) == ("Anne", "CEO")
    assert [one["value"] for one in row["emails"] + row["phones"]] == [
        "ann@a.example",
        "1",
    ]
    assert row["custom_fields"][code] == "kept"
    assert row["custom_fields"][other] == "gone"


@pytest.mark.parametrize("moves", [True, False])
def test_what_hangs_on_it_hangs_on_the_other_one(moves: bool) -> None:
    switches = Switches(merges_change_what_hangs_on_them=moves)
    with opened(empty=True, switches=switches) as door:
        mother = door.add("/api/v2/organizations", name="A")["id"]
        other = door.add("/api/v2/organizations", name="B")["id"]
        third = door.add("/api/v2/organizations", name="C")["id"]
        for linked in (other, third):
            ends = {"rel_owner_org_id": mother, "rel_linked_org_id": linked}
            door.add("/v1/organizationRelationships", type="related", **ends)
        person = door.add("/api/v2/persons", name="P", org_id=mother)["id"]
        made = [
            door.add("/api/v2/deals", title="D", org_id=mother, person_id=person),
            door.add("/api/v2/activities", subject="S", org_id=mother),
            door.add("/v1/notes", content="N", org_id=mother),
            door.add("/v1/leads", title="L", organization_id=mother),
        ]
        lists = ["/api/v2/deals", "/api/v2/activities", "/v1/notes", "/v1/leads"]
        for user in (1, 2):
            if user == 2:
                door.add("/v1/users", email="b@b.example")
            door.add(f"/api/v2/organizations/{mother}/followers", user_id=user)
        door.add(f"/api/v2/organizations/{other}/followers", user_id=1)
        merged(door, "organization", mother, other)
        for path, row in zip(lists, made, strict=True):
            (now,) = door.rows(path)
            assert now["id"] == row["id"]
            assert now.get("org_id", now.get("organization_id")) == other
            assert (now["update_time"] > row["update_time"]) is moves
        assert door.rows("/api/v2/persons")[0]["org_id"] == other
        followers = door.rows(f"/api/v2/organizations/{other}/followers")
        assert {row["user_id"] for row in followers} == {1, 2} and len(followers) == 2
        related = door("GET", "/v1/organizationRelationships", org_id=other)["data"]
        assert len(related) == 1  # none with itself


def test_persons_take_part_in_what_the_other_one_took_part_in(door: Door) -> None:
    ann = door.add("/api/v2/persons", name="Ann")["id"]
    bob = door.add("/api/v2/persons", name="Bob")["id"]
    here = {"participants": [{"person_id": ann, "primary": True}]}
    both = {
        "participants": [
            {"person_id": bob, "primary": True},
            {"person_id": ann, "primary": False},
        ]
    }
    alone = door.add("/api/v2/activities", subject="A", **here)["id"]
    together = door.add("/api/v2/activities", subject="B", **both)["id"]
    deal = door.add("/api/v2/deals", title="D", person_id=ann)["id"]
    merged(door, "person", ann, bob)
    for activity in (alone, together):
        row = door("GET", f"/api/v2/activities/{activity}")["data"]
        assert row["participants"] == [{"person_id": bob, "primary": True}]
        assert row["person_id"] == bob
    (row,) = door("GET", f"/v1/deals/{deal}/participants")["data"]
    assert row["person_id"]["value"] == bob


def test_deals_give_their_participants(door: Door) -> None:
    company = door.sandbox.company
    gone = next(deal for deal, people in company.participants.items() if people)
    kept = next(row["id"] for row in company.rows("deals") if row["id"] != gone)
    people = set(company.participants[gone])
    merged(door, "deal", gone, kept)
    assert people <= set(company.participants[kept])
    assert gone not in company.participants
    assert not any(gone in deals for deals in company.participations.values())


def test_a_merged_row_may_be_a_deleted_one() -> None:
    switches = Switches(merged_rows_are_deleted=True)
    with opened(seed=7, deals=20, switches=switches) as door:
        merged(door, "deal", 1, 2)
        assert 1 in ids(door.rows("/api/v2/deals", status="deleted"))
        assert 1 not in ids(door.rows("/api/v2/deals"))


def test_what_cannot_be_merged_is_refused(door: Door) -> None:
    door.refused(400, "PUT", "/v1/deals/1/merge", {"merge_with_id": 1})
    door.refused(400, "PUT", "/v1/deals/1/merge", {})
    door.refused(404, "PUT", "/v1/deals/1/merge", {"merge_with_id": 9999})
    door.refused(404, "PUT", "/v1/deals/9999/merge", {"merge_with_id": 1})
