"""Who the credentials of an account belong to."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from ..catalog.table import Endpoint, Shape
from ..errors import BadAnswer
from .account import Account
from .transport import Client
from .usage import Meter

_PATH = "/v1/users/me"
# Source: spec v1, GET /users/me; its scope is `base`.
_ENDPOINT = Endpoint("/users/me", price=2, version=1, page=0, shape=Shape.ROW)


@dataclass(frozen=True, slots=True)
class Me:
    """The user and the company, as GET /v1/users/me tells them."""

    id: int
    name: str
    email: str
    company_id: int
    company_name: str
    company_domain: str


def me(account: Account) -> Me:
    """Ask Pipedrive, for 2 API tokens. Raises RequestError's classes."""
    client = Client(account)
    try:
        return me_by(client)
    finally:
        client.close()


def me_by(client: Client) -> Me:
    """The same, by a client that is there."""
    page = client.get(_ENDPOINT, _PATH, (), Meter(0))
    try:
        return msgspec.json.decode(page.rows, type=tuple[Me])[0]
    except msgspec.ValidationError as error:
        raise BadAnswer(
            f"Pipedrive does not say whose the token is ({error}).",
            status=200,
            path=_PATH,
        ) from error
