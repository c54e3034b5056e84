"""One request, sent until it is answered for good.

Reading may be repeated: after a fault of the network or of Pipedrive a GET is sent
again, a few times. What writes is repeated only where nothing can have happened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import uniform
from time import perf_counter
from typing import Generic, Protocol, TypeVar

from ..errors import BudgetExceeded, RateLimited, RequestError
from .asked import Asked
from .limits import Place
from .pages import Page
from .refusals import repeated
from .response import Response
from .usage import Claim

_Answer = TypeVar("_Answer")
_PAUSES = (0.1, 0.4, 1.6)  # seconds before each next try, give or take half
_WAITS = 5  # how often a request waits for the burst window to pass
_WINDOW = 2.0  # seconds to wait where the answer does not say


class Way(Protocol):
    """How a request is sent once."""

    async def turn(self, asked: Asked, claim: Claim) -> Place:
        """Wait until it may be sent, and pay for it."""

    async def header(self) -> tuple[str, str]:
        """What says as whom it is sent."""

    async def exchange(
        self, asked: Asked, header: tuple[str, str], hear: Callable[[Response], None]
    ) -> Response:
        """Send it, let hear of the answer's head, and wait for its end.

        Raises Unavailable where none comes.
        """

    def leave(self, place: Place, head: Response | None) -> RequestError | None:
        """It is answered, or never will be; the error that ends all requests."""

    async def renewed(self, header: tuple[str, str]) -> bool:
        """After a 401: whether there is another token to try."""

    def note(
        self,
        asked: Asked,
        attempt: int,
        began: float,
        response: Response | None,
        rows: int,
    ) -> None:
        """An attempt, begun at that moment of perf_counter, has ended."""


class Attempts(Generic[_Answer]):
    """All attempts at one request; `read` makes its answer of a response, or raises.

    `claim` pays for the next attempt.
    """

    def __init__(
        self, way: Way, asked: Asked, read: Callable[[Asked, Response], _Answer]
    ) -> None:
        self.claim = asked.claim()
        self._way = way
        self._asked = asked
        self._read = read
        self._sent = 0
        self._waited = 0
        self._failed = 0
        self._renewed = False
        self._header = ("", "")

    async def answered(self) -> _Answer:
        """The answer.

        Raises RequestError's classes, and BudgetExceeded before one attempt more.
        """
        while True:
            try:
                return await self._once()
            except RequestError as error:
                pause = await self._pause(error)
                meter = self._asked.meter
                meter.waiting = f"to ask again ({error.status or 'no answer'})"
                await asyncio.sleep(pause)
                meter.waiting = ""
                try:
                    self.claim = self._asked.claim()
                except BudgetExceeded as ceiling:
                    raise ceiling from error

    async def _once(self) -> _Answer:
        way, asked = self._way, self._asked
        self._header = await way.header()
        place = await way.turn(asked, self.claim)
        self._sent += 1
        began = perf_counter()
        response: Response | None = None
        ends: RequestError | None = None
        heard = False
        rows = 0

        def hear(head: Response) -> None:
            nonlocal heard, ends
            heard = True
            ends = way.leave(place, head)

        try:
            try:
                response = await way.exchange(asked, self._header, hear)
            finally:
                if not heard:
                    way.leave(place, None)
            if ends is not None:
                raise ends
            found = self._read(asked, response)
            rows = found.count if isinstance(found, Page) else 0
            return found
        finally:
            way.note(asked, self._sent, began, response, rows)

    async def _pause(self, error: RequestError) -> float:
        """Seconds until the next attempt; raises the error if there shall be none."""
        if error.status == 401 and not self._renewed:
            self._renewed = True
            if await self._way.renewed(self._header):
                return 0.0
        if isinstance(error, RateLimited):
            self._waited += 1
            if self._waited < _WAITS:
                return _WINDOW if error.after is None else error.after
        elif self._may_repeat(error):
            self._failed += 1
            mean = _PAUSES[self._failed - 1]
            return mean * uniform(0.5, 1.5) if error.after is None else error.after
        raise repeated(error, self._sent) if self._sent > 1 else error

    def _may_repeat(self, error: RequestError) -> bool:
        reads = self._asked.method == "GET"
        return reads and error.passing and self._failed < len(_PAUSES)
