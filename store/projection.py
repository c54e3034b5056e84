"""The columns that one scan wants of a table, and how they are read from pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..catalog.rows import Row, RowReader
from ..catalog.table import Column, Table
from ..catalog.values import Kind
from ..errors import InternalError
from ..planner.selection import select
from .run import OpenScan, Run


@dataclass(slots=True)
class Projection:
    """One scan's view of a table: rows are tuples of `identity` and then `used`.

    `scan` is the scan itself, so that it is not taken for its own outer side.
    """

    run: Run
    table: Table
    used: tuple[Column, ...]
    scan: OpenScan | None = None
    columns: tuple[Column, ...] = field(init=False)
    _rows: RowReader = field(init=False)

    def __post_init__(self) -> None:
        self.columns = (*identity(self.table), *self.used)
        only = dict.fromkeys(pair for e in self.table.endpoints for pair in e.only)
        self._rows = RowReader(self.table, self.columns, tuple(only))
        wanted = select(self.run.source(self.table), self.used)
        if not self.run.selection(self.table).covers(wanted):
            raise InternalError(
                f"The statement reads columns of {self.table.name} that were not seen "
                "in its text. This is a fault of this program: please report it."
            )

    def read(self, page: bytes) -> Sequence[Row]:
        """The rows of a page as Pipedrive sent it, each once."""
        rows = self._rows.read(page)
        names = self.names(rows)
        if names is None or len(set(names)) == len(rows):
            return rows
        first = dict(zip(reversed(names), reversed(rows), strict=True))
        return [first[name] for name in dict.fromkeys(names)]

    def names(self, rows: Sequence[Row]) -> Sequence[object] | None:
        """What tells each from the others of an answer; None if they may be alike."""
        table = self.table
        if table.each:
            return [row[:2] for row in rows]
        if table.key:
            return [row[0] for row in rows]
        if not table.apart:
            return None
        first = 2 if table.parent else 1
        parents = [row[: first - 1] for row in rows]
        held = [row[first : first + len(table.apart)] for row in rows]
        return [
            object() if None in values else parent + values
            for parent, values in zip(parents, held, strict=True)
        ]


def identity(table: Table) -> tuple[Column, ...]:
    """The columns that tell a row from all others of its table."""
    if table.each:
        position = Column("#", Kind.INTEGER, "Its place in the array.", at="#")
        return (table.column(table.row_key), position)
    if table.key:
        return (table.column(table.key),)
    name = Column("#", Kind.TEXT, "What tells it from other rows.", at="?.#")
    parent = (table.column(table.parent_key),) if table.parent else ()
    return (*parent, name, *map(table.column, table.apart))
