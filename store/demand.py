"""What a scan will be asked for next, found out by running the statement ahead.

SQLite tells the inner side of a join one value at a time. Asking Pipedrive for one at a
time costs ten times as much as batches do, or more than the whole list. So when
values come that are not at hand, the statement is rehearsed: SQLite runs it once more
over what is here already, and the scan gives no rows for values it does not know but
notes them. What would follow from their rows is not seen; each scan has rehearsals of
its own. Where the outer side will be read to its end anyway, a rehearsal reads its next
pages: that costs nothing more, and then the demand is known exactly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from math import inf

from ..planner.plan import Plan
from .projection import Projection
from .rehearsal import Wanted


class Demand:
    """The values that one scan of a statement comes to, over all its starts.

    `seen` says that there was a rehearsal, `exact` that it has shown all values there
    will be. `known` tells what is at hand; the `first`-th value that is not is reason
    for a rehearsal. `bring` brings all that is coming.
    """

    def __init__(
        self,
        projection: Projection,
        plan: Plan,
        known: Callable[[Wanted], bool],
        bring: Callable[[], None] | None = None,
        first: int = 2,
    ) -> None:
        self.seen = False
        self.exact = False
        self._run = projection.run
        self._known = known
        self._bring = bring
        self._alone = projection.scan is None  # no part of the statement itself
        self._role = self._run.role(projection.table, plan, projection.columns)
        self._before = set(self._run.demands)
        self._run.demands[self._role] = self
        self._coming: deque[Wanted] = deque()
        self._foreseen: Collection[Wanted] = ()
        self._misses = 0
        self._looked = 0  # at which miss the last rehearsal was
        self._next_look = first  # at this miss

    @property
    def count(self) -> int:
        """How many values are foreseen, not counting those that came to be known."""
        return len(self._coming)

    def note(self, values: Collection[Wanted]) -> bool:
        """In a rehearsal: take down values that are not known. False outside of one."""
        rehearsal = self._run.rehearsal
        if rehearsal is None:
            return False
        if rehearsal.role == self._role:
            rehearsal.wanted.update(dict.fromkeys(values))
        else:
            rehearsal.dry.add(self._role)
        return True

    def look(self, value: Wanted, enough: int) -> bool:
        """A value is asked for and not known: see what comes after it, if need be.

        The first time, lists are read on only once more than `enough` are wanted.
        """
        self._misses += 1
        foreseen = value in self._foreseen
        settled = self.exact or self._misses < 2 * self._looked
        if self._alone or (foreseen and settled) or self._misses < self._next_look:
            return False
        self._looked = self._misses
        thorough = self._run.statement.thorough
        least = (0 if self.seen else enough) if thorough else inf
        found = self._run.rehearse(self._role, least)
        if found is None:
            return False
        dry = self._before & found.dry
        # What comes before does not know all its rows, which more could follow from.
        if thorough and [r for r in dry if self._run.demands[r].fulfil()]:
            found = self._run.rehearse(self._role, least) or found
        self.seen = True
        self.exact = found.ended and thorough and not self._before & found.dry
        self._coming = deque(found.wanted)
        self._foreseen = found.wanted
        # After one that has found nothing, the next has to wait.
        fruitless = len(found.wanted) < 2
        self._next_look = self._misses * 2 if fruitless else self._misses + 1
        return True

    def fulfil(self) -> bool:
        """Bring all that is coming, if that is sure; whether anything was."""
        if not self.exact or self._bring is None or next(self.coming(), None) is None:
            return False
        self._bring()
        return True

    def coming(self) -> Iterator[Wanted]:
        """The values foreseen, in their order; the first is one that is not known."""
        while self._coming and self._known(self._coming[0]):
            self._coming.popleft()
        return iter(self._coming)
