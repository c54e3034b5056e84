"""Requests and their tokens: of whole lists, and of rows by their keys."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from .offers import KEYS, OFFERS, PRICES, Offer
from .plain import Plain


@dataclass(frozen=True, slots=True)
class Bill:
    """Requests for `tokens`; asked for twice in a statement they cost once.

    `about` tells those apart that `what`, which is for people, does not.
    """

    what: str
    requests: int
    tokens: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """Requests that bring the rows of `table` for which `rows` is true."""

    table: str
    rows: str
    bills: tuple[Bill, ...]

    @property
    def tokens(self) -> int:
        """What it costs where nothing of it is at hand."""
        return sum(bill.tokens for bill in self.bills)


def whole(table: str, plain: Plain, *, careful: bool = True) -> Bill:
    """The list of a table, read to its end; a rival who is not careful takes pages as
    they come.
    """
    offer = OFFERS[table]
    counted = offer.inside[0] or table
    rows = plain.number(f"select count(*) from {counted}")
    number = pages_of(offer, rows)
    if not careful and offer.page:
        number = max(1, ceil(rows / offer.page))
    return Bill(offer.list, number, number * offer.price)


def by_key(offer: Offer, number: int, values: str) -> Bill | None:
    """So many rows by their keys: singly, in batches, or both; whichever is cheapest.

    None where that is not possible.
    """
    one, batch = PRICES.get(offer.one, 0), offer.price
    full, rest = divmod(number, KEYS) if offer.ids else (0, number)
    if not offer.ids and not one:
        return None
    if offer.ids and rest and not 0 < rest * one <= batch:
        full, rest = full + 1, 0
    named = [f"{offer.list}?ids"] * bool(full) + [offer.one] * bool(rest)
    tokens = full * batch + rest * one
    return Bill(" and ".join(named), full + rest, tokens, values)


def pages_of(offer: Offer, rows: int) -> int:
    """Pages of so many rows; an empty answer is a page, too."""
    more = max(0, rows - offer.page) if offer.page else 0
    return 1 + ceil(more / offer.fresh) if more else 1
