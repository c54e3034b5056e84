"""Rows that Pipedrive's search finds, beside those that its index may not know yet.

First comes one page of the list, the latest changes first: if it is the whole list,
nothing else is needed, and if not, it has what changed lately. Then the search gives
keys, and keys give rows. A page more of the list is read whenever as much was spent on
searching further, so that both cost at most about twice the cheaper of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from ..catalog.rows import Row, RowReader
from ..planner import price
from ..planner.plan import Plan, Scan
from ..planner.request import Request
from .answers import Answer, Key, Splitter
from .by_key import ByKey
from .lists import Lists
from .projection import Projection

Pages = Iterator[Sequence[Row]]

# Pipedrive does not say how far its index is behind; users report seconds.
INDEX_LAG = timedelta(minutes=10)
# More may not be found (spec v2, person_id of /deals/search: "upper limit ... 2000").
MOST_HITS = 2_000
_LATEST = "update_time"


class BySearch:
    """Rows of one scan by the values of a field that searches know."""

    def __init__(self, projection: Projection, lists: Lists, by_key: ByKey) -> None:
        self.run = projection.run
        self._projection = projection
        self._lists = lists
        self._by_key = by_key
        source = self.run.source(projection.table)
        self._source = source.name
        self._ids = Splitter(source.column(source.key))
        self._times = RowReader(
            source, [c for c in source.columns if c.name == _LATEST]
        )

    def pages(self, plan: Plan, scan: Scan, values: Sequence[object]) -> Pages:
        """The rows that the scan wants, and perhaps others."""
        assert plan.finding is not None and plan.keys is not None
        searches = plan.finding.requests(values[plan.finding.place])
        if plan.endpoint is None:
            assert searches is not None  # a MATCH is searched for, or an error
            keys = dict.fromkeys(key for hits in self._hits(searches) for key in hits)
            yield from self._by_key.pages(plan.keys, list(keys))
        elif searches is None or self._is_listed(scan, searches):
            yield from self._lists.read(scan)
        else:
            yield from self._beside_the_latest(plan.keys, scan.requests[0], searches)

    def _is_listed(self, scan: Scan, searches: Sequence[Request]) -> bool:
        """Whether the list is the better road from the first."""
        made = scan.requests[0]
        if len(scan.requests) > 1 or self._lists.at_hand(made):
            return True
        known = self.run.counts.tokens(self._source, made.endpoint)
        worth = made.price + sum(search.price for search in searches)
        return known is not None and known <= worth

    def _beside_the_latest(
        self, by_key: Plan, made: Request, searches: Sequence[Request]
    ) -> Pages:
        latest = _Latest(self._projection, self._sorted(made))
        while (page := latest.next()) is not None:
            yield page
            if self._is_old(latest.body):
                break
        keys: dict[Key, None] = {}
        hits = self._hits(searches)
        spent = -searches[0].price  # one search has to be paid for in any case
        while not latest.ended:
            if self._is_due(latest, searches[0].price, spent):
                yield latest.next() or ()
                continue
            found = next(hits, None)
            if found is None:
                break
            spent += searches[0].price
            keys.update(dict.fromkeys(found))
            if len(keys) >= MOST_HITS:
                yield from latest.rest()
        queue = [key for key in keys if key not in latest.seen]
        while queue and not latest.ended:
            chunk = queue[: price.KEYS_A_BATCH]
            cost = price.by_keys(by_key.one, by_key.endpoint, len(chunk))
            if self._is_due(latest, cost, spent):
                yield latest.next() or ()
            else:
                yield from self._by_key.pages(by_key, chunk)
                latest.seen.update(chunk)
                spent += cost
            queue = [key for key in queue if key not in latest.seen]

    def _sorted(self, made: Request) -> Answer:
        request = made.sorted_by(_LATEST, descending=True)
        return self.run.answer(self._projection.table, request)

    def _hits(self, searches: Sequence[Request]) -> Iterator[list[Key]]:
        """The keys that searches find, page by page."""
        for made in searches:
            answer = self.run.hits(made)
            number = 0
            while (body := answer.page(number, self.run.meter)) is not None:
                yield [key for key, _ in self._ids.split(body)]
                number += 1

    def _is_old(self, page: bytes) -> bool:
        """Whether the page reaches back to what the index knows for sure."""
        rows = self._times.read(page)
        before = self.run.answers.client.now() - INDEX_LAG
        return bool(rows) and str(rows[-1][0]) < f"{before:%Y-%m-%d %H:%M:%S}"

    def _is_due(self, latest: _Latest, cost: int, spent: int) -> bool:
        """Whether a page of the list is due before a step of that cost."""
        listed = latest.answer
        known = self.run.counts.tokens(self._source, listed.request.endpoint)
        if known is not None:
            return spent >= 0 and known - listed.tokens <= max(cost, spent)
        return listed.tokens + listed.request.price <= spent


class _Latest:
    """A list read from its latest changes on. `body` is the page in hand, `seen` are
    the keys of the rows so far, `ended` says that there are no more.
    """

    def __init__(self, projection: Projection, answer: Answer) -> None:
        self.answer = answer
        self.body = b"[]"
        self.seen: set[object] = set()
        self.ended = False
        self._projection = projection
        self._number = 0

    def next(self) -> Sequence[Row] | None:
        """Rows of the next page that have not been seen, None behind the last."""
        body = self.answer.page(self._number, self._projection.run.meter)
        if body is None:
            self.ended = True
            return None
        self.body = body
        self._number += 1
        self.ended = self.answer.complete and self._number == self.answer.pages
        rows = self._projection.read(body)
        fresh = [row for row in rows if row[0] not in self.seen]
        self.seen.update(row[0] for row in rows)
        return fresh

    def rest(self) -> Pages:
        """All rows that are left."""
        while (page := self.next()) is not None:
            yield page
