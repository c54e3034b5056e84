"""Requests that are known beforehand: how much sooner they are answered side by side.

Each answer takes 150 ms, so that many requests one after the other take so many times
that, at least.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pipedrive_sql

from .served import Served, served
from .table import Cells

HEADS = ("what", "wanted", "measured", "holds")
DEALS = 20_000
LATENCY = 150  # milliseconds
SOONER = 1.5  # times, of all the statements together

_IDS = ", ".join(map(str, range(1, DEALS, 20)))
_PERSONS = "deals d JOIN persons p ON p.id = d.person_id"
_PRODUCTS = "deals d JOIN deal_products l ON l.deal_id = d.id"
_FOLLOWERS = "deals d JOIN deal_followers f ON f.deal_id = d.id"
STATEMENTS = (
    ("1,000 deals by id", f"SELECT title FROM deals WHERE id IN ({_IDS})"),
    ("nine deals by id", "SELECT title FROM deals WHERE id IN (1,2,3,4,5,6,7,8,9)"),
    (
        "deals of an owner with their persons",
        f"SELECT d.title, p.name FROM {_PERSONS} WHERE d.owner_id = 3",
    ),
    ("all products on deals", "SELECT count(*) FROM deal_products"),
    (
        "products on won deals",
        f"SELECT d.title, l.name FROM {_PRODUCTS} WHERE d.status = 'won'",
    ),
    (
        "followers of won deals of an owner",
        f"SELECT d.title, f.user_id FROM {_FOLLOWERS} "
        "WHERE d.owner_id = 3 AND d.status = 'won'",
    ),
    ("all deals", "SELECT id, title, value FROM deals"),
)


def together() -> Iterator[Cells]:
    """A line for each statement, on a connection of its own, and one for all."""
    least, taken = 0.0, 0.0
    with (
        served(DEALS, milliseconds=LATENCY) as sandbox,
        TemporaryDirectory() as folder,
    ):
        for table in ("deals", "persons"):
            _asked(sandbox, Path(folder), f"SELECT id, add_time FROM {table}")
        for what, sql in STATEMENTS:
            requests, seconds = _asked(sandbox, Path(folder), sql)
            alone = requests * LATENCY / 1000
            least, taken = least + alone, taken + seconds
            told = f"{alone / seconds:.1f} ({seconds:.1f} s for {requests} requests)"
            yield f"  {what}", "", told, ""
    yield (
        f"all of these, to their requests one after the other, {least:.1f} s",
        f"at least {SOONER}",
        f"{least / taken:.1f} ({taken:.1f} s)",
        "yes" if least >= SOONER * taken else "NO",
    )


def _asked(sandbox: Served, folder: Path, sql: str) -> tuple[int, float]:
    """Requests and seconds; `folder` is what a connection remembers."""
    with pipedrive_sql.connect(
        api_url=sandbox.url,
        api_token=sandbox.token,
        cache_dir=folder,
        max_tokens=None,
    ) as connection:
        connection.execute("SELECT id FROM currencies").fetchall()  # the fields, too
        began = perf_counter()
        connection.execute(sql).fetchall()
        seconds = perf_counter() - began
        return connection.last_usage.requests, seconds
