"""Tables of several pages, of both dialects, through faults of paging.

A page that is left out because a cursor skips it cannot be seen in any answer, and is
not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.errors import BadAnswer, Error
from pipedrive_sql.sandbox import Company, Sandbox

from .matrix import (
    PAGE,
    ROWS,
    WHOLE,
    company,
    leaving_nothing,
    opened,
    read,
    under,
)

# What comes of each fault for every table.
FAULTS: dict[str, str | type[Error]] = {
    "same-cursor": BadAnswer,
    "duplicate-row": ROWS,
    "overlap": ROWS,
}
TABLES = ("activities", "leads", "products", "stages", "projects", "tasks", "files")

pytestmark = pytest.mark.unofficial


@pytest.fixture(scope="module", autouse=True)
def nothing_left() -> Iterator[None]:
    with leaving_nothing():
        yield


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of each fault, for each of these tables."""
    folder, shared = tmp_path_factory.mktemp("pages"), company()

    def one(of: Company) -> tuple[Sandbox, Connection]:
        sandbox = Sandbox(company=of, page_cap=PAGE)
        return sandbox, opened(sandbox, folder)

    sandbox, connection = one(shared)
    with sandbox, connection:
        statements = {name: WHOLE[name] for name in TABLES}
        right = {n: read(connection, sql) for n, sql in statements.items()}
        return {
            rule: under(rule, sandbox, connection, statements, right) for rule in FAULTS
        }


@pytest.mark.parametrize("rule", FAULTS)
def test_every_table_under(outcomes: dict[str, Any], rule: str) -> None:
    found = outcomes[rule]
    assert {n: what for n, what in found.items() if what != FAULTS[rule]} == {}
