"""Tables about the connection itself: what exists, and what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import apsw

from ..catalog.table import Column
from ..catalog.values import SQLValue
from .module import quoted

if TYPE_CHECKING:
    from .live import Live

Rows = Callable[[], Iterable[tuple[SQLValue, ...]]]


class About:
    """A virtual table over rows that are in memory already."""

    def __init__(self, name: str, columns: dict[str, str], rows: Rows) -> None:
        self.name = name
        self._declared = ", ".join(f"{quoted(c)} {kind}" for c, kind in columns.items())
        self._rows = rows

    def Create(self, *arguments: Any) -> tuple[str, About]:
        """The declaration of the table, and the table."""
        return f"CREATE TABLE {quoted(self.name)}({self._declared})", self

    Connect = Create

    def Disconnect(self) -> None:
        """Nothing is held."""

    Destroy = Disconnect

    def BestIndexObject(self, info: apsw.IndexInfo) -> bool:
        """There is one way to read it."""
        info.idxStr = "no request"
        return True

    def Open(self) -> _Cursor:
        """A cursor over the rows of this moment."""
        return _Cursor(self._rows)


class _Cursor:
    def __init__(self, rows: Rows) -> None:
        self._read = rows
        self._rows: Sequence[tuple[SQLValue, ...]] = ()
        self._position = 0

    def Filter(self, *arguments: Any) -> None:
        self._rows = list(self._read())
        self._position = 0

    def Eof(self) -> bool:
        return self._position >= len(self._rows)

    def Next(self) -> None:
        self._position += 1

    def Column(self, number: int) -> SQLValue:
        if number < 0:
            return self.Rowid()
        return self._rows[self._position][number]

    def Rowid(self) -> int:
        return self._position

    def Close(self) -> None:
        self._rows = ()


def install(live: Live) -> None:
    """Create pipedrive_tables, pipedrive_columns and pipedrive_requests."""
    for table in (
        About(
            "pipedrive_tables",
            {
                "name": "TEXT",
                "about": "TEXT",
                "key": "TEXT",
                "parent": "TEXT",
                "source": "TEXT",
                "filters": "TEXT",
                "tokens_a_page": "INTEGER",
                "rows_a_page": "INTEGER",
            },
            lambda: _tables(live),
        ),
        About(
            "pipedrive_columns",
            {
                "table_name": "TEXT",
                "position": "INTEGER",
                "name": "TEXT",
                "type": "TEXT",
                "about": "TEXT",
                "references": "TEXT",
                "brought": "TEXT",
                "field_key": "TEXT",
                "filters": "TEXT",
            },
            lambda: _columns(live),
        ),
        About(
            "pipedrive_requests",
            {
                "time": "TIMESTAMP",
                "statement": "INTEGER",
                "method": "TEXT",
                "path": "TEXT",
                "status": "INTEGER",
                "rows": "INTEGER",
                "tokens": "INTEGER",
                "milliseconds": "REAL",
            },
            lambda: _requests(live),
        ),
    ):
        live.register(table.name, table)


def _tables(live: Live) -> Iterable[tuple[SQLValue, ...]]:
    for table in live.store.tables.values():
        lists = [e for e in table.endpoints if not e.one]
        filtered = {p.column for e in lists for p in e.parameters}
        columns = [name for name in table.names if name in filtered]
        yield (
            table.name,
            table.about,
            table.key or None,
            table.parent or None,
            table.source or None,
            ", ".join(columns) or None,
            lists[0].price if lists else None,
            lists[0].page or None if lists else None,
        )


def _columns(live: Live) -> Iterable[tuple[SQLValue, ...]]:
    for table in live.store.tables.values():
        for position, column in enumerate(table.columns):
            yield (
                table.name,
                position,
                column.name,
                column.kind.declared,
                column.about,
                column.references or None,
                column.brought.value,
                column.field_key or None,
                _filters(table.endpoints, column),
            )


def _filters(endpoints: Iterable[Any], column: Column) -> str | None:
    """The comparisons with the column that Pipedrive filters by: "=", "=, >=, <"."""
    found = {
        p.operator for e in endpoints for p in e.parameters if p.column == column.name
    }
    return ", ".join(sorted(found, key="= >= <".index)) or None


def _requests(live: Live) -> Iterable[tuple[SQLValue, ...]]:
    for sent in live.store.client.log.entries:
        yield (
            sent.time,
            sent.statement,
            sent.method,
            sent.path,
            sent.status,
            sent.rows,
            sent.tokens,
            sent.milliseconds,
        )
