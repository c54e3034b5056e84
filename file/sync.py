"""Bringing a file up to date: read, build the next version, publish it.

Nothing that readers see changes before the last step, and what was read stays staged
until then: a run may end at any moment, and the next one goes on from there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self
from uuid import uuid4

from ..catalog.fields import Field
from ..catalog.table import Table
from ..client.transport import Client
from ..client.usage import Meter
from ..errors import OperationalError
from . import building, published
from .building import Building
from .comparison import Comparison
from .disk import disk_of
from .families import DELETED, Family
from .gathering import CHANGES, WHOLE, Gathering
from .identity import check_identity, identity
from .memory import Memory
from .parents import parents
from .plan import planned
from .published import Published
from .publishing import check_folder, check_target, publish
from .result import Result
from .scope import Scope
from .staging import Place, Staging
from .wishes import Planned, Report, Wishes

_FEW = 20  # rows that may go at once, however many there were


class Sync:
    """One run over one file; it holds the file's lock until it is closed.

    `tables` are the account's, with its own fields, which are `fields` by entity and
    were read a moment ago. `told` hears of each page. `who` is what `identity` gave for
    this client; it is asked for unless given. `meter` is the bill that the run goes on,
    one of its own unless given, and `memory` what earlier runs of this process left.
    """

    def __init__(
        self,
        client: Client,
        tables: Mapping[str, Table],
        fields: Mapping[str, Sequence[Field]],
        target: Path,
        wishes: Wishes,
        told: Callable[[Place], None] = lambda place: None,
        who: Mapping[str, str] | None = None,
        meter: Meter | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.target = target
        self.wishes = wishes
        self.meter = meter or Meter(
            0, f"sync {target.name}", wishes.max_tokens, client.log
        )
        self._before = self.meter.usage
        self._client = client
        self._tables = tables
        self._fields = fields
        self._told = told
        self._began = perf_counter()
        self._building: Building | None = None
        self._memory = memory or Memory()
        with contextlib.ExitStack() as opened, disk_of(target):
            check_folder(target)
            self._staging = opened.enter_context(Staging(target, wishes.wait))
            who = who or identity(tables, client, self.meter)
            self._scope = self._scope_of(who)
            self._published = self._scope.published
            opened.callback(self._published.close)
            self._result = Result(self._scope)
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def changes_columns(self) -> bool:
        """Whether columns of the file are not those that the account has now."""
        scope = self._scope
        names = (name for family in scope.families for name in family.tables)
        return any(scope.evolutions[name].changes for name in names)

    def plan(self) -> list[Planned]:
        """What the run would do, and its price. Nothing more is asked for it."""
        scope = self._scope
        return [planned(scope.wanted(f), self._published) for f in scope.families]

    def run(self) -> Report:
        """Bring the file up to date as far as Pipedrive lets; the report tells how far.

        Raises OperationalError where nothing can be written. Whatever ends it, the next
        run goes on from the last page.
        """
        with disk_of(self.target):
            self._bring_up_to_date()
        usage = self.meter.usage
        return Report(
            tuple(self._result.outcomes()),
            usage.requests - self._before.requests,
            usage.tokens - self._before.tokens,
            perf_counter() - self._began,
            bool(self._result.taken),
            self._result.changes,
        )

    def close(self) -> None:
        """Let go of the file."""
        self._opened.close()

    def _bring_up_to_date(self) -> None:
        scope, result = self._scope, self._result
        short = self.wishes.only_changes and all(map(scope.is_short, scope.families))
        self._staging.open(short=short)
        self._forget_published()
        gathering = self._gathering()
        lists = [family for family in scope.families if not family.parent]
        oldest_first = sorted(lists, key=self._age)
        gathering.run([scope.wanted(family) for family in oldest_first])
        try:
            self._take(lists)
            for family in scope.families:
                if family.parent:
                    self._read_children(family, gathering)
                    self._take([family])
            if self._building is not None and result.taken:
                self._finish(self._building)
                self._published.close()
                in_place = self.wishes.in_place
                publish(self._building.path, self.target, in_place=in_place)
        finally:
            if self._building is not None:
                self._building.close()
        for places in result.same.values():
            self._memory.learn(places.values())
        for family in scope.families:
            if family.name in result.taken or family.name in result.same:
                self._staging.drop(family.name, family.tables)

    def _scope_of(self, who: Mapping[str, str]) -> Scope:
        """What the run is about, as another one has left it if nothing has changed."""
        wishes, target, tables = self.wishes, self.target, self._tables
        run, started = uuid4().hex, self._client.now()
        self._memory.look(target, tables)
        known = self._memory.scope(wishes, who)
        if known is not None:
            known.renew(self._staging, run, started)
            return known
        check_target(target)
        published = Published(self._staging)
        check_identity(target, published.settings, who)
        scope = Scope(tables, published, wishes, who, run, started)
        self._memory.keep(scope)
        return scope

    # Reading

    def _gathering(self) -> Gathering:
        return Gathering(
            self._scope.layouts,
            self._staging,
            self._client,
            self.meter,
            self.wishes.jobs,
            self._told,
            self._scope.privacy.hides,
            self._memory.answers,
            self._result.errors,
        )

    def _forget_published(self) -> None:
        """Drop what the run before has staged, where that is of no use any more."""
        runs = self._published.settings.get("runs", "").split()
        for family in self._scope.families:
            places = self._staging.places(family.name).values()
            old = all(place.how == CHANGES and place.complete for place in places)
            # What changed costs little, and more may have changed since.
            if old or any(place.run in runs for place in places):
                self._staging.drop(family.name, family.tables)

    def _age(self, family: Family) -> str:
        """When a family was brought, "" for never; a run may end before the last."""
        found = (self._published.synced.get(name) for name in family.tables)
        return min((row.as_of or "" if row else "") for row in found)

    def _read_children(self, family: Family, gathering: Gathering) -> None:
        """Read what is listed only by parents, once these are in the new version."""
        result = self._result
        above = next(f for f in self._scope.families if family.parent in f.tables)
        if above.name not in result.taken and above.name not in result.same:
            result.errors[family.name] = OperationalError(
                f"{family.name} is asked for by the rows of {family.parent}, which "
                "could not be read."
            )
            return
        database, schema = self._staging.database, building.SCHEMA
        if above.name not in result.taken:
            database, schema = self._published.database, published.SCHEMA
        step = family.steps[0]
        keys = parents(database, schema, self._tables, step)
        gathering.run([self._scope.wanted(family, keys)])

    # Writing

    def _take(self, families: Sequence[Family]) -> None:
        """Bring what was staged of families into the new version, if all is there.

        With `only_changes` none is made if nothing has changed.
        """
        read = {family.name: self._read(family) for family in families}
        found = [family for family in families if read[family.name]]
        if self._building is None:
            if not any(self._differs(f, read[f.name]) for f in found):
                self._result.same |= {f.name: read[f.name] for f in found}
                return
            self._building = Building(self._staging, self._scope.layouts)
        for family in found:
            self._bring(family, read[family.name], self._building)

    def _read(self, family: Family) -> dict[str, Place]:
        """The places of a family that was read to its end, else nothing."""
        places = self._staging.places(family.name)
        is_read = all(place.complete for place in places.values())
        return places if is_read and family.name not in self._result.errors else {}

    def _differs(self, family: Family, places: Mapping[str, Place]) -> bool:
        """Whether the file has to be written for a family."""
        scope = self._scope
        before = [self._published.synced.get(name) for name in family.tables]
        if not self.wishes.only_changes or scope.has_changed(family):
            return True
        if scope.is_due(family) or any(row is None or row.error for row in before):
            return True
        if all(place.known for place in places.values()):
            return False
        database, schema = self._published.database, self._staging.schema
        comparison = Comparison(database, schema, scope.layouts)
        return comparison.differs(family, _whole(family, places))

    def _bring(
        self, family: Family, places: Mapping[str, Place], building: Building
    ) -> None:
        scope, whole = self._scope, _whole(family, places)
        if all(place.known for place in places.values()):
            self._result.taken[family.name] = places
            return
        for shelf in family.shelves:
            known = shelf in self._published.tables and scope.layouts[shelf].key
            if shelf not in whole or not known:
                continue
            missing, rows = building.merging.missing(shelf)
            many = missing > max(_FEW, rows / 2) and shelf not in DELETED
            if many and not self.wishes.accept_deletions:
                self._result.errors[family.name] = OperationalError(
                    f"{missing:,} of the {rows:,} rows of {shelf} are not in "
                    "Pipedrive's list any more. That may be a right that was lost, so "
                    "the table stays as it was. If they are deleted: "
                    "--accept-deletions."
                )
                return
        building.evolve((scope.evolutions[n] for n in family.tables), scope.started)
        building.merging.apply(family, whole, scope.started)
        self._result.taken[family.name] = places

    def _finish(self, building: Building) -> None:
        """Write down how it came here, and close the new version."""
        scope, records, taken = self._scope, building.records, self._result.taken
        records.save_synced(self._result.synced(building.count))
        records.save_fields(self._fields)
        runs = {p.run for places in taken.values() for p in places.values()}
        records.save_settings({**scope.settings, "runs": " ".join(sorted(runs))})
        new = {name for f in scope.families if f.name in taken for name in f.tables}
        there = {name: scope.layouts[name] for name in new}
        for name in self._published.tables:
            if name in self._tables and name not in new:
                evolution = scope.evolution(name)
                if not evolution.changes:
                    there[name] = evolution.layout
        ordered = {name: there[name] for name in self._tables if name in there}
        building.finish(ordered, pack=scope.anew)


def _whole(family: Family, places: Mapping[str, Place]) -> set[str]:
    """The tables whose rows are all staged."""
    return {
        brought.table
        for step in family.steps
        for brought in step.brings
        if places[step.name].how == WHOLE and not places[step.name].known
    }
