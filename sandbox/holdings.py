"""What a company holds: the names of its collections, and how each is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .collection import ARCHIVED, DELETED, LIVE, Collection, Row, shelf_of

Optional = Mapping[str, Callable[[Row], Any] | None]
"""The columns sent only on request, and what computes them."""


def collection(name: str, optional: Optional, *, nulls_first: bool) -> Collection:
    """An empty collection of this name."""
    return Collection(
        name,
        optional=optional,
        parents=_PARENTS.get(name, ()),
        custom=name in _WITH_CUSTOM_FIELDS,
        shelf=_SHELVES.get(name, shelf_of),
        nulls_first=nulls_first,
    )


NAMES = (
    *("roles", "permission_sets", "teams", "goals", "webhooks", "call_logs"),
    "mail_threads",
    "deals",
    "persons",
    "organizations",
    "activities",
    "products",
    "deal_products",
    "pipelines",
    "stages",
    "users",
    "leads",
    "notes",
    "lead_labels",
    "activity_types",
    "currencies",
    "filters",
    "followers",
    "follower_changes",
    "changes",
    "files",
    "mail_messages",
    "note_comments",
    "organization_relationships",
    "product_variations",
    "product_images",
    "conversions",
    "projects",
    "tasks",
    "boards",
    "phases",
    "project_templates",
    "project_changes",
    "project_groups",
    "deal_installments",
    "deal_discounts",
)

_PARENTS = {
    "deals": ("person_id", "org_id", "stage_id"),
    "persons": ("org_id",),
    "leads": ("person_id", "organization_id"),
    "activities": ("deal_id", "lead_id", "person_id", "org_id", "project_id"),
    "deal_products": ("deal_id", "product_id"),
    "stages": ("pipeline_id",),
    "notes": ("deal_id", "person_id", "org_id", "lead_id", "project_id"),
    "followers": ("item",),
    "follower_changes": ("item",),
    "changes": ("item",),
    "files": ("deal_id", "person_id", "org_id", "product_id"),
    "mail_messages": ("deal_id", "person_id", "org_id", "mail_thread_id"),
    "note_comments": ("note_id",),
    "organization_relationships": ("rel_owner_org_id", "rel_linked_org_id"),
    "product_variations": ("product_id",),
    "product_images": ("product_id",),
    "phases": ("board_id",),
    "tasks": ("project_id", "parent_task_id"),
    "project_changes": ("project_id",),
    "project_groups": ("project_id",),
    "deal_installments": ("deal_id",),
    "deal_discounts": ("deal_id",),
}

_WITH_CUSTOM_FIELDS = {"deals", "persons", "organizations", "products", "projects"}


def _by_active_flag(row: Row) -> str:
    return LIVE if row["active_flag"] else DELETED


def _always_live(row: Row) -> str:
    return LIVE


def _by_status(row: Row) -> str:
    """Projects are archived or deleted without a flag that says so."""
    if row["status"] == "deleted":
        return DELETED
    return ARCHIVED if row["archive_time"] else LIVE


_SHELVES = {
    "projects": _by_status,
    "users": _always_live,
    "activity_types": _always_live,
    "currencies": _always_live,
    "notes": _by_active_flag,
    "filters": _by_active_flag,
    "files": _by_active_flag,
    "note_comments": _by_active_flag,
}
