"""A program that prints an API token, such as a password manager's."""

from __future__ import annotations

import shlex
import subprocess
from threading import Lock

from ..errors import InterfaceError, TokenRefused
from .credentials import ApiToken, Kind
from .profiles import Profile

_PATIENCE = 60.0  # seconds: it may ask somebody


class Printed:
    """An API token as the profile's token_command prints it, and anew once refused.

    Runs the program. Raises InterfaceError where it prints no token.
    """

    kind: Kind = "api token"

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._token = ApiToken(printed(profile))
        self._before: tuple[str, ...] = ()  # tokens that were refused
        self._identity = self._token.identity
        self._runs = 0
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"Printed(profile={self._profile.name!r})"

    @property
    def identity(self) -> str:
        return self._identity

    def header(self) -> tuple[str, str]:
        return self._token.header()

    def renew(self, refused: str) -> bool:
        """Run the program again; threads that wait for it take what it prints.

        Raises TokenRefused if it prints no token this time.
        """
        runs = self._runs
        with self._lock:
            if self._token.token == refused and self._runs == runs:
                try:
                    self._again()
                finally:
                    self._runs += 1
            return self._token.token != refused

    def secrets(self) -> tuple[str, ...]:
        return self._token.token, *self._before

    def _again(self) -> None:
        try:
            token = ApiToken(printed(self._profile))
        except InterfaceError as error:
            raise TokenRefused(
                f"Pipedrive refuses the token (401), and there is no other: {error}",
                status=401,
                path="",
            ) from error
        if token != self._token:
            self._before += (self._token.token,)
            self._token = token


def printed(profile: Profile) -> str:
    """The first line that the profile's token_command prints.

    Nothing that it prints is in an error, nor are its arguments. Its standard error
    stays what ours is, for its questions. Raises InterfaceError.
    """
    command = profile.token_command
    assert command is not None
    whose = f"The token_command of profile {profile.name!r}"
    if profile.token_command_shell:
        if not isinstance(command, str):
            raise InterfaceError(f"{whose} is a list, which no shell reads.")
        arguments: str | list[str] = command
    else:
        try:
            arguments = shlex.split(command) if isinstance(command, str) else command
        except ValueError as error:
            raise InterfaceError(
                f"{whose} cannot be cut into words: {error}."
            ) from None
        if not arguments:
            raise InterfaceError(f"{whose} is empty.")
    try:
        done = subprocess.run(
            arguments,
            shell=profile.token_command_shell,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        # Its own error would show what was printed so far.
        raise InterfaceError(f"{whose} did not end in {_PATIENCE:g} s.") from None
    except OSError as error:
        raise InterfaceError(f"{whose} cannot be run ({error.strerror}).") from None
    if done.returncode:
        raise InterfaceError(
            f"{whose} ended with status {done.returncode}. Run it by itself to see why."
        )
    lines = done.stdout.decode(errors="replace").split("\n")
    if not lines[0].strip():
        raise InterfaceError(f"{whose} printed nothing, where a token was to be.")
    return lines[0].strip()
