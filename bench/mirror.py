"""A connection that answers from a file: its price when nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import httpx

import pipedrive_sql
from pipedrive_sql import Connection

from .served import Served, served
from .table import Cells

HEADS = ("what", "wanted", "measured", "holds")
DEALS, PERSONS = 20_000, 5_000
MOST_REQUESTS = 2
MOST_MILLISECONDS = 50.0
TIMES = 21

_JOINED = """
    select count(*), sum(d.value), count(p.name)
    from deals d join persons p on p.id = d.person_id
"""


def mirror() -> Iterator[Cells]:
    """The lines of it: with ages that ask each time for all, for all but what was
    archived, and for nothing.
    """
    with (
        served(DEALS, PERSONS) as sandbox,
        TemporaryDirectory() as folder,
        httpx.Client(base_url=sandbox.url) as http,
    ):
        file = Path(folder) / "crm.db"
        with _connected(sandbox, max_tokens=None) as live:
            with live.sync(file) as run:
                run.run()
            rows = live.execute(_JOINED).fetchall()
        for age, archive_age, most in (
            ("0s", "0s", MOST_REQUESTS),
            ("0s", "5m", MOST_REQUESTS),
            ("5m", "0s", 0),
        ):
            how = {"max_age": age, "archive_age": archive_age}
            with _connected(sandbox, mirror=file, **how) as connection:
                asked, own, whole = _measured(connection, http)
                if connection.execute(_JOINED).fetchall() != rows:
                    raise RuntimeError("The file gives other rows than Pipedrive.")
            what = f"deals joined to persons, max_age={age}, archive_age={archive_age}"
            yield (
                f"{what}: requests",
                f"at most {most}",
                str(asked),
                "yes" if asked <= most else "NO",
            )
            yield (
                "  own time: of the processor, SQLite's included",
                f"under {MOST_MILLISECONDS:.0f} ms",
                f"{own:.0f} ms",
                "yes" if own < MOST_MILLISECONDS else "NO",
            )
            yield "  until the last row", "", f"{whole:.0f} ms", ""


def _measured(connection: Connection, http: httpx.Client) -> tuple[int, float, float]:
    """Requests, milliseconds of the processor, and milliseconds, the middle of some."""
    connection.execute(_JOINED).fetchall()
    own, whole = [], []
    http.post("/_sandbox/reset").raise_for_status()
    for _ in range(TIMES):
        began, worked = perf_counter(), process_time()
        connection.execute(_JOINED).fetchall()
        own.append(1000 * (process_time() - worked))
        whole.append(1000 * (perf_counter() - began))
    asked = http.get("/_sandbox/usage").json()["requests"]
    return asked // TIMES, median(own), median(whole)


def _connected(sandbox: Served, **how: Any) -> Connection:
    return pipedrive_sql.connect(api_url=sandbox.url, api_token=sandbox.token, **how)
