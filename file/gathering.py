"""Families read at the same time, each of them list after list."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from ..catalog.rows import Row
from ..client.pages import Page
from ..client.pending import Pending, first
from ..client.transport import Client
from ..client.usage import Meter
from ..errors import Blocked, BudgetExceeded, DailyBudgetSpent, Error, Refused
from ..store.answers import Key
from .families import Family, Step
from .layout import Layout
from .reading import Reading
from .staging import Place, Staging

WHOLE, CHANGES = "whole", "changes"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A family to be read.

    `how` has for each step "whole" or "changes", and from when on rows are wanted, None
    for all. `parents` are the keys that its rows are asked for by, in order.
    """

    family: Family
    run: str
    started: str
    how: Mapping[str, tuple[str, str | None]]
    parents: Sequence[Key] = ()

    @property
    def word(self) -> str:
        """How its tables come, in a word: what changed, unless all rows are read."""
        words = {word for word, _ in self.how.values()}
        return CHANGES if CHANGES in words else WHOLE


@dataclass(slots=True)
class Gathering:
    """Reads families into the staged tables, `jobs` of them at a time.

    `told` hears of each page, `hides` gives what has to be done to a table's rows
    before they are stored, and `left_out` tells it from other ways. `known` are answers
    by step that need not be stored, as the file has their rows. Afterwards `failed` has
    the error of each family that could not be read to its end.
    """

    layouts: Mapping[str, Layout]
    staging: Staging
    client: Client
    meter: Meter
    jobs: int
    told: Callable[[Place], None]
    hides: Callable[[str, Sequence[str]], Callable[[Row], Row] | None]
    left_out: Sequence[str]
    known: Mapping[str, str]
    failed: dict[str, Error] = field(default_factory=dict)

    def run(self, wanted: Sequence[Wanted]) -> None:
        """Read these families; what is staged of them is not asked for again."""
        # Labels may become known while others are read.
        marks = [self._mark(one) for one in wanted]
        waiting = deque(
            (one, steps)
            for one, mark in zip(wanted, marks, strict=True)
            for steps in self._strands(one, mark)
        )
        active: dict[Pending[Page], tuple[str, Iterator[Pending[Page]]]] = {}

        def go_on(name: str, requests: Iterator[Pending[Page]]) -> None:
            try:
                pending = next(requests, None)
            except Error as error:
                self.failed[name] = error
                if _ends_all(error):
                    waiting.clear()
            else:
                if pending is not None:
                    active[pending] = name, requests

        try:
            while waiting or active:
                while waiting and len(active) < self.jobs:
                    one, steps = waiting.popleft()
                    go_on(one.family.name, self._requests(one, steps))
                for pending in first(active):
                    go_on(*active.pop(pending))
        finally:
            # Ctrl-C does not wait for answers; their pages are asked for again.
            for pending in active:
                pending.cancel()

    def _strands(self, one: Wanted, mark: str) -> list[Sequence[Step]]:
        """The lists of a family that are read one after the other.

        Where a row that moves was seen last, there it is. What has changed can be asked
        for side by side: a row that moves meanwhile comes again with the next run.
        """
        steps = one.family.steps
        self._begin(one, mark)
        changes = all(how == CHANGES for how, _ in one.how.values())
        return [[s] for s in steps] if changes and self.staging.is_short else [steps]

    def _requests(self, one: Wanted, steps: Sequence[Step]) -> Iterator[Pending[Page]]:
        """Each request for some lists; goes on once it is answered."""
        made = False
        for reading in self._readings(one, steps):
            pending: Pending[Page] | None = reading.ask()
            while pending is not None:
                yield pending
                decoded = reading.decode(pending)
                refused = pending = None
                try:
                    if not decoded.place.complete:
                        pending = reading.ask()  # under way while this one is stored
                except BudgetExceeded as error:
                    refused = error
                if not made and not decoded.place.known:
                    self.staging.make(self.layouts[n] for n in one.family.tables)
                    made = True
                reading.keep(decoded, self.staging)
                self.told(decoded.place)
                if refused is not None:
                    raise refused
            reading.check(self.staging)

    def _begin(self, one: Wanted, mark: str) -> None:
        """Set out for the family's lists, unless they were begun before."""
        family, staging = one.family, self.staging
        places = staging.places(family.name)
        hows = {name: (mark, how) for name, (how, _) in one.how.items()}
        if {name: (p.layout, p.how) for name, p in places.items()} != hows:
            staging.drop(family.name, family.tables)
            with staging.database:
                for step in family.steps:
                    how, since = one.how[step.name]
                    begun = (family.name, step.name, one.run, mark)
                    staging.save(Place(*begun, how, one.started, since))

    def _readings(self, one: Wanted, steps: Sequence[Step]) -> Iterator[Reading]:
        """A reading for each list that is not read to its end, one after the other."""
        family, staging = one.family, self.staging
        places = staging.places(family.name)
        for step in steps:
            before = family.steps[: family.steps.index(step)]
            earlier = [
                b.table
                for s in before
                for b in s.brings
                if b.table in family.shelves or self.layouts[b.table].owner
            ]
            reading = Reading(
                step,
                places[step.name],
                self.layouts,
                self.client,
                self.meter,
                one.parents,
                tuple(earlier),
                self.hides,
                self.known.get(step.name) if staging.is_short else None,
                [
                    other.name
                    for other in family.steps
                    if other.brings[0] == step.brings[0] and other is not step
                ],
            )
            if not reading.place.complete:
                yield reading
            else:
                staging.save(reading.place)

    def _mark(self, one: Wanted) -> str:
        """What staged rows have to agree with to be of use."""
        names = one.family.tables
        layouts = [self.layouts[name].stored for name in names]
        steps = [(s.name, str(s.endpoint), str(s.newest)) for s in one.family.steps]
        how = [layouts, steps, self.left_out, list(one.parents)]
        told = msgspec.json.encode(how)
        return hashlib.sha256(told).hexdigest()


def _ends_all(error: Error) -> bool:
    """Whether no other family could be read either."""
    if isinstance(error, Refused):
        return error.status == 401
    return isinstance(error, BudgetExceeded | DailyBudgetSpent | Blocked)
