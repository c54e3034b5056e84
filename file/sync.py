"""Bringing a file up to date: read, build the next version, publish it.

Nothing that readers see changes before the last step, and what was read stays staged
until then: a run may end at any moment, and the next one goes on from there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self
from uuid import uuid4

from ..catalog.fields import Field
from ..catalog.table import Table
from ..client.transport import Client
from ..client.usage import Meter
from ..errors import Error, NotThere, OperationalError, Refused
from ..store.answers import Key
from .building import Building
from .choice import chosen
from .evolution import Evolution, evolution
from .families import CHANGED, DELETED, Family, Step, counting, families
from .gathering import CHANGES, WHOLE, Gathering, Wanted
from .identity import check_identity, identity
from .layout import layout, remember, stored
from .plan import planned
from .privacy import Privacy, rules
from .published import Published
from .publishing import check_target, publish
from .records import Synced
from .staging import Place, Staging
from .wishes import Outcome, Planned, Report, Wishes

# What changed a moment before a run began may not have been in its lists yet, and
# two rows may have changed in the same second.
OVERLAP = timedelta(minutes=2)
FORM = "%Y-%m-%d %H:%M:%S"
_FEW = 20  # rows that may go at once, however many there were

Told = Callable[[Place], None]
Places = dict[str, Place]


class Sync:
    """One run over one file; it holds the file's lock until it is closed.

    `tables` are the account's, with its own fields, which are `fields` by entity and
    were read a moment ago. `told` hears of each page.
    """

    def __init__(
        self,
        client: Client,
        tables: Mapping[str, Table],
        fields: Mapping[str, Sequence[Field]],
        target: Path,
        wishes: Wishes,
        told: Told = lambda place: None,
    ) -> None:
        check_target(target)
        self.target = target
        self.wishes = wishes
        self.meter = Meter(0, f"sync {target.name}", wishes.max_tokens, client.log)
        self._client = client
        self._tables = tables
        self._fields = fields
        self._told = told
        self._began = perf_counter()
        self._run = uuid4().hex
        self._started = client.now().strftime(FORM)
        self._done: dict[str, Places] = {}
        self._errors: dict[str, Error] = {}
        self._rows: dict[str, int] = {}
        with contextlib.ExitStack() as opened:
            self._staging = opened.enter_context(Staging(target, wishes.wait))
            self._published = Published(target)
            opened.callback(self._published.close)
            self._settings = self._settled()
            self._choose()
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

    def plan(self) -> list[Planned]:
        """What the run would do, and its price. Nothing more is asked for it."""
        return [planned(self._wanted(f), self._published) for f in self._families]

    def run(self) -> Report:
        """Bring the file up to date as far as Pipedrive lets; the report tells how far.

        Raises OperationalError where nothing can be written. Whatever ends it, the next
        run goes on from the last page.
        """
        gathering = self._gathering()
        lists = [family for family in self._families if not family.parent]
        self._forget_published()
        oldest_first = sorted(lists, key=self._age)
        gathering.run([self._wanted(family) for family in oldest_first])
        with contextlib.ExitStack() as opened:
            if any(self._is_read(family) for family in self._families):
                building = Building(self._staging, self._layouts)
                opened.callback(building.close)
                for family in lists:
                    self._take(family, building)
                for family in self._families:
                    if family.parent:
                        self._read_children(family, gathering, building)
                        self._take(family, building)
                if self._done:
                    self._finish(building)
                    publish(building.path, self.target, in_place=self.wishes.in_place)
        for family in self._families:
            if family.name in self._done:
                self._staging.drop(family.name, family.tables)
        return self._report()

    def close(self) -> None:
        """Let go of the file."""
        self._opened.close()

    # What is wanted

    def _settled(self) -> dict[str, str]:
        """Whose file it is, and what is left out: as wished, else as it was."""
        before = self._published.settings
        who = identity(self._tables, self._client, self.meter)
        check_identity(self.target, before, who)
        wished = self.wishes.privacy
        told = (
            before.get("privacy", "") if wished is None else ",".join(map(str, wished))
        )
        key = self.wishes.hash_key
        self._privacy = Privacy(rules(told), self._tables, key)
        since = self.wishes.since
        since = before.get("since", "") if since is None else since
        mark = self._privacy.mark
        return {**who, "since": since, "privacy": told, "privacy_mark": mark}

    def _choose(self) -> None:
        """The tables, their columns, and what has become of these."""
        wishes, published = self.wishes, self._published
        kept = ("since", "privacy", "privacy_mark")
        before = [published.settings.get(name, "") for name in kept]
        self._anew = before != [self._settings[name] for name in kept]
        wanted = wishes.tables
        if self._anew and published.exists:
            # What is left out now shall be left out everywhere.
            wanted = (*wanted, *published.tables)
        tried = list(published.synced)  # also those that were not read to their end
        names = chosen(self._tables, wanted, wishes.exclude, tried)
        self._families = families(self._tables, names)
        self._evolutions = {
            name: self._evolution(name) for f in self._families for name in f.tables
        }
        self._layouts = {name: e.layout for name, e in self._evolutions.items()}

    def _evolution(self, name: str) -> Evolution:
        full = layout(self._tables[name])
        roles = {stored(column).role for column in full.columns}
        wanted = layout(self._tables[name], self._privacy.dropped(name))
        before = self._published.columns.get(name)
        for column in wanted.columns:
            remember(column, before or ())
        if before is None:
            return Evolution(wanted, (), (), whole=True)
        return evolution(before, wanted, roles, self._started)

    def _wanted(self, family: Family, parents: Sequence[Key] = ()) -> Wanted:
        """Whether a family is read whole, or what changed since the run before."""
        base = self._settings["since"] or None
        whole = self._anew or self._is_due(family)
        how: dict[str, tuple[str, str | None]] = {}
        for step in family.steps:
            since = None if whole else self._since(step)
            how[step.name] = (CHANGES, since) if since else (WHOLE, base)
        return Wanted(family, self._run, self._started, how, parents)

    def _is_due(self, family: Family) -> bool:
        """Whether all rows of a family have to be read."""
        for name in family.tables:
            row = self._published.synced.get(name)
            if row is None or not row.complete or self._evolutions[name].whole:
                return True
            if self.wishes.sweep is not None and row.swept is not None:
                age = _moment(self._started) - _moment(row.swept)
                if age >= self.wishes.sweep:
                    return True
        return False

    def _since(self, step: Step) -> str | None:
        """From when on changes are asked for; None where all rows cost no more."""
        name = step.brings[0].table
        row = self._published.synced[name]
        latest = self._published.latest(name, CHANGED)
        few = row.rows <= step.endpoint.page or not step.endpoint.page
        if few or not step.is_dated or latest is None or row.as_of is None:
            return None
        return (_moment(min(row.as_of, latest)) - OVERLAP).strftime(FORM)

    # What is done

    def _gathering(self) -> Gathering:
        return Gathering(
            self._layouts,
            self._staging,
            self._client,
            self.meter,
            self.wishes.jobs,
            self._told,
            self._privacy.hides,
            self._errors,
        )

    def _forget_published(self) -> None:
        """Drop what the run before has staged, where that is of no use any more."""
        published = self._published.settings.get("runs", "").split()
        for family in self._families:
            places = self._staging.places(family.name).values()
            old = all(place.how == CHANGES and place.complete for place in places)
            # What changed costs little, and more may have changed since.
            if old or any(place.run in published for place in places):
                self._staging.drop(family.name, family.tables)

    def _age(self, family: Family) -> str:
        """When a family was brought, "" for never; a run may end before the last."""
        found = (self._published.synced.get(name) for name in family.tables)
        return min((row.as_of or "" if row else "") for row in found)

    def _is_read(self, family: Family) -> bool:
        places = self._staging.places(family.name).values()
        return bool(places) and all(place.complete for place in places)

    def _read_children(
        self, family: Family, gathering: Gathering, building: Building
    ) -> None:
        """Read what is listed only by parents, once these are in the new version."""
        parent = next(f for f in self._families if family.parent in f.tables)
        if parent.name not in self._done:
            self._errors[family.name] = OperationalError(
                f"{family.name} is asked for by the rows of {family.parent}, which "
                "could not be read."
            )
            return
        counted = counting(self._tables, family.steps[0])
        parents = building.keys(family.parent, counted)
        gathering.run([self._wanted(family, parents)])

    def _take(self, family: Family, building: Building) -> None:
        """Bring what was staged of a family into the new version, if all is there."""
        if family.name in self._errors or not self._is_read(family):
            return
        places = self._staging.places(family.name)
        whole = {
            brought.table
            for step in family.steps
            for brought in step.brings
            if places[step.name].how == WHOLE
        }
        for shelf in family.shelves:
            known = shelf in self._published.tables and self._layouts[shelf].key
            if shelf not in whole or not known:
                continue
            missing, rows = building.missing(shelf)
            many = missing > max(_FEW, rows / 2) and shelf not in DELETED
            if many and not self.wishes.accept_deletions:
                self._errors[family.name] = OperationalError(
                    f"{missing:,} of the {rows:,} rows of {shelf} are not in "
                    "Pipedrive's list any more. That may be a right that was lost, so "
                    "the table stays as it was. If they are deleted: "
                    "--accept-deletions."
                )
                return
        building.evolve((self._evolutions[n] for n in family.tables), self._started)
        building.apply(family, whole, self._started)
        self._done[family.name] = places

    def _finish(self, building: Building) -> None:
        """Write down how it came here, and close the new version."""
        records, before = building.records, self._published.synced
        rows: list[Synced] = []
        for family in self._families:
            places = self._done.get(family.name)
            for name in family.tables:
                known = before.get(name, Synced(name))
                if places is None:
                    error = str(self._error(family))
                    rows.append(replace(known, error=error, tried=self._started))
                    continue
                step = next(
                    s for s in family.steps if name in [b.table for b in s.brings]
                )
                how = places[step.name].how
                rows.append(
                    Synced(
                        name,
                        min(place.started for place in places.values()),
                        building.count(name),
                        1,
                        how,
                        sum(place.tokens for place in places.values()),
                        round(sum(place.seconds for place in places.values()), 3),
                        None,
                        self._started,
                        places[step.name].started if how == WHOLE else known.swept,
                    )
                )
        self._rows = {row.table: row.rows for row in rows}
        records.save_synced(rows)
        records.save_fields(self._fields)
        runs = {p.run for places in self._done.values() for p in places.values()}
        records.save_settings({**self._settings, "runs": " ".join(sorted(runs))})
        taken = {
            name for f in self._families if f.name in self._done for name in f.tables
        }
        others = {
            name: self._evolution(name)
            for name in self._published.tables
            if name in self._tables and name not in taken
        }
        there = {n: e.layout for n, e in others.items() if not e.changes}
        there |= {name: self._layouts[name] for name in taken}
        ordered = {name: there[name] for name in self._tables if name in there}
        building.finish(ordered, pack=self._anew)

    def _error(self, family: Family) -> Error:
        return self._errors.get(family.name) or OperationalError(
            "The run ended before this was read; the next one goes on from there."
        )

    def _report(self) -> Report:
        outcomes: list[Outcome] = []
        for family in self._families:
            for name in family.tables:
                known = self._published.synced.get(name)
                places = self._done.get(family.name)
                error = None if places else self._error(family)
                absent = isinstance(error, Refused | NotThere) and error.status != 401
                asked = name in self.wishes.tables
                outcomes.append(
                    Outcome(
                        name,
                        self._wanted(family).word,
                        self._rows.get(name, known.rows if known else 0),
                        error,
                        absent and not asked and not (known and known.complete),
                    )
                )
        usage = self.meter.usage
        return Report(
            tuple(outcomes),
            usage.requests,
            usage.tokens,
            perf_counter() - self._began,
            bool(self._done),
            sum(
                len(self._evolutions[name].changes)
                for family in self._families
                if family.name in self._done
                for name in family.tables
            ),
        )


def _moment(text: str) -> datetime:
    """A time as the file has it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
