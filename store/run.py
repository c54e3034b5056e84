"""One statement being run: what it may use, what it has used, who reads along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, Protocol

import apsw

from ..catalog.rows import Row
from ..catalog.table import Brought, Column, Table
from ..client.usage import Meter
from ..planner.plan import Plan
from ..planner.request import Request
from ..planner.selection import Selection, select
from ..planner.statement import Statement
from .answers import Answer, Answers
from .chain import AT_ONCE
from .partition import windows
from .rehearsal import Rehearsal, Role, Stopped, Unpaid
from .saving import Saving
from .statistics import Count, Statistics
from .tally import Tally

_SEARCHES = "searches"  # no table has this name

if TYPE_CHECKING:
    from .demand import Demand


class OpenScan(Protocol):
    """A scan in progress, whose page in hand shows which keys come next."""

    table: Table
    columns: tuple[Column, ...]
    page: Sequence[Row]
    position: int
    passed: int  # rows of earlier pages


@dataclass(slots=True, eq=False, weakref_slot=True)
class Run:
    """One statement on one account.

    `oldest` is the moment (monotonic seconds) before which nothing kept is used.
    `counts` are rows of tables as far as they are known. `eager` says that all its rows
    are wanted. `repeat` runs the statement once more, for another Run, where that
    changes nothing; such a run is a `rehearsal`.
    `beside` are the runs of the same statement on other accounts; see `together`.
    """

    answers: Answers
    tables: Mapping[str, Table]
    counts: Statistics
    statement: Statement
    meter: Meter
    cache_ttl: float
    saving: Saving | None = None
    scans: list[OpenScan] = field(default_factory=list)
    oldest: float = 0.0
    repeat: Callable[[Run], None] | None = None
    rehearsal: Rehearsal | None = None
    eager: bool = False
    beside: tuple[Run, ...] = ()
    demands: dict[Role, Demand] = field(default_factory=dict)
    _selections: dict[str, Selection] = field(default_factory=dict)
    _pinned: dict[int, Answer] = field(default_factory=dict)
    _roles: Counter[tuple[str, str, tuple[str, ...]]] = field(default_factory=Counter)
    _planned: Mapping[str, Count] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.oldest = monotonic() - self.cache_ttl
        self._planned = self.counts.moment

    def on(self, answers: Answers) -> Run:
        """The same statement on the account whose answers these are."""
        return next(r for r in (self, *self.beside) if r.answers is answers)

    def source(self, table: Table) -> Table:
        """The table whose rows hold this table's."""
        return self.tables[table.source] if table.source else table

    def selection(self, table: Table) -> Selection:
        """The fields that any part of the statement wants of the table's source."""
        source = self.source(table)
        if source.name not in self._selections:
            self._selections[source.name] = select(source, self._wanted(source))
        return self._selections[source.name]

    def answer(
        self,
        table: Table,
        request: Request,
        rows: int | None = None,
        *,
        parted: bool = False,
    ) -> Answer:
        """The answer to a list request: one at hand if it will do, else a new one.

        `rows` are enough for sure, where that is known. `parted` lets a long list be
        read in parts side by side, in no order.
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
        parts = self.parts(table, request) if parted and limit == whole else []
        new = self.answers.open(name, request, self.selection(table), limit, parts)
        plain = request.filters <= set(request.endpoint.fixed) and limit == whole
        if plain and "{" not in request.endpoint.path and self.counts.is_due(name):
            new.tally = Tally(self.source(table), request.endpoint)
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
            scan is not besides
            and scan.table.schema == table.schema
            and self.source(scan.table).name == source
            for scan in self.scans
        )

    def follows(self, scan: OpenScan | None) -> bool:
        """Whether the scan is inside of another, which stands at one of its rows."""
        return scan is not None and any(o is not scan and o.page for o in self.scans)

    def begun(self, table: Table, request: Request) -> bool:
        """Whether the statement has read a page of this list."""
        found = self.answers.lists(self.source(table).name, request)
        return any(id(answer) in self._pinned and answer.pages for answer in found)

    def role(self, table: Table, plan: Plan, columns: Iterable[Column]) -> Role:
        """A name for a scan that starts, the same in each rehearsal."""
        like = (table.full_name, str(plan), tuple(column.name for column in columns))
        self._roles[like] += 1
        return (*like, self._roles[like])

    def rehearse(self, role: Role, enough: float) -> Rehearsal | None:
        """Run the statement ahead, to see what a scan will ask for; see Rehearsal.

        None where it cannot be run twice.
        """
        if self.repeat is None or self.rehearsal is not None:
            return None
        found = Rehearsal(role, enough, self.meter)
        unpaid = Unpaid(self.meter.number, self.meter.text)
        runs = [self, *self.beside]
        copies = [replace(run, meter=unpaid, rehearsal=found) for run in runs]
        for copy, run in zip(copies, runs, strict=True):
            copy.oldest = run.oldest
        cause = self.meter.cause
        try:
            with ExitStack() as stack:
                for run in runs:
                    stack.enter_context(run.counts.as_of(run._planned))
                self.repeat(together(copies))
            found.ended = True
        except (Stopped, apsw.Error):
            # If it is a fault of the statement, its own run comes to it, too.
            found.ended = False
        finally:
            self.meter.cause = cause
        return found

    @property
    def runs_through(self) -> bool:
        """Whether all rows of its tables are going to be read for sure."""
        statement = self.statement
        return statement.thorough and (self.eager or statement.gathers)

    def appetite(self, taken: int) -> int:
        """How many requests may be under way beside the next one, where more are to
        come and so many were taken: not many are sent for nothing.
        """
        if self.rehearsal is not None or not self.statement.thorough:
            return 0
        return AT_ONCE if self.runs_through else min(taken // 3, AT_ONCE)

    def at_once(self, taken: int, price: int) -> int:
        """How many requests of this price may be sent side by side, at least one; they
        are for what is sure to be asked for, and so many were taken.
        """
        most = min(1 + self.appetite(taken), AT_ONCE)
        return next((n for n in range(most, 1, -1) if self.meter.affords(n * price)), 1)

    def paying(self, answer: Answer) -> Meter:
        """Who pays for the next page of a list."""
        if self.rehearsal is None:
            return self.meter
        begun = id(answer) in self._pinned and answer.pages
        if not begun or not self.rehearsal.reads_on:
            return self.meter
        payer = self.rehearsal.payer
        payer.cause = self.meter.cause
        return payer

    def usable(self, table: Table, request: Request | None = None) -> Sequence[Answer]:
        """The answers for the table, or to one request, that the statement may use."""
        wanted = self.selection(table)
        return [
            answer
            for answer in self.answers.lists(self.source(table).name, request)
            if (answer.born >= self.oldest or id(answer) in self._pinned)
            and answer.selection.covers(wanted)
        ]

    def parts(self, table: Table, request: Request) -> list[Request]:
        """The windows of a list that is known to be long."""
        name = self.source(table).name
        tokens = self.counts.expected(name, request)
        moments = self.counts.moments_of(name)
        if tokens is None or moments is None or self.rehearsal is not None:
            return []
        pages = min(tokens / request.price, moments.pages)
        return windows(request, moments.times, pages)

    def _share(self, others: Sequence[Run], other: Run) -> None:
        self.beside = tuple(run for run in others if run is not self)
        self.scans, self.demands = other.scans, other.demands
        self._roles = other._roles

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


def together(runs: Sequence[Run]) -> Run:
    """Make these one statement that nothing is read for yet; the first of them.

    What scans know of each other is theirs together.
    """
    first = runs[0]
    first.scans, first.demands, first._roles = [], {}, Counter()
    for run in runs:
        run._share(runs, first)
    return first
