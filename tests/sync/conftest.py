"""A company behind the API, and a file that is brought up to date with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipedrive_sql.file.wishes import Planned, Report, Wishes

from ..front_door import Door, connected, opened

DEALS = 620  # more than a page, so that changes are asked for


@dataclass
class Mirrored:
    """The sandbox's door, and the file."""

    door: Door
    path: Path

    def sync(self, **wishes: Any) -> Report:
        """One run."""
        with closing(connected(self.door.sandbox, max_tokens=None)) as connection:
            self.door.sandbox.reset()
            with connection.sync(self.path, Wishes(**wishes)) as run:
                return run.run()

    def plan(self, **wishes: Any) -> list[Planned]:
        """What a run would do."""
        with (
            closing(connected(self.door.sandbox)) as connection,
            connection.sync(self.path, Wishes(**wishes)) as run,
        ):
            return run.plan()

    def read(self, sql: str) -> list[Any]:
        """Rows of the file, as Python's own sqlite3 sees it."""
        uri = f"{self.path.as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as file:
            return file.execute(sql).fetchall()

    def differences(self) -> list[str]:
        """Columns whose values are not those of a live connection, table by table."""
        found = []
        tables = [row[0] for row in self.read("SELECT table_name FROM _sync")]
        with closing(connected(self.door.sandbox, max_tokens=None)) as live:
            for table in tables:
                cursor = live.execute(f"SELECT * FROM {table}")
                names = [column[0] for column in cursor.description or ()]
                quoted = ", ".join(f'"{name}"' for name in names)
                theirs = sorted(cursor.fetchall(), key=repr)
                ours = sorted(self.read(f"SELECT {quoted} FROM {table}"), key=repr)
                if len(ours) != len(theirs):
                    found.append(f"{table}: {len(ours)} rows, not {len(theirs)}")
                for place, name in enumerate(names):
                    if [r[place] for r in ours] != [r[place] for r in theirs]:
                        found.append(f"{table}.{name}")
        return found


@pytest.fixture
def mirrored(tmp_path: Path) -> Iterator[Mirrored]:
    with opened(seed=7, deals=DEALS) as door:
        yield Mirrored(door, tmp_path / "crm.db")
