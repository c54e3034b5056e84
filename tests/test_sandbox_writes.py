"""Writes to the sandbox: what they answer, what they change, what they refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipedrive_sql.sandbox import Switches

from .front_door import Door, opened


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    """A company that all tests here write to, each its own rows."""
    with opened(empty=True) as found:
        yield found


# An empty company


def test_an_empty_company_has_what_an_account_begins_with() -> None:
    with opened(empty=True) as door:
        for path in ("deals", "persons", "organizations", "activities", "products"):
            assert door.rows(f"/api/v2/{path}") == []
        assert door("GET", "/v1/leads")["data"] is None
        assert [row["is_you"] for row in door.rows("/v1/users")] == [True]
        (pipeline,) = door.rows("/api/v2/pipelines")
        stages = door.rows("/api/v2/stages")
        assert {stage["pipeline_id"] for stage in stages} == {pipeline["id"]}
        assert [stage["order_nr"] for stage in stages] == [1, 2, 3, 4, 5]
        fields = door.rows("/api/v2/dealFields")
        assert not any(field["is_custom_field"] for field in fields)


# Every v2 collection alike


@pytest.mark.parametrize(
    ("path", "body", "change", "status"),
    [
        ("deals", {"title": "A"}, {"title": "B"}, 200),
        ("persons", {"name": "Ann Lee"}, {"name": "Ann Ree"}, 200),
        ("organizations", {"name": "A"}, {"website": "https://a.example"}, 200),
        ("activities", {"subject": "A"}, {"done": True}, 200),
        ("products", {"name": "A"}, {"code": "A-1"}, 201),
        ("pipelines", {"name": "A"}, {"name": "B"}, 200),
        ("stages", {"name": "A", "pipeline_id": 1}, {"deal_probability": 7}, 200),
    ],
)
def test_a_row_is_made_changed_and_deleted(
    door: Door, path: str, body: dict[str, Any], change: dict[str, Any], status: int
) -> None:
    answer = door.send("POST", f"/api/v2/{path}", body)
    assert answer.status_code == status
    made = answer.json()["data"]
    assert body.items() <= made.items()
    assert made["add_time"] == made["update_time"]
    here = f"/api/v2/{path}/{made['id']}"
    assert door("GET", here)["data"] == made
    assert door.rows(f"/api/v2/{path}")[-1] == made

    changed = door("PATCH", here, change)["data"]
    assert change.items() <= changed.items()
    assert changed["update_time"] > made["update_time"]
    assert changed["add_time"] == made["add_time"]
    assert door("GET", here)["data"] == changed

    assert door("DELETE", here)["data"] == {"id": made["id"]}
    assert made["id"] not in {row["id"] for row in door.rows(f"/api/v2/{path}")}
    gone = door("GET", here)["data"]
    assert gone["is_deleted"] and gone["update_time"] > changed["update_time"]
    assert door.refused(404, "DELETE", here) == "Entity was not found"
    assert door.refused(404, "PATCH", here, change) == "Entity was not found"
    again = door.add(f"/api/v2/{path}", **body)
    assert again["id"] == made["id"] + 1


@pytest.mark.parametrize(
    ("path", "body", "problem"),
    [
        ("deals", {}, "title: Parameter 'title' is required"),
        ("deals", {"title": ""}, "title: Parameter 'title' must be a non-empty string"),
        ("deals", {"title": "A", "user_id": 1}, "'user_id' is not allowed"),
        ("deals", {"title": "A", "value": "5"}, "'value' must be a number"),
        ("deals", {"title": "A", "owner_id": 99}, "'owner_id' refers to nothing"),
        ("deals", {"title": "A", "status": "new"}, "must be one of: open, won, lost"),
        ("deals", {"title": "A", "won_time": "2026-01-01T00:00:00Z"}, "status is won"),
        ("deals", {"title": "A", "lost_reason": "price"}, "status is lost"),
        ("deals", {"title": "A", "expected_close_date": "soon"}, "not a valid date"),
        ("deals", {"title": "A", "custom_fields": {"a" * 40: 1}}, "is not allowed"),
        ("persons", {"emails": []}, "'name' is required"),
        ("organizations", {"name": None}, "'name' is required"),
        ("organizations", {"name": "A", "address": "here"}, "must be an object"),
        ("activities", {"type": "dance"}, "is not a valid activity type"),
        ("products", {"name": "A", "billing_frequency": "weekly"}, "must not be null"),
        ("products", {"name": "A", "category": 999}, "has no option 999"),
        ("stages", {"name": "A"}, "'pipeline_id' is required"),
        ("stages", {"name": "A", "pipeline_id": 99}, "refers to nothing in pipelines"),
    ],
)
def test_bodies_are_checked(
    door: Door, path: str, body: dict[str, Any], problem: str
) -> None:
    before = door.rows(f"/api/v2/{path}")
    answer = door.send("POST", f"/api/v2/{path}", body)
    assert (answer.status_code, answer.json()["success"]) == (400, False)
    assert answer.json()["error"].startswith("Validation failed: ")
    assert problem in answer.json()["error"]
    assert door.rows(f"/api/v2/{path}") == before


def test_a_body_must_be_an_object(door: Door) -> None:
    assert "'body' must be an object" in door.refused(400, "POST", "/api/v2/deals", [1])


# Deals


def test_a_deal_starts_in_the_first_stage_of_its_pipeline(door: Door) -> None:
    plain = door.add("/api/v2/deals", title="A")
    assert (plain["pipeline_id"], plain["stage_id"]) == (1, 1)
    assert (plain["status"], plain["value"], plain["currency"]) == ("open", 0, "EUR")
    staged = door.add("/api/v2/deals", title="A", stage_id=3)
    assert (staged["pipeline_id"], staged["stage_id"]) == (1, 3)
    assert staged["stage_change_time"] is None
    here = f"/api/v2/deals/{staged['id']}"
    moved = door("PATCH", here, {"stage_id": 4})["data"]
    assert moved["stage_change_time"] is not None


def test_the_times_of_a_deal_follow_its_status(door: Door) -> None:
    late = "2026-03-01T22:30:00Z"
    won = door.add("/api/v2/deals", title="A", status="won", won_time=late)
    assert (won["won_time"], won["close_time"], won["lost_time"]) == (late, late, None)
    assert won["local_won_date"] == "2026-03-02", "the account's day, not UTC's"
    here = f"/api/v2/deals/{won['id']}"
    lost = door("PATCH", here, {"status": "lost", "lost_reason": "price"})["data"]
    assert (lost["won_time"], lost["lost_reason"]) == (None, "price")
    assert lost["lost_time"] == lost["close_time"] is not None
    again = door("PATCH", here, {"status": "open"})["data"]
    assert (again["lost_reason"], again["close_time"]) == (None, None)
    one = door("GET", here, include_fields="first_won_time")["data"]
    assert one["first_won_time"] == late


def test_deleting_a_deal_makes_its_status_deleted(door: Door) -> None:
    deal = door.add("/api/v2/deals", title="A")
    door("DELETE", f"/api/v2/deals/{deal['id']}")
    deleted = door.rows("/api/v2/deals", status="deleted")
    assert deal["id"] in {row["id"] for row in deleted}


def test_an_archived_deal_moves_to_its_own_list_and_cannot_be_edited(
    door: Door,
) -> None:
    deal = door.add("/api/v2/deals", title="A")
    here = f"/api/v2/deals/{deal['id']}"
    archived = door("PATCH", here, {"is_archived": True})["data"]
    assert archived["archive_time"] is not None
    assert deal["id"] not in {row["id"] for row in door.rows("/api/v2/deals")}
    assert deal["id"] in {row["id"] for row in door.rows("/api/v2/deals/archived")}
    error = door.refused(400, "PATCH", here, {"title": "B"})
    assert "is an archived deal, which cannot be edited" in error
    back = door("PATCH", here, {"is_archived": False})["data"]
    assert back["archive_time"] is None


def test_patch_deletes_nothing_unless_switched() -> None:
    with opened(empty=True) as door:
        company = door.sandbox.company
        deal = door.add("/api/v2/deals", title="A")
        error = door.refused(400, "PATCH", f"/api/v2/deals/{deal['id']}", GONE)
        assert "use DELETE" in error
    with opened(company=company, switches=Switches(patch_can_delete=True)) as door:
        changed = door("PATCH", f"/api/v2/deals/{deal['id']}", GONE)["data"]
        assert changed["is_deleted"]
        assert door.rows("/api/v2/deals") == []


GONE = {"is_deleted": True}


def test_probability_needs_a_pipeline_with_probability(door: Door) -> None:
    off = door.add("/api/v2/pipelines", name="Without")
    door.add("/api/v2/stages", name="Only", pipeline_id=off["id"])
    error = door.refused(
        400,
        "POST",
        "/api/v2/deals",
        {"title": "A", "pipeline_id": off["id"], "probability": 50},
    )
    assert "is not enabled for the pipeline" in error
    assert door.add("/api/v2/deals", title="A", probability=50)["probability"] == 50


# Persons and organizations


def test_a_person_has_parts_of_a_name_and_one_primary_address(door: Door) -> None:
    person = door.add(
        "/api/v2/persons",
        name="Ann van Lee",
        emails=[{"value": "a@b.example"}, {"value": "c@d.example", "label": "home"}],
    )
    assert (person["first_name"], person["last_name"]) == ("Ann", "van Lee")
    assert person["emails"] == [
        {"value": "a@b.example", "primary": True, "label": "work"},
        {"value": "c@d.example", "primary": False, "label": "home"},
    ]
    here = f"/api/v2/persons/{person['id']}"
    assert door("PATCH", here, {"emails": None})["data"]["emails"] == []


def test_contact_sync_columns_are_there_only_with_contact_sync(door: Door) -> None:
    error = door.refused(
        403, "POST", "/api/v2/persons", {"name": "A", "birthday": "2000-01-01"}
    )
    assert error == "Contact sync is not enabled, cannot set birthday"
    with opened(deals=5) as synced:
        person = synced.add("/api/v2/persons", name="A", birthday="2000-01-01")
        assert person["birthday"] == "2000-01-01"
