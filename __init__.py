"""Pipedrive as SQL: every collection is an SQLite virtual table."""

from importlib import import_module
from typing import TYPE_CHECKING

from pipedrive_sql import errors
from pipedrive_sql.errors import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    Warning,
)

if TYPE_CHECKING:
    from pipedrive_sql.connecting import connect
    from pipedrive_sql.connection import Connection
    from pipedrive_sql.cursor import Cursor

apilevel = "2.0"
threadsafety = 1  # threads may share the module, but not connections
paramstyle = "qmark"

__all__ = [
    "Connection",
    "Cursor",
    "DataError",
    "DatabaseError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "Warning",
    "apilevel",
    "connect",
    "errors",
    "paramstyle",
    "threadsafety",
]

_LATER = {"connect": "connecting", "Connection": "connection", "Cursor": "cursor"}


def __getattr__(name: str) -> object:
    """Import the rest when it is first used: the command hears Ctrl-C before."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f".{_LATER[name]}", __name__), name)
    globals()[name] = found
    return found
