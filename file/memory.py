"""What the runs of one process over one file know of each other; it only saves time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ..catalog.table import Table
from .scope import Scope
from .staging import Place
from .wishes import Wishes

Version = tuple[int, int, int]


class Memory:
    """Of one file: it is forgotten with the version of the file that it is about.

    `answers` are digests of the answers whose rows that version has, by step.
    """

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self._version: Version | None = None
        self._tables: Mapping[str, Table] = {}
        self._scopes: dict[Wishes, Scope] = {}

    def look(self, target: Path, tables: Mapping[str, Table]) -> None:
        """Forget what was about other tables, or about another version of the file."""
        version = _version(target)
        if version != self._version or tables is not self._tables:
            self._version, self._tables = version, tables
            self.answers.clear()
            self._scopes.clear()

    def learn(self, places: Iterable[Place]) -> None:
        """The rows of these answers are in the file."""
        self.answers |= {p.step: p.answer for p in places if p.answer is not None}

    def scope(self, wishes: Wishes, who: Mapping[str, str]) -> Scope | None:
        """What an earlier run with these wishes was about."""
        found = self._scopes.get(wishes)
        return found if found is not None and found.who == who else None

    def keep(self, scope: Scope) -> None:
        """Remember what a run is about."""
        self._scopes[scope.wishes] = scope


def _version(target: Path) -> Version | None:
    """What tells a version of the file from others, None where there is none."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
