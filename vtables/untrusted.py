"""SQL written by others: what it may do, and how much.

An agent, or a visitor of a web page, writes statements that nobody looks at before they
run. SQLite asks the Guard about everything that a statement wants to do while it is
prepared, and what is not allowed by name is refused. Sizes, and the work between two
looks at the clock, are bounded as well.
Source: sqlite.org/security.html, c3ref/set_authorizer.html, limits.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

import apsw

from ..errors import CeilingExceeded, NotAllowed
from .allowed import (
    FUNCTIONS,
    HIDDEN_TABLES,
    PRAGMAS,
    PRAGMAS_OF_NAMES,
    PRIVATE,
    TABLE_FUNCTIONS,
)
from .bounded import bound
from .module import declaration
from .row_ceiling import RowCeiling
from .temporary_files import TemporaryFiles

if TYPE_CHECKING:
    from .live import Live

MAX_ROWS = 10_000  # of a statement, unless another ceiling is given
TIMEOUT = 60.0  # seconds for a statement, unless another time is given
VALUE_BYTES = 1_000_000  # of one text, blob or row; a note may have 100,000
RESULT_BYTES = 50_000_000  # of all rows of a statement
TEMPORARY_BYTES = 200_000_000  # of a connection, for sorting and keeping rows
INSTRUCTIONS = 200_000_000  # of SQLite for a statement: some seconds
SECONDS = 10  # of the processor for a statement; waiting for Pipedrive does not count
TEXT_BYTES = 50_000  # of a statement
DEPTH = 100  # of parentheses in a statement
PATTERNS = 50  # LIKE and GLOB in a statement: each may take half a second
COLUMNS = 500  # of a result, or as many as the widest table has

_LOOK = 100  # of SQLite's instructions; a single one can take half a second
_PAUSE = 0.01  # seconds between two looks at what is spent
# What is no part of the words of a statement: texts, names in quotes, comments.
_QUIET = re.compile(
    r"""'[^']*+'?|"[^"]*+"?|`[^`]*+`?|\[[^\]]*+\]?|--[^\n]*+|/\*.*?(?:\*/|\Z)""",
    re.DOTALL,
)
_PATTERN = re.compile(r"\b(?:like|glob)\b", re.IGNORECASE)

_LIMITS = {
    apsw.SQLITE_LIMIT_LENGTH: VALUE_BYTES,
    apsw.SQLITE_LIMIT_EXPR_DEPTH: 250,
    apsw.SQLITE_LIMIT_PARSER_DEPTH: 500,
    apsw.SQLITE_LIMIT_COMPOUND_SELECT: 100,
    apsw.SQLITE_LIMIT_VDBE_OP: 50_000,
    apsw.SQLITE_LIMIT_FUNCTION_ARG: 200,
    apsw.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    apsw.SQLITE_LIMIT_VARIABLE_NUMBER: 1_000,
    apsw.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    apsw.SQLITE_LIMIT_WORKER_THREADS: 0,
    apsw.SQLITE_LIMIT_ATTACHED: 0,
}
_SETTINGS = {
    apsw.SQLITE_DBCONFIG_DEFENSIVE: 1,
    apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA: 0,
    apsw.SQLITE_DBCONFIG_WRITABLE_SCHEMA: 0,
    apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER: 0,
    apsw.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION: 0,
    apsw.SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER: 0,
}
_SCHEMA = ("sqlite_master", "sqlite_temp_master", "sqlite_schema", "sqlite_temp_schema")
_WHY = (
    "The connection is open for SQL of others (untrusted), which may only read. Leave "
    "untrusted out for statements of your own."
)


