"""/v1/leads, /v1/leads/archived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from . import blanks_v1, bodies
from .collection import ARCHIVED, LIVE, Row
from .company import Company
from .conditions import saved_filter
from .endpoint import Call, Endpoint, Reader, Reply, success
from .flat import flattened, gathered
from .pages import page_v1
from .parameters import START, numbers, sort_v1, time
from .refusal import invalid, missing
from .rollups import next_activity
from .times import to_milliseconds

CHOICES = ("owner_id", "person_id", "organization_id")


def lead_row(company: Company, row: Row) -> Row:
    """A lead as it is served: the custom values flat, and only those that are set."""
    shown = {key: value for key, value in row.items() if key != "custom_fields"}
    custom = flattened(company.custom("lead"), row["custom_fields"])
    return shown | _counted(company, row) | custom


def _counted(company: Company, row: Row) -> Row:
    return {"next_activity_id": next_activity(company, "lead_id", row)}


def list_leads(call: Call) -> Reply:
    return _list(call, LIVE)


def list_archived(call: Call) -> Reply:
    return _list(call, ARCHIVED)


def _list(call: Call, shelf: str) -> Reply:
    """By creation unless told otherwise; filter_id makes the choices void."""
    query, company = call.query, call.company
    rows = list(company["leads"].on(shelf))
    if "filter_id" in query:
        test = saved_filter(call, query["filter_id"], "leads")
        rows = [row for row in rows if test(row)]
    else:
        for name in CHOICES:
            if name in query:
                rows = [row for row in rows if row[name] == query[name]]
    if "updated_since" in query:
        oldest = query["updated_since"][:19]
        rows = [row for row in rows if row["update_time"][:19] >= oldest]
    keys = query.get("sort", [("add_time", False)])
    if "next_activity_id" in dict(keys):
        rows = [row | _counted(company, row) for row in rows]
    rows = in_order(call, rows, [*keys, ("id", False)])
    return page_v1(call, rows, lambda row: lead_row(company, row))


def in_order(call: Call, rows: list[Row], keys: list[tuple[str, bool]]) -> list[Row]:
    """Sorted by each (column, descending) in turn, nulls as the switch says."""
    first = call.switches.nulls_come_first
    for column, descending in reversed(keys):
        rows = sorted(rows, key=_place(column, first), reverse=descending)
    return rows


def _place(column: str, nulls_first: bool) -> Callable[[Row], tuple[bool, Any]]:
    def place(row: Row) -> tuple[bool, Any]:
        value = row[column]
        return (value is not None) == nulls_first, 0 if value is None else value

    return place


def _find(call: Call) -> Row:
    row = call.company["leads"].get(call.path["id"])
    if row is None or (call.sees is not None and not call.sees(row)):
        raise missing("requested lead not found")
    return row


def one(call: Call) -> Reply:
    """Archived ones too."""
    return success(lead_row(call.company, _find(call)))


_VALUE = bodies.record(amount=bodies.number, currency=bodies.filled)
_BODY: dict[str, bodies.Checker] = {
    "title": bodies.filled,
    "owner_id": bodies.whole,
    "label_ids": bodies.texts,
    "person_id": bodies.whole,
    "organization_id": bodies.whole,
    "value": _VALUE,
    "expected_close_date": bodies.day,
    "visible_to": bodies.one_of("1", "3", "5", "7"),
    "was_seen": bodies.boolean,
    "channel": bodies.whole,
    "channel_id": bodies.text,
}
_ON_POST = _BODY | {"origin_id": bodies.text}
_ON_PATCH = _BODY | {"is_archived": bodies.boolean}


def _read(call: Call, accepted: dict[str, bodies.Checker], required: Any) -> Row:
    """The checked values; keys that nobody knows are ignored, as v1 does."""
    if not isinstance(call.body, dict):
        raise invalid("body", "must be an object")
    known = {key: value for key, value in call.body.items() if key in accepted}
    values = bodies.read_body(accepted, known, required)
    company = call.company
    bodies.must_exist(
        company,
        values,
        owner_id="users",
        person_id="persons",
        organization_id="organizations",
    )
    for label in values.get("label_ids") or ():
        if company["lead_labels"].get(label) is None:
            raise invalid("label_ids", f"has no label {label}")
    amount = values.get("value")
    if amount is not None and None in amount.values():
        raise invalid("value", "must have amount and currency")
    return values


def add(call: Call) -> Reply:
    """Linked to a person or an organization or both, as the spec demands."""
    values = _read(call, _ON_POST, ("title",))
    if values.get("person_id") is None and values.get("organization_id") is None:
        raise invalid("person_id", "or organization_id is required")
    company = call.company
    custom = gathered(company.custom("lead"), call.body)
    number = len(company["leads"]) + 1
    now = to_milliseconds(company.tick())
    address = f"{company.domain}+lead{company.id + number}@pipedrivemail.com"
    row = blanks_v1.LEAD | {
        "id": str(uuid5(NAMESPACE_URL, f"{company.domain} {now}")),
        "owner_id": company.me,
        "creator_id": company.me,
        "add_time": now,
        "update_time": now,
        "cc_email": address,
    }
    row |= {key: value for key, value in values.items() if value is not None}
    row["custom_fields"] = bodies.merged({}, custom)
    return success(lead_row(company, company["leads"].add(row)), status=201)


def change(call: Call) -> Reply:
    row = _find(call)
    values = _read(call, _ON_PATCH, ())
    for key in ("title", "owner_id"):
        if key in values and values[key] is None:
            raise invalid(key, "must not be null")
    people = row | values
    if people["person_id"] is None and people["organization_id"] is None:
        raise invalid("person_id", "or organization_id is required")
    company = call.company
    custom = gathered(company.custom("lead"), call.body)
    changes = {k: blanks_v1.LEAD[k] if v is None else v for k, v in values.items()}
    changes["custom_fields"] = bodies.merged(row["custom_fields"], custom)
    changes["update_time"] = to_milliseconds(company.tick())
    return success(lead_row(company, company["leads"].change(row["id"], changes)))


def delete(call: Call) -> Reply:
    row = _find(call)
    call.company["leads"].remove(row["id"])
    return success({"id": row["id"]})


_QUERY: dict[str, Reader] = {
    **START,
    **numbers("filter_id", *CHOICES),
    "sort": sort_v1(
        "id",
        "title",
        "owner_id",
        "creator_id",
        "was_seen",
        "expected_close_date",
        "next_activity_id",
        "add_time",
        "update_time",
    ),
}
ENDPOINTS = (
    Endpoint("GET", 1, "/leads", 20, list_leads, _QUERY | {"updated_since": time}),
    Endpoint("POST", 1, "/leads", 10, add),
    Endpoint("GET", 1, "/leads/archived", 40, list_archived, _QUERY),
    Endpoint("GET", 1, "/leads/{id}", 2, one),
    Endpoint("PATCH", 1, "/leads/{id}", 10, change),
    Endpoint("DELETE", 1, "/leads/{id}", 6, delete),
)
