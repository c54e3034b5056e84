"""A full scan in a process of its own: `python -m bench.scan URL TOKEN SQL`.

Prints a Scan as JSON. The bytes are fetched and decoded once more right after the
statement, so that a disturbance of the machine is likely to meet both.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from time import process_time

import msgspec
import orjson

import pipedrive_sql

from .served import Served, fetched

LIBRARIES: dict[str, Callable[[bytes], object]] = {
    "orjson": orjson.loads,
    "msgspec": msgspec.json.Decoder().decode,
}


@dataclass(frozen=True, slots=True)
class Scan:
    """What one run has measured: seconds of processor time, and megabytes.

    `cpu` is the statement's, `first` that of its first run in the process, `receiving`
    that of httpx for the same requests, `decoding` that of a library for their `size`,
    page by page as they come, and `together` that for all pages in one go. `memory` is
    the most that the process has held up to the statement's end.
    """

    first: float
    cpu: float
    receiving: float
    decoding: dict[str, float]
    together: dict[str, float]
    size: float
    memory: float


def scan(sql: str, sandbox: Served) -> Scan:
    """Run the statement in a new process."""
    command = [sys.executable, "-m", "bench.scan", sandbox.url, sandbox.token, sql]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Scan(**json.loads(done.stdout))


def measured(sql: str, sandbox: Served) -> Scan:
    """Run the statement here, twice: what later ones use is loaded by the first."""
    with pipedrive_sql.connect(
        api_url=sandbox.url, api_token=sandbox.token, max_tokens=None, cache_ttl=0
    ) as connection:
        first = _read(connection, sql)
        cpu = _read(connection, sql)
        highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        requests = connection.last_usage.requests
        asked = connection.execute("select path from pipedrive_requests")
        paths = [path for (path,) in asked][-requests:]
    began = process_time()
    bodies = list(fetched(sandbox, paths))
    receiving = process_time() - began
    decoding = {name: _as_they_come(name, sandbox, paths) for name in LIBRARIES}
    together = {name: _decoding(name, bodies) for name in LIBRARIES}
    unit = 1024**2 if sys.platform == "darwin" else 1024
    size = sum(map(len, bodies)) / 1e6
    return Scan(first, cpu, receiving, decoding, together, size, highest / unit)


def _read(connection: pipedrive_sql.Connection, sql: str) -> float:
    began = process_time()
    cursor = connection.execute(sql)
    while cursor.fetchmany(1_000):
        pass
    return process_time() - began


def _as_they_come(library: str, sandbox: Served, paths: Sequence[str]) -> float:
    """Decoding alone, of pages that have just been received, as in the statement."""
    return sum(_decoding(library, [body]) for body in fetched(sandbox, paths))


def _decoding(library: str, bodies: Sequence[bytes]) -> float:
    decode = LIBRARIES[library]
    began = process_time()
    for body in bodies:
        decode(body)
    return process_time() - began


if __name__ == "__main__":
    url, token, sql = sys.argv[1:]
    print(json.dumps(asdict(measured(sql, Served(url, token)))))
