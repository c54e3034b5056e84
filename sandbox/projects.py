"""/api/v2/projects, their archive, and what only one project lists (v2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import blanks, bodies
from .collection import ARCHIVED, DELETED, LIVE, Collection, Row
from .company import Company
from .conditions import saved_filter
from .endpoint import Call, Endpoint, Reader, Reply, success
from .items import cursor_page
from .pages import Test, one_v2, page_v2
from .parameters import CURSOR, numbers, plain
from .permitted import permitted
from .refusal import forbidden, invalid, missing
from .times import to_milliseconds

STATUSES = ("open", "completed", "canceled", "deleted")
_ARRAYS = {"deal_id": "deal_ids", "person_id": "person_ids", "org_id": "org_ids"}


def with_projects(answer: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
    """The answer of an account that has the add-on; a 403 without it."""

    def checked(call: Call) -> Reply:
        if not call.switches.has_projects:
            raise forbidden("Projects are not enabled for this company")
        return answer(call)

    return checked


def _of(call: Call) -> Collection:
    return call.company["projects"]


def find(call: Call) -> Row:
    text = call.path["id"]
    row = _of(call).get(int(text)) if text.isdigit() else None
    if row is None:
        raise missing()
    return row


def find_live(call: Call) -> Row:
    row = find(call)
    if row["status"] == "deleted":
        raise missing()
    return row


def list_projects(call: Call) -> Reply:
    """Not archived, all but deleted; `status` may ask for deleted ones."""
    statuses = statuses_of(call)
    wants_deleted = statuses is not None and "deleted" in statuses
    return _list(call, statuses, (LIVE, DELETED) if wants_deleted else (LIVE,))


def list_archived(call: Call) -> Reply:
    """Deleted projects are in no archive."""
    return _list(call, statuses_of(call), (ARCHIVED,))


def _list(call: Call, statuses: set[str] | None, shelves: tuple[str, ...]) -> Reply:
    query = call.query
    tests: list[Test] = []
    if "filter_id" in query:
        tests.append(saved_filter(call, query["filter_id"], "projects"))
    if statuses is not None:
        tests.append(lambda row: row["status"] in statuses)
    if "phase_id" in query:
        tests.append(lambda row: row["phase_id"] == query["phase_id"])
    for name, column in _ARRAYS.items():
        if name in query:
            tests.append(_holds(column, query[name]))
    return page_v2(
        call, _of(call), lambda row: all(test(row) for test in tests), shelves=shelves
    )


def _holds(column: str, value: int) -> Test:
    return lambda row: value in row[column]


def statuses_of(call: Call) -> set[str] | None:
    """The statuses asked for, if any."""
    if "status" not in call.query:
        return None
    found = {word.strip() for word in call.query["status"].split(",")}
    if not found <= set(STATUSES):
        raise invalid("status", f"must be any of: {', '.join(STATUSES)}")
    return found


def one(call: Call) -> Reply:
    row = find(call)
    if row["status"] == "deleted" and not call.switches.get_one_returns_deleted:
        raise missing()
    return one_v2(call, _of(call), row)


_BODY: dict[str, bodies.Checker] = {
    "title": bodies.filled,
    "description": bodies.text,
    "status": bodies.one_of(*STATUSES[:3]),
    "board_id": bodies.whole,
    "phase_id": bodies.whole,
    "owner_id": bodies.whole,
    "start_date": bodies.day,
    "end_date": bodies.day,
    "deal_ids": bodies.integers,
    "person_ids": bodies.integers,
    "org_ids": bodies.integers,
    "label_ids": bodies.integers,
    "health_status": bodies.whole,
    "template_id": bodies.whole,
}


def _read(call: Call, required: tuple[str, ...] = ()) -> Row:
    company = call.company
    accepted = {**_BODY, "custom_fields": bodies.custom_values(company, "project")}
    values = bodies.read_body(accepted, call.body, required)
    bodies.must_exist(
        company,
        values,
        owner_id="users",
        board_id="boards",
        phase_id="phases",
        template_id="project_templates",
    )
    for column, name in (
        ("deal_ids", "deals"),
        ("person_ids", "persons"),
        ("org_ids", "organizations"),
    ):
        for key in values.get(column) or ():
            bodies.must_exist(company, {column: key}, **{column: name})
    phase = company["phases"].get(values.get("phase_id"))
    if phase is not None:
        if values.get("board_id") not in (None, phase["board_id"]):
            raise invalid("phase_id", "is not a phase of that board")
        values["board_id"] = phase["board_id"]
    return values


def add(call: Call) -> Reply:
    values = _read(call, ("title",))
    company, now = call.company, to_milliseconds(call.company.tick())
    template = company["project_templates"].get(values.pop("template_id", None))
    custom = values.pop("custom_fields", None)
    board = template["projects_board_id"] if template else first_board(company)
    row = blanks.PROJECT | {
        "id": _of(call).next_id(),
        "board_id": board,
        "owner_id": company.me,
        "add_time": now,
        "update_time": now,
        "status_change_time": now,
        "custom_fields": bodies.merged({}, custom),
    }
    row |= {key: value for key, value in values.items() if value is not None}
    if row["phase_id"] is None:
        phases = company["phases"].children("board_id", row["board_id"])
        row["phase_id"] = min((phase["id"] for phase in phases), default=None)
    return one_v2(call, _of(call), _of(call).add(row), 201)


def first_board(company: Company) -> int | None:
    return min(company["boards"].rows, default=None)


def change(call: Call) -> Reply:
    row = find_live(call)
    values = _read(call)
    values.pop("template_id", None)
    if "title" in values and values["title"] is None:
        raise invalid("title", "must not be null")
    custom = values.pop("custom_fields", None)
    now = to_milliseconds(call.company.tick())
    lists: Row = {k: [] for k, v in values.items() if k.endswith("_ids") and v is None}
    changes = {**values, **lists, "update_time": now}
    if changes.get("status", row["status"]) != row["status"]:
        changes["status_change_time"] = now
    if custom is not None:
        changes["custom_fields"] = bodies.merged(row["custom_fields"], custom)
    record(call.company, row, values, now)
    return one_v2(call, _of(call), _of(call).change(row["id"], changes))


def delete(call: Call) -> Reply:
    """It is marked as deleted, for good."""
    row = find_live(call)
    now = to_milliseconds(call.company.tick())
    changes = {"status": "deleted", "update_time": now, "status_change_time": now}
    _of(call).change(row["id"], changes)
    return success({"id": row["id"]})


def archive(call: Call) -> Reply:
    row = find_live(call)
    now = to_milliseconds(call.company.tick())
    changes = {"archive_time": row["archive_time"] or now, "update_time": now}
    return one_v2(call, _of(call), _of(call).change(row["id"], changes))


# What happened, and who may see it


def record(company: Company, before: Row, values: Row, time: str) -> None:
    """One entry of the changelog for all that a write changes."""
    new = {key: value for key, value in values.items() if before[key] != value}
    log = company["project_changes"]
    if new:
        log.add(
            {
                "id": log.next_id(),
                "project_id": before["id"],
                "change_source": "api",
                "change_source_user_agent": None,
                "time": time,
                "new_values": new,
                "old_values": {key: before[key] for key in new},
                "actor_user_id": company.me,
            }
        )


def changelog(call: Call) -> Reply:
    rows = call.company["project_changes"].children("project_id", find_live(call)["id"])
    return cursor_page(call, rows, change_row)


def change_row(row: Row) -> Row:
    return {k: v for k, v in row.items() if k not in {"id", "project_id"}}


def permitted_users(call: Call) -> Reply:
    row: Row = find_live(call) | {"visible_to": 7}
    return success(permitted(call.company, row))


_QUERY: dict[str, Reader] = {
    **CURSOR,
    **numbers("filter_id", "phase_id"),
    "status": plain,
}
_ONE = "/projects/{id}"
_ANSWERS: tuple[tuple[str, str, int, Any, dict[str, Reader]], ...] = (
    ("GET", "/projects", 10, list_projects, {**_QUERY, **numbers(*_ARRAYS)}),
    ("GET", "/projects/archived", 10, list_archived, _QUERY),
    ("POST", "/projects", 5, add, {}),
    ("GET", _ONE, 1, one, {}),
    ("PATCH", _ONE, 5, change, {}),
    ("DELETE", _ONE, 3, delete, {}),
    ("POST", f"{_ONE}/archive", 3, archive, {}),
    ("GET", f"{_ONE}/changelog", 10, changelog, CURSOR),
    ("GET", f"{_ONE}/permittedUsers", 5, permitted_users, {}),
)
ENDPOINTS = tuple(
    Endpoint(method, 2, path, price, with_projects(answer), query)
    for method, path, price, answer, query in _ANSWERS
)
