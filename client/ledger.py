"""What was sent with which token: in a file that all processes of a machine share.

An SQLite file of three tables: `tokens` (a window for each, which only a hash names),
`companies` and `days`. It is never waited for longer than a few milliseconds. Where it
cannot be used, the process goes on with what it has in memory, and `notice` says so.

Beside it each process has a file that it keeps locked, so that others see when it has
ended, however that came.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from time import time
from typing import BinaryIO, cast

import apsw
import msgspec

from .day import Day
from .journal import locked
from .window import Window

FILE = "ledger.db"

_VERSION = 1
_PATIENCE = 5  # milliseconds; nobody holds the file for so long
_PATIENCE_AT_FIRST = 1_000  # milliseconds, while others may make the file
_OLDEST = timedelta(days=30)  # of days that are kept
_LEFT_OVER = 60.0  # seconds, after which a file without a lock is of no process
_SCHEMA = """
CREATE TABLE tokens(token TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE companies(
  company TEXT PRIMARY KEY, budget INTEGER, blocked REAL NOT NULL, ahead REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE days(
  company TEXT NOT NULL, day TEXT NOT NULL, requests INTEGER NOT NULL,
  spent INTEGER NOT NULL, remaining INTEGER, told REAL NOT NULL,
  spent_then INTEGER NOT NULL, PRIMARY KEY (company, day)
) WITHOUT ROWID;
"""
_WINDOW = "SELECT state FROM tokens WHERE token = ?"
_COMPANY = "SELECT budget, blocked, ahead FROM companies WHERE company = ?"
_DAY = """SELECT requests, spent, remaining, told, spent_then FROM days
WHERE company = ? AND day = ?"""
_WINDOWS = msgspec.json.Decoder(Window)


class Busy(Exception):
    """Another process is writing; a moment later it will not."""


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


@dataclass(slots=True)
class _Memory:
    """The same for one process alone."""

    windows: dict[str, Window] = field(default_factory=dict)
    companies: dict[str, Company] = field(default_factory=dict)
    days: dict[tuple[str, str], Day] = field(default_factory=dict)

    def page(self, token: str, company: str, day: str) -> Page:
        return Page(
            self.windows.setdefault(token, Window()),
            self.companies.setdefault(company, Company()),
            self.days.setdefault((company, day), Day()),
        )

    def keep(self, token: str, company: str, day: str, page: Page) -> None:
        self.windows[token] = page.window
        self.companies[company] = page.company
        self.days[company, day] = page.day


class Ledger:
    """The file in a folder; without one, the memory of this process.

    `owner` names the process in windows.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.notice = ""
        self._folder = folder
        self._begin()

    @contextmanager
    def open(self, token: str, company: str, day: str) -> Iterator[Page]:
        """The page of this token, company and day ("2026-09-30"), to read and change.

        Nothing is changed if an exception leaves the block. Raises Busy if another
        process has the file.
        """
        if self._process != os.getpid():
            self._inherited = self._database, self._mark  # only the parent closes them
            self._begin()
        with self._lock:
            page = self._read(token, company, day)
            before = page.texts() if self._database is not None else ()
            try:
                yield page
            except BaseException:
                self._undo()
                raise
            self._write(token, company, day, page, before)

    def alive(self, owner: str) -> bool:
        """Whether the process of this name has not ended."""
        if self._folder is None or owner == self.owner:
            return True
        path = self._folder / owner
        try:
            with path.open("r+b") as file:
                if not locked(file):
                    return True
            path.unlink(missing_ok=True)
        except OSError:
            return path.exists()
        return False

    def close(self) -> None:
        """Leave the file; again does nothing."""
        if self._process != os.getpid():
            return
        with self._lock:
            self._leave()

    def _begin(self) -> None:
        self.owner = ""
        self._process = os.getpid()
        self._lock = Lock()
        self._memory = _Memory()
        self._mark: BinaryIO | None = None
        self._database: apsw.Connection | None = None
        if self._folder is None:
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._database = _opened(self._folder / FILE)
            except (apsw.NotADBError, apsw.CorruptError, _Broken):
                self._database = self._anew(self._folder / FILE)
            self._mark, self.owner = _marked(self._folder)
        except (OSError, apsw.Error) as error:
            self._give_up(error)

    def _anew(self, path: Path) -> apsw.Connection:
        aside = path.with_suffix(".broken")
        os.replace(path, aside)
        for end in ("-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        self.notice = (
            f"What was spent today was not readable in {path}. It is counted anew from "
            f"now on; the old file is {aside.name}."
        )
        return _opened(path)

    def _read(self, token: str, company: str, day: str) -> Page:
        if self._database is None:
            return self._memory.page(token, company, day)
        try:
            self._database.execute("BEGIN IMMEDIATE")
            return _page(self._database, token, company, day)
        except apsw.BusyError as error:
            raise Busy from error
        except (apsw.Error, msgspec.MsgspecError) as error:
            self._give_up(error)
            return self._memory.page(token, company, day)

    def _write(
        self, token: str, company: str, day: str, page: Page, before: tuple[bytes, ...]
    ) -> None:
        if self._database is None:
            return
        try:
            _keep(self._database, token, company, day, page, before)
            self._database.execute("COMMIT")
        except apsw.Error as error:
            self._give_up(error)
            self._memory.keep(token, company, day, page)

    def _undo(self) -> None:
        if self._database is None:
            return
        try:
            self._database.execute("ROLLBACK")
        except apsw.Error as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Go on in memory."""
        self._leave()
        why = error.strerror if isinstance(error, OSError) else str(error)
        self.notice = (
            f"What is spent cannot be noted in {self._folder} ({why}). Limits are kept "
            "by this process alone: others with the same token may pass them."
        )

    def _leave(self) -> None:
        if self._database is not None:
            self._database.close(True)
            self._database = None
        if self._mark is not None:
            self._mark.close()
            self._mark = None


class _Broken(Exception):
    """The file has faults, or is of another version."""


def _opened(path: Path) -> apsw.Connection:
    """The file, made if it is not there. Raises apsw.Error, OSError and _Broken."""
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
            raise _Broken
        oldest = datetime.now(UTC) - _OLDEST
        database.execute("DELETE FROM days WHERE day < ?", (f"{oldest:%Y-%m-%d}",))
        database.execute("COMMIT")
        database.set_busy_timeout(_PATIENCE)
    except BaseException:
        database.close(True)
        raise
    return database


def _marked(folder: Path) -> tuple[BinaryIO, str]:
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


def _page(database: apsw.Connection, token: str, company: str, day: str) -> Page:
    found = database.execute(_WINDOW, (token,)).fetchone()
    whose = database.execute(_COMPANY, (company,)).fetchone()
    spent = database.execute(_DAY, (company, day)).fetchone()
    return Page(
        _WINDOWS.decode(cast("str", found[0])) if found else Window(),
        msgspec.convert(whose, Company) if whose else Company(),
        msgspec.convert(spent, Day) if spent else Day(),
    )


def _keep(
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
        database.execute("REPLACE INTO days VALUES (?, ?, ?, ?, ?, ?, ?)", values)
