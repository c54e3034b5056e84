"""The SQLite file of the ledger, and the files of the processes that use it."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep, time
from typing import BinaryIO, cast

import apsw
import msgspec

from .day import Day
from .journal import locked
from .window import Window

_VERSION = 2
_PATIENCE = 30  # tenths of a millisecond; nobody holds the file for so long
_PATIENCE_AT_FIRST = 1_000  # milliseconds, while others may make the file
_OLDEST = timedelta(days=365)  # of days that are kept
_LEFT_OVER = 60.0  # seconds, after which a file without a lock is of no process
_SCHEMA = """
CREATE TABLE tokens(token TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE companies(
  company TEXT PRIMARY KEY, budget INTEGER, blocked REAL NOT NULL, ahead REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE days(
  company TEXT NOT NULL, day TEXT NOT NULL, requests INTEGER NOT NULL,
  spent INTEGER NOT NULL, heard INTEGER NOT NULL, silent INTEGER NOT NULL,
  remaining INTEGER, told REAL NOT NULL, allowed INTEGER NOT NULL,
  PRIMARY KEY (company, day)
) WITHOUT ROWID;
"""
_WINDOW = "SELECT state FROM tokens WHERE token = ?"
_COMPANY = "SELECT budget, blocked, ahead FROM companies WHERE company = ?"
_DAY = """SELECT requests, spent, heard, silent, remaining, told, allowed FROM days
WHERE company = ? AND day = ?"""
_WINDOWS = msgspec.json.Decoder(Window)


class Company(msgspec.Struct, array_like=True):
    """What outlasts a day. `blocked` is until when, in seconds since 1970 by our clock;
    `ahead` are the seconds that Pipedrive's clock is before ours.
    """

    budget: int | None = None
    blocked: float = 0.0
    ahead: float = 0.0


class Page(msgspec.Struct):
    """What is known of a token, its company and the day."""

    window: Window
    company: Company
    day: Day

    def texts(self) -> tuple[bytes, ...]:
        """What it is made of, to see what has changed."""
        return tuple(map(msgspec.json.encode, (self.window, self.company, self.day)))


class Broken(Exception):
    """The file has faults, or is of another version."""


def opened(path: Path) -> apsw.Connection:
    """The file, made if it is not there. Raises apsw.Error, OSError and Broken."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    database = apsw.Connection(str(path))
    try:
        database.set_busy_timeout(_PATIENCE_AT_FIRST)
        if database.pragma("journal_mode", "wal") != "wal":
            raise OSError(0, "no memory can be shared there")
        # What a loss of power may cost is one day's count.
        database.pragma("synchronous", "off")
        database.execute("BEGIN IMMEDIATE")
        version = database.pragma("user_version")
        if version == 0:
            database.execute(_SCHEMA)
            database.pragma("user_version", _VERSION)
        elif version != _VERSION or database.pragma("quick_check") != "ok":
            raise Broken
        oldest = datetime.now(UTC) - _OLDEST
        database.execute("DELETE FROM days WHERE day < ?", (f"{oldest:%Y-%m-%d}",))
        database.execute("COMMIT")
        database.set_busy_handler(_patient)
    except BaseException:
        database.close(True)
        raise
    return database


def _patient(tries: int) -> bool:
    """Wait for another process; SQLite itself would wait for longer than that takes."""
    sleep(0.0001)
    return tries < _PATIENCE


def marked(folder: Path) -> tuple[BinaryIO, str]:
    """A new file for this process, locked; those of ended processes go."""
    for path in folder.glob("*.process"):
        with suppress(OSError):
            if time() - path.stat().st_mtime > _LEFT_OVER:
                with path.open("r+b") as file:
                    ended = locked(file)
                if ended:
                    path.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(".process", dir=folder)
    file = os.fdopen(handle, "r+b")
    locked(file)
    return file, Path(name).name


def alive(path: Path) -> bool:
    """Whether the process whose file this is has not ended."""
    try:
        with path.open("r+b") as file:
            if not locked(file):
                return True
        path.unlink(missing_ok=True)
    except OSError:
        return path.exists()
    return False


def read(database: apsw.Connection, token: str, company: str, day: str) -> Page:
    found = database.execute(_WINDOW, (token,)).fetchone()
    whose = database.execute(_COMPANY, (company,)).fetchone()
    spent = database.execute(_DAY, (company, day)).fetchone()
    return Page(
        _WINDOWS.decode(cast("str", found[0])) if found else Window(),
        msgspec.convert(whose, Company) if whose else Company(),
        msgspec.convert(spent, Day) if spent else Day(),
    )


def keep(
    database: apsw.Connection,
    token: str,
    company: str,
    day: str,
    page: Page,
    before: tuple[bytes, ...],
) -> None:
    """Write what has changed."""
    window, whose, spent = page.texts()
    if window != before[0]:
        database.execute("REPLACE INTO tokens VALUES (?, ?)", (token, window.decode()))
    if whose != before[1]:
        values = (company, *msgspec.structs.astuple(page.company))
        database.execute("REPLACE INTO companies VALUES (?, ?, ?, ?)", values)
    if spent != before[2]:
        values = (company, day, *msgspec.structs.astuple(page.day))
        database.execute("REPLACE INTO days VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
