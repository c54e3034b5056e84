"""What Pipedrive says instead of rows, as errors that tell what to do."""

from __future__ import annotations

import msgspec

from ..errors import (
    AccountClosed,
    BadAnswer,
    Gone,
    NotThere,
    RateLimited,
    Refused,
    RequestError,
    ScopeMissing,
    TokenRefused,
    Unavailable,
)
from .account import TOKEN_VARIABLE
from .response import Response


def refusal(url: str, what: str, path: str, response: Response) -> RequestError:
    """The error for an answer whose status is not 200, and that does not end all other
    requests: of those Limits.leave tells.

    `url` is the host, `what` names the request ("GET /api/v2/deals").
    """
    status = response.status
    told = "" if response.html else said(response)
    kind, sentence = _sentence(url, what, status, told)
    passing = kind in (Unavailable, RateLimited)
    after = response.pause if passing else None
    return kind(sentence, status=status, path=path, passing=passing, after=after)


def repeated(error: RequestError, times: int) -> RequestError:
    """The error of the last of so many attempts, which tells of them."""
    found = type(error)(
        f"{error} It was asked {times} times.", status=error.status, path=error.path
    )
    found.__cause__ = error.__cause__
    return found


def said(response: Response) -> str:
    """Pipedrive's own words, if it gave any, behind a colon."""
    try:
        body = msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    words = body.get("error") if isinstance(body, dict) else None
    return f": {words.rstrip('.')}" if isinstance(words, str) and words else ""


def _sentence(
    url: str, what: str, status: int, told: str
) -> tuple[type[RequestError], str]:
    if status == 401:
        return TokenRefused, (
            f"Pipedrive refuses the token (401) at {url}. Check {TOKEN_VARIABLE} (or "
            "the profile, or api_token=) and the company; a sign-in is made anew by: "
            "pipedrive-sql login."
        )
    if status == 402:
        return AccountClosed, (
            f"Pipedrive refuses {what} (402){told}. The company's account is closed or "
            "not paid for. An admin sees it under Settings > Billing."
        )
    if status == 403 and "scope" in told.lower():
        return ScopeMissing, (
            f"The sign-in does not reach to {what} (403){told}. Add the scope to the "
            "app in Pipedrive's Developer Hub, then: pipedrive-sql login."
        )
    if status == 403:
        return Refused, (
            f"Pipedrive refuses {what} (403){told}. The token's user has "
            "no right to it, or the plan does not include it."
        )
    if status == 404:
        return NotThere, (
            f"Pipedrive has nothing at {url}{what.partition(' ')[2]} (404){told}. "
            "Check the company domain or the API address."
        )
    if status == 410:
        return Gone, (
            f"Pipedrive has taken {what} away (410){told}. Look for a newer version of "
            "pipedrive-sql."
        )
    if status == 429:
        return RateLimited, (
            f"Pipedrive answers 429 (too many requests) to {what}. Another program may "
            "be using the same token: wait a minute and try again."
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
    if status == 524:
        return Unavailable, (
            f"Pipedrive took too long over {what} (524){told}. Ask for less at a time, "
            "or try again in a minute."
        )
    if status >= 500:
        return Unavailable, (
            f"Pipedrive failed at {what} ({status}){told}. Try again in a minute."
        )
    return BadAnswer, (
        f"Pipedrive did not understand {what} ({status}){told}. This is a "
        "fault of this program: please report the statement."
    )
