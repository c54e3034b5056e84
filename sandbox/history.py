"""/v1/deals/{id}/changelog and /flow and so on: what happened to an item (v1)."""

from __future__ import annotations

from collections.abc import Callable

from .activities_v1 import shared_keys
from .changes import ENTITIES
from .collection import LIVE, Row, shelf_of
from .company import Company
from .endpoint import Call, Endpoint, Reader, Reply
from .files import file_row, files_of
from .item_mail import message_row, messages_of
from .items import COLUMNS, ITEMS, cursor_page, found_item_v1
from .notes import note_row
from .pages import page_v1
from .parameters import CURSOR, START, names, plain
from .times import to_v1

SHOWN = (
    *("field_key", "old_value", "new_value", "actor_user_id", "time"),
    *("change_source", "change_source_user_agent", "is_bulk_update_flag"),
)


def change_row(row: Row) -> Row:
    return {key: row[key] for key in SHOWN}


def _changelog(entity: str) -> Callable[[Call], Reply]:
    def answer(call: Call) -> Reply:
        item = entity, found_item_v1(call, entity)["id"]
        rows = call.company["changes"].children("item", item)
        return cursor_page(call, rows, change_row, bare=True)

    return answer


# Flow


def flow(company: Company, entity: str, key: int, custom: bool) -> list[Row]:
    """All that happened, the newest first; `custom` is for changes of custom fields."""
    column = COLUMNS[entity]
    found = [
        _change_of_flow(entity, row)
        for row in company["changes"].children("item", (entity, key))
        if custom or row["field_key"] not in company.custom(entity)
    ]
    found += [
        _entry("note", row["add_time"], note_row(company, row))
        for row in company["notes"].children(column, key)
        if row["active_flag"]
    ]
    found += [
        _entry("activity", to_v1(row["add_time"]), _activity(company, row))
        for row in company["activities"].children(column, key)
        if shelf_of(row) == LIVE
    ]
    found += [
        _entry("file", row["add_time"], file_row(company, row))
        for row in files_of(company, entity, key)
    ]
    found += [message_row(company, row) for row in messages_of(company, entity, key)]
    return sorted(found, key=lambda row: row["timestamp"], reverse=True)


def _entry(kind: str, time: str, data: Row) -> Row:
    return {"object": kind, "timestamp": time, "data": data}


def _change_of_flow(entity: str, row: Row) -> Row:
    data = {
        "id": row["id"],
        "item_id": row["item"][1],
        "user_id": row["actor_user_id"],
        "field_key": row["field_key"],
        "old_value": row["old_value"],
        "new_value": row["new_value"],
        "is_bulk_update_flag": None,
        "log_time": row["time"],
        "change_source": row["change_source"],
        "change_source_user_agent": row["change_source_user_agent"],
        # An empty object is [] here.
        "additional_data": {"new_value_formatted": row["new_value"]}
        if row["new_value"]
        else [],
    }
    return _entry(f"{entity}Change", row["time"], data)


def _activity(company: Company, row: Row) -> Row:
    """An activity as v1 has it in the history of an item."""
    return shared_keys(company, row) | {
        "series": [],
        "note": row["note"],
        "created_by_user_id": row["creator_user_id"],
        "attendees": row["attendees"],
        "participants": [
            {"person_id": p["person_id"], "primary_flag": p["primary"]}
            for p in row["participants"]
        ],
        "owner_name": company["users"].rows[row["owner_id"]]["name"],
    }


def _flow(entity: str) -> Callable[[Call], Reply]:
    def answer(call: Call) -> Reply:
        key = found_item_v1(call, entity)["id"]
        custom = call.query.get("all_changes") == "1"
        rows = flow(call.company, entity, key, custom)
        wanted = call.query.get("items")
        if wanted is not None:
            rows = [row for row in rows if _is_one_of(row["object"], wanted)]
        return page_v1(call, rows)

    return answer


def _is_one_of(kind: str, wanted: list[str]) -> bool:
    """`change` stands for the changes of every kind of item."""
    return kind in wanted or (kind.endswith("Change") and "change" in wanted)


_FLOW: dict[str, Reader] = {**START, "all_changes": plain, "items": names}
ENDPOINTS = tuple(
    endpoint
    for entity in ENTITIES
    for path in (f"/{ITEMS[entity]}/{{id}}",)
    for endpoint in (
        Endpoint("GET", 1, f"{path}/changelog", 20, _changelog(entity), CURSOR),
        Endpoint("GET", 1, f"{path}/flow", 40, _flow(entity), _FLOW),
    )
)
