"""Bytes at rest in a temporary file, which costs a tenth of what a database would."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import NamedTuple

from ..errors import OperationalError

_IN_MEMORY = 8_000_000  # bytes; more of them move to disk


class Place(NamedTuple):
    """Where bytes lie."""

    start: int
    length: int


class Pile:
    """Bytes by the place that `add` has given them; room that is free is used again.

    Raises OperationalError where the temporary file cannot be written or read.
    """

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        self._close = weakref.finalize(self, self._file.close)
        self._free: list[Place] = []  # in order, none beside another
        self._end = 0

    def add(self, data: bytes) -> Place:
        """Lay bytes down."""
        place = self._room(len(data))
        try:
            self._file.seek(place.start)
            self._file.write(data)
        except OSError as error:
            raise _failed("written", error) from error
        return place

    def get(self, place: Place) -> bytes:
        """The bytes that lie there."""
        try:
            self._file.seek(place.start)
            return self._file.read(place.length)
        except OSError as error:
            raise _failed("read", error) from error

    def drop(self, places: Iterable[Place]) -> None:
        """Let go of the bytes that lie there."""
        joined: list[Place] = []
        for start, length in sorted([*self._free, *places]):
            if joined and joined[-1].start + joined[-1].length == start:
                start, length = joined[-1].start, joined.pop().length + length
            joined.append(Place(start, length))
        if joined and joined[-1].start + joined[-1].length == self._end:
            self._end = joined.pop().start
            self._file.truncate(self._end)
        self._free = joined

    def close(self) -> None:
        """Let go of everything."""
        self._close()

    def _room(self, length: int) -> Place:
        for number, (start, free) in enumerate(self._free):
            if free > length:
                self._free[number] = Place(start + length, free - length)
                return Place(start, length)
        self._end += length
        return Place(self._end - length, length)


def _failed(what: str, error: OSError) -> OperationalError:
    return OperationalError(
        f"The temporary file that keeps Pipedrive's answers cannot be {what} "
        f"({error.strerror}). Make room in the folder for temporary files, or name "
        "another one in TMPDIR."
    )
