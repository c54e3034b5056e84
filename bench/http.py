"""HTTP/1.1 over eight connections beside HTTP/2 over one: `python -m bench.http`.

Hypercorn serves a page of 400 kB over both, 20 ms after each request, in a process of
its own. aiohttp and httpx ask for it, eight requests at a time. Needs aiohttp, httpx
with h2, and hypercorn.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from importlib.util import find_spec
from time import perf_counter, process_time, sleep
from typing import Any

from .table import Cells, table

HEADS = ("200 pages of 400 kB with", "processor time", "seconds")
NEEDED = ("aiohttp", "httpx", "h2", "hypercorn")
REQUESTS = 200
AT_ONCE = 8
RUNS = 5  # the least of them counts

_BODY = json.dumps([{"id": n, "title": f"Deal {n}" * 90} for n in range(500)]).encode()
_DELAY = 0.02
_PATIENCE = 100  # tenths of a second for the server to come up

Get = Callable[[], Awaitable[int]]
Message = Mapping[str, Any]


def clients(url: str) -> Iterator[Cells]:
    """A line for each client, its figures as ratios to those of the first."""
    ways = {
        "aiohttp, HTTP/1.1, 8 connections": lambda: _aiohttp(url),
        "httpx, HTTP/1.1, 8 connections": lambda: _httpx(url, http2=False),
        "httpx, HTTP/2, 1 connection": lambda: _httpx(url, http2=True),
    }
    first: tuple[float, float] | None = None
    for name, run in ways.items():
        runs = [_measured(run) for _ in range(RUNS)]
        cpu, seconds = min(r[0] for r in runs), min(r[1] for r in runs)
        first = first or (cpu, seconds)
        yield name, f"{cpu / first[0]:.1f}", f"{seconds / first[1]:.1f}"


def _measured(run: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    async def timed() -> tuple[float, float]:
        cpu, began = process_time(), perf_counter()
        await run()
        return process_time() - cpu, perf_counter() - began

    return asyncio.run(timed())


async def _aiohttp(url: str) -> None:
    import aiohttp

    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def get() -> int:
            async with session.get(url) as response:
                return len(await response.read())

        await _all(get)


async def _httpx(url: str, *, http2: bool) -> None:
    import httpx

    limits = httpx.Limits(max_connections=1 if http2 else AT_ONCE)
    async with httpx.AsyncClient(
        http1=not http2, http2=http2, limits=limits, timeout=60
    ) as session:

        async def get() -> int:
            return len((await session.get(url)).content)

        await _all(get)


async def _all(get: Get) -> None:
    left = iter(range(REQUESTS))

    async def worker() -> None:
        for _ in left:
            size = await get()
            assert size == len(_BODY), f"{size} bytes came"

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


async def app(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """What Hypercorn serves."""
    if scope["type"] != "http":
        raise ValueError(f"{scope['type']} is not served")
    await asyncio.sleep(_DELAY)
    headers = [(b"content-length", str(len(_BODY)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": _BODY})


def main() -> int:
    """Print the table; 1 if a package is missing."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        print(f"Not measured: {', '.join(missing)} is not installed.")
        return 1
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "hypercorn", "bench.http:app", "--bind", address]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(address)
            print(table(HEADS, clients(f"http://{address}/")))
        finally:
            server.terminate()
    return 0


def _wait(address: str) -> None:
    host, port = address.split(":")
    for _ in range(_PATIENCE):
        try:
            socket.create_connection((host, int(port))).close()
            return
        except ConnectionRefusedError:
            sleep(0.1)
    raise RuntimeError(f"Nothing listens on {address}.")


if __name__ == "__main__":
    sys.exit(main())
