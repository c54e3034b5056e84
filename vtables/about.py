"""Tables about the connection itself: what exists, and what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import apsw

from ..catalog.fields import Field
from ..catalog.table import Column, Endpoint, Operator
from ..catalog.values import SQLValue, json_text
from ..client.metadata import Metadata
from ..client.usage import Sent
from .module import quoted

if TYPE_CHECKING:
    from .live import Live

# Pipedrive's windows are in whole seconds, so SQLite looks at their rows again.
_EXACT = ("=",)

# The positions of the columns used (63 for all behind it) -> rows.
Rows = Callable[[frozenset[int]], Iterable[tuple[SQLValue, ...]]]


class About:
    """A virtual table over rows that are in memory already."""

    def __init__(self, name: str, columns: dict[str, str], rows: Rows) -> None:
        self.name = name
        self._declared = ", ".join(f"{quoted(c)} {kind}" for c, kind in columns.items())
        self._rows = rows
        self._used: list[frozenset[int]] = []

    def Create(self, *arguments: Any) -> tuple[str, About]:
        """The declaration of the table, and the table."""
        return f"CREATE TABLE {quoted(self.name)}({self._declared})", self

    Connect = Create

    def Disconnect(self) -> None:
        """Nothing is held."""

    Destroy = Disconnect

    def BestIndexObject(self, info: apsw.IndexInfo) -> bool:
        """There is one way to read it."""
        used = frozenset(info.colUsed)
        if used not in self._used:
            self._used.append(used)
        info.idxNum = self._used.index(used)
        info.idxStr = "no request"
        return True

    def Open(self) -> _Cursor:
        """A cursor over the rows of this moment."""
        return _Cursor(lambda number: self._rows(self._used[number]))


class _Cursor:
    def __init__(self, read: Callable[[int], Iterable[tuple[SQLValue, ...]]]) -> None:
        self._read = read
        self._rows: Sequence[tuple[SQLValue, ...]] = ()
        self._position = 0

    def Filter(self, number: int, *arguments: Any) -> None:
        self._rows = list(self._read(number))
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


def install(live: Live, metadata: Metadata) -> None:
    """Create pipedrive_tables, _columns, _fields and _requests."""
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
                "rows": "INTEGER",
                "counted": "TIMESTAMP",
            },
            lambda used: _tables(live),
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
                "exact": "TEXT",
                "is_sorted": "BOOLEAN",
                "is_nullable": "BOOLEAN",
                "is_hidden": "BOOLEAN",
                "tokens_a_row": "INTEGER",
            },
            lambda used: _columns(live),
        ),
        About(
            "pipedrive_fields",
            {
                "id": "INTEGER",
                "entity": "TEXT",
                "label": "TEXT",
                "field_key": "TEXT",
                "type": "TEXT",
                "is_custom": "BOOLEAN",
                "options": "TEXT",
                "columns": "TEXT",
                "tables": "TEXT",
            },
            lambda used: _fields(live, metadata, ids=0 in used),
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
                "table_name": "TEXT",
                "source": "TEXT",
                "statement_text": "TEXT",
            },
            lambda used: _requests(live),
        ),
    ):
        live.register(table.name, table)


def _tables(live: Live) -> Iterable[tuple[SQLValue, ...]]:
    for table in live.store.tables.values():
        lists = [e for e in table.endpoints if not e.one]
        filtered = {p.column for e in lists for p in e.parameters}
        columns = [name for name in table.names if name in filtered]
        known = live.store.counts.count(table.name)
        yield (
            table.name,
            table.about,
            table.key or None,
            table.parent or None,
            table.source or None,
            ", ".join(columns) or None,
            lists[0].price if lists else None,
            lists[0].page or None if lists else None,
            round(known.rows) if known else None,
            f"{known.counted:%Y-%m-%d %H:%M:%S}" if known else None,
        )


def _columns(live: Live) -> Iterable[tuple[SQLValue, ...]]:
    for table in live.store.tables.values():
        prices = {endpoint.path: endpoint.price for endpoint in table.further}
        sorts = {name for endpoint in table.endpoints for name in endpoint.sorts}
        for position, column in enumerate(table.columns):
            filters = _filters(table.endpoints, column)
            yield (
                table.name,
                position,
                column.name,
                column.kind.declared,
                column.about,
                column.references or None,
                column.brought.value,
                column.field_key or None,
                ", ".join(filters) or None,
                ", ".join(o for o in filters if o in _EXACT) or None,
                int(column.name in sorts),
                int(not column.never_null),
                int(column.hidden),
                prices.get(column.further, 0),
            )


def _filters(endpoints: Iterable[Endpoint], column: Column) -> list[Operator]:
    """The comparisons with the column that Pipedrive filters by: "=", ">=", "<"."""
    found = {
        p.operator for e in endpoints for p in e.parameters if p.column == column.name
    }
    return sorted(found, key="= >= <".index)


def _fields(
    live: Live, metadata: Metadata, *, ids: bool
) -> Iterable[tuple[SQLValue, ...]]:
    """The fields of entities with custom ones; `ids` only v1 has, at a price."""
    for entity, fields in metadata.fields().items():
        numbers = metadata.v1(entity) if ids else {}
        tables = [t for t in live.store.tables.values() if t.fields == entity]
        for field in fields:
            known = numbers.get(field.code)
            using = {
                table.name: [c.name for c in table.columns if _of(field, c)]
                for table in tables
            }
            names = dict.fromkeys(name for some in using.values() for name in some)
            yield (
                known.number if known else None,
                entity,
                field.name,
                field.code,
                field.type,
                int(field.is_custom),
                json_text([{"id": i, "label": n} for i, n in field.options.items()]),
                json_text(list(names)),
                json_text([name for name, columns in using.items() if columns]),
            )


def _of(field: Field, column: Column) -> bool:
    if field.is_custom:
        return column.field_key == field.code
    return not column.field_key and column.steps[0] == field.code


def _requests(live: Live) -> Iterable[tuple[SQLValue, ...]]:
    for entry in list(live.store.client.log.entries):
        sent = entry if isinstance(entry, Sent) else None
        yield (
            entry.time,
            entry.statement,
            sent.method if sent else None,
            entry.path,
            sent.status if sent else None,
            entry.rows,
            sent.tokens if sent else 0,
            sent.milliseconds if sent else None,
            entry.table or None,
            "pipedrive" if sent else "store",
            entry.text or None,
        )
