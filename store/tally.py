"""How often each value stands in the columns by which Pipedrive can narrow a list.

Learned once a day from a list that is read whole anyway; of a long one, from every
eighth page behind the first fifty. And when rows were changed: by that a long list can
be cut into parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ..catalog.rows import RowReader
from ..catalog.table import Brought, Column, Endpoint, Table
from ..catalog.values import Kind, SQLValue
from .partition import COLUMN

_EACH = 50  # pages that are all looked at
_ONE_IN = 8  # of the others
_MOST_VALUES = 2_000  # of one column; more are not told apart
_MOST_MOMENTS = 1_000
_KINDS = (Kind.INTEGER, Kind.TEXT, Kind.BOOLEAN)


class Tally:
    """Values of the table's columns that have a parameter of the endpoint.

    `moments` are times that stand for those at which rows were changed, in order; none
    if any row has no such time.
    """

    def __init__(self, table: Table, endpoint: Endpoint) -> None:
        names = {
            parameter.column
            for parameter in endpoint.parameters
            if parameter.operator == "=" and parameter.column != table.key
        }
        self._columns = [c for c in table.columns if c.name in names and _counts(c)]
        self._reader = RowReader(table, self._columns, endpoint.only)
        self._found: list[Counter[SQLValue]] = [Counter() for _ in self._columns]
        self._pages = 0
        timed = [c for c in table.columns if c.name == COLUMN]
        self._times = RowReader(table, timed, endpoint.only) if timed else None
        self._timeless = not timed
        self._chosen: list[str] = []
        self._step = 1  # one in so many is chosen
        self._passed = 0

    def add(self, page: bytes) -> None:
        """Look at the next page."""
        self._pages += 1
        self._add_times(page)
        each = self._pages <= _EACH
        if not self._columns or not (each or self._pages % _ONE_IN == 0):
            return
        weight = 1 if each else _ONE_IN
        values = zip(*self._reader.read(page), strict=True)
        for counter, column in zip(self._found, values, strict=False):
            if len(counter) <= _MOST_VALUES:
                for value, times in Counter(column).items():
                    counter[value] += times * weight

    @property
    def moments(self) -> list[str]:
        return [] if self._timeless else sorted(self._chosen)

    def _add_times(self, page: bytes) -> None:
        if self._times is None or self._timeless:
            return
        for (moment,) in self._times.read(page):
            if not isinstance(moment, str):
                self._timeless = True
                return
            self._passed += 1
            if self._passed % self._step == 0:
                self._chosen.append(moment)
        if len(self._chosen) > _MOST_MOMENTS:
            self._chosen, self._step = self._chosen[::2], self._step * 2

    @property
    def values(self) -> Mapping[str, Mapping[SQLValue, int]]:
        """By column, how many rows hold each value; without columns of too many."""
        pairs = zip(self._columns, self._found, strict=True)
        return {c.name: found for c, found in pairs if len(found) <= _MOST_VALUES}


def _counts(column: Column) -> bool:
    return column.brought is Brought.ALWAYS and column.kind in _KINDS
