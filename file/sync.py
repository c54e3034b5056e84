"""Bringing a file up to date: read, build the next version, publish it.

Nothing that readers see changes before the last step, and what was read stays staged
until then: a run may end at any moment, and the next one goes on from there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Self
from uuid import uuid4

from ..catalog.fields import Field
from ..catalog.table import Table
from ..client.transport import Client
from ..client.usage import Meter
from ..errors import OperationalError
from . import building, published
from .disk import disk_of
from .families import Family
from .gathering import CHANGES, Gathering
from .identity import check_identity, identity
from .memory import Memory
from .parents import parents
from .plan import planned
from .published import Published
from .publishing import check_folder, check_target
from .result import Result
from .scope import Scope
from .staging import Place, Staging
from .taking import Taking
from .wishes import Planned, Report, Wishes


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
        self.target = target = target.resolve() if target.is_symlink() else target
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
        # Hears of what children cost, once their parents are read.
        self.foretold: Callable[[Planned], None] = lambda planned: None
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

    def __exit__(self, *error: object) -> None:
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
        with contextlib.closing(
            Taking(scope, self._staging, result, self._fields)
        ) as taking:
            taking.take(lists)
            for family in scope.families:
                if family.parent:
                    self._read_children(family, gathering)
                    taking.take([family])
            taking.publish()
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
            self._scope.left_out,
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
        wanted = self._scope.wanted(family, keys)
        self.foretold(planned(wanted, self._published))
        gathering.run([wanted])
