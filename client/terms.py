"""What one account may do, by its plan and by what is known of it at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from time import time

from ..errors import InterfaceError
from .account import Account
from .day import Left, believed_until, day_of, end, left
from .halts import blocked, kept, spent
from .ledger_file import Page
from .plans import LOWEST, Assumed, Plan, budget, burst, next_lower
from .quota import Quota
from .window import Rule, Window

_BELIEVED = 86_400.0  # seconds; a company may change its plan


@dataclass(frozen=True, slots=True)
class Terms:
    """`plan` and `seats` are what a user says, `reserve` is the part of the day's
    budget that is kept for other programs. Raises InterfaceError for what cannot be.
    """

    account: Account
    plan: Plan | None
    seats: int | None
    reserve: float
    assumed: Assumed

    def __post_init__(self) -> None:
        if self.seats is not None and self.seats < 1:
            raise InterfaceError(f"seats={self.seats}: a company has one at least.")
        if not 0 <= self.reserve < 1:
            raise InterfaceError(
                f"reserve={self.reserve} is no part of the day's budget. It is 0 for "
                "none, 0.1 for a tenth, and less than 1."
            )

    def unlimited(self, window: Window) -> bool:
        """A sandbox has a window only if its answers or plan= say so."""
        return self.account.local and window.untold and self.plan is None

    def rule(self, window: Window) -> Rule:
        """How many requests may be in the window."""
        assumed, plan = self.assumed, self.plan or LOWEST
        limit = burst(plan, self.account.credentials.kind)
        basis = f"the limit of {plan.name.capitalize()}"
        told = window.told is not None and abs(time() - window.told_at) < _BELIEVED
        if window.told is not None and told:
            limit, basis = window.told, "the limit that Pipedrive tells"
        elif window.most is not None and window.most < limit:
            limit, basis = window.most, "as Pipedrive has refused more"
        elif self.plan is None:
            basis += ", the lowest plan, until Pipedrive or plan= tells another"
        return Rule(
            limit,
            basis,
            assumed.searches,
            assumed.seconds,
            assumed.searches_count_twice,
            settled=told or window.untold,
        )

    def lower(self, rule: Rule) -> int:
        """The limit to assume where this one was refused."""
        return next_lower(rule.limit, self.account.credentials.kind)

    def refuse(
        self,
        page: Page,
        tokens: int,
        now: datetime,
        path: str = "",
        *,
        essential: bool = False,
    ) -> None:
        """Raise the error that says why so many tokens may not be spent, if so.

        They are a request's with this path, else a statement's at the least.
        """
        if 0 < page.company.blocked - time() <= self.assumed.blocked:
            raise blocked(page.company.blocked)
        known = self.left(page, now)
        if known.told is not None and page.day.remaining == 0:
            raise spent(known.told, now, self.assumed)
        reserved = known.reserved(self.reserve)
        # Without a reserve the last request may take more than is left.
        if essential or (path and not reserved):
            return
        if known.remaining is None or known.budget is None:
            return
        if known.remaining < reserved + tokens:
            raise kept(known, tokens, reserved, path, end(now, self.assumed))

    def room(self, page: Page, now: datetime) -> int | None:
        """API tokens that may be spent, None where that is not known."""
        known = self.left(page, now)
        if known.remaining is None or known.budget is None:
            return None
        return max(known.remaining - known.reserved(self.reserve), 0)

    def left(self, page: Page, now: datetime) -> Left:
        """What is left of the day, if that can be believed yet."""
        known = self._told(page)
        told = known.told
        old = told is not None and now >= believed_until(told, self.assumed)
        return Left() if old else known

    def quota(self, page: Page, company: str, now: datetime, moment: float) -> Quota:
        """All of it; `moment` is of time.monotonic()."""
        known, window = self._told(page), page.window
        window.expire(moment)
        rule, unlimited = self.rule(window), self.unlimited(window)
        until = page.company.blocked
        return Quota(
            company=company,
            day=day_of(now, self.assumed),
            spent=page.day.spent,
            requests=page.day.requests,
            left=known,
            reserved=None if known.budget is None else known.reserved(self.reserve),
            renewed=end(now, self.assumed),
            blocked_until=_moment(until) if until > time() else None,
            seconds=rule.seconds,
            burst=None if unlimited else rule.limit,
            burst_used=window.used(rule, moment),
            burst_basis="this sandbox has none" if unlimited else rule.basis,
            searches=None if unlimited else rule.searches,
            searches_used=window.searching(rule, moment),
        )

    def _told(self, page: Page) -> Left:
        planned = None
        if self.plan is not None and self.seats is not None:
            planned = budget(self.plan, self.seats)
        return left(page.day, page.company.budget, planned)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
