"""Whatever the network does, Pipedrive never counts more than a window allows.

Requests of simulated seconds: each is counted at some moment between its sending and
its answer, and the count is Pipedrive's, not ours.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pipedrive_sql.client.window import LONGEST, LONGEST_PAUSE, Held, Rule, Window

SECONDS = 2.0


@dataclass
class Pipedrive:
    """Counts requests as it is documented: rolling, for each token."""

    limit: int
    searches: int = 10
    counted: list[tuple[float, bool]] = field(default_factory=list)
    refused: int = 0

    def ask(self, now: float, search: bool = False, *, ours: bool = True) -> int | None:
        """What is left in the window; None for a 429."""
        recent = [s for moment, s in self.counted if moment > now - SECONDS]
        if len(recent) >= self.limit or (search and sum(recent) >= self.searches):
            self.refused += ours
            return None
        self.counted.append((now, search))
        return self.limit - len(recent) - 1


@dataclass(frozen=True)
class Way:
    """What becomes of a request: seconds until it is counted, and until its answer."""

    there: float
    back: float
    search: bool = False


@dataclass
class Run:
    """Requests that go through a window, each as soon as it may."""

    pipedrive: Pipedrive
    hears: bool = True
    window: Window = field(default_factory=Window)
    now: float = 1000.0

    def __post_init__(self) -> None:
        self.rule = Rule(self.pipedrive.limit, "", self.pipedrive.searches, SECONDS)
        self.events: list[tuple[float, int, Callable[[], object]]] = []
        self.order = count()

    def at(self, moment: float, what: Callable[[], object]) -> None:
        heapq.heappush(self.events, (moment, next(self.order), what))

    def go(self, ways: Iterable[Way]) -> float:
        """Send them all, again where they are refused; the seconds it takes."""
        began, waiting = self.now, deque(ways)

        def ask() -> None:
            if not waiting:
                return
            found = self.window.enter(self.rule, "", waiting[0].search, self.now)
            if isinstance(found, Held):
                way = waiting.popleft()
                self.at(self.now + way.there, partial(counted, way, found))
                self.at(self.now, ask)
            else:
                assert 0 < found.seconds <= LONGEST_PAUSE
                self.at(self.now + found.seconds, ask)

        def counted(way: Way, held: Held) -> None:
            left = self.pipedrive.ask(self.now, way.search)
            self.at(self.now + way.back, partial(answered, way, held, left))

        def answered(way: Way, held: Held, left: int | None) -> None:
            self.window.leave(self.rule, held.number, True, self.now)
            if left is None:
                self.window.refuse(self.rule, held, None, self.now)
                waiting.append(way)
                self.at(self.now, ask)
            if self.hears:
                limit = self.pipedrive.limit
                self.window.hear(self.rule, held, limit, left or 0, self.now)

        self.at(self.now, ask)
        while self.events:
            self.now, _, what = heapq.heappop(self.events)
            what()
        return self.now - began


seconds = some.one_of(
    some.sampled_from([0.0, 0.001, 0.15, 1.0, 1.999, 2.0, 2.001, 5.0]),
    some.floats(0, 10, allow_nan=False),
)
ways = some.lists(
    some.builds(Way, seconds, seconds, search=some.booleans()), min_size=1, max_size=80
)


@settings(deadline=None)
@given(ways, some.integers(1, 25), some.booleans())
def test_never_more_than_the_window_allows(
    ways: list[Way], limit: int, hears: bool
) -> None:
    run = Run(Pipedrive(limit), hears)
    run.go(ways)
    assert (run.pipedrive.refused, len(run.pipedrive.counted)) == (0, len(ways))


@settings(deadline=None)
@given(ways)
def test_one_alone_sees_no_other_program(ways: list[Way]) -> None:
    run = Run(Pipedrive(15))
    run.go(ways)
    assert (run.window.all.others, run.window.search.others) == (0, 0)


@pytest.mark.parametrize("limit", [20, 120, 480])
def test_the_limit_is_made_use_of(limit: int) -> None:
    run = Run(Pipedrive(limit))
    took = run.go(Way(0.07, 0.08) for _ in range(2000))
    least = (ceil(2000 / limit) - 1) * SECONDS
    assert least <= took <= least / 0.9
    assert run.pipedrive.refused == 0


def test_searches_have_a_window_of_their_own_and_count_in_the_other() -> None:
    run = Run(Pipedrive(20))
    took = run.go(Way(0.0, 0.0, search=n % 2 == 0) for n in range(200))
    assert 9 * SECONDS <= took <= 9.1 * SECONDS
    assert run.pipedrive.refused == 0


@pytest.mark.parametrize("theirs", [5, 15, 30])
def test_another_program_is_made_room_for(theirs: int) -> None:
    """It is seen by what answers say is left, and by the first that are refused."""
    run = Run(Pipedrive(40))
    for n in range(theirs * 20):
        moment = run.now + n * SECONDS / theirs
        run.at(moment, lambda: run.pipedrive.ask(run.now, ours=False))
    run.go(Way(0.05, 0.05) for _ in range(400))
    assert 0 < run.pipedrive.refused <= theirs
    assert run.window.all.others >= theirs // 2


def ruled(limit: int) -> Rule:
    return Rule(limit, "", 10, SECONDS)


def entered(window: Window, rule: Rule, now: float, owner: str = "") -> Held:
    found = window.enter(rule, owner, False, now)
    assert isinstance(found, Held)
    return found


def full(window: Window, rule: Rule, now: float) -> bool:
    return not isinstance(window.enter(rule, "", False, now), Held)


def test_a_request_without_an_answer_keeps_its_place_for_longer() -> None:
    window, rule = Window(), ruled(1)
    held = entered(window, rule, 100.0)
    window.leave(rule, held.number, False, 101.0)
    assert full(window, rule, 104.9)
    entered(window, rule, 105.1)


@pytest.mark.parametrize(
    ("told", "pause"), [(3.0, 3.0), (None, 2.0), (1e9, 10.0), (-1.0, 0.1)]
)
def test_a_refusal_holds_everybody_as_long_as_it_says_but_not_for_ever(
    told: float | None, pause: float
) -> None:
    window, rule = Window(), ruled(5)
    held = entered(window, rule, 100.0)
    window.leave(rule, held.number, True, 100.0)
    window.refuse(rule, held, told, 100.0)
    assert full(window, rule, 100.0)
    assert full(window, rule, 99.99 + pause)
    entered(window, rule, 100.01 + pause)


def test_what_was_noted_before_the_machine_started_counts_no_more() -> None:
    window, rule = Window(), ruled(1)
    held = entered(window, rule, 1e6)
    window.refuse(rule, held, 10.0, 1e6)
    entered(window, rule, 30.0)


def test_a_process_that_has_ended_gives_its_places_back() -> None:
    window, rule = Window(), ruled(2)
    for owner in ("one", "two"):
        entered(window, rule, 100.0, owner)
    assert full(window, rule, 105.0)
    window.abandon("one", rule, 105.0)
    assert full(window, rule, 108.9)
    entered(window, rule, 109.1, "two")
    assert full(window, rule, 100.0 + LONGEST - 1)
