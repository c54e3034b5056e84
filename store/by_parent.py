"""Rows that Pipedrive lists only for given parents: their parents first, then they.

The parents are those of the parent's own table, so that a condition on the parent's
key never adds rows. Where parents count their children, those without are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..catalog.rows import Row
from ..planner import price
from ..planner.plan import Plan
from ..planner.question import Constraint, Question
from ..planner.request import request
from ..planner.roads import choose
from .ahead import ahead
from .answers import Key
from .by_key import ByKey
from .kept import KeptRows
from .lists import Lists
from .projection import Projection

_PARENTS_AT_FIRST = 10  # of a join, in case no more follow


class ByParent:
    """Children of one scan by their parents' keys, over all its starts."""

    def __init__(self, projection: Projection) -> None:
        self._projection = projection
        self.run = projection.run
        self.table = projection.table
        self.parent = self.run.tables[self.table.parent]
        counting = self.table.parent_count
        self._counts = (self.parent.column(counting),) if counting else ()
        self._parents = Projection(self.run, self.parent, self._counts)
        self._parents_by_key = ByKey(self._parents)
        self._kept = KeptRows(
            self.run, self.table, self.table.column(self.table.parent_key)
        )
        self._identity = f"{self.parent.name}.{self.parent.key}"
        self._starts = 0

    def pages(self, plan: Plan, keys: Sequence[Key]) -> Iterator[Sequence[Row]]:
        """The children of these parents."""
        self._starts += 1
        missing = [key for key in keys if self._kept.get(key) is None]
        if missing:
            wanted = self._with_children(missing)
            if wanted and len(keys) == 1:
                wanted += self._next(keys[0])
            for begin in range(0, len(wanted), price.KEYS_A_BATCH):
                self._ask(plan, wanted[begin : begin + price.KEYS_A_BATCH])
        found = (self._kept.get(key) for key in keys)
        body = b",".join(filter(None, found))
        if body:
            yield self._projection.read(b"[" + body + b"]")

    def everything(self, plan: Plan) -> Iterator[Sequence[Row]]:
        """The children of all parents, batch by batch."""
        whole = choose(self.parent, Question(), self.run.counts).plan
        scan = whole.scan(())
        assert scan is not None
        waiting: list[Key] = []
        for rows in Lists(self._parents).read(scan):
            waiting += [key for row in rows if (key := self._parenthood(row))]
            while len(waiting) >= price.KEYS_A_BATCH:
                batch = waiting[: price.KEYS_A_BATCH]
                del waiting[: price.KEYS_A_BATCH]
                yield from self._of(plan, batch)
        yield from self._of(plan, waiting)

    def _of(self, plan: Plan, keys: Sequence[Key]) -> Iterator[Sequence[Row]]:
        missing = [key for key in keys if self._kept.get(key) is None]
        self._ask(plan, missing)
        body = b",".join(filter(None, map(self._kept.get, keys)))
        if body:
            yield self._projection.read(b"[" + body + b"]")

    def _with_children(self, keys: Sequence[Key]) -> list[Key]:
        """Those of the keys that are of parents with children, or may be."""
        parents = self._parents_of(keys)
        known = {key for row in parents if (key := self._parenthood(row)) is not None}
        self._kept.add([key for key in keys if key not in known], [])
        return [key for key in keys if key in known]

    def _parents_of(self, keys: Sequence[Key]) -> list[Row]:
        """The parents that are in the parent's table."""
        asked = Question((Constraint(0, self.parent.key, "=", many=True),))
        plan = choose(self.parent, asked, self.run.counts).plan
        pages = self._parents_by_key.pages(plan, tuple(keys))
        return [row for page in pages for row in page]

    def _ask(self, plan: Plan, keys: Sequence[Key]) -> None:
        if not keys:
            return
        assert plan.endpoint is not None
        parameter = plan.endpoint.serves(self.table.parent_key)
        assert parameter is not None
        made = request(plan.endpoint, {parameter.name: tuple(map(str, keys))})
        run = self.run
        selection = run.selection(self.table)
        pages = [p.rows for p in run.answers.read(made, selection, run.meter)]
        self._kept.add(keys, pages)

    def _next(self, key: Key) -> list[Key]:
        """What a join will ask for next: a batch costs no more than one."""
        scan = self._projection.scan
        outer = ahead(self.run.scans, scan, self._identity, key)
        if outer is None:
            return []
        most = (_PARENTS_AT_FIRST if self._starts == 1 else price.KEYS_A_BATCH) - 1
        following = [k for k in outer.keys if k != key and self._kept.get(k) is None]
        # Other outer scans do not hold the parents themselves: each of them costs.
        if outer.scan.table.name != self.parent.name:
            following = following[:most]
        return self._with_children(following)[:most] if following else []

    def _parenthood(self, row: Row) -> Key | None:
        """The parent's key, None for one that counts no children."""
        key = row[0]
        assert isinstance(key, int | str)
        return None if self._counts and row[1] == 0 else key
