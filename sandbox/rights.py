"""What only an admin may do, by the scopes and 403 answers of the spec, and see."""

from __future__ import annotations

from typing import Literal

from .collection import Row
from .company import Company
from .endpoint import Endpoint
from .refusal import Refusal, forbidden

Role = Literal["admin", "regular"]

# All of these, and of the others whatever writes (scope `admin` in the spec).
_ALL = ("/roles", "/permissionSets", "/webhooks")
_WRITES = ("/activityTypes", "/users", "/legacyTeams", "/pipelines", "/stages")


_OWNER, _GROUP = 1, 3  # of visible_to; above them are groups below, and everyone


def sees(user: Row, row: Row) -> bool:
    """Whether a user may see a row, by its owner and its visible_to, if it has that.

    Administrators see everything. There are two visibility groups here: users of
    odd ids and users of even ids.
    """
    if "visible_to" not in row or row["owner_id"] == user["id"]:
        return True
    if any(access["admin"] for access in user["access"]):
        return True
    visible = int(row["visible_to"])
    if visible == _OWNER:
        return False
    return visible != _GROUP or bool(user["id"] % 2 == row["owner_id"] % 2)


def admin_only(endpoint: Endpoint) -> bool:
    """Whether the token of a regular user is refused there."""
    first = "/" + endpoint.path.split("/")[1]
    return first in _ALL or (endpoint.method != "GET" and first in _WRITES)


def make_regular(company: Company) -> None:
    """Take the rights of an admin from the token's own user."""
    users = company["users"]
    access = [one | {"admin": False} for one in users.rows[company.me]["access"]]
    users.change(company.me, {"access": access})


def no_right() -> Refusal:
    """403 as the spec has it (GET /v1/users/{id}/followers)."""
    return forbidden("You do not have permissions to do this.")
