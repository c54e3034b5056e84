"""What Pipedrive says instead of rows, as errors that tell what to do."""

from __future__ import annotations

import msgspec
from urllib3 import BaseHTTPResponse

from ..errors import (
    BadAnswer,
    Blocked,
    DailyBudgetSpent,
    NotThere,
    Refused,
    RequestError,
    Unavailable,
)
from .account import TOKEN_VARIABLE


def refusal(
    url: str, path: str, response: BaseHTTPResponse, method: str = "GET"
) -> RequestError:
    """The error for an answer whose status is not 200; `url` is the host."""
    status = response.status
    html = response.headers.get("content-type", "").startswith("text/html")
    told = "" if html else said(response)
    kind, sentence = _sentence(url, f"{method} {path}", status, told, html)
    return kind(sentence, status=status, path=path)


def said(response: BaseHTTPResponse) -> str:
    """Pipedrive's own words, if it gave any, behind a colon."""
    try:
        body = msgspec.json.decode(response.data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    words = body.get("error") if isinstance(body, dict) else None
    return f": {words.rstrip('.')}" if isinstance(words, str) and words else ""


def _sentence(
    url: str, what: str, status: int, told: str, html: bool
) -> tuple[type[RequestError], str]:
    if status == 401:
        return Refused, (
            f"Pipedrive refuses the API token (401) at {url}. "
            f"Check {TOKEN_VARIABLE} (or api_token=, --api-token) and the company."
        )
    if status == 403 and html:
        return Blocked, (
            "Pipedrive blocks this client for a while (403), because requests "
            "went on after it asked to slow down. Stop all programs that use the "
            "token and wait 15 minutes."
        )
    if status in (402, 403):
        return Refused, (
            f"Pipedrive refuses {what} ({status}){told}. The token's user has "
            "no right to it, or the plan does not include it."
        )
    if status == 404:
        return NotThere, (
            f"Pipedrive has nothing at {url}{what.partition(' ')[2]} (404){told}. "
            "Check the company domain or the API address."
        )
    if status == 429:
        return DailyBudgetSpent, (
            "The company's API tokens for today are spent (429): Pipedrive answers "
            "no request until its day ends. Try again tomorrow, or buy a top-up."
        )
    if 300 <= status < 400:
        return NotThere, (
            f"{url} sends {what} elsewhere ({status}). That is "
            "not followed, because the token would go there too. Check the "
            "company domain or the API address."
        )
    if status < 300:
        return BadAnswer, (
            f"Pipedrive answers {what} with {status} instead of 200. Rows "
            "could be missing, so nothing is shown. Try again; if it stays, "
            "report it."
        )
    if status >= 500:
        return Unavailable, (
            f"Pipedrive failed at {what} ({status}){told}. Try again in a minute."
        )
    return BadAnswer, (
        f"Pipedrive did not understand {what} ({status}){told}. This is a "
        "fault of this program: please report the statement."
    )
