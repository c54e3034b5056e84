"""Custom fields -> columns, by the account's own metadata.

A field's column is named after its label. Labels may be empty, equal, or equal to
a column that Pipedrive always has; then the field's key tells them apart.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .addresses import PARTS
from .table import Brought, Column, Form, Table
from .values import Kind

# Names that mean something else in SQLite, for every table.
ROW_IDS = frozenset({"rowid", "oid", "_rowid_"})
SHORTEST_SUFFIX = 4  # hex digits of the key: 65,536 of them

KINDS: Mapping[str, Kind] = {
    "int": Kind.INTEGER,
    "double": Kind.REAL,
    "monetary": Kind.REAL,
    "boolean": Kind.BOOLEAN,
    "varchar": Kind.TEXT,
    "varchar_auto": Kind.TEXT,
    "text": Kind.TEXT,
    "phone": Kind.TEXT,
    "address": Kind.TEXT,
    "enum": Kind.TEXT,
    "set": Kind.JSON,
    "status": Kind.TEXT,
    "visible_to": Kind.INTEGER,
    "date": Kind.DATE,
    "daterange": Kind.DATE,
    "time": Kind.TIME,
    "timerange": Kind.TIME,
}

# Field types whose value is the key of a row, and the column that has that key.
REFERENCES: Mapping[str, str] = {
    "user": "users.id",
    "org": "organizations.id",
    "people": "persons.id",
    "deal": "deals.id",
    "lead": "leads.id",
    "product": "products.id",
    "activity": "activities.id",
    "stage": "stages.id",
    "pipeline": "pipelines.id",
    "project": "projects.id",
}

# Field types of text that Pipedrive's searches know (spec v2, /deals/search).
SEARCHED = frozenset({"varchar", "varchar_auto", "text", "phone", "address"})

# What stands beside `value` in the objects of these types (v2), or under
# "<key>_<part>" (v1, which has no names of zones).
MORE: Mapping[str, tuple[tuple[str, Kind, str], ...]] = {
    "monetary": (("currency", Kind.TEXT, "the currency"),),
    "daterange": (("until", Kind.DATE, "the last day"),),
    "time": (
        ("timezone_id", Kind.INTEGER, "the zone's id"),
        ("timezone_name", Kind.TEXT, "the zone"),
    ),
    "timerange": (
        ("until", Kind.TIME, "the end"),
        ("timezone_id", Kind.INTEGER, "the zone's id"),
        ("timezone_name", Kind.TEXT, "the zone"),
    ),
    "address": (
        *((part, Kind.TEXT, word.lower()) for part, word in PARTS.items()),
        ("formatted_address", Kind.TEXT, "the address as maps write it"),
    ),
}


class Options(dict[int | str, str]):
    """Labels by option id; those of deleted options are asked for when first met.

    `nameless` are ids that no option has, deleted ones included.

    >>> options = Options({1: "Hot"}, lambda: {1: "Hot", 2: "Cold"})
    >>> options[1], options[2], options[3]
    ('Hot', 'Cold', None)
    """

    def __init__(
        self,
        known: Mapping[int | str, str],
        deleted: Callable[[], Mapping[int | str, str]],
    ) -> None:
        super().__init__(known)
        self.nameless: dict[int | str, None] = {}
        self._deleted: Callable[[], Mapping[int | str, str]] | None = deleted

    def __missing__(self, key: int | str) -> str | None:
        if self._deleted is not None and key not in self.nameless:
            self.update({**self._deleted(), **self})
            self._deleted = None
        if key not in self:
            self.nameless[key] = None
        return self.get(key)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entity, from the fields metadata of either version.

    `code` is the key in rows: 40 hex digits for custom fields. `options` are the
    labels of option ids, with those of deleted options where Pipedrive tells them.
    """

    code: str
    name: str
    type: str
    is_custom: bool
    options: Mapping[int | str, str] = field(default_factory=dict, hash=False)


def field_from_v2(row: Mapping[str, Any]) -> Field:
    """A Field from a row of /api/v2/dealFields and its like."""
    return Field(
        code=str(row["field_code"]),
        name=str(row.get("field_name") or ""),
        type=str(row.get("field_type") or ""),
        is_custom=bool(row.get("is_custom_field")),
        options=_options(row.get("options")),
    )


def field_from_v1(row: Mapping[str, Any]) -> Field:
    """A Field from a row of /v1/leadFields and its like.

    Rows of subfields are no fields of their own: their field's columns cover them.
    """
    deleted = _options(row.get("options_deleted"))
    return Field(
        code=str(row["key"]),
        name=str(row.get("name") or ""),
        type=str(row.get("field_type") or ""),
        is_custom=bool(row.get("edit_flag")) and not row.get("is_subfield"),
        options={**deleted, **_options(row.get("options"))},
    )


def complete(table: Table, fields: Sequence[Field]) -> Table:
    """The table with its custom fields as columns, and with the labels of options.

    >>> complete(Table("x", "An x.", "", (), source="y", each="z"), []).columns
    ()
    """
    by_code = {one.code: one for one in fields}
    columns = [_with_options(table, column, by_code) for column in table.columns]
    return replace(table, columns=(*columns, *custom_columns(table, fields)))


