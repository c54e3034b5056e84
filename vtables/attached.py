"""Other accounts beside the first one: names for their schemas, and their errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import apsw

from ..catalog.values import SQLValue
from ..errors import Error, InterfaceError, OperationalError
from ..planner.table_names import LIVE
from .cursor import Cursor

if TYPE_CHECKING:
    from .live import Live

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_UNFIT = re.compile(r"[^a-z0-9_]|^(?=\d|$)")


def attach(live: Live, name: str) -> str:
    """Make an empty schema in memory; its name in lower case, as SQLite compares them.

    Raises InterfaceError for a name that cannot be or is taken, OperationalError in a
    transaction, or where SQLite has no room for more.
    """
    lower = name.lower()
    if not _NAME.fullmatch(lower):
        raise InterfaceError(
            f"{name!r} cannot be the name of a schema: letters a to z, digits and _ "
            f"can, and no digit at the beginning. {_instead(_UNFIT.sub('_', lower))}"
        )
    sweep(live)
    taken = dict.fromkeys([*databases(live), LIVE])
    if lower in taken:
        raise InterfaceError(
            f"There is a schema {lower} already ({', '.join(taken)}). "
            f"{_instead(f'{lower}2')}"
        )
    if live.database.in_transaction:
        raise OperationalError(
            "An account cannot be attached within a transaction, which would undo its "
            "tables with a rollback. End it first: commit() or rollback()."
        )
    try:
        with live.as_owner():
            live.quietly(f"ATTACH ':memory:' AS {lower}")
    except apsw.SQLError as error:
        if "too many" in str(error):
            raise OperationalError(
                f"No account more can be attached: {error}."
            ) from error
        raise InterfaceError(
            f"{lower} is a word of SQL, which a schema cannot be called. "
            f"{_instead(f'{lower}_')}"
        ) from error
    return lower


def detach(live: Live, name: str) -> None:
    """Take the schema away, if SQL has not done so already.

    Raises OperationalError while a cursor reads from it.
    """
    if name not in databases(live):
        return
    try:
        with live.as_owner():
            live.quietly(f"DETACH {name}")
    except apsw.SQLError as error:
        raise OperationalError(
            f"The account {name} cannot be detached while a cursor still reads it "
            f"({error}). Fetch all its rows or close it, then detach again."
        ) from error


def sweep(live: Live) -> None:
    """Let go of the accounts whose schemas SQL has detached."""
    there = databases(live)
    for name in [each for each in live.schemas if each not in there]:
        live.detach(name)


def databases(live: Live) -> list[str]:
    """The names of all schemas."""
    with live.as_owner():
        found = live.quietly("SELECT name FROM pragma_database_list").fetchall()
    return [str(name).lower() for (name,) in found]


@contextmanager
def named(schema: str) -> Iterator[None]:
    """Let errors say which schema they come from, "" for none."""
    begin = f"{schema}: "
    try:
        yield
    except Error as error:
        told: Sequence[object] = error.args
        text = str(told[0]) if told else ""
        if schema and text and begin not in text and f"{schema}." not in text:
            error.args = (f"{begin}{told[0]}", *told[1:])
        raise


class AttachedCursor(Cursor):
    """A scan of an attached account: its errors say whose they are."""

    def Filter(self, number: int, text: str | None, values: tuple[object, ...]) -> None:
        """Start the scan, or start it again with other values."""
        with named(self.table.schema):
            super().Filter(number, text, values)

    def _turn(self) -> None:
        with named(self.table.schema):
            super()._turn()

    def _unusual(self, number: int) -> SQLValue:
        with named(self.table.schema):
            return super()._unusual(number)


def _instead(name: str) -> str:
    return f"Give it another: schema='{name}' (--attach PROFILE={name})."
