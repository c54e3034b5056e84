"""SQLite's errors as PEP 249's, with advice for names that do not exist."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

import apsw

from ..errors import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    Interrupted,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    StatementSyntax,
    UnknownColumn,
    UnknownTable,
)
from ..planner.statement import analyse

Names = Mapping[str, Sequence[str]]  # tables and their columns

_CLASSES: tuple[tuple[tuple[type[apsw.Error], ...], type[Error]], ...] = (
    ((apsw.ConstraintError,), IntegrityError),
    ((apsw.MismatchError, apsw.TooBigError, apsw.RangeError), DataError),
    ((apsw.InternalError, apsw.CorruptError), InternalError),
    (
        (
            apsw.ThreadingViolationError,
            apsw.ConnectionClosedError,
            apsw.CursorClosedError,
            apsw.ConnectionNotClosedError,
            apsw.ForkingViolationError,
        ),
        InterfaceError,
    ),
    ((apsw.NoLFSError, apsw.ExtensionLoadingError), NotSupportedError),
    (
        (
            apsw.BusyError,
            apsw.LockedError,
            apsw.CantOpenError,
            apsw.IOError,
            apsw.FullError,
            apsw.ReadOnlyError,
            apsw.PermissionsError,
            apsw.NotADBError,
            apsw.NoMemError,
            apsw.AbortError,
        ),
        OperationalError,
    ),
    (
        (apsw.SQLError, apsw.BindingsError, apsw.IncompleteExecutionError),
        ProgrammingError,
    ),
)
_UNKNOWN_TABLE = re.compile(r"no such table: (?P<name>.+)")
_READ_ONLY = re.compile(r"table (?P<name>.+) may not be modified")
_UNKNOWN_COLUMN = re.compile(r"no such column: \"?(?P<name>[^\"]+?)\"?(?: - .*)?$")


def translated(error: apsw.Error, statement: str, names: Names) -> Error:
    """The error of the same meaning in this package; the caller raises it `from`."""
    message = str(error)
    if isinstance(error, apsw.InterruptError):
        return Interrupted("The statement was interrupted.")
    if found := _UNKNOWN_TABLE.search(message):
        schema, _, name = found["name"].rpartition(".")
        if name in names:
            return UnknownTable(
                f'There is no table "{name}" in the schema {schema}: the tables of '
                f"Pipedrive are in temp. Write {name} alone, or temp.{name}.",
                table=name,
            )
        near = _nearest(name, names)
        return UnknownTable(
            f'There is no table "{name}".{near} '
            "All tables: SELECT name FROM pipedrive_tables.",
            table=name,
        )
    if found := _UNKNOWN_COLUMN.search(message):
        name = found["name"].rpartition(".")[2]
        named = [t for t in analyse(statement).tables if t in names]
        where = f" in {' or '.join(named)}" if named else ""
        near = _nearest(name, [c for t in named for c in names[t]])
        every = f"SELECT name FROM pragma_table_info('{named[0]}')" if named else ""
        tail = f" All columns: {every}." if named else ""
        return UnknownColumn(
            f'There is no column "{name}"{where}.{near}{tail}', column=name
        )
    if found := _READ_ONLY.search(message):
        return NotSupportedError(
            f'The table "{found["name"]}" can only be read: nothing here changes what '
            "Pipedrive holds. Copy it to change the copy: "
            f"CREATE TABLE copy AS SELECT * FROM {found['name']}."
        )
    if "syntax error" in message or "incomplete input" in message:
        return StatementSyntax(f"SQLite cannot read the statement: {message}.")
    for sources, target in _CLASSES:
        if isinstance(error, sources):
            return target(message)
    return DatabaseError(message)


def _nearest(name: str, names: Sequence[str] | Names) -> str:
    near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(near)}?" if near else ""
