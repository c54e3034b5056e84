"""Families read at the same time, each of them list after list."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import msgspec

from ..catalog.rows import Row
from ..client.transport import Client
from ..client.usage import Meter
from ..errors import Blocked, BudgetExceeded, DailyBudgetSpent, Error, Refused
from ..store.answers import Key
from .families import Family
from .layout import Layout
from .reading import Asked, Reading
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
    before they are stored. Afterwards `failed` has the error of each family that
    could not be read to its end.
    """

    layouts: Mapping[str, Layout]
    staging: Staging
    client: Client
    meter: Meter
    jobs: int
    told: Callable[[Place], None]
    hides: Callable[[str, Sequence[str]], Callable[[Row], Row] | None]
    failed: dict[str, Error] = field(default_factory=dict)

    def run(self, wanted: Sequence[Wanted]) -> None:
        """Read these families; what is staged of them is not asked for again."""
        waiting = deque((one, self._readings(one)) for one in wanted)
        pool = ThreadPoolExecutor(self.jobs)
        active: dict[Future[Asked], tuple[Wanted, Iterator[Reading], Reading]] = {}

        def start(one: Wanted, readings: Iterator[Reading]) -> None:
            reading = next(readings, None)
            if reading is not None:
                active[pool.submit(reading.ask)] = one, readings, reading

        try:
            while waiting or active:
                while waiting and len(active) < self.jobs:
                    start(*waiting.popleft())
                done = wait(active, timeout=1, return_when=FIRST_COMPLETED).done
                for asked in done:
                    one, readings, reading = active.pop(asked)
                    try:
                        decoded = reading.decode(asked.result())
                        more = not decoded.place.complete
                        if more:
                            active[pool.submit(reading.ask)] = one, readings, reading
                        reading.keep(decoded, self.staging)
                        self.told(decoded.place)
                        if not more:
                            reading.check(self.staging)
                            start(one, readings)
                    except Error as error:
                        if reading.is_outdated(error):
                            reading.keep(reading.begin(), self.staging)
                            active[pool.submit(reading.ask)] = one, readings, reading
                            continue
                        self.failed[one.family.name] = error
                        if _ends_all(error):
                            waiting.clear()
        finally:
            # Ctrl-C does not wait for answers; their pages are asked for again.
            pool.shutdown(wait=False, cancel_futures=True)

    def _readings(self, one: Wanted) -> Iterator[Reading]:
        """A reading for each list that is not read to its end, one after the other."""
        family, staging = one.family, self.staging
        mark = self._mark(one)
        places = staging.places(family.name)
        hows = {name: (mark, how) for name, (how, _) in one.how.items()}
        if {name: (p.layout, p.how) for name, p in places.items()} != hows:
            staging.drop(family.name, family.tables)
            with staging.database:
                staging.begin(self.layouts[name] for name in family.tables)
                for step in family.steps:
                    how, since = one.how[step.name]
                    begun = (family.name, step.name, one.run, mark)
                    staging.save(Place(*begun, how, one.started, since))
            places = staging.places(family.name)
        earlier: list[str] = []
        for step in family.steps:
            reading = Reading(
                step,
                places[step.name],
                self.layouts,
                self.client,
                self.meter,
                one.parents,
                tuple(earlier),
                self.hides,
            )
            if not reading.place.complete:
                yield reading
            else:
                staging.save(reading.place)
            earlier += [b.table for b in step.brings if b.table in family.shelves]

    def _mark(self, one: Wanted) -> str:
        """What staged rows have to agree with to be of use."""
        names = one.family.tables
        layouts = [self.layouts[name].create("main", {}) for name in names]
        steps = [(s.name, str(s.endpoint), str(s.newest)) for s in one.family.steps]
        told = msgspec.json.encode([layouts, steps, list(one.parents)])
        return hashlib.sha256(told).hexdigest()


def _ends_all(error: Error) -> bool:
    """Whether no other family could be read either."""
    if isinstance(error, Refused):
        return error.status == 401
    return isinstance(error, BudgetExceeded | DailyBudgetSpent | Blocked)
