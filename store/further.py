"""Columns that need a request of their own for each row, brought when first read."""

from __future__ import annotations

from collections.abc import Sequence

from ..catalog.rows import Row, RowReader
from ..catalog.table import Column, Endpoint, Table
from ..catalog.values import SQLValue
from ..planner.request import request
from ..planner.selection import Selection
from .answers import Key
from .chain import side_by_side
from .kept import KeptRows
from .run import Run

_MOST_AHEAD = 16


class Further:
    """The further columns of one scan that one endpoint brings.

    As long as each row passed has its further columns read, those of the next rows are
    asked for together with it, more and more of them. Once a row is passed over, other
    conditions sort rows out, and each row is asked for by itself.
    """

    def __init__(self, run: Run, table: Table, path: str) -> None:
        self._run = run
        self._endpoint = _endpoint(table, path)
        self._parameter = self._endpoint.parameters[0]
        self._columns = [c for c in table.columns if c.further == path]
        self._places = {column.name: i for i, column in enumerate(self._columns)}
        self._reader = RowReader(table, self._columns)
        key = table.column(table.key)
        self._kept = KeptRows(run, table, key, ((path, ()),))
        self._ahead = 1
        self._read = 0

    def value(
        self, column: Column, key: Key, passed: int, following: Sequence[Key]
    ) -> SQLValue:
        """The column's value in the row of this key.

        `passed` counts the rows of the scan up to this one, `following` are the keys
        that come next.
        """
        if self._kept.get(key) is None:
            each_read = self._read >= passed - 1
            more = following[: self._ahead - 1] if each_read else ()
            self._ask([key, *(k for k in more if self._kept.get(k) is None)])
            self._ahead = min(self._ahead * 2, _MOST_AHEAD)
        self._read = passed
        row = self._row(key)
        return row[self._places[column.name]] if row is not None else None

    def _row(self, key: Key) -> Row | None:
        rows = self._reader.read(b"[" + (self._kept.get(key) or b"") + b"]")
        return rows[0] if rows else None

    def _ask(self, keys: Sequence[Key]) -> None:
        name, answers = self._parameter.name, self._run.answers
        made = [request(self._endpoint, {name: (str(key),)}) for key in keys]
        chains = [answers.chain(one, Selection()) for one in made]
        found = side_by_side(chains, self._run.meter)
        for key, pages in zip(keys, found, strict=True):
            self._kept.put(key, pages)


def _endpoint(table: Table, path: str) -> Endpoint:
    for endpoint in table.further:
        if endpoint.path == path:
            return endpoint
    raise LookupError(f"{table.name} has no further endpoint {path}")
