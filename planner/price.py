"""What a road costs, in API tokens, before anything is asked.

Price of a list = pages x price of a page, and pages = rows / rows a page, at least 1.
Where pages are told by their place, each begins with the last row of the one before.
A row costs a thousandth of a token, which breaks ties towards fewer rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from ..catalog.table import Endpoint

ROW = 0.001
UNKNOWN_ROWS = 10_000  # a table nobody has counted yet: better too many than too few
KEYS_A_BATCH = 100  # `ids=` and `deal_ids=` take so many
# Tokens for keys or values below which a list of unknown length is not begun.
NOT_WORTH_A_LIST = 30


@dataclass(frozen=True, slots=True)
class Estimate:
    """Rows and API tokens that a road is expected to bring and cost."""

    rows: float
    tokens: float

    @property
    def cost(self) -> float:
        """One number for SQLite's planner, to which all that is below 1 is 1."""
        return (self.tokens + self.rows * ROW) / ROW


def pages(rows: float, page: int) -> int:
    """Pages for so many rows; an empty answer is a page too.

    >>> pages(0, 500), pages(500, 500), pages(501, 500), pages(9999, 0)
    (1, 1, 2, 1)
    """
    return max(1, ceil(rows / page)) if page else 1


def pages_of(endpoint: Endpoint, rows: float) -> int:
    """Pages of a list for so many rows; the row that joins two of them is in both.

    >>> deals, leads = Endpoint("/deals", 10), Endpoint("/leads", 20, version=1)
    >>> [(pages_of(deals, n), pages_of(leads, n)) for n in (500, 999, 1_000)]
    [(1, 1), (2, 2), (2, 3)]
    """
    page = endpoint.page
    if endpoint.cursor or rows <= page:
        return pages(rows, page)
    return 1 + pages(rows - page, page - 1)


def listing(endpoint: Endpoint, rows: float) -> int:
    """Tokens for reading so many rows from a list.

    >>> listing(Endpoint("/deals", 10), 10_000)
    200
    """
    return pages_of(endpoint, rows) * endpoint.price


def by_keys(one: Endpoint | None, batch: Endpoint | None, keys: int) -> int:
    """Tokens for so many keys: full batches, and the rest by whichever is cheaper.

    >>> deal, deals = Endpoint("/deals/{id}", 1, one=True), Endpoint("/deals", 10)
    >>> [by_keys(deal, deals, n) for n in (1, 9, 10, 11, 250)]
    [1, 9, 10, 10, 30]
    """
    if batch is None:
        return keys * one.price if one else 0
    full, rest = divmod(keys, KEYS_A_BATCH)
    singly = rest * one.price if one else batch.price
    return full * batch.price + (min(singly, batch.price) if rest else 0)
