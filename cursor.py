"""A cursor by the rules of PEP 249, over one of APSW's."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Self

import apsw

from .catalog.values import SQLValue
from .client.usage import Usage
from .errors import DataError, InterfaceError, ProgrammingError, Warning
from .planner.statement import BLANK
from .store.run import Run
from .vtables.faults import translated
from .vtables.live import Live

Row = tuple[Any, ...]
Parameters = Sequence[SQLValue | bytes] | Mapping[str, SQLValue | bytes]
Description = tuple[tuple[str, str | None, None, None, None, None, None], ...]


class Cursor:
    """Runs statements and hands out their rows.

    `description` has a 7-tuple for each column: its name, the declared type where
    SQLite knows one, and None. `rowcount` is the rows that an INSERT, UPDATE or DELETE
    on a local table changed, else -1. Rows come while Pipedrive's pages do. `messages`
    are what a user should know about the statement, as pairs of Warning and one of it:
    that `*` pays for columns by a request for each row.
    """

    def __init__(self, database: apsw.Connection, live: Live) -> None:
        self.arraysize = 1
        self.description: Description | None = None
        self.rowcount = -1
        self.messages: list[tuple[type[Warning], Warning]] = []
        self._database = database
        self._live = live
        self._run: Run | None = None
        self._spent = Usage()
        self._text = ""
        self._many = False
        self._closed = False
        self._failed = False
        self._released = False
        self._cursor = self._opened()

    @property
    def usage(self) -> Usage:
        """What `execute` or `executemany` has cost, up to the rows fetched so far."""
        return self._spent + self._run.meter.usage if self._run else self._spent

    def execute(self, sql: str, parameters: Parameters = ()) -> Self:
        """Run one statement; `?` takes a sequence, `:name` a mapping."""
        self._start(sql, many=False)
        return self._execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Parameters]) -> Self:
        """Run one statement for each set of parameters; it may not give rows."""
        self._start(sql, many=True)
        changed = 0
        for each in parameters:
            self._execute(sql, each)
            changed += max(self.rowcount, 0)
        self.rowcount = changed
        return self

    def fetchone(self) -> Row | None:
        """The next row, None behind the last one."""
        self._check_fetchable()
        return next(self, None)

    def fetchmany(self, size: int | None = None) -> list[Row]:
        """The next `size` rows (`arraysize` unless given), fewer at the end."""
        self._check_fetchable()
        wanted = self.arraysize if size is None else size
        return self._take(wanted)

    def fetchall(self) -> list[Row]:
        """All rows that are left."""
        self._check_fetchable()
        return self._take(None)

    def __iter__(self) -> Iterator[Row]:
        return self

    def __next__(self) -> Row:
        self._check_open()
        for row in self._take(1):
            return row
        raise StopIteration

    def _take(self, count: int | None) -> list[Row]:
        """The next rows, all that are left without a count."""
        if self._failed:
            raise ProgrammingError(
                "The statement failed, and its rows are not all here. Execute it again."
            )
        if self._run is not None:
            self._live.run = self._run
            for run in (self._run, *self._run.beside):
                run.eager = count is None
        try:
            rows = list(islice(self._cursor, count))
        except BaseException as error:
            self._failed = True
            self._stop()
            self._cursor.close(True)  # lets go of the tables that it reads
            self._released = True
            if isinstance(error, apsw.Error):
                raise translated(error, self._text, self._live.names) from error
            raise
        if count is None or len(rows) < count:
            self._stop()
        return rows

    def close(self) -> None:
        """Let go of the statement; requests stop."""
        if not self._closed:
            self._closed = True
            self._stop()
            self._cursor.close(True)

    def setinputsizes(self, sizes: Sequence[object]) -> None:
        """PEP 249 wants it; SQLite has no use for it."""

    def setoutputsize(self, size: int, column: int | None = None) -> None:
        """PEP 249 wants it; SQLite has no use for it."""

    def _opened(self) -> apsw.Cursor:
        """One of APSW's, whose statements this one hears of."""
        cursor = self._database.cursor()
        # A cursor that nobody holds any more shall end at once, not at the next sweep.
        itself = weakref.ref(self)

        def traced(cursor: apsw.Cursor, text: str, bindings: object) -> bool:
            found = itself()
            return found is None or found._traced(text, cursor, bindings)

        cursor.exec_trace = traced
        return cursor

    def _start(self, sql: str, *, many: bool) -> None:
        self._check_open()
        check_text(sql)
        self._text = sql
        self._many = many
        self._run = None
        self._failed = False
        self._spent = Usage()
        self.messages.clear()
        self.description = None
        self.rowcount = -1

    def _execute(self, sql: str, parameters: Parameters) -> Self:
        _check_parameters(parameters)
        if self._run is not None:
            self._spent += self._run.meter.usage
            self._run = None
        self._failed = True
        try:
            if self._released:
                self._cursor, self._released = self._opened(), False
            before = self._database.total_changes()
            with self._live.preparing(sql):
                self._cursor.execute(sql, parameters or None)
            changed = self._database.total_changes() - before
            self._failed = False
        except apsw.Error as error:
            raise translated(error, sql, self._live.names) from error
        except KeyError as error:
            if not isinstance(parameters, Mapping) or error.args[0] in parameters:
                raise
            raise no_value(error.args[0]) from error
        finally:
            if self._failed:
                self._stop()
        if self.description is None:
            self._stop()
            self.rowcount = changed if _CHANGES.match(sql) else -1
        return self

    def _stop(self) -> None:
        if self._run is not None:
            self._run.meter.stop()

    def _traced(self, text: str, cursor: apsw.Cursor, bindings: object) -> bool:
        if self._run is not None:
            return True  # nothing but blanks and comments is left
        if not BLANK.fullmatch(self._text, len(text)):
            raise ProgrammingError(
                "One statement at a time: execute() was given more than one, and ran "
                "none. Split them, or run them in the shell."
            )
        columns = cursor.get_description()
        if columns and self._many:
            raise ProgrammingError(
                "executemany() is for statements that give no rows. "
                "Use execute() for a SELECT."
            )
        if columns:
            self.description = tuple(
                (name, kind, None, None, None, None, None) for name, kind in columns
            )
        self._run = self._live.begin(text, cursor, bindings)
        if self._live.hint:
            self.messages.append((Warning, Warning(self._live.hint)))
        return True

    def _check_fetchable(self) -> None:
        self._check_open()
        if self.description is None:
            raise ProgrammingError("There are no rows to fetch: run a SELECT first.")

    def _check_open(self) -> None:
        if self._closed:
            raise InterfaceError("The cursor is closed. Open a new one: con.cursor().")


