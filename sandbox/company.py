"""A company: its collections, its fields, its clock. No I/O."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from . import holdings
from .choices import options_of
from .collection import ARCHIVED, DELETED, LIVE, Collection, Row
from .fields import Field
from .past import Past
from .rollups import OPTIONAL
from .switches import Switches
from .system import system_fields

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
        self.past = Past()
        self.searches: OrderedDict[Any, tuple[int, Any]] = OrderedDict()
        """What the latest searches found, and after how many changes."""
        self._moment = START
        self._options = 100
        self._fields: dict[str, list[Field]] = {}
        self._added: dict[str, int] = {}
        self.collections = {name: self._collection(name) for name in holdings.NAMES}
        for entity in ENTITIES:
            self._fields[entity] = [
                Field(code, name, kind, _NUMBERS[entity] + i, optional=optional)
                for i, (code, name, kind, optional) in enumerate(system_fields(entity))
            ]
            for field in self._fields[entity]:
                field.options = options_of(entity, field.code, field.type)

    @classmethod
    def sample(
        cls,
        seed: int = 7,
        deals: int = 300,
        switches: Switches | None = None,
        *,
        persons: int | None = None,
    ) -> Company:
        """The same company for the same seed, with `deals` deals in the list.

        `persons` are half as many unless told, and at least ten.
        """
        from .sample import fill

        return fill(cls(seed, switches), deals, persons)

    @classmethod
    def empty(cls, seed: int = 7, switches: Switches | None = None) -> Company:
        """One user, one pipeline with its stages, and the system fields."""
        from .sample import furnish

        return furnish(cls(seed, switches))

    def __getitem__(self, name: str) -> Collection:
        return self.collections[name]

    def watch(self) -> None:
        """From now on keep in `past` what rows were before they change."""
        for name, collection in self.collections.items():
            collection.told = partial(self.past.note, name)

    # The clock

    @property
    def now(self) -> datetime:
        """The time of the latest write, in UTC; without one, time stands still."""
        return self._moment

    def tick(self) -> str:
        """The time of the next write: a whole second later than the one before."""
        self._moment += timedelta(seconds=1)
        return self._moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def pass_time(self, span: timedelta) -> None:
        """Let the clock go on without a write."""
        self._moment += span

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
        """The field of this code; None if there is none."""
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
        """Delete a custom field, and with it all its values."""
        self._fields[entity].remove(field)
        self.recode(entity)

    def recode(self, entity: str) -> None:
        """Tell the collection which custom fields there are."""
        self.past.count += 1
        collection = self[ENTITIES[entity]]
        if collection.codes is not None:
            collection.recode([f.code for f in self._fields[entity] if f.custom])

    def new_option(self, label: str, color: str | None = None) -> Row:
        """An option with an id that no other field has."""
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
        first = self.switches.nulls_come_first
        return holdings.collection(name, optional, nulls_first=first)


def _labelled(field: Field, value: Any) -> Any:
    known = {option["id"]: option["label"] for option in field.options or ()}
    if value is None or field.type not in {"enum", "set"}:
        return value
    if field.type == "enum":
        return {"id": value, "label": known.get(value)}
    return [{"id": i, "label": known.get(i)} for i in value]
