"""The sandbox as a server: in a thread of its own, or in the foreground."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any, ClassVar, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from .company import Company
from .faults import Fault, Faults
from .gateway import Gateway, Listener
from .heard import Heard, usage_of
from .limits import WINDOW, Limits, Plan
from .oauth import App, OAuth
from .rights import Role, make_regular
from .switches import Switches
from .wire import Protocol

PATIENCE = 1.0  # seconds that answers under way have when the sandbox closes


class Sandbox:
    """A Pipedrive that listens on `url`; use it in a `with`, or close() it.

    `deals` sizes the sample company of `seed`; `empty` has none of it; `company` is
    one made before. `token` is the one to send (default: the company's own),
    `latency` the seconds that every answer waits, `page_cap` the most rows of any
    page whatever its limit says. With `record` the bodies stay in `heard`. `role`
    says whether the token is that of an admin or of a regular user, who does not see
    all rows. `persons` are half as many as deals unless told. `search_lag` and
    `daily_tokens` are the attributes below. `app` is the one that may sign in by OAuth
    (default: made from the seed). `plan` and `seats` put the limits of a plan in force,
    those of its day as well; `window` is how many seconds its burst limit looks at.
    """

    listeners: ClassVar[list[Listener]] = []
    """Told every request to any sandbox of this process, bodies included."""

    def __init__(
        self,
        seed: int = 7,
        deals: int = 300,
        empty: bool = False,
        token: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        latency: float = 0.0,
        page_cap: int | None = None,
        company: Company | None = None,
        switches: Switches | None = None,
        record: bool = False,
        role: Role = "admin",
        persons: int | None = None,
        search_lag: float = 0.0,
        daily_tokens: int | None = None,
        app: App | None = None,
        plan: Plan | None = None,
        seats: int = 1,
        window: float = WINDOW,
    ) -> None:
        switches = switches or (company.switches if company else Switches())
        if company is None and empty:
            company = Company.empty(seed, switches)
        elif company is None:
            company = Company.sample(seed, deals, switches, persons=persons)
        if role != "admin":
            make_regular(company)
        self.company = company
        self.oauth = OAuth(app or App.of(seed), switches)
        self._gateway = Gateway(
            company,
            token or company.token,
            switches,
            latency=latency,
            page_cap=page_cap,
            record=record,
            oauth=self.oauth,
            role=role,
            search_lag=search_lag,
            limits=Limits(company, switches, plan, seats, daily_tokens, window),
            listeners=self.listeners,
        )
        self._socket = socket.create_server((host, port), backlog=128)
        # Else an answer's body waits 40 ms for the client to confirm its head.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.url = f"http://{host}:{self._socket.getsockname()[1]}"
        self.oauth.url = self.url
        self._server = _Server(_config(self._gateway))
        self._thread: threading.Thread | None = None
        self.start()

    def start(self) -> None:
        """Listen (the constructor does it); returns when requests are answered."""
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), daemon=True
        )
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.001)
        if not self._server.started:
            raise RuntimeError(f"The sandbox could not be started at {self.url}")

    def close(self) -> None:
        """Stop listening; again does nothing."""
        if self._thread is not None:
            self._server.end()
            self._thread.join()
            self._thread = None
            self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def token(self) -> str:
        """The API token; to set another one ends it, as a user's settings do."""
        return self._gateway.token

    @token.setter
    def token(self, token: str) -> None:
        self._gateway.token = token

    # What was asked

    @property
    def heard(self) -> list[Heard]:
        """Every request since the last reset; `str()` of one is `GET /path?query`."""
        return self._gateway.heard

    def usage(self) -> dict[str, Any]:
        """What GET /_sandbox/usage answers: requests, tokens, rows, by endpoint."""
        return usage_of(self.heard)

    def reset(self) -> None:
        """Forget what was asked, and what it cost; the company stays as it is."""
        self._gateway.heard.clear()
        self._gateway.limits.reset()

    # What is slow, and what runs out

    @property
    def search_lag(self) -> float:
        """Searches see the company as it was so many seconds ago (at most 3,600)."""
        return self._gateway.search_lag

    @search_lag.setter
    def search_lag(self, seconds: float) -> None:
        self._gateway.search_lag = seconds

    @property
    def daily_tokens(self) -> int | None:
        """The day's budget: the plan's and its seats' unless told. None: without end.

        Answers tell it in their headers; when it is spent they are all 429, until the
        day ends at midnight UTC by the company's clock, or a reset.
        """
        return self._gateway.limits.tokens

    @daily_tokens.setter
    def daily_tokens(self, tokens: int | None) -> None:
        self._gateway.limits.tokens = tokens

    # What goes wrong

    def fail(
        self, path: str = "", status: int = 503, times: int | None = 1, **more: Any
    ) -> None:
        """Let the next `times` requests fail whose path ends with `path`.

        They get `status`, and nothing is done; unless `more` says what else happens
        to which of them, in the words of Fault: `how="cut-body"`, `query="cursor"`.
        """
        self.faults.add(Fault(path=path, status=status, times=times, **more))

    @property
    def faults(self) -> Faults:
        """The rules by which requests fail."""
        return self._gateway.faults


def run(
    host: str = "127.0.0.1",
    port: int = 0,
    seed: int = 7,
    deals: int = 300,
    empty: bool = False,
    token: str | None = None,
    latency: float = 0.0,
    role: Role = "admin",
    switches: Switches | None = None,
    persons: int | None = None,
    search_lag: float = 0.0,
    daily_tokens: int | None = None,
    app: App | None = None,
    plan: Plan | None = None,
    seats: int = 1,
    faults: Sequence[Fault] = (),
) -> None:
    """Serve until interrupted; the first line printed says where, and the token.

    The second tells the id and the secret of the app that may sign in by OAuth.
    """
    with Sandbox(
        seed,
        deals,
        empty,
        token,
        host,
        port,
        latency,
        role=role,
        switches=switches,
        persons=persons,
        search_lag=search_lag,
        daily_tokens=daily_tokens,
        app=app,
        plan=plan,
        seats=seats,
    ) as sandbox:
        for fault in faults:
            sandbox.faults.add(fault)
        gc.freeze()  # or every collection would look through the whole company
        print(
            f"Pipedrive sandbox listening on {sandbox.url} (token {sandbox.token})\n"
            f"OAuth: client id {sandbox.oauth.app.client_id}, "
            f"client secret {sandbox.oauth.app.client_secret}",
            flush=True,
        )
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


class _Server(uvicorn.Server):
    """uvicorn looks but every tenth of a second whether to end; this is told."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets)

    def end(self) -> None:
        """Stop, whichever thread says so."""
        self._loop.call_soon_threadsafe(self._over.set)

    async def main_loop(self) -> None:
        await self._over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self.server_state.connections:
                    await asyncio.sleep(0.001)


def _config(gateway: Gateway) -> uvicorn.Config:
    async def usage(request: Request) -> JSONResponse:
        return JSONResponse(usage_of(gateway.heard))

    async def reset(request: Request) -> JSONResponse:
        gateway.heard.clear()
        gateway.limits.reset()
        return JSONResponse({"success": True})

    async def faults(request: Request) -> JSONResponse:
        if request.method == "DELETE":
            gateway.faults.clear()
        elif request.method == "POST":
            try:
                gateway.faults.add(Fault.sent(await request.body()))
            except ValueError as error:
                return JSONResponse({"success": False, "error": str(error)}, 400)
        return JSONResponse({"success": True, "data": gateway.faults.as_json()})

    app = Starlette(
        routes=[
            Route("/_sandbox/usage", usage, methods=["GET"]),
            Route("/_sandbox/reset", reset, methods=["POST"]),
            Route("/_sandbox/faults", faults, methods=["GET", "POST", "DELETE"]),
            Mount("/", app=gateway),
        ]
    )
    return uvicorn.Config(
        app,
        http=Protocol,
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,  # the gateway's is by the company's clock
        timeout_keep_alive=60,
    )
