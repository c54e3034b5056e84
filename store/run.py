"""One statement being run: what it may use, what it has used, who reads along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from ..catalog.rows import Row
from ..catalog.table import Brought, Column, Table
from ..client.usage import Meter
from ..planner.request import Request
from ..planner.selection import Selection, select
from ..planner.statement import Statement
from .answers import Answer, Answers
from .statistics import Statistics


_SEARCHES = "searches"  # no table has this name


class OpenScan(Protocol):
    """A scan in progress, whose page in hand shows which keys come next."""

    table: Table
    columns: tuple[Column, ...]
    page: Sequence[Row]
    position: int
    passed: int  # rows of earlier pages


@dataclass(slots=True, eq=False, weakref_slot=True)
class Run:
    """One statement on one connection.

    `oldest` is the moment (monotonic seconds) before which nothing kept is used.
    `counts` are rows of tables as far as they are known.
    """

    answers: Answers
    tables: Mapping[str, Table]
    counts: Statistics
    statement: Statement
    meter: Meter
    cache_ttl: float
    scans: list[OpenScan] = field(default_factory=list)
    oldest: float = 0.0
    _selections: dict[str, Selection] = field(default_factory=dict)
    _pinned: dict[int, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.oldest = monotonic() - self.cache_ttl

    def source(self, table: Table) -> Table:
        """The table whose rows hold this table's."""
        return self.tables[table.source] if table.source else table

    def selection(self, table: Table) -> Selection:
        """The fields that any part of the statement wants of the table's source."""
        source = self.source(table)
        if source.name not in self._selections:
            self._selections[source.name] = select(source, self._wanted(source))
        return self._selections[source.name]

    def answer(self, table: Table, request: Request, rows: int | None = None) -> Answer:
        """The answer to a list request: one at hand if it will do, else a new one.

        `rows` are enough for sure, where that is known.
        """
        name = self.source(table).name
        found = self.usable(table, request)
        whole = request.endpoint.page
        for answer in found:
            if answer.complete or answer.limit == whole:
                return self._pin(answer)
        limit = whole
        if rows is not None and self._once(name):
            limit = min(whole, max(rows, 1))
        new = self.answers.open(name, request, self.selection(table), limit)
        return self._pin(new)

    def complete(self, table: Table, request: Request) -> Answer | None:
        """The answer to a list request, if every page of it is at hand."""
        for answer in self.usable(table, request):
            if answer.complete:
                return self._pin(answer)
        return None

    def hits(self, search: Request) -> Answer:
        """The answer to a search: one at hand, else a new one."""
        for answer in self.answers.lists(_SEARCHES, search):
            if answer.born >= self.oldest or id(answer) in self._pinned:
                return self._pin(answer)
        page = search.endpoint.page
        return self._pin(self.answers.open(_SEARCHES, search, Selection(), page))

    def reads(self, table: Table, request: Request, besides: OpenScan | None) -> bool:
        """Whether another scan of the statement is in the midst of this list.

        What it is going to read anyway costs nothing more, and is the same version.
        """
        found = self.answers.lists(self.source(table).name, request)
        begun = any(id(a) in self._pinned and a.pages for a in found)
        source = self.source(table).name
        return begun and any(
            scan is not besides and self.source(scan.table).name == source
            for scan in self.scans
        )

    def usable(self, table: Table, request: Request | None = None) -> Sequence[Answer]:
        """The answers for the table, or to one request, that the statement may use."""
        wanted = self.selection(table)
        return [
            answer
            for answer in self.answers.lists(self.source(table).name, request)
            if (answer.born >= self.oldest or id(answer) in self._pinned)
            and answer.selection.covers(wanted)
        ]

    def _pin(self, answer: Answer) -> Answer:
        self._pinned[id(answer)] = answer
        return answer

    def _once(self, source: str) -> bool:
        """Whether the statement reads the source at one place only."""
        if not self.statement.readable:
            return False
        counted = self.statement.tables
        family = [t.name for t in self.tables.values() if source in (t.name, t.source)]
        return sum(counted[name] for name in family) == 1

    def _wanted(self, source: Table) -> list[Column]:
        """Columns of the source, and of tables over it, that have to be asked for."""
        wanted = []
        tables = self.statement.tables
        readable = self.statement.readable
        for table in self.tables.values():
            used = not readable or table.name in tables
            if used and table.parent == source.name and table.parent_count:
                wanted.append(source.column(table.parent_count))
            if not used or source.name not in (table.name, table.source):
                continue
            chosen = [c for c in table.columns if c.brought is not Brought.ALWAYS]
            names = [c.name for c in chosen]
            uses = (
                set(names) if not readable else self.statement.uses(table.name, names)
            )
            wanted += [c for c in chosen if c.name in uses]
            if table.each:
                wanted += [c for c in source.columns if c.steps[0] == table.each]
        return wanted
