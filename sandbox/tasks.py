"""/api/v2/tasks: the tasks of projects."""

from __future__ import annotations

from typing import Any

from . import blanks, bodies
from .collection import Collection, Row
from .endpoint import Call, Endpoint, Reader, Reply, success
from .pages import Test, one_v2, page_v2
from .parameters import CURSOR, boolean, integer, numbers
from .projects import with_projects
from .refusal import invalid, missing
from .times import to_milliseconds

LONGEST = 255  # characters of a title


def _of(call: Call) -> Collection:
    return call.company["tasks"]


def _find(call: Call) -> Row:
    text = call.path["id"]
    row = _of(call).get(int(text)) if text.isdigit() else None
    if row is None:
        raise missing()
    return row


def list_tasks(call: Call) -> Reply:
    query = call.query
    tests: list[Test] = []
    for name in ("is_done", "is_milestone", "project_id", "parent_task_id"):
        if name in query:
            tests.append(_equal(name, query[name]))
    if "assignee_id" in query:
        user = query["assignee_id"]
        tests.append(lambda row: user in row["assignee_ids"])
    return page_v2(call, _of(call), lambda row: all(test(row) for test in tests))


def _equal(column: str, value: object) -> Test:
    return lambda row: row[column] == value


def one(call: Call) -> Reply:
    return one_v2(call, _of(call), _find(call))


_BODY: dict[str, bodies.Checker] = {
    "title": bodies.filled,
    "project_id": bodies.whole,
    "parent_task_id": bodies.whole,
    "description": bodies.text,
    "done": bodies.flag,
    "milestone": bodies.flag,
    "due_date": bodies.day,
    "start_date": bodies.day,
    "assignee_id": bodies.whole,
    "assignee_ids": bodies.integers,
    "priority": bodies.whole,
}


def _read(call: Call, now: str, required: tuple[str, ...] = ()) -> Row:
    """The values of a body under the names of rows."""
    company = call.company
    values = bodies.read_body(_BODY, call.body, required)
    if len(values.get("title") or "") > LONGEST:
        raise invalid("title", f"must have at most {LONGEST} characters")
    bodies.must_exist(
        company,
        values,
        project_id="projects",
        parent_task_id="tasks",
        assignee_id="users",
    )
    above = company["tasks"].get(values.get("parent_task_id"))
    if above is not None and above["parent_task_id"] is not None:
        raise invalid("parent_task_id", "is a subtask already")
    if "assignee_id" in values:
        user = values.pop("assignee_id")
        values["assignee_ids"] = [] if user is None else [user]
    for word in ("done", "milestone"):
        if values.get(word) is not None:
            values[f"is_{word}"] = bool(values[word])
        values.pop(word, None)
    if "is_done" in values:
        values["marked_as_done_time"] = now if values["is_done"] else None
    return values


def add(call: Call) -> Reply:
    now = to_milliseconds(call.company.tick())
    values = _read(call, now, ("title", "project_id"))
    row = blanks.TASK | {
        "id": _of(call).next_id(),
        "creator_id": call.company.me,
        "add_time": now,
        "update_time": now,
    }
    row |= {key: value for key, value in values.items() if value is not None}
    return one_v2(call, _of(call), _of(call).add(row), 201)


def change(call: Call) -> Reply:
    row = _find(call)
    now = to_milliseconds(call.company.tick())
    values = _read(call, now)
    for key in ("title", "project_id"):
        if key in values and values[key] is None:
            raise invalid(key, "must not be null")
    changes = {**values, "update_time": now}
    return one_v2(call, _of(call), _of(call).change(row["id"], changes))


def delete(call: Call) -> Reply:
    """With its subtasks."""
    row = _find(call)
    below = [r["id"] for r in _of(call).children("parent_task_id", row["id"])]
    for key in (row["id"], *below):
        _of(call).remove(key)
    return success({"id": row["id"]})


def parent_task(name: str, text: str) -> int | None:
    """The word null asks for tasks without a parent."""
    return None if text == "null" else integer(name, text)


_QUERY: dict[str, Reader] = {
    **CURSOR,
    **numbers("assignee_id", "project_id"),
    "is_done": boolean,
    "is_milestone": boolean,
    "parent_task_id": parent_task,
}
_ANSWERS: tuple[tuple[str, str, int, Any, dict[str, Reader]], ...] = (
    ("GET", "/tasks", 10, list_tasks, _QUERY),
    ("POST", "/tasks", 5, add, {}),
    ("GET", "/tasks/{id}", 1, one, {}),
    ("PATCH", "/tasks/{id}", 5, change, {}),
    ("DELETE", "/tasks/{id}", 3, delete, {}),
)
ENDPOINTS = tuple(
    Endpoint(method, 2, path, price, with_projects(answer), query)
    for method, path, price, answer, query in _ANSWERS
)
