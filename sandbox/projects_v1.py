"""/v1/projects with boards and phases, /v1/projectTemplates and /v1/tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .boards import board_phases, found_row, sorted_boards
from .collection import ARCHIVED, DELETED, LIVE, Row
from .company import Company
from .conditions import saved_filter
from .endpoint import Call, Endpoint, Reader, Reply, success
from .flat import flattened
from .items import cursor_page
from .pages import MOST
from .parameters import CURSOR, boolean, flag, integer, numbers, plain
from .project_items import stamp, task_row, whole
from .projects import find_live, statuses_of, with_projects
from .tasks import parent_task
from .times import to_v1

Shown = Callable[[Row], Row]

_SAME = (
    *("id", "title", "description", "status", "start_date", "end_date", "owner_id"),
    *("health_status", "deal_ids", "board_id", "phase_id"),
)
_TIMES = ("status_change_time", "add_time", "update_time", "archive_time")


def project_row(company: Company, row: Row) -> Row:
    """With one person and one organization, and custom fields flat."""
    return {
        **{key: row[key] for key in _SAME},
        **{key: row[key] and stamp(row[key]) for key in _TIMES},
        "labels": row["label_ids"],
        "person_id": next(iter(row["person_ids"]), None),
        "org_id": next(iter(row["org_ids"]), None),
        **flattened(company.custom("project"), row["custom_fields"]),
    }


def list_projects(call: Call) -> Reply:
    """Not archived, all but deleted, unless include_archived and status ask for it."""
    company, query = call.company, call.query
    statuses = statuses_of(call)
    shelves = [LIVE]
    if query.get("include_archived"):
        shelves.append(ARCHIVED)
    if statuses is not None and "deleted" in statuses:
        shelves.append(DELETED)
    rows: Iterable[Row] = company["projects"].on(*shelves)
    if "filter_id" in query:
        test = saved_filter(call, query["filter_id"], "projects")
        rows = [row for row in rows if test(row)]
    if statuses is not None:
        rows = [row for row in rows if row["status"] in statuses]
    if "phase_id" in query:
        rows = [row for row in rows if row["phase_id"] == query["phase_id"]]
    return _page(call, rows, lambda row: project_row(company, row))


def _page(call: Call, rows: Iterable[Row], shown: Shown) -> Reply:
    return cursor_page(call, rows, shown, version=1)


def _one(row: Row) -> Reply:
    return success(row, additional_data=None)


def one_project(call: Call) -> Reply:
    return _one(project_row(call.company, find_live(call)))


def place_row(row: Row) -> Row:
    """A board or a phase: its times without milliseconds."""
    return row | {key: to_v1(row[key]) for key in ("add_time", "update_time")}


def template_row(row: Row) -> Row:
    return row | {key: stamp(row[key]) for key in ("add_time", "update_time")}


def list_boards(call: Call) -> Reply:
    return whole(call, [place_row(row) for row in sorted_boards(call)])


def list_phases(call: Call) -> Reply:
    return whole(call, [place_row(row) for row in board_phases(call)])


def list_templates(call: Call) -> Reply:
    call.query.setdefault("limit", MOST)
    return _page(call, call.company["project_templates"].on(LIVE), template_row)


def list_tasks(call: Call) -> Reply:
    query = call.query
    query.setdefault("limit", MOST)
    rows: Iterable[Row] = call.company["tasks"].on(LIVE)
    for name, column in _TASK_CHOICES.items():
        if name in query:
            rows = [row for row in rows if row[column] == query[name]]
    if "assignee_id" in query:
        user = query["assignee_id"]
        rows = [row for row in rows if user in row["assignee_ids"]]
    return _page(call, rows, task_row)


_TASK_CHOICES = {
    "project_id": "project_id",
    "parent_task_id": "parent_task_id",
    "done": "is_done",
}


def _get(collection: str, shown: Shown) -> Callable[[Call], Reply]:
    return lambda call: _one(shown(found_row(call, call.company[collection])))


_PROJECTS: dict[str, Reader] = {
    **CURSOR,
    **numbers("filter_id", "phase_id"),
    "status": plain,
    "include_archived": boolean,
}
_TASKS: dict[str, Reader] = {
    **CURSOR,
    **numbers("assignee_id", "project_id"),
    "parent_task_id": parent_task,
    "done": flag,
}
_ANSWERS: tuple[tuple[str, int, Any, dict[str, Reader]], ...] = (
    ("/projects", 20, list_projects, _PROJECTS),
    ("/projects/{id}", 2, one_project, {}),
    ("/projects/boards", 20, list_boards, {}),
    ("/projects/boards/{id}", 2, _get("boards", place_row), {}),
    ("/projects/phases", 20, list_phases, {"board_id": integer}),
    ("/projects/phases/{id}", 2, _get("phases", place_row), {}),
    ("/projectTemplates", 20, list_templates, CURSOR),
    ("/projectTemplates/{id}", 2, _get("project_templates", template_row), {}),
    ("/tasks", 20, list_tasks, _TASKS),
    ("/tasks/{id}", 2, _get("tasks", task_row), {}),
)
ENDPOINTS = tuple(
    Endpoint("GET", 1, path, price, with_projects(answer), query)
    for path, price, answer, query in _ANSWERS
)
