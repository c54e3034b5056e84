"""What Pipedrive spells in several ways is one way in SQL; a test for each quirk."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from pipedrive_sql.catalog import TABLES
from pipedrive_sql.catalog.table import Table
from pipedrive_sql.catalog.values import Kind
from pipedrive_sql.connection import Connection
from pipedrive_sql.errors import BadAnswer

from .front_door import Door, connected, opened

FORMS = {
    Kind.TIMESTAMP: re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d*[1-9]\d*)?"),
    Kind.DATE: re.compile(r"\d{4}-\d\d-\d\d"),
    Kind.TIME: re.compile(r"\d\d:\d\d:\d\d"),
}


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with opened(deals=100) as found:
        yield found


@pytest.fixture(scope="module")
def live(door: Door) -> Iterator[Connection]:
    with connected(door.sandbox, cache_ttl=0) as connection:
        yield connection


def values(live: Connection, sql: str) -> list[Any]:
    """The one column of a statement."""
    return [value for (value,) in live.execute(sql)]


PLAIN = [
    table
    for table in TABLES
    if not any(column.hidden for column in table.columns) and not table.parent
]


@pytest.mark.parametrize("table", PLAIN, ids=lambda table: table.name)
def test_every_value_is_of_its_kind_or_null(live: Connection, table: Table) -> None:
    columns = [column for column in table.columns if not column.further]
    names = ", ".join(f'"{column.name}"' for column in columns)
    for row in live.execute(f"select {names} from {table.name} limit 200"):
        for column, value in zip(columns, row, strict=True):
            told = (column.name, value)
            assert value not in ("", "[]", "{}", "0000-00-00"), told
            if value is None:
                assert not column.never_null, told
            elif column.kind is Kind.BOOLEAN:
                assert value in (0, 1), told
            elif column.name == "option_id":
                assert isinstance(value, int | str), told  # system fields have words
            elif column.name.endswith("_id") and column.kind is Kind.INTEGER:
                assert isinstance(value, int), told
            elif form := FORMS.get(column.kind):
                assert form.fullmatch(value), told
            elif column.kind is Kind.REAL:
                assert isinstance(value, float), told


def test_the_four_spellings_of_references(door: Door, live: Connection) -> None:
    # A number, in v2.
    deal = door.rows("/api/v2/deals", limit=500)[0]
    sql = f"select owner_id from deals where id = {deal['id']}"
    assert values(live, sql) == [deal["owner_id"]]
    # An object with `value` and what people call it, in v1.
    related = next(
        found
        for org in door.rows("/api/v2/organizations")
        if (found := door("GET", "/v1/organizationRelationships", org_id=org["id"]))
        and found["data"]
    )["data"][0]
    sql = f"""
        select rel_owner_org_id from organization_relationships
        where org_id = {related["rel_owner_org_id"]["value"]} and id = {related["id"]}
    """
    assert values(live, sql) == [related["rel_owner_org_id"]["value"]]
    # An object with `id`, and names of its own: `organization_id`.
    lead = next(lead for lead in door.rows("/v1/leads") if lead["organization_id"])
    sql = f"select org_id from leads where id = '{lead['id']}'"
    assert values(live, sql) == [lead["organization_id"]]
    goal = door("GET", "/v1/goals/find")["data"]["goals"][0]
    sql = f"select assignee_id from goals where id = '{goal['id']}'"
    assert values(live, sql) == [goal["assignee"]["id"]]
    # A number in text.
    note = next(
        comments
        for note in door.rows("/v1/notes")
        if (comments := door.rows(f"/v1/notes/{note['id']}/comments"))
    )[0]
    assert isinstance(note["object_id"], str)
    sql = f"select object_id from note_comments where note_id = {note['object_id']}"
    assert set(values(live, sql)) == {int(note["object_id"])}


def test_the_formats_of_times(door: Door, live: Connection) -> None:
    for path, table, key, column in (
        ("/api/v2/deals", "deals", "id", "add_time"),  # 2021-01-01T00:00:00Z
        ("/api/v2/projects", "projects", "id", "add_time"),  # with .000Z
        ("/v1/notes", "notes", "id", "add_time"),  # 2021-01-01 00:00:00
        ("/v1/leads", "leads", "id", "add_time"),  # with .000Z
    ):
        row = door.rows(path)[0]
        expected = re.sub(r"\.0+$", "", row[column].replace("T", " ").rstrip("Z"))
        sql = f"select {column} from {table} where {key} = '{row[key]}'"
        assert values(live, sql) == [expected]


def test_the_five_faces_of_nothing(door: Door, live: Connection) -> None:
    def nulls(sql: str) -> int:
        return len([value for value in values(live, sql) if value is None])

    persons = door.rows("/api/v2/persons")
    zero = ("0000-00-00", "-0001-11-30")
    faces = {
        "null": [p for p in persons if p["birthday"] is None],
        "zero": [p for p in persons if (p["birthday"] or "").startswith(zero)],
    }
    assert all(faces.values())
    assert nulls("select birthday from persons") == sum(map(len, faces.values()))
    empty = [p for p in persons if p["job_title"] == ""]
    assert empty
    some = ", ".join(str(p["id"]) for p in empty)
    assert nulls(f"select job_title from persons where id in ({some})") == len(empty)
    none = [p for p in persons if p["emails"] == []]
    assert none
    some = ", ".join(str(p["id"]) for p in none)
    assert nulls(f"select emails from persons where id in ({some})") == len(none)
    calls = [call for call in door.rows("/v1/callLogs") if "subject" not in call]
    assert calls
    some = ", ".join(f"'{call['id']}'" for call in calls)
    assert nulls(f"select subject from call_logs where id in ({some})") == len(calls)


def test_enums_of_yes_and_no_are_booleans(door: Door, live: Connection) -> None:
    fields = {field["key"]: field for field in door("GET", "/v1/noteFields")["data"]}
    labels = [option["label"] for option in fields["pinned_to_deal_flag"]["options"]]
    assert labels == ["Yes", "No"]
    found = set(values(live, "select is_pinned_to_deal from notes"))
    assert found == {0, 1}


def test_time_is_a_clock_time_and_a_duration(door: Door, live: Connection) -> None:
    fields = {f["field_code"]: f for f in door.rows("/api/v2/activityFields")}
    assert {fields[code]["field_type"] for code in ("due_time", "duration")} == {"time"}
    raw = door.rows("/api/v2/activities")
    lengths = {len(a[code] or "") for a in raw for code in ("due_time", "duration")}
    assert lengths == {0, 5, 8}
    for column in ("due_time", "duration"):
        found = set(values(live, f"select {column} from activities"))
        assert {len(value) for value in found - {None}} == {8}
        assert None in found
    # A custom field of this type has a zone beside it.
    zoned = live.execute("""
        select best_call_time, best_call_time_timezone_id, best_call_time_timezone_name
        from deals where best_call_time is not null limit 1
    """).fetchone()
    assert zoned is not None
    assert FORMS[Kind.TIME].fullmatch(zoned[0])
    assert (type(zoned[1]), type(zoned[2])) == (int, str)


def test_fields_of_times_that_are_typed_date(door: Door, live: Connection) -> None:
    fields = {f["field_code"]: f["field_type"] for f in door.rows("/api/v2/dealFields")}
    times = [code for code in fields if code.endswith("_time")]
    assert {fields[code] for code in times} == {"date"}
    declared: dict[str, str] = dict(
        live.execute("select name, type from pragma_table_info('deals')").fetchall()
    )
    assert {declared[code] for code in times if code in declared} == {"TIMESTAMP"}
    assert (
        declared["expected_close_date"]
        == "DATE"
        == fields["expected_close_date"].upper()
    )


def test_pipeline_id_is_an_integer_though_typed_double(
    door: Door, live: Connection
) -> None:
    fields = {f["field_code"]: f["field_type"] for f in door.rows("/api/v2/dealFields")}
    assert fields["pipeline_id"] == "double"
    assert set(values(live, "select typeof(pipeline_id) from deals")) == {"integer"}


def test_names_of_v1_are_those_of_v2(door: Door, live: Connection) -> None:
    lead = next(iter(door.rows("/v1/leads")))
    row = live.execute(
        """
        select creator_user_id, org_id, smart_bcc_email, value, currency
        from leads where id = ?
        """,
        [lead["id"]],
    ).fetchone()
    worth = lead["value"] or {}
    assert row == (
        lead["creator_id"],
        lead["organization_id"],
        lead["cc_email"],
        worth.get("amount"),
        worth.get("currency"),
    )
    old = {"active_flag", "deleted", "active", "cc_email", "organization_id", "label"}
    flags = {
        f"{table.name}.{name}"
        for table in TABLES
        for name in table.names
        if name.endswith("_flag")
    }
    assert flags == set()
    assert old & set(next(t for t in TABLES if t.name == "leads").names) == set()


@pytest.mark.parametrize(
    ("table", "column", "path"),
    [
        ("leads", "visible_to", "/v1/leads"),
        ("roles", "assignment_count", "/v1/roles"),
        ("roles", "sub_role_count", "/v1/roles"),
        ("call_logs", "duration", "/v1/callLogs"),
    ],
)
def test_strings_that_are_numbers(
    door: Door, live: Connection, table: str, column: str, path: str
) -> None:
    raw = {row["id"]: row[column] for row in door.rows(path) if column in row}
    assert {type(value) for value in raw.values()} == {str}
    found: dict[Any, Any] = dict(
        live.execute(f"select id, {column} from {table}").fetchall()
    )
    assert {key: found[key] for key in raw} == {k: int(v) for k, v in raw.items()}


def test_data_null_is_an_empty_list() -> None:
    with opened(empty=True) as door, connected(door.sandbox, cache_ttl=0) as live:
        for table, path in (("notes", "/v1/notes"), ("leads", "/v1/leads")):
            assert door("GET", path)["data"] is None
            assert values(live, f"select id from {table}") == []


@pytest.mark.unofficial
def test_data_true_is_no_list(door: Door, live: Connection) -> None:
    for table, path in (("deals", "/deals"), ("notes", "/notes")):
        door.sandbox.fail(path, status=200, body=b'{"success":true,"data":true}')
        with pytest.raises(BadAnswer):
            values(live, f"select id from {table}")


@pytest.mark.unofficial
def test_empty_arrays_that_stand_for_objects(door: Door, live: Connection) -> None:
    row = {"id": 5, "title": "A", "custom_fields": [], "is_deleted": False}
    body = {"success": True, "data": [row], "additional_data": []}
    door.sandbox.fail("/deals", status=200, body=json.dumps(body).encode())
    found = live.execute("select id, title, score from deals").fetchall()
    assert found == [(5, "A", None)]
    lead = {"id": "b0d0a5e5-0f3f-4f6e-9a39-0f6d0a5b7c11", "value": [], "label_ids": []}
    last = {"pagination": {"start": 0, "limit": 500, "more_items_in_collection": False}}
    body = {"success": True, "data": [lead], "additional_data": last}
    door.sandbox.fail("/leads", status=200, body=json.dumps(body).encode())
    found = live.execute("select value, currency, label_ids from leads").fetchall()
    assert found == [(None, None, None)]
    # Where a list has pages, an answer that tells nothing of them is not believed.
    body = {"success": True, "data": [lead], "additional_data": []}
    door.sandbox.fail("/leads", status=200, body=json.dumps(body).encode())
    with pytest.raises(BadAnswer, match="does not say whether there are more rows"):
        live.execute("select value from leads").fetchall()


@pytest.mark.parametrize("table", ["leads", "call_logs", "goals", "permission_sets"])
def test_rows_with_opaque_keys_keep_their_rowids(live: Connection, table: str) -> None:
    def numbered(order: str) -> dict[str, int]:
        sql = f"select id, rowid from {table} order by {order}"
        return dict(live.execute(sql).fetchall())

    first = numbered("id")
    assert {type(key) for key in first} == {str}
    assert sorted(first.values()) == sorted(set(first.values()))
    assert numbered("id desc") == first
    key, number = next(iter(first.items()))
    assert values(live, f"select id from {table} where rowid = {number}") == [key]


@pytest.mark.unofficial
@pytest.mark.parametrize("table", ["files", "notes"])
def test_what_is_deleted_is_in_no_table(
    door: Door, live: Connection, table: str
) -> None:
    """v1 may serve it still, with a flag of another name than v2's."""
    [key] = values(live, f"SELECT id FROM {table} LIMIT 1")
    row = door("GET", f"/v1/{table}/{key}")["data"] | {"active_flag": False}
    told = json.dumps({"success": True, "data": row}).encode()
    door.sandbox.fail(f"/{table}/{key}", status=200, body=told)
    assert values(live, f"SELECT id FROM {table} WHERE id = {key}") == []
    assert values(live, f"SELECT id FROM {table} WHERE id = {key}") == [key]
