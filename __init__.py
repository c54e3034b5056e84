"""Pipedrive as SQL: every collection is an SQLite virtual table."""

from pipedrive_sql import errors
from pipedrive_sql.connecting import connect
from pipedrive_sql.connection import Connection
from pipedrive_sql.cursor import Cursor
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
