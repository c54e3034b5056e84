"""From an HTTP request to an answer: token, limits, path, parameters, body."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from email.utils import formatdate
from functools import partial
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope, Send

from .company import Company
from .endpoint import Call, Endpoint, Reply
from .faults import INSTEAD, Faults
from .heard import Heard
from .limits import Limits
from .oauth import OAuth
from .parameters import read_all
from .refusal import (
    Refusal,
    bad_request,
    unauthorized,
    unknown_path,
    wrong_method,
)
from .rights import Role, admin_only, no_right, sees
from .routes import Routes
from .spoiled import instead, spoil
from .switches import Switches
from .wire import Answer, write

Listener = Callable[[Heard], None]
"""Is told every request with its bodies, in the server's thread."""


class Gateway:
    """An ASGI application; everything it knows is the company and its own memory."""

    def __init__(
        self,
        company: Company,
        token: str,
        switches: Switches,
        *,
        latency: float = 0.0,
        page_cap: int | None = None,
        record: bool = False,
        oauth: OAuth,
        role: Role = "admin",
        search_lag: float = 0.0,
        limits: Limits,
        listeners: Sequence[Listener] = (),
    ) -> None:
        self.company = company
        self.token = token
        self.switches = switches
        self.latency = latency
        self.page_cap = page_cap
        self.record = record
        self.oauth = oauth
        self.role = role
        self.search_lag = search_lag
        self.limits = limits
        self.listeners = listeners
        self.heard: list[Heard] = []
        self.faults = Faults()
        self._routes = Routes()
        self._count = 0
        self._sees = None
        if role != "admin":
            self._sees = partial(sees, company["users"].rows[company.me])
        company.watch()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        method, path = scope["method"], scope["path"]
        query = scope["query_string"].decode("latin-1")
        fault = self.faults.find(method, path, query)
        if delay := self.latency + (fault.delay if fault else 0.0):
            await asyncio.sleep(delay)
        if fault and fault.how in INSTEAD:
            answer = instead(fault)
        else:
            answer = self.answer(scope, body)
        if fault:
            spoil(fault, answer, path, query, self._ask)
        self._remember(scope, body, answer)
        now = formatdate(self.company.now.timestamp(), usegmt=True)
        told = self.limits.headers(answer.token)
        answer.headers = {"date": now, **told, **answer.headers}
        await write(scope, receive, send, answer, fault)

    def answer(self, scope: Scope, body: bytes) -> Answer:
        """Answer one request; never raises."""
        found = Answer(500, b"")
        try:
            self._count += 1
            if scope["path"].startswith("/oauth/"):
                reply, found.headers = self._sign_in(scope, body)
                if reply.status == 200:
                    found.endpoint = f"{scope['method']} {scope['path']}"
            else:
                endpoint, blanks = self._admit(scope, found)
                found.endpoint, found.tokens = endpoint.name, endpoint.price
                reply = endpoint.answer(self._read(scope, body, endpoint, blanks))
            found.status, found.content = reply.status, reply.content
            found.kind, found.rows = reply.kind, reply.rows
        except Refusal as refusal:
            found.status = refusal.status
            found.content, found.kind = refusal.content, refusal.kind
            found.headers = refusal.headers
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            problem = f"The sandbox has a defect: {error!r}"
            found.content = orjson.dumps({"success": False, "error": problem})
        return found

    def _sign_in(self, scope: Scope, body: bytes) -> tuple[Reply, dict[str, str]]:
        query = scope["query_string"].decode("latin-1")
        headers = {
            name: _header(scope, name.encode())
            for name in ("authorization", "content-type")
        }
        return self.oauth.answer(scope["method"], scope["path"], query, headers, body)

    def _admit(self, scope: Scope, answer: Answer) -> tuple[Endpoint, dict[str, str]]:
        """What the real gateway checks, in its order."""
        found = self._routes.find(scope["path"])
        endpoint = found[0].get(scope["method"]) if found else None
        correlation = f"sandbox-{self._count}"
        token = _header(scope, b"x-api-token")
        bearer = _header(scope, b"authorization").removeprefix("Bearer ")
        oauth = bool(bearer and not token)
        if oauth:
            self.oauth.admit(bearer, endpoint, correlation)
        elif token != self.token:
            raise unauthorized(correlation)
        answer.token = bearer if oauth else token
        allowed = endpoint
        if endpoint and self.role != "admin" and admin_only(endpoint):
            allowed = None
        self.limits.enter(answer.token, oauth, allowed)
        if found is None:
            raise unknown_path()
        if endpoint is None:
            raise wrong_method()
        if allowed is None:
            raise no_right()
        return endpoint, found[1]

    def _read(
        self, scope: Scope, body: bytes, endpoint: Endpoint, blanks: dict[str, str]
    ) -> Call:
        """The parameters and the body, checked as far as every endpoint checks."""
        given = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
        strict = self.switches.unknown_parameter_is_refused
        query = read_all(endpoint.query, given, strict)
        call = Call(
            self.company,
            self.switches,
            blanks,
            query,
            page_cap=self.page_cap,
            sees=self._sees,
            search_lag=self.search_lag,
        )
        if body:
            try:
                call.body = orjson.loads(body)
            except orjson.JSONDecodeError:
                raise bad_request("The request body is not valid JSON") from None
        return call

    def _ask(self, method: str, path: str, query: str, body: bytes) -> Reply | None:
        """What the sandbox answers itself, at no price; None if it refuses."""
        found = self._routes.find(path)
        endpoint = found[0].get(method) if found else None
        if found is None or endpoint is None:
            return None
        scope = {"query_string": query.encode()}
        try:
            return endpoint.answer(self._read(scope, body, endpoint, found[1]))
        except Refusal:
            return None

    def _remember(self, scope: Scope, body: bytes, answer: Answer) -> None:
        heard = Heard(
            scope["method"],
            scope["path"],
            scope["query_string"].decode("latin-1"),
            answer.status,
            answer.tokens,
            answer.rows,
            answer.endpoint,
        )
        if self.record or self.listeners:
            whole = replace(
                heard, headers=_shown(scope), body=body, answer=answer.content
            )
            for listener in self.listeners:
                listener(whole)
            heard = whole if self.record else heard
        self.heard.append(heard)


def _shown(scope: Scope) -> tuple[tuple[str, str], ...]:
    """The headers of a request, but for those that let it in."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in scope["headers"]
        if name not in (b"x-api-token", b"authorization")
    )


def _header(scope: Scope, name: bytes) -> str:
    found = (value for key, value in scope["headers"] if key == name)
    return next(found, b"").decode("latin-1")


async def _read(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
