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
from ..planner.table_names import HOME, joined, parted

# Tables as statements name them ("deals", "acme.deals"), and their columns.
Names = Mapping[str, Sequence[str]]

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
_NO_FUNCTION = re.compile(r"'(?P<name>.+)' is not a function")
_READ_ONLY = re.compile(
    r"table (?P<name>.+) may not be modified"
    r"|cannot modify (?P<view>.+) because it is a view"
)
_UNKNOWN_COLUMN = re.compile(r"no such column: \"?(?P<name>[^\"]+?)\"?(?: - .*)?$")


def translated(error: apsw.Error, statement: str, names: Names) -> Error:
    """The error of the same meaning in this package; the caller raises it `from`."""
    message = str(error)
    if isinstance(error, apsw.InterruptError):
        return Interrupted("The statement was interrupted.")
    if found := _UNKNOWN_TABLE.search(message):
        return _unknown_table(found["name"], names)
    if found := _UNKNOWN_COLUMN.search(message):
        name = found["name"].rpartition(".")[2]
        named = [t for t in analyse(statement).tables if t in names]
        where = f" in {' or '.join(named)}" if named else ""
        near = _question(_near(name, [c for t in named for c in names[t]]))
        schema, table = parted(named[0]) if named else ("", "")
        place = f"'{table}'" if schema == HOME else f"'{table}', '{schema}'"
        every = f"SELECT name FROM pragma_table_info({place})"
        tail = f" All columns: {every}." if named else ""
        return UnknownColumn(
            f'There is no column "{name}"{where}.{near}{tail}', column=name
        )
    found = _NO_FUNCTION.search(message)
    if found and found["name"].lower() in names:
        name = found["name"]
        return ProgrammingError(
            f"{name} stands for the table of a file here, which takes no inputs. Ask "
            f"Pipedrive: live.{name}(...)."
        )
    if found := _READ_ONLY.search(message):
        name = found["name"] or found["view"]
        return NotSupportedError(
            f'The table "{name}" can only be read: nothing here changes what '
            "Pipedrive holds. Copy it to change the copy: "
            f"CREATE TABLE copy AS SELECT * FROM {name}."
        )
    if isinstance(error, apsw.TooBigError):
        return DataError(
            "A text, blob or row is larger than it may be: 1,000,000,000 bytes, and "
            "1,000,000 for SQL of others (untrusted). Take a part of it, as in "
            "substr(content, 1, 1000)."
        )
    if "syntax error" in message or "incomplete input" in message:
        return StatementSyntax(f"SQLite cannot read the statement: {message}.")
    for sources, target in _CLASSES:
        if isinstance(error, sources):
            return target(message)
    return DatabaseError(message)


def _unknown_table(told: str, names: Names) -> UnknownTable:
    """The error for a table, called as SQLite calls it: "dels", "acme.deals"."""
    schema, name = parted(told.lower())
    accounts = list(dict.fromkeys(parted(known)[0] for known in names))
    if schema != HOME and told.lower() in names:
        return UnknownTable(
            f"There is no schema {schema} any more: it was detached. Attach the "
            "account again: con.attach_account(...), or .attach in the shell.",
            table=told,
        )
    if name in names and schema not in accounts:
        meant = [f"{near}.{name}" for near in _near(schema, accounts)]
        return UnknownTable(
            f'There is no table "{name}" in the schema {schema}: the tables of '
            f"Pipedrive are in {' and '.join(accounts)}. Write {name} alone, or "
            f"temp.{name}.{_question(meant)}",
            table=name,
        )
    place = schema if schema in accounts else HOME
    own = [table for each, table in map(parted, names) if each == place]
    meant = [joined(place, near) for near in _near(name, own)]
    where = "" if place == HOME else f" WHERE schema = '{place}'"
    return UnknownTable(
        f'There is no table "{told}".{_question(meant)} '
        f"All tables: SELECT name FROM pipedrive_tables{where}.",
        table=told,
    )


def _near(name: str, names: Sequence[str]) -> list[str]:
    return difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.6)


def _question(meant: Sequence[str]) -> str:
    return f" Did you mean {' or '.join(meant)}?" if meant else ""
