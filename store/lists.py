"""Rows from lists, page by page; and out of a list read whole, by any column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..catalog.rows import Row
from ..catalog.table import Parameter
from ..errors import Interrupted, StatementTimeout
from ..planner import price
from ..planner.plan import Scan
from ..planner.question import Order
from ..planner.request import Request, request
from .answers import Answer
from .chain import AT_ONCE
from .projection import Projection
from .shelf import Shelf


class Lists:
    """Rows of one scan from the table's lists."""

    def __init__(self, projection: Projection) -> None:
        self._projection = projection
        self.run = projection.run
        self.table = projection.table
        self._spent = 0  # tokens for pages read here

    def read(self, scan: Scan, order: Order | None = None) -> Iterator[Sequence[Row]]:
        """The rows of every request, each row once; pages are read lazily."""
        if len(scan.requests) == 1:
            yield from self._one(scan.requests[0], scan.limit, order)
            return
        seen: set[object] = set()
        begun = self._spent
        left = sum(r.price for r in scan.requests)
        wider = _common(scan.requests)
        known = self._known(wider) if wider is not None else None
        if known is not None:
            yield from self.pages(known)
            return
        unsure = left > price.NOT_WORTH_A_LIST or (
            wider and self._expected(wider, left)
        )
        for made in scan.requests:
            whole = self.run.answer(self.table, wider) if wider and unsure else None
            if whole is not None:
                spent = self._spent - begun
                while not whole.complete and self._due(whole, spent, left):
                    whole.page(whole.pages, self.run.meter)
                if whole.complete:
                    yield from unseen(self.pages(whole), seen)
                    return
            yield from unseen(self._one(made, None, None), seen)
            left -= made.price

    def at_hand(self, made: Request) -> bool:
        """Whether the rows of the request are here already."""
        return self._known(made) is not None

    def _known(self, made: Request) -> Answer | None:
        """A whole answer that has the rows of the request, and perhaps more."""
        exact = self.run.complete(self.table, made)
        if exact is not None:
            return exact
        least = self.wider(made).filters
        for answer in self.run.usable(self.table):
            other = answer.request
            alike = other.path == made.path and least <= other.filters <= made.filters
            if alike and answer.complete:
                return self.run.complete(self.table, other)
        return None

    def _is_input(self, parameter: Parameter) -> bool:
        """Whether it decides what the rows are, and not which of them are shown."""
        return self.table.column(parameter.column).hidden

    def wider(self, made: Request) -> Request:
        """The request with the same inputs and without filters."""
        given = dict(made.query)
        inputs = [p.name for p in made.endpoint.parameters if self._is_input(p)]
        return request(made.endpoint, {n: (given[n],) for n in inputs if n in given})

    def _one(
        self, made: Request, limit: int | None, order: Order | None
    ) -> Iterator[Sequence[Row]]:
        """The rows of one request, out of a wider answer if one is at hand."""
        known = self._known(made)
        if known is not None and (known.request != made or known.windows):
            yield from self._from_wider(known, order)
            return
        if self.run.rehearsal is not None and not self.run.begun(self.table, made):
            return
        parted = order is None and limit is None
        answer = self.run.answer(self.table, made, limit, parted=parted)
        if answer.windows and order is not None:
            yield from self._from_wider(answer, order)
            return
        yield from self.pages(answer, ahead=True)

    def _from_wider(
        self, answer: Answer, order: Order | None
    ) -> Iterator[Sequence[Row]]:
        if order is None:
            yield from self.pages(answer)
            return
        shelf = Shelf(self.run.answers, self._projection.columns)
        for page in self.pages(answer):
            shelf.add(page)
        yield from shelf.find((), order)

    def _due(self, whole: Answer, spent: int, left: int) -> bool:
        """Whether a page of the whole list is due before the next request.

        `spent` went into the requests so far, `left` at least into those to come.
        """
        known = self._expected(whole.request, left)
        if known is not None:
            return known - whole.tokens <= max(spent, left)
        return whole.tokens + whole.request.price <= spent

    def _expected(self, made: Request, left: int) -> float | None:
        """What the list costs, or at most, where that is known and of use."""
        counts, name = self.run.counts, self.run.source(self.table).name
        known = counts.expected(name, made)
        whole = counts.tokens(name, made.endpoint)
        if known is None and whole is not None and whole <= left:
            return whole
        return known

    def pages(
        self, answer: Answer, number: int = 0, *, ahead: bool = False
    ) -> Iterator[Sequence[Row]]:
        """The rows of an answer from that page on; `ahead` asks for some more."""
        found = self._pages(answer, number, ahead)
        if self.table.key or self.table.each:
            return unseen(found, set())
        return self._apart(found) if self.table.apart else found

    def _apart(self, pages: Iterator[Sequence[Row]]) -> Iterator[Sequence[Row]]:
        """Rows without a key that have not come before."""
        seen: set[object] = set()
        for page in pages:
            names = self._projection.names(page)
            assert names is not None
            yield [
                row for row, name in zip(page, names, strict=True) if name not in seen
            ]
            seen.update(names)

    def _pages(
        self, answer: Answer, number: int, ahead: bool
    ) -> Iterator[Sequence[Row]]:
        meter = self.run.meter
        try:
            while True:
                before = answer.tokens
                kept = number < answer.pages
                payer = self.run.paying(answer)
                under_way = self.run.appetite(number) if ahead else 0
                if payer is not meter:
                    under_way = AT_ONCE  # all of it is going to be read
                body = answer.page(number, payer, under_way)
                self._spent += answer.tokens - before
                if body is None:
                    return
                rows = self._projection.read(body)
                if kept:
                    meter.served(answer.request.told, len(rows))
                yield rows
                number += 1
        except (Interrupted, StatementTimeout, KeyboardInterrupt):
            answer.give_up()
            raise
        finally:
            answer.rest()


def _common(requests: Sequence[Request]) -> Request | None:
    """The request with the filters that all have; None where they all need theirs."""
    endpoint = requests[0].endpoint
    shared = frozenset.intersection(*(made.filters for made in requests))
    fixed = set(endpoint.fixed)
    values: dict[str, tuple[str, ...]] = {
        name: (value,) for name, value in shared if (name, value) not in fixed
    }
    if any(parameter.name not in values for parameter in endpoint.required):
        return None
    return request(endpoint, values)


def unseen(
    pages: Iterator[Sequence[Row]], seen: set[object]
) -> Iterator[Sequence[Row]]:
    """Rows whose key has not come before."""
    for page in pages:
        names = [row[0] for row in page]
        if not seen.isdisjoint(names):
            page = [row for row in page if row[0] not in seen]
        seen.update(names)
        yield page
