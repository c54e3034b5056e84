"""A price that is known within bounds, and what it is known from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ..catalog.table import Table
from .request import Request


@dataclass(frozen=True, slots=True)
class Span:
    """A number that is known from below and perhaps (else None) from above."""

    low: int
    high: int | None

    def __add__(self, other: Span) -> Span:
        known = self.high is not None and other.high is not None
        high = (self.high or 0) + (other.high or 0) if known else None
        return Span(self.low + other.low, high)

    def __mul__(self, number: int) -> Span:
        return Span(
            self.low * number, None if self.high is None else self.high * number
        )

    def times(self, other: Span) -> Span:
        """The product of both."""
        known = self.high is not None and other.high is not None
        high = (self.high or 0) * (other.high or 0) if known else None
        return Span(self.low * other.low, high)


NONE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Cost:
    """Requests and API tokens of a step, its rows, and the `basis` of these."""

    requests: Span = NONE
    tokens: Span = NONE
    rows: Span = Span(0, None)
    basis: str = ""


class Counted(Protocol):
    """Rows and pages of a table when it was last read to its end."""

    @property
    def rows(self) -> float: ...
    @property
    def pages(self) -> float: ...
    @property
    def counted(self) -> datetime: ...


class AtHand(Protocol):
    """What the store has for a statement already."""

    def pages(self, table: Table, request: Request) -> int | None:
        """How many pages of the list; None for all of them."""

    def parts(self, table: Table, request: Request) -> int:
        """In how many parts the list is read, 0 for one after the other. Each part and
        a last look at what changed may take a page more.
        """

    def missing(self, table: Table, keys: Collection[int | str]) -> int:
        """How many of these keys' rows it does not have."""


def so_many(number: int, noun: str) -> str:
    """A number and what it counts.

    >>> so_many(1, "token"), so_many(2_000, "token")
    ('1 token', '2,000 tokens')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
