"""A request to Pipedrive, and who pays for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from ..catalog.table import Endpoint
from .usage import Cause, Claim, Meter


@dataclass(frozen=True, slots=True)
class Asked:
    """`path` is the endpoint's with its blanks filled, `body` the JSON to write."""

    method: str
    endpoint: Endpoint
    path: str
    query: Sequence[tuple[str, str]]
    meter: Meter
    cause: Cause | None
    body: bytes | None = None

    @property
    def what(self) -> str:
        """Its name in messages: "GET /api/v2/deals"."""
        return f"{self.method} {self.path}"

    @property
    def told(self) -> str:
        """Path and query as people read them."""
        text = "&".join(f"{name}={value}" for name, value in self.query)
        return f"{self.path}?{text}" if text else self.path

    @property
    def encoded(self) -> str:
        """Path and query as they are sent."""
        text = urlencode(self.query, safe=",:", quote_via=quote)
        return f"{self.path}?{text}" if text else self.path

    @property
    def essential(self) -> bool:
        """Whether it may use the day's reserve: what was made has to be removed."""
        return self.method == "DELETE"

    def claim(self) -> Claim:
        """Room for it under the statement's ceiling. Raises BudgetExceeded."""
        return self.meter.claim(self.endpoint.price, self.what, self.cause)
