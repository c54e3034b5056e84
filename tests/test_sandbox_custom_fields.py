"""Custom fields of the sandbox: made, written, changed and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .front_door import Door, opened


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    """A company that all tests here write to, each its own rows."""
    with opened(empty=True) as found:
        yield found


VALUES: dict[str, Any] = {
    "varchar": "text",
    "varchar_auto": "text",
    "text": "long text",
    "phone": "+372 5000000",
    "double": 1.5,
    "date": "2026-02-29",
    "user": 1,
    "org": 1,
    "people": 1,
    "monetary": {"value": 10.5, "currency": "EUR"},
    "daterange": {"value": "2026-01-01", "until": "2026-01-31"},
    "time": {
        "value": "10:00:00",
        "timezone_id": 193,
        "timezone_name": "Europe/Tallinn",
    },
    "timerange": {
        "value": "10:00:00",
        "until": "11:00:00",
        "timezone_id": 193,
        "timezone_name": "Europe/Tallinn",
    },
    "address": {"value": "Narva mnt 1"},
}


@pytest.mark.parametrize("entity", ["deal", "person", "organization", "product"])
def test_every_type_of_custom_field_keeps_what_is_written(entity: str) -> None:
    named = {"title": "A"} if entity == "deal" else {"name": "A"}
    with opened(empty=True) as door:
        codes = {
            kind: door.add(f"/api/v2/{entity}Fields", field_name=kind, field_type=kind)[
                "field_code"
            ]
            for kind in VALUES
        }
        written = {codes[kind]: value for kind, value in VALUES.items()}
        row = door.add(f"/api/v2/{entity}s", **named, custom_fields=written)
        for kind, value in VALUES.items():
            read = row["custom_fields"][codes[kind]]
            if kind == "address":
                assert read["value"] == "Narva mnt 1" and read["country"] is None
            else:
                assert read == value
        here = f"/api/v2/{entity}s/{row['id']}"
        cleared = door("PATCH", here, {"custom_fields": {codes["date"]: None}})["data"]
        rest = row["custom_fields"] | {codes["date"]: None}
        assert cleared["custom_fields"] == rest


def test_options_are_chosen_by_id_and_lost_when_deleted() -> None:
    with opened(empty=True) as door:
        labels = [{"label": "a"}, {"label": "b"}]
        enum = door.add(
            "/api/v2/dealFields", field_name="One", field_type="enum", options=labels
        )
        many = door.add(
            "/api/v2/dealFields", field_name="Many", field_type="set", options=labels
        )
        first, second = (option["id"] for option in many["options"])
        chosen = {
            enum["field_code"]: enum["options"][0]["id"],
            many["field_code"]: [second, first],
        }
        deal = door.add("/api/v2/deals", title="A", custom_fields=chosen)
        assert deal["custom_fields"] == chosen
        here = f"/api/v2/deals/{deal['id']}"
        empty: dict[str, Any] = {"custom_fields": {many["field_code"]: []}}
        assert "use null to clear" in door.refused(400, "PATCH", here, empty)
        wrong = {"custom_fields": {enum["field_code"]: 12345}}
        assert "has no option 12345" in door.refused(400, "PATCH", here, wrong)

        options = f"/api/v2/dealFields/{many['field_code']}/options"
        added = door("POST", options, [{"label": "c"}])["data"]
        door("PATCH", options, [{"id": added[0]["id"], "label": "C"}])
        door("DELETE", options, [{"id": first}])
        field = door("GET", f"/api/v2/dealFields/{many['field_code']}")["data"]
        assert [option["label"] for option in field["options"]] == ["b", "C"]
        assert door("GET", here)["data"]["custom_fields"] == chosen
        old = {row["key"]: row for row in door.rows("/v1/dealFields")}
        assert old[many["field_code"]]["options_deleted"] == [
            {"id": first, "label": "a"}
        ]


def test_a_deleted_field_vanishes_from_the_rows() -> None:
    with opened(empty=True) as door:
        field = door.add("/api/v2/dealFields", field_name="A", field_type="double")
        code = field["field_code"]
        deal = door.add("/api/v2/deals", title="A", custom_fields={code: 1})
        here = f"/api/v2/dealFields/{code}"
        assert door("PATCH", here, {"field_name": "B"})["data"]["field_name"] == "B"
        assert door("DELETE", here)["data"]["field_code"] == code
        door.refused(404, "GET", here)
        assert door("GET", f"/api/v2/deals/{deal['id']}")["data"]["custom_fields"] == {}
        assert door.sandbox.company.rows("deals")[0]["custom_fields"] == {}


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"field_type": "double"}, "'field_name' is required"),
        ({"field_name": "A", "field_type": "stage"}, "'field_type' must be one of"),
        ({"field_name": "A", "field_type": "enum"}, "'options' is required for enum"),
        (
            {"field_name": "A", "field_type": "text", "options": [{"label": "a"}]},
            "'options' is not allowed for text",
        ),
    ],
)
def test_bodies_of_fields_are_checked(
    door: Door, body: dict[str, Any], problem: str
) -> None:
    assert problem in door.refused(400, "POST", "/api/v2/personFields", body)


def test_system_fields_stay(door: Door) -> None:
    here = "/api/v2/dealFields/title"
    assert door.refused(403, "DELETE", here) == "System fields cannot be changed so"
    door.refused(403, "PATCH", here, {"field_name": "Name"})


# The same fields in the dialect of v1


@pytest.mark.parametrize("entity", ["deal", "person", "organization", "product"])
def test_a_field_of_v1_is_made_changed_and_deleted(entity: str) -> None:
    path = f"/v1/{entity}Fields"
    with opened(empty=True) as door:
        options = [{"label": "a"}, {"label": "b"}]
        body = {"name": "A", "field_type": "enum", "options": options}
        field = door.add(path, **body)
        here = f"{path}/{field['id']}"
        new = door("GET", f"/api/v2/{entity}Fields/{field['key']}")["data"]
        assert (new["field_name"], new["is_custom_field"]) == ("A", True)
        first, second = (option["id"] for option in field["options"])
        kept = [{"id": second, "label": "B"}, {"label": "c"}]
        change = {"name": "New", "options": kept}
        changed = door("PUT", here, change)["data"]
        assert changed["name"] == "New"
        assert [option["label"] for option in changed["options"]] == ["B", "c"]
        assert changed["options_deleted"] == [{"id": first, "label": "a"}]
        assert door("DELETE", here)["data"] == {"id": field["id"]}
        status, error = 404, "Entity was not found"
        if entity == "product":
            status, error = 410, "The field is not found"
        assert door.refused(status, "GET", here) == error
        many = [door.add(path, name=n, field_type="text")["id"] for n in ("A", "B")]
        ids = f"{many[0]},{many[1]},99"
        assert door("DELETE", path, ids=ids)["data"] == {"id": many}
