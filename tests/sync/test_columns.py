"""Columns follow the account's fields, and no data are lost."""

from __future__ import annotations

from .conftest import Mirrored


def field(mirrored: Mirrored, name: str, kind: str = "varchar", **more: object) -> str:
    """A new custom field of deals; its key."""
    made = mirrored.door.add(
        "/api/v2/dealFields", field_name=name, field_type=kind, **more
    )
    return str(made["field_code"])


def changes(mirrored: Mirrored) -> list[tuple[str, str, str]]:
    """What became of columns of deals."""
    return mirrored.read(
        "SELECT column_name, change, before FROM _schema_changes "
        "WHERE table_name = 'deals' ORDER BY rowid"
    )


def test_a_field_is_added_renamed_and_removed(mirrored: Mirrored) -> None:
    door = mirrored.door
    mirrored.sync(tables=("deals",))
    key = field(mirrored, "Tier of service")
    door("PATCH", "/api/v2/deals/7", {"custom_fields": {key: "Gold"}})
    assert mirrored.sync().changes
    shown = "SELECT {} FROM deals WHERE id = 7"
    assert mirrored.read(shown.format("tier_of_service")) == [("Gold",)]

    door("PATCH", f"/api/v2/dealFields/{key}", {"field_name": "Service level"})
    mirrored.sync()
    assert mirrored.read(shown.format("service_level")) == [("Gold",)]
    old = "SELECT service_level, tier_of_service FROM v_deals WHERE id = 7"
    assert mirrored.read(old) == [("Gold", "Gold")]

    door("DELETE", f"/api/v2/dealFields/{key}")
    mirrored.sync()
    assert mirrored.read(shown.format("service_level")) == [("Gold",)]
    assert mirrored.read(old) == [("Gold", "Gold")]
    gone = "SELECT gone IS NOT NULL FROM _columns WHERE name = 'service_level'"
    assert (1,) in mirrored.read(gone)
    assert changes(mirrored) == [
        ("tier_of_service", "added", None),
        ("service_level", "renamed", "tier_of_service"),
        ("service_level", "removed", "service_level"),
    ]
    assert mirrored.differences() == []
    assert mirrored.read("PRAGMA integrity_check") == [("ok",)]


def test_names_that_change_places(mirrored: Mirrored) -> None:
    door = mirrored.door
    one, other = field(mirrored, "First one"), field(mirrored, "Second one")
    values = {"custom_fields": {one: "1", other: "2"}}
    door("PATCH", "/api/v2/deals/7", values)
    mirrored.sync(tables=("deals",))
    for key, name in ((one, "Between"), (other, "First one"), (one, "Second one")):
        door("PATCH", f"/api/v2/dealFields/{key}", {"field_name": name})
    mirrored.sync()
    assert mirrored.read("SELECT first_one, second_one FROM deals WHERE id = 7") == [
        ("2", "1")
    ]
    assert mirrored.differences() == []


def test_a_field_of_another_type_keeps_what_was_there(mirrored: Mirrored) -> None:
    door = mirrored.door
    key = field(mirrored, "Tier")
    door("PATCH", "/api/v2/deals/7", {"custom_fields": {key: "12"}})
    mirrored.sync(tables=("deals",))
    company = door.sandbox.company
    found = company.field("deal", key)
    assert found is not None
    found.type = "double"
    company.recode("deal")
    door("PATCH", "/api/v2/deals/7", {"custom_fields": {key: 13}})
    mirrored.sync()
    assert mirrored.read("SELECT tier, tier_old FROM deals WHERE id = 7") == [
        (13.0, "12")
    ]
    assert ("tier", "retyped", "TEXT") in changes(mirrored)


def test_options_that_are_called_otherwise(mirrored: Mirrored) -> None:
    door = mirrored.door
    options = [{"label": "Cold"}, {"label": "Warm"}]
    key = field(mirrored, "Heat", "enum", options=options)
    sets = field(mirrored, "Heats", "set", options=options)
    company = door.sandbox.company
    ids = {}
    for code in (key, sets):
        found = company.field("deal", code)
        assert found is not None and found.options
        ids[code] = [option["id"] for option in found.options]
    values = {key: ids[key][0], sets: ids[sets]}
    door("PATCH", "/api/v2/deals/7", {"custom_fields": values})
    mirrored.sync(tables=("deals",))
    for code in (key, sets):
        path = f"/api/v2/dealFields/{code}/options"
        door("PATCH", path, [{"id": ids[code][0], "label": "Icy"}])
    mirrored.sync()
    assert mirrored.read("SELECT heat, heats FROM deals WHERE id = 7") == [
        ("Icy", '["Icy","Warm"]')
    ]
    assert mirrored.differences() == []
