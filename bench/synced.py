"""A file that `pipedrive-sql sync` writes, each run in a process of its own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx

import pipedrive_sql

from .served import Served


@dataclass(frozen=True, slots=True)
class Run:
    """A run that came to its end: what it printed, and its price.

    `requests` and `tokens` are those that the sandbox heard, `memory` the most
    megabytes that the process has held.
    """

    told: str
    requests: int
    tokens: int
    seconds: float
    memory: float


class File:
    """The file at `path`, of the account of a sandbox; `folder` keeps its fields."""

    def __init__(self, served: Served, folder: Path) -> None:
        self.path = folder / "crm.db"
        self._served = served
        self._environment = {
            **os.environ,
            "PIPEDRIVE_API_URL": served.url,
            "PIPEDRIVE_API_TOKEN": served.token,
            "PIPEDRIVE_CACHE_DIR": str(folder / "cache"),
            "PIPEDRIVE_STATE_DIR": str(folder / "state"),
        }

    def sync(self, *options: str) -> Run:
        """Run to the end. Raises RuntimeError where not all tables are up to date."""
        with httpx.Client(base_url=self._served.url) as http:
            http.post("/_sandbox/reset").raise_for_status()
            began = perf_counter()
            with self._begin(*options) as process:
                assert process.stdout is not None
                told = process.stdout.read()
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            seconds = perf_counter() - began
            if process.returncode:
                raise RuntimeError(f"A run ended with {process.returncode}: {told}")
            usage = http.get("/_sandbox/usage").json()
        return Run(
            told,
            usage["requests"],
            usage["tokens"],
            seconds,
            used.ru_maxrss / 1024,
        )

    def killed(self, seconds: float, *options: str) -> bool:
        """Run, and kill the process after so long; whether it still ran then."""
        process = self._begin(*options)
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return True
        return False

    def _begin(self, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "pipedrive_sql", "sync", str(self.path)]
        return subprocess.Popen(
            [*command, *options],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def read(self, sql: str) -> list[Any]:
        """Rows of the file, as Python's own sqlite3 sees it."""
        uri = f"{self.path.as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as file:
            return file.execute(sql).fetchall()

    def faults(self) -> Iterator[str]:
        """What is wrong with the file as it stands: damage, and partial tables."""
        for (line,) in self.read("PRAGMA integrity_check"):
            if line != "ok":
                yield line
        for table, rows in self.read("SELECT table_name, rows FROM _sync"):
            if self.read(f"SELECT count(*) FROM {table}") != [(rows,)]:
                yield f"{table} has not its {rows} rows"

    def differences(self) -> Iterator[str]:
        """Tables and columns whose values are not those of a live connection."""
        with pipedrive_sql.connect(
            api_url=self._served.url,
            api_token=self._served.token,
            max_tokens=None,
            cache_ttl=0,
        ) as live:
            for (table,) in self.read("SELECT table_name FROM _sync"):
                cursor = live.execute(f"SELECT * FROM {table}")
                names = [column[0] for column in cursor.description or ()]
                some = ", ".join(f'"{name}"' for name in names)
                theirs = sorted(cursor.fetchall(), key=repr)
                ours = sorted(self.read(f"SELECT {some} FROM {table}"), key=repr)
                if len(ours) != len(theirs):
                    yield f"{table}: {len(ours)} rows, not {len(theirs)}"
                for place, name in enumerate(names):
                    if [row[place] for row in ours] != [row[place] for row in theirs]:
                        yield f"{table}.{name}"
