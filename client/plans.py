"""What Pipedrive's plans allow: requests in a moment, API tokens in a day.

Source: https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting, with the
names that plans had before.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from ..errors import InterfaceError
from .credentials import Kind

TOKENS_A_SEAT = 30_000  # a day, times the plan's multiplier

_OAUTH = 4  # times as many requests as with an API token


@dataclass(frozen=True, slots=True)
class Plan:
    """`burst` are the requests of an API token in a window of two seconds."""

    name: str
    multiplier: int
    burst: int


PLANS = {
    plan.name: plan
    for plan in (
        Plan("lite", 1, 20),
        Plan("growth", 2, 40),
        Plan("premium", 5, 100),
        Plan("ultimate", 7, 120),
        Plan("essential", 1, 20),
        Plan("advanced", 2, 40),
        Plan("professional", 3, 80),
        Plan("power", 5, 100),
        Plan("enterprise", 7, 120),
    )
}
LOWEST = PLANS["lite"]


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is not documented, or is no more than likely, and what is taken for true."""

    seconds: float = 2.0
    """How long a request counts; documented."""

    searches: int = 10
    """Searches of a token in a window, on every plan; documented."""

    searches_count_twice: bool = True
    """A search also counts as a request among all others."""

    projects_search_is_one: bool = True
    """The search for projects, which is younger than the limit, counts as a search."""

    day_begins: int = 0
    """The hour, in UTC, at which the day of the budget begins."""

    day_may_begin_at_any_hour: bool = True
    """What was told of the budget is believed until the next full hour only, as the
    day could begin then; else until `day_begins`."""

    blocked: float = 900.0
    """For how many seconds nothing is sent after Pipedrive has blocked the client."""

    def is_search(self, path: str) -> bool:
        """Whether a path ("/api/v2/deals/search") is one of the searches."""
        if path.endswith("/projects/search"):
            return self.projects_search_is_one
        return path.endswith("/search") or "/itemSearch" in path


def plan_of(name: str) -> Plan:
    """The plan of this name. Raises InterfaceError if there is none."""
    found = PLANS.get(name.strip().lower())
    if found is None:
        near = get_close_matches(name.lower(), PLANS, 1)
        hint = f" Do you mean {near[0]}?" if near else ""
        raise InterfaceError(
            f"Pipedrive has no plan {name!r}.{hint} Its plans are {', '.join(PLANS)}."
        )
    return found


def burst(plan: Plan, kind: Kind) -> int:
    """Requests in a window."""
    return plan.burst * (_OAUTH if kind == "oauth" else 1)


def budget(plan: Plan, seats: int) -> int:
    """API tokens of the company in a day, top-ups apart."""
    return TOKENS_A_SEAT * plan.multiplier * seats


def next_lower(limit: int, kind: Kind) -> int:
    """The limit of the next lower plan; the lowest has its own."""
    known = sorted(burst(plan, kind) for plan in PLANS.values())
    return max((n for n in known if n < limit), default=known[0])