def custom_columns(table: Table, fields: Sequence[Field]) -> tuple[Column, ...]:
    """The columns of the table's custom fields, in the order of the fields.

    None for a table whose rows bring no custom fields.
    """
    if not table.fields or table.each:
        return ()
    nested = any(endpoint.version == 2 for endpoint in table.endpoints)
    custom = [one for one in fields if one.is_custom]
    return tuple(
        column
        for one, name in zip(custom, _names(table, custom), strict=True)
        for column in _columns(one, name, nested)
    )


def plain_name(label: str) -> str:
    """A label as a column name: letters and digits of any script, else "_".

    >>> [plain_name(s) for s in ("Deal source", "2nd  Größe (m²)", "Имя", "?!")]
    ['deal_source', '_2nd_größe_m²', 'имя', 'field']
    """
    text = unicodedata.normalize("NFC", label).lower()
    # Marks are parts of letters: in Hindi, most vowels.
    kept = (
        c if c.isalnum() or unicodedata.category(c).startswith("M") else " "
        for c in text
    )
    name = "_".join("".join(kept).split())
    return f"_{name}" if name[:1].isdigit() else name or "field"


def _names(table: Table, custom: Sequence[Field]) -> list[str]:
    """A name for each field, so that no two columns have the same one.

    Fields that clash all take the beginning of their key, and more of it as long as
    they still clash. Nothing depends on the order of the fields.
    """
    taken = {name.casefold() for name in (*table.names, table.name, *ROW_IDS)}
    plain = [plain_name(one.name) for one in custom]
    shown = [0] * len(custom)  # digits of the key in the name
    while True:
        names = [
            f"{name}_{plain_name(one.code[:digits]).lstrip('_')}" if digits else name
            for one, name, digits in zip(custom, plain, shown, strict=True)
        ]
        columns = [
            {column.name.casefold() for column in _columns(one, name, True)}
            for one, name in zip(custom, names, strict=True)
        ]
        claims = Counter(name for some in columns for name in some)
        clashing = [
            number
            for number, some in enumerate(columns)
            if any(name in taken or claims[name] > 1 for name in some)
            and shown[number] < len(custom[number].code)
        ]
        if not clashing:
            return names
        for number in clashing:
            shown[number] = max(SHORTEST_SUFFIX, shown[number] + 1)


def _columns(one: Field, name: str, nested: bool) -> list[Column]:
    at = f"custom_fields.{one.code}" if nested else one.code
    about = f'Custom field "{one.name}"'

    def column(suffix: str, kind: Kind, at: str, more: str = "", **rest: Any) -> Column:
        return Column(
            f"{name}{suffix}",
            kind,
            f"{about}{more and ': '}{more}.",
            at=at,
            brought=Brought.CUSTOM,
            field_key=one.code,
            **rest,
        )

    if one.type in REFERENCES:
        kind = Kind.TEXT if one.type == "lead" else Kind.INTEGER
        return [column("_id", kind, at, references=REFERENCES[one.type])]
    kind = KINDS.get(one.type, Kind.JSON)
    if one.type == "enum":
        return [
            column("", kind, at, form=Form.LABEL, options=one.options),
            column("_id", Kind.INTEGER, at, "the option's id"),
        ]
    if one.type == "set":
        return [
            column("", kind, at, form=Form.LABELS, options=one.options),
            column("_ids", Kind.JSON, at, "the options' ids", form=Form.IDS),
        ]
    parts = MORE.get(one.type, ())
    searched = "custom_fields" if one.type in SEARCHED else ""
    if not nested:
        parts = tuple(part for part in parts if part[0] != "timezone_name")
    return [
        column("", kind, f"{at}.value" if parts and nested else at, searched=searched),
        *(
            column(f"_{part}", kind, f"{at}{'.' if nested else '_'}{part}", more)
            for part, kind, more in parts
        ),
    ]


def _with_options(table: Table, column: Column, fields: Mapping[str, Field]) -> Column:
    if column.form not in (Form.LABEL, Form.LABELS):
        return column
    code = table.each if column.at == "." else column.steps[0]
    # The metadata calls the field of labels by its old name in places.
    found = fields.get(code) or fields.get({"label_ids": "label"}.get(code, ""))
    return replace(column, options=found.options) if found else column


def _options(rows: Any) -> dict[int | str, str]:
    """Option id -> label. Ids that are numbers become integers.

    >>> _options([{"id": "7", "label": "Hot"}, {"id": "won", "label": "Won"}])
    {7: 'Hot', 'won': 'Won'}
    """
    if not isinstance(rows, list):
        return {}
    return {_option_id(row["id"]): str(row["label"]) for row in rows if _whole(row)}


def _whole(row: Any) -> bool:
    return isinstance(row, dict) and "id" in row and row.get("label") is not None


def _option_id(value: Any) -> int | str:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else text
