"""What comes with rows on request, and the metadata of fields."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .front_door import CURSOR_LISTS, Door, of, opened


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with opened(deals=150, page_cap=40) as found:
        yield found


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
