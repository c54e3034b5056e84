"""What readers see at the moment: the file as the latest run left it."""

from __future__ import annotations

import apsw

from .layout import Stored, quoted
from .records import Records, Synced
from .staging import Staging

SCHEMA = "published"


class Published:
    """The state of the file beside what is staged, which may not be there yet."""

    def __init__(self, staging: Staging) -> None:
        self.synced: dict[str, Synced] = {}
        self.columns: dict[str, list[Stored]] = {}
        self.settings: dict[str, str] = {}
        self._database: apsw.Connection | None = None
        target = staging.target
        if target.exists() and target.stat().st_size:
            address = f"{target.absolute().as_uri()}?mode=ro"
            staging.database.execute(f"ATTACH ? AS {SCHEMA}", (address,))
            self._database = staging.database
            records = Records(self._database, SCHEMA)
            self.synced = records.synced
            self.columns = records.columns
            self.settings = records.settings

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
            f"SELECT max({quoted(column)}) FROM {SCHEMA}.{quoted(table)}"
        ).get
        return found if isinstance(found, str) else None

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.execute(f"DETACH {SCHEMA}")
            self._database = None
