"""A program that prints an API token, such as a password manager's."""

from __future__ import annotations

import shlex
import subprocess

from ..errors import InterfaceError
from .profiles import Profile

_PATIENCE = 60.0  # seconds: it may ask somebody


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
