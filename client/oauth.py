"""Credentials of a sign-in by OAuth: kept fresh, by one process at a time."""

from __future__ import annotations

import hashlib
import logging
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Literal, NoReturn

import msgspec
from filelock import Timeout

from ..errors import InterfaceError, SignedOut, Unavailable
from .authorization import TOKEN_PATH, App, Told, refreshed, revoke
from .credentials import Kind
from .log import LOGGER
from .secrets import Secrets

_EARLY = 60.0  # seconds before its end that a token is exchanged
_PATIENCE = 60.0  # seconds for another process that refreshes


@dataclass(frozen=True, slots=True)
class Grant:
    """What is kept of a sign-in. Times are Unix times; `scope` has commas.

    `user` and `company` are Pipedrive's ids: the domain of a company may change.
    """

    app: App
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    api_domain: str
    scope: str
    user: int
    company: int
    ends: float
    renew_at: float
    kind: Literal["oauth"] = "oauth"

    @classmethod
    def of(cls, app: App, told: Told, user: int = 0, company: int = 0) -> Grant:
        """What the server told just now."""
        now = time.time()
        return cls(
            app,
            told.access_token,
            told.refresh_token,
            told.api_domain.rstrip("/"),
            told.scope,
            user,
            company,
            now + told.expires_in,
            now + told.expires_in - min(_EARLY, told.expires_in / 10),
        )

    def renewed(self) -> Grant:
        """The same sign-in with a new access token. Raises RequestError's classes."""
        told = refreshed(self.app, self.refresh_token)
        grant = Grant.of(self.app, told, self.user, self.company)
        return replace(grant, refresh_token=told.refresh_token or self.refresh_token)

    @property
    def identity(self) -> str:
        """Server, app with its rights, company and user; no secret."""
        app, scopes = self.app, sorted(self.scope.replace(",", " ").split())
        words = ("oauth", app.server, app.client_id, self.company, self.user, *scopes)
        return hashlib.sha256(" ".join(map(str, words)).encode()).hexdigest()

    @property
    def header(self) -> str:
        return f"Bearer {self.access_token}"


class OAuth:
    """Credentials by a Grant; those of a `profile` are kept for other processes, too.

    Threads share them. One thread of one process refreshes them at a time, and the
    others take what it got.
    """

    kind: Kind = "oauth"

    def __init__(self, grant: Grant, profile: str, secrets: Secrets) -> None:
        self._grant = grant
        self._profile = profile
        self._secrets = secrets
        self._identity = grant.identity
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"OAuth({self._grant!r}, profile={self._profile!r})"

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def api_domain(self) -> str:
        """The host of the company, where alone the tokens are sent."""
        return self._grant.api_domain

    @property
    def scopes(self) -> list[str]:
        """What the user has let the app do."""
        return sorted(self._grant.scope.replace(",", " ").split())

    @property
    def ends(self) -> float:
        """When the access token ends, as a Unix time; it is refreshed before."""
        return self._grant.ends

    def header(self) -> tuple[str, str]:
        """Waits for a refresh only once the token has ended.

        Raises SignedOut if the sign-in is over, and RequestError's other classes.
        """
        grant, now = self._grant, time.time()
        if now >= grant.renew_at and self._lock.acquire(blocking=now >= grant.ends):
            try:
                if self._grant is grant:  # nobody else was first
                    self._refresh()
            except Unavailable:
                if time.time() >= grant.ends:
                    raise
            finally:
                self._lock.release()
        return "authorization", self._grant.header

    def renew(self, refused: str) -> bool:
        """Raises as `header` does."""
        with self._lock:
            if self._grant.header == refused:
                self._refresh()
            return True

    def secrets(self) -> tuple[str, ...]:
        grant = self._grant
        return grant.access_token, grant.refresh_token, grant.app.client_secret

    def revoke(self) -> None:
        """Take the consent back at Pipedrive. Raises RequestError's classes."""
        revoke(self._grant.app, self._grant.refresh_token)

    def _refresh(self) -> None:
        """A later access token: one that another process got, or a new one.

        Raises what Grant.renewed does.
        """
        with self._alone():
            kept = self._kept()
            if kept.ends <= self._grant.ends or time.time() >= kept.renew_at:
                kept = kept.renewed()
                self._keep(kept)
            self._grant = kept

    def _alone(self) -> AbstractContextManager[object]:
        """While it lasts no other process refreshes this profile."""
        try:
            lock = self._secrets.lock(self._profile)
            return lock.acquire(timeout=_PATIENCE)
        except Timeout as error:
            raise Unavailable(
                f"Another process has been refreshing the sign-in of profile "
                f"{self._profile!r} for {_PATIENCE:g} s. Try again.",
                status=None,
                path=TOKEN_PATH,
            ) from error
        except OSError as error:
            # A folder that cannot be written to: then nobody keeps tokens there.
            self._note(f"cannot be locked ({error.strerror})")
            return nullcontext()

    def _kept(self) -> Grant:
        """What is kept now, by whichever process."""
        text = self._secrets.get(self._profile)
        if text is None:
            self._end("was signed out")
        try:
            found = msgspec.json.decode(text, type=Grant)
        except msgspec.ValidationError:
            self._end("was signed in in another way")
        if (found.user, found.company) != (self._grant.user, self._grant.company):
            self._end("was signed in to another account")
        return found

    def _keep(self, grant: Grant) -> None:
        try:
            self._secrets.put(self._profile, encoded(grant))
        except InterfaceError as error:
            # The refresh token stays the same, so others can refresh for themselves.
            self._note(f"is not kept: {error}")

    def _note(self, what: str) -> None:
        LOGGER.log(logging.WARNING, "the sign-in of %s %s", self._profile, what)

    def _end(self, why: str) -> NoReturn:
        raise SignedOut(
            f"Profile {self._profile!r} {why} meanwhile. Connect again, or sign in: "
            f"pipedrive-sql login --profile {self._profile}",
            status=None,
            path=TOKEN_PATH,
        )


def encoded(grant: Grant) -> bytes:
    """As JSON, which msgspec reads again."""
    return msgspec.json.encode(grant)
