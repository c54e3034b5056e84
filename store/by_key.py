"""Rows by their key: one by one, in batches, or out of the whole list.

Keys that a join asks for come one at a time. Asking Pipedrive one at a time, too,
would cost more than batches, and batches of very many keys more than the whole list.
Which keys will come a rehearsal tells (see `demand`). How long the whole list is may
not be known; then its pages are read as long as that costs less than the keys would, or
than those have that were needed. In all that is at most about twice the cheapest.

Which keys are asked for in which request does not depend on how many requests are under
way: those that are known to be sent are sent side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from ..catalog.rows import Row
from ..planner import price
from ..planner.plan import Plan
from ..planner.request import Request, path_of, request
from .ahead import Ahead, ahead, identity_of
from .answers import Answer, Key
from .chain import side_by_side
from .demand import Demand
from .kept import KeptRows
from .projection import Projection
from .rehearsal import Wanted

Asked = tuple[Request, list[Key]]  # keys, and what brings them

_TRIED = 10  # tokens for the first keys of a join, where there are no batches
_SINGLY = 5  # so many keys of a join are asked one by one, in case no more follow


class ByKey:
    """Rows of one scan by their key, over all the times that SQLite starts it."""

    def __init__(self, projection: Projection, plan: Plan) -> None:
        self._projection = projection
        self.run = projection.run
        self.table = projection.table
        key = self.table.column(self.table.row_key)
        self._identity = identity_of(self.run.source(self.table), key)
        self._kept = KeptRows(self.run, self.table, key)
        first = 2 if plan.one else 1
        self._demand = Demand(projection, plan, self._is_known, self._bring_all, first)
        self._plan: Plan | None = None
        self._starts = 0
        self._needed = 0  # keys asked of Pipedrive that SQLite has come to
        self._paid = 0  # tokens for keys
        self._batches = 0  # chunks of keys asked for
        self._under_way: set[Key] = set()
        self._ahead: set[Key] = set()  # those it has not come to yet

    def pages(self, plan: Plan, keys: Sequence[Key]) -> Iterator[Sequence[Row]]:
        """The rows of these keys."""
        self._starts += 1
        bodies = {key: self._kept.get(key) for key in keys}
        if None in bodies.values():
            self._kept.absorb()
            bodies = {key: self._kept.get(key) for key in keys}
        kept = sum(bool(body) for body in bodies.values())
        endpoint = plan.one or plan.endpoint
        if kept and endpoint is not None:
            self.run.meter.served(path_of(endpoint), kept)
        if None in bodies.values():
            self._bring(plan, [key for key, body in bodies.items() if body is None])
            # What a whole list does not hold is not there: no body, no row.
            bodies = {key: self._kept.get(key) for key in keys}
        come = self._ahead.intersection(keys)
        self._ahead -= come
        self._needed += len(come)
        body = b",".join(filter(None, bodies.values()))
        if body:
            yield self._projection.read(b"[" + body + b"]")

    def _bring(self, plan: Plan, keys: list[Key]) -> None:
        """See that these keys are known, and perhaps those that a join will want."""
        whole = self._whole_list()
        queue = [key for key in keys if self._kept.get(key) is None]
        if not queue or (whole and whole.complete) or self._demand.note(queue):
            return
        self._plan = plan
        joined = self._starts > 1 or self._outer(keys) is not None
        if joined:
            self._demand.look(queue[0], self._enough(plan))
        self._load(plan, whole, queue, joined)

    def _bring_all(self) -> None:
        """See that all keys that are going to come are known."""
        assert self._plan is not None
        coming = [k for k in self._demand.coming() if not isinstance(k, tuple)]
        queue = [key for key in coming if not self._is_known(key)]
        self._load(self._plan, self._whole_list(), queue, joined=True)

    def _load(
        self, plan: Plan, whole: Answer | None, queue: list[Key], joined: bool
    ) -> None:
        """Bring these keys, by whichever road is due."""
        worth = price.by_keys(plan.one, plan.endpoint, len(queue))
        unsure = joined or plan.endpoint is None or worth > price.NOT_WORTH_A_LIST
        asked: list[Asked] = []
        further = self._further(plan) if joined else 0
        while queue and not (whole and whole.complete):
            chunk = self._chunk(plan, queue, joined)
            if whole is not None and (
                self._is_read(whole)
                or (unsure and self._turn_of_whole(plan, whole, chunk, queue, joined))
            ):
                self._ask(asked)
                whole.page(whole.pages, self.run.meter)
                self._kept.absorb()
                if self._demand.exact and not whole.complete:
                    continue  # what is due for these keys is due for all
                queue = [key for key in queue if self._kept.get(key) is None]
                continue
            asked += self._requests(plan, chunk)
            self._batches += 1
            queue = [key for key in queue if key not in self._under_way]
            if not queue and further > 0 and self._demand.exact:
                further -= 1
                queue = self._following(plan)
        self._ask(asked)
        if whole is not None and whole.complete:
            self._kept.absorb()

    def _is_read(self, whole: Answer) -> bool:
        """Whether the statement reads the whole list to its end anyway."""
        said = self.run.statement
        limited = said.readable and not said.thorough
        scan = self._projection.scan
        return not limited and self.run.reads(self.table, whole.request, scan)

    def _turn_of_whole(
        self,
        plan: Plan,
        whole: Answer,
        chunk: list[Key],
        queue: list[Key],
        joined: bool,
    ) -> bool:
        """Whether a page of the whole list is due before the next keys."""
        name = self.run.source(self.table).name
        endpoint = whole.request.endpoint
        self._demand.coming()
        keys = max(len(queue), self._demand.count)
        left = price.by_keys(plan.one, plan.endpoint, keys)
        exact = self._demand.exact or not joined
        # What went into the keys that were needed for sure.
        singly = price.by_keys(plan.one, None, self._needed)
        spent = price.by_keys(plan.one, plan.endpoint, self._needed)
        spent = max(spent, min(singly, self._paid))
        known = self.run.counts.tokens(name, endpoint)
        if known is not None and whole.tokens < known:
            if not exact:
                cost = price.by_keys(plan.one, plan.endpoint, len(chunk))
                sure = left if self.run.statement.thorough else 0
                left = max(cost, spent, sure)
            return known - whole.tokens <= left
        if exact:
            # What has no batches has few rows.
            gamble = plan.endpoint is None or left > price.NOT_WORTH_A_LIST
            return gamble and whole.tokens + endpoint.price < left
        return whole.tokens + endpoint.price <= spent

    def _chunk(self, plan: Plan, queue: list[Key], joined: bool) -> list[Key]:
        """The next keys to ask for in one go."""
        if plan.endpoint is None:
            return queue[:1]
        if not joined:
            return queue[: price.KEYS_A_BATCH]
        thorough = self.run.statement.thorough
        if not self._demand.seen and thorough:
            return queue
        if not thorough and self._starts <= _SINGLY:
            return queue
        share = 1.0
        if len(queue) >= price.KEYS_A_BATCH:
            return queue[: price.KEYS_A_BATCH]
        if self._demand.count:
            following: Iterator[Wanted] = self._demand.coming()
        elif (outer := self._outer(queue)) is not None:
            following = iter(outer.keys)
            # Not every row of the outer page needs its key: so far, this share did.
            share = min(1.0, self._starts / max(1, outer.passed))
        else:
            return queue
        first = dict.fromkeys(queue)
        more = (
            k
            for k in following
            if not isinstance(k, tuple) and k not in first and not self._is_known(k)
        )
        chunk = queue + list(islice(more, price.KEYS_A_BATCH - len(queue)))
        singly = price.by_keys(plan.one, None, 1) or plan.endpoint.price
        worth = len(chunk) * share * singly >= plan.endpoint.price
        return chunk if worth else queue

    def _further(self, plan: Plan) -> int:
        """How many requests may be sent beside the next, for keys that come later."""
        endpoint = plan.endpoint or plan.one
        assert endpoint is not None
        return self.run.at_once(self._batches, endpoint.price) - 1

    def _following(self, plan: Plan) -> list[Key]:
        """The keys of a request that SQLite will come to."""
        coming = (
            k
            for k in self._demand.coming()
            if not isinstance(k, tuple) and not self._is_known(k)
        )
        return list(islice(coming, price.KEYS_A_BATCH if plan.endpoint else 1))

    @staticmethod
    def _enough(plan: Plan) -> int:
        """How many keys may be asked for before it is known how many there are."""
        if plan.endpoint is not None or plan.one is None:
            return price.KEYS_A_BATCH
        return _TRIED // plan.one.price

    def _is_known(self, key: Wanted) -> bool:
        if isinstance(key, tuple):
            return False
        return key in self._under_way or self._kept.get(key) is not None

    def _requests(self, plan: Plan, keys: list[Key]) -> list[Asked]:
        """What brings these keys: a batch, or a request for each."""
        self._under_way.update(keys)
        self._ahead.update(keys)
        one, batch = plan.one, plan.endpoint
        singly = len(keys) * one.price if one else None
        if batch is not None and (singly is None or singly >= batch.price):
            made = [(request(batch, self._filled(plan, keys)), keys)]
        else:
            assert one is not None
            made = [(request(one, self._filled(plan, [key])), [key]) for key in keys]
        self._paid += sum(each.price for each, _ in made)
        return made

    def _ask(self, asked: list[Asked]) -> None:
        """Ask Pipedrive for all this, side by side; then nothing is left of it."""
        run = self.run
        selection = run.selection(self.table)
        chains = [run.answers.chain(made, selection) for made, _ in asked]
        try:
            found = side_by_side(chains, run.meter)
            for (_, keys), pages in zip(asked, found, strict=True):
                self._kept.add(keys, pages)
        finally:
            self._under_way.clear()
            asked.clear()

    def _filled(self, plan: Plan, keys: list[Key]) -> dict[str, tuple[str, ...]]:
        """The blanks of either endpoint; both call the parameter by their own name."""
        names = {
            p.name
            for e in (plan.one, plan.endpoint)
            if e is not None and (p := e.serves(self.table.row_key)) is not None
        }
        return dict.fromkeys(names, tuple(map(str, keys)))

    def _outer(self, keys: Sequence[Key]) -> Ahead | None:
        if len(keys) != 1:
            return None
        scan = self._projection.scan
        return ahead(self.run.scans, scan, self._identity, keys[0])

    def _whole_list(self) -> Answer | None:
        """The table's whole list, as far as it was read; None if there is none."""
        for endpoint in self.table.endpoints:
            if not endpoint.one and not endpoint.required:
                return self.run.answer(self.table, request(endpoint, {}))
        return None
