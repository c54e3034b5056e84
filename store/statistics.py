"""How many rows tables have, learned for free from what statements read to its end.

They decide what a road is expected to cost, never which rows come. In the cache folder
they live on between connections, in a file beside the account's fields:
`{"version": 1, "counts": {"deals": {"rows": 812, "pages": 2, "counted": ...}}}`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil, prod
from pathlib import Path
from typing import Annotated

import msgspec

from ..catalog.table import Endpoint
from ..catalog.values import SQLValue
from ..planner.request import Request
from ..planner.times import since

MAX_AGE = timedelta(days=30)
MAX_AGE_OF_VALUES = timedelta(days=1)

_VERSION = 1  # of the file
_BOOLEANS = {"false": "0", "true": "1"}  # as requests spell them
_ORDER = ("sort_by", "sort_direction", "sort")
_MOST_VALUES = 200  # of a column, the most frequent ones, are remembered
_MOST_TIMES = 100  # of a table are remembered
_MOST_SEEN = 50  # so many answers make an average; later ones still move it


class Count(msgspec.Struct, frozen=True):
    """Rows of a table when they were last counted, and the pages they came in.

    For a narrowed list ("deals?owner_id") both are averages over `seen` answers.
    """

    rows: Annotated[float, msgspec.Meta(ge=0)]
    pages: Annotated[float, msgspec.Meta(ge=0)]
    counted: Annotated[datetime, msgspec.Meta(tz=True)]
    seen: Annotated[int, msgspec.Meta(ge=1)] = 1


class Moments(msgspec.Struct, frozen=True):
    """When rows of a table were changed: times as requests spell them, in order, of
    which about as many rows lie between any two beside each other; none if a row has no
    such time. `pages` is how long the list was.
    """

    times: list[str]
    pages: Annotated[float, msgspec.Meta(ge=0)]
    counted: Annotated[datetime, msgspec.Meta(tz=True)]


class _File(msgspec.Struct):
    version: int
    counts: dict[str, Count]
    moments: dict[str, Moments] = {}


def narrowed(table: str, columns: Collection[str]) -> str:
    """The name of the average for one value of these columns: "deals?owner_id"."""
    return f"{table}?{','.join(sorted(columns))}" if columns else table


def valued(table: str, column: str, value: SQLValue) -> str:
    """The name of the count for this value of a column: "deals?status=won"."""
    return f"{table}?{column}={value}"


def narrowed_by(request: Request) -> list[str] | None:
    """The columns of which the request gives one value; None for windows and unions."""
    given = _given(request)
    if given is None or any("," in value for _, value in given):
        return None
    return [column for column, _ in given]


def _given(request: Request) -> list[tuple[str, str]] | None:
    """Columns, each with what the request gives for it; None for windows."""
    endpoint = request.endpoint
    fixed = dict(endpoint.fixed)
    columns = [(p.column, "") for p in endpoint.parameters if endpoint.in_path(p)]
    for name, value in request.query:
        if name in _ORDER or fixed.get(name) == value:
            continue
        found = [p for p in endpoint.parameters if p.name == name]
        if not found or found[0].operator != "=":
            return None
        columns.append((found[0].column, value))
    return columns if len(columns) == len(dict(columns)) else None


@dataclass(slots=True, eq=False)
class Statistics(Mapping[str, float]):
    """Rows by table, and by table and columns narrowed by: see `narrowed`.

    `file` is where they live on, None for nowhere. What cannot be read or written is
    left out: a count that is missing or wrong makes a statement dearer, no more.
    """

    file: Path | None = None
    _counts: dict[str, Count] = field(default_factory=dict)
    _moment: Mapping[str, Count] | None = None
    _learned: set[str] = field(default_factory=set)
    _moments: dict[str, Moments] = field(default_factory=dict)
    _timed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        kept = self._read()
        self._counts, self._moments = kept.counts, kept.moments

    def __getitem__(self, name: str) -> float:
        return self._shown[name].rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._shown)

    def __len__(self) -> int:
        return len(self._shown)

    @property
    def _shown(self) -> Mapping[str, Count]:
        """What the planner sees."""
        return self._counts if self._moment is None else self._moment

    def count(self, name: str) -> Count | None:
        """All that is known of a table's rows."""
        return self._counts.get(name)

    def tokens(self, name: str, endpoint: Endpoint) -> float | None:
        """What the list is expected to cost, None where nobody has read it yet."""
        found = self._counts.get(name)
        return None if found is None else found.pages * endpoint.price

    def expected(self, name: str, request: Request) -> float | None:
        """What a list with these filters is expected to cost, None if not known.

        By how often the values stand in their columns; else as lists did that were
        narrowed by the same columns.
        """
        given = _given(request)
        if given is None:
            return None
        whole = self._counts.get(name)
        found = [self._holding(name, column, value) for column, value in given]
        known = [rows for rows in found if rows is not None]
        if given and whole is not None and whole.rows and len(known) == len(found):
            share = prod(min(rows / whole.rows, 1.0) for rows in known)
            return max(1, ceil(whole.pages * share)) * request.endpoint.price
        columns = narrowed_by(request)
        if columns is None:
            return None
        return self.tokens(narrowed(name, columns), request.endpoint)

    def _holding(self, table: str, column: str, values: str) -> float | None:
        """Rows with one of these values in the column."""
        words = [_BOOLEANS.get(value, value) for value in values.split(",")]
        found = [self._counts.get(valued(table, column, word)) for word in words]
        known = [count.rows for count in found if count is not None]
        return sum(known) if len(known) == len(found) else None

    def is_due(self, table: str) -> bool:
        """Whether the values of the table's columns should be counted anew."""
        known = self._counts.get(f"{table}?")
        return known is None or datetime.now(UTC) - known.counted > MAX_AGE_OF_VALUES

    def learn_values(
        self, table: str, values: Mapping[str, Mapping[SQLValue, int]]
    ) -> None:
        """How many rows of the table hold each value, by column."""
        now = datetime.now(UTC)
        new = {f"{table}?": Count(0, 0, now)}
        for column, found in values.items():
            known = [rows for value, rows in found.items() if value is not None]
            average = sum(known) / len(known) if known else 0.0
            new[narrowed(table, [column])] = Count(average, max(1, average / 500), now)
            most = sorted(found, key=lambda value: -found[value])[:_MOST_VALUES]
            for value in most:
                if value is not None:
                    rows = found[value]
                    new[valued(table, column, value)] = Count(rows, rows / 500, now)
        self._add(new)

    def moments_of(self, table: str) -> Moments | None:
        """When rows of the table were changed, None if that was not seen today.

        Windows leave out rows that have no time. Pipedrive does not say that there are
        none, so that is looked at once a day.
        """
        found = self._moments.get(table)
        old = datetime.now(UTC) - MAX_AGE_OF_VALUES
        return None if found is None or found.counted < old else found

    def learn_moments(self, table: str, moments: Sequence[str], pages: float) -> None:
        """Times, in order, that stand for all at which rows of a list of so many pages
        were changed.
        """
        step = max(1, len(moments) // _MOST_TIMES)
        times = [text for each in moments[::step] if (text := since(each)) is not None]
        self._moments[table] = Moments(times, pages, datetime.now(UTC))
        self._timed.add(table)

    def learn(self, table: str, request: Request, rows: int, pages: int) -> None:
        """A list of the table was read to its end, in so many full pages."""
        columns = narrowed_by(request)
        if columns is None:
            return
        name = narrowed(table, columns)
        before = self._counts.get(name) if columns else None
        seen = min(before.seen + 1, _MOST_SEEN) if before else 1
        if before is not None:
            rows_so_far, pages_so_far = before.rows, before.pages
        else:
            rows_so_far, pages_so_far = float(rows), float(pages)
        count = Count(
            rows_so_far + (rows - rows_so_far) / seen,
            pages_so_far + (pages - pages_so_far) / seen,
            datetime.now(UTC),
            seen,
        )
        self._add({name: count})

    @property
    def moment(self) -> Mapping[str, Count]:
        """What is known now; later it stays as it is."""
        return self._counts

    @contextmanager
    def as_of(self, moment: Mapping[str, Count]) -> Iterator[None]:
        """While it lasts, the planner is shown what was known then."""
        self._moment = moment
        try:
            yield
        finally:
            self._moment = None

    def _add(self, new: Mapping[str, Count]) -> None:
        self._counts = {**self._counts, **new}  # others may hold the one before
        self._learned.update(new)

    def save(self) -> None:
        """Write what is new to the file, beside what others have learned meanwhile."""
        if self.file is None or not (self._learned or self._timed):
            return
        kept = self._read()
        kept.counts |= {name: self._counts[name] for name in self._learned}
        kept.moments |= {name: self._moments[name] for name in self._timed}
        self._learned.clear()
        self._timed.clear()
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.file.parent)
            with open(handle, "wb") as file:
                file.write(msgspec.json.encode(kept))
            os.replace(name, self.file)
        except OSError:
            self.file = None  # the next connection counts anew

    def _read(self) -> _File:
        """What is in the file and not too old."""
        nothing = _File(_VERSION, {})
        if self.file is None:
            return nothing
        try:
            kept = msgspec.json.decode(self.file.read_bytes(), type=_File)
        except (OSError, msgspec.DecodeError):
            return nothing
        if kept.version != _VERSION:
            return nothing
        oldest = datetime.now(UTC) - MAX_AGE
        counts = {n: each for n, each in kept.counts.items() if each.counted >= oldest}
        moments = {n: m for n, m in kept.moments.items() if m.counted >= oldest}
        return _File(_VERSION, counts, moments)
