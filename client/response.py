"""One answer as it came over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .told import Told

_LONGEST_WAIT = 10.0  # seconds; the burst window is 2


@dataclass(frozen=True, slots=True)
class Response:
    """`headers` are found whatever the case of their names; `body` is unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def html(self) -> bool:
        """Whether it is a page for a browser."""
        return self.headers.get("content-type", "").startswith("text/html")

    @property
    def pause(self) -> float | None:
        """For how many seconds it asks to wait, within bounds; None for no word."""
        told = Told.of(self.status, self.headers).pause
        return None if told is None else min(told, _LONGEST_WAIT)
