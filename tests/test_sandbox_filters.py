"""Saved filters of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipedrive_sql.sandbox import Company

from .front_door import Door, opened


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    """A company that all tests here write to, each its own rows."""
    with opened(empty=True) as found:
        yield found


def conditions(company: Company, *every: tuple[str, str, str, Any]) -> dict[str, Any]:
    """The one skeleton that Pipedrive takes, all in the AND group."""
    return {
        "glue": "and",
        "conditions": [
            {
                "glue": "and",
                "conditions": [
                    {
                        "object": entity,
                        "field_id": str(
                            next(
                                f["id"]
                                for f in company.fields_v1(entity)
                                if f["key"] == code
                            )
                        ),
                        "operator": operator,
                        "value": value,
                    }
                    for entity, code, operator, value in every
                ],
            },
            {"glue": "or", "conditions": []},
        ],
    }


def test_a_filter_narrows_a_list_and_makes_other_filters_void() -> None:
    with opened(deals=80) as door:
        company = door.sandbox.company
        won = conditions(company, ("deal", "status", "=", "won"))
        made = door(
            "POST", "/v1/filters", {"name": "W", "type": "deals", "conditions": won}
        )
        number = made["data"]["id"]
        expected = [
            row["id"] for row in company.rows("deals") if row["status"] == "won"
        ]
        for query in ({}, {"status": "lost"}, {"owner_id": 2}, {"ids": "1"}):
            listed = door.rows("/api/v2/deals", filter_id=number, **query)
            assert [row["id"] for row in listed] == expected
        recent = door.rows(
            "/api/v2/deals", filter_id=number, updated_since="2026-01-01T00:00:00Z"
        )
        assert {row["id"] for row in recent} < set(expected)

        big = conditions(company, ("deal", "value", ">", "50000"))
        here = f"/v1/filters/{number}"
        door("PUT", here, {"conditions": big})
        rows = door.rows("/api/v2/deals", filter_id=number)
        assert rows and all(row["value"] > 50_000 for row in rows)
        shown = door("GET", here, include_field_code="true")["data"]["conditions"]
        assert shown["conditions"][0]["conditions"][0]["field_code"] == "value"

        error = door.refused(404, "GET", "/api/v2/persons", filter_id=number)
        assert error == "Filter was not found"
        assert door("DELETE", "/v1/filters", ids=f"{number},999")["data"] == {
            "id": [number]
        }
        door.refused(404, "GET", here)
        door.refused(404, "GET", "/api/v2/deals", filter_id=number)


def test_each_kind_of_filter_of_the_sample_chooses_some_rows() -> None:
    lists = {
        "deals": "/api/v2/deals",
        "people": "/api/v2/persons",
        "org": "/api/v2/organizations",
        "activity": "/api/v2/activities",
        "products": "/api/v2/products",
        "leads": "/v1/leads",
    }
    with opened(deals=300) as door:
        filters = door.rows("/v1/filters")
        assert {row["type"] for row in filters} == set(lists)
        for row in filters:
            path = lists[row["type"]]
            assert door("GET", path, filter_id=row["id"], limit=1)["data"], row["name"]


def test_a_filter_has_at_most_16_conditions(door: Door) -> None:
    many = conditions(
        door.sandbox.company, *[("deal", "value", ">", str(n)) for n in range(17)]
    )
    body = {"name": "A", "type": "deals", "conditions": many}
    error = door.refused(400, "POST", "/v1/filters", body)
    assert error == "Filter is allowed to have at most 16 conditions"
    for broken in ({"glue": "or"}, {"glue": "and", "conditions": []}):
        door.refused(400, "POST", "/v1/filters", body | {"conditions": broken})
