"""One company's API tokens of one day: what was spent, what answers say is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

import msgspec

from .plans import Assumed


class Day(msgspec.Struct, array_like=True):
    """`spent` are the tokens of all requests of this machine, `requests` their number.
    Of these, `heard` are the tokens of requests whose answers said what is left, and
    `silent` those of requests that have ended without a word of it.

    `remaining` is what was left at the moment `told`, in seconds since 1970; None
    before an answer has said so. It allows for all that was heard, and for `allowed`
    of what was silent.
    """

    requests: int = 0
    spent: int = 0
    heard: int = 0
    silent: int = 0
    remaining: int | None = None
    told: float = 0.0
    allowed: int = 0

    def spend(self, price: int) -> None:
        """A request is about to be sent."""
        self.requests += 1
        self.spent += price

    def take_back(self, price: int) -> None:
        """A request belongs to another day."""
        self.requests -= 1
        self.spent -= price

    def end(self, price: int) -> None:
        """A request has ended without a word of what is left."""
        self.silent += price

    def hear(
        self, remaining: int, price: int, silent: int, sent: float, now: float
    ) -> None:
        """An answer says what is left; `silent` was when its request was `sent`.

        Answers to requests that were under way together come in any order, and the
        least of them is the latest: whatever others have said, it allows for, too.
        """
        self.heard += price
        known = self.remaining
        if known is None or sent >= self.told or remaining <= known:
            self.remaining, self.told, self.allowed = remaining, now, silent

    @property
    def left(self) -> int | None:
        """What is left, less what may not have been counted in it yet."""
        if self.remaining is None:
            return None
        return max(self.remaining - (self.spent - self.heard - self.allowed), 0)


@dataclass(frozen=True, slots=True)
class Left:
    """What is known to be left of a day's budget, and who says so: "" if nobody does.

    `told` is when an answer said so. `remaining` is no less than the truth where only
    the `budget` is known, as other programs may have spent from it.
    """

    budget: int | None = None
    remaining: int | None = None
    basis: str = ""
    told: datetime | None = None

    def reserved(self, reserve: float) -> int:
        """API tokens that are kept for others."""
        return ceil(reserve * self.budget) if self.budget is not None else 0


def left(day: Day, budget: int | None, planned: int | None) -> Left:
    """What is left of the day. `budget` is what the latest answer told, today or
    earlier, `planned` that of the plan which a user names.
    """
    basis = "answer of an earlier day"
    if budget is None:
        budget, basis = planned, "plan"
    if day.left is not None:
        told = datetime.fromtimestamp(day.told, UTC)
        return Left(budget, day.left, "answer", told)
    if budget is None:
        return Left()
    return Left(budget, max(budget - day.spent, 0), basis)


def day_of(now: datetime, assumed: Assumed) -> str:
    """The name of the day that this moment is in: "2026-09-30"."""
    return (now - timedelta(hours=assumed.day_begins)).date().isoformat()


def end(now: datetime, assumed: Assumed) -> datetime:
    """When the day that this moment is in ends."""
    begun = now.replace(hour=assumed.day_begins, minute=0, second=0, microsecond=0)
    return begun if begun > now else begun + timedelta(days=1)


def believed_until(told: datetime, assumed: Assumed) -> datetime:
    """Until when nothing is sent because of what was told at that moment."""
    if not assumed.day_may_begin_at_any_hour:
        return end(told, assumed)
    return told.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
