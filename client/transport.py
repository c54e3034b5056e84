"""Sending requests to Pipedrive, and what to do when it says no."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from time import perf_counter
from typing import TypeVar

from ..catalog.table import Endpoint
from ..errors import DataError, RequestError, Unavailable
from . import log
from .account import Account
from .asked import Asked
from .attempts import Attempts
from .limits import Limits, Place
from .network import Line, Unreached
from .pages import NO_ROWS, Page, page
from .pending import Pending
from .refusals import refusal, said
from .response import Response
from .usage import Claim, Meter, RequestLog, Sent, now

_Answer = TypeVar("_Answer")
SILENCE = 30.0  # seconds without a byte of the answer


class Client:
    """GET requests to one account, each logged and billed to a statement's Meter.

    `silence` is how many seconds an answer may stand still.
    """

    def __init__(
        self,
        account: Account,
        limits: Limits | None = None,
        silence: float = SILENCE,
    ) -> None:
        self.account = account
        self.limits = limits or Limits(account)
        self.log = RequestLog()
        self._silence = silence
        self._ahead = timedelta()  # how far the server's clock is before ours
        self._line: Line | None = None

    def get(
        self,
        endpoint: Endpoint,
        path: str,
        query: Sequence[tuple[str, str]],
        meter: Meter,
    ) -> Page:
        """One page. A 404 for a single row is an answer: no rows.

        Raises RequestError's classes, BudgetExceeded before sending, and what the
        meter's `watch` raises.
        """
        return self.ask(endpoint, path, query, meter).result()

    def ask(
        self,
        endpoint: Endpoint,
        path: str,
        query: Sequence[tuple[str, str]],
        meter: Meter,
    ) -> Pending[Page]:
        """Start to ask for a page; its `result` is that of `get`.

        Raises BudgetExceeded.
        """
        asked = Asked("GET", endpoint, path, query, meter, meter.cause)
        return self._start(asked, self._page)

    def now(self) -> datetime:
        """This moment by Pipedrive's clock, in UTC, as its last answer told it."""
        return datetime.now(UTC) + self._ahead

    def close(self) -> None:
        """Leave the connections to the server."""
        if self._line is not None:
            self._line.close()
            self._line = None
        self.limits.close()

    def _start(
        self, asked: Asked, read: Callable[[Asked, Response], _Answer]
    ) -> Pending[_Answer]:
        attempts = Attempts(self, asked, read)
        if self._line is None:
            self._line = Line(self.account.url)
        future = self._line.start(attempts.answered())
        future.add_done_callback(lambda _: asked.meter.drop(attempts.claim))
        return Pending(future, asked.meter, attempts.claim)

    # One attempt, in the network's thread

    async def turn(self, asked: Asked, claim: Claim) -> Place:
        """Wait until the request may be sent, and pay for it."""
        assert self._line is not None
        meter, search = asked.meter, self.limits.searches(asked.path)
        queue = self._line.queue(self.limits.token, search=search)
        if queue.turn.locked():
            meter.waiting = queue.why
        async with queue.turn:
            while (place := self._enter(asked)).wait:
                meter.waiting = queue.why = place.why
                await asyncio.sleep(place.wait)
            queue.why = ""
        meter.waiting = ""
        meter.pay(claim)
        return place

    async def header(self) -> tuple[str, str]:
        """What says as whom a request is sent."""
        credentials = self.account.credentials
        if credentials.kind == "oauth":
            assert self._line is not None
            return await self._line.apart(credentials.header)  # it may be renewed
        return credentials.header()

    async def renewed(self, header: tuple[str, str]) -> bool:
        """After a 401: whether there is another token to try."""
        assert self._line is not None
        renew = partial(self.account.credentials.renew, header[1])
        return await self._line.apart(renew)

    async def exchange(
        self, asked: Asked, header: tuple[str, str], hear: Callable[[Response], None]
    ) -> Response:
        """Send the request, let hear of the answer's head, and read it to its end.

        Raises Unavailable if that cannot be done in time, or at all.
        """
        headers = {"accept": "application/json", **dict([header])}
        if asked.body is not None:
            headers["content-type"] = "application/json"
        assert self._line is not None
        try:
            return await self._line.exchange(
                asked.method, asked.encoded, headers, asked.body, self._silence, hear
            )
        except Unreached as error:
            raise self._unreachable(asked, error) from error

    def leave(self, place: Place, head: Response | None) -> RequestError | None:
        """A request is answered, or never will be; the error that ends all others."""
        status = head.status if head else None
        return self.limits.leave(place, status, head.headers if head else {})

    def note(
        self,
        asked: Asked,
        attempt: int,
        began: float,
        response: Response | None,
        rows: int,
    ) -> None:
        """Count and log an attempt that has ended, and learn from its headers."""
        status = response.status if response else None
        milliseconds = round((perf_counter() - began) * 1000, 3)
        sent = Sent(
            now(),
            asked.meter.number,
            asked.method,
            asked.told,
            status,
            rows,
            asked.endpoint.price,
            milliseconds,
            asked.cause.table if asked.cause else "",
            asked.meter.text,
            attempt,
        )
        asked.meter.add(sent, asked.cause)
        self.log.add(sent)
        log.request(
            asked.endpoint,
            asked.path,
            asked.query,
            method=asked.method,
            status=status,
            milliseconds=milliseconds,
            tokens=asked.endpoint.price,
            attempt=attempt,
        )
        if response is not None:
            self._notice(response)

    def _enter(self, asked: Asked) -> Place:
        price, essential = asked.endpoint.price, asked.essential
        return self.limits.enter(price, asked.path, essential=essential)

    def _notice(self, response: Response) -> None:
        try:
            told = parsedate_to_datetime(response.headers.get("date", ""))
        except ValueError:
            return  # the last one that could be read stays
        self._ahead = told.replace(tzinfo=UTC) - datetime.now(UTC)

    def _page(self, asked: Asked, response: Response) -> Page:
        endpoint, status = asked.endpoint, response.status
        if status == 200:
            return page(endpoint, asked.path, response.body)
        if status == 404 and "{" in endpoint.path:
            return NO_ROWS  # the row, or the row's parent, is not there
        if status in (400, 422) and (given := _inputs(endpoint)):
            raise DataError(
                f"Pipedrive refuses what is given for {' and '.join(given)} ({status})"
                f"{said(response)}. Give other values."
            )
        raise refusal(self.account.url, asked.what, asked.path, response)

    def _unreachable(self, asked: Asked, error: Unreached) -> Unavailable:
        host = self.account.url
        if not error.asked:
            why = f"{host} cannot be reached ({error})"
        elif error.late:
            why = f"{host} did not answer {asked.what} in time"
        else:
            why = f"the answer to {asked.what} broke off ({error})"
        what = "No rows" if asked.cause else "No answer"
        return Unavailable(
            f"{what}: {why}. Check the network and the address, then try again.",
            status=None,
            path=asked.path,
            passing=error.asked,
        )


def _inputs(endpoint: Endpoint) -> list[str]:
    """The columns whose values a person has to give, and may choose freely."""
    needed = [p for p in endpoint.required if not endpoint.in_path(p)]
    return [p.column for p in needed if not p.values and p.many == 1]
