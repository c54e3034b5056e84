"""Talking to Pipedrive's OAuth server.

Sources: spec v1 (/oauth/authorize, /oauth/token) and Pipedrive's pages "OAuth
authorization", "OAuth status codes" and "Handling user app uninstallation".
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlencode

import msgspec

from ..errors import BadAnswer, Refused, SignedOut, Unavailable
from .address import OAUTH_SERVER, is_local, is_pipedrive
from .log import LOGGER
from .network import Line, Unreached

if TYPE_CHECKING:
    from authlib.oauth2.auth import ClientAuth
    from authlib.oauth2.client import OAuth2Client

TOKEN_PATH = "/oauth/token"
_REVOKE_PATH = "/oauth/revoke"
_SILENCE = 10.0  # seconds without a byte of the answer
_TRIES = 3  # of a refresh: to ask again changes nothing (the refresh token stays)
_PAUSE = 0.2  # seconds


@dataclass(frozen=True, slots=True)
class App:
    """An app of the Developer Hub, by what Pipedrive knows it; `server` is a host."""

    client_id: str
    client_secret: str = field(repr=False)
    server: str = OAUTH_SERVER


@dataclass(frozen=True, slots=True)
class Told:
    """What the server says with each access token; `expires_in` is in seconds."""

    access_token: str = field(repr=False)
    token_type: str
    expires_in: float
    api_domain: str
    refresh_token: str = field(default="", repr=False)
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """One user being asked to let the app in; the answer brings `state` back.

    PKCE is not documented for Pipedrive: `pkce` sends its challenge all the same.
    """

    app: App
    redirect_uri: str
    pkce: bool = False
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)

    @property
    def url(self) -> str:
        """Where the user's browser has to go."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        asked = {
            "client_id": self.app.client_id,
            "redirect_uri": self.redirect_uri,
            "state": self.state,
        }
        if self.pkce:
            asked["code_challenge"] = create_s256_code_challenge(self.verifier)
            asked["code_challenge_method"] = "S256"
        return f"{self.app.server}/oauth/authorize?{urlencode(asked)}"

    def exchange(self, code: str) -> Told:
        """The tokens for the code that came back; it serves once, for five minutes.

        Raises RequestError's classes.
        """
        more = {"code_verifier": self.verifier} if self.pkce else {}
        with _Session(self.app) as session:
            return session.ask(
                lambda client, url: client.fetch_token(
                    url,
                    grant_type="authorization_code",
                    code=code,
                    redirect_uri=self.redirect_uri,
                    **more,
                ),
                "the code of the sign-in",
            )


def refreshed(app: App, refresh_token: str) -> Told:
    """A new access token.

    Raises SignedOut if the refresh token is over: after 60 days without use, or since
    the app was removed; and RequestError's other classes.
    """
    with _Session(app) as session:
        return session.ask(
            lambda client, url: client.refresh_token(url, refresh_token),
            "the sign-in",
            tries=_TRIES,
        )


def revoke(app: App, refresh_token: str) -> None:
    """Take the user's consent back: Pipedrive marks the app as uninstalled.

    Also for a token that is over already. Raises RequestError's classes.
    """
    with _Session(app) as session:
        session.client.revoke_token(
            f"{app.server}{_REVOKE_PATH}", refresh_token, "refresh_token"
        ).raise_for_status()


@dataclass(frozen=True, slots=True)
class _Answer:
    """As much of an answer as Authlib looks at."""

    server: str
    path: str
    status_code: int
    body: bytes = field(repr=False)

    def json(self) -> Any:
        return msgspec.json.decode(self.body)  # its error is a ValueError

    def raise_for_status(self) -> None:
        if self.status_code == 200:
            return
        kind = Unavailable if self.status_code >= 429 else Refused
        raise kind(
            f"{self.server} answers {self.status_code} to POST {self.path}. "
            "Try again in a minute.",
            status=self.status_code,
            path=self.path,
        )


class _Session:
    """Authlib's client, sending over the network's thread, as the requests do."""

    def __init__(self, app: App) -> None:
        from authlib.oauth2.client import OAuth2Client

        self._app = app
        self._line = Line(app.server)
        self.client: OAuth2Client = OAuth2Client(self, app.client_id, app.client_secret)

    def __enter__(self) -> _Session:
        return self

    def __exit__(self, *error: object) -> None:
        self._line.close()

    def post(
        self,
        url: str,
        data: Mapping[str, str],
        headers: Mapping[str, str],
        auth: ClientAuth,
    ) -> _Answer:
        """Authlib's way to send a form."""
        sent = auth.prepare("POST", url, dict(headers), urlencode(data))
        path = sent[0].removeprefix(self._app.server)
        sending = self._line.exchange("POST", path, sent[1], sent[2].encode(), _SILENCE)
        began, status = perf_counter(), 0
        try:
            answer = self._line.start(sending).result()
            status = answer.status
        except Unreached as error:
            raise Unavailable(
                f"{self._app.server} cannot be asked for a sign-in ({error}). Check "
                "the network, then try again.",
                status=None,
                path=path,
            ) from error
        finally:
            took = (perf_counter() - began) * 1000
            LOGGER.info("POST %s %s in %.0f ms", path, status or "no answer", took)
        return _Answer(self._app.server, path, answer.status, answer.body)

    def ask(self, how: Any, what: str, tries: int = 1) -> Told:
        """The token that `how(client, url)` gets, checked; sent so often at most."""
        from authlib.oauth2 import OAuth2Error

        try:
            told = how(self.client, f"{self._app.server}{TOKEN_PATH}")
        except OAuth2Error as error:
            self._refuse(str(error.error), error.description or "", what)
        except Unavailable:
            if tries <= 1:
                raise
        except ValueError:
            self._unreadable("an answer that is no JSON object")
        else:
            return self._checked(told)
        self._line.start(asyncio.sleep(_PAUSE)).result()
        return self.ask(how, what, tries - 1)

    def _checked(self, told: Mapping[str, Any]) -> Told:
        try:
            found = msgspec.convert(dict(told), Told)
        except msgspec.ValidationError as error:
            self._unreadable(str(error))
        if found.token_type.lower() != "bearer":
            self._unreadable(f"a token of type {found.token_type!r}")
        if not found.access_token.isascii() or not found.access_token.isprintable():
            self._unreadable("a token that no header can carry")
        domain = found.api_domain
        safe = is_local if is_local(self._app.server) else is_pipedrive
        if not safe(domain):
            self._unreadable(f"the API address {domain!r}, which is not Pipedrive's")
        return found

    def _refuse(self, error: str, why: str, what: str) -> NoReturn:
        at = self._app.server
        if error == "invalid_client":
            raise Refused(
                f"{at} does not know this client id with this client secret. Compare "
                "both with the Developer Hub.",
                status=401,
                path=TOKEN_PATH,
            )
        if error == "invalid_grant":
            raise SignedOut(
                f"Pipedrive does not take {what} any more ({error}): it is over, or "
                "was taken back. Sign in again: pipedrive-sql login",
                status=400,
                path=TOKEN_PATH,
            )
        words = f"{error}: {why}" if why else error
        raise Refused(
            f"{at} refuses {what} ({words[:200]}). Compare the callback URL and the "
            "app with the Developer Hub.",
            status=400,
            path=TOKEN_PATH,
        )

    def _unreadable(self, what: str) -> NoReturn:
        raise BadAnswer(
            f"{self._app.server} answers POST {TOKEN_PATH} with {what}, so nothing is "
            "sent there. Try again; if it stays, report it.",
            status=200,
            path=TOKEN_PATH,
        )
