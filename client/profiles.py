"""Profiles: what a user has settled about an account, in config.toml.

    [profile.acme]
    company_domain = "acme"
    max_tokens = 2000

Secrets are not among it (client.secrets).
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from platformdirs import user_config_dir

from ..errors import InterfaceError
from .files import written

FOLDER_VARIABLE = "PIPEDRIVE_CONFIG_DIR"
PROFILE_VARIABLE = "PIPEDRIVE_PROFILE"
DEFAULT = "default"
"""The profile that is used where nothing says whose Pipedrive is meant."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FILE = "config.toml"
_TOKENS = ("api_token", "token", "access_token", "refresh_token", "client_secret")


@dataclass(frozen=True, slots=True)
class Profile:
    """One table of config.toml; what is None is not said there.

    `token_command` prints an API token. A text is cut into words as a shell would, but
    no shell runs it, unless `token_command_shell` asks for one. The other keys are as
    connect() takes them; `max_tokens` may be "none".
    """

    name: str = DEFAULT
    company_domain: str | None = None
    api_url: str | None = None
    token_command: str | list[str] | None = field(default=None, repr=False)
    token_command_shell: bool = False
    max_tokens: Annotated[int, Meta(ge=0)] | Literal["none"] | None = None
    timeout: Annotated[float, Meta(gt=0)] | None = None
    cache_ttl: Annotated[float, Meta(ge=0)] | None = None
    cache_dir: str | None = None
    plan: str | None = None
    seats: Annotated[int, Meta(ge=1)] | None = None
    reserve: Annotated[float, Meta(ge=0, lt=1)] | None = None
    state_dir: str | None = None

    def ceiling(self, otherwise: int | None) -> int | None:
        """What a statement may cost in API tokens, None for no ceiling."""
        if self.max_tokens is None:
            return otherwise
        return None if self.max_tokens == "none" else self.max_tokens


KEYS = tuple(each.name for each in fields(Profile) if each.name != "name")


def folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where config.toml, and secrets without a keyring, are."""
    told = environment.get(FOLDER_VARIABLE)
    return Path(told or user_config_dir("pipedrive-sql", appauthor=False))


def profile(name: str, environment: Mapping[str, str] = os.environ) -> Profile:
    """The profile of that name.

    Raises InterfaceError, which tells the nearest name, if there is none, and if its
    table has keys or values that cannot be.
    """
    path = folder(environment) / _FILE
    known = _profiles(path)
    if name not in known:
        check_name(name)
        near = _nearest(name, known)
        raise InterfaceError(
            f"There is no profile {name!r} in {path}{near} "
            f"To make it, type: pipedrive-sql login --profile {name}"
        )
    return _checked(name, known[name], path)


def default(environment: Mapping[str, str] = os.environ) -> Profile | None:
    """The profile called "default", if there is one. Raises as `profile` does."""
    path = folder(environment) / _FILE
    known = _profiles(path)
    return _checked(DEFAULT, known[DEFAULT], path) if DEFAULT in known else None


def names(environment: Mapping[str, str] = os.environ) -> list[str]:
    """All profiles, in the order of the file."""
    return list(_profiles(folder(environment) / _FILE))


def settle(
    name: str, keys: Mapping[str, str], environment: Mapping[str, str] = os.environ
) -> None:
    """Make a profile, or change these keys of it; all else in the file stays as it is.

    Raises InterfaceError for a name or a file that cannot be.
    """
    import tomlkit  # keeps comments; reading does not need it

    check_name(name)
    path = folder(environment) / _FILE
    _profiles(path)
    text = path.read_text("utf-8") if path.exists() else ""
    document = tomlkit.parse(text)
    profiles = document.get("profile")
    if profiles is None:
        profiles = tomlkit.table(is_super_table=True)
        document["profile"] = profiles
    if name not in profiles:
        profiles[name] = tomlkit.table()
    for key, value in keys.items():
        profiles[name][key] = value
    written(path, tomlkit.dumps(document).encode())


def check_name(name: str) -> None:
    """Raise InterfaceError unless a profile may be called so."""
    if not _NAME.fullmatch(name):
        raise InterfaceError(
            f"{name!r} cannot be a profile's name: letters, digits, _ and - can, up to "
            "64 of them."
        )


def _profiles(path: Path) -> dict[str, Any]:
    """The tables of the file, by name; none if there is no file."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InterfaceError(f"{path} is no TOML: {error}.") from error
    except OSError as error:
        raise InterfaceError(f"{path} cannot be read ({error.strerror}).") from error
    for key in document:
        if key != "profile":
            raise InterfaceError(
                f"{path} has {key!r}, but knows [profile.NAME] only. Put it there."
            )
    found = document.get("profile", {})
    if not isinstance(found, dict) or not all(
        isinstance(table, dict) for table in found.values()
    ):
        raise InterfaceError(f"In {path} each profile must be a [profile.NAME].")
    return found


def _checked(name: str, table: Mapping[str, Any], path: Path) -> Profile:
    where = f"[profile.{name}] in {path}"
    for key in table:
        if key in _TOKENS:
            raise InterfaceError(
                f"{where} has {key}: secrets do not belong there. Take it away and "
                f"type: pipedrive-sql login --profile {name} --api-token -"
            )
        if key not in KEYS:
            near = _nearest(key, KEYS)
            raise InterfaceError(
                f"{where} has {key!r}, which is no setting{near} "
                f"There are: {', '.join(KEYS)}."
            )
    try:
        return msgspec.convert({**table, "name": name}, Profile)
    except msgspec.ValidationError as error:
        why, _, key = str(error).partition(" - at `$.")
        raise InterfaceError(f"{where}: {key.rstrip('`')}: {why}.") from error


def _nearest(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, known, n=1)
    return f". Did you mean {found[0]!r}?" if found else "."
