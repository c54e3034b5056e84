"""A long list read at the limit of a plan, beside a client that follows its cursor.

Both ask the same sandbox, one after the other, for 100,000 deals; each answer takes
150 ms. The limit's own minimum is the pages of 500 rows at what the plan allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, sleep

import httpx
import orjson

import pipedrive_sql

from .served import Served, served
from .table import Cells

HEADS = ("what", "wanted", "measured", "holds")
DEALS = 100_000
PLAN = "growth"
A_SECOND = 20  # requests that the plan allows
LATENCY = 150  # milliseconds
MOST_TIMES = 1.5  # the limit's own minimum
LEAST_FASTER = 2.0  # than following the cursor

_PAGE = 500
_LEAST = DEALS / _PAGE / A_SECOND  # seconds
_WINDOW = 3.0  # seconds after which nothing is left in a window of the limit
_SQL = "SELECT id, title, status, value, currency FROM deals"


def parallel() -> Iterator[Cells]:
    """The lines of a sandbox that holds to the plan's limit."""
    with served(DEALS, plan=PLAN, milliseconds=LATENCY) as sandbox:
        with TemporaryDirectory() as folder:
            first = _ours(sandbox, Path(folder))
            again = _ours(sandbox, Path(folder))
        peer, asked = _following(sandbox)
    yield (
        f"{DEALS:,} deals to the limit's least, {_LEAST:.0f} s",
        f"at most {MOST_TIMES}",
        f"{again / _LEAST:.2f} ({again:.1f} s)",
        "yes" if again <= MOST_TIMES * _LEAST else "NO",
    )
    yield "  how many there are not known yet", "", f"{first / _LEAST:.2f}", ""
    yield (
        f"  faster than {asked} pages one after the other, {peer:.1f} s",
        f"at least {LEAST_FASTER:.0f}",
        f"{peer / again:.1f}",
        "yes" if peer >= LEAST_FASTER * again else "NO",
    )


def _ours(sandbox: Served, folder: Path) -> float:
    """Seconds for the statement; `folder` is what a connection remembers."""
    with pipedrive_sql.connect(
        api_url=sandbox.url, api_token=sandbox.token, cache_dir=folder, cache_ttl=0
    ) as connection:
        sleep(_WINDOW)
        began = perf_counter()
        rows = connection.execute(_SQL).fetchall()
        seconds = perf_counter() - began
    if len({row[0] for row in rows}) != DEALS or len(rows) != DEALS:
        raise RuntimeError(f"{len(rows):,} rows came, not the {DEALS:,} that there are")
    return seconds


def _following(sandbox: Served) -> tuple[float, int]:
    """Seconds and requests of a client that asks for each page by the one before."""
    query = {"limit": str(_PAGE)}
    headers = {"x-api-token": sandbox.token}
    rows, asked = 0, 0
    with httpx.Client(base_url=sandbox.url, headers=headers, timeout=60) as http:
        sleep(_WINDOW)
        began = monotonic()
        while True:
            found = http.get("/api/v2/deals", params=query)
            asked += 1
            page = orjson.loads(found.raise_for_status().content)
            rows += len(page["data"])
            cursor = page["additional_data"]["next_cursor"]
            if not cursor:
                break
            query["cursor"] = cursor
        seconds = monotonic() - began
    if rows != DEALS:
        raise RuntimeError(f"The other client has {rows:,} rows.")
    return seconds, asked
