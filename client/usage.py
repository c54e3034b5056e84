"""What was asked and what it cost: usage, the log of requests, the ceiling."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from time import perf_counter
from typing import Protocol

from ..errors import BudgetExceeded
from ..planner.advice import Part, advice
from ..planner.choice import Choice

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
    """One request as `pipedrive_requests` shows it; `status` is None without answer.

    `table` is the one that was read, "" for what the connection itself asks.
    """

    time: str
    statement: int
    method: str
    path: str
    status: int | None
    rows: int
    tokens: int
    milliseconds: float
    table: str = ""
    text: str = ""
    attempt: int = 1


@dataclass(slots=True)
class Served:
    """What a statement took from the store in place of asking for `path` again."""

    time: str
    statement: int
    path: str
    rows: int
    table: str
    text: str


@dataclass(frozen=True, slots=True)
class Cause:
    """What requests are for: a scan, or columns that it brings by `further` ones."""

    choice: Choice
    further: str = ""

    @property
    def table(self) -> str:
        """The table that is read."""
        return self.choice.plan.table.name


@dataclass(slots=True)
class Spent:
    """What one cause has cost: requests, API tokens, rows brought by them, and rows
    that came from the store.
    """

    cause: Cause
    requests: int = 0
    tokens: int = 0
    rows: int = 0
    kept: int = 0


@dataclass(slots=True)
class RequestLog:
    """What one connection asked and took from its store, the latest 10,000 of both;
    and the sum of what was asked.
    """

    entries: deque[Sent | Served] = field(default_factory=lambda: deque(maxlen=_KEPT))
    total: Usage = field(default_factory=Usage)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def add(self, sent: Sent) -> None:
        """Keep one request."""
        seconds = sent.milliseconds / 1000
        with self._lock:
            self.entries.append(sent)
            self.total += Usage(1, sent.tokens, sent.rows, seconds)


class Watcher(Protocol):
    """Who looks after a statement while it runs."""

    def look(self) -> None:
        """Called often, in the statement's thread; what is raised ends it."""

    def end(self) -> None:
        """The statement has ended; perhaps called again."""


@dataclass(slots=True)
class Claim:
    """Room for one request under a meter's ceiling, for as long as it is `held`."""

    price: int
    cause: Cause | None
    held: bool = True


@dataclass(slots=True)
class Meter:
    """The running bill of one statement, with its ceiling.

    `number` counts the connection's statements; 0 is what the connection itself asks
    (fields metadata). `log` also tells what came from the store. `cause` is what
    requests are for at the moment, and whoever has them sent sets it. `held` are the
    API tokens of requests that will have to be sent; the ceiling counts them, too.
    `waiting` says what a request waits for before it is sent, "" for nothing.
    `watchers` see it while it runs. `logs` are those of other accounts, by the schema
    that their tables are in.
    """

    number: int
    text: str = ""
    max_tokens: int | None = None
    log: RequestLog = field(default_factory=RequestLog)
    held: int = 0
    waiting: str = ""
    requests: int = 0
    tokens: int = 0
    rows: int = 0
    started: float = field(default_factory=perf_counter)
    ended: float | None = None
    cause: Cause | None = None
    watchers: tuple[Watcher, ...] = ()
    logs: Mapping[str, RequestLog] = field(default_factory=dict)
    _spent: dict[tuple[int, str], Spent] = field(default_factory=dict)
    _served: dict[tuple[str, str], Served] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def claim(self, price: int, what: str, cause: Cause | None) -> Claim:
        """Room for a request that is going to be sent.

        `what` names it, as in "GET /api/v2/deals". Raises BudgetExceeded if there is
        none.
        """
        with self._lock:
            if self._affords(price):
                self.held += price
                return Claim(price, cause)
        raise BudgetExceeded(
            f"The statement stops before {what}: it has spent {self.tokens:,} API "
            f"tokens, this request costs {price} more, and the ceiling is "
            f"{self.max_tokens:,}. {self._advice(price, cause)} Or raise max_tokens "
            f"(--max-tokens {self.tokens + self.held + price} or more).",
            spent=self.tokens,
            needed=price,
            budget=self.max_tokens or 0,
        )

    def affords(self, price: int) -> bool:
        """Whether there would be room for so many tokens now."""
        with self._lock:
            return self._affords(price)

    def pay(self, claim: Claim) -> None:
        """The request is being sent."""
        with self._lock:
            self._let_go(claim)
            self.tokens += claim.price
            if spent := self._of(claim.cause):
                spent.tokens += claim.price

    def drop(self, claim: Claim) -> None:
        """The request is not going to be sent, if it was not already."""
        with self._lock:
            self._let_go(claim)

    def add(self, sent: Sent, cause: Cause | None) -> None:
        """Count one request that was sent; `pay` has billed it."""
        with self._lock:
            self.requests += 1
            self.rows += sent.rows
            if spent := self._of(cause):
                spent.requests += 1
                spent.rows += sent.rows

    def served(self, path: str, rows: int) -> None:
        """Rows came from the store, and nothing was asked."""
        with self._lock:
            if spent := self._of(self.cause):
                spent.kept += rows
            table = self.cause.choice.plan.table if self.cause else None
            key = (table.full_name if table else "", path)
            known = self._served.get(key)
            if known is not None:
                known.rows += rows
                return
            made = Served(now(), self.number, path, rows, self.table, self.text)
            self._served[key] = made
            log = self.logs.get(table.schema, self.log) if table else self.log
            log.entries.append(made)

    def watch(self) -> None:
        """To be called often, while the statement runs or waits, in its own thread.

        Raises what the watchers raise.
        """
        for watcher in self.watchers:
            watcher.look()

    def stop(self) -> None:
        """The statement has ended; its seconds stand still from now on."""
        self.ended = self.ended or perf_counter()
        for watcher in self.watchers:
            watcher.end()

    @property
    def table(self) -> str:
        """The table that is read at the moment."""
        return self.cause.table if self.cause else ""

    @property
    def usage(self) -> Usage:
        """The bill so far."""
        seconds = (self.ended or perf_counter()) - self.started
        return Usage(self.requests, self.tokens, self.rows, seconds)

    @property
    def spent(self) -> tuple[Spent, ...]:
        """The bill so far, cause by cause."""
        return tuple(self._spent.values())

    def _affords(self, price: int) -> bool:
        spoken_for = self.tokens + self.held + price
        return self.max_tokens is None or spoken_for <= self.max_tokens

    def _let_go(self, claim: Claim) -> None:
        if claim.held:
            claim.held = False
            self.held -= claim.price

    def _of(self, cause: Cause | None) -> Spent | None:
        if cause is None:
            return None
        key = (id(cause.choice), cause.further)
        found = self._spent.get(key)
        if found is None:
            found = self._spent[key] = Spent(cause)
        return found

    def _advice(self, price: int, cause: Cause | None) -> str:
        """What makes the statement cheaper, the request to come included."""
        costs = {key: spent.tokens for key, spent in self._spent.items()}
        causes = {key: spent.cause for key, spent in self._spent.items()}
        if cause is not None:
            key = (id(cause.choice), cause.further)
            costs[key] = costs.get(key, 0) + price
            causes[key] = cause
        return advice(
            [Part(causes[k].choice, causes[k].further, n) for k, n in costs.items()]
        )


def now() -> str:
    """This moment as SQLite writes it, in UTC, with milliseconds."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
