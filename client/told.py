"""What the headers of an answer say of limits.

Source: https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting for the window;
the headers of the day are not documented, may be missing, and were seen live.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_WHOLE = re.compile(r"[0-9]{1,15}")
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_MOST = 10_000  # requests; a limit above is none of a window


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer says of limits; None is what it does not say.

    `pause` is for how many seconds it asks to wait: Pipedrive documents no unit, and
    clients read seconds.
    """

    status: int | None
    limit: int | None
    left: int | None
    budget: int | None
    remaining: int | None
    pause: float | None
    blocked: bool

    @classmethod
    def of(cls, status: int | None, headers: Mapping[str, str]) -> Told:
        limit = _whole(headers, "x-ratelimit-limit")
        html = headers.get("content-type", "").startswith("text/html")
        return cls(
            status,
            limit if limit is not None and 0 < limit <= _MOST else None,
            _whole(headers, "x-ratelimit-remaining"),
            _whole(headers, "x-daily-ratelimit-token-limit"),
            _whole(headers, "x-daily-ratelimit-token-remaining"),
            _seconds(headers),
            status == 403 and html,
        )

    @property
    def spent(self) -> bool:
        """The day's budget is."""
        return self.status == 429 and self.remaining == 0

    @property
    def waits(self) -> bool:
        """There were too many requests in a moment."""
        return self.status == 429 and not self.spent


def _whole(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return int(text) if _WHOLE.fullmatch(text) else None


def _seconds(headers: Mapping[str, str]) -> float | None:
    for name in ("retry-after", "x-ratelimit-reset"):
        if _DECIMAL.fullmatch(headers.get(name, "")):
            return float(headers[name])
    return None
