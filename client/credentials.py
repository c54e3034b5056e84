"""As whom Pipedrive is asked. No repr of what is here shows a secret."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal, Protocol

from ..errors import InterfaceError

Kind = Literal["api token", "oauth"]

_PRINTABLE = re.compile(r"[!-~]+")


class Credentials(Protocol):
    """What lets one user of one company in; safe to use from several threads."""

    @property
    def kind(self) -> Kind:
        """What it is; the limits of the two differ."""

    @property
    def identity(self) -> str:
        """A name for the user and company, the same after each refresh; no secret."""

    def header(self) -> tuple[str, str]:
        """Name and value of the header that a request needs.

        May wait for a refresh, which raises RequestError's classes.
        """

    def renew(self, refused: str) -> bool:
        """After a 401: whether `header` has another value now than `refused`."""

    def secrets(self) -> tuple[str, ...]:
        """What must never be shown or kept."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """The token of a user's own settings. It has no end and cannot be renewed.

    Raises InterfaceError if it has characters that no header can carry.
    """

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _PRINTABLE.fullmatch(self.token):
            raise InterfaceError(
                "The API token has characters that no token has. Copy it again: "
                "Pipedrive shows it under Personal preferences > API."
            )

    @property
    def kind(self) -> Kind:
        return "api token"

    @property
    def identity(self) -> str:
        return hashlib.sha256(f"api token {self.token}".encode()).hexdigest()

    def header(self) -> tuple[str, str]:
        return "x-api-token", self.token

    def renew(self, refused: str) -> bool:
        return False

    def secrets(self) -> tuple[str, ...]:
        return (self.token,)
