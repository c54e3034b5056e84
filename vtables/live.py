"""The live tables of a connection, and the statement that is reading them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import cast

import apsw

from ..client import log
from ..client.progress import Callback, Reports
from ..client.usage import Meter, Usage
from ..planner.advice import starred
from ..planner.options import Options
from ..planner.statement import Statement, analyse
from ..planner.table_names import HOME, LIVE, joined, parted
from ..store.run import Run, together
from .attached import detach
from .explain import expected, refuse
from .mirror import Mirror
from .module import Module
from .row_ceiling import RowCeiling
from .schema import Schema
from .stopping import Stopping
from .unread import Start
from .untrusted import Guard

_PATTERN = re.compile(r"[%*?]")
_VIEWS = "SELECT lower(name) FROM pragma_table_list WHERE type = 'view'"


class Live:
    """Virtual tables of an APSW connection: `home` in the `temp` schema, other accounts
    in schemas of their own. `modules` has all of them as statements name them.

    `run` is the statement whose rows are read at the moment. Statements begin in
    APSW's execution tracer, which also sees those of the shell. `scans` counts those
    in progress; until there is none, SQLite lets go of no table. While `starts` is a
    list, scans bring no rows, and are only taken down there. `hint` is what the latest
    statement pays for and may not know, once for each table. `progress` is told how far
    statements are.
    """

    def __init__(
        self,
        database: apsw.Connection,
        home: Schema,
        options: Options,
        max_tokens: int | None,
        progress: Callback | None = None,
    ) -> None:
        self.database = database
        self.schemas = {home.name: home}
        self._detached = Usage()  # what accounts have cost that are not here any more
        self.options = options
        self.max_tokens = max_tokens
        self.progress = progress
        self.modules: dict[str, Module] = {}
        self.max_rows: int | None = None
        self.timeout: float | None = None  # seconds that a statement may take
        self.guard: Guard | None = None
        self.mirror: Mirror | None = None
        self.scans = 0
        self.hints = analyse("")
        self.starts: list[Start] | None = None
        self.hint = ""
        self._hinted: set[str] = set()
        self._number = 0
        self._counts_rows = False
        self.run = self.beside("")
        database.exec_trace = self._trace

    @property
    def home(self) -> Schema:
        """The first account."""
        return self.schemas[HOME]

    @property
    def usage(self) -> Usage:
        """What all accounts have cost."""
        accounts = self.schemas.values()
        return sum((each.client.log.total for each in accounts), self._detached)

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Every live table with its columns."""
        return {name: module.table.names for name, module in self.modules.items()}

    def begin(self, text: str, cursor: apsw.Cursor, bindings: object) -> Run:
        """A statement is about to be run: its own view of the data, its own bill.

        Raises BudgetExceeded for one that is known to cost more than it may.
        """
        self._number += 1
        log.statement(self._number, text)
        if not self.run.scans:
            self.run.meter.stop()
        logs = {name: each.client.log for name, each in self.schemas.items()}
        meter = Meter(self._number, text, self.max_tokens, logs[HOME], logs=logs)
        meter.watchers = (Stopping(self.database, meter, self.timeout),)
        self.run = self._begun(self._read(text), meter)
        if self.mirror is not None:
            self.mirror.bring(text, cast("apsw.Bindings", bindings), meter)
        self.hint = self._hint(self.run.statement)
        self._ceilings(cursor)
        if self.options.analysis:
            refuse(self, text, cast("apsw.Bindings", bindings))
        if self.progress is not None:
            foreseen = expected(self, text, cast("apsw.Bindings", bindings))
            meter.watchers += (Reports(self.progress, meter, foreseen),)
        if cursor.is_readonly:
            repeat = partial(self._repeat, text, bindings, self.hints)
            for run in (self.run, *self.run.beside):
                run.repeat = repeat
        return self.run

    def beside(self, text: str) -> Run:
        """What the statement would need, without beginning it."""
        return self._begun(self._read(text), Meter(0))

    def watch(self) -> bool:
        """For SQLite to call while it computes; False, as nothing stands in the way."""
        self.run.meter.watch()
        return False

    def install(self, schema: Schema, *, anew: bool = False) -> None:
        """Create the tables of an account, in place of those that were there.

        Its fields are asked for if need be, or `anew`.
        """
        mirror = self.mirror if schema is self.home else None
        with self.as_owner():
            tables = schema.tables(anew=anew)
            if mirror is not None:
                mirror.choose(tables)
            for table in tables:
                mirrored = mirror is not None and table.name in mirror.columns
                if mirror is not None:
                    self.drop(LIVE, table.name)
                self.drop(schema.name, table.name)
                module = Module(self, schema, table)
                self.modules[table.full_name] = module
                self.register(LIVE if mirrored else schema.name, table.name, module)
            if mirror is not None:
                mirror.show()

    def detach(self, name: str) -> None:
        """Let go of an account and its tables.

        Raises OperationalError while a cursor reads them.
        """
        detach(self, name)
        schema = self.schemas.pop(name)
        self._detached += schema.client.log.total
        for full_name in [n for n in self.modules if parted(n)[0] == name]:
            del self.modules[full_name]
            self.database.create_module(full_name, None)
        schema.close()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """While it lasts, what is asked is on no statement's bill."""
        before = self.run
        self.run = self.beside("")
        try:
            yield
        finally:
            self.run = before

    def register(self, schema: str, name: str, module: object) -> None:
        """Make a module known to SQLite, and create its virtual table."""
        # APSW's own type of modules also wants the methods that are optional.
        known = cast("apsw.VTModule", module)
        called = joined(schema, name)
        self.database.create_module(
            called, known, use_bestindex_object=True, read_only=True
        )
        self.quietly(f'CREATE VIRTUAL TABLE {schema}."{name}" USING "{called}"')

    def as_owner(self) -> AbstractContextManager[None]:
        """While it lasts, tables can be made also where SQL is that of others."""
        return self.guard.lifted() if self.guard else nullcontext()

    def drop(self, schema: str, name: str) -> None:
        """Remove a virtual table, if it is there."""
        self.quietly(f'DROP TABLE IF EXISTS {schema}."{name}"')

    @contextmanager
    def preparing(self, text: str) -> Iterator[None]:
        """While it lasts, SQLite prepares this statement.

        `hints` is then what its text tells. Whether every IN list is written out
        matters as SQLite 3.54 fails where it hands over a whole list that is empty.
        """
        if self.guard is not None:
            self.guard.check(text)
        statement = analyse(text)
        hidden = not statement.tables or bool(self._strange(statement))
        before = self.hints
        loose = self._has_texts_in_quotes(statement)
        told = self.options.analysis and not (hidden and self._views())
        self.hints = statement if told else analyse("")
        if loose:
            self.database.config(apsw.SQLITE_DBCONFIG_DQS_DML, 1)
        counted, self._counts_rows = self._counts_rows, True
        try:
            yield
        except apsw.Error as error:
            if self.guard is not None and (refusal := self.guard.refused(error)):
                raise refusal from error
            raise
        finally:
            self.hints = before
            self._counts_rows = counted
            if loose:
                self.database.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)

    def _has_texts_in_quotes(self, statement: Statement) -> bool:
        """Whether all that is quoted is a name, or a pattern as some tools write it.

        `glob "????-??-*"` and `strftime("%s", x)` are texts to SQLite, too; but a name
        that no column has should be an error.
        """
        patterns = {text for text in statement.quoted if _PATTERN.search(text)}
        if not patterns:
            return False
        known = {n.lower() for names in self.names.values() for n in names}
        known |= {part.lower() for name in self.modules for part in parted(name)}
        known |= statement.aliases.keys()
        return statement.quoted - known <= patterns

    def _ceilings(self, cursor: apsw.Cursor) -> None:
        """Put the ceilings on what the statement of a cursor gives."""
        if self.guard is not None:
            self.guard.begin(cursor, counted=self._counts_rows)
        elif self.max_rows is not None and self._counts_rows:
            cursor.row_trace = RowCeiling(self.max_rows)

    def _trace(
        self, cursor: apsw.Cursor | apsw.Connection, text: str, bindings: object
    ) -> bool:
        if isinstance(cursor, apsw.Cursor):  # else a savepoint of `with connection`
            self.begin(text, cursor, bindings)
        return True

    def _repeat(self, text: str, bindings: object, hints: Statement, run: Run) -> None:
        """Run a statement once more, for another run of it; nobody sees its rows."""
        before = self.run, self.hints
        self.run, self.hints = run, hints
        cursor = self._beside_others()
        try:
            for _ in cursor.execute(text, cast("apsw.Bindings", bindings)):
                pass
        finally:
            cursor.close(True)
            self.run, self.hints = before

    def _begun(self, statement: Statement, meter: Meter) -> Run:
        """What the statement needs to run, on each account; that of the first one."""
        every = self.schemas.values()
        return together(
            [each.store.begin(statement.within(each.name), meter) for each in every]
        )

    def _hint(self, statement: Statement) -> str:
        new = sorted(statement.starred & set(self.modules) - self._hinted)
        self._hinted.update(new)
        return starred([self.modules[name].table for name in new])

    def _read(self, text: str) -> Statement:
        """What the text tells; nothing where views hide what is read."""
        statement = analyse(text)
        strange = self._strange(statement)
        if not self.options.analysis or (strange and strange & self._views()):
            return analyse("")
        return statement

    def _strange(self, statement: Statement) -> set[str]:
        """The bare names of what it reads and is no live table."""
        return {parted(n)[1] for n in statement.tables if n not in self.modules}

    def _views(self) -> set[str]:
        return {name for (name,) in self.quietly(_VIEWS)}

    def quietly(self, text: str) -> apsw.Cursor:
        """Run a statement of the connection's own, which is nobody's to see."""
        return self._beside_others().execute(text)

    def _beside_others(self) -> apsw.Cursor:
        """A cursor whose statements do not begin a run."""
        cursor = self.database.cursor()
        cursor.exec_trace = lambda *_: True
        return cursor
