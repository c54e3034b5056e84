"""/v1/permissionSets: what users may do (v1, for admins)."""

from __future__ import annotations

from collections.abc import Iterator

from .collection import LIVE, Row
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .pages import page_v1, whole_v1
from .parameters import START, one_of
from .refusal import missing

APPS = (
    *("sales", "projects", "campaigns", "global"),
    *("account_settings", "partnership", "nova"),
)


def set_row(company: Company, row: Row) -> Row:
    """A permission set as it is listed: without what it permits."""
    shown = {key: value for key, value in row.items() if key != "contents"}
    return shown | {"assignment_count": sum(1 for _ in assigned(company, row))}


def assigned(company: Company, row: Row) -> Iterator[Row]:
    """The users who have the set."""
    for user in company["users"].on(LIVE):
        if row["id"] in {access["permission_set_id"] for access in user["access"]}:
            yield {
                "user_id": user["id"],
                "permission_set_id": row["id"],
                "name": row["name"],
            }


def list_sets(call: Call) -> Reply:
    company, app = call.company, call.query.get("app")
    rows = [r for r in company["permission_sets"].on(LIVE) if app in (None, r["app"])]
    return whole_v1(call, [set_row(company, row) for row in rows])


def one(call: Call) -> Reply:
    """The one set, in an array and without `type`, as in the spec's example."""
    row = _find(call)
    shown = set_row(call.company, row) | {"contents": row["contents"]}
    del shown["type"]
    return success([shown])


def list_assignments(call: Call) -> Reply:
    return page_v1(call, list(assigned(call.company, _find(call))))


def _find(call: Call) -> Row:
    row = call.company["permission_sets"].get(call.path["id"])
    if row is None:
        raise missing("Permission set not found")
    return row


ENDPOINTS = (
    Endpoint("GET", 1, "/permissionSets", 20, list_sets, {"app": one_of(*APPS)}),
    Endpoint("GET", 1, "/permissionSets/{id}", 2, one),
    Endpoint("GET", 1, "/permissionSets/{id}/assignments", 20, list_assignments, START),
)
