"""Every way to bring the rows that one part of a statement needs, and its tokens.

What a way brings is a condition on the table, so that it can be checked that nothing
is missing; what it costs is counted on the company's rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from math import ceil

from .bills import Bill, Way, by_key, pages_of, whole
from .needs import Keys, Part, Term
from .offers import HITS, OFFERS, PRICES, SEARCH, TEMPORARY
from .plain import Plain
from .said import found, saved, sql

_MOST_CONDITIONS = 16  # of a saved filter
_EQUALS = ("=", "in")


def ways(part: Part, keys: Keys, plain: Plain) -> list[Way]:
    """All of them. `keys` are of the part's columns that other parts are joined by."""
    return list(_Ways(part, keys, plain).all())


def narrowed(part: Part, plain: Plain) -> Way:
    """The cheapest by a list and its filters, or by keys: what anybody would do."""
    return min(_Ways(part, {}, plain).usual(), key=lambda way: way.tokens)


class _Ways:
    def __init__(self, part: Part, keys: Keys, plain: Plain) -> None:
        self.part = part
        self.offer = OFFERS[part.table]
        self.plain = plain
        source, key = self.offer.inside
        # Rows inside others' rows come with them, so those are what is asked for.
        self.counted = source or part.table
        self.key = key or self.offer.key
        self.known = OFFERS[self.counted]
        self.keys = keys

    def all(self) -> Iterator[Way]:
        """Every way."""
        if self._contradicts():
            yield Way(self.part.table, "false", ())
            return
        yield from self.usual()
        yield from self._inside()
        yield from self._searches()
        yield from self._saved()

    def usual(self) -> Iterator[Way]:
        """Those that take no more than a list."""
        if self.offer.parent is not None:
            yield self._children()
            return
        yield self._way("true", whole(self.part.table, self.plain))
        yield from self._lists()
        yield from self._by_key()

    def _way(self, rows: str, *bills: Bill) -> Way:
        """`rows` is a condition on the table whose rows are asked for."""
        if self.offer.inside[0] and rows != "true":
            own = OFFERS[self.counted].key
            rows = f"{self.key} in (select {own} from main.{self.counted} where {rows})"
        return Way(self.part.table, rows, bills)

    def _contradicts(self) -> bool:
        """Whether two equalities leave no row."""
        equal = [term for term in self.part.terms if term.operator == "="]
        return any(
            one.column == other.column and one.values != other.values
            for one, other in combinations(equal, 2)
        )

    def _inside(self) -> Iterator[Way]:
        """Rows inside others' rows come with them."""
        known = self.keys.get(self.key)
        if known and (known.table, known.column) == self._source_key():
            yield Way(self.part.table, f"{self.key} in ({known.values})", ())

    def _source_key(self) -> tuple[str, str] | None:
        return (self.counted, self.known.key) if self.offer.inside[0] else None

    # Lists

    def _lists(self) -> Iterator[Way]:
        """The list narrowed by each set of filters that apply."""
        if self.offer.inside[0]:
            return
        window = " and ".join(self._window()) or "true"
        choices = list(self._choices())
        for size in range(len(choices) + 1):
            for chosen in combinations(choices, size):
                if size or window != "true":
                    yield self._list(dict(chosen), window)
        if self.part.first:
            rows = [
                sql(term)
                for term in self._equalities()
                if term.operator == "=" or self._many(term.column) > 1
            ]
            yield from self._first(" and ".join([*rows, window]))

    def _many(self, column: str) -> int:
        return self.offer.filters.get(column, 0)

    def _equalities(self) -> list[Term]:
        return [
            t
            for t in self.part.terms
            if t.operator in _EQUALS and t.column in self.offer.filters
        ]

    def _choices(self) -> Iterator[tuple[str, str]]:
        """Columns that the list filters by, with SELECTs of their values."""
        for term in self._equalities():
            rows = ", ".join(f"({value})" for value in term.values)
            yield term.column, f"select column1 as value from (values {rows})"
        for column, known in self.keys.items():
            if column in self.offer.filters:
                yield column, known.values

    def _window(self) -> Iterator[str]:
        """Bounds of update_time; the lower one takes the second itself, too."""
        for term in self.part.terms:
            if term.column != "update_time":
                continue
            if self.offer.since and term.operator in (">", ">=", "="):
                yield f"update_time >= {term.values[0]}"
            if self.offer.until and term.operator in ("<", "<="):
                yield sql(term)

    def _list(self, chosen: Mapping[str, str], window: str) -> Way:
        """A request for each combination of values, as many pages as each has rows."""
        each = [c for c in chosen if self._many(c) == 1]
        several = [c for c in chosen if self._many(c) > 1]
        inside = [f"{c} in (select value from ({chosen[c]}))" for c in several]
        rows = " and ".join([window, *inside])
        values = "".join(f", ({chosen[c]}) v{n}" for n, c in enumerate(each))
        equal = "".join(f" and t.{c} = v{n}.value" for n, c in enumerate(each))
        groups = ", ".join(f"v{n}.value" for n in range(len(each)))
        counts = (
            f"select count(t.rowid) as rows from (select 1) one{values} left join "
            f"(select rowid, * from {self.part.table} where {rows}) t on true{equal}"
        )
        counts += f" group by {groups}" if groups else ""
        pages = self._sum_of_pages(counts)
        by = [*sorted(chosen), *(["update_time"] if window != "true" else [])]
        what = f"{self.offer.list} by {' and '.join(by)}"
        rows = " and ".join(
            [rows, *(f"{c} in (select value from ({chosen[c]}))" for c in each)]
        )
        return self._way(rows, Bill(what, pages, pages * self.offer.price, rows))

    def _first(self, served: str) -> Iterator[Way]:
        """The list in the wanted order, up to the last row that matters."""
        column, _, direction = self.part.order.lower().partition(" ")
        if column and column not in self.offer.sorts:
            return
        order = f"{column} {direction}" if column else "rowid"
        # Fewer rows than wanted: that there are no more is told by the end.
        last = (
            f"select case when count(*) < {self.part.first} then null else max(place) "
            f"end from (select rowid, row_number() over (order by {order}, rowid) "
            f"place from {self.part.table} where {served}) "
            f"where rowid in (select rowid from {self.part.rows})"
        )
        rows = self.plain.number(last) or self.plain.number(
            f"select count(*) from {self.part.table} where {served}"
        )
        pages = pages_of(self.offer, rows)
        bill = Bill(
            f"{self.offer.list} until there are enough",
            pages,
            pages * self.offer.price,
            f"{served} {order}",
        )
        yield self._way(
            f"rowid in (select rowid from main.{self.part.table} where {served} "
            f"order by {order}, rowid limit {pages * (self.offer.page or 10**9)})",
            bill,
        )

    # Keys

    def _by_key(self) -> Iterator[Way]:
        for values in self._known(self.key):
            number = self.plain.number(f"select count(*) from ({values})")
            bill = by_key(self.known, number, values)
            if bill is not None:
                yield self._way(f"{self.known.key} in ({values})", bill)

    def _known(self, column: str) -> Iterator[str]:
        """SELECTs of all values that the column may have, from terms and from keys."""
        for term in self.part.terms:
            if term.column == column and term.operator in _EQUALS:
                rows = ", ".join(f"({value})" for value in term.values)
                yield f"select distinct column1 as value from (values {rows})"
        if column in self.keys:
            yield self.keys[column].values

    # Children

    def _children(self) -> Way:
        """By those parents that are known, else by all of the parents' list.

        Only children of listed parents belong to the table, so parents that are not
        at hand are asked for; then those without children are known, too.
        """
        parent = self.offer.parent
        assert parent is not None
        bills = []
        known = list(self._known(parent.key))
        if known:
            values = min(known, key=lambda v: self._count(f"from ({v})"))
        else:
            values = f"select id as value from {parent.table}"
            bills.append(whole(parent.table, self.plain))
        given = self.keys.get(parent.key)
        if known and (given is None or given.table != parent.table):
            number = self._count(f"from ({values})")
            bill = by_key(OFFERS[parent.table], number, values)
            assert bill is not None
            bills.append(bill)
        some = f" where p.{parent.count} > 0" if parent.count else ""
        values = (
            f"select p.id as value from ({values}) k "
            f"join {parent.table} p on p.id = k.value{some}"
        )
        pages = self._sum_of_pages(
            f"select count(c.{parent.key}) as rows from (select value, (row_number() "
            f"over (order by value) - 1) / {parent.many} as batch from ({values})) k "
            f"left join {self.part.table} c on c.{parent.key} = k.value group by batch"
        )
        tokens = pages * self.offer.price
        bills.append(Bill(self.offer.list, pages, tokens, values))
        return Way(self.part.table, f"{parent.key} in ({values})", tuple(bills))

    def _sum_of_pages(self, counts: str) -> int:
        """The pages of all requests; `counts` says how many `rows` each brings."""
        if not self.offer.page:
            return self._count(f"from ({counts})")
        page, fresh = self.offer.page, self.offer.fresh
        more = f"1 + (max(0, rows - {page}) + {fresh} - 1) / {fresh}"
        return self.plain.number(f"select sum({more}) from ({counts})")

    def _count(self, rest: str) -> int:
        return self.plain.number(f"select count(*) {rest}")

    # Searches

    def _searches(self) -> Iterator[Way]:
        """Hits of the field search, what changed lately, and the rows by their keys.

        The search lags behind, so a page of the rows changed last goes with it.
        """
        for term in self.part.terms:
            if term.column not in self.offer.searched:
                continue
            wanted = found(term)
            if not wanted:
                continue
            hits = self._count(f"from {self.part.table} where {wanted}")
            requests = max(1, ceil(hits / HITS))
            search = Bill(SEARCH, requests, requests * PRICES[SEARCH], wanted)
            lately = Bill(f"{self.known.list}?updated_since", 1, self.known.price)
            values = (
                f"select distinct {self.key} as value from main.{self.part.table} "
                f"where {wanted}"
            )
            keys = by_key(self.known, self._count(f"from ({values})"), values)
            if keys is not None:
                rows = f"{self.known.key} in ({values})"
                yield self._way(rows, search, lately, keys)

    # Saved filters

    def _saved(self) -> Iterator[Way]:
        """A filter made for the statement of all conditions that it can have."""
        terms = [t for t in self.part.terms if self._said(t)]
        lists = [term for term in terms if term.operator == "in"]
        # One group of alternatives fits; the largest filter is the best.
        alone = [term for term in terms if term.operator != "in"]
        for chosen in [alone, *([*alone, one] for one in lists)]:
            size = sum(len(term.values) or 1 for term in chosen)
            if not chosen or size > _MOST_CONDITIONS:
                continue
            rows = " and ".join([*map(self._said, chosen), *self._window()])
            count = self._count(f"from {self.part.table} where {rows}")
            number = pages_of(self.offer, count)
            made = Bill("POST and DELETE /v1/filters", 2, TEMPORARY, rows)
            tokens = number * self.offer.price
            read = Bill(f"{self.offer.list}?filter_id", number, tokens, rows)
            yield self._way(rows, made, read)

    def _said(self, term: Term) -> str:
        return saved(term, self.offer.saved.get(term.column, ()))
