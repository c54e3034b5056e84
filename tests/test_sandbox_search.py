"""What searches find: which texts, how they are compared, how far they are behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipedrive_sql.sandbox import Company, Switches

from .front_door import Door, Row, ids, opened

FIELD = "/api/v2/itemSearch/field"
DEALS = "/api/v2/deals/search"
PERSONS = "/api/v2/persons/search"
OLD = 3600.0  # as long ago as the sandbox remembers: before all writes of a test


@pytest.fixture
def door() -> Iterator[Door]:
    """An empty company with one row of each kind of text."""
    with opened(empty=True) as door:
        yield door


def found(door: Door, path: str, term: str, **query: Any) -> list[Row]:
    """The items of a search, in the order of their ids."""
    answer = door("GET", path, term=term, **query)
    items = [hit["item"] for hit in answer["data"]["items"]]
    return sorted(items, key=lambda item: str(item["id"]))


def found_by_field(
    door: Door, entity: str, field: str, term: str, **query: Any
) -> list[Any]:
    """The values that a search by field finds."""
    query = {"entity_type": entity, "field": field, "term": term, **query}
    return [hit["item"][field] for hit in door("GET", FIELD, **query)["data"]]


def add_person(door: Door, **more: Any) -> Row:
    emails = [
        {"value": "other@example.com", "primary": False, "label": "home"},
        {"value": "Ada@Example.com", "primary": True, "label": "work"},
    ]
    phones = [{"value": "+372 5000001", "primary": True, "label": "work"}]
    values = {"name": "Ada", "emails": emails, "phones": phones, **more}
    return door.add("/api/v2/persons", **values)


# The search by field


@pytest.mark.parametrize(
    ("field", "term", "match", "hit"),
    [
        ("email", "Ada@Example.com", "exact", "Ada@Example.com"),
        ("email", "ada@example.com", "exact", None),
        ("email", "other@example.com", "exact", "other@example.com"),
        ("email", "Ada@", "exact", None),
        ("email", "Ada@", "beginning", "Ada@Example.com"),
        ("email", "Example.com", "beginning", None),
        ("email", "Example.com", "middle", "Ada@Example.com"),
        ("email", "EXAMPLE", "middle", None),
        ("phone", "+372 5000001", "exact", "+372 5000001"),
        ("phone", "5000", "middle", "+372 5000001"),
        ("name", "Ada", "exact", "Ada"),
        ("name", "A", "exact", None),
    ],
)
def test_a_field_is_searched_by_each_of_its_values(
    door: Door, field: str, term: str, match: str, hit: str | None
) -> None:
    add_person(door)
    answers = found_by_field(door, "person", field, term, match=match)
    assert answers == ([] if hit is None else [hit])


def test_addresses_are_searched_by_their_whole_text(door: Door) -> None:
    address = {"value": "Narva mnt 5, Tallinn", "locality": "Tallinn"}
    door.add("/api/v2/organizations", name="Acme", address=address)
    organization = "organization", "address"
    assert found_by_field(door, *organization, "Tallinn") == []
    assert found_by_field(door, *organization, "Tallinn", match="middle") == [
        "Narva mnt 5, Tallinn"
    ]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("varchar", "Straße", "Straße"),
        ("varchar_auto", "7.0", "7.0"),
        ("text", "two\nlines", "two\nlines"),
        ("phone", "+372 1", "+372 1"),
        ("double", 12, "12"),
        ("double", 12.0, "12"),
        ("double", 12345678.9, "12345678.9"),
        ("monetary", {"value": 200.5, "currency": "EUR"}, "200.5"),
        ("address", {"value": "Ø 1"}, "Ø 1"),
    ],
)
def test_custom_fields_are_searched_by_their_key(
    door: Door, kind: str, value: Any, text: str
) -> None:
    company = door.sandbox.company
    code = company.add_field("deal", "One", kind).code
    other = company.add_field("deal", "Other", kind).code
    door.add("/api/v2/deals", title="Deal", custom_fields={code: value})
    assert found_by_field(door, "deal", code, text) == [text]
    assert found_by_field(door, "deal", other, text) == []
    assert ids(found(door, DEALS, text, exact_match="true", fields="custom_fields"))


@pytest.mark.parametrize("kind", ["enum", "set", "date", "user", "time"])
def test_other_custom_fields_are_not_searched(door: Door, kind: str) -> None:
    field = door.sandbox.company.add_field("deal", "One", kind, ["a", "b"])
    query = {"entity_type": "deal", "field": field.code, "term": "ab"}
    error = door.refused(400, "GET", FIELD, **query)
    assert error.endswith("Parameter 'field' is not searchable")


# The searches


@pytest.mark.parametrize(
    ("term", "exact", "hit"),
    [
        ("STRASSE", "true", True),
        ("straße", "true", True),
        ("strass", "true", False),
        ("strass", "false", True),
        ("rasse", "false", True),
        ("asses", "false", False),
    ],
)
def test_whole_values_are_compared_without_case(
    door: Door, term: str, exact: str, hit: bool
) -> None:
    deal = door.add("/api/v2/deals", title="Straße")
    assert ids(found(door, DEALS, term, exact_match=exact)) == [deal["id"]] * hit


def test_only_the_fields_asked_for_are_searched(door: Door) -> None:
    person = add_person(door, name="needle in a name")
    lead = add_person(door, name="Bo")
    door.add("/v1/notes", content="a needle", person_id=lead["id"])
    assert ids(found(door, PERSONS, "needle")) == [person["id"], lead["id"]]
    assert ids(found(door, PERSONS, "needle", fields="name")) == [person["id"]]
    assert ids(found(door, PERSONS, "needle", fields="notes")) == [lead["id"]]
    assert ids(found(door, PERSONS, "needle", fields="email,phone")) == []


def test_a_term_of_one_letter_must_be_a_whole_value(door: Door) -> None:
    deal = door.add("/api/v2/deals", title="X")
    assert ids(found(door, DEALS, "x", exact_match="true")) == [deal["id"]]
    assert "at least 2" in door.refused(400, "GET", DEALS, term="x")
    query = {"entity_type": "deal", "field": "title", "term": "X"}
    assert len(door("GET", FIELD, **query)["data"]) == 1
    assert "at least 2" in door.refused(400, "GET", FIELD, **query, match="middle")


def test_texts_are_found_anew_when_they_change(door: Door) -> None:
    deal = door.add("/api/v2/deals", title="one")
    note = door.add("/v1/notes", content="first note", deal_id=deal["id"])
    path = f"/api/v2/deals/{deal['id']}"
    assert ids(found(door, DEALS, "one")) == ids(found(door, DEALS, "first")) == [1]
    door("PATCH", path, {"title": "two"})
    door("PUT", f"/v1/notes/{note['id']}", {"content": "second note"})
    for term, hit in {"one": 0, "two": 1, "first": 0, "second": 1}.items():
        assert len(found(door, DEALS, term)) == hit, term
    door("DELETE", f"/v1/notes/{note['id']}")
    assert found(door, DEALS, "second") == []
    door("DELETE", path)
    assert found(door, DEALS, "two") == []


@pytest.mark.parametrize("archived_are_found", [True, False])
def test_whether_archived_rows_are_found_is_a_switch(archived_are_found: bool) -> None:
    switches = Switches(searches_find_archived=archived_are_found)
    with opened(empty=True, switches=switches) as door:
        deal = door.add("/api/v2/deals", title="needle", is_archived=True)
        hit = [deal["id"]] * archived_are_found
        assert ids(found(door, DEALS, "needle")) == hit
        values = found_by_field(door, "deal", "title", "needle")
        assert values == ["needle"] * archived_are_found


def test_an_overall_maximum_of_hits_is_a_switch() -> None:
    with opened(empty=True, switches=Switches(search_caps=5)) as door:
        for _ in range(7):
            door.add("/api/v2/deals", title="needle")
        for path in (DEALS, "/api/v2/itemSearch"):
            first = door("GET", path, term="needle", limit=4)
            cursor = first["additional_data"]["next_cursor"]
            second = door("GET", path, term="needle", limit=4, cursor=cursor)
            counts = [len(page["data"]["items"]) for page in (first, second)]
            assert counts == [4, 1]
            assert second["additional_data"]["next_cursor"] is None
        assert len(found_by_field(door, "deal", "title", "needle")) == 5


# The lag of their index


def test_new_rows_are_not_found_yet(door: Door) -> None:
    door.sandbox.search_lag = OLD
    deal = door.add("/api/v2/deals", title="needle")
    noted = door.sandbox.company["deals"].add(deal | {"id": 77})
    assert found(door, DEALS, "needle") == []
    assert found(door, "/api/v2/itemSearch", "needle") == []
    assert found_by_field(door, "deal", "title", "needle") == []
    door.sandbox.search_lag = 0
    assert ids(found(door, DEALS, "needle")) == [deal["id"], noted["id"]]


def test_changed_rows_are_found_by_what_they_were() -> None:
    company = Company.empty()
    with opened(company=company) as door:
        deal = door.add("/api/v2/deals", title="first")
    company.past = type(company.past)()  # all of it was long ago
    with opened(company=company, search_lag=OLD) as door:
        for title in ("second", "third"):
            door("PATCH", f"/api/v2/deals/{deal['id']}", {"title": title})
        (item,) = found(door, DEALS, "first")
        assert (item["id"], item["title"]) == (deal["id"], "first")
        assert found(door, DEALS, "second") == found(door, DEALS, "third") == []
        assert found_by_field(door, "deal", "title", "first") == ["first"]
        assert door("GET", f"/api/v2/deals/{deal['id']}")["data"]["title"] == "third"


def test_deleted_rows_are_still_found() -> None:
    with opened(deals=20) as door:
        deal = next(door.sandbox.company["deals"].on("live"))
        lead = next(door.sandbox.company["leads"].on("live"))
        door.sandbox.search_lag = OLD
        door("DELETE", f"/api/v2/deals/{deal['id']}")
        door("DELETE", f"/v1/leads/{lead['id']}")
        door.add("/v1/notes", content="brand new note", deal_id=2)
        for path, row in ((DEALS, deal), ("/api/v2/leads/search", lead)):
            assert row["id"] in ids(found(door, path, row["title"], exact_match="true"))
        assert found(door, DEALS, "brand new note") == []


def test_what_is_old_enough_is_found() -> None:
    with opened(empty=True, search_lag=0.0) as door:
        deal = door.add("/api/v2/deals", title="needle")
        door.sandbox.search_lag = 1e-6
        assert ids(found(door, DEALS, "needle")) == [deal["id"]]