_CHANGES = re.compile(
    BLANK.pattern + r"(?:insert|update|delete|replace|with)\b",
    re.DOTALL | re.IGNORECASE,
)
_LARGEST = 2**63


def check_text(sql: str) -> None:
    """Refuse what SQLite cannot even be given."""
    if not isinstance(sql, str) or "\0" in sql or not _encodable(sql):
        raise ProgrammingError(
            "A statement must be a text without null characters and broken surrogates."
        )


def no_value(name: str) -> ProgrammingError:
    """The error for a parameter that is in the statement and not among the values."""
    return ProgrammingError(
        f"The statement has a parameter :{name}, but no value was given for it."
    )


def _check_parameters(parameters: Parameters) -> None:
    """Refuse values that SQLite has no type for."""
    if not isinstance(parameters, Sequence | Mapping):
        raise ProgrammingError(
            "Parameters must be a sequence for ? or a mapping for :name, not "
            f"{type(parameters).__name__}."
        )
    for value in parameters.values() if isinstance(parameters, Mapping) else parameters:
        if not isinstance(value, int | float | str | bytes | None):
            raise ProgrammingError(
                f"SQLite has no type for a parameter of type {type(value).__name__}: "
                "give an int, float, str, bytes or None, and times as text, as in "
                "2026-09-01 10:00:00."
            )
        if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
            raise DataError(f"The parameter {value} does not fit into 64 bits.")
        if isinstance(value, str) and not _encodable(value):
            raise DataError("A text parameter has broken surrogates.")


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
