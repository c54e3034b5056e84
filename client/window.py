"""The requests of one token in a rolling window: never more than its limit.

Pipedrive counts a request at some moment between its sending and its answer. So its
place is held from before it is sent until the window's length after its answer: then
at whatever moment Pipedrive counts one, all others that it counts with it hold a place
too, and places are never more than the limit.

Moments are seconds of time.monotonic(), which all processes of a machine share.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

LONGEST = 180.0  # seconds; no request is under way for longer
LONGEST_PAUSE = 10.0  # seconds, whatever an answer says; the window is 2
_SHORTEST_PAUSE = 0.1
_SLACK = 0.01  # seconds; clocks do not go alike


class Held(msgspec.Struct, array_like=True):
    """The place of one request: of which process, and until when.

    `beside` and `searching` are how many places there were more than had ever been
    given out when this one was, of all requests and of searches.
    """

    number: int
    owner: str
    search: bool
    until: float
    beside: int
    searching: int
    under_way: bool = True


class Crowd(msgspec.Struct, array_like=True):
    """Requests of one sort: those given a place ever, and those of other programs."""

    given: int = 0
    others: int = 0
    others_until: float = 0.0

    def strangers(self, now: float) -> int:
        """Requests of other programs that Pipedrive may still count."""
        return self.others if self.others_until > now else 0

    def seen(self, others: int, until: float, now: float) -> None:
        """An answer tells of so many requests of other programs, at the least."""
        if others >= self.strangers(now):
            self.others, self.others_until = max(others, 0), until


@dataclass(frozen=True, slots=True)
class Rule:
    """How many requests may be in a window of so many seconds, and who says so."""

    limit: int
    basis: str
    searches: int
    seconds: float
    searches_count_twice: bool = True


@dataclass(frozen=True, slots=True)
class Wait:
    """No place: seconds after which to ask again, and what is waited for."""

    seconds: float
    why: str


class Window(msgspec.Struct):
    """Requests under way and those that still count.

    `told` is the limit as answers tell it, at a time in seconds since 1970; `most` is
    what is assumed at the most since more was refused.
    """

    places: list[Held] = []
    all: Crowd = msgspec.field(default_factory=Crowd)
    search: Crowd = msgspec.field(default_factory=Crowd)
    paused: float = 0.0
    told: int | None = None
    told_at: float = 0.0
    most: int | None = None

    def enter(self, rule: Rule, owner: str, search: bool, now: float) -> Held | Wait:
        """A place for a request that is about to be sent."""
        self.expire(now)
        if self.paused > now:
            return Wait(self.paused - now, "the time that Pipedrive's 429 asks for")
        if not search or rule.searches_count_twice:
            used = self.used(rule, now)
            if used >= rule.limit:
                what = f"{rule.limit} requests in {rule.seconds:g} s, {rule.basis}"
                return self._wait(rule, self.all, what, now)
        if search and self.searching(now) >= rule.searches:
            what = f"{rule.searches} searches in {rule.seconds:g} s, on every plan"
            return self._wait(rule, self.search, what, now)
        self.all.given += 1
        self.search.given += search
        held = Held(self.all.given, owner, search, now + LONGEST, 0, 0)
        self.places.append(held)
        held.beside = len(self.places) - self.all.given
        held.searching = sum(p.search for p in self.places) - self.search.given
        return held

    def leave(self, rule: Rule, number: int, answered: bool, now: float) -> Held | None:
        """The answer has come, or never will; None for a place given up before."""
        for held in self.places:
            if held.number == number:
                held.under_way = False
                # What was not answered may reach Pipedrive yet.
                stays = rule.seconds * (1 if answered else 2)
                held.until = now + stays + _SLACK
                return held
        return None

    def hear(self, rule: Rule, held: Held, limit: int, left: int, now: float) -> None:
        """What the answer's headers say of the window: its limit, and what is left."""
        used = limit - left
        until = now + rule.seconds + _SLACK
        if held.search and limit <= rule.searches:
            ours = self.search.given + held.searching
            self.search.seen(used - ours, until, now)
        else:
            ours = self.all.given + held.beside
            self.all.seen(used - ours, until, now)

    def refused(self, seconds: float | None, rule: Rule, now: float) -> None:
        """An answer was 429: no request for as long as it says."""
        told = rule.seconds if seconds is None else seconds
        pause = min(max(told, _SHORTEST_PAUSE), LONGEST_PAUSE)
        self.paused = max(self.paused, now + pause)

    def abandon(self, owner: str, rule: Rule, now: float) -> None:
        """The process that had these places has ended."""
        for held in self.places:
            if held.owner == owner and held.under_way:
                self.leave(rule, held.number, False, now)

    def expire(self, now: float) -> None:
        """Drop what counts no more, and what was noted before the machine started."""
        self.places = [p for p in self.places if now < p.until <= now + LONGEST]
        for crowd in (self.all, self.search):
            if crowd.others_until > now + LONGEST:
                crowd.others_until = 0.0
        if self.paused > now + LONGEST_PAUSE:
            self.paused = 0.0

    def used(self, rule: Rule, now: float) -> int:
        """Places that are taken, those of other programs included."""
        if rule.searches_count_twice:
            return len(self.places) + self.all.strangers(now)
        return sum(not p.search for p in self.places) + self.all.strangers(now)

    def searching(self, now: float) -> int:
        """Places of searches that are taken."""
        return sum(p.search for p in self.places) + self.search.strangers(now)

    def _wait(self, rule: Rule, crowd: Crowd, what: str, now: float) -> Wait:
        """Until a place can be free; one that is taken now has its window to go."""
        kind = [p for p in self.places if p.search or crowd is self.all]
        ends = [p.until for p in kind if not p.under_way]
        if crowd.strangers(now):
            ends.append(crowd.others_until)
            what += f"; {crowd.strangers(now)} of them are another program's"
        return Wait(max(min(ends, default=now + rule.seconds) - now, 0.001), what)
