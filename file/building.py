"""The next version of the file: a copy of the published one, with what was staged.

It lies beside the file and is thrown away if a run ends before it is whole; what was
staged stays, and makes it again.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from ..catalog.table import Column, Form
from ..catalog.values import json_text
from ..errors import OperationalError
from ..store.answers import Key
from .evolution import Evolution
from .families import DELETED, Family
from .layout import Layout, listed, options_of, quoted, stored
from .records import Records
from .staging import Staging
from .views import views

SCHEMA = "building"
_LOOSE = 0.25  # of a file; so much of it may be free pages before it is packed again


class Building:
    """The file to be published; closing it removes it.

    `layouts` are the tables that a run brings up to date.
    """

    def __init__(self, staging: Staging, layouts: Mapping[str, Layout]) -> None:
        self.path = staging.target.with_name(f"{staging.target.name}.building")
        self._database = staging.database
        self._layouts = layouts
        _remove(self.path)
        if staging.target.exists():
            shutil.copyfile(staging.target, self.path)
        self._database.execute(f"ATTACH ? AS {SCHEMA}", (str(self.path),))
        # Whatever ends this run, this file is made again.
        self._database.execute(
            f"PRAGMA {SCHEMA}.journal_mode = OFF; PRAGMA {SCHEMA}.synchronous = OFF"
        )
        self.records = Records(self._database, SCHEMA)
        self.records.create()
        self._before = self.records.columns
        self._attached = True

    def evolve(self, evolutions: Iterable[Evolution], seen: str) -> None:
        """Give tables the columns that they have to have."""
        for evolution in evolutions:
            layout = evolution.layout
            before = self._sql_of(layout.name)
            if before is None:
                self._database.execute(layout.create(SCHEMA, self._layouts))
            else:
                self._relabel(evolution)
                if before != _as_kept(layout.create("main", self._layouts)):
                    self._remake(evolution, self._layouts)
            self.records.save_columns(layout)
            self.records.add_changes(seen, evolution.changes)

    def missing(self, table: str) -> tuple[int, int]:
        """How many rows of a table are not staged, and how many it has."""
        layout = self._layouts[table]
        name = quoted(table)
        found = self._database.execute(
            f"SELECT count(*) FILTER (WHERE {self._is_missing(layout)}), count(*) "
            f"FROM {SCHEMA}.{name} t"
        ).get
        return int(found[0]), int(found[1])

    def apply(self, family: Family, whole: Collection[str], seen: str) -> None:
        """Bring what was staged of a family into its tables.

        Rows of the `whole` ones that are not staged are there no more.
        """
        execute = self._database.execute
        execute("CREATE TEMP TABLE IF NOT EXISTS gone(name TEXT, id)")
        execute("DELETE FROM temp.gone")
        for name in family.tables:
            layout = self._layouts[name]
            if not layout.key:
                execute(f"DELETE FROM {SCHEMA}.{quoted(name)}")
            elif name in whole:
                self._remove_missing(layout)
            elif layout.owner:
                self._remove_elements(layout)
            for shelf in family.shelves if name in family.shelves else ():
                if shelf != name:
                    self._move_out(self._layouts[shelf], name)
            self._put(layout)
        self._orphans(family)
        self._tell_deleted(family, seen)

    def finish(self, tables: Mapping[str, Layout], *, pack: bool) -> None:
        """Keys, indexes, views, statistics, and a look at every page.

        `tables` are all those whose columns are known. With `pack` nothing is left of
        what was removed. Raises OperationalError.
        """
        execute = self._database.execute
        for layout in tables.values():
            if self._sql_of(layout.name) != _as_kept(layout.create("main", tables)):
                same = tuple((name.name, name.name) for name in layout.stored)
                self._remake(Evolution(layout, same, (), whole=False), tables)
            for index in layout.indexes(SCHEMA, tables):
                execute(index)
        for name, view in views(tables, self.records.renamed):
            execute(f"DROP VIEW IF EXISTS {SCHEMA}.{quoted(name)}")
            execute(f"CREATE VIEW {SCHEMA}.{quoted(name)} AS {view}")
        pages = execute(f"PRAGMA {SCHEMA}.page_count").get
        free = execute(f"PRAGMA {SCHEMA}.freelist_count").get
        if pack or free > pages * _LOOSE:
            execute(f"VACUUM {SCHEMA}")
        execute(f"PRAGMA {SCHEMA}.analysis_limit = 1000; ANALYZE {SCHEMA}")
        found = execute(f"PRAGMA {SCHEMA}.integrity_check(3)").fetchall()
        if found != [("ok",)]:
            told = "; ".join(str(row[0]) for row in found)
            raise OperationalError(
                f"The new version of {self.path.stem} is damaged ({told}), so the old "
                "one stays. The disk may be failing: check it, then run again."
            )
        self._detach()

    def count(self, table: str) -> int:
        """The rows of a table."""
        return int(
            self._database.execute(f"SELECT count(*) FROM {SCHEMA}.{quoted(table)}").get
        )

    def keys(self, table: str, counting: Column | None) -> list[Key]:
        """The keys of a table's rows, in order, without those that have no children.

        `counting` says how many they have, or which one.
        """
        key = quoted(self._layouts[table].key[0])
        some = ""
        if counting is not None and counting.name in self._layouts[table].names:
            none = "NULL" if counting.references else "0"
            some = f" WHERE {quoted(counting.name)} IS NOT {none}"
        rows = self._database.execute(
            f"SELECT {key} FROM {SCHEMA}.{quoted(table)}{some} ORDER BY {key}"
        )
        return [row[0] for row in rows]

    def close(self) -> None:
        """Let go of it. What is not published yet is removed."""
        self._detach()
        _remove(self.path)

    def _detach(self) -> None:
        if self._attached:
            self._database.execute(f"DETACH {SCHEMA}")
            self._attached = False

    # Columns

    def _sql_of(self, table: str) -> str | None:
        found = self._database.execute(
            f"SELECT sql FROM {SCHEMA}.sqlite_schema WHERE type = 'table' AND name = ?",
            (table,),
        ).get
        assert found is None or isinstance(found, str)
        return found

    def _remake(self, evolution: Evolution, known: Mapping[str, Layout]) -> None:
        """Copy the rows into a new table of the same name."""
        execute, layout = self._database.execute, evolution.layout
        execute("PRAGMA legacy_alter_table = ON")  # views of others stay as they are
        before = f"_before_{layout.name}"
        for (index,) in execute(
            f"SELECT name FROM {SCHEMA}.sqlite_schema WHERE type = 'index' "
            "AND tbl_name = ? AND sql IS NOT NULL",
            (layout.name,),
        ).fetchall():
            execute(f"DROP INDEX {SCHEMA}.{quoted(str(index))}")
        execute(
            f"ALTER TABLE {SCHEMA}.{quoted(layout.name)} RENAME TO {quoted(before)}"
        )
        execute(layout.create(SCHEMA, known))
        new, old = zip(*evolution.copied, strict=True)
        execute(
            f"INSERT INTO {SCHEMA}.{quoted(layout.name)} ({listed(new)}) "
            f"SELECT {listed(old)} FROM {SCHEMA}.{quoted(before)}"
        )
        execute(f"DROP TABLE {SCHEMA}.{quoted(before)}")

    def _relabel(self, evolution: Evolution) -> None:
        """Give rows the labels of today, where options were called otherwise.

        Their rows did not change for Pipedrive.
        """
        known = {
            (one.role, one.type): one
            for one in self._before.get(evolution.layout.name, ())
        }
        for column in evolution.layout.columns:
            if column.form not in (Form.LABEL, Form.LABELS):
                continue
            one = stored(column)
            before = known.get((one.role, one.type))
            ids = _ids_of(evolution.layout, column)
            if before is None or not before.options or ids is None:
                continue
            labels = dict(options_of(before.options))
            changed = {
                key: label
                for key, label in options_of(one.options)
                if key in labels and labels[key] != label
            }
            source = known.get((stored(ids).role, stored(ids).type))
            if changed and source is not None:
                self._write_labels(evolution, column, before.name, source.name, changed)

    def _write_labels(
        self,
        evolution: Evolution,
        column: Column,
        name: str,
        ids: str,
        changed: Mapping[int | str, str],
    ) -> None:
        options = column.options

        def label(found: int | str) -> str | None:
            return options.get(found)

        def labelled(value: int | str | None) -> str | None:
            if value is None or column.form is Form.LABEL:
                return label(value) if value is not None else None
            names = [label(one) for one in msgspec.json.decode(str(value))]
            return json_text([one for one in names if one is not None])  # type: ignore[return-value]

        def is_changed(value: int | str | None) -> bool:
            if value is None or column.form is Form.LABEL:
                return value in changed
            return any(one in changed for one in msgspec.json.decode(str(value)))

        self._database.create_scalar_function("labelled", labelled, 1)  # type: ignore[arg-type]
        self._database.create_scalar_function("is_changed", is_changed, 1)  # type: ignore[arg-type]
        self._database.execute(
            f"UPDATE {SCHEMA}.{quoted(evolution.layout.name)} SET {quoted(name)} = "
            f"labelled({quoted(ids)}) WHERE is_changed({quoted(ids)})"
        )

    # Rows

    def _put(self, layout: Layout) -> None:
        """Add rows, and change those that differ."""
        table, names = quoted(layout.name), listed(layout.names)
        insert = (
            f"INSERT INTO {SCHEMA}.{table} ({names}) SELECT {names} FROM main.{table}"
        )
        others = [name for name in layout.names if name not in layout.key]
        if (
            not layout.key
            or not self._database.execute(
                f"SELECT EXISTS (SELECT 1 FROM {SCHEMA}.{table})"
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
            f"NOT EXISTS (SELECT 1 FROM main.{quoted(layout.name)} s WHERE "
            f"{self._same(layout, 's', 't')})"
        )

    def _remove_missing(self, layout: Layout) -> None:
        """Remove rows that are not staged."""
        table = quoted(layout.name)
        missing = self._is_missing(layout)
        if len(layout.key) == 1:
            self._database.execute(
                f"INSERT INTO temp.gone SELECT ?, {quoted(layout.key[0])} "
                f"FROM {SCHEMA}.{table} t WHERE {missing}",
                (layout.name,),
            )
        self._database.execute(f"DELETE FROM {SCHEMA}.{table} AS t WHERE {missing}")

    def _remove_elements(self, layout: Layout) -> None:
        """Remove elements of arrays that are staged, and do not hold them any more."""
        table, owner = quoted(layout.name), quoted(layout.owner)
        source = self._layouts[layout.source]
        self._database.execute(
            f"DELETE FROM {SCHEMA}.{table} AS t WHERE {owner} IN "
            f"(SELECT {quoted(source.key[0])} FROM main.{quoted(source.name)}) "
            f"AND {self._is_missing(layout)}"
        )

    def _move_out(self, shelf: Layout, name: str) -> None:
        """Remove rows from a shelf that were seen on another one."""
        key, table = quoted(shelf.key[0]), quoted(shelf.name)
        seen = f"{key} IN (SELECT {key} FROM main.{quoted(name)})"
        self._database.execute(
            f"INSERT INTO temp.gone SELECT ?, {key} FROM {SCHEMA}.{table} WHERE {seen}",
            (shelf.name,),
        )
        self._database.execute(f"DELETE FROM {SCHEMA}.{table} WHERE {seen}")

    def _orphans(self, family: Family) -> None:
        """Remove elements of arrays of rows that are gone."""
        for name in family.tables:
            layout = self._layouts[name]
            if layout.owner:
                self._database.execute(
                    f"DELETE FROM {SCHEMA}.{quoted(name)} WHERE {quoted(layout.owner)} "
                    "IN (SELECT id FROM temp.gone WHERE name = ?)",
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
            f"id NOT IN (SELECT {key} FROM {SCHEMA}.{quoted(shelf)})" for shelf in alive
        )
        marks = ", ".join("?" * len(alive))
        told = f"INSERT OR IGNORE INTO {SCHEMA}._deleted SELECT"
        execute(
            f"{told} name, id, ? FROM temp.gone WHERE name IN ({marks}) AND {there}",
            (seen, *alive),
        )
        for shelf in (s for s in family.tables if s in DELETED):
            execute(
                f"{told} ?, {key}, ? FROM main.{quoted(shelf)} WHERE "
                f"{key} NOT IN (SELECT id FROM {SCHEMA}._deleted WHERE table_name "
                f"IN ({marks}))",
                (alive[0], seen, *alive),
            )
        for shelf in alive:
            execute(
                f"DELETE FROM {SCHEMA}._deleted WHERE table_name IN ({marks}) "
                f"AND id IN (SELECT {key} FROM main.{quoted(shelf)})",
                alive,
            )


def _differs(names: Sequence[str]) -> str:
    """Whether any of these columns would change; what is as it was is not written.

    In groups, as SQLite takes no expression that is deeper than 1,000.
    """
    tests = [f"{quoted(name)} IS NOT excluded.{quoted(name)}" for name in names]
    groups = [tests[begin : begin + 50] for begin in range(0, len(tests), 50)]
    return " OR ".join(f"({' OR '.join(group)})" for group in groups)


def _ids_of(layout: Layout, column: Column) -> Column | None:
    """The column that holds the ids of a column's labels."""
    for other in layout.columns:
        same = (other.at or other.name) == (column.at or column.name)
        if same and other.form not in (Form.LABEL, Form.LABELS):
            return other
    return None


def _as_kept(create: str) -> str:
    """CREATE TABLE as SQLite keeps its text."""
    return create.replace("CREATE TABLE main.", "CREATE TABLE ", 1)


def _remove(path: Path) -> None:
    for name in (path, path.with_name(f"{path.name}-journal")):
        with contextlib.suppress(FileNotFoundError):
            name.unlink()
