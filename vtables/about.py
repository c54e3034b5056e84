"""Tables about the accounts of a connection: what exists, and what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import apsw

from ..catalog.fields import Field
from ..catalog.table import Column, Endpoint, Operator
from ..catalog.values import SQLValue, json_text
from ..client.usage import Sent
from ..planner.table_names import HOME
from .module import quoted

if TYPE_CHECKING:
    from .live import Live
    from .schema import Schema

# Pipedrive's windows are in whole seconds, so SQLite looks at their rows again.
_EXACT = ("=",)

Row = tuple[SQLValue, ...]
# An account, the positions of the columns used (63 for all behind it) -> rows.
Rows = Callable[["Schema", frozenset[int]], Iterable[Row]]


class About:
    """A virtual table over rows that are in memory already, account after account.

    Its last column is the `schema` of the account. Rows that begin with a time stand in
    its order.
    """

    def __init__(
        self, live: Live, name: str, columns: dict[str, str], rows: Rows
    ) -> None:
        self.name = name
        every = columns | {"schema": "TEXT"}
        self._declared = ", ".join(f"{quoted(c)} {kind}" for c, kind in every.items())
        self._live = live
        self._place = len(columns)  # of the schema
        self._timed = next(iter(columns)) == "time"
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
        for index in range(info.nConstraint):
            if self._is_schema(info, index):
                info.set_aConstraintUsage_argvIndex(index, 1)
                break
        return True

    def Open(self) -> _Cursor:
        """A cursor over the rows of this moment."""
        return _Cursor(self._read)

    def _is_schema(self, info: apsw.IndexInfo, index: int) -> bool:
        equal = info.get_aConstraint_op(index) == apsw.SQLITE_INDEX_CONSTRAINT_EQ
        usable = info.get_aConstraint_usable(index)
        # By another collation 'ACME' may mean acme.
        exact = info.get_aConstraint_collation(index) == "BINARY"
        place = info.get_aConstraint_iColumn(index)
        return equal and usable and exact and place == self._place

    def _read(self, number: int, wanted: Sequence[SQLValue]) -> Iterable[Row]:
        """The rows of all accounts, or of the one in a wanted schema."""
        used = self._used[number]
        schemas = self._live.schemas.values()
        chosen = [each for each in schemas if not wanted or each.name == wanted[0]]
        found = [self._of(schema, used) for schema in chosen]
        if self._timed and len(found) > 1:
            return merge(*found, key=itemgetter(0))
        return (row for rows in found for row in rows)

    def _of(self, schema: Schema, used: frozenset[int]) -> Iterable[Row]:
        for row in self._rows(schema, used):
            yield (*row, schema.name)


class _Cursor:
    def __init__(
        self, read: Callable[[int, Sequence[SQLValue]], Iterable[Row]]
    ) -> None:
        self._read = read
        self._rows: Sequence[Row] = ()
        self._position = 0

    def Filter(self, number: int, text: str, values: Sequence[SQLValue]) -> None:
        self._rows = list(self._read(number, values))
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
    """Create pipedrive_tables, _columns, _fields, _requests and _quota."""
    for table in (
        About(
            live,
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
            _tables,
        ),
        About(
            live,
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
            _columns,
        ),
        About(
            live,
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
            _fields,
        ),
        About(
            live,
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
            _requests,
        ),
        About(
            live,
            "pipedrive_quota",
            {
                "company": "TEXT",
                "day": "TEXT",
                "budget": "INTEGER",
                "spent": "INTEGER",
                "requests": "INTEGER",
                "remaining": "INTEGER",
                "told": "TIMESTAMP",
                "basis": "TEXT",
                "reserved": "INTEGER",
                "renewed": "TIMESTAMP",
                "blocked_until": "TIMESTAMP",
                "seconds": "REAL",
                "burst": "INTEGER",
                "burst_used": "INTEGER",
                "burst_basis": "TEXT",
                "searches": "INTEGER",
                "searches_used": "INTEGER",
            },
            _quota,
        ),
    ):
        live.register(HOME, table.name, table)


def _tables(schema: Schema, used: frozenset[int]) -> Iterable[Row]:
    for table in schema.store.tables.values():
        lists = [e for e in table.endpoints if not e.one]
        filtered = {p.column for e in lists for p in e.parameters}
        columns = [name for name in table.names if name in filtered]
        known = schema.store.counts.count(table.name)
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


def _columns(schema: Schema, used: frozenset[int]) -> Iterable[Row]:
    for table in schema.store.tables.values():
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


def _fields(schema: Schema, used: frozenset[int]) -> Iterable[Row]:
    """The fields of entities with custom ones; ids only v1 has, at a price."""
    metadata = schema.metadata
    for entity, fields in metadata.fields().items():
        numbers = metadata.v1(entity) if 0 in used else {}
        tables = [t for t in schema.store.tables.values() if t.fields == entity]
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


def _requests(schema: Schema, used: frozenset[int]) -> Iterable[Row]:
    for entry in list(schema.client.log.entries):
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


def _quota(schema: Schema, used: frozenset[int]) -> Iterable[Row]:
    quota = schema.client.limits.quota()
    left = quota.left
    yield (
        quota.company,
        quota.day,
        left.budget,
        quota.spent,
        quota.requests,
        left.remaining,
        _moment(left.told),
        left.basis or None,
        quota.reserved,
        _moment(quota.renewed),
        _moment(quota.blocked_until),
        quota.seconds,
        quota.burst,
        quota.burst_used,
        quota.burst_basis,
        quota.searches,
        quota.searches_used,
    )


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"
