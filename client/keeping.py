"""What a profile is let in with, from and into the secrets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal

import msgspec

from ..errors import SignedOut
from .authorization import TOKEN_PATH
from .credentials import ApiToken
from .oauth import Grant, OAuth, encoded
from .secrets import Secrets


class _Token(msgspec.Struct):
    token: str
    kind: Literal["api token"] = "api token"


class _Kind(msgspec.Struct):
    kind: Literal["api token", "oauth"]


def kept(profile: str, environment: Mapping[str, str] = os.environ) -> ApiToken | OAuth:
    """The credentials of a profile.

    Raises SignedOut if there are none, InterfaceError if they cannot be read.
    """
    secrets = Secrets(environment)
    text = secrets.get(profile)
    if text is None:
        raise SignedOut(
            f"Profile {profile!r} is not signed in. "
            f"Type: pipedrive-sql login --profile {profile}",
            status=None,
            path=TOKEN_PATH,
        )
    if msgspec.json.decode(text, type=_Kind).kind == "api token":
        return ApiToken(msgspec.json.decode(text, type=_Token).token)
    return OAuth(msgspec.json.decode(text, type=Grant), profile, secrets)


def keep(
    profile: str,
    what: ApiToken | Grant,
    environment: Mapping[str, str] = os.environ,
) -> str:
    """Keep it for the profile; returns where, in words. Raises InterfaceError."""
    if isinstance(what, ApiToken):
        text = msgspec.json.encode(_Token(what.token))
    else:
        text = encoded(what)
    return Secrets(environment).put(profile, text)


def forget(profile: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether something was kept, which is gone now. Raises InterfaceError."""
    return Secrets(environment).forget(profile)
