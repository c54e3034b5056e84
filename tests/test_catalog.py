"""The catalog: nouns that check themselves, values, columns of custom fields."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipedrive_sql.catalog import TABLES, values
from pipedrive_sql.catalog.fields import (
    ROW_IDS,
    Field,
    complete,
    custom_columns,
    field_from_v1,
    field_from_v2,
)
from pipedrive_sql.catalog.rows import RowReader
from pipedrive_sql.catalog.table import (
    Brought,
    Column,
    Endpoint,
    Form,
    Parameter,
    Table,
)
from pipedrive_sql.catalog.values import CONVERSIONS, Kind

BY_NAME = {table.name: table for table in TABLES}
DEALS = BY_NAME["deals"]
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


# The nouns


def test_a_table_reports_every_mistake_with_its_name() -> None:
    with pytest.raises(ValueError) as caught:
        Table(
            "x",
            "No full stop",
            key="id",
            parent="y",
            parent_key="y_id",
            source="y",
            columns=(
                Column("a", Kind.TEXT, "An a."),
                Column("a", Kind.TEXT, "Again an a"),
            ),
            endpoints=(
                Endpoint("/x", 1, parameters=(Parameter("b", "b"),), sorts=("a",)),
            ),
        )
    assert str(caught.value).splitlines() == [
        "x: a column stands twice",
        "x: the key id is no column",
        "x: source and each go together",
        "x: the parent's key y_id is no column",
        "x: the sentence needs its full stop",
        "x: the sentence of a needs its full stop",
        "x: /x names b, which is no column",
        "x: /x sorts by a, which may be null",
    ]


def test_every_table_has_its_own_name() -> None:
    assert len(BY_NAME) == len(TABLES)


@every_table
def test_names_are_words_of_sql(table: Table) -> None:
    """No name needs quotes: SQLite reads each bare, and none is a row id."""
    names = ", ".join(table.names)
    with sqlite3.connect(":memory:") as plain:
        plain.execute(f"create table {table.name} ({names})")
        plain.execute(f"select {names} from {table.name}")
    assert not ROW_IDS & set(table.names)


@every_table
def test_references_lead_to_columns(table: Table) -> None:
    for column in table.columns:
        if column.references:
            name, _, key = column.references.partition(".")
            target = BY_NAME[name].column(key)
            assert target.kind is column.kind, column.name


@every_table
def test_parents_and_sources_are_tables(table: Table) -> None:
    if table.source:
        source = BY_NAME[table.source]
        assert any(column.steps == (table.each,) for column in source.columns)
    if table.parent:
        assert BY_NAME[table.parent].key
    if table.parent_count:
        assert table.parent_count in BY_NAME[table.parent].names


@every_table
def test_columns_that_cost_more_stand_after_the_plain_ones(table: Table) -> None:
    """SQLite's mask of used columns has 64 bits: it must tell of every such column."""
    places = [
        number
        for number, column in enumerate(table.columns)
        if column.brought is Brought.INCLUDED
    ]
    given = [c for c in table.columns if c.brought is Brought.GIVEN]
    last = len(table.columns) - len(given)
    assert places == list(range(last - len(places), last))
    assert all(c.brought is Brought.GIVEN for c in table.columns[last:])
    assert not (places or given) or len(table.columns) <= 63


@every_table
def test_a_key_is_never_null(table: Table) -> None:
    assert not table.key or table.column(table.key).never_null


# Values

FACES_OF_NOTHING: list[Any] = [None, "", []]
ZERO_DATES = ["0000-00-00", "0000-00-00 00:00:00", "-0001-11-30", "-0001-11-30T00:00Z"]


def converted(kind: Kind, value: Any) -> Any:
    """What a row that holds `value` shows in a column of that kind."""
    table = Table(
        "t",
        "A t.",
        "",
        (Column("c", kind, "A c."),),
        endpoints=(Endpoint("/t", 1, echo=True),),
    )
    ((found,),) = RowReader(table, table.columns).read(
        json.dumps([{"c": value}]).encode()
    )
    return found


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("nothing", FACES_OF_NOTHING)
def test_nothing_is_null(kind: Kind, nothing: Any) -> None:
    assert converted(kind, nothing) is None


