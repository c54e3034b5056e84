"""Tables of the next version get the columns that they have to have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import apsw
import msgspec

from ..catalog.table import Column, Form
from ..catalog.values import json_text
from .evolution import Evolution
from .layout import Layout, Stored, listed, options_of, quoted, stored


class Altering:
    """Alters the tables of one schema; `before` gives the columns that one had."""

    def __init__(
        self,
        database: apsw.Connection,
        schema: str,
        before: Callable[[str], Sequence[Stored]],
    ) -> None:
        self._database = database
        self._schema = schema
        self._before = before

    def evolve(self, evolution: Evolution, known: Mapping[str, Layout]) -> None:
        """Make the table, or give it other columns; rows get the labels of today.

        Its foreign keys are those to tables that are `known`.
        """
        if self._sql_of(evolution.layout.name) is None:
            self._database.execute(evolution.layout.create(self._schema, known))
            return
        self._relabel(evolution)
        self.rebuild(evolution, known)

    def rebuild(self, evolution: Evolution, known: Mapping[str, Layout]) -> None:
        """Copy the rows into a new table of the same name, unless that is the same."""
        execute, layout = self._database.execute, evolution.layout
        create = layout.create("main", known)
        # CREATE TABLE as SQLite keeps its text.
        kept = create.replace("CREATE TABLE main.", "CREATE TABLE ", 1)
        if self._sql_of(layout.name) == kept:
            return
        execute("PRAGMA legacy_alter_table = ON")  # views of others stay as they are
        before = f"_before_{layout.name}"
        for (index,) in execute(
            f"SELECT name FROM {self._schema}.sqlite_schema WHERE type = 'index' "
            "AND tbl_name = ? AND sql IS NOT NULL",
            (layout.name,),
        ).fetchall():
            execute(f"DROP INDEX {self._schema}.{quoted(str(index))}")
        table = f"{self._schema}.{quoted(layout.name)}"
        execute(f"ALTER TABLE {table} RENAME TO {quoted(before)}")
        execute(layout.create(self._schema, known))
        new, old = zip(*evolution.copied, strict=True)
        execute(
            f"INSERT INTO {table} ({listed(new)}) "
            f"SELECT {listed(old)} FROM {self._schema}.{quoted(before)}"
        )
        execute(f"DROP TABLE {self._schema}.{quoted(before)}")

    def _sql_of(self, table: str) -> str | None:
        found = self._database.execute(
            f"SELECT sql FROM {self._schema}.sqlite_schema "
            "WHERE type = 'table' AND name = ?",
            (table,),
        ).get
        assert found is None or isinstance(found, str)
        return found

    def _relabel(self, evolution: Evolution) -> None:
        """Give rows the labels of today, where options were called otherwise.

        Their rows did not change for Pipedrive.
        """
        known = {
            (one.role, one.type): one for one in self._before(evolution.layout.name)
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
        changed: Mapping[int | str, str | None],
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
            f"UPDATE {self._schema}.{quoted(evolution.layout.name)} SET "
            f"{quoted(name)} = labelled({quoted(ids)}) WHERE is_changed({quoted(ids)})"
        )


def _ids_of(layout: Layout, column: Column) -> Column | None:
    """The column that holds the ids of a column's labels."""
    for other in layout.columns:
        same = (other.at or other.name) == (column.at or column.name)
        if same and other.form not in (Form.LABEL, Form.LABELS):
            return other
    return None
