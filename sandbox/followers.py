"""Who follows a deal, a person ...: /api/v2/deals/{id}/followers and its changelog."""

from __future__ import annotations

from collections.abc import Callable

from . import bodies
from .collection import Row
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .pages import page_of_parts
from .parameters import CURSOR
from .refusal import bad_request, invalid, missing


def parent(call: Call, collection: str) -> Row:
    """The row of the path's id; a deleted one is missing."""
    text = call.path["id"]
    row = call.company[collection].get(int(text)) if text.isdigit() else None
    if row is None or row.get("is_deleted"):
        raise missing()
    return row


def follow(company: Company, entity: str, key: int, user: int, time: str) -> Row:
    """A new follower of `entity` ("deal"), and the entry of the changelog."""
    row = {"user_id": user, "add_time": time}
    company.parts(f"{entity}_followers", key).append(row)
    _log(company, entity, key, "added", user, time)
    return row


def unfollow(company: Company, entity: str, key: int, row: Row, time: str) -> None:
    company.parts(f"{entity}_followers", key).remove(row)
    _log(company, entity, key, "removed", row["user_id"], time)


def _log(
    company: Company, entity: str, key: int, action: str, user: int, time: str
) -> None:
    entry = {
        "action": action,
        "actor_user_id": company.me,
        "follower_user_id": user,
        "time": time,
    }
    company.parts(f"{entity}_followers_changelog", key).append(entry)


def count(entity: str) -> Callable[[Company, Row], int]:
    """The followers_count of a row."""
    return lambda company, row: len(company.parts(f"{entity}_followers", row["id"]))


def endpoints(entity: str, collection: str) -> tuple[Endpoint, ...]:
    """The four of one entity: `entity` is "deal", `collection` is "deals"."""
    name = f"{entity}_followers"

    def listed(call: Call) -> Reply:
        return page_of_parts(
            call, call.company.parts(name, parent(call, collection)["id"])
        )

    def changelog(call: Call) -> Reply:
        key = parent(call, collection)["id"]
        return page_of_parts(call, call.company.parts(f"{name}_changelog", key))

    def add(call: Call) -> Reply:
        key = parent(call, collection)["id"]
        values = bodies.read_body({"user_id": bodies.whole}, call.body, ("user_id",))
        bodies.must_exist(call.company, values, user_id="users")
        user = values["user_id"]
        if any(row["user_id"] == user for row in call.company.parts(name, key)):
            raise bad_request(f"User is already following this {entity}")
        row = follow(call.company, entity, key, user, call.company.tick())
        return success(row, status=201)

    def remove(call: Call) -> Reply:
        key = parent(call, collection)["id"]
        text = call.path["follower_id"]
        if not text.isdigit():
            raise invalid("follower_id", "must be an integer")
        for row in call.company.parts(name, key):
            if row["user_id"] == int(text):
                unfollow(call.company, entity, key, row, call.company.tick())
                return success({"user_id": row["user_id"]})
        raise missing()

    path = f"/{collection}/{{id}}/followers"
    return (
        Endpoint("GET", 2, path, 10, listed, CURSOR),
        Endpoint("POST", 2, path, 5, add),
        Endpoint("DELETE", 2, path + "/{follower_id}", 3, remove),
        Endpoint("GET", 2, path + "/changelog", 10, changelog, CURSOR),
    )
