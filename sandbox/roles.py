"""/v1/roles and what belongs to a role (v1, for admins)."""

from __future__ import annotations

from collections.abc import Iterator

from .collection import LIVE, Row
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .pages import page_v1
from .parameters import START, boolean
from .refusal import missing

_OWN = ("settings", "hidden_pipelines")  # keys that the list does not show


def role_row(company: Company, row: Row) -> Row:
    """A role as it is listed: both counts are strings, as in the spec's example."""
    roles = company["roles"].on(LIVE)
    below = [r for r in roles if r["parent_role_id"] == row["id"] != r["id"]]
    shown = {key: value for key, value in row.items() if key not in _OWN}
    return shown | {
        "assignment_count": str(sum(1 for _ in assigned(company, row["id"]))),
        "sub_role_count": str(len(below)),
        "level": _level(company, row),
    }


def _level(company: Company, row: Row) -> int:
    level = 1
    while row["parent_role_id"] not in (1, row["id"]):
        row = company["roles"].rows[row["parent_role_id"]]
        level += 1
    return level


def assigned(company: Company, role: int) -> Iterator[Row]:
    """The users of a role, as assignments."""
    for user in company["users"].on(LIVE):
        if user["role_id"] == role:
            yield assignment(company, user)


def assignment(company: Company, user: Row) -> Row:
    """That a user has a role."""
    role = company["roles"].rows[user["role_id"]]
    return {
        "user_id": user["id"],
        "role_id": role["id"],
        "parent_role_id": role["parent_role_id"],
        "name": role["name"],
        "active_flag": role["active_flag"],
        "type": "1",
    }


def list_roles(call: Call) -> Reply:
    company = call.company
    rows = list(company["roles"].on(LIVE))
    return page_v1(call, rows, lambda row: role_row(company, row))


def one(call: Call) -> Reply:
    """Without `level`; the settings stand beside the role."""
    row = _find(call)
    shown = role_row(call.company, row)
    del shown["level"]
    return success(shown, additional_data={"settings": row["settings"]})


def list_assignments(call: Call) -> Reply:
    return page_v1(call, list(assigned(call.company, _find(call)["id"])))


def settings(call: Call) -> Reply:
    return success(_find(call)["settings"])


def pipelines(call: Call) -> Reply:
    """The pipelines that the role sees, or with visible=false those it does not."""
    visible = call.query.get("visible", True)
    return success(pipelines_of(call.company, _find(call), visible))


def pipelines_of(company: Company, role: Row, visible: bool) -> Row:
    hidden = role["hidden_pipelines"]
    every = [row["id"] for row in company["pipelines"].on(LIVE)]
    found = [key for key in every if (key not in hidden) == visible]
    return {"pipeline_ids": found, "visible": visible}


def _find(call: Call) -> Row:
    text = call.path["id"]
    row = call.company["roles"].get(int(text)) if text.isdigit() else None
    if row is None:
        raise missing("Role not found")
    return row


ENDPOINTS = (
    Endpoint("GET", 1, "/roles", 20, list_roles, START),
    Endpoint("GET", 1, "/roles/{id}", 2, one),
    Endpoint("GET", 1, "/roles/{id}/assignments", 10, list_assignments, START),
    Endpoint("GET", 1, "/roles/{id}/settings", 20, settings),
    Endpoint("GET", 1, "/roles/{id}/pipelines", 20, pipelines, {"visible": boolean}),
)
