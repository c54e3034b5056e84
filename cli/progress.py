"""The line that shows how far a statement is, while it runs."""

from __future__ import annotations

import os
from typing import TextIO

from ..client.progress import Progress

_WIDTH = 20  # letters of the bar
_CTRL_C = 2  # letters that the terminal shows for it, behind the line


class ProgressLine:
    """One line on a stream, drawn again and again in its place and then gone.

    It is drawn between `begin` and `end` only, with plain carriage returns: a line
    without widgets of its own is less than any library for them.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._begun = False
        self._drawn = 0  # letters on the screen

    def __call__(self, progress: Progress) -> None:
        """Draw the line anew."""
        if self._begun and not progress.done:
            text = line(progress)[: self._columns() - _CTRL_C - 1]
            self._write(text.ljust(self._drawn))
            self._drawn = len(text)

    def begin(self) -> None:
        """A statement begins, whose progress is to be shown."""
        self._begun = True

    def end(self) -> None:
        """Take the line away; nothing is drawn until the next statement begins."""
        self._begun = False
        if self._drawn:
            self._write(" " * (self._drawn + _CTRL_C))
            self._write("")
            self._drawn = 0

    def _write(self, text: str) -> None:
        self._stream.write(f"\r{text}")
        self._stream.flush()

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or 80
        except OSError:  # no terminal
            return 80


def line(progress: Progress) -> str:
    """The bar, if the whole is known, and the figures.

    >>> print(line(Progress("select 1", 3.2, 6000, 12, 120, 500, 500, "deals")))
    [####................] deals: 6,000 rows, 12 requests, 120 of 500 tokens, 3 s
    """
    if progress.part is None:
        return str(progress)
    done = int(progress.part * _WIDTH)
    return f"[{'#' * done}{'.' * (_WIDTH - done)}] {progress}"
