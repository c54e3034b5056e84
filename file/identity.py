"""Whose file it is: rows of two companies, or of two users' views, must not mix."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..catalog.rows import RowReader
from ..catalog.table import Table
from ..client.transport import Client
from ..client.usage import Meter
from ..errors import BadAnswer, OperationalError
from ..planner.request import path_of

_COLUMNS = ("company_id", "company_name", "id", "name")


def identity(
    tables: Mapping[str, Table], client: Client, meter: Meter
) -> dict[str, str]:
    """The company and the user of the token; their ids stay when names change.

    Costs 2 API tokens (spec v1, /users/me).
    """
    table = tables["users_me"]
    columns = [table.column(name) for name in _COLUMNS]
    endpoint = table.endpoints[0]
    page = client.get(endpoint, path_of(endpoint), (), meter)
    for row in RowReader(table, columns).read(page.rows):
        names = ("company_id", "company", "user_id", "user")
        return dict(zip(names, map(str, row), strict=True))
    raise BadAnswer(
        "Pipedrive does not say who the token belongs to, so nothing is written. "
        "Try again.",
        status=200,
        path=endpoint.path,
    )


def check_identity(
    target: Path, before: Mapping[str, str], now: Mapping[str, str]
) -> None:
    """Refuse to mix what two companies or users see. Raises OperationalError."""
    for name in ("company_id", "user_id"):
        if name in before and before[name] != now[name]:
            raise OperationalError(
                f"{target} holds what {before['user']} of {before['company']} sees, "
                f"and this token is that of {now['user']} of {now['company']}. Give "
                "another file."
            )
