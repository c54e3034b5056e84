"""A company: its collections, its fields, its clock. No I/O."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from .collection import ARCHIVED, DELETED, LIVE, Collection, Row, shelf_of
from .fields import Field
from .rollups import OPTIONAL
from .switches import Switches
from .system import options_of, system_fields

START = datetime(2026, 9, 30, 12, tzinfo=UTC)  # now, when nothing has been written yet
ZONE = timedelta(hours=3)  # Europe/Istanbul, without summer time since 2016

ENTITIES = {
    "deal": "deals",
    "person": "persons",
    "organization": "organizations",
    "product": "products",
    "activity": "activities",
    "lead": "leads",
    "note": "notes",
    "project": "projects",
}
"""Entities that have fields, and their collections."""

_NUMBERS = {
    "deal": 12400,
    "person": 9000,
    "organization": 4000,
    "product": 20,
    "activity": 300,
    "lead": 7000,
    "note": 1,
    "project": 15000,
}
"""The first v1 id of each entity's fields."""

_PARENTS = {
    "deals": ("person_id", "org_id", "stage_id"),
    "persons": ("org_id",),
    "activities": ("deal_id", "lead_id", "person_id", "org_id", "project_id"),
    "deal_products": ("deal_id", "product_id"),
    "stages": ("pipeline_id",),
    "notes": ("deal_id", "person_id", "org_id"),
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


class Company:
    """Everything that one Pipedrive account holds."""

    def __init__(self, seed: int = 7, switches: Switches | None = None) -> None:
        self.seed = seed
        self.switches = switches or Switches()
        self.id = 5_400_000 + seed
        self.domain = f"sandbox-{seed}"
        self.name = "Sandbox & Söhne"
        self.token = hashlib.sha1(f"token {seed}".encode()).hexdigest()
        self.currency = "EUR"
        self.me = 1
        self.contact_sync = False
        self.participants: dict[int, list[int]] = {}  # by deal
        self.participations: dict[int, list[int]] = {}  # by person
        self._moment = START
        self._options = 100
        self._fields: dict[str, list[Field]] = {}
        self._added: dict[str, int] = {}
        self.collections = {name: self._collection(name) for name in _NAMES}
        for entity in ENTITIES:
            self._fields[entity] = [
                Field(code, name, kind, _NUMBERS[entity] + i, optional=optional)
                for i, (code, name, kind, optional) in enumerate(system_fields(entity))
            ]
            for field in self._fields[entity]:
                field.options = options_of(entity, field.code, field.type)

    @classmethod
    def sample(
        cls, seed: int = 7, deals: int = 300, switches: Switches | None = None
    ) -> Company:
        """The same company for the same seed, with `deals` deals in the list."""
        from .sample import fill

        return fill(cls(seed, switches), deals)

    @classmethod
    def empty(cls, seed: int = 7, switches: Switches | None = None) -> Company:
        """One user, one pipeline with its stages, and the system fields."""
        from .sample import furnish

        return furnish(cls(seed, switches))

    def __getitem__(self, name: str) -> Collection:
        return self.collections[name]

    # The clock

    @property
    def now(self) -> datetime:
        return self._moment

    def tick(self) -> str:
        """The time of the next write: a whole second later than the one before."""
        self._moment += timedelta(seconds=1)
        return self._moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def local_date(self, time: str | None) -> str | None:
        """The day of a UTC time on the account's own calendar."""
        if time is None:
            return None
        return (datetime.fromisoformat(time) + ZONE).strftime("%Y-%m-%d")

    # Fields

    def field_list(self, entity: str) -> list[Field]:
        """The fields of an entity; leads have those of deals as custom ones."""
        found = self._fields[entity]
        if entity == "lead":
            found = found + [f for f in self._fields["deal"] if f.custom]
        return found

    def field(self, entity: str, code: str) -> Field | None:
        return next((f for f in self.field_list(entity) if f.code == code), None)

    def custom(self, entity: str) -> dict[str, Field]:
        """The custom fields of an entity, by code."""
        return {f.code: f for f in self.field_list(entity) if f.custom}

    def add_field(
        self, entity: str, name: str, kind: str, labels: Iterable[str] = ()
    ) -> Field:
        """A new custom field with a fresh code; `labels` are of enum and set."""
        count = self._added[entity] = self._added.get(entity, 0) + 1
        code = hashlib.sha1(f"{self.seed} {entity} {count}".encode()).hexdigest()
        number = _NUMBERS[entity] + 100 + count
        field = Field(code, name, kind, number, custom=True, user_id=self.me)
        if kind in {"enum", "set"}:
            field.options = [self.new_option(label) for label in labels]
        self._fields[entity].append(field)
        self.recode(entity)
        return field

    def drop_field(self, entity: str, field: Field) -> None:
        self._fields[entity].remove(field)
        self.recode(entity)

    def recode(self, entity: str) -> None:
        """Tell the collection which custom fields there are."""
        collection = self[ENTITIES[entity]]
        if collection.codes is not None:
            collection.recode([f.code for f in self._fields[entity] if f.custom])

    def new_option(self, label: str, color: str | None = None) -> Row:
        self._options += 1
        return {"id": self._options, "label": label, "color": color}

    # Rows as the lists serve them

    def rows(self, name: str) -> list[Row]:
        """Rows of a list endpoint with all optional keys, in the order of ids.

        "deals", "deals_archived", "deals_deleted", "leads_archived" and so on. v2
        shapes where there are any. "filters" have their conditions.
        """
        base, _, shelf = name.rpartition("_")
        if shelf not in {ARCHIVED, DELETED}:
            base, shelf = name, LIVE
        collection = self[base]
        if base == "leads":
            from .leads import lead_row

            return [lead_row(self, row) for row in collection.on(shelf)]
        if base == "notes":
            from .notes import note_row

            return [note_row(self, row) for row in collection.on(shelf)]
        return [collection.complete(row) for row in collection.on(shelf)]

    def fields(self, entity: str) -> list[Row]:
        """v2 metadata of deal, person, organization, product or activity."""
        return [field.v2(entity) for field in self.field_list(entity)]

    def fields_v1(self, entity: str) -> list[Row]:
        """v1 metadata, also of lead and note."""
        if entity == "note":
            return [field.note_v1() for field in self.field_list(entity)]
        return [f.v1(i) for i, f in enumerate(self.field_list(entity), 1)]

    # Labels

    def labels(self, collection: str, row: Row) -> list[Row]:
        """What include_labels adds to a row."""
        entity = collection.removesuffix("s")
        field = self.field(entity, "label_ids")
        known = {o["id"]: o["label"] for o in (field and field.options) or ()}
        ids = row["label_ids"] or ()
        return [{"id": i, "label": known.get(i)} for i in ids]

    def with_options(self, collection: str, custom: Row) -> Row:
        """Custom values with {id, label} where there was an option's id."""
        fields = self.custom(collection.removesuffix("s"))
        return {code: _labelled(fields[code], v) for code, v in custom.items()}

    def _collection(self, name: str) -> Collection:
        optional: dict[str, Any] = {
            column: compute and partial(compute, self)
            for column, compute in OPTIONAL.get(name, {}).items()
        }
        return Collection(
            name,
            optional=optional,
            parents=_PARENTS.get(name, ()),
            custom=name in _WITH_CUSTOM_FIELDS,
            shelf=_SHELVES.get(name, shelf_of),
            nulls_first=self.switches.nulls_come_first,
        )


def _labelled(field: Field, value: Any) -> Any:
    known = {option["id"]: option["label"] for option in field.options or ()}
    if value is None or field.type not in {"enum", "set"}:
        return value
    if field.type == "enum":
        return {"id": value, "label": known.get(value)}
    return [{"id": i, "label": known.get(i)} for i in value]


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

_NAMES = (
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
