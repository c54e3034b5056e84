"""What only an admin may do, by the scopes and 403 answers of the spec."""

from __future__ import annotations

from typing import Literal

from .company import Company
from .endpoint import Endpoint
from .refusal import Refusal, forbidden

Role = Literal["admin", "regular"]

# All of these, and of the others whatever writes (scope `admin` in the spec).
_ALL = ("/roles", "/permissionSets", "/webhooks")
_WRITES = ("/activityTypes", "/users", "/legacyTeams", "/pipelines", "/stages")


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
