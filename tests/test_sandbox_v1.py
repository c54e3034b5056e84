"""Leads, notes and the short lists of the sandbox, in the dialect of v1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .front_door import Door, opened

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    """A company that all tests here write to, each its own rows."""
    with opened(empty=True) as found:
        yield found


def test_a_lead_is_made_changed_archived_and_deleted(door: Door) -> None:
    person = door.add("/api/v2/persons", name="A")["id"]
    value = {"amount": 5.5, "currency": "EUR"}
    answer = door.send(
        "POST", "/v1/leads", {"title": "A", "person_id": person, "value": value}
    )
    assert answer.status_code == 201
    lead = answer.json()["data"]
    assert (lead["value"], lead["origin"], lead["source_name"]) == (value, "API", "API")
    here = f"/v1/leads/{lead['id']}"
    assert door("GET", here)["data"] == lead
    changed = door("PATCH", here, {"is_archived": True, "value": None})["data"]
    assert (changed["is_archived"], changed["value"]) == (True, None)
    assert lead["id"] in {row["id"] for row in door.rows("/v1/leads/archived")}
    assert door("DELETE", here)["data"] == {"id": lead["id"]}
    assert door.refused(404, "GET", here) == "requested lead not found"


def test_leads_carry_the_custom_fields_of_deals_flat() -> None:
    with opened(empty=True) as door:
        money, period, options = (
            door.add("/api/v2/dealFields", field_name=kind, field_type=kind, **more)
            for kind, more in (
                ("monetary", {}),
                ("daterange", {}),
                ("set", {"options": [{"label": "a"}, {"label": "b"}]}),
            )
        )
        flat = {
            money["field_code"]: 10.5,
            f"{money['field_code']}_currency": "EUR",
            period["field_code"]: "2026-02-29",
            f"{period['field_code']}_until": "2026-03-01",
            options["field_code"]: ",".join(str(o["id"]) for o in options["options"]),
        }
        organization = door.add("/api/v2/organizations", name="A")
        lead = door.add(
            "/v1/leads", title="A", organization_id=organization["id"], **flat
        )
        assert flat.items() <= lead.items()
        here = f"/v1/leads/{lead['id']}"
        cleared = door("PATCH", here, {money["field_code"]: None})["data"]
        assert money["field_code"] not in cleared
        assert f"{money['field_code']}_currency" not in cleared
        assert door.rows("/v1/leads") == [cleared]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"title": "A"}, "person_id: Parameter 'person_id' or organization_id is"),
        ({"title": "A", "person_id": 999}, "refers to nothing in persons"),
        ({"person_id": 1}, "'title' is required"),
        ({"title": "A", "label_ids": [NOBODY]}, f"has no label {NOBODY}"),
        ({"title": "A", "value": {"amount": 5}}, "must have amount and currency"),
    ],
)
def test_bodies_of_leads_are_checked(
    door: Door, body: dict[str, Any], problem: str
) -> None:
    assert problem in door.refused(400, "POST", "/v1/leads", body)


def test_lead_labels(door: Door) -> None:
    label = door.add("/v1/leadLabels", name="New", color="pink")
    here = f"/v1/leadLabels/{label['id']}"
    assert door("PATCH", here, {"name": "Old"})["data"]["name"] == "Old"
    person = door.add("/api/v2/persons", name="A")["id"]
    lead = door.add("/v1/leads", title="A", person_id=person, label_ids=[label["id"]])
    assert door("DELETE", here)["data"] == {"id": label["id"]}
    assert label["id"] not in {row["id"] for row in door.rows("/v1/leadLabels")}
    assert door("GET", f"/v1/leads/{lead['id']}")["data"]["label_ids"] == []
    door.refused(404, "PATCH", here, {"name": "A"})
    door.refused(400, "POST", "/v1/leadLabels", {"name": "A", "color": "black"})


def test_a_note_is_made_changed_and_deleted(door: Door) -> None:
    deal = door.add("/api/v2/deals", title="Talk")
    note = door.add(
        "/v1/notes",
        content="<p>Hi</p><script>alert(1)</script>",
        deal_id=deal["id"],
        pinned_to_deal_flag=1,
    )
    assert note["content"] == "<p>Hi</p>"
    assert (note["pinned_to_deal_flag"], note["deal"]) == (True, {"title": "Talk"})
    assert note["user"]["name"] == "Sam Sandbox"
    here = f"/v1/notes/{note['id']}"
    changed = door("PUT", here, {"content": "Bye"})["data"]
    assert (changed["content"], changed["deal_id"]) == ("Bye", deal["id"])
    assert changed["update_time"] > note["update_time"]
    assert door("DELETE", here)["data"] is True
    assert door.refused(404, "GET", here) == "Note not found"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"content": "A"}, "or another parent is required"),
        ({"person_id": 1}, "'content' is required"),
        ({"content": "A", "deal_id": 99_999}, "refers to nothing in deals"),
    ],
)
def test_bodies_of_notes_are_checked(
    door: Door, body: dict[str, Any], problem: str
) -> None:
    assert problem in door.refused(400, "POST", "/v1/notes", body)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"pinned_to_person_flag": 1}, "'pinned_to_person_flag' needs person_id"),
        ({"content": "A" * 102_401}, "'content' must have at most 102400 bytes"),
    ],
)
def test_notes_have_bounds(door: Door, more: dict[str, Any], problem: str) -> None:
    body = {"content": "A", "deal_id": door.add("/api/v2/deals", title="A")["id"]}
    assert problem in door.refused(400, "POST", "/v1/notes", body | more)


def test_activity_types(door: Door) -> None:
    kind = door.add("/v1/activityTypes", name="Video call", icon_key="camera")
    assert (kind["key_string"], kind["is_custom_flag"]) == ("video_call", True)
    made = door.add("/api/v2/activities", type="video_call")
    assert made["type"] == "video_call"
    field = door("GET", "/api/v2/activityFields/type")["data"]
    assert {"id": "video_call", "label": "Video call"} in field["options"]
    here = f"/v1/activityTypes/{kind['id']}"
    assert door("PUT", here, {"order_nr": 1})["data"]["order_nr"] == 1
    assert door("DELETE", here)["data"]["active_flag"] is False
    assert kind["id"] in {row["id"] for row in door.rows("/v1/activityTypes")}


def test_users_are_invited_and_switched_off(door: Door) -> None:
    user = door.add("/v1/users", email="new@sandbox.example")
    assert (user["email"], user["active_flag"]) == ("new@sandbox.example", True)
    here = f"/v1/users/{user['id']}"
    assert door("PUT", here, {"active_flag": False})["data"]["active_flag"] is False
    again = {"email": "new@sandbox.example"}
    assert "is already in use" in door.refused(400, "POST", "/v1/users", again)
    error = door.refused(404, "PUT", "/v1/users/999", {"active_flag": True})
    assert error == "User not found or not accessible."
