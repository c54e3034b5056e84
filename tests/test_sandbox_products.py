"""Activities, products and the products of deals of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .front_door import Door, opened


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    """A company that all tests here write to, each its own rows."""
    with opened(empty=True) as found:
        yield found


# Activities


def test_the_person_of_an_activity_is_its_primary_participant(door: Door) -> None:
    people = [door.add("/api/v2/persons", name=name)["id"] for name in ("A", "B")]
    activity = door.add(
        "/api/v2/activities",
        participants=[
            {"person_id": people[0]},
            {"person_id": people[1], "primary": True},
        ],
    )
    assert activity["person_id"] == people[1]
    assert activity["subject"] == "Call"
    listed = door.rows("/api/v2/activities", person_id=people[1])
    assert [row["id"] for row in listed] == [activity["id"]]
    assert door.rows("/api/v2/activities", person_id=people[0]) == []


def test_an_activity_keeps_one_parent_the_deal_first(door: Door) -> None:
    deal = door.add("/api/v2/deals", title="A")
    person = door.add("/api/v2/persons", name="A")
    lead = door.add("/v1/leads", title="A", person_id=person["id"])
    both = door.add("/api/v2/activities", deal_id=deal["id"], lead_id=lead["id"])
    assert (both["deal_id"], both["lead_id"]) == (deal["id"], None)
    here = f"/api/v2/activities/{both['id']}"
    moved = door("PATCH", here, {"lead_id": lead["id"]})["data"]
    assert (moved["deal_id"], moved["lead_id"]) == (None, lead["id"])
    assert (
        door("GET", f"/v1/leads/{lead['id']}")["data"]["next_activity_id"] == both["id"]
    )


def test_an_activity_remembers_when_it_was_done(door: Door) -> None:
    activity = door.add("/api/v2/activities", due_date="2026-10-01", due_time="09:00")
    here = f"/api/v2/activities/{activity['id']}"
    assert activity["marked_as_done_time"] is None
    done = door("PATCH", here, {"done": True})["data"]
    assert done["marked_as_done_time"] is not None
    assert (
        door("PATCH", here, {"note": "x"})["data"]["marked_as_done_time"]
        == (done["marked_as_done_time"])
    )
    assert door("PATCH", here, {"done": False})["data"]["marked_as_done_time"] is None


# Products


def test_a_product_has_prices_and_they_are_replaced_as_a_whole(door: Door) -> None:
    plain = door.add("/api/v2/products", name="A")
    assert [(p["price"], p["currency"]) for p in plain["prices"]] == [(0, "EUR")]
    here = f"/api/v2/products/{plain['id']}"
    prices = [{"price": 5, "currency": "USD"}, {"price": 7, "currency": "JPY"}]
    changed = door("PATCH", here, {"prices": prices})["data"]
    assert [p["currency"] for p in changed["prices"]] == ["USD", "JPY"]
    twice = {"prices": [prices[0], prices[0]]}
    assert "one price per currency" in door.refused(400, "PATCH", here, twice)


def test_products_of_a_deal_make_its_sums() -> None:
    with opened(empty=True) as door:
        deal = door.add("/api/v2/deals", title="A")
        product = door.add("/api/v2/products", name="Seat")
        here = f"/api/v2/deals/{deal['id']}/products"
        one = door.add(
            here, product_id=product["id"], item_price=10, quantity=3, discount=10
        )
        assert (one["sum"], one["name"], one["comments"]) == (27, "Seat", "")
        monthly = {
            "product_id": product["id"],
            "item_price": 5,
            "quantity": 1,
            "billing_frequency": "monthly",
        }
        answer = door.send("POST", f"{here}/bulk", {"data": [monthly, monthly]})
        assert answer.status_code == 201
        assert [row["order_nr"] for row in answer.json()["data"]] == [2, 3]
        sums = door("GET", f"/api/v2/deals/{deal['id']}")["data"]
        assert (sums["acv"], sums["arr"], sums["mrr"]) == (147, 120, 10)
        assert (
            door.rows("/api/v2/deals", include_fields="products_count")[0][
                "products_count"
            ]
            == 3
        )
        changed = door("PATCH", f"{here}/{one['id']}", {"quantity": 1})["data"]
        assert changed["sum"] == 9
        assert door("DELETE", f"{here}/{one['id']}")["data"] == {"id": one["id"]}
        rest = [row["id"] for row in door.rows(here)]
        gone = door("DELETE", here)
        assert gone["data"] == {"ids": rest}
        assert gone["additional_data"] == {"more_items_in_collection": False}
        assert door("GET", f"/api/v2/deals/{deal['id']}")["data"]["acv"] is None


def test_a_bulk_is_written_whole_or_not_at_all(door: Door) -> None:
    deal = door.add("/api/v2/deals", title="A")
    product = door.add("/api/v2/products", name="A")
    good = {"product_id": product["id"], "item_price": 1, "quantity": 1}
    here = f"/api/v2/deals/{deal['id']}/products"
    bad = good | {"product_id": 9999}
    error = door.refused(400, "POST", f"{here}/bulk", {"data": [good, bad]})
    assert "refers to nothing in products" in error
    assert door.rows(here) == []
    error = door.refused(400, "POST", f"{here}/bulk", {"data": [good] * 101})
    assert "must be an array of 1 to 100 items" in error
