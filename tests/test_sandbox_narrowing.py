"""The sandbox's lists: every parameter narrows as documented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipedrive_sql.sandbox import Switches

from .front_door import CURSOR_LISTS, START_LISTS, Door, Row, ids, of, opened

Test = Callable[[Row], bool]


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with opened(deals=150, page_cap=40) as found:
        yield found


def equals(column: str, value: Any) -> Test:
    return lambda row: row[column] == value


DEAL_TESTS: dict[str, tuple[dict[str, Any], Test]] = {
    "owner": ({"owner_id": 1}, equals("owner_id", 1)),
    "person": ({"person_id": 12}, equals("person_id", 12)),
    "organization": ({"org_id": 3}, equals("org_id", 3)),
    "pipeline": ({"pipeline_id": 2}, equals("pipeline_id", 2)),
    "stage": ({"stage_id": 2}, equals("stage_id", 2)),
    "won": ({"status": "won"}, equals("status", "won")),
    "closed": ({"status": "won,lost"}, lambda row: row["status"] in {"won", "lost"}),
    "two": (
        {"status": "open", "pipeline_id": 1},
        lambda row: row["status"] == "open" and row["pipeline_id"] == 1,
    ),
    "since": (
        {"updated_since": "2026-06-01T00:00:00Z"},
        lambda row: row["update_time"] >= "2026-06-01T00:00:00Z",
    ),
    "elsewhere": (
        {"updated_since": "2026-06-01T03:00:00+03:00"},
        lambda row: row["update_time"] >= "2026-06-01T00:00:00Z",
    ),
    "until": (
        {"updated_until": "2025-06-01T00:00:00Z"},
        lambda row: row["update_time"] < "2025-06-01T00:00:00Z",
    ),
}


@pytest.mark.parametrize("name", ["deals", "deals_archived"])
@pytest.mark.parametrize(("query", "test"), DEAL_TESTS.values(), ids=DEAL_TESTS)
def test_deals_are_filtered(
    door: Door, name: str, query: dict[str, Any], test: Test
) -> None:
    expected = [row["id"] for row in of(door, name) if test(row)]
    assert expected or name == "deals_archived"
    assert ids(door.rows(CURSOR_LISTS[name], **query)) == expected


@pytest.mark.unofficial
def test_a_status_that_does_not_exist_narrows_nothing(door: Door) -> None:
    assert ids(door.rows("/api/v2/deals", status="new")) == ids(of(door, "deals"))
    strict = Switches(invalid_status_returns_everything=False)
    with opened(company=door.sandbox.company, switches=strict) as other:
        error = other.refused(400, "GET", "/api/v2/deals", status="new")
        assert error.endswith("must be any of: open, won, lost, deleted")


def test_updated_since_is_inclusive_and_until_is_not(door: Door) -> None:
    moment = of(door, "deals")[5]["update_time"]
    after = door.rows("/api/v2/deals", updated_since=moment)
    before = door.rows("/api/v2/deals", updated_until=moment)
    assert moment in {row["update_time"] for row in after}
    assert moment not in {row["update_time"] for row in before}
    assert sorted(ids(after + before)) == ids(of(door, "deals"))


def test_deleted_deals_are_listed_on_request_only(door: Door) -> None:
    deleted = ids(of(door, "deals_deleted"))
    assert deleted
    assert ids(door.rows("/api/v2/deals", status="deleted")) == deleted
    both = ids(door.rows("/api/v2/deals", status="deleted,won"))
    won = [row["id"] for row in of(door, "deals") if row["status"] == "won"]
    assert both == sorted(deleted + won)


OTHER_TESTS: dict[str, tuple[str, dict[str, Any], Test]] = {
    "persons of owner": ("persons", {"owner_id": 2}, equals("owner_id", 2)),
    "persons of organization": ("persons", {"org_id": 4}, equals("org_id", 4)),
    "persons changed": (
        "persons",
        {
            "updated_since": "2025-01-01T00:00:00Z",
            "updated_until": "2026-01-01T00:00:00Z",
        },
        lambda row: "2025" <= row["update_time"] < "2026",
    ),
    "organizations of owner": ("organizations", {"owner_id": 2}, equals("owner_id", 2)),
    "activities of owner": ("activities", {"owner_id": 2}, equals("owner_id", 2)),
    "activities of deal": ("activities", {"deal_id": 7}, equals("deal_id", 7)),
    "activities of person": ("activities", {"person_id": 7}, equals("person_id", 7)),
    "activities of organization": ("activities", {"org_id": 7}, equals("org_id", 7)),
    "activities done": ("activities", {"done": "true"}, equals("done", True)),
    "activities undone": ("activities", {"done": 0}, equals("done", False)),
    "products of owner": ("products", {"owner_id": 2}, equals("owner_id", 2)),
    "products changed": (
        "products",
        {"updated_since": "2026-01-01T00:00:00Z"},
        lambda row: row["update_time"] >= "2026",
    ),
    "stages of pipeline": ("stages", {"pipeline_id": 2}, equals("pipeline_id", 2)),
}


@pytest.mark.parametrize(
    ("name", "query", "test"), OTHER_TESTS.values(), ids=OTHER_TESTS
)
def test_other_collections_are_filtered(
    door: Door, name: str, query: dict[str, Any], test: Test
) -> None:
    expected = [row["id"] for row in of(door, name) if test(row)]
    assert 0 < len(expected) < len(of(door, name))
    assert ids(door.rows(CURSOR_LISTS[name], **query)) == expected


def test_activities_of_a_lead(door: Door) -> None:
    lead = next(row["lead_id"] for row in of(door, "activities") if row["lead_id"])
    listed = door.rows("/api/v2/activities", lead_id=lead)
    assert ids(listed) == [
        r["id"] for r in of(door, "activities") if r["lead_id"] == lead
    ]


def test_persons_of_a_deal_are_its_contact_and_its_participants(door: Door) -> None:
    company = door.sandbox.company
    deal = next(iter(company.participants))
    people = {company["deals"].rows[deal]["person_id"], *company.participants[deal]}
    expected = [row["id"] for row in of(door, "persons") if row["id"] in people]
    assert ids(door.rows("/api/v2/persons", deal_id=deal)) == expected


LEAD_TESTS: dict[str, tuple[dict[str, Any], Test]] = {
    "owner": ({"owner_id": 1}, equals("owner_id", 1)),
    "person": ({"person_id": 63}, equals("person_id", 63)),
    "organization": ({"organization_id": 31}, equals("organization_id", 31)),
}


@pytest.mark.parametrize("name", ["leads", "leads_archived"])
@pytest.mark.parametrize(("query", "test"), LEAD_TESTS.values(), ids=LEAD_TESTS)
def test_leads_are_filtered(
    door: Door, name: str, query: dict[str, Any], test: Test
) -> None:
    expected = {row["id"] for row in of(door, name) if test(row)}
    assert expected or name == "leads_archived"
    assert set(ids(door.rows(START_LISTS[name], **query))) == expected


def test_leads_come_by_creation_or_as_sorted(door: Door) -> None:
    times = [row["add_time"] for row in door.rows("/v1/leads")]
    assert times == sorted(times)
    rows = door.rows("/v1/leads", sort="was_seen DESC, title ASC")
    places = [(not row["was_seen"], row["title"]) for row in rows]
    assert places == sorted(places)
    changed = door.rows("/v1/leads", updated_since="2026-01-01T00:00:00Z")
    assert {row["id"] for row in changed} == {
        row["id"] for row in of(door, "leads") if row["update_time"] >= "2026"
    }
    assert "not allowed" in door.refused(
        400, "GET", "/v1/leads/archived", updated_since="2026-01-01T00:00:00Z"
    )


NOTE_TESTS: dict[str, tuple[dict[str, Any], Test]] = {
    "user": ({"user_id": 2}, equals("user_id", 2)),
    "pinned": ({"pinned_to_deal_flag": 1}, equals("pinned_to_deal_flag", True)),
    "not pinned": ({"pinned_to_deal_flag": 0}, equals("pinned_to_deal_flag", False)),
    "day": (
        {"start_date": "2025-01-01", "end_date": "2025-12-31"},
        lambda row: row["add_time"].startswith("2025"),
    ),
    "changed": (
        {"updated_since": "2026-01-01T00:00:00Z"},
        lambda row: row["update_time"] >= "2026",
    ),
}


@pytest.mark.parametrize(("query", "test"), NOTE_TESTS.values(), ids=NOTE_TESTS)
def test_notes_are_filtered(door: Door, query: dict[str, Any], test: Test) -> None:
    expected = [row["id"] for row in of(door, "notes") if test(row)]
    assert 0 < len(expected) < len(of(door, "notes"))
    assert ids(door.rows("/v1/notes", **query)) == expected


@pytest.mark.parametrize("column", ["deal_id", "person_id", "org_id", "lead_id"])
def test_notes_of_a_parent(door: Door, column: str) -> None:
    notes = of(door, "notes")
    parent = next(row[column] for row in notes if row[column] is not None)
    expected = [row["id"] for row in notes if row[column] == parent]
    assert ids(door.rows("/v1/notes", **{column: parent})) == expected


def test_currencies_and_users_are_found_by_a_term(door: Door) -> None:
    assert [row["code"] for row in door.rows("/v1/currencies", term="eu")] == ["EUR"]
    found = door.rows("/v1/users/find", term="sandbox")
    assert [row["name"] for row in found] == ["Sam Sandbox"]
    found = door.rows("/v1/users/find", term="user2@", search_by_email=1)
    assert ids(found) == [2]


def test_filters_of_a_type(door: Door) -> None:
    types = {row["type"] for row in door.rows("/v1/filters", type="people")}
    assert types == {"people"}
