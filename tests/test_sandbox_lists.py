"""The sandbox's lists: every row once, page after page, in every order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipedrive_sql.sandbox import Switches

from .front_door import CURSOR_LISTS, START_LISTS, Door, Row, ids, of, opened

WHOLE_LISTS = {
    "users": "/v1/users",
    "lead_labels": "/v1/leadLabels",
    "activity_types": "/v1/activityTypes",
    "currencies": "/v1/currencies",
}
LISTS = CURSOR_LISTS | START_LISTS | WHOLE_LISTS
SORTS = {
    "deals": ("id", "update_time", "add_time"),
    "deals_archived": ("id", "update_time", "add_time"),
    "persons": ("id", "update_time", "add_time"),
    "organizations": ("id", "update_time", "add_time"),
    "activities": ("id", "update_time", "add_time", "due_date"),
    "products": ("id", "name", "update_time", "add_time"),
    "pipelines": ("id", "update_time", "add_time"),
    "stages": ("id", "update_time", "add_time", "order_nr"),
}


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with opened(deals=150, page_cap=40) as found:
        yield found


def without(rows: list[Row], columns: set[str]) -> list[Row]:
    return [{k: v for k, v in row.items() if k not in columns} for row in rows]


# Whole lists


@pytest.mark.parametrize("name", LISTS)
def test_a_list_brings_every_row_once(door: Door, name: str) -> None:
    path = LISTS[name]
    optional = set(door.sandbox.company[name.partition("_arch")[0]].optional)
    listed = sorted(door.rows(path), key=lambda row: str(row["id"]))
    expected = sorted(of(door, name), key=lambda row: str(row["id"]))
    assert listed == without(expected, optional)


def test_deleted_and_archived_rows_are_in_no_plain_list(door: Door) -> None:
    for path in CURSOR_LISTS.values():
        assert not any(row["is_deleted"] for row in door.rows(path))
    assert not any(row["is_archived"] for row in door.rows("/api/v2/deals"))
    assert all(row["is_archived"] for row in door.rows("/api/v2/deals/archived"))
    assert not any(row["is_archived"] for row in door.rows("/v1/leads"))
    assert all(row["active_flag"] for row in door.rows("/v1/notes"))
    assert "conditions" not in door.rows("/v1/filters")[0]


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize(
    ("name", "by"), [(name, by) for name, some in SORTS.items() for by in some]
)
def test_pages_follow_each_other_in_every_order(
    door: Door, name: str, by: str, direction: str
) -> None:
    rows = door.rows(CURSOR_LISTS[name], sort_by=by, sort_direction=direction, limit=7)
    places = [(row[by] is not None, row[by] or 0, row["id"]) for row in rows]
    assert places == sorted(places, reverse=direction == "desc")
    assert sorted(ids(rows)) == ids(of(door, name))


def test_nulls_can_come_last() -> None:
    with opened(deals=5, switches=Switches(nulls_come_first=False)) as door:
        rows = door.rows("/api/v2/stages", sort_by="update_time", limit=4)
        empty = [row["update_time"] is None for row in rows]
        assert any(empty) and empty == sorted(empty)


def test_a_page_says_where_the_next_one_begins(door: Door) -> None:
    page = door("GET", "/api/v2/deals", limit=3)
    assert len(page["data"]) == 3
    rest = door(
        "GET", "/api/v2/deals", cursor=page["additional_data"]["next_cursor"], limit=500
    )
    assert rest["data"][0]["id"] == ids(of(door, "deals"))[3]
    last = door("GET", "/api/v2/stages", limit=40)
    assert last["additional_data"] == {"next_cursor": None}


def test_a_row_added_meanwhile_is_on_a_later_page() -> None:
    with opened(deals=10) as door:
        page = door("GET", "/api/v2/deals", limit=4)
        added = door.add("/api/v2/deals", title="late")
        cursor = page["additional_data"]["next_cursor"]
        later = door.rows("/api/v2/deals", cursor=cursor)
        assert later[-1]["id"] == added["id"]


def test_v1_pages_by_place(door: Door) -> None:
    page = door("GET", "/v1/leads", start=2, limit=3)
    assert page["additional_data"]["pagination"] == {
        "start": 2,
        "limit": 3,
        "more_items_in_collection": True,
        "next_start": 5,
    }
    assert page["data"] == door.rows("/v1/leads")[2:5]
    beyond = door("GET", "/v1/leads", start=10_000)
    assert beyond["data"] is None
    assert not beyond["additional_data"]["pagination"]["more_items_in_collection"]


# Keys


@pytest.mark.parametrize("name", ["deals", "persons", "organizations", "activities"])
def test_ids_bring_those_that_are_listed(door: Door, name: str) -> None:
    wanted = [*ids(of(door, name))[3:60:5], 99_999]
    listed = door.rows(CURSOR_LISTS[name], ids=",".join(map(str, wanted)), limit=5)
    assert ids(listed) == wanted[:-1]


def test_ids_leave_out_archived_and_deleted_rows_unless_switched() -> None:
    with opened(deals=40) as door:
        company = door.sandbox.company
        archived, deleted = of(door, "deals_archived"), of(door, "deals_deleted")
        asked = f"{archived[0]['id']},{deleted[0]['id']}"
        assert door.rows("/api/v2/deals", ids=asked) == []
        assert door("GET", f"/api/v2/deals/{archived[0]['id']}")["data"]["is_archived"]
        assert door("GET", f"/api/v2/deals/{deleted[0]['id']}")["data"]["is_deleted"]
    switches = Switches(ids_return_archived=True, ids_return_deleted=True)
    with opened(company=company, switches=switches) as door:
        assert len(door.rows("/api/v2/deals", ids=asked)) == 2


def test_rows_deleted_long_ago_are_gone(door: Door) -> None:
    old = next(r for r in of(door, "persons_deleted") if r["update_time"] < "2026-08")
    door.refused(404, "GET", f"/api/v2/persons/{old['id']}")


# Products of deals


def test_products_of_deals_one_by_one_or_in_bulk(door: Door) -> None:
    attached = of(door, "deal_products")
    listed = {row["id"] for row in of(door, "deals")}
    deals = sorted({row["deal_id"] for row in attached} & listed)[:30]
    expected = [row for row in attached if row["deal_id"] in deals]
    bulk = door.rows(
        "/api/v2/deals/products", deal_ids=",".join(map(str, deals)), limit=11
    )
    assert bulk == expected
    single = [r for deal in deals for r in door.rows(f"/api/v2/deals/{deal}/products")]
    assert sorted(ids(single)) == ids(expected)
    by_deal = door.rows(
        "/api/v2/deals/products",
        deal_ids=",".join(map(str, deals)),
        sort_by="deal_id",
        sort_direction="desc",
        limit=11,
    )
    places = [(row["deal_id"], row["id"]) for row in by_deal]
    assert places == sorted(places, reverse=True)
    assert len(by_deal) == len(bulk)
    door.refused(404, "GET", "/api/v2/deals/99999/products")
    assert door.rows("/api/v2/deals/products", deal_ids="99999") == []
