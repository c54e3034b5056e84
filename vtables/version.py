"""The version of a file that statements see: attached, and looked into beside them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import apsw

from ..errors import OperationalError
from ..file.records import APPLICATION_ID, Records

if TYPE_CHECKING:
    from .live import Live

_SCHEMA = "mirror"
_MAPPED = 2**30  # bytes of the file in memory's addresses: half the time of a scan
_FLAGS = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI

Seen = tuple[int, int, int, int]


class Version:
    """The newest version of a file, as the schema `schema` of a connection.

    Statements go on with the version that they began with, so older ones stay attached
    until nobody reads them.
    """

    def __init__(self, live: Live, file: Path) -> None:
        self.schema = ""
        self._live = live
        self._file = file
        self._address = f"{file.absolute().as_uri()}?mode=ro".replace("'", "%27")
        self._attached: list[str] = []
        self._seen: Seen | None = None
        self._beside: apsw.Connection | None = None
        self.renew()

    @property
    def records(self) -> Records:
        """What the file tells about itself."""
        return Records(self._open, "main")

    @property
    def names(self) -> list[str]:
        """Its tables and views."""
        found = self._open.execute(
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name "
            "NOT GLOB 'sqlite_*'"
        )
        return [str(name) for (name,) in found]

    def renew(self) -> bool:
        """Take the version that was published last; whether it is another one.

        Raises OperationalError where there is none.
        """
        seen = _seen(self._file)
        if seen is not None and seen == self._seen:
            return False
        beside = self._opened()
        self.close()
        self._beside = beside
        live = self._live
        with live.as_owner():
            for name in self._attached[:]:
                try:
                    live.quietly(f"DETACH {name}")
                except apsw.SQLError:
                    continue  # a cursor reads it
                self._attached.remove(name)
            self.schema = next(n for n in _names() if n not in self._attached)
            live.quietly(f"ATTACH '{self._address}' AS {self.schema}")
            live.quietly(f"PRAGMA {self.schema}.mmap_size = {_MAPPED}")
        self._attached.append(self.schema)
        self._seen = seen
        return True

    def close(self) -> None:
        """Let go of the file, but for what SQLite has attached."""
        if self._beside is not None:
            self._beside.close()
            self._beside = None

    @property
    def _open(self) -> apsw.Connection:
        assert self._beside is not None
        return self._beside

    def _opened(self) -> apsw.Connection:
        """A connection of its own, for what is nobody's statement."""
        try:
            beside = apsw.Connection(self._address, _FLAGS)
            kind = beside.execute("PRAGMA application_id").get
        except apsw.Error as error:
            raise OperationalError(
                f"{self._file} cannot be read: {error}. Write it first: "
                f"pipedrive-sql sync {self._file}."
            ) from error
        if kind != APPLICATION_ID:
            beside.close()
            raise OperationalError(
                f"{self._file} is no file of this program. Write one first: "
                "pipedrive-sql sync crm.db."
            )
        return beside


def _names() -> Iterator[str]:
    yield _SCHEMA
    yield from (f"{_SCHEMA}_{number}" for number in count(2))


def _seen(file: Path) -> Seen | None:
    """What tells a version from the next, None where there is none."""
    try:
        told = file.stat()
    except OSError:
        return None
    return told.st_dev, told.st_ino, told.st_mtime_ns, told.st_size
