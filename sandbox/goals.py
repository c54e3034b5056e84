"""/v1/goals: what users, teams and the company want to reach, and how far they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .collection import LIVE, Row
from .company import Company
from .endpoint import Call, Endpoint, Reader, Reply
from .envelopes import service
from .parameters import boolean, date, integer, integers, number, one_of, plain
from .refusal import bad_request, missing

TYPES = {
    "deals_won": "Deals won",
    "deals_progressed": "Deals progressed",
    "activities_completed": "Activities completed",
    "activities_added": "Activities added",
    "deals_started": "Deals started",
}
"""A type as it is asked for, and as it is shown."""


def _params(goal: Row, name: str) -> Any:
    return goal["type"]["params"].get(name)


_NARROW: dict[str, Callable[[Row, Any], bool]] = {
    "type.name": lambda goal, v: bool(goal["type"]["name"] == TYPES[v]),
    "title": lambda goal, v: v.casefold() in goal["title"].casefold(),
    "assignee.id": lambda goal, v: bool(goal["assignee"]["id"] == v),
    "assignee.type": lambda goal, v: bool(goal["assignee"]["type"] == v),
    "expected_outcome.target": lambda goal, v: bool(
        goal["expected_outcome"]["target"] == v
    ),
    "expected_outcome.tracking_metric": lambda goal, v: bool(
        goal["expected_outcome"]["tracking_metric"] == v
    ),
    "expected_outcome.currency_id": lambda goal, v: bool(
        goal["expected_outcome"].get("currency_id") == v
    ),
    "type.params.pipeline_id": lambda goal, v: _params(goal, "pipeline_id") == v,
    "type.params.stage_id": lambda goal, v: bool(_params(goal, "stage_id") == v),
    "type.params.activity_type_id": lambda goal, v: (
        _params(goal, "activity_type_id") == v
    ),
    "period.start": lambda goal, v: (goal["duration"]["end"] or v) >= v,
    "period.end": lambda goal, v: bool(goal["duration"]["start"] <= v),
}
_EVERYONES = ("type.", "assignee.type", "expected_outcome.")
"""With any of these the goals of everyone are found, else only one's own."""


def find(call: Call) -> Reply:
    query = call.query
    goals = [goal for goal in call.company["goals"].on(LIVE)]
    goals = [
        goal for goal in goals if goal["is_active"] == query.get("is_active", True)
    ]
    if "assignee.id" not in query and not any(n.startswith(_EVERYONES) for n in query):
        goals = [goal for goal in goals if _own(call.company, goal)]
    if ("period.start" in query) != ("period.end" in query):
        raise bad_request("period.start and period.end must be provided together")
    for name, fits in _NARROW.items():
        if name in query:
            goals = [goal for goal in goals if fits(goal, query[name])]
    return service({"goals": goals}, "statistics-goals-api", 20000, "OK")


def _own(company: Company, goal: Row) -> bool:
    return bool(goal["assignee"] == {"id": company.me, "type": "person"})


def results(call: Call) -> Reply:
    """How far a goal is in a period within its duration."""
    goal = call.company["goals"].get(call.path["id"])
    if goal is None:
        raise missing("Goal not found")
    start, end = call.query.get("period.start"), call.query.get("period.end")
    if start is None or end is None:
        raise bad_request("period.start and period.end are required")
    duration = goal["duration"]
    if start < duration["start"] or end > (duration["end"] or end):
        raise bad_request("The period must be within the duration of the goal")
    progress = progress_of(call.company, goal, start, end)
    answer = {"goal": goal, "progress": progress}
    return service(answer, "statistics-goals-api", 20000, "OK")


def progress_of(company: Company, goal: Row, start: str, end: str) -> int:
    """How many deals were added or won, activities added or done, or their sum."""
    kind = goal["type"]["name"]
    column = {"Deals won": "won_time", "Activities completed": "marked_as_done_time"}
    moment = column.get(kind, "add_time")
    rows = company["deals" if kind.startswith("Deals") else "activities"].on(LIVE)
    found = [row for row in rows if start <= (row[moment] or "")[:10] <= end]
    if goal["expected_outcome"]["tracking_metric"] == "sum":
        return int(sum(row.get("value") or 0 for row in found))
    return len(found)


_QUERY: dict[str, Reader] = {
    "type.name": one_of(*TYPES),
    "title": plain,
    "is_active": boolean,
    "assignee.id": integer,
    "assignee.type": one_of("person", "company", "team"),
    "expected_outcome.target": number,
    "expected_outcome.tracking_metric": one_of("quantity", "sum"),
    "expected_outcome.currency_id": integer,
    "type.params.pipeline_id": integers,
    "type.params.stage_id": integer,
    "type.params.activity_type_id": integers,
    "period.start": date,
    "period.end": date,
}
_PERIOD: dict[str, Reader] = {"period.start": date, "period.end": date}
ENDPOINTS = (
    Endpoint("GET", 1, "/goals/find", 20, find, _QUERY),
    Endpoint("GET", 1, "/goals/{id}/results", 20, results, _PERIOD),
)
