"""What a step of a statement will cost, at least and at most, and how that is known.

A list costs its pages, and how many those are is known from when it was last read to
its end. Values that SQLite has before it reads the first row tell which requests there
will be; in a join it has them only later, and then the bound is that of the whole list.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from ..catalog.table import Endpoint, Table
from . import price
from .cost import NONE, AtHand, Cost, Counted, Span, so_many
from .plan import Plan, Road, Scan
from .question import Constraint, Question
from .request import Request, request
from .roads import choose
from .summary import ME, Summary


@dataclass(slots=True)
class Forecast:
    """Costs of one statement's steps, to be asked for in their order.

    `count` tells what is remembered of a table. `stops` says that lists may be left
    before their end. `filter_price` is what a temporary filter costs at most, without
    what it lists.
    """

    tables: Mapping[str, Table]
    count: Callable[[str], Counted | None]
    at_hand: AtHand
    stops: bool
    filter_price: int = 0
    _read: set[Request] = field(default_factory=set)

    def once(self, plan: Plan, scans: Sequence[Scan | None]) -> Cost:
        """A step whose starts are known: their scans, None where no row can match."""
        asked = [scan for scan in scans if scan is not None]
        if plan.road in (Road.NOTHING, Road.MISSING):
            return Cost(rows=NONE, basis="nothing is asked")
        if not asked:
            return Cost(
                rows=NONE,
                basis="no row can match" if scans else "SQLite does not come to it",
            )
        costs = [self._scan(plan, scan) for scan in asked]
        if any(item.parameter and item.parameter.named for item in plan.inputs):
            names = self._every(self.tables["filters"])
            costs.append(replace(names, rows=NONE))
        return Cost(
            sum((c.requests for c in costs), NONE),
            sum((c.tokens for c in costs), NONE),
            sum((c.rows for c in costs), NONE),
            costs[0].basis,
        )

    def often(self, plan: Plan, outer: Span) -> Cost:
        """A step that SQLite starts again for each of the rows of those before it."""
        if not plan.inputs and plan.road is Road.LIST:
            # Nothing varies, so it is asked once; not even that if there are no rows.
            cost = self.once(plan, [plan.scan(())])
            return replace(
                cost,
                requests=Span(0, cost.requests.high),
                tokens=Span(0, cost.tokens.high),
            )
        whole, page = self._whole(plan.table), _page_price(plan.table)
        one = plan.one or plan.endpoint
        bounds: list[int] = []
        if plan.road in (Road.KEYS, Road.LIST) and whole is not None:
            narrows = any(item.parameter is not None for item in plan.inputs)
            bounds.append(2 * whole + page if narrows else whole)
            bounds[0] += self._parts(plan.table) * page
        if plan.road is Road.KEYS and outer.high is not None and one is not None:
            bounds.append(2 * outer.high * one.price + page)
        most = min(bounds, default=None)
        known = self._known(plan.table)
        basis = "for rows of the steps before it"
        if known is not None and most is not None:
            basis += f"; {_counted(plan.table, known)}"
        return Cost(Span(0, None), Span(0, most), basis=basis)

    def further(self, cost: Cost, endpoints: Sequence[Endpoint], left: bool) -> Cost:
        """The cost with columns that need requests for each row.

        `left` says that conditions are left to SQLite, so that fewer rows may do.
        """
        for endpoint in endpoints:
            low = 0 if left or self.stops else cost.rows.low
            rows = Span(low, cost.rows.high)
            cost = replace(
                cost,
                requests=cost.requests + rows,
                tokens=cost.tokens + rows * endpoint.price,
            )
        return cost

    def _scan(self, plan: Plan, scan: Scan) -> Cost:
        if plan.road is Road.KEYS:
            return self._keys(plan, scan)
        if plan.road is Road.LIST and plan.summary is not None:
            return self._summary(self._list(plan.table, scan), plan.summary)
        if plan.road is Road.LIST:
            cost = self._list(plan.table, scan)
            return self._filtered(cost, plan.table) if plan.said else cost
        if plan.road is Road.CHILDREN and scan.keys is not None:
            return self._children_of(plan, scan, scan.keys)
        if plan.road is Road.CHILDREN:
            return self._children(plan, scan)
        if plan.road is Road.SEARCH:
            return self._search(plan, scan)
        return Cost(Span(0, None), Span(0, None), basis="not known before")

    def _search(self, plan: Plan, scan: Scan) -> Cost:
        """Beside the hits, at least a page of the list that it is compared with."""
        if any(self.at_hand.pages(plan.table, r) is None for r in scan.requests):
            return Cost(basis="all of it is at hand")
        assert plan.finding is not None
        least = min((made.price for made in scan.requests), default=0)
        whole, known = self._whole(plan.table), self._known(plan.table)
        basis = "what it finds is not known yet"
        if whole is None or known is None or not scan.requests:
            return Cost(Span(1, None), Span(least, None), basis=basis)
        most = 2 * (whole + plan.finding.search.rows.price)
        basis += f"; {_counted(plan.table, known)}"
        return Cost(Span(1, None), Span(least, most), basis=basis)

    def _summary(self, cost: Cost, summary: Summary) -> Cost:
        """Counted by Pipedrive, or read where that is cheaper or does not add up."""
        most = cost.tokens.high
        if most == 0:
            return cost
        lists = summary.tokens_of_lists
        if summary.instead is None:
            least, more = min(cost.tokens.low, summary.least), summary.least
            more += most or 0
        else:
            least, more = summary.least - lists, summary.instead + lists
        return replace(
            cost,
            requests=Span(1, None),
            tokens=Span(least, None if most is None else most + more + ME.price),
        )

    def _filtered(self, cost: Cost, table: Table) -> Cost:
        """A list, or what is left of it by a temporary filter, where that pays."""
        most, page = cost.tokens.high, _page_price(table)
        if most == 0:
            return cost
        more = None if most is None else most + 2 * (self.filter_price + page)
        low = min(cost.tokens.low, page)
        return replace(cost, requests=Span(1, None), tokens=Span(low, more))

    # By key

    def _keys(self, plan: Plan, scan: Scan) -> Cost:
        keys = scan.keys or ()
        missing = self.at_hand.missing(plan.table, keys)
        tokens = price.by_keys(plan.one, plan.endpoint, missing)
        rows = Span(0, len(keys))
        basis = so_many(len(keys), "key")
        if missing < len(keys):
            basis += f", {len(keys) - missing:,} of them at hand"
        whole, page = self._whole(plan.table), _page_price(plan.table)
        if tokens <= page or not page:
            requests = _requests(plan, missing)
            return Cost(Span(requests, requests), Span(tokens, tokens), rows, basis)
        if whole is None:
            return Cost(Span(1, None), Span(page, 2 * tokens + page), rows, basis)
        least, most = min(tokens, whole), tokens
        if whole < tokens:
            most = min(tokens + whole, 2 * whole + page)
        return Cost(Span(1, None), Span(least, most), rows, basis)

    # Lists

    def _list(self, table: Table, scan: Scan) -> Cost:
        costs = [self._pages(table, made, scan.limit) for made in scan.requests]
        if len(costs) == 1 or not any(cost.requests.high != 0 for cost in costs):
            return costs[0]
        known, page = self._known(table), _page_price(table)
        # A wider list may do for all of them.
        least = min(sum(cost.tokens.low for cost in costs), page)
        # The rows of all of them are no more than the list has.
        most = 2 * (len(costs) + ceil(known.pages)) * page if known else None
        basis = f"{len(costs)} lists, or a wider one for all of them"
        return Cost(Span(1, None), Span(least, most), basis=basis)

    def _pages(self, table: Table, made: Request, limit: int | None) -> Cost:
        """The pages of one list."""
        have = self.at_hand.pages(table, made)
        if made in self._read or have is None:
            told = "all of it is at hand" if have is None else "as in the step before"
            return Cost(basis=told)
        self._read.add(made)
        endpoint, known = made.endpoint, self._known(table)
        if not endpoint.page:
            return Cost(Span(1, 1), Span(made.price, made.price), basis="one answer")
        if limit is not None:
            pages = Span(1, price.pages_of(endpoint, limit))
            basis = f"{limit:,} rows are enough"
            return Cost(pages, pages * made.price, Span(0, limit), basis)
        if known is None:
            basis = "size not known: 1 page at least"
            return Cost(Span(1, None), Span(made.price, None), basis=basis)
        whole = max(1, ceil(known.pages))
        least, most, rows = 1, whole, Span(0, round(known.rows))
        if _is_whole(made):
            most = whole - have
            least = most if not self.stops else min(1, most)
            rows = Span(round(known.rows), round(known.rows))
        pages = Span(least, most + self.at_hand.parts(table, made) if most else 0)
        return Cost(pages, pages * made.price, rows, _counted(table, known))

    # Children

    def _children(self, plan: Plan, scan: Scan) -> Cost:
        """Those of all parents."""
        table, endpoint = plan.table, plan.endpoint
        assert endpoint is not None
        parents = self.tables[table.parent]
        cost = self._every(parents)
        known = self._known(parents)
        if known is None:
            return replace(
                cost,
                requests=Span(cost.requests.low, None),
                tokens=Span(cost.tokens.low, None),
                rows=Span(0, None),
                basis=f"the size of {parents.name} is not known",
            )
        batches = ceil(known.rows / _many(plan)) * len(scan.filters)
        least = 0 if table.parent_count or self.stops else batches
        requests = Span(least, None if endpoint.page else batches)
        return Cost(
            cost.requests + requests,
            cost.tokens + requests * endpoint.price,
            basis=f"{_counted(parents, known)}; {endpoint.price} tokens for each"
            + (f" {_many(plan)}" if _many(plan) > 1 else ""),
        )

    def _children_of(self, plan: Plan, scan: Scan, keys: Collection[int | str]) -> Cost:
        """Those of some parents, of whom it is seen first whether they are there."""
        assert plan.endpoint is not None
        parents = self.tables[plan.table.parent]
        by_key = Question((Constraint(0, parents.key, "=", many=True),))
        of_parents = choose(parents, by_key, {}).plan
        checks = price.by_keys(of_parents.one, of_parents.endpoint, len(keys))
        most = ceil(len(keys) / _many(plan)) * len(scan.filters)
        basis = f"{len(keys):,} of {parents.name}, if a page holds the rows of each"
        return Cost(
            Span(0, None), Span(0, most * plan.endpoint.price + checks), basis=basis
        )

    def _every(self, table: Table) -> Cost:
        plan = choose(table, Question(), {}).plan
        return self.once(plan, [plan.scan(())])

    # What is remembered

    def _known(self, table: Table) -> Counted | None:
        return self.count(table.source or table.name)

    def _parts(self, table: Table) -> int:
        """In how many parts the whole list is read at most."""
        whole = [request(endpoint, {}) for endpoint in _lists(table)]
        return max((self.at_hand.parts(table, made) for made in whole), default=0)

    def _whole(self, table: Table) -> int | None:
        """API tokens of the whole list, None where its size is not known."""
        known = self._known(table)
        page = _page_price(table)
        return max(1, ceil(known.pages)) * page if known and page else None


def _lists(table: Table) -> list[Endpoint]:
    return [e for e in table.endpoints if not e.one and not e.required]


def _page_price(table: Table) -> int:
    """API tokens for a page of the whole list, 0 where there is none."""
    return min((e.price for e in _lists(table)), default=0)


def _is_whole(made: Request) -> bool:
    """Whether it is the list without anything that narrows it."""
    return "{" not in made.endpoint.path and made.filters <= {*made.endpoint.fixed}


def _many(plan: Plan) -> int:
    """How many parents one request for children takes."""
    assert plan.endpoint is not None
    parameter = plan.endpoint.serves(plan.table.parent_key)
    return parameter.many if parameter else 1


def _requests(plan: Plan, keys: int) -> int:
    """Requests for so many keys, as `price.by_keys` has them."""
    if plan.endpoint is None:
        return keys
    full, rest = divmod(keys, price.KEYS_A_BATCH)
    singly = plan.one is not None and rest * plan.one.price < plan.endpoint.price
    return full + (rest if singly else min(rest, 1))


def _counted(table: Table, known: Counted) -> str:
    name = table.source or table.name
    rows = so_many(round(known.rows), "row")
    return f"{name} had {rows} on {known.counted:%Y-%m-%d %H:%M}"
