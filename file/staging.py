"""What was read and is not published yet: rows and places, in a file of their own.

`crm.db.staged` lies beside `crm.db`. Each page goes into it in one transaction with the
place that was reached, so that a run that ended at any moment goes on from its last
page. While it is open, SQLite's own lock on it keeps other processes from bringing
the same file up to date. What is short goes to SQLite's temporary database: it is read
again sooner than it is written.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from time import monotonic, sleep
from typing import Self

import apsw
import msgspec

from ..catalog.rows import Row
from ..errors import OperationalError
from ..store.answers import Key
from .layout import Layout, listed, quoted

_FLAGS = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
_LOOKED_EVERY = 0.2  # seconds, while another process holds the file

_PLACES = """
CREATE TABLE IF NOT EXISTS {schema}._places(
    family TEXT, step TEXT, run TEXT, layout TEXT, how TEXT, started TEXT, since TEXT,
    rest TEXT, last TEXT, parent TEXT, pages INTEGER, rows INTEGER, again INTEGER,
    tokens INTEGER, seconds REAL, complete INTEGER, answer TEXT, known INTEGER,
    PRIMARY KEY (family, step)
) WITHOUT ROWID
"""


@dataclass(slots=True)
class Place:
    """How far a step has come.

    `run` is the one that began it, `layout` tells the tables that the rows are in,
    `started` is when the first page was asked for by Pipedrive's clock, `since` from
    when on changes are asked for, None for all rows. `rest` asks for the next page, and
    `last` is the key of the last row of the page before it; `parent` is the last one
    whose rows are all here (both as JSON). `again` are rows that came more than once.
    `answer` tells the only page of a short list from others, and what is `known` was
    not staged, as the file has its rows.
    """

    family: str
    step: str
    run: str
    layout: str
    how: str
    started: str
    since: str | None = None
    rest: str | None = None
    last: str | None = None
    parent: str | None = None
    pages: int = 0
    rows: int = 0
    again: int = 0
    tokens: int = 0
    seconds: float = 0.0
    complete: int = 0
    answer: str | None = None
    known: int = 0


class Staging:
    """The staged rows of one file, and the lock on it.

    `schema` is where they are, once it was opened. `left` counts the rows of a table
    that were seen elsewhere, while it is read side by side with others.
    """

    def __init__(self, target: Path, wait: float = 0.0) -> None:
        self.target = target
        self.path = target.with_name(f"{target.name}.staged")
        self.database = self._locked(monotonic() + wait)
        self.schema = "main"
        self.left: Counter[str] = Counter()

    def open(self, *, short: bool) -> None:
        """Get ready to stage rows, in a temporary database if what is read is `short`.

        Where an earlier run has left something, it is gone on with.
        """
        self.schema = "temp" if short and not self._is_begun() else "main"
        if not self.is_short:
            self.database.execute("PRAGMA main.synchronous = FULL")
        self.database.execute(_PLACES.format(schema=self.schema))

    @property
    def is_short(self) -> bool:
        """Whether what is staged ends with this run."""
        return self.schema == "temp"

    def places(self, family: str) -> dict[str, Place]:
        """The places of a family's steps, by step."""
        rows = self.database.execute(
            f"SELECT {_COLUMNS} FROM {self.schema}._places WHERE family = ?", (family,)
        )
        return {place.step: place for place in (Place(*row) for row in rows)}

    def save(self, place: Place) -> None:
        """Keep a place."""
        values = tuple(getattr(place, name) for name in _NAMES)
        blanks = ", ".join("?" * len(values))
        self.database.execute(
            f"REPLACE INTO {self.schema}._places VALUES ({blanks})", values
        )

    def make(self, layouts: Iterable[Layout]) -> None:
        """Make these tables where they are not there yet."""
        for layout in layouts:
            self.database.execute(layout.draft(self.schema))

    def empty(self, tables: Iterable[str]) -> None:
        """Let go of all rows of these tables."""
        for name in tables:
            self.database.execute(f"DELETE FROM {self.schema}.{quoted(name)}")
            self.left.pop(name, None)

    def known(self, layout: Layout, keys: Sequence[Key]) -> int:
        """How many rows of these keys are here."""
        name, key = quoted(layout.name), quoted(layout.key[0])
        return int(
            self.database.execute(
                f"SELECT count(*) FROM {self.schema}.{name} WHERE {key} IN "
                "(SELECT value FROM json_each(?))",
                (_json(keys),),
            ).get
        )

    def add(self, layout: Layout, rows: Sequence[Row]) -> None:
        """Keep rows; those of the same key go."""
        blanks = ", ".join("?" * len(layout.columns))
        name = f"{self.schema}.{quoted(layout.name)} ({listed(layout.names)})"
        self.database.executemany(f"REPLACE INTO {name} VALUES ({blanks})", rows)

    def leave(self, table: str, column: str, keys: Sequence[Key]) -> None:
        """Let go of a table's rows that have one of these keys in the column."""
        self.database.execute(
            f"DELETE FROM {self.schema}.{quoted(table)} WHERE {quoted(column)} IN "
            "(SELECT value FROM json_each(?))",
            (_json(keys),),
        )
        if self.is_short:
            self.left[table] += self.database.changes()

    def count(self, table: str) -> int:
        """The rows of a table."""
        return int(
            self.database.execute(
                f"SELECT count(*) FROM {self.schema}.{quoted(table)}"
            ).get
        )

    def drop(self, family: str, tables: Iterable[str]) -> None:
        """Let go of a family's rows and places."""
        with self.database:
            self.database.execute(
                f"DELETE FROM {self.schema}._places WHERE family = ?", (family,)
            )
            for name in tables:
                self.database.execute(
                    f"DROP TABLE IF EXISTS {self.schema}.{quoted(name)}"
                )

    def close(self) -> None:
        """Let go of the lock; nothing stays behind where nothing is left to publish."""
        try:
            empty = not self._is_begun()
        except apsw.Error:
            empty = False  # a new version that broke off is attached, and in the way
        if empty and os.name != "nt":
            os.unlink(self.path)  # before others can lock it
        self.database.close()
        if empty and os.name == "nt":
            with contextlib.suppress(OSError):
                os.unlink(self.path)  # another process may have opened it already

    def _is_begun(self) -> bool:
        """Whether lists were begun that are not published."""
        find = "SELECT EXISTS (SELECT 1 FROM main.{})"
        if not self.database.execute(find.format("sqlite_schema")).get:
            return False
        return bool(self.database.execute(find.format("_places")).get)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _locked(self, until: float) -> apsw.Connection:
        """The database, once no other process has it."""
        while True:
            self.path.touch()
            before = self.path.stat().st_ino
            database = apsw.Connection(str(self.path), flags=_FLAGS)
            try:
                database.execute("PRAGMA main.locking_mode = EXCLUSIVE")
                database.execute("PRAGMA main.synchronous = OFF")  # nothing to lose yet
                database.execute("BEGIN EXCLUSIVE; COMMIT")
                # Its last owner may have removed it after it was opened here.
                if self.path.exists() and self.path.stat().st_ino == before:
                    return database
            except apsw.BusyError:
                if monotonic() >= until:
                    database.close()
                    raise OperationalError(
                        f"{self.target} is being brought up to date by another process "
                        "at this moment. Wait for it, or let this one wait: "
                        "--wait SECONDS."
                    ) from None
                sleep(_LOOKED_EVERY)
            except BaseException:
                database.close()
                raise
            database.close()


def _json(keys: Sequence[Key]) -> str:
    return msgspec.json.encode(keys).decode()


_NAMES = tuple(field.name for field in fields(Place))
_COLUMNS = ", ".join(_NAMES)