@pytest.mark.parametrize("kind", [Kind.DATE, Kind.TIMESTAMP])
@pytest.mark.parametrize("zero", ZERO_DATES)
def test_zero_dates_are_null(kind: Kind, zero: str) -> None:
    assert converted(kind, zero) is None


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Kind.INTEGER, 7, 7),
        (Kind.INTEGER, "7", 7),
        (Kind.INTEGER, " -7 ", -7),
        (Kind.INTEGER, "7.5", "7.5"),
        (Kind.INTEGER, 7.0, 7),
        (Kind.INTEGER, 7.5, 7.5),
        (Kind.INTEGER, True, 1),
        (Kind.INTEGER, {"id": 3, "name": "A"}, 3),
        (Kind.INTEGER, {"value": 3, "name": "A"}, 3),
        (Kind.INTEGER, 2**63 - 1, 2**63 - 1),
        (Kind.INTEGER, 2**63, float(2**63)),
        (Kind.INTEGER, -(2**80), -float(2**80)),
        (Kind.INTEGER, 1e30, 1e30),
        (Kind.INTEGER, "abc", "abc"),
        (Kind.REAL, 200, 200.0),
        (Kind.REAL, "1e3", 1000.0),
        (Kind.REAL, "about 5", "about 5"),
        (Kind.REAL, {"value": 5, "currency": "EUR"}, 5.0),
        (Kind.TEXT, "O'Hara; --", "O'Hara; --"),
        (Kind.TEXT, "5", "5"),
        (Kind.TEXT, 5, "5"),
        (Kind.TEXT, {"value": "Main St 1", "country": None}, "Main St 1"),
        (Kind.TEXT, ["a"], '["a"]'),
        (Kind.BOOLEAN, True, 1),
        (Kind.BOOLEAN, False, 0),
        (Kind.BOOLEAN, 1, 1),
        (Kind.BOOLEAN, "0", 0),
        (Kind.BOOLEAN, "Yes", 1),
        (Kind.BOOLEAN, "perhaps", "perhaps"),
        (Kind.DATE, "2026-02-29", "2026-02-29"),
        (Kind.DATE, "2026-01-02T03:04:05Z", "2026-01-02"),
        (Kind.DATE, "2026-01-02 00:00:00", "2026-01-02"),
        (Kind.DATE, "next week", "next week"),
        (Kind.DATE, {"value": "2026-01-02", "until": "2026-01-03"}, "2026-01-02"),
        (Kind.TIME, "9:05", "09:05:00"),
        (Kind.TIME, "15:00:30", "15:00:30"),
        (Kind.TIME, "25:00", "25:00:00"),
        (Kind.TIME, "noon", "noon"),
        (Kind.TIMESTAMP, "2026-01-02T03:04:05Z", "2026-01-02 03:04:05"),
        (Kind.TIMESTAMP, "2026-01-02 03:04:05", "2026-01-02 03:04:05"),
        (Kind.TIMESTAMP, "2026-01-02T03:04:05.000Z", "2026-01-02 03:04:05"),
        (Kind.TIMESTAMP, "2026-01-02T03:04:05.678Z", "2026-01-02 03:04:05.678"),
        (Kind.TIMESTAMP, "2026-01-02 03:04:05.678", "2026-01-02 03:04:05.678"),
        (Kind.TIMESTAMP, "2026-01-02T03:04:05+02:00", "2026-01-02 01:04:05"),
        (Kind.TIMESTAMP, "2026-01-02T03:04:05+00:00", "2026-01-02 03:04:05"),
        (Kind.TIMESTAMP, "0001-01-02T03:04:05+02:00", "0001-01-02 01:04:05"),
        (Kind.TIMESTAMP, "0001-01-01T00:00:00+02:00", "0001-01-01T00:00:00+02:00"),
        (Kind.TIMESTAMP, "yesterday", "yesterday"),
        (Kind.JSON, [1, "é"], '[1,"é"]'),
        (Kind.JSON, {"a": {}}, '{"a":{}}'),
        (Kind.JSON, "bare", "bare"),
        (Kind.JSON, {}, None),
    ],
)
def test_a_value_becomes(kind: Kind, value: Any, expected: Any) -> None:
    found = converted(kind, value)
    assert (type(found), found) == (type(expected), expected)


ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["2026-01-02T03:04:05Z", "0001-01-01T00:00:00+23:59", "12:00"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "id", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("kind", Kind)
@given(value=ANY_JSON)
@settings(max_examples=200, derandomize=True)
def test_no_value_raises(kind: Kind, value: Any) -> None:
    found = CONVERSIONS[kind](value)
    assert found is None or isinstance(found, int | float | str)
    assert not isinstance(found, int) or -(2**63) <= found < 2**63


@pytest.mark.parametrize("form", Form)
@given(value=ANY_JSON)
@settings(max_examples=100, derandomize=True)
def test_no_value_raises_in_any_form(form: Form, value: Any) -> None:
    column = Column("c", Kind.JSON, "A c.", form=form, options={1: "One"})
    table = Table("t", "A t.", "", (column,), endpoints=(Endpoint("/t", 1, echo=True),))
    page = json.dumps([{"c": value}]).encode()
    ((found,),) = RowReader(table, table.columns).read(page)
    assert found is None or isinstance(found, int | float | str)


@pytest.mark.parametrize(
    ("form", "kind", "value", "expected"),
    [
        (Form.LABEL, Kind.TEXT, 1, "Hot"),
        (Form.LABEL, Kind.TEXT, "1", "Hot"),
        (Form.LABEL, Kind.TEXT, 999, None),
        (Form.LABELS, Kind.JSON, [2, 1], '["Cold","Hot"]'),
        (Form.LABELS, Kind.JSON, "1,2", '["Hot","Cold"]'),
        (Form.LABELS, Kind.JSON, [999], None),
        (Form.IDS, Kind.JSON, [2, 999], "[2,999]"),
        (Form.IDS, Kind.JSON, "1,2", "[1,2]"),
        (Form.IDS, Kind.JSON, 7, "[7]"),
        (Form.PRIMARY, Kind.TEXT, [{"value": "a"}, {"value": "b"}], "a"),
        (
            Form.PRIMARY,
            Kind.TEXT,
            [{"value": "a", "primary": False}, {"value": "b", "primary": True}],
            "b",
        ),
        (Form.PRIMARY, Kind.TEXT, [{"value": ""}], None),
    ],
)
def test_a_form_makes(form: Form, kind: Kind, value: Any, expected: Any) -> None:
    column = Column("c", kind, "A c.", form=form, options={1: "Hot", 2: "Cold"})
    table = Table("t", "A t.", "", (column,), endpoints=(Endpoint("/t", 1, echo=True),))
    page = json.dumps([{"c": value}]).encode()
    assert RowReader(table, table.columns).read(page) == [(expected,)]


def test_a_missing_key_is_null_in_every_kind() -> None:
    columns = tuple(Column(kind.name.lower(), kind, "A c.") for kind in Kind)
    table = Table("t", "A t.", "", columns, endpoints=(Endpoint("/t", 1, echo=True),))
    assert RowReader(table, columns).read(b"[{}]") == [(None,) * len(columns)]


# Custom fields


def field(name: str, code: str = "a" * 40, kind: str = "varchar", **rest: Any) -> Field:
    return Field(code, name, kind, is_custom=True, **rest)


def names_of(*fields: Field) -> list[str]:
    return [column.name for column in custom_columns(DEALS, fields)]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Deal source", "deal_source"),
        ("  Deal -- source!  ", "deal_source"),
        ("Größe (m²)", "größe_m²"),
        ("Источник", "источник"),
        ("来源", "来源"),
        ("संपर्क", "संपर्क"),
        ("2nd choice", "_2nd_choice"),
        ('Say "hi"; --', "say_hi"),
        ("🚀", "field"),
        ("", "field"),
        ("e\u0301", "é"),
    ],
)
def test_a_label_becomes_a_name(label: str, name: str) -> None:
    assert names_of(field(label)) == [name]


