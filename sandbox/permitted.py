"""/v1/deals/{id}/permittedUsers and so on: who may see an item (v1)."""

from __future__ import annotations

from collections.abc import Callable

from .collection import Row
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .items import ITEMS, found_item_v1
from .refusal import missing

OWNER, GROUP = 1, 3  # of visible_to; above them are groups below, and everyone


def permitted(company: Company, row: Row) -> list[int]:
    """The active users who may see a row, by its owner and its visible_to.

    Administrators see everything. There are two visibility groups here: users of
    odd ids and users of even ids.
    """
    owner, visible = row["owner_id"], int(row["visible_to"])

    def sees(user: Row) -> bool:
        if user["id"] == owner or len(user["access"]) > 1:
            return True
        if visible == OWNER:
            return False
        return visible != GROUP or user["id"] % 2 == owner % 2

    users = company["users"].on("live")
    return [user["id"] for user in users if user["active_flag"] and sees(user)]


def _of_item(entity: str) -> Callable[[Call], Reply]:
    return lambda call: success(permitted(call.company, found_item_v1(call, entity)))


def of_lead(call: Call) -> Reply:
    row = call.company["leads"].get(call.path["id"])
    if row is None:
        raise missing("requested lead not found")
    return success(permitted(call.company, row))


ENDPOINTS = (
    *(
        Endpoint("GET", 1, f"/{name}/{{id}}/permittedUsers", 10, _of_item(entity))
        for entity, name in ITEMS.items()
    ),
    Endpoint("GET", 1, "/leads/{id}/permittedUsers", 10, of_lead),
)
