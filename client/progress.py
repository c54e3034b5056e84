"""How far a statement is: what a callback is told while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from ..planner.cost import Span, so_many
from .usage import Meter

FIRST = 1.0  # seconds before a statement is spoken of
_BETWEEN = 0.1  # seconds between two reports

Callback = Callable[["Progress"], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """A statement at one moment: `seconds` since it began, `rows` that were brought
    for it, `requests` sent and API `tokens` spent.

    `tokens_low` and `tokens_high` are what it is expected to cost at least and at most,
    None where that is not known. `table` is the one that is being read, `waiting` why
    requests are held back at the moment ("" if they are not). The last report of a
    statement is `done`.
    """

    statement: str
    seconds: float
    rows: int
    requests: int
    tokens: int
    tokens_low: int | None = None
    tokens_high: int | None = None
    table: str = ""
    waiting: str = ""
    done: bool = False

    @property
    def part(self) -> float | None:
        """The part of the cost that is spent, from 0 to 1; None where the whole is not
        known within a factor of two.
        """
        low, high = self.tokens_low or 0, self.tokens_high or 0
        if not self.tokens <= high <= 2 * max(low, self.tokens):
            return None
        return self.tokens / high if high else None

    def __str__(self) -> str:
        """One line for a person.

        >>> print(Progress("select 1", 3.2, 12000, 24, 240, 500, 500, "deals"))
        deals: 12,000 rows, 24 requests, 240 of 500 tokens, 3 s
        """
        parts = [
            so_many(self.rows, "row"),
            so_many(self.requests, "request"),
            self._tokens(),
            f"{self.seconds:.0f} s",
        ]
        line = ", ".join(parts)
        if self.done:
            return line
        table = f"{self.table}: " if self.table else ""
        return f"{table}{line}" + (f"; waits: {self.waiting}" if self.waiting else "")

    def _tokens(self) -> str:
        low, high = self.tokens_low, self.tokens_high
        if self.done or low is None or self.tokens > (high or low):
            return so_many(self.tokens, "token")
        if high is None:
            return f"{self.tokens:,} of {low:,} tokens or more"
        if low >= high:
            return f"{self.tokens:,} of {high:,} tokens"
        least = "up" if self.tokens >= low else f"{low:,}"
        return f"{self.tokens:,} of {least} to {high:,} tokens"


class Reports:
    """Tells a callback about one statement: at most ten times a second, after the
    first second; and when it has ended, if it was told anything before.

    `expected` are its API tokens, None if they cannot be foreseen. What the callback
    raises, `look` and `end` raise, and nothing is told after that.
    """

    def __init__(
        self,
        callback: Callback,
        meter: Meter,
        expected: Span | None,
    ) -> None:
        self._callback = callback
        self._meter = meter
        self._expected = expected
        self._due = meter.started + FIRST
        self._told = False

    def look(self) -> None:
        """Report, if it is time to; to be called often, while the statement runs."""
        moment = perf_counter()
        if moment >= self._due:
            self._due = moment + _BETWEEN
            self._told = True
            self._report(done=False)

    def end(self) -> None:
        """The statement has ended. Again does nothing."""
        self._due = float("inf")
        if self._told:
            self._told = False
            self._report(done=True)

    def _report(self, *, done: bool) -> None:
        usage, expected = self._meter.usage, self._expected
        cause = self._meter.cause
        progress = Progress(
            self._meter.text,
            usage.seconds,
            usage.rows,
            usage.requests,
            usage.tokens,
            expected.low if expected else None,
            expected.high if expected else None,
            cause.choice.plan.table.full_name if cause else "",
            "" if done else self._meter.waiting,
            done,
        )
        try:
            self._callback(progress)
        except BaseException:
            self._told, self._due = False, float("inf")
            raise
