"""/api/v2/activities."""

from __future__ import annotations

from . import blanks, bodies
from .collection import Row
from .endpoint import Call
from .entity import TIMES as TIME_TESTS
from .entity import Entity, equal
from .parameters import TIMES, boolean, integers, numbers, plain, sorts
from .refusal import forbidden, invalid

NOTHING = (
    "subject",
    "public_description",
    "note",
    "due_date",
    "due_time",
    "duration",
    "location",
    "priority",
    "deal_id",
    "lead_id",
    "org_id",
    "project_id",
)
"""Keys that null clears; null for another one is ignored."""


def _build(call: Call, values: Row) -> Row:
    company = call.company
    changes = _checked(call, blanks.ACTIVITY, values)
    now = company.tick()
    row = blanks.ACTIVITY | {
        "owner_id": company.me,
        "creator_user_id": company.me,
        "add_time": now,
        "update_time": now,
    }
    row |= {key: value for key, value in changes.items() if value is not None}
    if row["subject"] is None:
        row["subject"] = row["type"].capitalize()
    return row | _marked(row, now)


def _alter(call: Call, row: Row, values: Row) -> Row:
    changes = _checked(call, row, values)
    changes = {k: v for k, v in changes.items() if v is not None or k in NOTHING}
    return changes | _marked(row | changes, call.company.tick())


def _marked(row: Row, now: str) -> Row:
    """The time of being done: kept once set, gone when it is undone."""
    time = (row["marked_as_done_time"] or now) if row["done"] else None
    return {"marked_as_done_time": time}


def _checked(call: Call, row: Row, values: Row) -> Row:
    """References; people come from participants, and only one parent is kept."""
    company = call.company
    bodies.must_exist(
        company,
        values,
        owner_id="users",
        deal_id="deals",
        lead_id="leads",
        org_id="organizations",
    )
    kind = values.get("type")
    types = company["activity_types"].on("live")
    if kind is not None and kind not in {t["key_string"] for t in types}:
        raise invalid("type", "is not a valid activity type")
    if values.get("project_id") is not None:
        raise forbidden("Projects are not enabled for this company")
    changes = {key: value for key, value in values.items() if key != "person_id"}
    if "participants" in values:
        people = [_participant(call, p) for p in values["participants"] or ()]
        if people and not any(p["primary"] for p in people):
            people[0]["primary"] = True
        changes["participants"] = people
        primary = [p["person_id"] for p in people if p["primary"]]
        changes["person_id"] = primary[0] if primary else None
    if changes.get("deal_id") is not None:
        changes["lead_id"] = None
    elif changes.get("lead_id") is not None:
        changes["deal_id"] = None
    return changes


def _participant(call: Call, given: Row) -> Row:
    if given["person_id"] is None:
        raise invalid("participants", "must have person_id")
    bodies.must_exist(call.company, given, person_id="persons")
    return {"person_id": given["person_id"], "primary": bool(given["primary"])}


ACTIVITIES = Entity(
    "activities",
    "activity",
    body={
        "subject": bodies.text,
        "type": bodies.filled,
        "owner_id": bodies.whole,
        "deal_id": bodies.whole,
        "lead_id": bodies.text,
        "person_id": bodies.whole,
        "org_id": bodies.whole,
        "project_id": bodies.whole,
        "due_date": bodies.day,
        "due_time": bodies.clock,
        "duration": bodies.clock,
        "busy": bodies.boolean,
        "done": bodies.boolean,
        "location": bodies.address,
        "participants": bodies.records(person_id=bodies.whole, primary=bodies.boolean),
        "attendees": bodies.records(
            email=bodies.text,
            name=bodies.text,
            status=bodies.text,
            is_organizer=bodies.boolean,
            person_id=bodies.whole,
            user_id=bodies.whole,
        ),
        "public_description": bodies.text,
        "priority": bodies.whole,
        "note": bodies.text,
    },
    required=(),
    build=_build,
    alter=_alter,
    plain={
        name: equal(name)
        for name in ("owner_id", "deal_id", "lead_id", "person_id", "org_id")
    },
    lasting={"done": equal("done"), **TIME_TESTS},
    filter_type="activity",
)

ENDPOINTS = ACTIVITIES.endpoints(
    10,
    {
        **numbers("filter_id", "owner_id", "deal_id", "person_id", "org_id"),
        **TIMES,
        **sorts("id", "update_time", "add_time", "due_date"),
        "ids": integers,
        "lead_id": plain,
        "done": boolean,
    },
    optional=("attendees",),
    labels=False,
)
