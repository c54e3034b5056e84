"""Secrets at rest: in the keyring of the system, else in a file of the user's own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from filelock import FileLock, Timeout

from ..errors import InterfaceError
from . import profiles
from .files import private, written

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

PLACE_VARIABLE = "PIPEDRIVE_SECRETS"
PLACES = ("keyring", "file")

_FILE = "secrets.json"
_PATIENCE = 10.0  # seconds for another process that is writing
_SERVICE = "pipedrive-sql"
_USABLE = 1  # the priority from which on a keyring is one of the system's own


class Secrets:
    """The secrets of all profiles, each a JSON object.

    PIPEDRIVE_SECRETS says "keyring" or "file"; without it the keyring is used where
    the system has one that works, else `secrets.json` beside config.toml.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._folder = profiles.folder(environment)
        self._path = self._folder / _FILE
        # Another folder is another set of profiles.
        special = environment.get(profiles.FOLDER_VARIABLE)
        self._service = f"{_SERVICE} {self._folder}" if special else _SERVICE
        self._place = environment.get(PLACE_VARIABLE, "")
        if self._place not in ("", *PLACES):
            raise InterfaceError(
                f"{PLACE_VARIABLE}={self._place} is neither {' nor '.join(PLACES)}."
            )

    def get(self, profile: str) -> bytes | None:
        """What is kept for a profile. Raises InterfaceError if it cannot be read."""
        kept = self._file().get(profile)
        if kept is not None:
            return bytes(kept)
        ring = self._keyring()
        return _asked(ring, self._service, profile) if ring else None

    def put(self, profile: str, secret: bytes) -> str:
        """Keep it in place of what was kept; returns where, in words."""
        ring = self._keyring()
        if ring is not None and self._stored(ring, profile, secret):
            self._change(profile, None)
            return f"the keyring ({ring.name})"
        self._change(profile, secret)
        if ring is not None:
            _forgotten(ring, self._service, profile)
        return str(self._path)

    def forget(self, profile: str) -> bool:
        """Whether something was kept, which is gone now."""
        there = self._change(profile, None)
        ring = self._keyring()
        return (ring and _forgotten(ring, self._service, profile)) or there

    def lock(self, profile: str) -> FileLock:
        """One process at a time may hold it: who changes the tokens of a profile."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return FileLock(self._folder / f"{profile}.lock", mode=0o600)

    def _file(self) -> dict[str, msgspec.Raw]:
        if self._place == "keyring":
            return {}
        text = private(self._path)
        if text is None:
            return {}
        try:
            return msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        except msgspec.DecodeError as error:
            raise InterfaceError(
                f"{self._path} is damaged. Delete it and sign in anew: "
                "pipedrive-sql login"
            ) from error

    def _change(self, profile: str, secret: bytes | None) -> bool:
        """Set or drop one entry of the file; whether there was one."""
        if secret is None and profile not in self._file():
            return False
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(self._folder / f"{_FILE}.lock", _PATIENCE, mode=0o600):
                kept = self._file()
                there = kept.pop(profile, None) is not None
                if secret is not None:
                    kept[profile] = msgspec.Raw(secret)
                written(self._path, msgspec.json.encode(kept))
                return there
        except Timeout as error:
            raise InterfaceError(
                f"{self._path} has been locked by another process for {_PATIENCE:g} s."
                " Try again."
            ) from error
        except OSError as error:
            raise InterfaceError(
                f"{self._path} cannot be written ({error.strerror})."
            ) from error

    def _keyring(self) -> KeyringBackend | None:
        """The system's own, if it has one that works."""
        if self._place == "file":
            return None
        import keyring  # a tenth of a second, for those who keep secrets there

        ring = keyring.get_keyring()
        if ring.priority >= _USABLE:
            return ring
        if self._place == "keyring":
            raise InterfaceError(
                f"{PLACE_VARIABLE}=keyring, but there is no keyring here "
                f"({ring.name}). Set {PLACE_VARIABLE}=file."
            )
        return None

    def _stored(self, ring: KeyringBackend, profile: str, secret: bytes) -> bool:
        """Whether the keyring took it; Windows has one that refuses long ones."""
        from keyring.errors import KeyringError

        try:
            ring.set_password(self._service, profile, secret.decode())
        except (KeyringError, OSError) as error:
            if self._place == "keyring":
                raise InterfaceError(
                    f"The keyring ({ring.name}) does not take the secret ({error}). "
                    f"Unlock it, or set {PLACE_VARIABLE}=file."
                ) from None
            return False
        return True


def _asked(ring: KeyringBackend, service: str, profile: str) -> bytes | None:
    from keyring.errors import KeyringError

    try:
        found = ring.get_password(service, profile)
    except (KeyringError, OSError) as error:
        raise InterfaceError(
            f"The keyring ({ring.name}) does not give its secret ({error}). Unlock it "
            f"and try again, or keep secrets in a file: {PLACE_VARIABLE}=file"
        ) from error
    return None if found is None else found.encode()


def _forgotten(ring: KeyringBackend, service: str, profile: str) -> bool:
    from keyring.errors import PasswordDeleteError

    with suppress(PasswordDeleteError):  # it has none
        ring.delete_password(service, profile)
        return True
    return False
