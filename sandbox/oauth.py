"""OAuth 2.0 as oauth.pipedrive.com serves it, at the address of the sandbox.

Sources: spec v1 (/oauth/authorize, /oauth/token) and Pipedrive's pages "OAuth
authorization", "OAuth status codes" and "Handling user app uninstallation".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson

from .endpoint import Endpoint, Reply
from .refusal import Refusal, mismatch, unauthorized
from .scopes import SCOPES, scopes
from .switches import Switches

CODE_LIFE = 5 * 60  # seconds
REFRESH_LIFE = 60 * 86_400  # seconds without use

_HTML = "text/html; charset=utf-8"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
Form = Mapping[str, str]
Answered = tuple[Reply, dict[str, str]]
"""What is answered, and its headers."""


@dataclass(frozen=True, slots=True)
class App:
    """An app as the Developer Hub has it.

    `redirect_uri` is its callback URL (None: any on this machine), `expires_in` how
    many seconds an access token is good for. `consent` is what the user does with the
    page that asks: reads it in a browser and clicks, or at once allows or denies.
    """

    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...] = SCOPES
    redirect_uri: str | None = None
    expires_in: int = 3599
    consent: Literal["ask", "allow", "deny"] = "ask"

    def __post_init__(self) -> None:
        if unknown := set(self.scopes).difference(SCOPES):
            raise ValueError(f"{min(unknown)!r} is not a scope of Pipedrive")

    @classmethod
    def of(cls, seed: int) -> App:
        """The app of a company that was made from `seed`."""
        secret = hashlib.sha1(f"client secret {seed}".encode()).hexdigest()
        return cls(hashlib.sha1(f"client {seed}".encode()).hexdigest()[:16], secret)


@dataclass(slots=True)
class _Code:
    redirect_uri: str
    challenge: str
    until: float


class OAuth:
    """Who has let the app in, by which tokens; and the answers under /oauth."""

    def __init__(self, app: App, switches: Switches) -> None:
        self.app = app
        self.url = ""
        self._switches = switches
        self._passed = 0.0
        self._codes: dict[str, _Code] = {}
        self._access: dict[str, tuple[float, str]] = {}  # until, its refresh token
        self._refresh: dict[str, float] = {}  # until
        self._lock = Lock()

    # Of a test

    def wait(self, seconds: float) -> None:
        """Let time pass for codes and tokens."""
        self._passed += seconds

    def end_access(self) -> None:
        """Let every access token be over, whatever its owner was told."""
        with self._lock:
            self._access.clear()

    def uninstall(self) -> None:
        """Let the user remove the app: all tokens are over."""
        with self._lock:
            self._access.clear()
            self._refresh.clear()

    # Of the gateway

    def admit(self, bearer: str, endpoint: Endpoint | None, correlation: str) -> None:
        """Let a request in, or raise Refusal. None: there is no such endpoint."""
        with self._lock:
            until, _ = self._access.get(bearer, (0.0, ""))
        if until <= self._now():
            raise unauthorized(correlation)
        if endpoint is None or scopes(
            endpoint.method, endpoint.version, endpoint.path
        ).isdisjoint(self.app.scopes):
            raise mismatch()

    def answer(
        self, method: str, path: str, query: str, headers: Form, body: bytes
    ) -> Answered:
        """Answer a request under /oauth; raises Refusal."""
        given = dict(parse_qsl(query, keep_blank_values=True))
        form = dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))
        with self._lock:
            match method, path:
                case "GET", "/oauth/authorize":
                    return self._asked(given)
                case "POST", "/oauth/authorize":
                    return self._decided(form, form.get("decision") == "allow")
                case "POST", "/oauth/token":
                    return self._tokens(headers, form), {}
                case "POST", "/oauth/token/":
                    # As clients of the real one report: the form does not survive it.
                    return Reply(b"", status=301), {"location": "/oauth/token"}
                case "POST", "/oauth/revoke":
                    return self._revoked(headers, form), {}
        raise Refusal(404, {"success": False, "error": "Not found"})

    # Of the user

    def _asked(self, given: Form) -> Answered:
        """The page that asks the user, or the way back at once."""
        self._check(given)
        if self.app.consent != "ask":
            return self._decided(given, self.app.consent == "allow")
        return Reply(_page(self.app, given).encode(), kind=_HTML), {}

    def _decided(self, given: Form, allowed: bool) -> Answered:
        self._check(given)
        where = given["redirect_uri"]
        back = {"error": "access_denied"}
        if allowed:
            code = f"1.2.{secrets.token_hex(20)}"
            until = self._now() + CODE_LIFE
            self._codes[code] = _Code(where, given.get("code_challenge", ""), until)
            back = {"code": code}
        if "state" in given:
            back["state"] = given["state"]
        joint = "&" if urlsplit(where).query else "?"
        return Reply(b"", status=302), {"location": f"{where}{joint}{urlencode(back)}"}

    def _check(self, given: Form) -> None:
        if given.get("client_id") != self.app.client_id:
            raise _refused("invalid_client", "client is invalid")
        where = given.get("redirect_uri", "")
        if where != self.app.redirect_uri and (
            self.app.redirect_uri or urlsplit(where).hostname not in _LOOPBACK
        ):
            raise _refused("invalid_request", "redirect_uri is invalid")

    # Of the app

    def _tokens(self, headers: Form, form: Form) -> Reply:
        self._identify(headers, form)
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return self._granted(self._exchanged(form))
        if kind == "refresh_token":
            refresh = form.get("refresh_token", "")
            if self._refresh.get(refresh, 0.0) <= self._now():
                raise _refused("invalid_grant", "refresh_token is invalid")
            return self._granted(refresh)
        if kind is None:
            raise _refused("invalid_request", "Missing parameter: grant_type")
        raise _refused("unsupported_grant_type", "grant_type is invalid")

    def _exchanged(self, form: Form) -> str:
        """A new refresh token, for a code that is used up by it."""
        code = self._codes.pop(form.get("code", ""), None)
        if code is None:
            raise _refused("invalid_grant", "authorization_code is invalid")
        if code.until <= self._now():
            raise _refused("invalid_grant", "authorization_code has expired")
        if code.redirect_uri != form.get("redirect_uri"):
            raise _refused("invalid_request", "redirect_uri is invalid")
        if self._switches.oauth_checks_pkce and code.challenge:
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(digest).decode().rstrip("=") != code.challenge:
                raise _refused("invalid_grant", "code_verifier is invalid")
        return f"1:1:{secrets.token_hex(20)}"

    def _granted(self, refresh: str) -> Reply:
        """A new access token; the refresh token stays, for 60 days from now."""
        access = f"v1u:{secrets.token_urlsafe(300)}"
        now = self._now()
        self._refresh[refresh] = now + REFRESH_LIFE
        self._access[access] = now + self.app.expires_in, refresh
        told = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": self.app.expires_in,
            "refresh_token": refresh,
            "scope": ",".join(self.app.scopes),
            "api_domain": self.url,
        }
        return Reply(orjson.dumps(told))

    def _revoked(self, headers: Form, form: Form) -> Reply:
        """200 also for a token that is none (RFC 7009)."""
        self._identify(headers, form)
        token = form.get("token", "")
        self._access.pop(token, None)
        if self._refresh.pop(token, None) is not None:
            self._access = {
                access: (until, refresh)
                for access, (until, refresh) in self._access.items()
                if refresh != token
            }
        return Reply(orjson.dumps({"success": True}))

    def _identify(self, headers: Form, form: Form) -> None:
        """By HTTP Basic, or less well in the form."""
        if not headers.get("content-type", "").startswith(
            "application/x-www-form-urlencoded"
        ):
            wanted = "content must be application/x-www-form-urlencoded"
            raise _refused("invalid_request", wanted)
        told = form.get("client_id", ""), form.get("client_secret", "")
        kind, _, basic = headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                user, _, secret = base64.b64decode(basic).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                user = secret = ""
            told = user, secret
        if told != (self.app.client_id, self.app.client_secret):
            status = self._switches.bad_client_status
            raise _refused("invalid_client", "client is invalid", status)

    def _now(self) -> float:
        return time.monotonic() + self._passed


def _refused(error: str, why: str, status: int = 400) -> Refusal:
    body = {"success": False, "error": error, "error_description": why}
    return Refusal(status, body)


def _page(app: App, given: Form) -> str:
    kept = "".join(
        f'<input type="hidden" name="{html.escape(k)}" value="{html.escape(v)}">'
        for k, v in given.items()
    )
    rights = "".join(f"<li>{html.escape(scope)}</li>" for scope in app.scopes)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Pipedrive sandbox</title></head>
<body><h1>Let the app {html.escape(app.client_id)} in?</h1>
<p>It asks for:</p><ul>{rights}</ul>
<form method="post" action="/oauth/authorize">{kept}
<button name="decision" value="allow">Allow and install</button>
<button name="decision" value="deny">Cancel</button>
</form></body></html>
"""
