"""/v1/legacyTeams: teams and who is in them (v1)."""

from __future__ import annotations

from collections.abc import Iterable

from .collection import LIVE, Row
from .endpoint import Call, Endpoint, Reader, Reply, success
from .pages import whole_v1
from .parameters import flag, one_of
from .refusal import Refusal


def list_teams(call: Call) -> Reply:
    """Those that are not active, too."""
    return _shown(call, call.company["teams"].on(LIVE))


def of_user(call: Call) -> Reply:
    """The teams that a user is in."""
    user = int(call.path["id"]) if call.path["id"].isdigit() else 0
    teams = call.company["teams"].on(LIVE)
    return _shown(call, [row for row in teams if user in row["users"]])


def _shown(call: Call, rows: Iterable[Row]) -> Reply:
    by = call.query.get("order_by", "id")
    found = sorted(rows, key=lambda row: (row[by], row["id"]))
    return whole_v1(call, [_with_users(call, row) for row in found])


def _with_users(call: Call, row: Row) -> Row:
    skip = call.query.get("skip_users")
    return {k: v for k, v in row.items() if not (skip and k == "users")}


def one(call: Call) -> Reply:
    return success(_with_users(call, _find(call)))


def users(call: Call) -> Reply:
    """The ids alone."""
    return success(_find(call)["users"])


def _find(call: Call) -> Row:
    text = call.path["id"]
    row = call.company["teams"].get(int(text)) if text.isdigit() else None
    if row is None:
        error = f"Team {text} does not exist"
        raise Refusal(404, {"success": False, "error": error})
    return row


_SKIP: dict[str, Reader] = {"skip_users": flag}
_QUERY = {"order_by": one_of("id", "name", "manager_id", "active_flag"), **_SKIP}
ENDPOINTS = (
    Endpoint("GET", 1, "/legacyTeams", 20, list_teams, _QUERY),
    Endpoint("GET", 1, "/legacyTeams/{id}", 2, one, _SKIP),
    Endpoint("GET", 1, "/legacyTeams/{id}/users", 20, users),
    Endpoint("GET", 1, "/legacyTeams/user/{id}", 20, of_user, _QUERY),
)
