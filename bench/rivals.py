"""What others would pay: who loads every table, and who asks row by row."""

from __future__ import annotations

from .bills import whole
from .hindsight import Hindsight
from .needs import Needs, Part
from .offers import OFFERS, PRICES, Offer
from .plain import Plain
from .ways import narrowed


def every_table(needs: Needs, plain: Plain) -> int:
    """Tokens for loading each table that is named, children by all their parents.

    That is what a pipeline into a warehouse does.
    """
    found = {}
    for part in needs.parts:
        offer = OFFERS[part.table]
        if offer.parent is None:
            bill = whole(part.table, plain, careful=False)
            found[bill.what] = bill.tokens
            continue
        parents = whole(offer.parent.table, plain, careful=False)
        number = plain.number(f"select count(*) from {offer.parent.table}")
        found[parents.what] = parents.tokens
        found[offer.list] = -(-number // offer.parent.many) * offer.price
    return sum(found.values())


def row_by_row(needs: Needs, plain: Plain) -> int | None:
    """Tokens for the first table as its list can be narrowed, and for each of the
    others a request for every row before it; None for a single table.

    That is what drivers do that know joins by key only.
    """
    tokens = 0
    hindsight = Hindsight(needs, plain)
    done: list[Part] = []
    for part in needs.parts:
        tokens += _looked_up(part, done, hindsight)
        done.append(part)
    return tokens if len(done) > 1 else None


def _looked_up(part: Part, done: list[Part], hindsight: Hindsight) -> int:
    plain, offer = hindsight.plain, OFFERS[part.table]
    before = frozenset(one.alias for one in done)
    for pair in hindsight.needs.pairs:
        seen = pair.seen_from(part.alias)
        if seen is None or seen[1][0] not in before:
            continue
        column, (alias, name) = seen
        price = _price_of_one(offer, column)
        if price is not None:
            source = hindsight.joined(alias, before)
            return price * plain.number(f"select count({alias}.{name}) from {source}")
        return whole(part.table, plain, careful=False).tokens
    return narrowed(part, plain).tokens


def _price_of_one(offer: Offer, column: str) -> int | None:
    """Tokens for the rows of one value of the column, a page of them."""
    if offer.inside[0]:
        return OFFERS[offer.inside[0]].price if column == offer.inside[1] else None
    if column == offer.key and offer.one:
        return PRICES[offer.one]
    if offer.parent is not None and column == offer.parent.key:
        return offer.price
    return offer.price if column in offer.filters else None
