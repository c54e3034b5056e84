"""What was asked and what it cost: usage, the log of requests, the ceiling."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from time import perf_counter

from ..errors import BudgetExceeded

_KEPT = 10_000  # entries of a connection's log; the oldest go first


@dataclass(frozen=True, slots=True)
class Usage:
    """Requests sent, API tokens spent, rows brought by them, seconds passed."""

    requests: int = 0
    tokens: int = 0
    rows: int = 0
    seconds: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.requests + other.requests,
            self.tokens + other.tokens,
            self.rows + other.rows,
            self.seconds + other.seconds,
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as `pipedrive_requests` shows it; `status` is None without answer."""

    time: str
    statement: int
    method: str
    path: str
    status: int | None
    rows: int
    tokens: int
    milliseconds: float


@dataclass(slots=True)
class Meter:
    """The running bill of one statement, with its ceiling.

    `number` counts the connection's statements; 0 is what the connection itself asks
    (fields metadata).
    """

    number: int
    text: str = ""
    max_tokens: int | None = None
    requests: int = 0
    tokens: int = 0
    rows: int = 0
    started: float = field(default_factory=perf_counter)
    ended: float | None = None
    _lock: Lock = field(default_factory=Lock, repr=False)

    def reserve(self, price: int, path: str) -> None:
        """Bill a request that is about to be sent; refuse one that passes the ceiling.

        Raises BudgetExceeded.
        """
        with self._lock:
            if self.max_tokens is None or self.tokens + price <= self.max_tokens:
                self.tokens += price
                return
        raise BudgetExceeded(
            f"The statement stops before GET {path}: it has spent {self.tokens} API "
            f"tokens, this request costs {price} more, and the ceiling is "
            f"{self.max_tokens}. Narrow the statement, or raise max_tokens "
            f"(--max-tokens {self.tokens + price} or more).",
            spent=self.tokens,
            needed=price,
            budget=self.max_tokens,
        )

    def add(self, sent: Sent) -> None:
        """Count one request that was sent; `reserve` has billed it."""
        with self._lock:
            self.requests += 1
            self.rows += sent.rows

    def stop(self) -> None:
        """The statement has ended; its seconds stand still from now on."""
        self.ended = perf_counter()

    @property
    def usage(self) -> Usage:
        """The bill so far."""
        seconds = (self.ended or perf_counter()) - self.started
        return Usage(self.requests, self.tokens, self.rows, seconds)


@dataclass(slots=True)
class RequestLog:
    """The requests of one connection, the latest 10,000 of them, and their sum."""

    entries: deque[Sent] = field(default_factory=lambda: deque(maxlen=_KEPT))
    total: Usage = field(default_factory=Usage)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def add(self, sent: Sent) -> None:
        """Keep one request."""
        seconds = sent.milliseconds / 1000
        with self._lock:
            self.entries.append(sent)
            self.total += Usage(1, sent.tokens, sent.rows, seconds)


def now() -> str:
    """This moment as SQLite writes it, in UTC, with milliseconds."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
