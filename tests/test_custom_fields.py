"""Custom fields as columns: their names, their options, and what becomes of them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from pipedrive_sql.connection import Connection
from pipedrive_sql.errors import UnknownColumn
from pipedrive_sql.sandbox import Sandbox

from .front_door import Door, connected, opened

KINDS = (
    *("varchar", "text", "double", "phone", "date", "daterange", "time", "timerange"),
    *("set", "enum", "varchar_auto", "address", "monetary", "org", "people", "user"),
)


@pytest.fixture
def door() -> Iterator[Door]:
    with opened(empty=True) as found:
        yield found


def add_field(door: Door, label: str, kind: str = "varchar", *options: str) -> Any:
    """A new field of deals, as its POST answers it."""
    body: dict[str, Any] = {"field_name": label, "field_type": kind}
    if kind in ("enum", "set"):
        body["options"] = [{"label": one} for one in options or ("a", "b")]
    return door.add("/api/v2/dealFields", **body)


def names(connection: Connection, code: str) -> list[str]:
    """The columns that a field has in deals."""
    found = connection.execute(
        """
        select name from pipedrive_columns where table_name = 'deals' and field_key = ?
        order by position
        """,
        [code],
    )
    return [name for (name,) in found]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Deal source", "deal_source"),
        ("  Größe  (m²) ", "größe_m²"),
        ("Источник сделки", "источник_сделки"),
        ("案件の来源", "案件の来源"),
        ("ดีล", "ดีล"),
        ("क़ीमत", "क़ीमत"),
        ("مصدر الصفقة", "مصدر_الصفقة"),
        ("Rocket 🚀 size", "rocket_size"),
        ("Say \"hi\" 'now'; --", "say_hi_now"),
        ("2nd choice", "_2nd_choice"),
        ("select", "select"),
        ("🚀 !!!", "field"),
    ],
)
def test_a_field_is_called_after_its_label(door: Door, label: str, name: str) -> None:
    name = unicodedata.normalize("NFC", name)
    code = add_field(door, label)["field_code"]
    door.add("/api/v2/deals", title="A", custom_fields={code: "here"})
    with connected(door.sandbox) as connection:
        assert names(connection, code) == [name]
        quoted = name.replace('"', '""')
        found = connection.execute(
            f'select "{quoted}" from deals where "{quoted}" is not null'
        )
        assert found.fetchall() == [("here",)]


def test_equal_labels_get_the_beginning_of_their_keys(door: Door) -> None:
    codes = [add_field(door, label)["field_code"] for label in ("Source", "SOURCE")]
    with connected(door.sandbox) as connection:
        for code in codes:
            assert names(connection, code) == [f"source_{code[:4]}"]


@pytest.mark.parametrize("label", ["Title", "ID", "owner id", "rowid", "Deals"])
def test_a_label_like_a_column_of_pipedrive_gets_a_suffix(
    door: Door, label: str
) -> None:
    code = add_field(door, label)["field_code"]
    with connected(door.sandbox) as connection:
        (name,) = names(connection, code)
    assert name == f"{label.lower().replace(' ', '_')}_{code[:4]}"


def test_a_label_like_a_part_of_another_field_gets_a_suffix(door: Door) -> None:
    budget = add_field(door, "Budget", "monetary")["field_code"]
    other = add_field(door, "Budget currency")["field_code"]
    with connected(door.sandbox) as connection:
        both = (f"budget_{budget[:4]}", f"budget_{budget[:4]}_currency")
        assert tuple(names(connection, budget)) == both
        assert names(connection, other) == [f"budget_currency_{other[:4]}"]


def test_an_empty_label_is_called_field(door: Door) -> None:
    company = door.sandbox.company
    codes = [company.add_field("deal", "", "varchar", ()).code for _ in range(2)]
    with connected(door.sandbox) as connection:
        for code in codes:
            assert names(connection, code) == [f"field_{code[:4]}"]


def test_a_new_field_leaves_the_names_of_others_alone(door: Door) -> None:
    code = add_field(door, "Region")["field_code"]
    with connected(door.sandbox) as connection:
        before = names(connection, code)
        add_field(door, "Area")
        connection.refresh()
        assert names(connection, code) == before == ["region"]


def test_five_hundred_custom_fields_on_one_table(door: Door) -> None:
    codes = [
        add_field(door, f"Field {n % 250}", KINDS[n % len(KINDS)])["field_code"]
        for n in range(500)
    ]
    last = codes[496]  # a varchar
    door.add("/api/v2/deals", title="A", custom_fields={last: "here"})
    with connected(door.sandbox) as connection:
        columns = [
            name
            for (name,) in connection.execute("""
            select name from pipedrive_columns
            where table_name = 'deals' and not is_hidden
        """)
        ]
        assert len(columns) > 1000
        assert len({name.casefold() for name in columns}) == len(columns)
        (name,) = names(connection, last)
        door.sandbox.reset()
        found = connection.execute(f"select {name} from deals").fetchall()
        assert found == [("here",)]
        assert [str(heard) for heard in door.sandbox.heard] == [
            f"GET /api/v2/deals?custom_fields={last}&limit=500"
        ]
        (row,) = connection.execute("select * from deals").fetchall()
        assert row[columns.index(name)] == "here"


def test_a_deleted_field_is_gone_after_refresh(door: Door) -> None:
    code = add_field(door, "Region")["field_code"]
    door.add("/api/v2/deals", title="A", custom_fields={code: "north"})
    with connected(door.sandbox, cache_ttl=0) as old:
        assert old.execute("select region from deals").fetchall() == [("north",)]
        door("DELETE", f"/api/v2/dealFields/{code}")
        assert old.execute("select title, region from deals").fetchall() == [
            ("A", None)
        ]
        old.refresh()
        with pytest.raises(UnknownColumn, match='no column "region" in deals'):
            old.execute("select region from deals")


def test_a_renamed_field_keeps_its_old_name_until_refresh(door: Door) -> None:
    code = add_field(door, "Region")["field_code"]
    door.add("/api/v2/deals", title="A", custom_fields={code: "north"})
    with connected(door.sandbox, cache_ttl=0) as old:
        door("PATCH", f"/api/v2/dealFields/{code}", {"field_name": "Area"})
        assert old.execute("select region from deals").fetchall() == [("north",)]
        with connected(door.sandbox) as new:
            assert new.execute("select area from deals").fetchall() == [("north",)]
        old.refresh()
        assert old.execute("select area from deals").fetchall() == [("north",)]
        with pytest.raises(UnknownColumn, match='no column "region" in deals'):
            old.execute("select region from deals")


def test_where_on_labels_and_on_ids(door: Door) -> None:
    industry = add_field(door, "Industry", "enum", "Software", "Steel")
    mood = add_field(door, "Mood", "set", "Hot", "Cold")
    software, steel = (option["id"] for option in industry["options"])
    hot, cold = (option["id"] for option in mood["options"])
    for title, chosen, moods in (
        ("A", software, [hot, cold]),
        ("B", steel, [cold]),
        ("C", None, None),
        ("D", software, [hot]),
    ):
        custom = {industry["field_code"]: chosen, mood["field_code"]: moods}
        door.add("/api/v2/deals", title=title, custom_fields=custom)
    with connected(door.sandbox) as connection:

        def titles(condition: str, *values: Any) -> str:
            sql = f"select title from deals where {condition} order by title"
            return "".join(title for (title,) in connection.execute(sql, values))

        assert titles("industry = 'Software'") == "AD"
        assert titles("industry_id = ?", software) == "AD"
        assert titles("industry_id in (?, ?)", software, steel) == "ABD"
        assert titles("industry is null") == "C"
        assert titles("'Hot' in (select value from json_each(mood))") == "AD"
        assert titles("? in (select value from json_each(mood_ids))", cold) == "AB"
        assert titles('mood = \'["Hot","Cold"]\'') == "A"


def test_system_options_are_labels_too(door: Door) -> None:
    fields = door.rows("/api/v2/organizationFields")
    known = next(f for f in fields if f["field_code"] == "industry")["options"]
    chosen = known[0]
    door.add("/api/v2/organizations", name="A", industry=chosen["id"])
    with connected(door.sandbox) as connection:
        for condition, value in (
            ("industry = ?", chosen["label"]),
            ("industry_id = ?", chosen["id"]),
        ):
            sql = f"select name from organizations where {condition}"
            assert connection.execute(sql, [value]).fetchall() == [("A",)]


def test_the_label_of_a_deleted_option_is_asked_for_when_first_met(door: Door) -> None:
    field = add_field(door, "Level", "enum", "Low", "High")
    low, high = (option["id"] for option in field["options"])
    code = field["field_code"]
    for title, chosen in (("A", low), ("B", high)):
        door.add("/api/v2/deals", title=title, custom_fields={code: chosen})
    # As at Pipedrive, rows keep the id of an option that is deleted.
    made = door.sandbox.company.field("deal", code)
    assert made is not None and made.options is not None
    made.options_deleted.append({"id": high, "label": "High"})
    made.options = [option for option in made.options if option["id"] == low]
    with connected(door.sandbox) as connection:

        def asked(sql: str) -> list[str]:
            """The paths of the requests that a statement needs."""
            door.sandbox.reset()
            connection.execute(sql).fetchall()
            return [heard.path for heard in door.sandbox.heard]

        assert asked("select title, level_id from deals") == ["/api/v2/deals"]
        assert asked("select title, level from deals") == ["/v1/dealFields"]
        assert asked("select title, level from deals") == []
        every = connection.execute("select title, level from deals order by id")
        assert every.fetchall() == [("A", "Low"), ("B", "High")]


def test_an_option_that_nobody_knows_is_an_id_without_a_label() -> None:
    with Sandbox(deals=300) as sandbox, connected(sandbox) as connection:
        found = connection.execute("""
            select distinct источник, источник_id from deals
            where источник_id = 999999
        """).fetchall()
    assert found == [(None, 999999)]


def test_every_field_has_its_number_from_v1(door: Door) -> None:
    code = add_field(door, "Region")["field_code"]
    told = {f["key"]: f["id"] for f in door.rows("/v1/dealFields")}
    with connected(door.sandbox) as connection:
        door.sandbox.reset()
        sql = "select field_key, id from pipedrive_fields where entity = 'deal'"
        assert dict(connection.execute(sql).fetchall()) == told
        assert "/v1/dealFields" in [heard.path for heard in door.sandbox.heard]
        assert told[code]


def test_fields_without_their_numbers_cost_nothing(door: Door) -> None:
    with connected(door.sandbox) as connection:
        door.sandbox.reset()
        found = connection.execute("""
            select label, type, columns, tables from pipedrive_fields
            where field_key = 'pipeline_id'
        """).fetchall()
        assert door.sandbox.heard == []
    assert [json.loads(columns) for _, _, columns, _ in found] == [["pipeline_id"]]
    assert set(json.loads(found[0][3])) >= {"deals", "deals_archived"}


def test_unused_custom_fields_are_not_in_the_pages() -> None:
    def size(custom: int) -> tuple[int, list[str]]:
        """Bytes of the page of titles, and what was asked for it."""
        with opened(empty=True, record=True) as door:
            codes = [
                add_field(door, f"Field {n}", KINDS[n % 2])["field_code"]
                for n in range(custom)
            ]
            for number in range(20):
                door.add(
                    "/api/v2/deals",
                    title=f"Deal {number:02}",
                    custom_fields=dict.fromkeys(codes, "a value of some length"),
                )
            with connected(door.sandbox) as connection:
                door.sandbox.reset()
                connection.execute("select id, title from deals").fetchall()
                (page,) = door.sandbox.heard
        return len(page.answer), page.query.split("&")

    (without, _), (many, asked) = size(0), size(87)
    # One key is the fewest that can be asked for: 40 digits and a value.
    assert many - without <= 20 * 80
    assert asked[0].startswith("custom_fields=") and "%2C" not in asked[0]


# What is written (v2), the name and value of each column, and what leads have instead.
VALUES: dict[str, tuple[Any, dict[str, Any]]] = {
    "varchar": ("text", {"": "text"}),
    "varchar_auto": ("text", {"": "text"}),
    "text": ("long\ntext", {"": "long\ntext"}),
    "phone": ("+372 5000000", {"": "+372 5000000"}),
    "double": (2, {"": 2.0}),
    "date": ("2026-02-29", {"": "2026-02-29"}),
    "user": (1, {"_id": 1}),
    "org": (1, {"_id": 1}),
    "people": (1, {"_id": 1}),
    "monetary": (
        {"value": 10.5, "currency": "EUR"},
        {"": 10.5, "_currency": "EUR"},
    ),
    "daterange": (
        {"value": "2026-01-01", "until": "2026-01-31"},
        {"": "2026-01-01", "_until": "2026-01-31"},
    ),
    "time": (
        {"value": "10:00:00", "timezone_id": 193, "timezone_name": "Europe/Tallinn"},
        {"": "10:00:00", "_timezone_id": 193, "_timezone_name": "Europe/Tallinn"},
    ),
    "timerange": (
        {
            "value": "10:00:00",
            "until": "11:00:00",
            "timezone_id": 193,
            "timezone_name": "Europe/Tallinn",
        },
        {
            "": "10:00:00",
            "_until": "11:00:00",
            "_timezone_id": 193,
            "_timezone_name": "Europe/Tallinn",
        },
    ),
    "address": ({"value": "Narva mnt 1"}, {"": "Narva mnt 1", "_country": None}),
}


@pytest.mark.parametrize("kind", VALUES)
def test_a_value_of_each_type_in_deals_and_in_leads(door: Door, kind: str) -> None:
    given, expected = VALUES[kind]
    code = add_field(door, "Thing", kind)["field_code"]
    person = door.add("/api/v2/persons", name="P")["id"]
    org = door.add("/api/v2/organizations", name="O")["id"]
    assert (person, org) == (1, 1)
    door.add("/api/v2/deals", title="A", custom_fields={code: given})
    flat = (
        {code: given["value"]}
        | {f"{code}_{part}": v for part, v in given.items() if part != "value"}
        if isinstance(given, dict)
        else {code: given}
    )
    flat.pop(f"{code}_timezone_name", None)
    door.add("/v1/leads", title="A", person_id=person, **flat)
    with connected(door.sandbox) as connection:
        names = [f"thing{suffix}" for suffix in expected]
        found = connection.execute(f"select {', '.join(names)} from deals").fetchall()
        assert found == [tuple(expected.values())]
        # v1 has no names of zones.
        names = [name for name in names if not name.endswith("timezone_name")]
        found = connection.execute(f"select {', '.join(names)} from leads").fetchall()
        assert found == [tuple(expected.values())[: len(names)]]


def test_choices_in_deals_and_in_leads(door: Door) -> None:
    person = door.add("/api/v2/persons", name="P")["id"]
    for kind in ("enum", "set"):
        field = add_field(door, f"My {kind}", kind, "a", "b")
        code, ids = field["field_code"], [option["id"] for option in field["options"]]
        chosen: Any = ids[1] if kind == "enum" else ids
        told = str(ids[1]) if kind == "enum" else ",".join(map(str, ids))
        door.add("/api/v2/deals", title=kind, custom_fields={code: chosen})
        door.add("/v1/leads", title=kind, person_id=person, **{code: told})
    for table in ("deals", "leads"):
        with connected(door.sandbox) as connection:
            found = connection.execute(f"""
                select my_enum, my_enum_id from {table} where title = 'enum'
                union all
                select my_set, length(my_set_ids) > 2 from {table} where title = 'set'
            """).fetchall()
        assert found[0][0] == "b"
        assert found[1] == ('["a","b"]', 1)