class Guard:
    """Allows statements of others to read on one SQLite connection, and no more.

    Until `enforce` nothing is refused, so that tables can be made. Functions that are
    registered later are the owner's own, and allowed.
    """

    def __init__(self, max_rows: int) -> None:
        self.max_rows = max_rows
        self._refusal: NotAllowed | None = None
        self._files = TemporaryFiles(TEMPORARY_BYTES)
        self._live: Live | None = None
        self._instructions = 0
        self._began = 0.0
        self._next = 0.0
        self._refused: frozenset[str] = frozenset()
        self._hidden: frozenset[str] = frozenset()
        self._usual: dict[int, int] = {}

    def open(self, database: str) -> apsw.Connection:
        """The SQLite file, to be read only."""
        in_memory = database in ("", ":memory:")
        # Told by its address, as flags would also hold for schemas of other accounts.
        name = (
            database if in_memory else f"{Path(database).absolute().as_uri()}?mode=ro"
        )
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI
        opened = apsw.Connection(name, flags=flags, vfs=self._files.name)
        self._refused = _names(opened, "pragma_function_list") - FUNCTIONS
        modules = _names(opened, "pragma_module_list") | HIDDEN_TABLES
        self._hidden = modules - TABLE_FUNCTIONS
        return opened

    def enforce(self, live: Live) -> None:
        """From now on SQL is that of others."""
        self._live = live
        live.guard = self
        database = live.database
        bound(database, live.watch)
        for setting, value in _SETTINGS.items():
            database.config(setting, value)
        # In place of the connection's own: with several of them APSW 3.54 goes on with
        # the statement when one raises.
        database.set_progress_handler(self._computing, _LOOK)
        self._restrict(live)

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """While it lasts, SQL is the connection's own."""
        live = self._live
        assert live is not None
        # Setting it anew makes SQLite prepare again, and ask about, what it has kept.
        live.database.authorizer = None
        self._start()
        for limit, most in self._usual.items():
            live.database.limit(limit, most)
        try:
            yield
        finally:
            self._restrict(live)

    def check(self, text: str) -> None:
        """A statement comes: refuse what is too large to be looked at closely.

        Raises CeilingExceeded.
        """
        self._start()
        self._refusal = None
        size = len(text.encode())
        if size > TEXT_BYTES:
            raise _too_much(size, TEXT_BYTES, "bytes", "Write it shorter.")
        words = _QUIET.sub(" ", text)
        if (depth := _depth(words)) > DEPTH:
            advice = "Use WITH in place of subqueries in subqueries."
            raise _too_much(depth, DEPTH, "parentheses in parentheses", advice)
        if (patterns := len(_PATTERN.findall(words))) > PATTERNS:
            raise _too_much(patterns, PATTERNS, "LIKE and GLOB", "Use fewer.")

    def refused(self, error: apsw.Error) -> NotAllowed | None:
        """Why SQLite was told no, if that is what the error is about."""
        told_no = isinstance(error, apsw.AuthError) or "not authorized" in str(error)
        return self._refusal if told_no else None

    def begin(self, cursor: apsw.Cursor, *, counted: bool) -> None:
        """A statement begins: count what SQLite computes, and its rows if wanted."""
        self._start()
        if counted:
            cursor.row_trace = RowCeiling(self.max_rows, RESULT_BYTES)

    def _start(self) -> None:
        self._instructions = 0
        self._began = thread_time()

    def _restrict(self, live: Live) -> None:
        """Put the limits in force, wide enough for the tables that there are."""
        tables = [module.table for module in live.modules.values()]
        longest = max(len(declaration(table).encode()) for table in tables)
        limits = _LIMITS | {
            apsw.SQLITE_LIMIT_SQL_LENGTH: max(TEXT_BYTES, longest),
            apsw.SQLITE_LIMIT_COLUMN: max(COLUMNS, *(len(t.columns) for t in tables)),
        }
        for limit, most in limits.items():
            before = live.database.limit(limit, most)
            self._usual.setdefault(limit, before)
        live.database.authorizer = self._authorize

    def _computing(self) -> bool:
        self._instructions += _LOOK
        now = perf_counter()
        if now < self._next:
            return False
        self._next = now + _PAUSE
        if self._instructions > INSTRUCTIONS:
            raise CeilingExceeded(
                "The statement stops: SQLite has computed more than "
                f"{INSTRUCTIONS:,} instructions for it, the most that SQL of others "
                "may use. Join on columns that are equal, or read fewer rows.",
                unit="instructions",
                ceiling=INSTRUCTIONS,
            )
        if thread_time() - self._began > SECONDS:
            raise CeilingExceeded(
                f"The statement stops: it has computed for {SECONDS} seconds, the most "
                "that SQL of others may. Join on columns that are equal, or read fewer "
                "rows.",
                unit="seconds",
                ceiling=SECONDS,
            )
        if self._live is not None:
            self._live.watch()
        return False

    def _authorize(
        self, action: int, first: str | None, second: str | None, *where: str | None
    ) -> int:
        """SQLite's question, answered with yes or no; `refused` tells why no."""
        try:
            if action == apsw.SQLITE_READ:
                self._read((first or "").lower())
            elif action == apsw.SQLITE_FUNCTION:
                self._function((second or "").lower())
            elif action == apsw.SQLITE_PRAGMA:
                self._pragma((first or "").lower(), second)
            elif action not in (apsw.SQLITE_SELECT, apsw.SQLITE_RECURSIVE):
                raise _not_allowed(_named(action, first))
        except NotAllowed as refusal:
            # Not raised, as SQLite also asks for statements of its own, such as those
            # that find the columns of all views, and goes on without them.
            self._refusal = refusal
            return apsw.SQLITE_DENY
        return apsw.SQLITE_OK

    def _read(self, table: str) -> None:
        if table in PRIVATE:
            raise NotAllowed(
                f"{table} is not for SQL of others: it shows the statements of all who "
                "use the connection. What a statement has cost is in its cursor's "
                "usage.",
                what=table,
            )
        pragma = table.removeprefix("pragma_")
        if pragma != table and pragma not in PRAGMAS:
            raise _not_allowed(f"{table}()")
        if table in self._hidden and pragma == table:
            raise _not_allowed(f"Reading {table}")

    def _function(self, name: str) -> None:
        if name in self._refused:
            raise NotAllowed(
                f"{name}() is not among the functions that SQL of others may use: "
                f"they read what stands in tables, and take a time that is known. "
                f"{_WHY}",
                what=f"{name}()",
            )

    def _pragma(self, name: str, argument: str | None) -> None:
        if name not in PRAGMAS:
            raise _not_allowed(f"PRAGMA {name}")
        if argument is not None and name not in PRAGMAS_OF_NAMES:
            raise _not_allowed(f"Setting PRAGMA {name}")


