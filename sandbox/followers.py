"""Who follows a deal, person, organization or product, and (v2) who did."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from . import bodies
from .collection import Row
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .items import COLUMNS, ITEMS, Item, cursor_page, found_item, found_item_v1
from .pages import page_v1
from .parameters import CURSOR, START
from .refusal import bad_request, missing
from .times import to_v1


def follow(company: Company, item: Item, user: int, actor: int, time: str) -> Row:
    """A user follows an item from now on, and its changelog says so."""
    followers = company["followers"]
    row = {"id": followers.next_id(), "item": item, "user_id": user, "add_time": time}
    _note(company, item, user, actor, time, "added")
    return followers.add(row)


def unfollow(company: Company, row: Row, actor: int, time: str) -> None:
    company["followers"].remove(row["id"])
    _note(company, row["item"], row["user_id"], actor, time, "removed")


def _note(
    company: Company, item: Item, user: int, actor: int, time: str, action: str
) -> None:
    changes = company["follower_changes"]
    changes.add(
        {
            "id": changes.next_id(),
            "item": item,
            "action": action,
            "actor_user_id": actor,
            "follower_user_id": user,
            "time": time,
        }
    )


def follower_row(row: Row) -> Row:
    return {key: row[key] for key in ("user_id", "add_time")}


def change_row(row: Row) -> Row:
    keys = ("action", "actor_user_id", "follower_user_id", "time")
    return {key: row[key] for key in keys}


def _item(call: Call, entity: str) -> Item:
    return entity, found_item(call, entity)["id"]


def list_followers(entity: str, call: Call) -> Reply:
    rows = call.company["followers"].children("item", _item(call, entity))
    return cursor_page(call, rows, follower_row)


def follower_v1(row: Row) -> Row:
    """With an id of its own, and that of the item, as only v1 has them."""
    entity, key = row["item"]
    return {
        "user_id": row["user_id"],
        "id": row["id"],
        COLUMNS[entity]: key,
        "add_time": to_v1(row["add_time"]),
    }


def list_followers_v1(entity: str, call: Call) -> Reply:
    item = entity, found_item_v1(call, entity)["id"]
    rows = list(call.company["followers"].children("item", item))
    return page_v1(call, rows, follower_v1)


def list_changes(entity: str, call: Call) -> Reply:
    rows = call.company["follower_changes"].children("item", _item(call, entity))
    return cursor_page(call, rows, change_row)


def add(entity: str, call: Call) -> Reply:
    company, item = call.company, _item(call, entity)
    values = bodies.read_body({"user_id": bodies.whole}, call.body, ("user_id",))
    bodies.must_exist(company, values, user_id="users")
    user = values["user_id"]
    if any(r["user_id"] == user for r in company["followers"].children("item", item)):
        raise bad_request(f"User is already following this {entity}")
    row = follow(company, item, user, company.me, company.tick())
    return success(follower_row(row), status=201)


def remove(entity: str, call: Call) -> Reply:
    item = _item(call, entity)
    for row in call.company["followers"].children("item", item):
        if str(row["user_id"]) == call.path["follower_id"]:
            unfollow(call.company, row, call.company.me, call.company.tick())
            return success({"user_id": row["user_id"]})
    raise missing()


def _endpoints(entity: str) -> tuple[Endpoint, ...]:
    path = f"/{ITEMS[entity]}/{{id}}/followers"
    start = START if entity == "product" else {}  # only these declare pages

    def of(answer: Callable[[str, Call], Reply]) -> Callable[[Call], Reply]:
        return partial(answer, entity)

    return (
        Endpoint("GET", 2, path, 10, of(list_followers), CURSOR),
        Endpoint("POST", 2, path, 5, of(add)),
        Endpoint("DELETE", 2, path + "/{follower_id}", 3, of(remove)),
        Endpoint("GET", 2, path + "/changelog", 10, of(list_changes), CURSOR),
        Endpoint("GET", 1, path, 20, of(list_followers_v1), start),
    )


ENDPOINTS = tuple(endpoint for entity in ITEMS for endpoint in _endpoints(entity))
