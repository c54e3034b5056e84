"""Sending requests to Pipedrive, and what to do when it says no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import perf_counter, sleep
from typing import TypeVar
from urllib.parse import quote, urlencode

from urllib3 import BaseHTTPResponse, make_headers
from urllib3.exceptions import (
    HTTPError,
    NewConnectionError,
    ProxyError,
    SSLError,
    TimeoutError,
)

from ..catalog.table import Endpoint
from ..errors import DataError, RateLimited, Unavailable
from .account import Account
from .pages import NO_ROWS, Page, page
from .pool import pool
from .refusals import refusal, said
from .usage import Meter, RequestLog, Sent, now

_WAITS = 5  # how often a request waits for the burst window to pass
_LONGEST_WAIT = 10.0  # seconds; the burst window is 2
_Answer = TypeVar("_Answer")
_DAY_LEFT = "x-daily-ratelimit-token-remaining"


class Client:
    """GET requests to one account, each logged and billed to a statement's Meter.

    `left_today` is what the latest answer said of the company's API tokens for the day,
    None before the first that did.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self.log = RequestLog()
        self.left_today: int | None = None
        self._left_told = 0.0
        self._ahead = timedelta()  # how far the server's clock is before ours
        headers = {
            **make_headers(accept_encoding=True),
            "accept": "application/json",
            **dict([account.credentials.header()]),
        }
        self._pool = pool(account.url, headers)

    def get(
        self,
        endpoint: Endpoint,
        path: str,
        query: Sequence[tuple[str, str]],
        meter: Meter,
    ) -> Page:
        """One page. A 404 for a single row is an answer: no rows.

        Raises RequestError's classes, and BudgetExceeded before sending.
        """
        return self._ask("GET", endpoint, path, query, meter, self._page)

    def now(self) -> datetime:
        """This moment by Pipedrive's clock, in UTC, as its last answer told it."""
        return datetime.now(UTC) + self._ahead

    def close(self) -> None:
        """Close the connections to the server."""
        self._pool.clear()

    def _ask(
        self,
        method: str,
        endpoint: Endpoint,
        path: str,
        query: Sequence[tuple[str, str]],
        meter: Meter,
        read: Callable[[Endpoint, str, BaseHTTPResponse], _Answer | None],
        body: bytes | None = None,
    ) -> _Answer:
        """What `read` makes of the answer; it is waited for where that is None."""
        for _ in range(_WAITS):
            meter.reserve(endpoint.price, path, method)
            began = perf_counter()
            try:
                response = self._send(method, path, query, body)
            except HTTPError as error:
                self._note(method, endpoint, path, query, meter, began, None, 0)
                raise self._unreachable(method, path, error) from error
            self._notice(response, began)
            found = None
            try:
                found = read(endpoint, path, response)
            finally:
                count = found.count if isinstance(found, Page) else 0
                status = response.status
                self._note(method, endpoint, path, query, meter, began, status, count)
            if found is not None:
                return found
            sleep(_seconds(response))
        raise RateLimited(
            f"Pipedrive still answers 429 (too many requests) to {method} {path} after "
            f"{_WAITS} waits. Another program may be using the same token: wait a "
            "minute and try again.",
            status=429,
            path=path,
        )

    def _send(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]],
        body: bytes | None,
    ) -> BaseHTTPResponse:
        text = urlencode(query, safe=",:", quote_via=quote)
        url = f"{self.account.url}{path}" + (f"?{text}" if text else "")
        headers = None
        if body is not None:
            headers = {**self._pool.headers, "content-type": "application/json"}
        return self._pool.request(
            method, url, body=body, headers=headers, redirect=False
        )

    def _note(
        self,
        method: str,
        endpoint: Endpoint,
        path: str,
        query: Sequence[tuple[str, str]],
        meter: Meter,
        began: float,
        status: int | None,
        rows: int,
    ) -> None:
        text = "&".join(f"{name}={value}" for name, value in query)
        milliseconds = round((perf_counter() - began) * 1000, 3)
        sent = Sent(
            now(),
            meter.number,
            method,
            f"{path}?{text}" if text else path,
            status,
            rows,
            endpoint.price,
            milliseconds,
            meter.table,
            meter.text,
        )
        meter.add(sent)
        self.log.add(sent)

    def _notice(self, response: BaseHTTPResponse, began: float) -> None:
        left = response.headers.get(_DAY_LEFT, "")
        if left.isdecimal():
            known = self.left_today
            # Answers to requests that were under way together come in any order.
            if known is None or began > self._left_told or int(left) < known:
                self.left_today, self._left_told = int(left), perf_counter()
        try:
            told = parsedate_to_datetime(response.headers.get("date", ""))
        except ValueError:
            return  # the last one that could be read stays
        self._ahead = told.replace(tzinfo=UTC) - datetime.now(UTC)

    def _page(
        self, endpoint: Endpoint, path: str, response: BaseHTTPResponse
    ) -> Page | None:
        """The page; None if the request has to wait and be sent again."""
        status = response.status
        if status == 200:
            return page(endpoint, path, response.data)
        if status == 404 and "{" in endpoint.path:
            return NO_ROWS  # the row, or the row's parent, is not there
        if waits(response):
            return None
        if status == 400 and (given := _inputs(endpoint)):
            raise DataError(
                f"Pipedrive refuses what is given for {' and '.join(given)} (400)"
                f"{said(response)}. Give other values."
            )
        raise refusal(self.account.url, path, response)

    def _unreachable(self, method: str, path: str, error: HTTPError) -> Unavailable:
        host = self.account.url
        # To urllib3 a connection that cannot be made is a sort of time-out, too.
        if isinstance(error, NewConnectionError | SSLError | ProxyError):
            why = f"{host} cannot be reached ({error.__cause__ or error})"
        elif isinstance(error, TimeoutError):
            why = f"{host} did not answer {method} {path} in time"
        else:
            why = f"the answer to {method} {path} broke off ({error.args[0]})"
        return Unavailable(
            f"No rows: {why}. Check the network and the address, then try again.",
            status=None,
            path=path,
        )


def waits(response: BaseHTTPResponse) -> bool:
    """Whether the burst limit was met: nothing was done, and it will be in a moment."""
    return response.status == 429 and response.headers.get(_DAY_LEFT) != "0"


def _inputs(endpoint: Endpoint) -> list[str]:
    """The columns whose values a person has to give, and may choose freely."""
    needed = [p for p in endpoint.required if not endpoint.in_path(p)]
    return [p.column for p in needed if not p.values and p.many == 1]


def _seconds(response: BaseHTTPResponse) -> float:
    """How long to wait: what the headers say in seconds, within bounds."""
    for name in ("retry-after", "x-ratelimit-reset"):
        try:
            told = float(response.headers.get(name, ""))
        except ValueError:
            continue
        return min(max(told, 0.1), _LONGEST_WAIT)
    return 2.0