def _names(database: apsw.Connection, source: str) -> frozenset[str]:
    found = database.execute(f"SELECT name FROM {source}")
    return frozenset(name.lower() for (name,) in found)


def _named(action: int, first: str | None) -> str:
    """What a statement wants to do, in SQL's words."""
    if action == apsw.SQLITE_ATTACH:
        return "ATTACH or VACUUM INTO" if first else "VACUUM"
    if first in _SCHEMA:
        return "CREATE, ALTER, DROP or ANALYZE"
    if action == apsw.SQLITE_TRANSACTION:
        return str(first)
    name = apsw.mapping_authorizer_function[action]
    assert isinstance(name, str)
    return name.removeprefix("SQLITE_").replace("_", " ")


def _not_allowed(what: str) -> NotAllowed:
    return NotAllowed(f"{what} is not allowed here. {_WHY}", what=what)


def _too_much(number: int, most: int, unit: str, advice: str) -> CeilingExceeded:
    return CeilingExceeded(
        f"The statement is not begun: it has {number:,} {unit}, and SQL of others "
        f"may have {most:,}. {advice}",
        unit=unit,
        ceiling=most,
    )


def _depth(text: str) -> int:
    """How deep parentheses stand in each other."""
    depth = deepest = 0
    for character in text:
        if character == "(":
            depth += 1
            deepest = max(deepest, depth)
        elif character == ")":
            depth -= 1
    return deepest
