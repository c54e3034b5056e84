"""APSW's shell running statements: their rows in a mode, and their price."""

from __future__ import annotations

import contextlib
import json
import os
import time
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

import apsw
import apsw.ext
import apsw.shell

from ..connection import Connection
from ..vtables.faults import translated
from .grid import BOX, TABLE, Value, draw, draw_markdown
from .names import Names, statements
from .price import price
from .progress import ProgressLine
from .result import Result, plan_tree


class Runner(apsw.shell.Shell):
    """Runs statements, writes their rows in the chosen mode, and tells their price.

    `explaining` shows what statements would ask of Pipedrive in place of running
    them, and `analyzing` runs them, too, for their figures and not their rows.
    `progress` is shown while a statement runs, and gone before its rows. `stop_told`
    says that a statement was stopped by Ctrl-C, and that this was told.
    """

    dbfilename: str | None  # type: ignore[assignment]  # no types there

    def __init__(
        self,
        connection: Connection,
        *,
        stdin: TextIO,
        stdout: TextIO,
        stderr: TextIO,
        show_price: bool = False,
        explaining: bool = False,
        analyzing: bool = False,
        progress: ProgressLine | None = None,
    ) -> None:
        self.connection = connection
        self.progress = progress or ProgressLine(stderr)
        self.stop_told = False
        self.show_price = show_price
        self.explaining = explaining
        self.analyzing = analyzing
        self._names: Names | None = None
        super().__init__(stdin=stdin, stdout=stdout, stderr=stderr, db=connection.apsw)
        self.dbfilename = self.dbfilename or ":memory:"
        self.command_mode(["box"])
        if os.environ.get("NO_COLOR"):
            self.command_colour(["off"])

    # Statements

    def process_sql(
        self,
        sql: str,
        bindings: apsw.Bindings | None = None,
        internal: bool = False,
        summary: tuple[str, str] | None = None,
    ) -> None:
        """Run the statements of a text; `internal` ones have no price."""
        if internal or summary:
            super().process_sql(sql, bindings, internal, summary)
            return
        for statement in statements(sql):
            if self.echo:
                self.write(self.stdout, statement.strip() + "\n")
            if self.explaining or self.analyzing:
                self._explain(statement, analyze=self.analyzing)
            else:
                self._run(statement)

    def _run(self, statement: str) -> None:
        columns: list[str] = []
        is_plan = False
        outer = self.db.exec_trace

        def trace(cursor: apsw.Cursor, sql: str, bindings: apsw.Bindings) -> bool:
            nonlocal is_plan
            columns.extend(name for name, _ in cursor.get_description())
            is_plan = cursor.is_explain == 2
            going_on = outer(cursor, sql, bindings) if outer else True
            if self.connection.hint:
                self._tell(self.connection.hint)
            return going_on

        result = Result(self, columns, self._make_room)
        changes = self.db.total_changes()
        started = time.perf_counter()
        done = stopped = False
        self.progress.begin()
        cursor = self.db.cursor()
        cursor.exec_trace = trace
        try:
            with self._timed(), self.connection.preparing(statement):
                for row in apsw.shell.Shell.PositionRow(
                    cursor.execute(statement, self.bindings)
                ):
                    result.add(row)
            done = True
        except KeyboardInterrupt:
            stopped = True
            raise
        except apsw.BindingsError as error:
            raise self.Error(
                'A parameter "?" has no name to give it a value by. Name it, as in :id,'
                " and type: .parameter set id VALUE"
            ) from error
        except apsw.Error as error:
            raise self.Error(self._sentence(error, statement)) from error
        except KeyError as error:
            raise self.Error(
                f"The statement has a parameter :{error.args[0]} and no value for it."
                f" Give it one: .parameter set {error.args[0]} VALUE"
            ) from error
        finally:
            cursor.close(True)
            self.progress.end()
            if is_plan and self.output == self.output_box:
                self.write(self.stdout, plan_tree(result.rows))
            elif not stopped:
                result.end(done)
            if stopped and not self.bail:
                self._tell_stop(started)
            else:
                rows = result.count if columns and done else None
                self._show_price(rows, started, done)
        if self.changes and (changed := self.db.total_changes() - changes):
            self.write(self.stdout, f"changes: {changed}\n")

    def _explain(self, statement: str, *, analyze: bool = False) -> None:
        self.progress.begin()
        try:
            explanation = self.connection.explain(
                statement, self.bindings, analyze=analyze
            )
        finally:
            self.progress.end()
        self.write(self.stdout, str(explanation).rstrip("\n") + "\n")

    def _show_price(self, rows: int | None, started: float, done: bool) -> None:
        cost = self.connection.last_usage
        if done or cost.requests:
            self._tell(price(cost, rows, time.perf_counter() - started))

    def _tell_stop(self, started: float) -> None:
        """A statement was stopped by Ctrl-C, and the shell goes on."""
        cost = price(self.connection.last_usage, None, time.perf_counter() - started)
        self.stdout.flush()
        # The terminal shows ^C where the cursor is: now it stands in its own line.
        self.write(self.stderr, f"\r^C\nInterrupted: {cost}\n")
        self.stop_told = True

    def _tell(self, line: str) -> None:
        """A line about the price, dim at a terminal, if that is to be shown."""
        if self.show_price:
            self.stdout.flush()
            if self.stderr.isatty() and self.colour_scheme != "off":
                line = f"\x1b[2m{line}\x1b[22m"  # dim
            self.write(self.stderr, line + "\n")
            self.stderr.flush()

    def _make_room(self) -> None:
        """Take the progress away where rows are going to be."""
        if self.stdout.isatty():
            self.progress.end()

    def _timed(self) -> contextlib.AbstractContextManager[Any]:
        if not self.timer:
            return contextlib.nullcontext()
        return apsw.ext.ShowResourceUsage(
            file=self.stderr, db=self.db, scope="thread", indent="* "
        )

    def _sentence(self, error: apsw.Error, statement: str) -> str:
        # A local database that is attached is no account.
        accounts = self.connection.accounts
        names = {
            name: columns
            for name, columns in self.names.tables.items()
            if "." not in name or name.partition(".")[0] in accounts
        }
        sentence = str(translated(error, statement, names))
        offset = getattr(error, "error_offset", -1)
        if not self.interactive or offset < 0:
            return sentence
        text = statement.encode()
        before = " ".join(text[:offset].decode().split("\n"))[-35:]
        after = " ".join(text[offset:].decode().split("\n"))[:35]
        return f"{sentence}\n  {before}{after}\n  {' ' * len(before)}^--- here"

    @property
    def names(self) -> Names:
        """The tables and columns that there are now."""
        if self._names is None:
            self._names = Names.of(self.db)
        return self._names

    # Shapes of output

    def command_mode(self, cmd: list[str]) -> None:
        """mode MODE ?OPTIONS?: Sets output mode to one of"""
        super().command_mode(cmd)
        mode, *options = cmd
        self.separator = {"csv": ",", "tabs": "\t", "tcl": " "}.get(mode, "|")
        if self.output == self.output_box:
            # Nothing is cut or replaced unless that is asked for.
            asked = {option.partition("=")[0] for option in options}
            defaults = {"--width": 0, "--truncate": 0, "--string-sanitize": 0}
            for option in defaults.keys() - asked:
                key = option.strip("-").replace("-", "_").replace("width", "text_width")
                self.box_options[key] = defaults[option]

    def output_box(self, column_names: list[str], rows: list[Sequence[Value]]) -> None:
        "Draws a box around cells; rows too wide for the screen go line by line"
        options = self.box_options
        screen = self._terminal_width(32) if self.stdout.isatty() else 0
        lines = draw(
            column_names,
            [[self._cut(value) for value in row] for row in rows],
            BOX if options["use_unicode"] else TABLE,
            null=self.nullvalue or options["null"],
            quote=options["quote"],
            width=options["text_width"] or screen,
        )
        if lines is not None:
            self._write_lines(lines)
            return
        self.output_line(True, column_names)
        for row in rows:
            self.output_line(False, row)

    output_box.all_at_once = True  # type: ignore[attr-defined]

    def _cut(self, value: Value) -> Value:
        """A text as `.mode box --truncate N --string-sanitize N` asks for."""
        if not isinstance(value, str):
            return value
        if self.box_options["string_sanitize"]:
            value = value.encode("ascii", "replace").decode()
        length = self.box_options["truncate"]
        return value if not 0 < length < len(value) else value[:length] + " ..."

    def output_markdown(
        self, column_names: list[str], rows: list[Sequence[Value]]
    ) -> None:
        "A Markdown table"
        self._write_lines(draw_markdown(column_names, rows, self.nullvalue))

    output_markdown.all_at_once = True  # type: ignore[attr-defined]

    def _write_lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(self.stdout, line + "\n")

    def _fmt_json_value(self, value: Value) -> str:
        if isinstance(value, bytes):
            value = b64encode(value).decode()
        return json.dumps(value, ensure_ascii=False)
