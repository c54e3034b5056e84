"""Rows of SQL values in an indexed table, for looking them up by any column."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ..catalog.rows import Row
from ..catalog.table import Column
from ..planner.question import Order
from .answers import Answers

_ROWS_AT_ONCE = 500


class Shelf:
    """A table of the given columns; indexes are made by the lookups that want them."""

    def __init__(self, answers: Answers, columns: Sequence[Column]) -> None:
        self._answers = answers
        self._database = answers.database
        self._name = f"shelf_{answers.number()}"
        self._places = {column.name: f"c{i}" for i, column in enumerate(columns)}
        self._indexed: set[str] = set()
        declared = ", ".join(
            f"c{i} {column.kind.declared}" for i, column in enumerate(columns)
        )
        self._database.execute(f"CREATE TABLE {self._name}({declared})")
        blanks = ", ".join("?" * len(columns))
        self._insert = f"INSERT INTO {self._name} VALUES ({blanks})"
        weakref.finalize(self, answers.retire, f"DROP TABLE {self._name}")

    def add(self, rows: Iterable[Row]) -> None:
        """Put rows in."""
        with self._database:
            self._database.executemany(self._insert, rows)

    def find(
        self,
        equal: Sequence[tuple[str, int | float | str]],
        order: Order | None = None,
    ) -> Iterator[list[Row]]:
        """Rows that are equal in all these columns, some hundred at a time."""
        known = [(self._places[name], value) for name, value in equal]
        for place, _ in known[:1]:
            self._index(place)
        sql = f"SELECT * FROM {self._name}"
        if known:
            sql += " WHERE " + " AND ".join(f"{place} = ?" for place, _ in known)
        if order is not None:
            direction = "DESC" if order.descending else "ASC"
            sql += f" ORDER BY {self._places[order.column]} {direction}"
        cursor = self._database.execute(sql, [value for _, value in known])
        self._answers.lookups.add(cursor)
        while rows := list(islice(cursor, _ROWS_AT_ONCE)):
            yield rows

    def _index(self, place: str) -> None:
        if place not in self._indexed:
            self._indexed.add(place)
            name = f"{self._name}_{place}"
            self._database.execute(f"CREATE INDEX {name} ON {self._name}({place})")
