"""SQLite's temporary files, with a bound on what they hold together."""

from __future__ import annotations

from itertools import count
from typing import Any

import apsw

from ..errors import CeilingExceeded

_TEMPORARY = (
    apsw.SQLITE_OPEN_TEMP_DB
    | apsw.SQLITE_OPEN_TRANSIENT_DB
    | apsw.SQLITE_OPEN_TEMP_JOURNAL
    | apsw.SQLITE_OPEN_SUBJOURNAL
)
_numbers = count(1)


class TemporaryFiles(apsw.VFS):
    """The files of one connection, as the system has them; sorting and materialising
    may write `most` bytes at a time to temporary ones.

    What would pass that raises CeilingExceeded. `name` is for apsw.Connection(vfs=).
    """

    def __init__(self, most: int) -> None:
        self.name = f"pipedrive-sql-{next(_numbers)}"
        self.most = most
        self.held = 0
        super().__init__(self.name, "")

    def xOpen(
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        """A file, counted if it is a temporary one."""
        if flags[0] & _TEMPORARY:
            return _Counted(self, name, flags)
        return super().xOpen(name, flags)


class _Counted(apsw.VFSFile):
    def __init__(self, files: TemporaryFiles, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._files = files
        self._size = 0

    def xWrite(self, data: bytes, offset: int) -> None:
        self._resize(max(self._size, offset + len(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self._resize(min(self._size, newsize))

    def xClose(self) -> None:
        self._resize(0)
        super().xClose()

    def _resize(self, size: int) -> None:
        files = self._files
        held = files.held + size - self._size
        if size > self._size and held > files.most:
            raise CeilingExceeded(
                "The statement stops: to sort or to keep rows it would write more than "
                f"{files.most:,} bytes to temporary files, the most that SQL of others "
                "may. Select fewer rows or columns.",
                unit="bytes",
                ceiling=files.most,
            )
        files.held, self._size = held, size
