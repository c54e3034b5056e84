"""The tables of one account, in an SQLite schema of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..catalog import TABLES
from ..catalog.fields import complete
from ..catalog.filter_sql import informed
from ..catalog.table import Table
from ..client.metadata import Metadata
from ..client.temporary import TemporaryFilters
from ..client.transport import Client
from ..client.usage import Meter
from ..client.writer import Writer
from ..planner.table_names import HOME
from ..store.saving import Saving
from ..store.store import Store


class Schema:
    """An account behind a name of SQLite's: "temp" for the first one, or "acme".

    Nothing in it is shared with other accounts: the client, the rows that are kept for
    `cache_ttl` seconds, what is remembered in `folder`, and the fields. `meter` gives
    the bill of the statement that is run.
    """

    def __init__(
        self,
        name: str,
        client: Client,
        cache_ttl: float,
        folder: Path | None,
        meter: Callable[[], Meter],
    ) -> None:
        self.name = name
        self.client = client
        self.store = Store(client, cache_ttl, folder)
        self.metadata = Metadata(client, folder, meter)
        self._folder = folder
        self._meter = meter

    @property
    def label(self) -> str:
        """What goes before a line that is about this account, "" for the first one."""
        return "" if self.name == HOME else f"{self.name}: "

    @property
    def notices(self) -> list[str]:
        """What a user should know: the fields are old, or cannot be kept."""
        told = [self.metadata.notice] if self.metadata.notice else []
        told += [self.client.limits.notice] if self.client.limits.notice else []
        told += self.store.saving.notices if self.store.saving else []
        return [f"{self.label}{one}" for one in told]

    def tables(self, *, anew: bool = False) -> list[Table]:
        """Its tables with their custom fields; asked `anew`, from Pipedrive.

        Raises RequestError's classes.
        """
        found = self.metadata.fields(anew=anew)
        own = "" if self.name == HOME else self.name
        completed = informed(
            {
                t.name: replace(complete(t, found.get(t.fields, ())), schema=own)
                for t in TABLES
            }
        )
        served = {name: _served(table, completed) for name, table in completed.items()}
        self.store.tables = served
        return list(served.values())

    def save_filters(self) -> None:
        """Make temporary filters, if the client may; left-overs go at once."""
        if not isinstance(self.client, Writer):
            return
        saving = Saving(TemporaryFilters(self.client, self._folder), self.metadata)
        if self._folder is not None:
            saving.sweep(self._meter())
        self.store.saving = saving

    def hurry(self) -> None:
        """The process is to end: what is deleted may take a moment only."""
        if self.store.saving is not None:
            self.store.saving.hurry()

    def close(self) -> None:
        """Delete the filters that are left, and forget everything."""
        if self.store.saving is not None:
            self.store.saving.close()
        self.store.close()


def _served(table: Table, tables: dict[str, Table]) -> Table:
    return table.over(tables[table.source]) if table.source else table
