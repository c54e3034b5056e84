"""/v1/projects/{id}/plan, /groups, /tasks and /activities."""

from __future__ import annotations

from collections.abc import Iterator

from .activities_v1 import activity_row
from .collection import LIVE, Row, shelf_of
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .projects import find_live, with_projects


def plan(company: Company, project: Row) -> Iterator[Row]:
    """Tasks and activities; what is in no phase or group has null there."""
    groups = company["project_groups"].children("project_id", project["id"])
    keys = [None, *(group["id"] for group in groups)]
    phases = company["phases"].children("board_id", project["board_id"])
    places = [None, *(phase["id"] for phase in phases)]
    tasks = company["tasks"].children("project_id", project["id"])
    for kind, rows in (("task", tasks), ("activity", activities_of(company, project))):
        for row in rows:
            yield {
                "item_id": row["id"],
                "item_type": kind,
                "phase_id": places[row["id"] % len(places)],
                "group_id": keys[row["id"] % len(keys)],
            }


def activities_of(company: Company, project: Row) -> Iterator[Row]:
    for row in company["activities"].children("project_id", project["id"]):
        if shelf_of(row) == LIVE:
            yield row


def group_row(row: Row) -> Row:
    return {key: row[key] for key in ("id", "name", "order_nr")}


def task_row(row: Row) -> Row:
    """A task as v1 has it: one assignee beside all of them, done as 0 or 1."""
    done = row["marked_as_done_time"]
    return {
        "id": row["id"],
        "title": row["title"],
        "creator_id": row["creator_id"],
        "description": row["description"],
        "done": int(row["is_done"]),
        "due_date": row["due_date"],
        "parent_task_id": row["parent_task_id"],
        "assignee_id": next(iter(row["assignee_ids"]), None),
        "assignee_ids": row["assignee_ids"],
        "add_time": stamp(row["add_time"]),
        "update_time": stamp(row["update_time"]),
        "marked_as_done_time": stamp(done) if done else None,
        "project_id": row["project_id"],
    }


def stamp(time: str) -> str:
    """With milliseconds, as only projects, their templates and tasks are in v1."""
    return f"{time[:10]} {time[11:23]}"


def whole(call: Call, rows: list[Row], additional_data: Row | None = None) -> Reply:
    """All rows at once; null for none of them, as the switch says."""
    nothing = not rows and call.switches.empty_v1_list_is_null
    return success(None if nothing else rows, additional_data=additional_data)


def list_plan(call: Call) -> Reply:
    rows = list(plan(call.company, find_live(call)))
    return whole(call, rows)


def list_groups(call: Call) -> Reply:
    groups = call.company["project_groups"]
    rows = groups.children("project_id", find_live(call)["id"])
    return whole(call, [group_row(row) for row in rows])


def list_tasks(call: Call) -> Reply:
    rows = call.company["tasks"].children("project_id", find_live(call)["id"])
    more = {"next_cursor": None}
    return whole(call, [task_row(row) for row in rows], additional_data=more)


def list_activities(call: Call) -> Reply:
    company = call.company
    rows = activities_of(company, find_live(call))
    more = {"next_cursor": None}
    shown = [activity_row(company, row) for row in rows]
    return whole(call, shown, additional_data=more)


ENDPOINTS = tuple(
    Endpoint("GET", 1, f"/projects/{{id}}/{name}", 20, with_projects(answer))
    for name, answer in (
        ("plan", list_plan),
        ("groups", list_groups),
        ("tasks", list_tasks),
        ("activities", list_activities),
    )
)