@pytest.mark.parametrize("label", ["Title", "ID", "rowid", "Deals", "OID", "Owner ID"])
def test_names_that_are_taken_get_the_beginning_of_the_key(label: str) -> None:
    (name,) = names_of(field(label, "0123456789" * 4))
    assert name == f"{label.lower().replace(' ', '_')}_0123"


def test_equal_labels_all_get_the_beginning_of_their_key() -> None:
    assert names_of(field("Source", "a1" * 20), field("source", "b2" * 20)) == [
        "source_a1a1",
        "source_b2b2",
    ]


def test_keys_that_begin_alike_are_shown_further() -> None:
    first, second = "aaaaaa1" + "0" * 33, "aaaaaa2" + "0" * 33
    assert names_of(field("Source", first), field("Source", second)) == [
        "source_aaaaaa1",
        "source_aaaaaa2",
    ]


def test_parts_of_a_field_clash_with_labels_too() -> None:
    money, text = field("Budget", "a1" * 20, "monetary"), field("Budget currency")
    assert names_of(money, text) == [
        "budget_a1a1",
        "budget_a1a1_currency",
        "budget_currency_aaaa",
    ]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("varchar", ["f"]),
        ("varchar_auto", ["f"]),
        ("text", ["f"]),
        ("double", ["f"]),
        ("phone", ["f"]),
        ("date", ["f"]),
        ("monetary", ["f", "f_currency"]),
        ("daterange", ["f", "f_until"]),
        ("time", ["f", "f_timezone_id", "f_timezone_name"]),
        ("timerange", ["f", "f_until", "f_timezone_id", "f_timezone_name"]),
        ("enum", ["f", "f_id"]),
        ("set", ["f", "f_ids"]),
        ("user", ["f_id"]),
        ("org", ["f_id"]),
        ("people", ["f_id"]),
        ("a type of tomorrow", ["f"]),
    ],
)
def test_a_type_gives_its_columns(kind: str, names: list[str]) -> None:
    assert names_of(field("F", kind=kind)) == names


