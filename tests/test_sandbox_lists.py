"""The sandbox's lists: every parameter narrows, sorts and dresses as documented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipedrive_sql.sandbox import Switches

from .front_door import Door, Row, opened

Test = Callable[[Row], bool]
CURSOR_LISTS = {
    "deals": "/api/v2/deals",
    "deals_archived": "/api/v2/deals/archived",
    "persons": "/api/v2/persons",
    "organizations": "/api/v2/organizations",
    "activities": "/api/v2/activities",
    "products": "/api/v2/products",
    "pipelines": "/api/v2/pipelines",
    "stages": "/api/v2/stages",
}
START_LISTS = {
    "leads": "/v1/leads",
    "leads_archived": "/v1/leads/archived",
    "notes": "/v1/notes",
}
WHOLE_LISTS = {
    "users": "/v1/users",
    "lead_labels": "/v1/leadLabels",
    "activity_types": "/v1/activityTypes",
    "currencies": "/v1/currencies",
}
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


def of(door: Door, name: str) -> list[Row]:
    """The company's own rows of a list."""
    return door.sandbox.company.rows(name)


def ids(rows: list[Row]) -> list[Any]:
    return [row["id"] for row in rows]


def without(rows: list[Row], columns: set[str]) -> list[Row]:
    return [{k: v for k, v in row.items() if k not in columns} for row in rows]


# Whole lists


@pytest.mark.parametrize("name", {**CURSOR_LISTS, **START_LISTS, **WHOLE_LISTS})
def test_a_list_brings_every_row_once(door: Door, name: str) -> None:
    path = {**CURSOR_LISTS, **START_LISTS, **WHOLE_LISTS}[name]
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


# Filters


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
    "nonsense": ({"status": "nonsense"}, lambda row: True),
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


# Dress


@pytest.mark.parametrize("name", ["deals", "persons", "organizations", "activities"])
def test_optional_fields_come_when_asked_for(door: Door, name: str) -> None:
    optional = set(door.sandbox.company[name].optional)
    assert optional
    plain = door.rows(CURSOR_LISTS[name])
    assert not optional & set(plain[0])
    dressed = door.rows(CURSOR_LISTS[name], include_fields=",".join(optional))
    assert dressed == of(door, name)
    one = door(
        "GET", f"{CURSOR_LISTS[name]}/{plain[0]['id']}", include_fields=min(optional)
    )
    assert set(one["data"]) == set(plain[0]) | {min(optional)}


def test_counts_are_those_of_the_rows_themselves(door: Door) -> None:
    notes = [row["deal_id"] for row in door.rows("/v1/notes")]
    for row in door.rows("/api/v2/deals", include_fields="notes_count"):
        assert row["notes_count"] == notes.count(row["id"])
    deals = door.rows("/api/v2/deals")
    for row in door.rows("/api/v2/persons", include_fields="won_deals_count"):
        own = [d for d in deals if d["person_id"] == row["id"]]
        assert row["won_deals_count"] == sum(d["status"] == "won" for d in own)


@pytest.mark.parametrize("name", ["deals", "persons", "organizations", "products"])
def test_custom_fields_are_all_there_or_the_chosen_ones(door: Door, name: str) -> None:
    every = door.rows(CURSOR_LISTS[name])
    codes = list(every[0]["custom_fields"])
    assert len(codes) > 15
    assert all(list(row["custom_fields"]) == codes for row in every)
    chosen = door.rows(CURSOR_LISTS[name], custom_fields=",".join(codes[:2]))
    assert [row["custom_fields"] for row in chosen] == [
        {code: row["custom_fields"][code] for code in codes[:2]} for row in every
    ]
    error = door.refused(
        400, "GET", CURSOR_LISTS[name], custom_fields=",".join(codes[:16])
    )
    assert error.endswith("Parameter 'custom_fields' must have at most 15 items")


def test_options_and_labels_can_have_their_names(door: Door) -> None:
    fields = door.rows("/api/v2/dealFields")
    enum = next(f for f in fields if f["field_type"] == "enum" and f["is_custom_field"])
    code, names = enum["field_code"], {o["id"]: o["label"] for o in enum["options"]}
    plain = door.rows("/api/v2/deals")
    dressed = door.rows(
        "/api/v2/deals", include_option_labels="true", include_labels="true"
    )
    for bare, row in zip(plain, dressed, strict=True):
        key = bare["custom_fields"][code]
        expected = None if key is None else {"id": key, "label": names.get(key)}
        assert row["custom_fields"][code] == expected
        assert [label["id"] for label in row["labels"]] == bare["label_ids"]


# Metadata


@pytest.mark.parametrize(
    "entity", ["deal", "person", "organization", "product", "activity"]
)
def test_fields_agree_in_both_dialects(door: Door, entity: str) -> None:
    new = door.rows(f"/api/v2/{entity}Fields", limit=9)
    old = door.rows(f"/v1/{entity}Fields")
    assert new == door.sandbox.company.fields(entity)
    assert [row["field_code"] for row in new] == [row["key"] for row in old]
    assert len({row["id"] for row in old}) == len(old)
    one = door("GET", f"/api/v2/{entity}Fields/{new[3]['field_code']}")
    assert one["data"] == new[3]


def test_fields_of_leads_are_their_own_and_the_custom_ones_of_deals(door: Door) -> None:
    fields = door.rows("/v1/leadFields", limit=9)
    deals = [row["key"] for row in door.rows("/v1/dealFields") if row["edit_flag"]]
    assert [row["key"] for row in fields if row["edit_flag"]] == deals
    assert {"content", "deal_id"} <= {row["key"] for row in door.rows("/v1/noteFields")}


def test_fields_tell_more_when_asked(door: Door) -> None:
    plain = door("GET", "/api/v2/dealFields/title")["data"]
    every = "ui_visibility,important_fields,required_fields"
    more = door("GET", "/api/v2/dealFields/title", include_fields=every)["data"]
    assert set(more) - set(plain) == set(every.split(","))
