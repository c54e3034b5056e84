"""What readers see at the moment: the file as the latest run left it."""

from __future__ import annotations

from functools import cached_property

import apsw

from .layout import Stored, quoted
from .records import Records, Synced
from .staging import Staging

SCHEMA = "published"


class Published:
    """One version of the file, which may not be there yet.

    It is attached to what is staged when it is first looked into.
    """

    def __init__(self, staging: Staging) -> None:
        target = staging.target
        self.exists = target.exists() and target.stat().st_size > 0
        self._staging = staging
        self._attached = False
        self._columns: dict[str, list[Stored]] = {}
        self._latest: dict[tuple[str, str], str | None] = {}

    def renew(self, staging: Staging) -> None:
        """Another run is about the same version."""
        self._staging = staging

    @property
    def database(self) -> apsw.Connection:
        """Where the version is attached. There has to be one."""
        database = self._staging.database
        if not self._attached:
            address = f"{self._staging.target.absolute().as_uri()}?mode=ro"
            database.execute(f"ATTACH ? AS {SCHEMA}", (address,))
            self._attached = True
        return database

    @cached_property
    def synced(self) -> dict[str, Synced]:
        """`_sync` by table."""
        return self._records.synced if self.exists else {}

    @cached_property
    def settings(self) -> dict[str, str]:
        """`_settings` by name."""
        return self._records.settings if self.exists else {}

    @property
    def tables(self) -> list[str]:
        """The tables that were read to their end at least once."""
        return [name for name, row in self.synced.items() if row.complete]

    def columns(self, table: str) -> list[Stored]:
        """The columns of a table, none if it is not there."""
        if self.exists and table not in self._columns:
            self._columns[table] = self._records.columns(table)
        return self._columns.get(table, [])

    def latest(self, table: str, column: str) -> str | None:
        """The largest value of a column, None for none."""
        if not any(one.name == column for one in self.columns(table)):
            return None
        if (table, column) not in self._latest:
            found = self.database.execute(
                f"SELECT max({quoted(column)}) FROM {SCHEMA}.{quoted(table)}"
            ).get
            self._latest[table, column] = found if isinstance(found, str) else None
        return self._latest[table, column]

    def close(self) -> None:
        """Let go of the file."""
        if self._attached:
            self._staging.database.execute(f"DETACH {SCHEMA}")
            self._attached = False

    @property
    def _records(self) -> Records:
        return Records(self.database, SCHEMA)
