"""The limits of a plan: requests in a moment, and API tokens in a day.

Numbers are those of the rate limiting page (core-api-concepts-rate-limiting); what it
leaves open is in Switches.
"""

from __future__ import annotations

import math
import time
from collections import deque
from datetime import date, timedelta
from typing import Literal

from .company import Company
from .endpoint import Endpoint
from .refusal import blocked, out_of_tokens, too_many
from .switches import Switches

Plan = Literal["lite", "growth", "premium", "ultimate"]
WINDOW = 2.0  # seconds, rolling
SEARCHES = 10  # in a window, on every plan
TOKENS = 30_000  # a day, for each seat of the cheapest plan

# By plan: requests in a window with an API token and by OAuth, and what a seat has of
# TOKENS.
PLANS: dict[str, tuple[int, int, int]] = {
    "lite": (20, 80, 1),
    "growth": (40, 160, 2),
    "premium": (100, 400, 5),
    "ultimate": (120, 480, 7),
}
_SEARCHES = (
    *("/itemSearch", "/itemSearch/field", "/deals/search", "/leads/search"),
    *("/organizations/search", "/persons/search", "/products/search"),
)
_PATIENCE = 10.0  # seconds within which 429s are counted together


class Limits:
    """What each token has asked of late, and the company today.

    Without `plan` there is no limit in a moment, and none for the day unless `tokens`
    is one. `window` is in seconds.
    """

    def __init__(
        self,
        company: Company,
        switches: Switches,
        plan: Plan | None = None,
        seats: int = 1,
        tokens: int | None = None,
        window: float = WINDOW,
    ) -> None:
        if plan is not None and plan not in PLANS:
            raise ValueError(f"{plan!r} is no plan: {', '.join(PLANS)}")
        if seats < 1:
            raise ValueError("seats are at least 1")
        self.plan = plan
        self.tokens = tokens
        if plan is not None and tokens is None:
            self.tokens = TOKENS * PLANS[plan][2] * seats
        self.window = window
        self._company = company
        self._switches = switches
        self._callers: dict[str, _Caller] = {}
        self._spent = 0
        self._day = self._today()
        self._answers = 0

    def reset(self) -> None:
        """Nobody has asked anything yet."""
        self._callers.clear()
        self._spent = 0

    @property
    def spent(self) -> int:
        """API tokens of today."""
        if (today := self._today()) != self._day:
            self._day, self._spent = today, 0
        return self._spent

    def enter(self, token: str, oauth: bool, endpoint: Endpoint | None) -> None:
        """Count a request. Raises Refusal: 429, or the page of a blocked client."""
        caller = self._callers.setdefault(token, _Caller(oauth))
        now = time.monotonic()
        if now < caller.blocked_until:
            raise blocked()
        if self.plan is not None:
            self._count(caller, endpoint, now)
        if endpoint is None:
            return
        if self.tokens is not None and self.spent >= self.tokens:
            self._note(caller, now)
            raise out_of_tokens()
        self._spent = self.spent + endpoint.price

    def headers(self, token: str | None) -> dict[str, str]:
        """What an answer to this token (None: to none) tells of the limits."""
        found: dict[str, str] = {}
        self._answers += 1
        caller = self._callers.get(token or "")
        if caller and self.plan is not None and self._switches.window_is_told:
            now = time.monotonic()
            most = PLANS[self.plan][caller.oauth]
            found["x-ratelimit-limit"] = str(most)
            found["x-ratelimit-remaining"] = str(max(most - len(caller.requests), 0))
            found["x-ratelimit-reset"] = str(self._reset(caller.requests, now))
        told = self._switches.day_is_told
        if self.tokens is not None and (
            told == "always" or (told == "now and then" and self._answers % 2)
        ):
            left = max(self.tokens - self.spent, 0)
            found["x-daily-ratelimit-token-limit"] = str(self.tokens)
            found["x-daily-ratelimit-token-remaining"] = str(left)
        return found

    def _count(self, caller: _Caller, endpoint: Endpoint | None, now: float) -> None:
        """Let the request into its windows, or raise 429."""
        assert self.plan is not None
        switches = self._switches
        searches = endpoint is not None and (
            endpoint.path in _SEARCHES
            or (switches.projects_search_is_one and endpoint.path == "/projects/search")
        )
        for times in (caller.requests, caller.searches):
            while times and times[0] <= now - self.window:
                times.popleft()
        full = []
        if not searches or switches.searches_are_requests:
            full.append((caller.requests, PLANS[self.plan][caller.oauth]))
        if searches:
            full.append((caller.searches, SEARCHES))
        over = [times for times, most in full if len(times) >= most]
        if not over or switches.refused_requests_count:
            for times, _ in full:
                times.append(now)
        if over:
            self._note(caller, now)
            wait = max(self._reset(times, now) for times in over)
            raise too_many(wait if switches.retry_after_is_told else None, switches)

    def _reset(self, times: deque[float], now: float) -> int:
        """Whole seconds until the oldest of them leaves the window."""
        left = times[0] + self.window - now if times else 0.0
        return max(math.ceil(left), 1)

    def _note(self, caller: _Caller, now: float) -> None:
        """One 429 more: too many of them, and the client is blocked."""
        refused = caller.refused
        refused.append(now)
        while refused[0] < now - _PATIENCE:
            refused.popleft()
        most = self._switches.blocked_after
        if most is not None and len(refused) >= most and not caller.oauth:
            refused.clear()
            caller.blocked_until = now + self._switches.blocked_seconds

    def _today(self) -> date:
        ends = timedelta(hours=self._switches.day_ends_at)
        return (self._company.now - ends).date()


class _Caller:
    """One token: the moments of its requests, of its searches, and of its 429s."""

    def __init__(self, oauth: bool) -> None:
        self.oauth = oauth
        self.requests: deque[float] = deque()
        self.searches: deque[float] = deque()
        self.refused: deque[float] = deque()
        self.blocked_until = 0.0
