"""Families come into the next version of a file, and it takes the file's place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..catalog.fields import Field
from ..errors import InternalError, OperationalError
from .building import Building
from .comparison import Comparison
from .families import DELETED, Family
from .gathering import WHOLE
from .publishing import publish
from .result import Result
from .scope import Scope
from .staging import Place, Staging

_FEW = 20  # rows that may go at once, however many there were
_VERY_FEW = 3  # rows that may all go at once


class Taking:
    """Makes the next version if there is something to be written.

    `result` hears of what was taken; `fields` are the account's by entity.
    """

    def __init__(
        self,
        scope: Scope,
        staging: Staging,
        result: Result,
        fields: Mapping[str, Sequence[Field]],
    ) -> None:
        self._scope = scope
        self._staging = staging
        self._result = result
        self._fields = fields
        self._building: Building | None = None

    def take(self, families: Sequence[Family]) -> None:
        """Bring what was staged of families into the new version, if all is there.

        With `only_changes` none is made if nothing has changed.
        """
        read = {family.name: self._read(family) for family in families}
        found = [family for family in families if read[family.name]]
        if self._building is None:
            if not any(self._differs(f, read[f.name]) for f in found):
                self._result.same |= {f.name: read[f.name] for f in found}
                return
            since = self._scope.settings["since"]
            self._building = Building(self._staging, self._scope.layouts, since)
        for family in found:
            self._bring(family, read[family.name], self._building)

    def publish(self) -> None:
        """Put the next version in the file's place, if there is one."""
        if self._scope.anew:
            self._wait_for_all()
        if self._building is None or not self._result.taken:
            return
        self._finish(self._building)
        self._scope.published.close()
        path, target = self._building.path, self._staging.target
        publish(path, target, in_place=self._scope.in_place)

    def close(self) -> None:
        """Let go of what is not published."""
        if self._building is not None:
            self._building.close()

    def _wait_for_all(self) -> None:
        """Take nothing if a table stays that has what is left out from now on."""
        scope, result = self._scope, self._result
        old = [f for f in scope.families if f.name not in result.taken]
        old = [f for f in old if set(f.tables) & set(scope.published.tables)]
        if not old:
            return
        for name in result.taken:
            result.errors[name] = OperationalError(
                "What is left out of the file changes in all tables at once, and "
                f"{old[0].name} could not be read. Run again: this is staged."
            )
        result.taken.clear()

    def _read(self, family: Family) -> dict[str, Place]:
        """The places of a family that was read to its end, else nothing."""
        places = self._staging.places(family.name)
        is_read = all(place.complete for place in places.values())
        return places if is_read and family.name not in self._result.errors else {}

    def _differs(self, family: Family, places: Mapping[str, Place]) -> bool:
        """Whether the file has to be written for a family."""
        scope = self._scope
        before = [self._scope.published.synced.get(name) for name in family.tables]
        if not self._scope.wishes.only_changes or scope.has_changed(family):
            return True
        if scope.is_due(family) or any(row is None or row.error for row in before):
            return True
        if all(place.known for place in places.values()):
            return False
        database, schema = self._scope.published.database, self._staging.schema
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
            known = shelf in self._scope.published.tables and scope.layouts[shelf].key
            if shelf not in whole or not known:
                continue
            missing, rows = building.merging.missing(shelf, family.shelves)
            many = missing > max(_FEW, rows / 2) or missing == rows > _VERY_FEW
            accepted = scope.wishes.accept_deletions or shelf in DELETED
            if many and not accepted:
                self._result.errors[family.name] = OperationalError(
                    f"{missing:,} of the {rows:,} rows of {shelf} are not in "
                    "Pipedrive's list any more. That may be a right that was lost, so "
                    "the table stays as it was. If they are deleted: "
                    "--accept-deletions."
                )
                return
        building.evolve((scope.evolutions[n] for n in family.tables), scope.started)
        building.merging.apply(family, whole, scope.started)
        for name in whole:
            staged, written = self._staging.count(name), building.count(name)
            if staged != written:
                raise InternalError(
                    f"{staged:,} rows of {name} were read, and {written:,} would be "
                    "written. This is a fault of this program: please report it. The "
                    "file stays as it was."
                )
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
        for name in self._scope.published.tables:
            if name in self._scope.tables and name not in new:
                evolution = scope.evolution(name)
                if not evolution.changes:
                    there[name] = evolution.layout
        ordered = {name: there[name] for name in self._scope.tables if name in there}
        building.finish(ordered, pack=scope.anew)


def _whole(family: Family, places: Mapping[str, Place]) -> set[str]:
    """The tables whose rows are all staged."""
    return {
        brought.table
        for step in family.steps
        for brought in step.brings
        if places[step.name].how == WHOLE and not places[step.name].known
    }
