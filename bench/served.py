"""A sandbox in a process of its own: its work is not counted as the client's."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

_LISTENING = re.compile(r"listening on (?P<url>\S+) \(token (?P<token>\S+)\)")


@dataclass(frozen=True, slots=True)
class Served:
    """Where a sandbox listens, and the token it wants."""

    url: str
    token: str


@contextmanager
def served(
    deals: int,
    persons: int | None = None,
    *,
    plan: str | None = None,
    milliseconds: int = 0,
) -> Iterator[Served]:
    """A sandbox with so many deals, and half as many persons unless told.

    It keeps to the limits of the `plan`, and every answer waits `milliseconds`.
    Raises RuntimeError if it does not come up.
    """
    command = [sys.executable, "-m", "pipedrive_sql", "sandbox", "--deals", str(deals)]
    if persons is not None:
        command += ["--persons", str(persons)]
    if plan is not None:
        command += ["--plan", plan]
    if milliseconds:
        command += ["--latency-ms", str(milliseconds)]
    with listening(command) as found:
        yield found


@contextmanager
def listening(command: Sequence[str]) -> Iterator[Served]:
    """A process that says where it listens; raises RuntimeError if it does not."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            found = _LISTENING.search(process.stdout.readline())
            if found is None:
                raise RuntimeError(f"This gave no sandbox: {' '.join(command)}")
            yield Served(found["url"], found["token"])
        finally:
            process.terminate()


def fetched(sandbox: Served, paths: Iterable[str]) -> Iterator[bytes]:
    """The bodies of these paths, asked for one after the other."""
    headers = {"x-api-token": sandbox.token}
    with httpx.Client(base_url=sandbox.url, headers=headers, timeout=60) as http:
        for path in paths:
            yield http.get(path).raise_for_status().content
