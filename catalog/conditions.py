"""Saved filters: their types, and the fields that their conditions name by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .fields import Field
from .table import Column, Table


class NumberedField(NamedTuple):
    """A field as v1 tells it: its number in filters, and whether they may use it."""

    number: int | None
    field: Field
    filterable: bool


class FilterType(NamedTuple):
    """A type of filters, what its conditions call a row of its own, and its table."""

    type: str
    object: str
    table: str


# Source: spec v1, POST /filters: `type`, and the objects that conditions may name.
# Filters of leads and projects exist, too; what they call their rows is not told.
TYPES = (
    FilterType("deals", "deal", "deals"),
    FilterType("people", "person", "persons"),
    FilterType("org", "organization", "organizations"),
    FilterType("products", "product", "products"),
    FilterType("activity", "activity", "activities"),
)

# What metadata or filters may call a field, beside its key in rows (migration guide).
_OTHER_KEYS: Mapping[str, tuple[str, ...]] = {
    "owner_id": ("user_id",),
    "creator_user_id": ("created_by_user_id",),
    "label_ids": ("label",),
    "emails": ("email",),
    "phones": ("phone",),
    "busy": ("busy_flag",),
    "is_linkable": ("selectable",),
}


def filter_type(table: Table) -> FilterType | None:
    """The type of filters that narrow the table's list; None if none is documented."""
    name = table.name.removesuffix("_archived")
    return next((kind for kind in TYPES if kind.table == name), None)


def keys(column: Column) -> tuple[str, ...]:
    """The keys by which metadata may know the field of a column."""
    key = column.field_key or column.steps[0]
    return (key, *_OTHER_KEYS.get(key, ()))


def column_of(table: Table, key: str) -> Column | None:
    """The column of the field that metadata or filters know by this key."""
    columns = [c for c in table.columns if not c.hidden]
    return next(
        (c for c in columns if key in keys(c)),
        next((c for c in columns if c.name == key), None),
    )
