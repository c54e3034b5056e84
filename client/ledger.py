"""What was sent with which token: in a file that all processes of a machine share.

An SQLite file of three tables: `tokens` (a window for each, which only a hash names),
`companies` and `days`. It is never waited for longer than a few milliseconds. Where it
cannot be used, the process goes on with what it has in memory, and `notice` says so.

Beside it each process has a file that it keeps locked, so that others see when it has
ended, however that came.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import BinaryIO

import apsw
import msgspec

from .day import Day
from .ledger_file import Broken, Company, Page, alive, keep, marked, opened, read
from .window import Window

FILE = "ledger.db"


class Busy(Exception):
    """Another process is writing; a moment later it will not."""


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
        return alive(self._folder / owner)

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
                self._database = opened(self._folder / FILE)
            except (apsw.NotADBError, apsw.CorruptError, Broken):
                self._database = self._anew(self._folder / FILE)
            self._mark, self.owner = marked(self._folder)
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
        return opened(path)

    def _read(self, token: str, company: str, day: str) -> Page:
        if self._database is None:
            return self._memory.page(token, company, day)
        try:
            self._database.execute("BEGIN IMMEDIATE")
            return read(self._database, token, company, day)
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
            keep(self._database, token, company, day, page, before)
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


_here = Ledger()
_ledgers: dict[Path, tuple[Ledger, int]] = {}
_lock = Lock()


def joined(folder: Path | None) -> Ledger:
    """The ledger in this folder, one for the process; `parted` has to come later."""
    if folder is None:
        return _here
    with _lock:
        ledger, users = _ledgers.get(folder) or (Ledger(folder), 0)
        _ledgers[folder] = ledger, users + 1
    return ledger


def parted(folder: Path | None) -> None:
    """One less uses the ledger; the last one closes it."""
    if folder is None:
        return
    with _lock:
        ledger, users = _ledgers.pop(folder)
        if users > 1:
            _ledgers[folder] = ledger, users - 1
        else:
            ledger.close()
