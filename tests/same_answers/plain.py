"""A plain SQLite copy of what the live tables must show.

Filled from the sandbox's company by rules of its own: nothing here is read from the
product's catalog but the names and declared types of columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import apsw
import orjson

from pipedrive_sql.sandbox import Company

from . import items, office, projects
from .schema import Column, quoted

Row = dict[str, Any]

# Tables that bear the name of a collection of the company, or of a shelf of one.
COLLECTIONS = (
    *("deals", "deals_archived", "deals_deleted", "persons", "organizations"),
    *("activities", "products", "deal_products", "pipelines", "stages", "users"),
    *("leads", "leads_archived", "lead_labels", "notes", "activity_types"),
    *("currencies", "projects", "projects_archived", "tasks", "boards"),
    *("phases", "project_templates"),
)
FIELD_TABLES = {
    "deal_fields": "deal",
    "person_fields": "person",
    "organization_fields": "organization",
    "product_fields": "product",
    "activity_fields": "activity",
    "project_fields": "project",
    "lead_fields": "lead",
    "note_fields": "note",
}
V1_FIELD_TABLES = ("lead_fields", "note_fields")
SETTINGS = ["ui_visibility", "important_fields", "required_fields"]

# Whose custom fields and labels the rows of a table have.
ENTITIES = {
    "deals": "deal",
    "deals_archived": "deal",
    "deals_deleted": "deal",
    "deal_labels": "deal",
    "leads": "deal",
    "leads_archived": "deal",
    "persons": "person",
    "person_labels": "person",
    "organizations": "organization",
    "organization_labels": "organization",
    "products": "product",
    "projects": "project",
    "projects_archived": "project",
    "project_labels": "project",
}

# Tables of one row for each element of an array: the table of the array, its key.
ARRAYS = {
    "deal_labels": ("deals", "label_ids"),
    "person_labels": ("persons", "label_ids"),
    "organization_labels": ("organizations", "label_ids"),
    "person_emails": ("persons", "emails"),
    "person_phones": ("persons", "phones"),
    "product_prices": ("products", "prices"),
    "activity_participants": ("activities", "participants"),
    "activity_attendees": ("activities", "attendees"),
    "lead_label_links": ("leads", "label_ids"),
    "user_access": ("users", "access"),
    "project_deals": ("projects", "deal_ids"),
    "project_persons": ("projects", "person_ids"),
    "project_orgs": ("projects", "org_ids"),
    "project_labels": ("projects", "label_ids"),
    "task_assignees": ("tasks", "assignee_ids"),
    **{
        name.replace("fields", "field_options"): (name, "options")
        for name in FIELD_TABLES
    },
}
LISTED = items.LISTED | projects.LISTED | office.LISTED
COPIED = (*COLLECTIONS, *FIELD_TABLES, *ARRAYS, *LISTED)

# The column that says which row an element stands in.
OWNERS = {
    "deal_id": "id",
    "person_id": "id",
    "org_id": "id",
    "product_id": "id",
    "activity_id": "id",
    "lead_id": "id",
    "user_id": "id",
    "project_id": "id",
    "task_id": "id",
    "field_code": "field_code",
}

# Columns that Pipedrive calls otherwise; dots lead into objects.
V1_LEAD = {
    "value": "value.amount",
    "currency": "value.currency",
    "creator_user_id": "creator_id",
    "org_id": "organization_id",
    "smart_bcc_email": "cc_email",
}
V1_FIELD = {
    "field_code": "key",
    "field_name": "name",
    "is_custom_field": "edit_flag",
    "is_active": "active_flag",
    "is_mandatory": "mandatory_flag",
    "is_index_visible": "index_visible_flag",
    "is_details_visible": "details_visible_flag",
    "is_add_visible": "add_visible_flag",
    "is_important": "important_flag",
    "is_searchable": "searchable_flag",
    "is_sortable": "sortable_flag",
}
PINS = ("deal", "lead", "person", "organization", "project", "task")
OTHER_NAMES: Mapping[str, Mapping[str, str]] = {
    "leads": V1_LEAD,
    "leads_archived": V1_LEAD,
    "lead_fields": V1_FIELD,
    "note_fields": V1_FIELD,
    "notes": {
        "user_name": "user.name",
        "user_email": "user.email",
        "deal_title": "deal.title",
        "lead_title": "lead.title",
        "person_name": "person.name",
        "org_name": "organization.name",
        "project_title": "project.title",
        "task_title": "task.title",
        "is_active": "active_flag",
        **{f"is_pinned_to_{pin}": f"pinned_to_{pin}_flag" for pin in PINS},
    },
    "users": {"is_active": "active_flag"},
    "activity_types": {"is_active": "active_flag", "is_custom": "is_custom_flag"},
    "currencies": {"is_active": "active_flag", "is_custom": "is_custom_flag"},
    "person_emails": {"email": "value", "is_primary": "primary"},
    "person_phones": {"phone": "value", "is_primary": "primary"},
    "activity_participants": {"is_primary": "primary"},
    **{
        name.replace("fields", "field_options"): {"option_id": "id"}
        for name in FIELD_TABLES
    },
}
ADDRESSES = ("address", "location", "postal_address")


def plain_copy(
    company: Company, tables: Mapping[str, Sequence[Column]]
) -> apsw.Connection:
    """A database with the same tables and columns, and the rows as they must be."""
    plain = apsw.Connection(":memory:")
    copy_to(plain, "main", company, tables)
    return plain


def copy_to(
    plain: apsw.Connection,
    schema: str,
    company: Company,
    tables: Mapping[str, Sequence[Column]],
) -> None:
    """Make the tables, and the rows as they must be, in a schema of a database."""
    for name, columns in tables.items():
        declared = ", ".join(f"{quoted(c.name)} {c.type}" for c in columns)
        plain.execute(f"create table {schema}.{name} ({declared})")
        blanks = ", ".join("?" * len(columns))
        rows = Copier(company, name, columns).rows()
        plain.executemany(f"insert into {schema}.{name} values ({blanks})", rows)


class Copier:
    """Makes the rows of one table."""

    def __init__(self, company: Company, table: str, columns: Sequence[Column]) -> None:
        self.company = company
        self.table = table
        self.columns = columns
        self.names = OTHER_NAMES.get(table, {})
        entity = ENTITIES.get(table)
        fields = company.fields(entity) if entity else []
        self.types = {field["field_code"]: field["field_type"] for field in fields}
        # Only v1 tells the labels of options that are deleted.
        self.options = {
            field["key"]: {
                option["id"]: option["label"]
                for key in ("options", "options_deleted")
                for option in field.get(key) or ()
            }
            for field in (company.fields_v1(entity) if entity else [])
        }
        # The first column of a custom field has its name; the others say their part.
        self.bases: dict[str, str] = {}
        for column in columns:
            self.bases.setdefault(column.field_key, column.name)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        if self.table not in ARRAYS:
            for row in listed(self.company, self.table):
                yield tuple(sql(self.value(row, c), c.type) for c in self.columns)
            return
        source, key = ARRAYS[self.table]
        for row in listed(self.company, source):
            for position, element in enumerate(row.get(key) or ()):
                yield tuple(
                    sql(self.of_element(row, position, element, c), c.type)
                    for c in self.columns
                )

    def of_element(self, row: Row, position: int, element: Any, column: Column) -> Any:
        if column.name == "position":
            return position
        if column is self.columns[0]:
            key = OWNERS[column.name]
            return row[key] if key in row else row["key"]
        if isinstance(element, dict):
            return element.get(self.names.get(column.name, column.name))
        if column.name == "label":
            return self.options["label_ids"].get(element)
        return element

    def value(self, row: Row, column: Column) -> Any:
        name = column.name
        if column.field_key:
            return self.custom(row, column)
        if name in ("email", "phone") and self.table == "persons":
            every = row[f"{name}s"]
            first = [one for one in every if one["primary"]] + every
            return first[0]["value"] if first else None
        if name == "labels":
            return self.labels("label_ids", row["label_ids"])
        if name == "industry":
            return self.options["industry"].get(row["industry"])
        if name == "industry_id":
            return row["industry"]
        for address in ADDRESSES:
            if name != address and not name.startswith(f"{address}_"):
                continue
            if isinstance(row.get(address), dict):  # a text in v1
                return reach(row, f"{address}.{name[len(address) + 1 :] or 'value'}")
        return reach(row, self.names.get(name, name))

    def custom(self, row: Row, column: Column) -> Any:
        """A value of a custom field, or a part of one: v2's objects, v1's flat keys."""
        key = column.field_key
        kind = self.types[key]
        part = column.name[len(self.bases[key]) + 1 :]
        if "custom_fields" in row:
            whole = row["custom_fields"][key]
            if kind == "enum":
                return whole if part == "id" else self.options[key].get(whole)
            if kind == "set":
                return whole if part == "ids" else self.labels(key, whole)
            return whole.get(part or "value") if isinstance(whole, dict) else whole
        flat = row.get(f"{key}_{part}" if part and kind not in ("enum", "set") else key)
        if kind == "enum" and flat is not None:
            return int(flat) if part == "id" else self.options[key].get(int(flat))
        if kind == "set" and flat is not None:
            ids = [int(one) for one in flat.split(",")]
            return ids if part == "ids" else self.labels(key, ids)
        return flat

    def labels(self, code: str, ids: Sequence[int] | None) -> list[str]:
        """The labels of those options that are known."""
        known = self.options[code]
        return [known[one] for one in ids or () if one in known]


def listed(company: Company, table: str) -> list[Row]:
    """The rows of a collection as the company holds them."""
    if table in LISTED:
        return LISTED[table](company)
    if table in V1_FIELD_TABLES:
        return company.fields_v1(FIELD_TABLES[table])
    if table in FIELD_TABLES:
        entity = FIELD_TABLES[table]
        return [field.v2(entity, SETTINGS) for field in company.field_list(entity)]
    rows = company.rows(table)
    if table == "deal_products":
        # Products are reached through the deals that are listed.
        deals = {deal["id"] for deal in company.rows("deals")}
        return [row for row in rows if row["deal_id"] in deals]
    return rows


def reach(row: Any, place: str) -> Any:
    """What stands at "user.name"; None where there is no such place."""
    for step in place.split("."):
        row = row.get(step) if isinstance(row, dict) else None
    return row


def sql(value: Any, declared: str) -> Any:
    """A JSON value as the declared type shows it; all faces of nothing are None."""
    if value is None or value == "" or value == [] or value == {}:
        return None
    if isinstance(value, list | dict):
        return orjson.dumps(value).decode()
    if declared == "BOOLEAN":
        return int(value)
    if declared == "INTEGER":
        return int(value) if str(value).lstrip("-").isdigit() else value
    if declared == "REAL":
        return float(value)
    if declared in ("DATE", "TIMESTAMP") and value.startswith(("0000", "-0001")):
        return None
    if declared == "TIMESTAMP":
        return spelled(value)
    if declared == "TIME" and len(value) == len("15:30"):
        return f"{value}:00"
    return value if isinstance(value, str) else str(value)


def spelled(time: str) -> str:
    """A time of either dialect as YYYY-MM-DD HH:MM:SS in UTC."""
    moment = datetime.fromisoformat(time)
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    fraction = moment.microsecond // 1000
    return moment.strftime("%Y-%m-%d %H:%M:%S") + (
        f".{fraction:03d}" if fraction else ""
    )
