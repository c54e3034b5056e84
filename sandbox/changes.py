"""What writes change, noted for the changelog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .collection import Row
from .company import Company
from .times import to_v1

ENTITIES = ("deal", "person", "organization")
"""Entities that have a changelog."""
_KEYS = {("deal", "owner_id"): "user_id", ("deal", "label_ids"): "label"}


def key_of(entity: str, key: str) -> str:
    """A column's key in v1, which changelogs speak."""
    return _KEYS.get((entity, key), key)


def record(company: Company, entity: str, before: Row, changes: Row) -> None:
    """Note in the changelog which values of a row a write is about to change."""
    if entity not in ENTITIES:
        return
    kept = company["changes"]
    pairs = dict(_flat(before))
    for key, value in _flat(changes):
        if key != "update_time" and pairs.get(key) != value:
            kept.add(
                {
                    "id": kept.next_id(),
                    "item": (entity, before["id"]),
                    "field_key": key_of(entity, key),
                    "old_value": _text(pairs.get(key)),
                    "new_value": _text(value),
                    "actor_user_id": company.me,
                    "time": to_v1(changes["update_time"]),
                    "change_source": "api",
                    "change_source_user_agent": None,
                    "is_bulk_update_flag": False,
                }
            )


def _flat(row: Row) -> Iterator[tuple[str, Any]]:
    for key, value in row.items():
        if key == "custom_fields":
            yield from value.items()
        else:
            yield key, value


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
