"""The progress of statements in a notebook: one line of text below the cell."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from .client.progress import Callback, Progress


def progress_line() -> Callback | None:
    """Who shows progress in the notebook that this is run in; None anywhere else.

    It is plain text, so it needs no widgets, and is kept with the notebook.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if ipython is None or not hasattr(shell, "kernel"):
        return None
    return _Line(ipython.display.display)


class _Line:
    """The line of one statement after the other; what each has cost stays there."""

    def __init__(self, display: Callable[..., Any]) -> None:
        self._display = display
        self._handle: Any = None
        self._seconds = 0.0

    def __call__(self, progress: Progress) -> None:
        if progress.seconds < self._seconds:
            self._handle = None  # the statement before was left without an end
        self._seconds = progress.seconds
        content = {"text/plain": str(progress)}
        if self._handle is None:
            self._handle = self._display(content, raw=True, display_id=True)
        else:
            self._handle.update(content, raw=True)
        if progress.done:
            self._handle = None
            self._seconds = 0.0
