"""One thing that Pipedrive answers: a method, a path, a price, its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from .refusal import JSON
from .switches import Switches

if TYPE_CHECKING:
    from .company import Company

Reader = Callable[[str, str], Any]
"""Turns a parameter's name and text into its value, or raises Refusal."""


@dataclass(slots=True)
class Call:
    """One request that has passed the gateway.

    `sees` says whether the token's user may see a row (None: all); `search_lag` is
    how many seconds the index of the searches is behind.
    """

    company: Company
    switches: Switches
    path: dict[str, str]
    query: dict[str, Any]
    body: Any = None
    page_cap: int | None = None
    sees: Callable[[dict[str, Any]], bool] | None = None
    search_lag: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply:
    """The bytes of an answer, what they are, and how many rows are in it."""

    content: bytes
    rows: int = 0
    status: int = 200
    kind: str = JSON


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`price` is the spec's x-token-cost; a path segment in braces is a blank."""

    method: str
    version: int
    path: str
    price: int
    answer: Callable[[Call], Reply]
    query: Mapping[str, Reader] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As usage counts it: `GET /api/v2/deals`."""
        prefix = "/api/v2" if self.version == 2 else "/v1"
        return f"{self.method} {prefix}{self.path}"


def success(data: Any, *, status: int = 200, **more: Any) -> Reply:
    """`{"success": true, "data": ...}` and whatever else the envelope has."""
    content = orjson.dumps({"success": True, "data": data, **more})
    rows = len(data) if isinstance(data, list) else int(isinstance(data, dict))
    return Reply(content, rows, status)
