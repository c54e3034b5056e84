"""/v1/notes."""

from __future__ import annotations

import re
from typing import Any

from . import blanks_v1, bodies
from .collection import LIVE, Row
from .company import Company
from .endpoint import Call, Endpoint, Reader, Reply, success
from .leads import in_order
from .pages import page_v1
from .parameters import START, date, flag, numbers, plain, sort_v1, time
from .refusal import invalid, missing
from .times import to_v1

PARENTS = {
    "lead": "lead_id",
    "deal": "deal_id",
    "organization": "org_id",
    "person": "person_id",
    "project": "project_id",
    "task": "task_id",
}
PINS = {f"pinned_to_{name}_flag": column for name, column in PARENTS.items()}
LONGEST = 100 * 1024  # bytes of content
_UNSAFE = re.compile(
    r"(?is)<(script|style|iframe)\b.*?</\1\s*>|\son\w+=(\"[^\"]*\"|'[^']*')"
)


def note_row(company: Company, row: Row) -> Row:
    """A note as it is served: with the names of what it is on."""
    user = company["users"].rows[row["user_id"]]
    shown = {
        "deal": ("deals", "deal_id", "title"),
        "lead": ("leads", "lead_id", "title"),
        "person": ("persons", "person_id", "name"),
        "organization": ("organizations", "org_id", "name"),
        "project": ("projects", "project_id", "title"),
        "task": ("tasks", "task_id", "title"),
    }
    stubs: Row = {}
    for name, (collection, column, label) in shown.items():
        parent = company[collection].get(row[column])
        stubs[name] = parent and {label: parent[label]}
    stubs["user"] = {key: user[key] for key in ("email", "icon_url", "is_you", "name")}
    return row | stubs


def list_notes(call: Call) -> Reply:
    query = call.query
    rows = list(call.company["notes"].on(LIVE))
    for name in ("user_id", *PARENTS.values(), *PINS):
        if name in query:
            rows = [row for row in rows if row[name] == query[name]]
    if "updated_since" in query:
        oldest = to_v1(query["updated_since"])
        rows = [row for row in rows if row["update_time"] >= oldest]
    if "start_date" in query:
        rows = [row for row in rows if row["add_time"][:10] >= query["start_date"]]
    if "end_date" in query:
        rows = [row for row in rows if row["add_time"][:10] <= query["end_date"]]
    rows = in_order(call, rows, query.get("sort", [("id", False)]))
    return page_v1(call, rows, lambda row: note_row(call.company, row))


def _find(call: Call) -> Row:
    text = call.path["id"]
    row = call.company["notes"].get(int(text)) if text.isdigit() else None
    if row is None or not row["active_flag"]:
        raise missing("Note not found")
    return row


def one(call: Call) -> Reply:
    return success(note_row(call.company, _find(call)))


_BODY: dict[str, bodies.Checker] = {
    "content": bodies.text,
    "lead_id": bodies.text,
    "deal_id": bodies.whole,
    "person_id": bodies.whole,
    "org_id": bodies.whole,
    "project_id": bodies.whole,
    "task_id": bodies.whole,
    "user_id": bodies.whole,
    "add_time": bodies.moment,
    **dict.fromkeys(PINS, bodies.flag),
}


def _read(call: Call, row: Row, required: tuple[str, ...]) -> Row:
    """The checked values; a pin needs its parent (spec, POST /notes)."""
    if not isinstance(call.body, dict):
        raise invalid("body", "must be an object")
    known = {key: value for key, value in call.body.items() if key in _BODY}
    values = bodies.read_body(_BODY, known, required)
    bodies.must_exist(
        call.company,
        values,
        lead_id="leads",
        deal_id="deals",
        person_id="persons",
        org_id="organizations",
        user_id="users",
        project_id="projects",
        task_id="tasks",
    )
    whole = row | values
    if all(whole[column] is None for column in PARENTS.values()):
        raise invalid("deal_id", "or another parent is required")
    for pin, column in PINS.items():
        if whole[pin] and whole[column] is None:
            raise invalid(pin, f"needs {column}")
    if values.get("content") is not None:
        values["content"] = _UNSAFE.sub("", values["content"])
        if len(values["content"].encode()) > LONGEST:
            raise invalid("content", f"must have at most {LONGEST} bytes")
    if values.get("add_time") is not None:
        values["add_time"] = to_v1(values["add_time"])
    return values


def add(call: Call) -> Reply:
    values = _read(call, blanks_v1.NOTE, ("content",))
    company = call.company
    now = to_v1(company.tick())
    row = blanks_v1.NOTE | {
        "id": company["notes"].next_id(),
        "user_id": company.me,
        "add_time": now,
        "update_time": now,
    }
    row |= {key: value for key, value in values.items() if value is not None}
    return success(note_row(company, company["notes"].add(row)))


def change(call: Call) -> Reply:
    row = _find(call)
    values = _read(call, row, ())
    company = call.company
    kept = {"content", "user_id", "add_time"}
    changes: Row = {
        key: value
        for key, value in values.items()
        if value is not None or key not in kept
    }
    changes["update_time"] = to_v1(company.tick())
    changes["last_update_user_id"] = company.me
    return success(note_row(company, company["notes"].change(row["id"], changes)))


def delete(call: Call) -> Reply:
    """Soft; the answer is `"data": true`."""
    row = _find(call)
    changes = {"active_flag": False, "update_time": to_v1(call.company.tick())}
    call.company["notes"].change(row["id"], changes)
    return success(True)


_PINNED: dict[str, Any] = dict.fromkeys(PINS, flag)
_QUERY: dict[str, Reader] = {
    **START,
    **numbers("user_id", "deal_id", "person_id", "org_id", "project_id", "task_id"),
    **_PINNED,
    "lead_id": plain,
    "start_date": date,
    "end_date": date,
    "updated_since": time,
    "sort": sort_v1(
        "id",
        "user_id",
        "deal_id",
        "person_id",
        "org_id",
        "content",
        "add_time",
        "update_time",
    ),
}
ENDPOINTS = (
    Endpoint("GET", 1, "/notes", 20, list_notes, _QUERY),
    Endpoint("POST", 1, "/notes", 10, add),
    Endpoint("GET", 1, "/notes/{id}", 2, one),
    Endpoint("PUT", 1, "/notes/{id}", 10, change),
    Endpoint("DELETE", 1, "/notes/{id}", 6, delete),
)
