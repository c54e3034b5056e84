"""The requests of one token in a rolling window: never more than its limit.

Pipedrive counts a request at some moment between its sending and the head of its
answer, which tells what is left. So its place is held from before it is sent until the
window's length after that head: then at whatever moment Pipedrive counts one, all that
it counts with it hold a place too, and places are never more than the limit.

Moments are seconds of time.monotonic(), which all processes of a machine share.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

LONGEST = 180.0  # seconds; no request is under way for longer
LONGEST_PAUSE = 10.0  # seconds, whatever an answer says; the window is 2
_SHORTEST_PAUSE = 0.1
_LOOK_AGAIN = 0.05  # seconds
_SLACK = 0.01  # seconds; clocks do not go alike
_REMEMBERED = 5  # windows; another program that has asked will go on


class Held(msgspec.Struct, array_like=True):
    """The place of one request: of which process, and until when.

    `beside` are the places that there were then, this one included, less all that had
    ever been given out; `searching` is the same of searches alone.
    """

    number: int
    owner: str
    search: bool
    until: float
    beside: int
    searching: int
    under_way: bool = True
    refused: bool = False


class Crowd(msgspec.Struct, array_like=True):
    """Requests of one sort: those given a place ever, and those of other programs.

    Of these `others` is the most seen in a window of the time up to `until`, `before`
    the most of an equal time before it.
    """

    given: int = 0
    others: int = 0
    before: int = 0
    until: float = 0.0

    def strangers(self, now: float, remembered: float) -> int:
        """Requests of other programs that are likely to be in a window."""
        if now < self.until:
            return max(self.others, self.before)
        return self.others if now < self.until + remembered else 0

    def seen(self, others: int, now: float, remembered: float) -> None:
        """An answer tells of so many requests of other programs, at the least."""
        if now >= self.until:
            self.before = self.strangers(now, remembered)
            self.others, self.until = 0, now + remembered
        self.others = max(self.others, others)


@dataclass(frozen=True, slots=True)
class Rule:
    """How many requests may be in a window of so many seconds, and who says so.

    Unless it is `settled`, the next answer may tell another limit.
    """

    limit: int
    basis: str
    searches: int
    seconds: float
    searches_count_twice: bool = True
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Wait:
    """No place: seconds after which to ask again, and what is waited for."""

    seconds: float
    why: str


class Window(msgspec.Struct):
    """Requests under way and those that still count.

    `told` is the limit as answers tell it, at a time in seconds since 1970; `untold`
    says that one came which did not. `most` is what is assumed at the most since more
    was refused.
    """

    places: list[Held] = []
    all: Crowd = msgspec.field(default_factory=Crowd)
    search: Crowd = msgspec.field(default_factory=Crowd)
    paused: float = 0.0
    told: int | None = None
    told_at: float = 0.0
    untold: bool = False
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
        if search and self.searching(rule, now) >= rule.searches:
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
        """The answer begins, or never will; None for a place given up before."""
        for held in self.places:
            if held.number == number:
                held.under_way = False
                # What was not answered may reach Pipedrive yet.
                stays = rule.seconds * (1 if answered else 2)
                held.until = now + stays + _SLACK
                return held
        return None

    def hear(self, rule: Rule, held: Held, limit: int, left: int, now: float) -> None:
        """The answer says of the window: its limit, and what is left.

        What is used beyond our own requests is used by other programs.
        """
        uncounted = [p for p in self.places if p.refused]
        used, remembered = limit - left, _REMEMBERED * rule.seconds
        if held.search and limit <= rule.searches:
            most = self.search.given + held.searching - sum(p.search for p in uncounted)
            self.search.seen(used - most, now, remembered)
        else:
            most = self.all.given + held.beside - len(uncounted)
            self.all.seen(used - most, now, remembered)

    def refuse(
        self, rule: Rule, held: Held | None, seconds: float | None, now: float
    ) -> None:
        """The answer was 429: no request for as long as it says."""
        if held is not None:
            held.refused = True
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
        # Another process may have looked at the clock a little later.
        latest = now + 2 * LONGEST
        self.places = [p for p in self.places if now < p.until < latest]
        for crowd in (self.all, self.search):
            if crowd.until > latest:
                crowd.until = crowd.others = 0
        if self.paused > latest:
            self.paused = 0.0

    def used(self, rule: Rule, now: float) -> int:
        """Places that are taken, those of other programs included."""
        twice = rule.searches_count_twice
        mine = sum(twice or not p.search for p in self.places)
        return mine + self._others(self.all, rule.limit, rule, now)

    def searching(self, rule: Rule, now: float) -> int:
        """Places of searches that are taken."""
        mine = sum(p.search for p in self.places)
        return mine + self._others(self.search, rule.searches, rule, now)

    def _others(self, crowd: Crowd, limit: int, rule: Rule, now: float) -> int:
        # One at least is asked, or nobody would learn that the others have gone.
        return min(crowd.strangers(now, _REMEMBERED * rule.seconds), limit - 1)

    def _wait(self, rule: Rule, crowd: Crowd, what: str, now: float) -> Wait:
        """Until a place can be free; one that is taken now has its window to go."""
        kind = [p for p in self.places if p.search or crowd is self.all]
        ends = [p.until for p in kind if not p.under_way]
        if not rule.settled and len(ends) < len(kind):
            ends.append(now + _LOOK_AGAIN)
        others = crowd.strangers(now, _REMEMBERED * rule.seconds)
        if others:
            what += f", of which another program takes {others}"
        return Wait(max(min(ends, default=now + rule.seconds) - now, 0.001), what)
