"""One answer as it came over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LEFT_TODAY = "x-daily-ratelimit-token-remaining"
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
    def waits(self) -> bool:
        """Whether the burst limit was met: nothing was done, but will be later."""
        return self.status == 429 and self.headers.get(LEFT_TODAY) != "0"

    @property
    def seconds(self) -> float | None:
        """For how long it asks to wait, within bounds; None if it does not say.

        Pipedrive documents no unit; clients read seconds.
        """
        for name in ("retry-after", "x-ratelimit-reset"):
            try:
                told = float(self.headers.get(name, ""))
            except ValueError:
                continue
            return min(max(told, 0.0), _LONGEST_WAIT)
        return None
