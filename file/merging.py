"""Staged rows come into the tables of the next version."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import apsw

from .families import CHANGED, DELETED, SHELVES, Family
from .layout import Layout, listed, quoted


class Merging:
    """Brings rows of the `staged` schema into the same tables of another one.

    Rows that did not change `since` then are left out, "" for none.
    """

    def __init__(
        self,
        database: apsw.Connection,
        schema: str,
        staged: str,
        layouts: Mapping[str, Layout],
        since: str,
    ) -> None:
        self._database = database
        self._schema = schema
        self._staged = staged
        self._layouts = layouts
        self._since = since

    def missing(self, table: str, shelves: Collection[str]) -> tuple[int, int]:
        """How many rows of a table are staged on no shelf, and how many it has.

        Without those that are left out now.
        """
        wanted = self._is_wanted(self._layouts[table])
        gone = " AND ".join(self._is_missing(self._layouts[one]) for one in shelves)
        found = self._database.execute(
            f"SELECT count(*) FILTER (WHERE {gone}), count(*) "
            f"FROM {self._schema}.{quoted(table)} t WHERE {wanted}"
        ).get
        return int(found[0]), int(found[1])

    def apply(self, family: Family, whole: Collection[str], seen: str) -> None:
        """Bring what was staged of a family into its tables.

        Rows of the `whole` ones that are not staged are there no more.
        """
        execute = self._database.execute
        execute("CREATE TEMP TABLE IF NOT EXISTS gone(name TEXT, id)")
        execute("DELETE FROM temp.gone")
        shelves = self._shelves(family)
        for name in family.tables:
            layout = self._layouts[name]
            if not layout.key:
                execute(f"DELETE FROM {self._schema}.{quoted(name)}")
            elif name in whole:
                self._remove_missing(layout)
            elif layout.owner:
                self._remove_elements(layout)
            if name in shelves:
                for shelf in shelves - {name}:
                    self._move_out(shelf, layout)
            self._put(layout)
        self._orphans(family)
        self._tell_deleted(family, seen)

    def _put(self, layout: Layout) -> None:
        """Add rows, and change those that differ."""
        table, names = quoted(layout.name), listed(layout.names)
        insert = (
            f"INSERT INTO {self._schema}.{table} ({names}) "
            f"SELECT {names} FROM {self._staged}.{table}"
        )
        others = [name for name in layout.names if name not in layout.key]
        if (
            not layout.key
            or not self._database.execute(
                f"SELECT EXISTS (SELECT 1 FROM {self._schema}.{table})"
            ).get
        ):
            self._database.execute(insert)
            return
        if not others:
            self._database.execute(f"{insert} WHERE true ON CONFLICT DO NOTHING")
            return
        sets = ", ".join(f"{quoted(n)} = excluded.{quoted(n)}" for n in others)
        self._database.execute(
            f"{insert} WHERE true ON CONFLICT ({listed(layout.key)}) "
            f"DO UPDATE SET {sets} WHERE {_differs(others)}"
        )

    def _same(self, layout: Layout, one: str, other: str) -> str:
        return " AND ".join(
            f"{one}.{quoted(k)} = {other}.{quoted(k)}" for k in layout.key
        )

    def _is_missing(self, layout: Layout) -> str:
        """Whether a row `t` is not staged."""
        return (
            f"NOT EXISTS (SELECT 1 FROM {self._staged}.{quoted(layout.name)} s WHERE "
            f"{self._same(layout, 's', 't')})"
        )

    def _is_wanted(self, layout: Layout) -> str:
        """Whether a row `t` would be listed if it were there."""
        if not self._since or CHANGED not in layout.names:
            return "true"
        return f"t.{CHANGED} >= '{self._since}'"

    def _remove_missing(self, layout: Layout) -> None:
        """Remove rows that are not staged."""
        table = quoted(layout.name)
        missing = self._is_missing(layout)
        if len(layout.key) == 1:
            self._database.execute(
                f"INSERT INTO temp.gone SELECT ?, {quoted(layout.key[0])} "
                f"FROM {self._schema}.{table} t "
                f"WHERE {missing} AND {self._is_wanted(layout)}",
                (layout.name,),
            )
        self._database.execute(
            f"DELETE FROM {self._schema}.{table} AS t WHERE {missing}"
        )

    def _remove_elements(self, layout: Layout) -> None:
        """Remove elements of arrays that are staged, and do not hold them any more."""
        table, owner = quoted(layout.name), quoted(layout.owner)
        source = self._layouts[layout.source]
        key = quoted(source.key[0])
        self._database.execute(
            f"DELETE FROM {self._schema}.{table} AS t WHERE {owner} IN "
            f"(SELECT {key} FROM {self._staged}.{quoted(source.name)}) "
            f"AND {self._is_missing(layout)}"
        )

    def _shelves(self, family: Family) -> set[str]:
        """The tables that rows of a family move between, also those not read now."""
        shelves = SHELVES.get(family.name, ())
        marks = ", ".join("?" * len(shelves))
        return {
            str(name)
            for (name,) in self._database.execute(
                f"SELECT name FROM {self._schema}.sqlite_schema "
                f"WHERE type = 'table' AND name IN ({marks})",
                shelves,
            )
        }

    def _move_out(self, shelf: str, layout: Layout) -> None:
        """Remove rows from a shelf that were seen on another one."""
        key, table = quoted(layout.key[0]), f"{self._schema}.{quoted(shelf)}"
        seen = f"{key} IN (SELECT {key} FROM {self._staged}.{quoted(layout.name)})"
        self._database.execute(
            f"INSERT INTO temp.gone SELECT ?, {key} FROM {table} WHERE {seen}",
            (shelf,),
        )
        self._database.execute(f"DELETE FROM {table} WHERE {seen}")

    def _orphans(self, family: Family) -> None:
        """Remove elements of arrays of rows that are gone."""
        for name in family.tables:
            layout = self._layouts[name]
            if layout.owner:
                self._database.execute(
                    f"DELETE FROM {self._schema}.{quoted(name)} WHERE "
                    f"{quoted(layout.owner)} IN (SELECT id FROM temp.gone "
                    "WHERE name = ?)",
                    (layout.source,),
                )

    def _tell_deleted(self, family: Family, seen: str) -> None:
        """Note which rows are on no shelf any more, and those that are back."""
        execute = self._database.execute
        alive = [s for s in family.shelves if s not in DELETED]
        if not alive or not self._layouts[alive[0]].key:
            return
        key = quoted(self._layouts[alive[0]].key[0])
        there = " AND ".join(
            f"id NOT IN (SELECT {key} FROM {self._schema}.{quoted(shelf)})"
            for shelf in alive
        )
        marks = ", ".join("?" * len(alive))
        deleted = f"{self._schema}._deleted"
        told = f"INSERT OR IGNORE INTO {deleted} SELECT"
        execute(
            f"{told} name, id, ? FROM temp.gone WHERE name IN ({marks}) AND {there}",
            (seen, *alive),
        )
        for shelf in (s for s in family.tables if s in DELETED):
            execute(
                f"{told} ?, {key}, ? FROM {self._staged}.{quoted(shelf)} WHERE "
                f"{key} NOT IN (SELECT id FROM {deleted} WHERE table_name "
                f"IN ({marks}))",
                (alive[0], seen, *alive),
            )
        for shelf in alive:
            execute(
                f"DELETE FROM {deleted} WHERE table_name IN ({marks}) "
                f"AND id IN (SELECT {key} FROM {self._staged}.{quoted(shelf)})",
                alive,
            )


def _differs(names: Sequence[str]) -> str:
    """Whether any of these columns would change; what is as it was is not written.

    In groups, as SQLite takes no expression that is deeper than 1,000.
    """
    tests = [f"{quoted(name)} IS NOT excluded.{quoted(name)}" for name in names]
    groups = [tests[begin : begin + 50] for begin in range(0, len(tests), 50)]
    return " OR ".join(f"({' OR '.join(group)})" for group in groups)
