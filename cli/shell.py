"""The shell: what a person types, and the commands that begin with a dot."""

from __future__ import annotations

import contextlib
import shlex
import signal
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import apsw

from .history import history_file
from .names import EMPTY, statements
from .price import duration, price
from .runner import Runner

REQUESTS = """
    select method, path, status, rows, tokens, milliseconds from (
        select row_number() over () as number, * from pipedrive_requests
        where source = 'pipedrive' order by number desc limit ?
    ) order by number
"""

# What schemas hold: those of attached accounts and databases have their names before.
OBJECTS = """
    select schema, iif(schema in ('main', 'temp'), '', schema || '.') || tbl_name as
    called, name, type, sql from ({every}) where called like :pattern
    and name not like 'sqlite\\_%' escape '\\'
"""

SCHEMA = """
    select schema, called, sql from ({objects}) where sql is not null
    order by called, type = 'table' desc, name
"""

TABLES = """
    select distinct called from ({objects}) where type in ('table', 'view')
    order by called
"""

IS_LOCAL = "select 1 from sqlite_schema where type in ('table', 'view') and name like ?"

INTERRUPTED = 130  # as shells do: 128 and the number of the signal

FUNCTIONS = (
    *("count(", "sum(", "avg(", "min(", "max(", "total(", "group_concat("),
    *("coalesce(", "date(", "datetime(", "julianday(", "strftime(", "round("),
    *("json_each(", "json_extract(", "length(", "lower(", "upper(", "substr("),
)


# What others may type: nothing of it opens a file, runs a program or tells what the
# account's owner has done.
HARMLESS = (
    *("exit", "explain", "header", "headers", "help", "mode", "print", "quit"),
    *("schema", "tables", "timer", "usage"),
)


