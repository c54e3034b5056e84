"""The best way in hindsight: every order of the parts, every way of each, counted.

Nothing of it is known to the planner. A way of a part may use the keys of those parts
that come before it, as they stand in the company's rows after all conditions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .bills import Bill, Way
from .needs import Known, Needs, Pair, Part
from .offers import OFFERS
from .plain import Plain
from .ways import ways


@dataclass(frozen=True, slots=True)
class Best:
    """The cheapest choice, and how its requests read."""

    bills: tuple[Bill, ...]
    rows: Mapping[str, tuple[str, ...]]

    @property
    def tokens(self) -> int:
        return sum(bill.tokens for bill in self.bills)

    @property
    def requests(self) -> int:
        return sum(bill.requests for bill in self.bills)


class Hindsight:
    """What the parts of one statement cost at least."""

    def __init__(self, needs: Needs, plain: Plain) -> None:
        self.needs = needs
        self.plain = plain
        self._found: dict[tuple[str, frozenset[str]], list[Way]] = {}

    def best(self) -> Best:
        """The cheapest of all orders and ways."""
        chosen = self._cheapest((), frozenset(), None)
        assert chosen is not None
        rows: dict[str, list[str]] = defaultdict(list)
        for way in chosen:
            rows[way.table].append(way.rows)
        return Best(_bills(chosen), {name: tuple(some) for name, some in rows.items()})

    def _cheapest(
        self, chosen: tuple[Way, ...], done: frozenset[str], most: int | None
    ) -> tuple[Way, ...] | None:
        """The cheapest for the parts not done yet that is below `most` tokens."""
        if most is not None and _tokens(chosen) >= most:
            return None
        if len(done) == len(self.needs.parts):
            return chosen
        best: tuple[Way, ...] | None = None
        for part in self.needs.parts:
            if part.alias in done or not self._may_follow(part, done):
                continue
            for way in self._ways(part, done):
                found = self._cheapest((*chosen, way), done | {part.alias}, most)
                if found is not None:
                    best, most = found, _tokens(found)
        return best

    def _may_follow(self, part: Part, done: frozenset[str]) -> bool:
        """Parts that nothing joins to those done wait: their order makes no odds."""
        joined = {alias for alias in self._neighbours(part.alias)}
        return not joined or not done or bool(joined & done) or self._fresh(done)

    def _fresh(self, done: frozenset[str]) -> bool:
        """Whether all that can be reached from the parts done is done, too."""
        return all(self._neighbours(alias) <= done for alias in done)

    def _neighbours(self, alias: str) -> set[str]:
        return {other[0] for _, other in self._joined(alias)}

    def _joined(self, alias: str) -> Iterator[tuple[str, tuple[str, str]]]:
        for pair in self.needs.pairs:
            if seen := pair.seen_from(alias):
                yield seen

    def _ways(self, part: Part, done: frozenset[str]) -> list[Way]:
        """Of those that nothing else can share, only the cheapest is worth a look."""
        known = frozenset(
            other for _, (other, _) in self._joined(part.alias) if other in done
        )
        reached = frozenset().union(*(self._reached(one, done) for one in known))
        place = part.alias, reached | known
        if place not in self._found:
            keys = dict(self._keys(part, done))
            found = sorted(ways(part, keys, self.plain), key=lambda way: way.tokens)
            shared = [way for way in found[1:] if self._is_shared(part, way)]
            self._found[place] = [*found[:1], *shared]
        return self._found[place]

    def _is_shared(self, part: Part, way: Way) -> bool:
        """Whether another part can do with these rows, too."""
        return any(
            other is not part and _source(other.table) == _source(part.table)
            for other in self.needs.parts
        ) or any(
            offer.parent is not None and offer.parent.table == part.table
            for offer in (OFFERS[other.table] for other in self.needs.parts)
        )

    # Keys that the parts before tell

    def _keys(self, part: Part, done: frozenset[str]) -> Iterator[tuple[str, Known]]:
        for column, (alias, name) in self._joined(part.alias):
            other = self._parts[alias]
            # The right side of a LEFT JOIN says nothing of the left.
            if alias in done and (part.optional or not other.optional):
                values = (
                    f"select distinct {alias}.{name} as value "
                    f"from {self.joined(alias, done)} where {alias}.{name} is not null"
                )
                yield column, Known(values, other.table, name)

    @cached_property
    def _parts(self) -> dict[str, Part]:
        return {part.alias: part for part in self.needs.parts}

    def _reached(self, alias: str, done: frozenset[str]) -> frozenset[str]:
        """Those of `done` that joins lead to from `alias`, itself included."""
        found = {alias}
        while more := {n for a in found for n in self._neighbours(a)} & done - found:
            found |= more
        return frozenset(found)

    def joined(self, alias: str, done: frozenset[str]) -> str:
        """The join of all parts reached from `alias`, as SQL for behind FROM."""
        reached = self._reached(alias, done)
        parts = [part for part in self.needs.parts if part.alias in reached]
        parts.sort(key=lambda part: part.optional)
        text = ""
        placed: set[str] = set()
        for part in parts:
            placed.add(part.alias)
            on = " and ".join(
                _equal(pair)
                for pair in self.needs.pairs
                if {pair.left[0], pair.right[0]} <= placed
                and pair.seen_from(part.alias)
            )
            join = (" left join " if part.optional else " join ") if text else ""
            text += f"{join}{part.rows} as {part.alias}"
            text += f" on {on or 'true'}" if join else ""
        return text


def _equal(pair: Pair) -> str:
    return f"{pair.left[0]}.{pair.left[1]} = {pair.right[0]}.{pair.right[1]}"


def _source(table: str) -> str:
    return OFFERS[table].inside[0] or table


def _bills(chosen: Sequence[Way]) -> tuple[Bill, ...]:
    """Each bill once."""
    bills = (bill for way in chosen for bill in way.bills if bill.requests)
    return tuple(dict.fromkeys(bills))


def _tokens(chosen: Sequence[Way]) -> int:
    return sum(bill.tokens for bill in _bills(chosen))
