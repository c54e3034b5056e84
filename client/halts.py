"""Why nothing more may be sent for now, as errors that say until when."""

from __future__ import annotations

from datetime import UTC, datetime

from ..errors import Blocked, BudgetReserved, DailyBudgetSpent
from .day import Left, believed_until, end
from .plans import Assumed


def spent(told: datetime, now: datetime, assumed: Assumed) -> DailyBudgetSpent:
    until, ends = believed_until(told, assumed), end(now, assumed)
    again = f" It is asked again from {until:%H:%M} UTC on." if until < ends else ""
    return DailyBudgetSpent(
        "The company's API tokens for today are spent: Pipedrive said so at "
        f"{told:%H:%M} UTC, and answers no request until its day ends, at "
        f"{ends:%H:%M} UTC as far as is known.{again} Try again then, or buy a top-up.",
        status=429,
        path="",
    )


def blocked(until: float) -> Blocked:
    told = datetime.fromtimestamp(until, UTC)
    return Blocked(
        "Pipedrive blocks this client (403), because requests went on after it asked "
        f"to slow down. Nothing is sent before {told:%H:%M:%S} UTC. Stop all other "
        "programs that use the token, and try again then.",
        status=403,
        path="",
    )


def kept(
    known: Left, tokens: int, reserved: int, path: str, ends: datetime
) -> BudgetReserved:
    assert known.remaining is not None and known.budget is not None
    what = (
        f"The statement stops before {path}: this request costs {tokens:,} API tokens"
        if path
        else f"The statement is not begun: it costs {tokens:,} API tokens at least"
    )
    rest = f", and {reserved:,} of them are kept for other programs" if reserved else ""
    least = "at most " if known.told is None else ""
    return BudgetReserved(
        f"{what}, and of the company's {known.budget:,} for today {least}"
        f"{known.remaining:,} are left ({_basis(known)}){rest}. Narrow it, wait for "
        f"the next day ({ends:%H:%M} UTC as far as is known)"
        + (", or use the reserve: reserve=0 (--reserve 0)." if reserved else "."),
        needed=tokens,
        remaining=known.remaining,
        reserved=reserved,
        budget=known.budget,
    )


def _basis(known: Left) -> str:
    if known.told is not None:
        return f"told at {known.told:%H:%M} UTC, less what was asked since"
    return f"by the {known.basis}, less what this machine has asked"
