"""Answers of Pipedrive, kept as they came: lists page by page, rows one by one.

Pages lie in a temporary file, rows in a temporary SQLite database; both move to disk
when they grow.
"""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from time import monotonic
from typing import Any

import apsw
import msgspec

from ..catalog.table import Column
from ..client.pages import Page
from ..client.transport import Client
from ..client.usage import Meter
from ..planner import price
from ..planner.request import Request
from ..planner.selection import Selection
from .chain import Chain, soonest
from .partition import changed_since
from .pile import Pile, Place
from .statistics import Statistics
from .tally import Tally

Key = int | str

_EARLIER = timedelta(seconds=2)  # times are whole seconds, and so is Pipedrive's clock

_SCHEMA = """
CREATE TABLE kept(space INTEGER, key, rows BLOB, born REAL,
    PRIMARY KEY (space, key)) WITHOUT ROWID;
"""

_KEEP = """
INSERT INTO kept VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE
    SET rows = excluded.rows, born = excluded.born WHERE kept.born < ?5
"""


class Answer:
    """The rows of one list request, read page by page as they are asked for.

    `limit` is the rows a page (0: all rows come at once). `born` is when the first
    page was asked for, `complete` whether the last one is here. With `windows`, which
    hold the same rows, these are read side by side: rows are in no order then, and
    those that change meanwhile may come twice.
    """

    def __init__(
        self,
        answers: Answers,
        table: str,
        request: Request,
        selection: Selection,
        limit: int,
        windows: Sequence[Request] = (),
    ) -> None:
        self.table = table
        self.request = request
        self.selection = selection
        self.limit = limit
        self.born = monotonic()
        self.complete = False
        self.pages = 0
        self.rows = 0
        self.tokens = 0
        self.kept_pages = 0  # how many pages were split into kept rows
        self.tally: Tally | None = None  # of a whole list, once a day
        self._answers = answers
        self.windows = len(windows)
        self._places: list[Place] = []  # of its pages
        self._fullest = 0  # rows of a page
        self._chains = [
            Chain(answers.client, one, selection, limit) for one in windows or [request]
        ]
        self._swept = not windows
        weakref.finalize(self, answers.leave, self._places)

    def page(self, number: int, meter: Meter, ahead: int = 0) -> bytes | None:
        """The JSON array of the page, asked for if need be; None behind the last.

        So many of those behind it are asked for at the same time.
        """
        if number < self.pages:
            return self._answers.pile.get(self._places[number])
        if self.complete:
            return None
        return self._next(meter, ahead).rows

    def rest(self) -> None:
        """Take back what was asked for ahead and not sent yet."""
        for chain in self._chains:
            chain.leave()

    def give_up(self) -> None:
        """Wait no longer for what was asked for: it may never come."""
        for chain in self._chains:
            chain.give_up()

    def _next(self, meter: Meter, ahead: int) -> Page:
        left = self._left()
        self._look_ahead(left, meter, ahead)
        found = soonest(left, meter).take(meter)
        self._places.append(self._answers.pile.add(found.rows))
        self.pages += 1
        self.tokens += self.request.price
        self._fullest = max(self._fullest, found.count)
        if not self._swept or not self.windows:
            self.rows += found.count
            if self.tally is not None:
                self.tally.add(found.rows, found.count)
        left = self._left()
        self.complete = not left
        if self.complete:
            self._learn()
        self._look_ahead(left, meter, ahead)
        return found

    def _left(self) -> list[Chain]:
        """What has pages to come."""
        left = [chain for chain in self._chains if not chain.over]
        if left or self._swept:
            return left
        self._swept = True
        began = self._answers.client.now() - timedelta(seconds=monotonic() - self.born)
        sweep = changed_since(self.request, began - _EARLIER)
        chain = Chain(self._answers.client, sweep, self.selection, self.limit)
        self._chains.append(chain)
        return [chain]

    def _look_ahead(self, left: Sequence[Chain], meter: Meter, ahead: int) -> None:
        under_way = sum(chain.under_way for chain in left)
        for chain in left:
            if under_way >= ahead or not meter.affords(self.request.price):
                return
            if not chain.under_way:
                chain.start(meter)
                under_way += 1

    def _learn(self) -> None:
        endpoint, pages = self.request.endpoint, self.pages
        if self.windows:
            pages = price.pages(self.rows, self._fullest)
        elif self.limit != endpoint.page:
            pages = price.pages_of(endpoint, self.rows)
        counts = self._answers.counts
        counts.learn(self.table, self.request, self.rows, pages)
        if self.tally is not None:
            counts.learn_values(self.table, self.tally.values)
            if not self.windows:  # these leave out the rows that have no time
                counts.learn_moments(self.table, self.tally.moments, pages)


