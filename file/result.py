"""What became of the families of a run, as `_sync` and its report tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from ..errors import Error, NotThere, OperationalError, Refused
from .families import Family
from .gathering import WHOLE
from .records import Synced
from .scope import Scope
from .staging import Place
from .wishes import Outcome

Places = Mapping[str, Place]


class Result:
    """`taken` are the families that the new version has as they were read, and `same`
    those that were read and hold what the file has; both with their places by step.
    `errors` has why others could not be read.
    """

    def __init__(self, scope: Scope) -> None:
        self.taken: dict[str, Places] = {}
        self.same: dict[str, Places] = {}
        self.errors: dict[str, Error] = {}
        self._scope = scope
        self._rows: dict[str, int] = {}

    @property
    def changes(self) -> int:
        """What became of columns."""
        return sum(
            len(self._scope.evolutions[name].changes)
            for family in self._scope.families
            if family.name in self.taken
            for name in family.tables
        )

    def synced(self, count: Callable[[str], int]) -> list[Synced]:
        """The rows of `_sync` for the new version; `count` counts those of a table."""
        found = list(self._synced(count))
        self._rows = {row.table: row.rows for row in found}
        return found

    def outcomes(self) -> Iterator[Outcome]:
        """What became of each table."""
        for family in self._scope.families:
            places = self.taken.get(family.name) or self.same.get(family.name)
            error = None if places else self._error(family)
            for name in family.tables:
                known = self._scope.published.synced.get(name, Synced(name))
                absent = isinstance(error, Refused | NotThere) and error.status != 401
                asked = name in self._scope.wishes.tables
                yield Outcome(
                    name,
                    self._scope.wanted(family).word,
                    self._rows.get(name, known.rows),
                    error,
                    absent and not asked and not known.complete,
                    _as_of(places) if places else known.as_of,
                    family.name in self.taken,
                )

    def _synced(self, count: Callable[[str], int]) -> Iterator[Synced]:
        tried = self._scope.started
        for family in self._scope.families:
            places = self.taken.get(family.name)
            for name in family.tables:
                known = self._scope.published.synced.get(name, Synced(name))
                if places is None:
                    why = None if family.name in self.same else str(self._error(family))
                    yield replace(known, error=why, tried=tried)
                    continue
                place = places[_step_of(family, name)]
                yield Synced(
                    name,
                    _as_of(places),
                    count(name),
                    1,
                    place.how,
                    sum(one.tokens for one in places.values()),
                    round(sum(one.seconds for one in places.values()), 3),
                    None,
                    tried,
                    place.started if place.how == WHOLE else known.swept,
                )

    def _error(self, family: Family) -> Error:
        return self.errors.get(family.name) or OperationalError(
            "The run ended before this was read; the next one goes on from there."
        )


def _as_of(places: Places) -> str:
    return min(place.started for place in places.values())


def _step_of(family: Family, table: str) -> str:
    """The list that brings the table."""
    return next(
        step.name
        for step in family.steps
        if table in [brought.table for brought in step.brings]
    )
