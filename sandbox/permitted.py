"""/v1/deals/{id}/permittedUsers and so on: who may see an item (v1)."""

from __future__ import annotations

from collections.abc import Callable

from .collection import Row
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .items import ITEMS, found_item_v1
from .refusal import missing
from .rights import sees


def permitted(company: Company, row: Row) -> list[int]:
    """The active users who may see a row."""
    users = company["users"].on("live")
    return [user["id"] for user in users if user["active_flag"] and sees(user, row)]


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
