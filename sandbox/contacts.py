"""/api/v2/persons and /api/v2/organizations."""

from __future__ import annotations

from typing import Any

from . import blanks, bodies
from .choices import MARKETING
from .collection import Row
from .endpoint import Call
from .entity import TIMES as TIME_TESTS
from .entity import Entity, equal
from .parameters import TIMES, integers, numbers, sorts
from .refusal import forbidden, invalid
from .rollups import OPTIONAL


def _linked_to_deal(call: Call, number: int) -> Any:
    """Main contact or participant of the deal."""
    company = call.company
    people = set(company.participants.get(number, ()))
    if (deal := company["deals"].get(number)) is not None:
        people.add(deal["person_id"])
    return lambda row: row["id"] in people


def _build_person(call: Call, values: Row) -> Row:
    company = call.company
    if not values.get("name"):
        raise invalid("name", "is required")
    _check_person(call, values)
    now = company.tick()
    row = blanks.PERSON | (blanks.CONTACT_SYNC if company.contact_sync else {})
    row |= {"owner_id": company.me, "add_time": now, "update_time": now}
    row |= {"marketing_status": "no_consent"}
    row |= {key: value for key, value in values.items() if value is not None}
    return row | _parts_of_name(row["name"])


def _alter_person(call: Call, row: Row, values: Row) -> Row:
    _check_person(call, values)
    if "name" in values:
        if not values["name"]:
            raise invalid("name", "must not be empty")
        values |= _parts_of_name(values["name"])
    for key in ("emails", "phones", "label_ids"):
        if key in values and values[key] is None:
            values[key] = []
    return values


def _check_person(call: Call, values: Row) -> None:
    company = call.company
    synced = [key for key in blanks.CONTACT_SYNC if key in values]
    if synced and not company.contact_sync:
        raise forbidden(f"Contact sync is not enabled, cannot set {synced[0]}")
    bodies.must_exist(company, values, owner_id="users", org_id="organizations")
    for key in ("emails", "phones"):
        if values.get(key):
            values[key] = _with_primary(values[key])


def _with_primary(items: list[Row]) -> list[Row]:
    """The first is the primary one when none is said to be."""
    chosen = any(item["primary"] for item in items)
    return [
        {
            "value": item["value"] or "",
            "primary": bool(item["primary"]) or (not chosen and place == 0),
            "label": item["label"] or "work",
        }
        for place, item in enumerate(items)
    ]


def _parts_of_name(name: str) -> Row:
    first, _, last = name.partition(" ")
    return {"first_name": first, "last_name": last or None}


def _build_organization(call: Call, values: Row) -> Row:
    company = call.company
    bodies.must_exist(company, values, owner_id="users")
    now = company.tick()
    row = blanks.ORGANIZATION | {
        "owner_id": company.me,
        "add_time": now,
        "update_time": now,
    }
    return row | {key: value for key, value in values.items() if value is not None}


def _alter_organization(call: Call, row: Row, values: Row) -> Row:
    bodies.must_exist(call.company, values, owner_id="users")
    if "label_ids" in values and values["label_ids"] is None:
        values["label_ids"] = []
    return values


PERSONS = Entity(
    "persons",
    "person",
    body={
        "name": bodies.filled,
        "owner_id": bodies.whole,
        "org_id": bodies.whole,
        "add_time": bodies.moment,
        "emails": bodies.reached,
        "phones": bodies.reached,
        "visible_to": bodies.visible_to,
        "label_ids": bodies.integers,
        "postal_address": bodies.address,
        "notes": bodies.text,
        "im": bodies.reached,
        "birthday": bodies.day,
        "job_title": bodies.text,
        "marketing_status": bodies.one_of(*(o["id"] for o in MARKETING)),
    },
    required=(),
    build=_build_person,
    alter=_alter_person,
    plain={
        "owner_id": equal("owner_id"),
        "org_id": equal("org_id"),
        "deal_id": _linked_to_deal,
    },
    lasting=TIME_TESTS,
    filter_type="people",
    only_new=("add_time",),
)
ORGANIZATIONS = Entity(
    "organizations",
    "organization",
    body={
        "name": bodies.filled,
        "owner_id": bodies.whole,
        "add_time": bodies.moment,
        "visible_to": bodies.visible_to,
        "label_ids": bodies.integers,
        "address": bodies.address,
        "website": bodies.text,
        "linkedin": bodies.text,
        "industry": bodies.whole,
        "annual_revenue": bodies.whole,
        "employee_count": bodies.whole,
    },
    required=("name",),
    build=_build_organization,
    alter=_alter_organization,
    plain={"owner_id": equal("owner_id")},
    lasting=TIME_TESTS,
    filter_type="org",
    only_new=("add_time",),
)

_QUERY = {
    **numbers("filter_id", "owner_id"),
    **TIMES,
    **sorts("id", "update_time", "add_time"),
    "ids": integers,
}
ENDPOINTS = (
    *PERSONS.endpoints(
        10,
        {**_QUERY, **numbers("org_id", "deal_id")},
        optional=tuple(OPTIONAL["persons"]),
    ),
    *ORGANIZATIONS.endpoints(10, _QUERY, optional=tuple(OPTIONAL["organizations"])),
)