def test_an_address_gives_its_parts() -> None:
    names = names_of(field("Site", kind="address"))
    assert names[:2] == ["site", "site_country"]
    assert names[-1] == "site_formatted_address"
    assert len(names) == 11


LABELS = st.sampled_from(["Source", "source", "SOURCE ", "Budget", "Budget currency"])
KINDS = st.sampled_from(["varchar", "monetary", "enum", "set", "user", "time"])
CODES = st.text("01", min_size=40, max_size=40) | st.text(
    "0123456789abcdef", min_size=40, max_size=40
)


@given(
    st.lists(
        st.tuples(CODES, LABELS | st.text(max_size=5), KINDS),
        unique_by=lambda one: one[0],
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=300, derandomize=True)
def test_names_are_unique_and_do_not_depend_on_order(
    drawn: Sequence[tuple[str, str, str]], random: Any
) -> None:
    fields = [field(name, code, kind) for code, name, kind in drawn]
    columns = custom_columns(DEALS, fields)
    every = [*DEALS.names, *(column.name for column in columns)]
    assert len({name.casefold() for name in every}) == len(every)
    shuffled = list(fields)
    random.shuffle(shuffled)
    assert set(custom_columns(DEALS, shuffled)) == set(columns)


def test_names_are_names_to_sqlite_when_quoted() -> None:
    labels = ["Größe", "来源", 'a"b', "x\x00y", "\ud7ff", "İ", "ß"]
    codes = [f"{number:040x}" for number in range(len(labels))]
    fields = [field(*one) for one in zip(labels, codes, strict=True)]
    columns = custom_columns(DEALS, fields)
    quoted = ", ".join(f'"{column.name}"' for column in columns)
    with sqlite3.connect(":memory:") as plain:
        plain.execute(f"create table t ({quoted})")
        found = [row[1] for row in plain.execute("pragma table_xinfo(t)")]
    assert found == [column.name for column in columns]


def test_metadata_of_v2_is_read() -> None:
    row = {
        "field_code": "a" * 40,
        "field_name": "Type",
        "field_type": "enum",
        "is_custom_field": True,
        "options": [{"id": "7", "label": "Hot"}, {"id": "won", "label": "Won"}, {}],
    }
    found = field_from_v2(row)
    assert found == field("Type", kind="enum", options={7: "Hot", "won": "Won"})


def test_metadata_of_v1_brings_deleted_options_and_no_subfields() -> None:
    row = {
        "key": "a" * 40,
        "name": "Type",
        "field_type": "enum",
        "edit_flag": True,
        "options": [{"id": 7, "label": "Hot"}],
        "options_deleted": [{"id": 8, "label": "Gone"}],
    }
    assert field_from_v1(row).options == {8: "Gone", 7: "Hot"}
    assert field_from_v1(row).is_custom
    assert not field_from_v1({**row, "is_subfield": True}).is_custom


def test_labels_of_options_reach_tables_and_their_children() -> None:
    known = Field("label_ids", "Label", "set", False, {1: "Hot"})
    assert complete(DEALS, [known]).column("labels").options == {1: "Hot"}
    labels = complete(BY_NAME["deal_labels"], [known])
    assert labels.column("label").options == {1: "Hot"}


def test_children_get_no_custom_columns() -> None:
    labels = BY_NAME["deal_labels"]
    assert complete(labels, [field("Source")]).names == labels.names


def test_leads_have_the_custom_fields_flat() -> None:
    fields = [field("Budget", "a" * 40, "monetary"), field("At", "b" * 40, "time")]
    places = [column.at for column in custom_columns(BY_NAME["leads"], fields)]
    assert places == [
        "a" * 40,
        "a" * 40 + "_currency",
        "b" * 40,
        "b" * 40 + "_timezone_id",
    ]


# Rows


def read(name: str, rows: object, *columns: str) -> list[tuple[Any, ...]]:
    table = BY_NAME[name]
    chosen = [table.column(column) for column in columns]
    return RowReader(table, chosen).read(json.dumps(rows).encode())


def test_children_are_read_from_their_parents_rows() -> None:
    rows = [
        {"id": 1, "emails": [{"value": "a", "primary": True}, {"value": "b"}]},
        {"id": 2, "emails": None},
        {"id": 3, "emails": []},
        {"id": 4, "emails": [{"value": "c"}]},
        {"id": 5},
    ]
    columns = ("person_id", "position", "email", "is_primary")
    assert read("person_emails", rows, *columns) == [
        (1, 0, "a", 1),
        (1, 1, "b", None),
        (4, 0, "c", None),
    ]


def test_no_column_is_still_a_row_each() -> None:
    assert read("deals", [{"id": 1}, {"id": 2}]) == [(), ()]
    rows = [{"id": 1, "emails": [{}, {}]}]
    assert read("person_emails", rows) == [(), ()]


def test_custom_fields_sent_as_an_empty_array_are_null() -> None:
    table = complete(DEALS, [field("Source")])
    reader = RowReader(table, [table.column("id"), table.column("source")])
    page = b'[{"id":1,"custom_fields":[]},{"id":2,"custom_fields":null},{"id":3}]'
    assert reader.read(page) == [(1, None), (2, None), (3, None)]


READINGS: list[Callable[[Any], Any]] = [values.integer, values.real, values.text]


@pytest.mark.parametrize("convert", READINGS)
def test_true_in_an_unexpected_place_is_kept(convert: Callable[[Any], Any]) -> None:
    assert convert(True) in (1, 1.0, "true")


def test_a_table_may_be_completed_twice() -> None:
    """Refreshing the metadata starts from the declared table."""
    first = complete(DEALS, [field("Source")])
    again = complete(DEALS, [field("Source"), field("Kind", "b" * 40)])
    assert again.names == (*first.names, "kind")
    assert replace(DEALS) == DEALS
