"""Rows that Pipedrive lists only for given parents: their parents first, then they.

The parents are those of the parent's own table, so that a condition on the parent's
key never adds rows. Where parents count their children, those without are skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from ..catalog.rows import Row
from ..planner.plan import Filled, Plan, Scan
from ..planner.question import Constraint, Question
from ..planner.request import path_of, request
from ..planner.roads import choose
from .ahead import ahead
from .answers import Key
from .chain import side_by_side
from .demand import Demand
from .kept import KeptRows
from .projection import Projection
from .rehearsal import Wanted

Pages = Iterator[Sequence[Row]]

_PARENTS_AT_FIRST = 10  # of a join, in case no more follow
_MOST_AHEAD = 16  # parents asked for before SQLite has seen the rows of the first


class ReadsPages(Protocol):
    """A reader of the parent's table."""

    def start(self, plan: Plan, values: Sequence[object]) -> Pages: ...


class ByParent:
    """Children of one scan by their parents' keys, over all its starts."""

    def __init__(
        self,
        projection: Projection,
        reader: Callable[[Projection], ReadsPages],
        plan: Plan,
    ) -> None:
        endpoint = plan.endpoint
        assert endpoint is not None
        self._projection = projection
        self.run = projection.run
        self.table = projection.table
        self.parent = self.run.tables[self.table.parent]
        self._endpoint = endpoint
        counting = self.table.parent_count
        counts = (self.parent.column(counting),) if counting else ()
        self._counted = bool(counts)
        # A parent that refers to its only child has none where it refers to nothing;
        # a count that is not there says nothing.
        self._childless = None if counts and counts[0].references else 0
        # Pipedrive may serve children of parents that are in no table of theirs.
        self._checked = self._counted or any(e.only for e in self.parent.endpoints)
        self._parents = reader(Projection(self.run, self.parent, counts))
        parameter = endpoint.serves(self.table.parent_key)
        assert parameter is not None
        self._parameter = parameter
        self._identity = f"{self.parent.name}.{self.parent.key}"
        self._kept: dict[Filled, KeptRows] = {}
        self._demand = Demand(projection, plan, self._is_known, self._bring_all)
        self._starts = 0
        self._batches = 0  # requests for children of several parents

    def pages(self, scan: Scan) -> Pages:
        """The children of the scan's parents."""
        assert scan.keys is not None
        self._starts += 1
        for filters in scan.filters:
            keys = scan.keys
            kept = self._kept_for(filters)
            missing = [key for key in keys if kept.get(key) is None]
            if missing and self._demand.note(missing):
                continue
            wanted = self._with_children(kept, missing)
            if wanted and len(keys) == 1:
                wanted += self._next(kept, keys[0])
            yield from self._of(filters, keys, wanted)

    def everything(self, scan: Scan) -> Pages:
        """The children of all parents."""
        for filters in scan.filters:
            waiting: list[Key] = []
            size = self._at_once
            for rows in self._all_parents():
                waiting += [
                    k for row in rows if (k := self._parenthood(row)) is not None
                ]
                while len(waiting) >= size:
                    batch, waiting = waiting[:size], waiting[size:]
                    yield from self._of(filters, batch, batch)
                    if self._parameter.many == 1:
                        size = min(size * 2, _MOST_AHEAD)
                    size = max(size, self._at_once)
            if waiting:
                yield from self._of(filters, waiting, waiting)

    def _of(self, filters: Filled, keys: Sequence[Key], asked: Sequence[Key]) -> Pages:
        """The rows of these keys, once those asked for are known."""
        kept = self._kept_for(filters)
        missing = [key for key in asked if kept.get(key) is None]
        if self._parameter.many > 1:
            many = self._parameter.many
            batches = [missing[n : n + many] for n in range(0, len(missing), many)]
            self._batches += len(batches)
            found = self._ask(filters, batches)
            for batch, pages in zip(batches, found, strict=True):
                kept.add(batch, pages)
        elif missing:
            self._ask_each(filters, missing, kept)
        body = b",".join(filter(None, map(kept.get, keys)))
        if body:
            rows = self._projection.read(b"[" + body + b"]")
            if not missing:
                self.run.meter.served(path_of(self._endpoint), len(rows))
            yield rows

    def _ask_each(self, filters: Filled, keys: Sequence[Key], kept: KeptRows) -> None:
        batches = [[key] for key in keys]
        found = self._ask(filters, batches)
        for key, pages in zip(keys, found, strict=True):
            kept.put(key, pages)

    def _ask(
        self, filters: Filled, batches: Sequence[Sequence[Key]]
    ) -> Iterator[list[bytes]]:
        """The pages for each of the batches."""
        run = self.run
        selection = run.selection(self.table)
        chains = []
        for keys in batches:
            values = {**dict(filters), self._parameter.name: tuple(map(str, keys))}
            made = request(self._endpoint, values)
            chains.append(run.answers.chain(made, selection))
        return side_by_side(chains, run.meter)

    def _kept_for(self, filters: Filled) -> KeptRows:
        if filters not in self._kept:
            column = self.table.column(self.table.parent_key)
            self._kept[filters] = KeptRows(self.run, self.table, column, filters)
        return self._kept[filters]

    def _all_parents(self) -> Pages:
        plan = choose(self.parent, Question(), self.run.counts).plan
        return self._parents.start(plan, ())

    def _with_children(self, kept: KeptRows, keys: Sequence[Key]) -> list[Key]:
        """Those of the keys that are of parents with children, or may be."""
        if not self._checked or not keys:
            return list(keys)
        asked = Question((Constraint(0, self.parent.key, "=", many=True),))
        plan = choose(self.parent, asked, self.run.counts).plan
        values = (frozenset(keys),) if plan.inputs else ()
        pages = self._parents.start(plan, values)
        parents = [row for page in pages for row in page]
        known = {key for row in parents if (key := self._parenthood(row)) is not None}
        kept.add([key for key in keys if key not in known], [])
        return [key for key in keys if key in known]

    @property
    def _at_once(self) -> int:
        """How many parents may be asked for, of those that are sure to be wanted."""
        return self._parameter.many * self.run.at_once(
            self._batches, self._endpoint.price
        )

    def _next(self, kept: KeptRows, key: Key) -> list[Key]:
        """What a join will ask for next, where a batch costs no more than one, or
        where it is sure to.
        """
        many = self._parameter.many
        if many == 1 and not self.run.runs_through:
            return []
        most = (_PARENTS_AT_FIRST if self._starts == 1 else many) - 1
        self._demand.look(key, many)
        if self._demand.exact and (self._starts > 1 or many == 1):
            most = self._at_once - 1
        elif many == 1:
            return []
        if self._demand.seen:
            known = (k for k in self._demand.coming() if not isinstance(k, tuple))
            return self._parents_among([k for k in known if k != key], kept, most)
        scan = self._projection.scan
        outer = ahead(self.run.scans, scan, self._identity, key)
        if outer is None:
            return []
        following = [k for k in outer.keys if k != key and kept.get(k) is None]
        # Other outer scans do not hold the parents themselves: each of them costs.
        if outer.scan.table.full_name != self.parent.full_name:
            following = following[:most]
        return self._with_children(kept, following)[:most]

    def _parents_among(
        self, keys: Sequence[Key], kept: KeptRows, most: int
    ) -> list[Key]:
        """So many of the keys that have children, as long as looking costs nothing."""
        found: list[Key] = []
        spent = self.run.meter.tokens
        for begin in range(0, len(keys), most):
            found += self._with_children(kept, keys[begin : begin + most])
            if len(found) >= most or self.run.meter.tokens > spent:
                break
        return found[:most]

    def _bring_all(self) -> None:
        """See that the children of all parents that are going to come are known."""
        keys = [k for k in self._demand.coming() if not isinstance(k, tuple)]
        for filters, kept in list(self._kept.items()):
            wanted = self._with_children(
                kept, [k for k in keys if not self._is_known(k)]
            )
            for _ in self._of(filters, (), wanted):
                pass

    def _is_known(self, key: Wanted) -> bool:
        """Whether the key's children are known, whatever else narrowed them."""
        some = self._kept.values()
        return any(
            not isinstance(key, tuple) and kept.get(key) is not None for kept in some
        )

    def _parenthood(self, row: Row) -> Key | None:
        """The parent's key, None for one that has no children."""
        key = row[0]
        assert isinstance(key, int | str)
        return None if self._counted and row[1] == self._childless else key
