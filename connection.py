"""An open account as a database, by the rules of PEP 249.

Statements are SQLite's; the tables of the account are in the `temp` schema, so that
they can be joined with local tables of `database`. Other accounts are in schemas of
their own.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

import apsw

from .client.account import account
from .client.progress import Callback
from .client.transport import Client
from .client.usage import Usage
from .cursor import Cursor, Parameters, check_text, no_value
from .errors import InterfaceError, NotSupportedError, OperationalError, Warning
from .file.staging import Place
from .file.sync import Sync
from .file.wishes import Wishes
from .opening import (
    cache_folder,
    ceiling_of,
    client_of,
    lifetime,
    limits_of,
)
from .planner.options import Options
from .planner.table_names import HOME
from .vtables import about
from .vtables.attached import attach, detach, sweep
from .vtables.explain import explain
from .vtables.explanation import Explanation
from .vtables.faults import translated
from .vtables.live import Live
from .vtables.mirror import Mirror
from .vtables.schema import Schema
from .vtables.untrusted import Guard

if TYPE_CHECKING:
    from .sandbox import Sandbox

_JUST_NOW = timedelta(minutes=1)  # since fields were read, to use them for a file
_INSTRUCTIONS = 20_000  # of SQLite between two looks at Ctrl-C


class Connection:
    """An open account, and those that are attached to it. `apsw` is the SQLite
    connection that holds their tables.
    """

    def __init__(
        self,
        local: apsw.Connection,
        client: Client,
        options: Options,
        max_tokens: int | Literal["default"] | None,
        cache_ttl: float | None,
        cache_dir: str | os.PathLike[str] | None = None,
        sandbox: Sandbox | None = None,
        progress: Callback | None = None,
        max_rows: int | None = None,
        guard: Guard | None = None,
        state_dir: str | os.PathLike[str] | None = None,
        mirror: tuple[Path, timedelta | None, timedelta | None] | None = None,
    ) -> None:
        self.apsw = local
        self._sandbox = sandbox
        self._max_tokens = max_tokens
        self._cache_ttl = cache_ttl
        self._cache_dir = cache_dir
        self._state_dir = state_dir
        home = self._schema(HOME, client)
        ceiling = ceiling_of(max_tokens, [client.account])
        self._live = Live(local, home, options, ceiling, progress)
        self._live.max_rows = max_rows
        self._guard = guard
        local.set_progress_handler(self._live.watch, _INSTRUCTIONS)
        self._mirror = Mirror(self._live, *mirror) if mirror else None
        self._live.mirror = self._mirror
        self._live.install(home)
        if self._mirror is not None:
            self._mirror.check()
        home.save_filters()
        about.install(self._live)
        if guard is not None:
            guard.enforce(self._live)
        self._closed = False

    @property
    def untrusted(self) -> bool:
        """Whether SQL is that of others, and may only read."""
        return self._guard is not None

    @property
    def timeout(self) -> float | None:
        """How many seconds a statement may take, None for any time."""
        return self._live.timeout

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        if seconds is not None and seconds <= 0:
            raise InterfaceError(f"timeout={seconds} must be above 0, or None.")
        self._live.timeout = seconds

    @property
    def usage(self) -> Usage:
        """What the connection has cost so far, its fields included."""
        return self._live.usage

    @property
    def last_usage(self) -> Usage:
        """What the latest statement has cost."""
        return self._live.run.meter.usage

    @property
    def hint(self) -> str:
        """What the latest statement pays for and may not know, "" for nothing."""
        return self._live.hint

    @property
    def messages(self) -> list[tuple[type[Warning], Warning]]:
        """What a user should know: the fields are old, or cannot be kept."""
        accounts = self._live.schemas.values()
        notices = [notice for each in accounts for notice in each.notices]
        notices += self._mirror.notices() if self._mirror else []
        return [(Warning, Warning(notice)) for notice in notices]

    @property
    def accounts(self) -> dict[str, str]:
        """The hosts that are asked, by the schemas of their tables; "temp" is first."""
        found = self._live.schemas.values()
        return {each.name: each.client.account.url for each in found}

    def cursor(self) -> Cursor:
        """A new cursor."""
        self._check_open()
        return Cursor(self.apsw, self._live)

    def execute(self, sql: str, parameters: Parameters = ()) -> Cursor:
        """Run one statement on a new cursor, as sqlite3 has it."""
        return self.cursor().execute(sql, parameters)

    def explain(
        self, sql: str, parameters: Parameters = (), *, analyze: bool = False
    ) -> Explanation:
        """What a statement would ask of Pipedrive, and its price; nothing is sent.

        With `analyze` it is run to its end, and its steps have their figures, too.
        """
        self._check_open()
        check_text(sql)
        try:
            return explain(self._live, sql, parameters, analyze=analyze)
        except apsw.Error as error:
            raise translated(error, sql, self._live.names) from error
        except KeyError as error:
            if not isinstance(parameters, Mapping) or error.args[0] in parameters:
                raise
            raise no_value(error.args[0]) from error

    def preparing(self, sql: str) -> contextlib.AbstractContextManager[None]:
        """For who runs statements on `apsw` itself: while it lasts, `sql` comes next.

        A hint: without it, `IN (...)` is asked for one value after the other.
        """
        return self._live.preparing(sql)

    def has_secret(self, text: str) -> bool:
        """Whether a token of its accounts is in a text, which must not be kept then."""
        accounts = (each.client.account for each in self._live.schemas.values())
        return any(
            secret in text for each in accounts for secret in each.credentials.secrets()
        )

    def refresh(self) -> None:
        """Forget the rows that are kept, and read the fields of all accounts anew.

        Raises OperationalError while a cursor has rows left to read.
        """
        self._check_open()
        if self._live.scans:
            raise OperationalError(
                "The tables cannot be made anew while a cursor still reads them. Fetch "
                "all its rows or close it, then refresh again."
            )
        sweep(self._live)
        with self._live.apart():
            for each in self._live.schemas.values():
                each.store.forget()
                self._live.install(each, anew=True)

    def sync(
        self,
        file: str | os.PathLike[str],
        wishes: Wishes | None = None,
        told: Callable[[Place], None] = lambda place: None,
    ) -> Sync:
        """What brings an SQLite file up to date with the account; see file.sync.Sync.

        `told` hears of each page. Close it, or use it in a `with`:

            with connection.sync("crm.db") as sync:
                report = sync.run()

        Raises OperationalError where another process is at the file, or it is none that
        may be written.
        """
        self._check_open()
        home = self._live.schemas[HOME]
        read = home.metadata.read
        if read is None or datetime.now(UTC) - read > _JUST_NOW:
            self._live.install(home, anew=True)
        fields = home.metadata.fields()
        tables = home.store.tables
        return Sync(home.client, tables, fields, Path(file), wishes or Wishes(), told)

    def attach_account(
        self,
        profile: str | None = None,
        schema: str | None = None,
        *,
        api_token: str | None = None,
        company_domain: str | None = None,
        api_url: str | None = None,
        plan: str | None = None,
        seats: int | None = None,
        reserve: float | None = None,
    ) -> None:
        """Give the tables of another account as `schema.deals` and so on.

        The account is that of a profile, or of an API token, as connect() takes them;
        the environment does not say which. `schema` is the profile's name unless given.
        What the profile settles holds for its account; its `max_tokens` can lower the
        connection's, unless connect() was given one (docs/accounts.md).
        Reads its fields, as connect() does, and raises the same; InterfaceError also
        for a name that is taken or cannot be one.
        """
        self._check_open()
        name = schema or profile
        if name is None or (profile is None and not api_token):
            raise InterfaceError(
                "Say which account, and how its tables are called: "
                "attach_account('acme') for a profile, or attach_account("
                "schema='acme', api_token=...)."
            )
        with self._live.apart(), contextlib.ExitStack() as opened:
            name = attach(self._live, name)
            opened.callback(detach, self._live, name)
            others = os.environ if profile else {}
            whose = account(api_token, company_domain, api_url, others, profile=profile)
            allowed = limits_of(whose, plan, seats, reserve, self._state_dir)
            opened.callback(allowed.close)
            client = client_of(whose, self._live.options, allowed)
            opened.callback(client.close)
            made = self._schema(name, client)
            self._live.schemas[name] = made
            opened.callback(self._live.detach, name)
            self._live.install(made)
            made.save_filters()
            opened.pop_all()
        self._settle_ceiling()

    def detach_account(self, schema: str) -> None:
        """Let go of an attached account: its tables, its rows, its connections.

        Raises OperationalError while a cursor still reads them.
        """
        self._check_open()
        name = schema.lower()
        others = [each for each in self._live.schemas if each != HOME]
        if name not in others:
            raise InterfaceError(
                f"No account is attached as {schema!r}. There is: "
                f"{', '.join(others) or 'none'}."
            )
        self._live.detach(name)
        self._settle_ceiling()

    def interrupt(self) -> None:
        """End the statements that are run, from another thread: wherever they wait,
        they raise Interrupted. The connection stays usable.
        """
        self._check_open()
        self.apsw.interrupt()

    def commit(self) -> None:
        """Keep what a transaction on local tables has changed."""
        self._end("COMMIT")

    def rollback(self) -> None:
        """Undo what a transaction on local tables has changed."""
        self._end("ROLLBACK")

    def close(self) -> None:
        """Close everything; an open transaction on local tables is undone."""
        if not self._closed:
            self._closed = True
            if isinstance(sys.exception(), (KeyboardInterrupt, SystemExit)):
                for each in self._live.schemas.values():
                    each.hurry()
            if self._mirror is not None:
                self._mirror.close()
            self.apsw.close(True)
            for each in self._live.schemas.values():
                each.close()
            if self._sandbox is not None:
                self._sandbox.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Keep the changes of a block that ended well, and close."""
        try:
            if not self._closed and kind is None:
                self.commit()
        finally:
            self.close()

    def __getattr__(self, name: str) -> object:
        if name in ("executescript", "blobopen", "backup", "iterdump"):
            raise NotSupportedError(
                f"A connection to Pipedrive has no {name}; its SQLite connection "
                "`connection.apsw` may have what you need."
            )
        raise AttributeError(name)

    def _end(self, how: str) -> None:
        self._check_open()
        if self.apsw.in_transaction:
            self.apsw.execute(how)

    def _check_open(self) -> None:
        if self._closed:
            raise InterfaceError("The connection is closed. Open a new one: connect().")

    def _settle_ceiling(self) -> None:
        accounts = [each.client.account for each in self._live.schemas.values()]
        self._live.max_tokens = ceiling_of(self._max_tokens, accounts)

    def _schema(self, name: str, client: Client) -> Schema:
        ttl = lifetime(self._cache_ttl, client.account)
        folder = cache_folder(self._cache_dir, client.account)
        return Schema(name, client, ttl, folder, lambda: self._live.run.meter)
