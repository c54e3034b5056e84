"""What a connection needs before it is there: clients, folders, a local database."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import apsw
from platformdirs import user_cache_dir, user_state_dir

from .client.account import Account
from .client.limits import RESERVE, Limits
from .client.profiles import Profile
from .client.transport import Client
from .client.writer import Writer
from .errors import InterfaceError, OperationalError
from .planner.options import Options
from .vtables.untrusted import MAX_ROWS, Guard

if TYPE_CHECKING:
    from .sandbox import Sandbox

CACHE_VARIABLE = "PIPEDRIVE_CACHE_DIR"
STATE_VARIABLE = "PIPEDRIVE_STATE_DIR"
# A file that tables are answered from is attached by an address that says "mode=ro".
_FLAGS = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SPAN = re.compile(r"(\d+)([smhd])")

MAX_TOKENS = 5_000  # of a statement, unless another ceiling is given
CACHE_TTL = 60.0  # seconds, unless another time is given


def client_of(whose: Account, options: Options, limits: Limits) -> Client:
    kind = Writer if options.temporary_filters else Client
    return kind(whose, limits)


def limits_of(
    whose: Account,
    plan: str | None,
    seats: int | None,
    reserve: float | None,
    state_dir: str | os.PathLike[str] | None,
) -> Limits:
    """What the account may do, by arguments, else by its profile."""
    settled = whose.profile or Profile()
    reserve = settled.reserve if reserve is None else reserve
    folder = _told(state_dir, STATE_VARIABLE, settled.state_dir, whose)
    if folder is None and not whose.local:
        folder = Path(user_state_dir("pipedrive-sql", appauthor=False))
    return Limits(
        whose,
        settled.plan if plan is None else plan,
        settled.seats if seats is None else seats,
        RESERVE if reserve is None else reserve,
        folder,
    )


def cache_folder(
    cache_dir: str | os.PathLike[str] | None, whose: Account
) -> Path | None:
    """Where what is remembered of an account is kept, None for nowhere."""
    settled = whose.profile or Profile()
    told = _told(cache_dir, CACHE_VARIABLE, settled.cache_dir, whose)
    if told is not None:
        return told
    # Sandboxes come and go: nobody would ask for their fields again.
    return None if whose.local else Path(user_cache_dir("pipedrive-sql"))


def ceiling_of(
    max_tokens: int | Literal["default"] | None, accounts: Iterable[Account]
) -> int | None:
    """What a statement may cost in API tokens: the argument, else what the first
    account's profile says, or any attached one's that says less.
    """
    if max_tokens != "default":
        return max_tokens
    first, *others = [each.profile or Profile() for each in accounts]
    told = [first.ceiling(MAX_TOKENS), *(other.ceiling(None) for other in others)]
    return min((n for n in told if n is not None), default=None)


def lifetime(cache_ttl: float | None, whose: Account) -> float:
    """For how many seconds an account's rows are used again."""
    if cache_ttl is not None:
        return cache_ttl
    settled = (whose.profile or Profile()).cache_ttl
    return CACHE_TTL if settled is None else settled


def guard_of(
    max_tokens: int | None, max_rows: int | None, temporary_filters: bool
) -> Guard:
    """What watches over SQL of others."""
    if max_tokens is None:
        raise InterfaceError(
            "untrusted=True needs a ceiling on API tokens: SQL of others could spend "
            f"the company's whole day. Pass max_tokens={MAX_TOKENS} or less."
        )
    if temporary_filters:
        raise InterfaceError(
            "untrusted=True and temporary_filters=True exclude each other: temporary "
            "filters write to the account, and SQL of others may only read."
        )
    return Guard(MAX_ROWS if max_rows is None else max_rows)


def span(text: str) -> timedelta:
    """A time as people write it. Raises ValueError.

    >>> span("90s"), span("2h")
    (datetime.timedelta(seconds=90), datetime.timedelta(seconds=7200))
    """
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a time as in 90s, 15m, 2h or 1d")
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


Age = str | timedelta | None
"""Such as "5m"; None for any age."""


def mirror_of(
    file: str | os.PathLike[str] | None, max_age: Age, archive_age: Age
) -> tuple[Path, timedelta | None, timedelta | None] | None:
    """The file that tables are answered from, how old they may be, and how much older
    what was archived.
    """
    if file is None:
        return None
    ages = []
    for name, age in (("max_age", max_age), ("archive_age", archive_age)):
        try:
            ages.append(span(age) if isinstance(age, str) else age)
        except ValueError as error:
            raise InterfaceError(f"{name}: {error}; None for any age.") from None
    return Path(file), ages[0], ages[1]


def local_database(database: str, guard: Guard | None) -> apsw.Connection:
    try:
        local = guard.open(database) if guard else apsw.Connection(database, _FLAGS)
        local.execute("SELECT 1 FROM sqlite_schema")  # only now is the file read
        # Else SQLite takes a quoted name that no column has for a text.
        local.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
        local.config(apsw.SQLITE_DBCONFIG_DQS_DDL, 0)
    except apsw.Error as error:
        raise OperationalError(
            f"{database} cannot be opened as an SQLite database: {error}."
        ) from error
    return local


def demo_sandbox() -> Sandbox:
    """A sandbox with the sample company. Raises InterfaceError if it is not there."""
    try:
        from .sandbox import Sandbox
    except ModuleNotFoundError as error:
        raise InterfaceError(
            f"The demo needs {error.name}, which is not installed. Type: "
            "pip install 'pipedrive-sql[sandbox]'"
        ) from error
    return Sandbox()


def _told(
    given: str | os.PathLike[str] | None,
    variable: str,
    settled: str | None,
    whose: Account,
) -> Path | None:
    """The folder of an argument, the environment or a profile, in their order."""
    said = os.environ.get(variable)
    found = given or (settled or said if whose.named else said or settled)
    return Path(found) if found else None
