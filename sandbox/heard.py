"""What the sandbox was asked, and what that would have cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Heard:
    """One request and its answer.

    `query` is the query string as it was sent; `tokens` the price in the spec (0 for
    what no endpoint answered); the bodies are kept by `Sandbox(record=True)` only.
    """

    method: str
    path: str
    query: str
    status: int
    tokens: int
    rows: int
    endpoint: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    answer: bytes = b""

    def __str__(self) -> str:
        """`GET /api/v2/deals?status=won&limit=500`"""
        line = f"{self.method} {self.path}"
        return f"{line}?{unquote(self.query)}" if self.query else line


def usage_of(heard: Iterable[Heard]) -> dict[str, Any]:
    """Requests, tokens and 429s in all, by endpoint, and each request in order."""
    asked = list(heard)
    endpoints: dict[str, dict[str, int]] = {}
    for one in asked:
        name = one.endpoint or "unknown"
        count = endpoints.setdefault(name, {"requests": 0, "tokens": 0, "rows": 0})
        count["requests"] += 1
        count["tokens"] += one.tokens
        count["rows"] += one.rows
    return {
        "requests": len(asked),
        "tokens": sum(one.tokens for one in asked),
        "rows": sum(one.rows for one in asked),
        "too_many": sum(one.status == 429 for one in asked),
        "endpoints": endpoints,
        "heard": [
            {
                "method": one.method,
                "path": one.path,
                "query": one.query,
                "status": one.status,
                "tokens": one.tokens,
                "rows": one.rows,
            }
            for one in asked
        ],
    }
