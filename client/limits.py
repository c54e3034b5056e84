"""How much may be asked: in a moment, and today.

Requests wait for a place in the window of their token, so that Pipedrive never has to
say 429, and they are refused where the company's budget for the day is spent, kept for
others, or Pipedrive has blocked the client. What is known is in the ledger.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import count
from pathlib import Path
from threading import Lock
from time import monotonic, sleep, time
from typing import TypeVar
from urllib.parse import urlsplit

from ..errors import OperationalError, RequestError
from .account import Account
from .day import day_of
from .halts import blocked, spent
from .ledger import Busy, joined, parted
from .ledger_file import Page
from .plans import Assumed, plan_of
from .quota import Quota
from .terms import Terms
from .told import Told
from .window import Held, Rule, Wait, Window

RESERVE = 0.1  # of the day's budget, unless told

_MOMENT = 0.003  # seconds until another process has let go of the ledger
_PATIENCE = 300  # moments
_SKEW = 5.0  # seconds; less is the time that answers take
_ANY_COMPANY = "api.pipedrive.com"

_clients = count(1)
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Place:
    """Where `wait` is 0.0, the request may be sent; else it has to ask again after so
    many seconds, and `why` says in words what it waits for.
    """

    wait: float
    why: str = ""
    number: int = 0
    price: int = 0
    day: str = ""
    silent: int = 0
    moment: float = 0.0


class Limits:
    """The limits of one account, as one of its clients has to keep them.

    Windows are shared by all clients of the process with the same token, and through
    the ledger by all processes of the machine; so is the day by all of a company. Safe
    to use from several threads. `token` names the token, and tells nothing of it;
    `notice` says what a user should know of the ledger.
    """

    def __init__(
        self,
        account: Account,
        plan: str | None = None,
        seats: int | None = None,
        reserve: float = RESERVE,
        folder: Path | None = None,
        assumed: Assumed | None = None,
    ) -> None:
        """`folder` is where the ledger is, None for this process alone.

        Raises InterfaceError for what cannot be.
        """
        self._assumed = assumed or Assumed()
        named = plan_of(plan) if plan else None
        self._terms = Terms(account, named, seats, reserve, self._assumed)
        self._folder = folder
        self.token = _token(account)
        self._name = _company(account, self.token)
        # Without a file, what a sandbox says of its day is for one client alone.
        self._company = self._name if folder else f"{self._name} {next(_clients)}"
        self._ledger = joined(folder)
        self._late: deque[Callable[[], None]] = deque()
        self._settling = Lock()
        self._closed = False
        self._ahead = 0.0
        self._ahead = self._look(self._now(), lambda page: page.company.ahead)
        self._dated = ""

    @property
    def notice(self) -> str:
        return self._ledger.notice

    def check(self, tokens: int) -> None:
        """Before a statement's first request: whether it may spend so much at least.

        Raises DailyBudgetSpent, Blocked and BudgetReserved, if it may not.
        """
        if tokens > 0:
            now = self._now()
            self._look(now, lambda page: self._terms.refuse(page, tokens, now, ""))

    def room(self) -> int | None:
        """API tokens that a statement may spend now; None where that is not known."""
        now = self._now()
        return self._look(now, lambda page: self._terms.room(page, now))

    def enter(self, price: int, path: str, *, essential: bool = False) -> Place:
        """A place for a request of this price in API tokens, or how long to wait.

        One that is `essential` may use what is reserved. Raises as `check` does.
        """
        self._settle()
        now, moment = self._now(), monotonic()
        day = self._day(now)
        search = self.searches(path)
        try:
            with self._ledger.open(self.token, self._company, day) as page:
                self._terms.refuse(page, price, now, path, essential=essential)
                number = 0
                if not self._terms.unlimited(page.window):
                    found = self._entered(page.window, search, moment)
                    if isinstance(found, Wait):
                        return Place(found.seconds, found.why)
                    number = found.number
                page.day.spend(price)
                return Place(0.0, "", number, price, day, page.day.silent, moment)
        except Busy:
            return Place(_MOMENT, "another process that notes its requests")

    def searches(self, path: str) -> bool:
        """Whether a request for this path counts in the window of searches."""
        return self._assumed.is_search(path)

    def leave(
        self, place: Place, status: int | None, headers: Mapping[str, str]
    ) -> RequestError | None:
        """The head of the answer is there; or `status` is None, and it never will be.

        The error to raise for an answer after which nothing more may be sent.
        """
        told = Told.of(status, headers)
        self._hear_clock(headers.get("date", ""))
        self._late.append(partial(self._note, place, told, monotonic()))
        self._settle()
        now = self._now()
        if told.spent:
            return spent(now, now, self._assumed)
        if told.blocked:
            return blocked(time() + self._assumed.blocked)
        return None

    def quota(self) -> Quota:
        """What is known now. Raises OperationalError if others keep the ledger."""
        now = self._now()
        moment = monotonic()
        return self._look(
            now, lambda page: self._terms.quota(page, self._name, now, moment)
        )

    def close(self) -> None:
        """Leave the ledger; again does nothing."""
        if not self._closed:
            self._closed = True
            for _ in range(_PATIENCE):
                self._settle()
                if not self._late:
                    break
                sleep(_MOMENT)
            parted(self._folder)

    def _entered(self, window: Window, search: bool, moment: float) -> Held | Wait:
        rule = self._terms.rule(window)
        owner = self._ledger.owner
        found = window.enter(rule, owner, search, moment)
        if isinstance(found, Held):
            return found
        others = {p.owner for p in window.places if p.under_way} - {owner}
        ended = [other for other in others if not self._ledger.alive(other)]
        for other in ended:
            window.abandon(other, rule, moment)
        return window.enter(rule, owner, search, moment) if ended else found

    def _note(self, place: Place, told: Told, moment: float) -> None:
        now = self._now()
        day = self._day(now)
        with self._ledger.open(self.token, self._company, day) as page:
            window = page.window
            rule = self._terms.rule(window)
            answered = told.status is not None
            held = window.leave(rule, place.number, answered, moment)
            if answered:
                window.untold = told.limit is None and window.told is None
            self._hear_window(window, rule, held, told, moment)
            if place.day != day:  # the day of a request is that of its answer
                page.day.spend(place.price)
            if told.budget is not None:
                page.company.budget = told.budget
            if told.remaining is None:
                page.day.end(place.price)
            else:
                silent = place.silent if place.day == day else 0
                sent = now.timestamp() - (monotonic() - place.moment)
                at = now.timestamp()
                page.day.hear(told.remaining, place.price, silent, sent, at)
            if told.blocked:
                page.company.blocked = time() + self._assumed.blocked
            if abs(page.company.ahead - self._ahead) > _SKEW:
                page.company.ahead = self._ahead
        if place.day != day:
            self._late.append(partial(self._take_back, place))

    def _take_back(self, place: Place) -> None:
        with self._ledger.open(self.token, self._company, place.day) as page:
            page.day.take_back(place.price)

    def _hear_window(
        self, window: Window, rule: Rule, held: Held | None, told: Told, moment: float
    ) -> None:
        search = held is not None and held.search
        of_search = search and (told.limit or 0) <= rule.searches
        if told.limit is not None and not of_search:
            window.told, window.told_at, window.most = told.limit, time(), None
        if told.waits:
            if window.told is None and not search and window.paused <= moment:
                window.most = self._terms.lower(rule)
            window.refuse(rule, held, told.pause, moment)
        if held is not None and told.limit is not None and told.left is not None:
            window.hear(rule, held, told.limit, told.left, moment)

    def _settle(self) -> None:
        """Note what is to be noted; later, if another process has the ledger."""
        with self._settling:
            while self._late:
                try:
                    self._late[0]()
                except Busy:
                    return
                self._late.popleft()

    def _look(self, now: datetime, read: Callable[[Page], _Read]) -> _Read:
        """What `read` makes of what is known now."""
        for _ in range(_PATIENCE):
            try:
                day = self._day(now)
                with self._ledger.open(self.token, self._company, day) as page:
                    return read(page)
            except Busy:
                sleep(_MOMENT)
        raise OperationalError(
            f"Other processes keep the ledger in {self._folder} for too long. Try "
            "again, or give another folder: state_dir= (PIPEDRIVE_STATE_DIR)."
        )

    def _hear_clock(self, date: str) -> None:
        if date == self._dated:
            return
        self._dated = date
        try:
            told = parsedate_to_datetime(date).replace(tzinfo=UTC)
        except ValueError:
            return
        ahead = told.timestamp() - time()
        if abs(ahead - self._ahead) > _SKEW:
            self._ahead = ahead

    def _now(self) -> datetime:
        """This moment by Pipedrive's clock."""
        return datetime.fromtimestamp(time() + self._ahead, UTC)

    def _day(self, now: datetime) -> str:
        return day_of(now, self._assumed)


def _token(account: Account) -> str:
    """A name for the token that tells nothing of it; sandboxes may have the same."""
    text = account.credentials.identity + (account.url if account.local else "")
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _company(account: Account, token: str) -> str:
    host = urlsplit(account.url).netloc
    return f"{host} {token[:8]}" if host == _ANY_COMPANY else host