class Answers:
    """Where answers lie, and the way to Pipedrive for those not here yet."""

    def __init__(self, client: Client, counts: Statistics) -> None:
        self.client = client
        self.counts = counts
        self.database = apsw.Connection("")
        self.database.execute(_SCHEMA)
        self.pile = Pile()
        self._lists: dict[tuple[str, Request], list[Answer]] = defaultdict(list)
        self._spaces: dict[tuple[str, Selection], int] = {}
        # Requests with a filter made for a moment, by what it says and their order.
        self.filtered: dict[tuple[object, ...], Request] = {}
        # Those in progress: before they end, SQLite drops no table.
        self.lookups: weakref.WeakSet[apsw.Cursor] = weakref.WeakSet()
        # Whether the token's user sees every deal, once that was asked for.
        self.sees_all: bool | None = None
        self._retired: list[str] = []
        self._left: list[list[Place]] = []
        self._numbers = 0

    def number(self) -> int:
        """A number not used before."""
        self._numbers += 1
        return self._numbers

    # Lists

    def lists(self, table: str, request: Request | None = None) -> list[Answer]:
        """The answers for a table's rows, or those to one request."""
        if request is not None:
            return list(self._lists.get((table, request), ()))
        found = [some for (name, _), some in self._lists.items() if name == table]
        return [answer for some in found for answer in some]

    def open(
        self,
        table: str,
        request: Request,
        selection: Selection,
        limit: int,
        windows: Sequence[Request] = (),
    ) -> Answer:
        """A new answer; nothing is sent before its first page is read."""
        answer = Answer(self, table, request, selection, limit, windows)
        self._lists[table, request].append(answer)
        return answer

    def chain(self, request: Request, selection: Selection) -> Chain:
        """The pages of a request whose answer is not kept as a list."""
        limit = 0 if request.endpoint.one else request.endpoint.page
        return Chain(self.client, request, selection, limit)

    def forget(self, before: float) -> None:
        """Let go of everything born before this moment and not in use."""
        for key, answers in list(self._lists.items()):
            fresh = [answer for answer in answers if answer.born >= before]
            if fresh:
                self._lists[key] = fresh
            else:
                del self._lists[key]
        left: list[Place] = []
        while self._left:
            left += self._left.pop()
        self.pile.drop(left)
        with self.database:
            self.database.execute("DELETE FROM kept WHERE born < ?", (before,))
            while self._retired and not self.lookups:
                self.database.execute(self._retired.pop())

    def retire(self, statement: str) -> None:
        """What removes something that nobody can read any more; run at the next sweep.

        Not at once: objects may be collected in the middle of another statement.
        """
        self._retired.append(statement)

    def leave(self, places: list[Place]) -> None:
        """Let go of pages that nobody can read any more, at the next sweep, too."""
        self._left.append(places)

    # Rows by key

    def space(self, table: str, selection: Selection) -> int:
        """The number under which rows of this table and selection are kept."""
        found = self._spaces.get((table, selection))
        if found is None:
            found = self._spaces[table, selection] = self.number()
        return found

    def wider(self, table: str, selection: Selection) -> list[int]:
        """The spaces whose rows have all that the selection wants."""
        return [
            space
            for (name, other), space in self._spaces.items()
            if name == table and other.covers(selection)
        ]

    def kept(self, space: int, key: Key, since: float) -> bytes | None:
        """The key's rows joined by commas; b"" if it has none, None if not known."""
        found = self.database.execute(
            "SELECT rows FROM kept WHERE space = ? AND key = ? AND born >= ?",
            (space, key, since),
        ).get
        assert found is None or isinstance(found, bytes)
        return found

    def keep(
        self,
        space: int,
        rows: Iterable[tuple[Key, bytes]],
        born: float,
        since: float,
    ) -> None:
        """Remember rows by key; those known since then stay as they are."""
        with self.database:
            self.database.executemany(
                _KEEP, ((space, k, v, born, since) for k, v in rows)
            )

    def close(self) -> None:
        """Drop everything."""
        self._lists.clear()
        self.pile.close()
        self.database.close()


_RAW = msgspec.json.Decoder(list[msgspec.Raw])


class Splitter:
    """Splits pages into rows by the value of one column."""

    def __init__(self, column: Column) -> None:
        step = column.steps[-1] if column.steps[0] == "^" else column.steps[0]
        row = msgspec.defstruct("Row", [("key", Any, None)], rename={"key": step})
        self._keys = msgspec.json.Decoder(list[row])  # type: ignore[valid-type]

    def split(self, page: bytes) -> list[tuple[Key, bytes]]:
        """Each row's key and JSON, in the page's order."""
        rows: Sequence[msgspec.Raw] = _RAW.decode(page)
        keys: Sequence[Any] = self._keys.decode(page)
        return [(key.key, bytes(row)) for key, row in zip(keys, rows, strict=True)]
