"""Rows that a saved filter narrows, made for the time of a statement.

Making it and removing it costs as much as a few pages, so that much is read of the
plain list before, unless that is known to be long. Rows read twice are shown once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..catalog.conditions import filter_type
from ..catalog.rows import Row
from ..planner import price
from ..planner.conditions import Compiled, compiled
from ..planner.plan import Plan, Scan
from ..planner.request import Request, request
from ..planner.searching import TOKENS_OF_A_SEARCH
from ..planner.temporary import groups, terms
from .answers import Answer
from .lists import Lists, unseen
from .projection import Projection

Pages = Iterator[Sequence[Row]]

_LARGEST_SHARE = 0.9  # of the rows; so many are not worth a filter


class ByFilter:
    """Rows of one scan by a temporary filter, where that costs less than the list."""

    def __init__(self, projection: Projection, lists: Lists) -> None:
        self.run = projection.run
        assert self.run.saving is not None
        self._saving = self.run.saving
        self.table = projection.table
        self._projection = projection
        self._lists = lists
        self._starts = 0

    def pages(self, plan: Plan, scan: Scan, values: Sequence[object]) -> Pages:
        """The rows that the scan wants, and perhaps others."""
        self._starts += 1
        made = scan.requests[0]
        again = self._starts > 1  # each time a filter of its own would cost too much
        if (
            again
            or self._saving.refused
            or all(map(self._lists.at_hand, scan.requests))
        ):
            yield from self._lists.read(scan, plan.order)
            return
        if len(scan.requests) > 1:
            yield from self._in_place_of_several(plan, scan, values)
            return
        seen: set[object] = set()
        answer = self.run.answer(self.table, made)
        number = 0
        while not self._is_due(plan, values, made, answer.tokens):
            body = answer.page(number, self.run.meter)
            if body is None:
                return
            number += 1
            rows = self._projection.read(body)
            seen.update(row[0] for row in rows)
            yield rows
            if answer.complete and number == answer.pages:
                return
        found = self._compiled(plan, values)
        if found is None or not self._is_worth(plan, found, made, answer.tokens):
            pages = self._lists.pages(answer, number)
        else:
            rest = self._lists.pages(answer, number)
            instead = self._expected(plan, made)
            reading = answer if instead is None else None
            pages = self._filtered(plan, found, rest, instead, reading)
        yield from unseen(pages, seen)

    def _in_place_of_several(
        self, plan: Plan, scan: Scan, values: Sequence[object]
    ) -> Pages:
        """A filter in place of several lists, where all that they cost is known."""
        kind = filter_type(self.table)
        assert kind is not None
        listed = self._lists.read(scan, plan.order)
        costs = [self.run.counts.expected(self.table.name, r) for r in scan.requests]
        known = [cost for cost in costs if cost is not None]
        least = self._saving.price + self._saving.price_of_fields(kind.object)
        found = None
        if len(known) == len(costs) and least + scan.requests[0].price < sum(known):
            found = self._compiled(plan, values)
        if found is not None and self._worth(plan, found) < sum(known):
            yield from unseen(self._filtered(plan, found, listed, sum(known)), set())
        else:
            yield from listed

    def begun(self, plan: Plan, scan: Scan, values: Sequence[object]) -> Answer | None:
        """The list of a filter made for these values, as far as it was read."""
        if len(scan.requests) != 1 or not self._knows_fields():
            return None
        found = self._compiled(plan, values)
        made = self.run.answers.filtered.get(self._key(plan, found)) if found else None
        usable = self.run.usable(self.table, made) if made else ()
        return next(iter(usable), None)

    def is_open(self, plan: Plan, scan: Scan) -> bool:
        """Whether it is not known yet if the list will be read to its end."""
        made = scan.requests[0]
        begun = self.run.begun(self.table, made) and not self._lists.at_hand(made)
        return begun and self._expected(plan, made) is None

    def so_far(self, scan: Scan, begun: Answer | None) -> Pages:
        """The pages of `pages` that are here; those to come where they may be paid."""
        for answer in self.run.usable(self.table, scan.requests[0]):
            for number in range(answer.pages):
                body = answer.page(number, self.run.meter)
                assert body is not None
                yield self._projection.read(body)
        if begun is not None:
            yield from self._lists.pages(begun)

    def beats(self, plan: Plan, scan: Scan, values: Sequence[object]) -> bool:
        """Whether a filter is expected to cost less than a search.

        Many rows may begin alike; for these a filter is cheaper whatever their number.
        """
        made = scan.requests[0]
        known = self.run.counts.get(self.table.name)
        plain = self._saving.refused or self._lists.at_hand(made)
        if plain or not self.run.statement.thorough:
            return False
        if known is None:
            return plan.finding is not None and plan.finding.operator == "glob"
        found = self._compiled(plan, values) if self._knows_fields() else None
        if found is None or not self._is_due(plan, values, made, 0):
            return False
        return self._worth(plan, found) < TOKENS_OF_A_SEARCH

    def _is_due(
        self, plan: Plan, values: Sequence[object], made: Request, spent: int
    ) -> bool:
        """Whether it is time to make the filter, after so many tokens for the list."""
        kind = filter_type(self.table)
        assert kind is not None
        least = self._saving.price + made.price
        known = self._expected(plan, made)
        new = self._saving.price_of_fields(kind.object)
        if known is None or not self.run.statement.thorough:
            # One page is read in any case; the fields are asked for once a day.
            return spent >= made.price
        if new:
            return known - spent > least + new
        found = self._compiled(plan, values)
        return found is not None and self._is_worth(plan, found, made, spent)

    def _is_worth(self, plan: Plan, found: Compiled, made: Request, spent: int) -> bool:
        """Whether the filter is expected to cost less than the rest of the list."""
        known = self._expected(plan, made)
        return known is None or known - spent > self._worth(plan, found)

    def _knows_fields(self) -> bool:
        kind = filter_type(self.table)
        return kind is not None and not self._saving.price_of_fields(kind.object)

    def _key(self, plan: Plan, found: Compiled) -> tuple[object, ...]:
        return (self.table.name, found.key, plan.order)

    def _worth(self, plan: Plan, found: Compiled) -> float:
        """What the filter and its rows are expected to cost."""
        assert plan.endpoint is not None
        served = {item.column.name for item in plan.inputs if item.parameter}
        if served.issubset(condition.column for condition in found.every):
            # How many rows the list's own parameters leave is known better.
            rows = plan.rows * found.share_beside(served)
        else:
            rows = self.run.counts.get(self.table.name, 0) * found.share
        return self._saving.price + price.listing(plan.endpoint, rows)

    def _expected(self, plan: Plan, made: Request) -> float | None:
        """What the list costs: as it did before, or by the size of the table."""
        counts = self.run.counts
        known = counts.expected(self.table.name, made)
        if known is not None or self.table.name not in counts:
            return known
        return price.listing(made.endpoint, plan.rows)

    def _compiled(self, plan: Plan, values: Sequence[object]) -> Compiled | None:
        """The filter that says more than the list's own parameters do."""
        kind = filter_type(self.table)
        assert kind is not None
        fields = self._saving.fields(kind.object)
        some = groups(self.table, self.run.statement.alternatives)
        found = compiled(self.table, terms(plan, values), some, fields)
        if found is None or found.share >= _LARGEST_SHARE:
            return None
        more = [n for n in found.terms if plan.inputs[plan.said[n]].parameter is None]
        return found if more or found.alternative is not None else None

    def _filtered(
        self,
        plan: Plan,
        found: Compiled,
        listed: Pages,
        instead: float | None,
        reading: Answer | None = None,
    ) -> Pages:
        """The rows of a filter made for them, or of one made before.

        `listed` are those that the lists would give, for `instead` tokens: they come
        where no filter can be made, and behind what it gave once it has cost as much.
        Where that is not known, the list in `reading` is read on in step with it.
        """
        assert plan.endpoint is not None
        sort = (plan.order.column, plan.order.descending) if plan.order else None
        known = self.run.answers.filtered.get(self._key(plan, found))
        answer = self.run.complete(self.table, known) if known else None
        if answer is not None:
            yield from self._lists.pages(answer)
            return
        with self._saving.made(found, self.run.meter) as number:
            if number is not None:
                made = request(plan.endpoint, {"filter_id": (str(number),)}, sort)
                self.run.answers.filtered[self._key(plan, found)] = made
                answer = self.run.answer(self.table, made)
                for page in self._lists.pages(answer):
                    yield page
                    if answer.complete:
                        continue
                    spent = answer.tokens + self._saving.price
                    if instead is not None and spent >= instead:
                        break
                    while reading is not None and _is_behind(reading, spent):
                        yield next(listed, ())
                    if reading is not None and reading.complete:
                        break
                else:
                    return
        yield from listed


def _is_behind(reading: Answer, spent: int) -> bool:
    """Whether the list has cost no more yet."""
    return not reading.complete and reading.tokens <= spent
