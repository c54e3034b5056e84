"""What readers see at the moment: the file as the latest run left it."""

from __future__ import annotations

from pathlib import Path

import apsw

from .layout import Stored, quoted
from .records import Records, Synced


class Published:
    """The state of a file, which may not be there yet."""

    def __init__(self, target: Path) -> None:
        self.synced: dict[str, Synced] = {}
        self.columns: dict[str, list[Stored]] = {}
        self.settings: dict[str, str] = {}
        self._database: apsw.Connection | None = None
        if target.exists() and target.stat().st_size:
            database = apsw.Connection(str(target), flags=apsw.SQLITE_OPEN_READONLY)
            records = Records(database, "main")
            self.synced = records.synced
            self.columns = records.columns
            self.settings = records.settings
            self._database = database

    @property
    def exists(self) -> bool:
        """Whether there is a file."""
        return self._database is not None

    @property
    def tables(self) -> list[str]:
        """The tables that were read to their end at least once."""
        return [name for name, row in self.synced.items() if row.complete]

    def latest(self, table: str, column: str) -> str | None:
        """The largest value of a column."""
        if self._database is None:
            return None
        names = {one.name for one in self.columns.get(table, ())}
        if column not in names:
            return None
        found = self._database.execute(
            f"SELECT max({quoted(column)}) FROM {quoted(table)}"
        ).get
        return found if isinstance(found, str) else None

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
