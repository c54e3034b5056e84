"""Requests at the limit of each plan: two processes, many threads, and no 429.

Every plan has a sandbox and two processes of its own, all at the same time, as each
waits most of it. A process asks by itself: `python -m bench.limits URL TOKEN FOLDER
REQUESTS`. The least time is that of the limit alone, with answers that take none.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from math import ceil
from tempfile import TemporaryDirectory
from time import monotonic

import httpx

import pipedrive_sql

from .served import Served, served
from .table import Cells

HEADS = ("what", "wanted", "measured", "holds")
PLANS = {"lite": 20, "growth": 40, "premium": 100, "ultimate": 120}
SECONDS = 2.0  # of a window
LATENCY = 150  # milliseconds
REQUESTS = 5_000
PROCESSES = 2
THREADS = 12  # of a process, each with a connection
LEAST_SHARE = 0.85  # of what the limit allows


def limits(requests: int = REQUESTS) -> Iterator[Cells]:
    """Two lines for each plan."""
    with ExitStack() as opened, ThreadPoolExecutor(len(PLANS)) as plans:
        each = {
            plan: opened.enter_context(served(50, plan=plan, milliseconds=LATENCY))
            for plan in PLANS
        }
        runs = {plan: plans.submit(_run, each[plan], requests) for plan in PLANS}
        for plan, run in runs.items():
            seconds = run.result()
            heard = httpx.get(f"{each[plan].url}/_sandbox/usage").json()["heard"]
            refused = sum(one["status"] == 429 for one in heard)
            yield (
                f"{plan}: answers 429 to {len(heard):,} requests",
                "0",
                f"{refused:,}",
                _holds(refused == 0 and len(heard) >= requests),
            )
            least = (ceil(requests / PLANS[plan]) - 1) * SECONDS
            yield (
                f"{plan}: least time by the limit / time",
                f"at least {LEAST_SHARE:.0%}",
                f"{least / seconds:.0%} ({least:.0f} s / {seconds:.0f} s)",
                _holds(least >= LEAST_SHARE * seconds),
            )


def _run(sandbox: Served, requests: int) -> float:
    """The seconds from the first request to the end of the last."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.limits", sandbox.url, sandbox.token]
        command += [folder, str(requests // PROCESSES)]
        processes = [
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            for _ in range(PROCESSES)
        ]
        spans = [process.communicate()[0].split() for process in processes]
    return max(float(end) for _, end in spans) - min(float(b) for b, _ in spans)


def ask(url: str, token: str, folder: str, requests: int) -> None:
    """Look up one row so many times, and print when that began and ended."""
    connections = [
        pipedrive_sql.connect(
            api_url=url,
            api_token=token,
            cache_ttl=0,
            cache_dir=folder,
            state_dir=folder,
        )
        for _ in range(THREADS)
    ]

    def look_up(number: int) -> None:
        connection = connections[number]
        for row in range(number, requests, THREADS):
            sql = "select title from deals where id = ?"
            connection.execute(sql, (row % 50 + 1,)).fetchall()

    began = monotonic()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(look_up, range(THREADS)))
    print(began, monotonic())


def _holds(held: bool) -> str:
    return "yes" if held else "NO"


if __name__ == "__main__":
    url, token, folder, requests = sys.argv[1:]
    ask(url, token, folder, int(requests))
