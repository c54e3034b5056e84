"""What hangs on deals, persons, organizations, products, notes and leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .front_door import Door, opened


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with opened(deals=60, page_cap=3) as found:
        yield found


FOLLOWED = pytest.mark.parametrize(
    "path",
    ["/api/v2/deals", "/api/v2/persons", "/api/v2/organizations", "/api/v2/products"],
)


@FOLLOWED
def test_followers_come_and_go_and_the_changelog_says_so(door: Door, path: str) -> None:
    row = door.add(path, title="A") if "deals" in path else door.add(path, name="A")
    here = f"{path}/{row['id']}/followers"
    added = door.add(here, user_id=3)
    assert door.rows(here) == [added]
    assert "already following" in door.refused(400, "POST", here, {"user_id": 3})
    assert door("DELETE", f"{here}/3")["data"] == {"user_id": 3}
    assert door.rows(here) == []
    door.refused(404, "DELETE", f"{here}/3")
    told = [
        (r["action"], r["follower_user_id"]) for r in door.rows(f"{here}/changelog")
    ]
    assert told == [("added", 3), ("removed", 3)]


def test_followers_are_counted(door: Door) -> None:
    for row in door.rows("/api/v2/deals", include_fields="followers_count"):
        followers = door.rows(f"/api/v2/deals/{row['id']}/followers")
        assert row["followers_count"] == len(followers)


def test_a_changelog_tells_of_writes_the_newest_first(door: Door) -> None:
    key = door.add("/api/v2/deals", title="A")["id"]
    door("PATCH", f"/api/v2/deals/{key}", {"title": "B", "owner_id": 2})
    door("PATCH", f"/api/v2/deals/{key}", {"title": "C"})
    found = door.rows(f"/v1/deals/{key}/changelog")
    told = [(r["field_key"], r["old_value"], r["new_value"]) for r in found]
    assert told == [("title", "B", "C"), ("user_id", "1", "2"), ("title", "A", "B")]


def test_a_changelog_pages_by_its_own_cursors(door: Door) -> None:
    key = door.add("/api/v2/persons", name="A")["id"]
    for name in "BCDEF":
        door("PATCH", f"/api/v2/persons/{key}", {"name": name})
    here = f"/v1/persons/{key}/changelog"
    assert len(door("GET", here)["data"]) == 3
    names = [r["new_value"] for r in door.rows(here) if r["field_key"] == "name"]
    assert names == list("FEDCB")


@pytest.mark.unofficial
def test_a_cursor_made_by_hand_is_refused(door: Door) -> None:
    assert "cursor" in door.refused(400, "GET", "/v1/deals/1/changelog", cursor="0")


def test_flow_leaves_custom_fields_out_unless_asked(door: Door) -> None:
    custom = set(door.sandbox.company.custom("organization"))

    def keys(here: str, **query: Any) -> set[str]:
        rows = door.rows(here, items="change", **query)
        return {row["data"]["field_key"] for row in rows}

    keys_of_rows = [row["id"] for row in door.rows("/api/v2/organizations")]
    heres = [f"/v1/organizations/{key}/flow" for key in keys_of_rows]
    assert not custom & set().union(*(keys(here) for here in heres))
    assert custom & set().union(*(keys(here, all_changes="1") for here in heres))


def test_flow_is_narrowed_to_items(door: Door) -> None:
    kinds = {row["object"] for row in door.rows("/v1/persons/1/flow")}
    assert {"file", "mailMessage"} < kinds
    found = door.rows("/v1/persons/1/flow", items="file")
    assert {row["object"] for row in found} == {"file"}


def test_files_of_an_item_are_among_all_files(door: Door) -> None:
    every = {row["id"]: row for row in door.rows("/v1/files")}
    assert len(every) > 10
    for deal in door.rows("/api/v2/deals")[:5]:
        for row in door.rows(f"/v1/deals/{deal['id']}/files"):
            assert every[row["id"]] == row and row["deal_id"] == deal["id"]


@pytest.mark.unofficial
def test_no_page_of_files_has_more_than_a_hundred() -> None:
    with opened(deals=600) as door:
        page = door("GET", "/v1/files", limit=500)
        assert len(page["data"]) == 100
        assert page["additional_data"]["pagination"]["limit"] == 100


def test_files_come_in_the_order_asked_for(door: Door) -> None:
    times = [r["update_time"] for r in door.rows("/v1/files", sort="update_time DESC")]
    assert times == sorted(times, reverse=True)


def test_a_deleted_file_is_gone(door: Door) -> None:
    key = door.rows("/v1/files")[-1]["id"]
    assert door("DELETE", f"/v1/files/{key}")["data"] == {"id": key}
    assert door.refused(404, "GET", f"/v1/files/{key}") == "File not found"
    assert key not in {row["id"] for row in door.rows("/v1/files")}


def test_bodies_of_mail_come_only_when_asked_for(door: Door) -> None:
    plain = door.rows("/v1/persons/1/mailMessages")
    whole = door.rows("/v1/persons/1/mailMessages", include_body=1)
    assert plain and not any("body" in row["data"] for row in plain)
    assert all("body" in row["data"] for row in whole)


def test_the_owner_may_always_see_what_he_owns(door: Door) -> None:
    users = {row["id"] for row in door.rows("/v1/users") if row["active_flag"]}
    for row in door.rows("/api/v2/deals", limit=3)[:12]:
        seen = door("GET", f"/v1/deals/{row['id']}/permittedUsers")["data"]
        assert set(seen) <= users and (
            row["owner_id"] in seen or row["owner_id"] not in users
        )


def test_an_item_that_is_not_there(door: Door) -> None:
    door.refused(404, "GET", "/api/v2/products/9999/followers")
    assert door.refused(404, "GET", "/v1/persons/9999/flow") == "Person not found"
    assert door.refused(404, "GET", "/v1/leads/9999/permittedUsers")


def test_relationships_are_seen_from_both_sides(door: Door) -> None:
    mother = door.add("/api/v2/organizations", name="Mother")["id"]
    daughter = door.add("/api/v2/organizations", name="Daughter")["id"]
    body = {"rel_owner_org_id": mother, "rel_linked_org_id": daughter}
    key = door.add("/v1/organizationRelationships", type="parent", **body)["id"]

    def seen(org: int) -> tuple[Any, ...]:
        (row,) = door("GET", "/v1/organizationRelationships", org_id=org)["data"]
        return row["id"], row["calculated_type"], row["related_organization_name"]

    assert seen(mother) == (key, "daughter", "Daughter")
    assert seen(daughter) == (key, "parent", "Mother")
    door("DELETE", f"/v1/organizationRelationships/{key}")
    assert door("GET", "/v1/organizationRelationships", org_id=mother)["data"] is None


def test_comments_on_a_note(door: Door) -> None:
    note = door.add("/v1/notes", content="A", person_id=1)["id"]
    here = f"/v1/notes/{note}/comments"
    added = door.add(here, content="B")
    assert (added["object_id"], added["object_type"]) == (str(note), "note")
    one = f"{here}/{added['uuid']}"
    assert door("PUT", one, {"content": "C"})["data"]["updater_id"] == 1
    assert [row["content"] for row in door.rows(here)] == ["C"]
    assert door("DELETE", one)["data"] is True
    assert door.rows(here) == []


def test_a_variation_has_a_price_even_if_none_is_given(door: Door) -> None:
    row = door.add("/api/v2/products/2/variations", name="XL")
    assert row["prices"] == [
        {
            "product_variation_id": row["id"],
            "price": 0,
            "currency": "EUR",
            "cost": 0,
            "direct_cost": 0,
            "notes": "",
        }
    ]
    assert row in door.rows("/api/v2/products/2/variations")


def test_a_product_without_an_image_has_nothing_there(door: Door) -> None:
    assert door("GET", "/api/v2/products/1/images")["data"]["product_id"] == 1
    door("DELETE", "/api/v2/products/1/images")
    door.refused(404, "GET", "/api/v2/products/1/images")


def test_a_lead_becomes_a_deal(door: Door) -> None:
    lead = door.add("/v1/leads", title="Lead", person_id=1)["id"]
    done = door("POST", f"/api/v2/leads/{lead}/convert/deal", {})["data"]
    where = f"/api/v2/leads/{lead}/convert/status/{done['conversion_id']}"
    status = door("GET", where)["data"]
    assert status["status"] == "completed"
    here = f"/api/v2/deals/{status['deal_id']}"
    deal = door("GET", here, include_fields="source_lead_id")["data"]
    assert (deal["title"], deal["source_lead_id"]) == ("Lead", lead)
    door.refused(404, "GET", f"/v1/leads/{lead}")
    door.refused(404, "GET", where.replace("leads", "deals"))


def test_a_lead_of_someone_who_has_left_becomes_a_deal(door: Door) -> None:
    company = door.sandbox.company
    left = next(u["id"] for u in company.rows("users") if u["is_deleted"])
    lead = door.add("/v1/leads", title="Lead", person_id=1)["id"]
    company["leads"].change(lead, {"owner_id": left})
    done = door("POST", f"/api/v2/leads/{lead}/convert/deal", {})["data"]
    where = f"/api/v2/leads/{lead}/convert/status/{done['conversion_id']}"
    deal = door("GET", where)["data"]["deal_id"]
    assert door("GET", f"/api/v2/deals/{deal}")["data"]["owner_id"] == left


def test_a_deal_becomes_a_lead(door: Door) -> None:
    deal = door.add("/api/v2/deals", title="Deal", person_id=1)["id"]
    done = door("POST", f"/api/v2/deals/{deal}/convert/lead")["data"]
    where = f"/api/v2/deals/{deal}/convert/status/{done['conversion_id']}"
    lead = door("GET", where)["data"]["lead_id"]
    assert door("GET", f"/v1/leads/{lead}")["data"]["source_deal_id"] == deal
    assert deal not in {row["id"] for row in door.rows("/api/v2/deals")}


def test_deals_of_a_product_by_status(door: Door) -> None:
    every = door.rows("/v1/products/1/deals")
    won = door.rows("/v1/products/1/deals", status="won")
    assert every and [row["id"] for row in won] == [
        row["id"] for row in every if row["status"] == "won"
    ]
