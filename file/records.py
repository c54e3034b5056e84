"""What the file tells about itself: tables whose names begin with _.

`_sync` is how each table came here, `_fields` and `_columns` what its columns are,
`_deleted` the rows that Pipedrive has no more, `_schema_changes` what became of
columns, `_settings` whose file it is and what was left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

import apsw

from ..catalog.fields import Field
from ..catalog.values import json_text
from .layout import Layout, Stored

APPLICATION_ID = 0x50445351  # "PDSQ": what tells this program's files
VERSION = 1  # of the tables below; `user_version` of the file

_TABLES = """
CREATE TABLE IF NOT EXISTS {schema}._sync ( -- How each table came here.
  table_name TEXT PRIMARY KEY,
  as_of TIMESTAMP,  -- What it shows is at least as new, by Pipedrive's clock, in UTC.
  rows INTEGER,
  complete BOOLEAN,  -- Whether all its rows are here; 0 before it was read once.
  how TEXT,  -- "whole", or "changes" since the run before.
  tokens INTEGER,  -- API tokens of the run that brought it, for all its family.
  seconds REAL,  -- That Pipedrive took to answer.
  error TEXT,  -- Why the latest run could not bring it up to date, else null.
  tried TIMESTAMP,  -- When the latest run began.
  swept TIMESTAMP  -- When it was last read whole.
);
CREATE TABLE IF NOT EXISTS {schema}._fields ( -- The fields of the account.
  entity TEXT,
  field_key TEXT,  -- Pipedrive's key, 40 hex digits for custom fields.
  label TEXT,
  type TEXT,
  is_custom BOOLEAN,
  options TEXT,  -- JSON: id and label of each choice.
  PRIMARY KEY (entity, field_key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS {schema}._columns ( -- The columns of each table.
  table_name TEXT,
  position INTEGER,
  name TEXT,
  type TEXT,
  about TEXT,
  refers_to TEXT,  -- "table.column"
  field_key TEXT,
  role TEXT,  -- Where its value stands in what Pipedrive sends, and how it is made.
  options TEXT,  -- JSON: the labels of its values, null for ids without one.
  gone TIMESTAMP,  -- Since when Pipedrive has its field no more.
  PRIMARY KEY (table_name, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS {schema}._deleted ( -- Rows that Pipedrive has no more.
  table_name TEXT,
  id,
  seen TIMESTAMP,  -- When a run found it gone.
  PRIMARY KEY (table_name, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS {schema}._schema_changes ( -- What became of columns.
  seen TIMESTAMP,
  table_name TEXT,
  column_name TEXT,
  change TEXT,  -- added, renamed, retyped, removed or restored
  before TEXT,  -- The name or type that it had.
  after TEXT,
  field_key TEXT
);
CREATE TABLE IF NOT EXISTS {schema}._settings ( -- Whose file it is, what is left out.
  name TEXT PRIMARY KEY,
  value TEXT
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Synced:
    """A row of `_sync`."""

    table: str
    as_of: str | None = None
    rows: int = 0
    complete: int = 0
    how: str | None = None
    tokens: int = 0
    seconds: float = 0.0
    error: str | None = None
    tried: str | None = None
    swept: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a column: a row of `_schema_changes` without its time."""

    table: str
    column: str
    change: str
    before: str | None
    after: str | None
    field_key: str


class Records:
    """These tables in one schema of a connection."""

    def __init__(self, database: apsw.Connection, schema: str) -> None:
        self._database = database
        self._schema = schema

    def create(self) -> None:
        """Make those that are not there."""
        self._database.execute(_TABLES.format(schema=self._schema))
        self._database.execute(
            f"PRAGMA {self._schema}.application_id = {APPLICATION_ID};"
            f"PRAGMA {self._schema}.user_version = {VERSION}"
        )

    @property
    def synced(self) -> dict[str, Synced]:
        """`_sync` by table."""
        rows = self._database.execute(f"SELECT * FROM {self._schema}._sync")
        return {str(row[0]): Synced(*row) for row in rows}

    def save_synced(self, rows: Iterable[Synced]) -> None:
        """Put these in place of what was there of their tables."""
        self._many("REPLACE INTO {}._sync VALUES", (astuple(row) for row in rows))

    def columns(self, table: str) -> list[Stored]:
        """`_columns` of a table, in the order of the file."""
        rows = self._database.execute(
            "SELECT name, type, about, refers_to, field_key, role, options, gone "
            f"FROM {self._schema}._columns WHERE table_name = ? ORDER BY position",
            (table,),
        )
        return [Stored(*(value or "" for value in row)) for row in rows]

    def save_columns(self, layout: Layout) -> None:
        """Put a table's columns in place of what was there."""
        self._database.execute(
            f"DELETE FROM {self._schema}._columns WHERE table_name = ?", (layout.name,)
        )
        rows = [
            (layout.name, number, *(value or None for value in astuple(one)))
            for number, one in enumerate(layout.stored)
        ]
        self._many("INSERT INTO {}._columns VALUES", rows)

    def save_fields(self, fields: Mapping[str, Sequence[Field]]) -> None:
        """Put the account's fields in place of what was there."""
        self._database.execute(f"DELETE FROM {self._schema}._fields")
        self._many("INSERT INTO {}._fields VALUES", _fields(fields))

    def add_changes(self, seen: str, changes: Iterable[Change]) -> None:
        """Remember what became of columns."""
        rows = ((seen, *astuple(change)) for change in changes)
        self._many("INSERT INTO {}._schema_changes VALUES", rows)

    @property
    def renamed(self) -> dict[tuple[str, str], list[str]]:
        """The names that columns had, by table and the name of today."""
        found: dict[tuple[str, str], list[str]] = {}
        for table, before, after in self._database.execute(
            f"SELECT table_name, before, after FROM {self._schema}._schema_changes "
            "WHERE change = 'renamed' ORDER BY rowid"
        ):
            old = found.pop((str(table), str(before)), [])
            found[str(table), str(after)] = [*old, str(before)]
        return found

    @property
    def settings(self) -> dict[str, str]:
        """`_settings` by name."""
        rows = self._database.execute(
            f"SELECT name, value FROM {self._schema}._settings"
        )
        return {str(name): str(value) for name, value in rows}

    def save_settings(self, settings: Mapping[str, str]) -> None:
        """Put these in place of what was there."""
        self._database.execute(f"DELETE FROM {self._schema}._settings")
        self._many("INSERT INTO {}._settings VALUES", settings.items())

    def _many(self, insert: str, rows: Iterable[Sequence[object]]) -> None:
        for row in rows:
            blanks = ", ".join("?" * len(row))
            text = f"{insert.format(self._schema)} ({blanks})"
            self._database.execute(text, row)


def _fields(fields: Mapping[str, Sequence[Field]]) -> Iterator[tuple[object, ...]]:
    for entity, some in fields.items():
        for one in {field.code: field for field in some}.values():
            options = [{"id": i, "label": n} for i, n in one.options.items()]
            yield (
                entity,
                one.code,
                one.name,
                one.type,
                int(one.is_custom),
                json_text(options),
            )
