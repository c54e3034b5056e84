"""How often each value stands in the columns by which Pipedrive can narrow a list.

Learned once a day from a list that is read whole anyway; of a long one, from every
eighth page behind the first fifty. And when rows were changed: by that a long list can
be cut into parts, if each row has such a time. So that is looked at in every page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ..catalog.rows import RowReader
from ..catalog.table import Brought, Column, Endpoint, Table
from ..catalog.values import Kind, SQLValue
from .partition import COLUMN, has_windows

_EACH = 50  # pages that are all looked at
_ONE_IN = 8  # of the others
_MOST_VALUES = 2_000  # of one column; more are not told apart
_MOST_MOMENTS = 1_000
_STEP = 8  # at first, one row in so many is chosen for its time
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
        timed = [c for c in table.columns if c.name == COLUMN and has_windows(endpoint)]
        self._reader = RowReader(table, [*self._columns, *timed], endpoint.only)
        self._found: list[Counter[SQLValue]] = [Counter() for _ in self._columns]
        self._pages = 0
        self._timeless = not timed
        self._has_time = b"".join(f'"{c.steps[0]}":"'.encode() for c in timed)
        self._chosen: list[str] = []
        self._step = _STEP  # one row in so many is chosen
        self._passed = 0

    def add(self, page: bytes, rows: int) -> None:
        """Look at the next page, which has so many rows."""
        self._pages += 1
        each = self._pages <= _EACH
        looked_at = each or self._pages % _ONE_IN == 0
        # Quotes in texts are escaped, so only a key that has a text looks like this.
        timed = self._timeless or page.count(self._has_time) == rows
        if timed and not looked_at:
            return
        weight = 1 if each else _ONE_IN
        values = list(zip(*self._reader.read(page), strict=True))
        if values and not self._timeless:
            self._add_times(values[-1], weight)
        if not looked_at:
            return
        for counter, column in zip(self._found, values, strict=False):
            if len(counter) <= _MOST_VALUES:
                for value, times in Counter(column).items():
                    counter[value] += times * weight

    @property
    def moments(self) -> list[str]:
        return [] if self._timeless else sorted(self._chosen)

    def _add_times(self, times: Sequence[SQLValue], weight: int) -> None:
        stride = self._step // weight
        texts = [moment for moment in times if isinstance(moment, str)]
        self._timeless = len(texts) < len(times)
        self._chosen += texts[-self._passed % stride :: stride]
        self._passed += len(times)
        if len(self._chosen) > _MOST_MOMENTS:
            self._chosen, self._step = self._chosen[::2], self._step * 2

    @property
    def values(self) -> Mapping[str, Mapping[SQLValue, int]]:
        """By column, how many rows hold each value; without columns of too many."""
        pairs = zip(self._columns, self._found, strict=True)
        return {c.name: found for c, found in pairs if len(found) <= _MOST_VALUES}


def _counts(column: Column) -> bool:
    return column.brought is Brought.ALWAYS and column.kind in _KINDS
