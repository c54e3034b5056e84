"""Sending requests to Pipedrive, and what to do when it says no."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from functools import cache
from time import perf_counter, sleep

import httpx

from ..catalog.table import Endpoint
from ..errors import (
    BadAnswer,
    Blocked,
    DailyBudgetSpent,
    DataError,
    NotThere,
    RateLimited,
    Refused,
    RequestError,
    Unavailable,
)
from .account import TOKEN_VARIABLE, Account
from .pages import NO_ROWS, Page, page
from .usage import Meter, RequestLog, Sent, now

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_WAITS = 5  # how often a request waits for the burst window to pass
_LONGEST_WAIT = 10.0  # seconds; the burst window is 2
_DAY_LEFT = "x-daily-ratelimit-token-remaining"


class Client:
    """GET requests to one account, each logged and billed to a statement's Meter."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.log = RequestLog()
        self._http = httpx.Client(
            base_url=account.url,
            headers={"x-api-token": account.token, "accept": "application/json"},
            timeout=TIMEOUT,
            verify=_trusted(),
            follow_redirects=False,
        )

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
        for _ in range(_WAITS):
            meter.reserve(endpoint.price, path)
            began = perf_counter()
            try:
                response = self._http.get(path, params=httpx.QueryParams(list(query)))
            except httpx.HTTPError as error:
                self._note(endpoint, path, query, meter, began, None, 0)
                raise self._unreachable(path, error) from error
            found = None
            try:
                found = self._page(endpoint, path, response)
            finally:
                count = found.count if found else 0
                status = response.status_code
                self._note(endpoint, path, query, meter, began, status, count)
            if found is not None:
                return found
            sleep(_seconds(response))
        raise RateLimited(
            f"Pipedrive still answers 429 (too many requests) to GET {path} after "
            f"{_WAITS} waits. Another program may be using the same token: wait a "
            "minute and try again.",
            status=429,
            path=path,
        )

    def close(self) -> None:
        """Close the connections to the server."""
        self._http.close()

    def _note(
        self,
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
            "GET",
            f"{path}?{text}" if text else path,
            status,
            rows,
            endpoint.price,
            milliseconds,
        )
        meter.add(sent)
        self.log.add(sent)

    def _page(
        self, endpoint: Endpoint, path: str, response: httpx.Response
    ) -> Page | None:
        """The page; None if the request has to wait and be sent again."""
        status = response.status_code
        if status == 200:
            return page(endpoint, path, response.content)
        if status == 404 and "{" in endpoint.path:
            return NO_ROWS  # the row, or the row's parent, is not there
        if status == 429 and response.headers.get(_DAY_LEFT) != "0":
            return None
        if status == 400 and (given := _inputs(endpoint)):
            raise DataError(
                f"Pipedrive refuses what is given for {' and '.join(given)} (400)"
                f"{_said(response)}. Give other values."
            )
        raise self._refusal(path, response)

    def _unreachable(self, path: str, error: httpx.HTTPError) -> Unavailable:
        host = self.account.url
        if isinstance(error, httpx.TimeoutException):
            why = f"{host} did not answer GET {path} in time"
        elif isinstance(error, httpx.ConnectError):
            why = f"{host} cannot be reached ({error})"
        else:
            told = str(error) or type(error).__name__
            why = f"the answer to GET {path} broke off ({told})"
        return Unavailable(
            f"No rows: {why}. Check the network and the address, then try again.",
            status=None,
            path=path,
        )

    def _refusal(self, path: str, response: httpx.Response) -> RequestError:
        status = response.status_code
        html = response.headers.get("content-type", "").startswith("text/html")
        said = "" if html else _said(response)
        if status == 401:
            return Refused(
                f"Pipedrive refuses the API token (401) at {self.account.url}. "
                f"Check {TOKEN_VARIABLE} (or api_token=, --api-token) and the company.",
                status=status,
                path=path,
            )
        if status == 403 and html:
            return Blocked(
                "Pipedrive blocks this client for a while (403), because requests "
                "went on after it asked to slow down. Stop all programs that use the "
                "token and wait 15 minutes.",
                status=status,
                path=path,
            )
        if status in (402, 403):
            return Refused(
                f"Pipedrive refuses GET {path} ({status}){said}. The token's user has "
                "no right to it, or the plan does not include it.",
                status=status,
                path=path,
            )
        if status == 404:
            return NotThere(
                f"Pipedrive has nothing at {self.account.url}{path} (404){said}. "
                "Check the company domain or the API address.",
                status=status,
                path=path,
            )
        if status == 429:
            return DailyBudgetSpent(
                "The company's API tokens for today are spent (429): Pipedrive answers "
                "no request until its day ends. Try again tomorrow, or buy a top-up.",
                status=status,
                path=path,
            )
        if 300 <= status < 400:
            return NotThere(
                f"{self.account.url} sends GET {path} elsewhere ({status}). That is "
                "not followed, because the token would go there too. Check the "
                "company domain or the API address.",
                status=status,
                path=path,
            )
        if status < 300:
            return BadAnswer(
                f"Pipedrive answers GET {path} with {status} instead of 200. Rows "
                "could be missing, so nothing is shown. Try again; if it stays, "
                "report it.",
                status=status,
                path=path,
            )
        if status >= 500:
            return Unavailable(
                f"Pipedrive failed at GET {path} ({status}){said}. Try again in a "
                "minute.",
                status=status,
                path=path,
            )
        return BadAnswer(
            f"Pipedrive did not understand GET {path} ({status}){said}. This is a "
            "fault of this program: please report the statement.",
            status=status,
            path=path,
        )


@cache
def _trusted() -> ssl.SSLContext:
    """Whom to trust; read once, because that takes longer than some requests."""
    return httpx.create_ssl_context()


def _inputs(endpoint: Endpoint) -> list[str]:
    """The columns whose values a person has to give, and may choose freely."""
    needed = [p for p in endpoint.required if not endpoint.in_path(p)]
    return [p.column for p in needed if not p.values and p.many == 1]


def _said(response: httpx.Response) -> str:
    """Pipedrive's own words, if it gave any."""
    try:
        body = response.json()
    except ValueError:
        return ""
    said = body.get("error") if isinstance(body, dict) else None
    return f": {said.rstrip('.')}" if isinstance(said, str) and said else ""


def _seconds(response: httpx.Response) -> float:
    """How long to wait: what the headers say in seconds, within bounds."""
    for name in ("retry-after", "x-ratelimit-reset"):
        try:
            told = float(response.headers.get(name, ""))
        except ValueError:
            continue
        return min(max(told, 0.1), _LONGEST_WAIT)
    return 2.0
