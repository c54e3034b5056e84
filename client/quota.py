"""What one account may still do, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .day import Left


@dataclass(frozen=True, slots=True)
class Quota:
    """What `pipedrive_quota` shows. Moments are UTC; None is what is not known.

    Of the `day`: `spent` are the API tokens of this machine's `requests`, `left` is
    what is known to be left for the company, of which `reserved` are kept for others;
    `renewed` is when the next one begins, as far as is known.

    Of any `seconds`: `burst` requests may be in them, for which `burst_basis` has the
    words, and `burst_used` are; so with `searches`.
    """

    company: str
    day: str
    spent: int
    requests: int
    left: Left
    reserved: int | None
    renewed: datetime
    blocked_until: datetime | None
    seconds: float
    burst: int | None
    burst_used: int
    burst_basis: str
    searches: int | None
    searches_used: int
