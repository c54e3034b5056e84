"""Which temporary filters may be in the account: a file for each, until it is deleted.

The file is locked as long as its process lives, whatever ends it. So whoever can lock
a file knows that nobody uses its filter any more.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_SUFFIX = ".filter"


class Journal:
    """The files of one account, which `account` names, in a folder.

    A file has the filter's name in its first line, and its id in the second once that
    is known. Every method raises OSError where the folder cannot be used.
    """

    def __init__(self, folder: Path, account: str) -> None:
        self._folder = folder
        self._account = account

    def begin(self, name: str) -> Entry:
        """Note that a filter of this name is going to be made."""
        self._folder.mkdir(parents=True, exist_ok=True)
        # Only a locked file is given the name that others look for.
        handle, path = tempfile.mkstemp(prefix=f"{self._account}.", dir=self._folder)
        file = os.fdopen(handle, "r+b")
        locked(file)
        entry = Entry(name, None, file, Path(path + _SUFFIX))
        file.write(f"{name}\n".encode())
        file.flush()
        os.rename(path, entry.path)
        return entry

    def abandoned(self) -> Iterator[Entry]:
        """Filters whose process has ended; they are the caller's from now on."""
        for path in sorted(self._folder.glob(f"{self._account}.*{_SUFFIX}")):
            try:
                file = path.open("r+b")
            except FileNotFoundError:
                continue  # another process has just done away with it
            if not locked(file) or not path.exists():
                file.close()
                continue
            lines = file.read().decode().split("\n")
            # The last line has no end if the process ended while writing it.
            number = int(lines[1]) if len(lines) > 2 else None
            yield Entry(lines[0], number, file, path)


class Entry:
    """A temporary filter: its name, its id if that is known, and its file."""

    def __init__(
        self, name: str, number: int | None, file: BinaryIO, path: Path
    ) -> None:
        self.name = name
        self.number = number
        self.path = path
        self._file = file

    def made(self, number: int) -> None:
        """Note the filter's id."""
        self.number = number
        self._file.write(f"{number}\n".encode())
        self._file.flush()

    def end(self) -> None:
        """The filter is gone."""
        self.path.unlink(missing_ok=True)
        self._file.close()

    def leave(self) -> None:
        """Leave the filter to whoever looks next."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def locked(file: BinaryIO) -> bool:
        """Lock a file for as long as it is open; False if somebody else has."""
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def locked(file: BinaryIO) -> bool:
        """Lock a file for as long as it is open; False if somebody else has."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