class Shell(Runner):
    """Runs what a person types; a file or one statement, too.

    `whose` tells whose Pipedrive it is. Its tokens are kept out of the history.
    """

    def __init__(self, *given: Any, whose: str, **options: Any) -> None:
        super().__init__(*given, **options)
        self.whose = whose
        self.prompt, self.moreprompt = "pipedrive> ", "      ...> "
        self._typed: list[str] = []

    # Commands

    def process_command(self, command: str) -> None:
        """Run a dot command; .explain takes its statement as it is typed."""
        name, _, statement = command.partition(" ")
        if name == ".explain" and statement.strip():
            word, _, rest = statement.strip().partition(" ")
            analyze = word.lower() == "analyze" and bool(rest.strip())
            for each in statements(rest if analyze else statement):
                self._explain(each, analyze=analyze)
        else:
            if self.connection.untrusted:
                self._check_command(command)
            super().process_command(command)

    def _check_command(self, command: str) -> None:
        """Refuse commands that reach out of the tables, for who only gives SQL."""
        name = shlex.split(command)[0].removeprefix(".").replace("-", "_")
        if name not in HARMLESS:
            raise self.Error(
                f".{name} is not allowed with --untrusted, whose SQL may only read. "
                f"These are: {', '.join(f'.{each}' for each in HARMLESS)}"
            )

    def command_explain(self, cmd: list[str]) -> None:
        """explain ?analyze? SQL: Shows a statement's requests and their price

        Nothing is asked of Pipedrive for it, but the names of fields if they are not
        known yet. With analyze the statement is run, too, and its figures are shown in
        place of its rows.
        """
        raise self.Error("explain takes a statement: .explain select * from deals")

    def command_usage(self, cmd: list[str]) -> None:
        """usage: Shows what this connection has cost so far

        Requests, API tokens, rows brought from Pipedrive, and the time it took.
        """
        total = self.connection.usage
        self.write(
            self.stdout,
            f"{price(total, None, total.seconds)} · {total.rows:,} rows brought\n",
        )

    def command_statement_timeout(self, cmd: list[str]) -> None:
        """statement_timeout ?SECONDS|none?: How long a statement may take

        Without a number it shows the time. `.timeout` is that for locks of SQLite.
        """
        if not cmd:
            told = self.connection.timeout
            self.write(self.stdout, f"{'none' if told is None else told}\n")
            return
        try:
            [word] = cmd
            self.connection.timeout = None if word == "none" else float(word)
        except ValueError as error:
            raise self.Error(
                "statement_timeout takes seconds, or none: .statement_timeout 30"
            ) from error

    def command_requests(self, cmd: list[str]) -> None:
        """requests ?COUNT?: Shows the latest requests sent to Pipedrive (20)

        They are the table pipedrive_requests, which any statement can read.
        """
        count = cmd[0] if cmd else "20"
        if len(cmd) > 1 or not count.isdecimal():
            raise self.Error("requests takes a number: .requests 50")
        rows = self.db.execute(REQUESTS, (int(count),)).fetchall()
        if not rows:
            self.write(self.stdout, "No request was sent yet.\n")
            return
        self.output_box(
            ["method", "path", "status", "rows", "tokens", "time"],
            [(*row, duration(milliseconds / 1000)) for *row, milliseconds in rows],
        )

    def command_refresh(self, cmd: list[str]) -> None:
        """refresh: Forgets the rows and fields that are kept, and asks for them anew"""
        self.connection.refresh()
        self._names = None

    def command_tables(self, cmd: list[str]) -> None:
        """tables ?PATTERN?: Lists the tables and views whose names are LIKE PATTERN"""
        for pattern in cmd or ["%"]:
            names = [name for (name,) in self._objects(TABLES, pattern)]
            width = max(map(len, names), default=0) + 2
            height = -(-len(names) // max(self._terminal_width(80) // width, 1))
            for row in range(height):
                line = "".join(name.ljust(width) for name in names[row::height])
                self.write(self.stdout, line.rstrip() + "\n")

    def command_dump(self, cmd: list[str]) -> None:
        """dump ?TABLE? [TABLE...]: Dumps all local tables, or those named, as SQL"""
        for pattern in cmd:
            if (
                self._objects(TABLES, pattern)
                and not self.db.execute(IS_LOCAL, (pattern,)).fetchall()
            ):
                raise self.Error(
                    f"dump writes local tables, and {pattern} is Pipedrive's. Make a"
                    f" copy to dump: create table my_{pattern.replace('.', '_')} as"
                    f" select * from {pattern};"
                )
        super().command_dump(cmd)

    def command_schema(self, cmd: list[str]) -> None:
        """schema ?TABLE? [TABLE...]: Shows the columns of tables

        TABLE is a LIKE pattern, so % stands for anything. Without one, all are shown.
        """
        for pattern in cmd or ["%"]:
            for schema, called, sql in self._objects(SCHEMA, pattern):
                if sql.upper().startswith("CREATE VIRTUAL TABLE"):
                    sql = self._declaration(schema, called)
                self.write(self.stdout, f"{sql};\n")

    def _objects(self, question: str, pattern: str) -> list[tuple[str, ...]]:
        """The answer to a question about the tables and so on like a pattern."""
        name = self._fmt_sql_identifier
        found = self.db.execute("select name from pragma_database_list").fetchall()
        every = " union all ".join(
            f"select {apsw.format_sql_value(schema)} as schema, *"
            f" from {name(schema)}.sqlite_schema"
            for schema in dict.fromkeys(["temp", *(s for (s,) in found)])
        )
        objects = OBJECTS.format(every=every)
        asked = question.format(objects=objects)
        rows = self.db.execute(asked, {"pattern": pattern}).fetchall()
        return [tuple(map(str, row)) for row in rows]

    def _declaration(self, schema: str, called: str) -> str:
        """A virtual table as the CREATE TABLE that a plain one would have."""
        columns = self.db.execute(
            "select name, type from pragma_table_xinfo(?, ?) where hidden != 1",
            (called.rpartition(".")[2], schema),
        )
        name = self._fmt_sql_identifier
        lines = [f"  {name(column)} {kind}".rstrip() for column, kind in columns]
        table = ".".join(map(name, called.split(".")))
        return f"CREATE TABLE {table}(\n" + ",\n".join(lines) + "\n)"

    def command_attach(self, cmd: list[str]) -> None:
        """attach ?PROFILE? ?SCHEMA?: Gives another account's tables as SCHEMA.deals

        PROFILE is whom pipedrive-sql login --profile PROFILE has signed in, and SCHEMA
        is its name unless given. Without a profile, the accounts are shown.
        """
        if len(cmd) > 2:
            raise self.Error("attach takes a profile and a schema: .attach acme-eu eu")
        if cmd:
            self.connection.attach_account(*cmd)
            self._names = None
            return
        for schema, url in self.connection.accounts.items():
            self.write(self.stdout, f"{schema}: {url}\n")

    def command_detach(self, cmd: list[str]) -> None:
        """detach SCHEMA: Lets go of an attached account"""
        if len(cmd) != 1:
            raise self.Error("detach takes the schema of an account: .detach acme")
        self.connection.detach_account(*cmd)
        self._names = None

    def command_open(self, cmd: list[str]) -> None:
        """open ?FILE?: Not done here, as it would leave Pipedrive's tables behind"""
        file = cmd[-1] if cmd else "local.db"
        raise self.Error(
            "open would leave Pipedrive's tables behind. Add the file's tables to"
            f" them: attach '{file}' as local;"
        )

    def command_close(self, cmd: list[str]) -> None:
        """close: Not done here, as it would drop Pipedrive's tables"""
        raise self.Error("close would drop Pipedrive's tables. To leave, type: .exit")

    # The person at the terminal

    def cmdloop(self, intro: str | None = None, transient: str | None = None) -> None:
        """Read and run what is typed until .exit or the end of input."""
        self.history_file = history_file()
        super().cmdloop(
            intro
            or f"pipedrive-sql {version('pipedrive-sql')} · {self.whose}\n"
            'Type a statement and ";", .tables to see what there is, .help for more.\n'
        )

    def get_line(self, prompt: str = "") -> str | None:
        """One line of input; a last statement of a file needs no semicolon."""
        if prompt == self.prompt:
            self._typed = []
        line: str | None = super().get_line(prompt)
        if line is None:
            if self.interactive or not self._typed or self._typed[-1] == ";":
                return None
            line = ";"
        elif prompt == self.prompt and EMPTY.fullmatch(line):
            return ""  # a comment on its own is done with
        elif "\0" in line:
            raise self.Error("A statement cannot hold a NUL character.")
        elif self._using_readline and self.connection.has_secret(line):
            import readline

            readline.remove_history_item(readline.get_current_history_length() - 1)
        self._typed.append(line)
        return line

    def process_complete_line(self, command: str) -> None:
        """Run a command or statements, which may bring new names."""
        self._names = None
        with self._interruptible() if self.interactive else contextlib.nullcontext():
            super().process_complete_line(command)

    def handle_interrupt(self) -> None:
        """Ctrl-C ends a statement or what is typed, not the shell."""
        told, self.stop_told = self.stop_told, False
        if not told or self.bail or not self.interactive:
            super().handle_interrupt()

    @contextlib.contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Ctrl-C ends the block; once more before it has ended leaves the shell."""
        times = 0

        def interrupt(*_: object) -> None:
            nonlocal times
            times += 1
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
            if times > 1:
                raise SystemExit(INTERRUPTED)

    def complete_sql(self, line: str, token: str, beg: int, end: int) -> list[str]:
        """Names of ours first; keywords, functions and pragmas as APSW has them."""
        before = "\n".join([*self._typed, line[:beg]])
        if "pragma" in before.lower():
            return list(super().complete_sql(line, token, beg, end))
        found = self.names.completions(token, before, line[end:])
        if "." in token or (found and before.split()[-1:] == ["from"]):
            return found
        words = [*apsw.keywords, *FUNCTIONS] if token else []
        like = str.upper if token.isupper() else str.lower
        found += [like(w) for w in words if w.upper().startswith(token.upper())]
        return found

    def complete_command(self, line: str, token: str, beg: int, end: int) -> list[str]:
        """Names of tables after the commands that take them."""
        if line.startswith(".explain "):
            return self.complete_sql(line, token, beg, end)
        if line.partition(" ")[0] in (".schema", ".tables", ".dump") and beg:
            return self.names.completions(token, "from")
        return list(super().complete_command(line, token, beg, end))
