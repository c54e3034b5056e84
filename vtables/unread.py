"""A scan that brings no rows: it takes down how SQLite starts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..planner.choice import Choice

if TYPE_CHECKING:
    from .module import Module


@dataclass(frozen=True, slots=True)
class Start:
    """One start of a scan, with the values that SQLite has for the plan's inputs."""

    choice: Choice
    values: tuple[object, ...]


class Unread:
    """APSW's cursor of a virtual table, behind its end from the first."""

    def __init__(self, module: Module, starts: list[Start]) -> None:
        self._module = module
        self._starts = starts

    def Filter(self, number: int, text: str | None, values: tuple[object, ...]) -> None:
        """Take down the start."""
        self._starts.append(Start(self._module.choice(number), values))

    def Eof(self) -> bool:
        """There are no rows."""
        return True

    def Close(self) -> None:
        """Nothing is held."""
