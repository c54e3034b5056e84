"""What the company was a while ago, which is what the searches see of it."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from .collection import Key, Row

if TYPE_CHECKING:
    from .company import Company
    from .fields import Field
    from .switches import Switches

LONGEST = 3600.0  # seconds that are remembered


@dataclass(frozen=True, slots=True)
class Change:
    """`before` is the row as it was; None: there was none."""

    moment: float
    collection: str
    key: Key
    before: Row | None


class Past:
    """The changes of the last hour, each with what was there before."""

    def __init__(self) -> None:
        self.count = 0
        """How many changes there have been, those of fields included."""
        self._changes: deque[Change] = deque()

    def note(self, collection: str, key: Key, before: Row | None) -> None:
        """To be called when a row is about to change."""
        self.count += 1
        now = time.monotonic()
        self._changes.append(Change(now, collection, key, before))
        while self._changes[0].moment < now - LONGEST:
            self._changes.popleft()

    def since(self, seconds: float) -> Mapping[str, dict[Key, Row | None]]:
        """The rows that have changed in these seconds, as they were before."""
        oldest = time.monotonic() - seconds
        found: defaultdict[str, dict[Key, Row | None]] = defaultdict(dict)
        for change in reversed(list(self._changes)):
            if change.moment < oldest:
                break
            found[change.collection][change.key] = change.before
        return found


class Rows(Protocol):
    """What a search asks of a collection."""

    def get(self, key: Key | None) -> Row | None: ...

    def on(self, *shelves: str) -> Iterator[Row]: ...

    def children(self, column: str, value: Any) -> Iterable[Row]: ...

    def line(self, row: Row, make: Callable[[Row], bytes]) -> bytes: ...

    def shelf(self, row: Row) -> str: ...


@dataclass(frozen=True, slots=True)
class Earlier:
    """A collection in which some rows are as they were, or are not there yet."""

    today: Rows
    before: Mapping[Key, Row | None]

    def get(self, key: Key | None) -> Row | None:
        return self.before[key] if key in self.before else self.today.get(key)

    def on(self, *shelves: str) -> Iterator[Row]:
        yield from self._and(
            self.today.on(*shelves), lambda row: self.shelf(row) in shelves
        )

    def children(self, column: str, value: Any) -> Iterator[Row]:
        yield from self._and(
            self.today.children(column, value), lambda row: row[column] == value
        )

    def line(self, row: Row, make: Callable[[Row], bytes]) -> bytes:
        return make(row) if row["id"] in self.before else self.today.line(row, make)

    def shelf(self, row: Row) -> str:
        return self.today.shelf(row)

    def _and(self, rows: Iterable[Row], wanted: Callable[[Row], bool]) -> Iterator[Row]:
        """Those of `rows` that are still the same, then the wanted earlier ones."""
        yield from (row for row in rows if row["id"] not in self.before)
        yield from (row for row in self.before.values() if row and wanted(row))


class View:
    """The rows of a company as they were `lag` seconds ago; its fields of today."""

    def __init__(self, company: Company, switches: Switches, lag: float) -> None:
        self.company = company
        self.switches = switches
        self._before = company.past.since(lag) if lag > 0 else {}

    def __getitem__(self, name: str) -> Rows:
        rows = self.company[name]
        before = self._before.get(name)
        return Earlier(rows, before) if before else rows

    def custom(self, entity: str) -> dict[str, Field]:
        """The custom fields of an entity, by code."""
        return self.company.custom(entity)
