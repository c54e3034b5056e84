"""One version of the file in place of another, at one moment.

Readers that have the old version open keep it, whole; who opens the file afterwards
sees the new one. Where a file that is open cannot be replaced (Windows), and for tools
that never open it anew, it is written in place, in one transaction of SQLite.
"""

from __future__ import annotations

import os
from pathlib import Path

import apsw

from ..errors import OperationalError
from .records import APPLICATION_ID

_PATIENCE = 30_000  # milliseconds that readers have to end what they read
_EVERY_PAGE = -1


def check_folder(target: Path) -> None:
    """See that the file has a folder. Raises OperationalError."""
    if not target.parent.is_dir():
        raise OperationalError(
            f"{target} cannot be written: there is no folder {target.parent}."
        )


def check_target(target: Path) -> None:
    """See that a file is there that this program wrote, or none.

    Finishes what another program that wrote into it has left. Raises OperationalError.
    """
    if not target.exists() or not target.stat().st_size:
        return
    try:
        database = apsw.Connection(str(target))
        try:
            kind = database.execute("PRAGMA application_id").get
            if database.execute("PRAGMA journal_mode").get == "wal":
                database.execute("PRAGMA journal_mode = DELETE")
        finally:
            database.close()
    except apsw.NotADBError:
        kind = None
    except apsw.BusyError as error:
        raise OperationalError(
            f"{target} was set to journal_mode WAL and is open in another program, so "
            "it cannot be replaced without tearing what that reads. Close it there, "
            "and run again."
        ) from error
    if kind != APPLICATION_ID:
        raise OperationalError(
            f"{target} is there, and no file of this program: it would be overwritten. "
            "Give another name."
        )


def publish(building: Path, target: Path, *, in_place: bool) -> None:
    """Make the file of the new version the one of this name."""
    check_target(target)
    if in_place and target.exists():
        _write(building, target)
        return
    with building.open("rb+") as file:
        os.fsync(file.fileno())
    if target.exists():
        os.chmod(building, target.stat().st_mode & 0o777)
    try:
        os.replace(building, target)
    except PermissionError:
        if os.name != "nt":
            raise
        _write(building, target)
    if os.name != "nt":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # else a power cut could bring back the old name
        finally:
            os.close(folder)


def _write(building: Path, target: Path) -> None:
    """Copy every page in one transaction."""
    source, database = apsw.Connection(str(building)), apsw.Connection(str(target))
    try:
        database.set_busy_timeout(_PATIENCE)
        with database.backup("main", source, "main") as backup:
            while not backup.done:
                backup.step(_EVERY_PAGE)
    except apsw.BusyError as error:
        raise OperationalError(
            f"{target} could not be written: other programs have been reading it for "
            f"{_PATIENCE // 1000} seconds. It is as it was; run again."
        ) from error
    finally:
        source.close()
        database.close()
