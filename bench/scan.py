"""A full scan in a process of its own: `python -m bench.scan URL TOKEN SQL`.

Prints a Scan as JSON. The bytes are fetched once more and decoded right after the
statement, so that a disturbance of the machine is likely to meet both.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import process_time

import msgspec
import orjson

import pipedrive_sql

from .served import Served, fetched

_LIBRARIES: dict[str, Callable[[bytes], object]] = {
    "orjson": orjson.loads,
    "msgspec": msgspec.json.Decoder().decode,
}


@dataclass(frozen=True, slots=True)
class Scan:
    """What one run has measured: seconds of processor time, and megabytes.

    `cpu` is the statement's, `receiving` that of httpx for the same requests,
    `decoding` that of a library for their `size`. `memory` is the most that the
    process has held up to the statement's end.
    """

    cpu: float
    receiving: float
    decoding: dict[str, float]
    size: float
    memory: float


def scan(sql: str, sandbox: Served) -> Scan:
    """Run the statement in a new process."""
    command = [sys.executable, "-m", "bench.scan", sandbox.url, sandbox.token, sql]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Scan(**json.loads(done.stdout))


def measured(sql: str, sandbox: Served) -> Scan:
    """Run the statement here."""
    with pipedrive_sql.connect(
        api_url=sandbox.url, api_token=sandbox.token
    ) as connection:
        # The first statement of a process loads what all later ones use.
        connection.execute("select id from deals limit 1").fetchall()
        first = connection.last_usage.requests
        began = process_time()
        cursor = connection.execute(sql)
        while cursor.fetchmany(1_000):
            pass
        cpu = process_time() - began
        highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        asked = connection.execute(
            "select path from pipedrive_requests where statement > 0"
        )
        paths = [path for (path,) in asked][first:]
    began = process_time()
    bodies = list(fetched(sandbox, paths))
    receiving = process_time() - began
    decoding = {}
    for name, decode in _LIBRARIES.items():
        began = process_time()
        for body in bodies:
            decode(body)
        decoding[name] = process_time() - began
    unit = 1024**2 if sys.platform == "darwin" else 1024
    size = sum(map(len, bodies)) / 1e6
    return Scan(cpu, receiving, decoding, size, highest / unit)


if __name__ == "__main__":
    url, token, sql = sys.argv[1:]
    print(json.dumps(asdict(measured(sql, Served(url, token)))))
