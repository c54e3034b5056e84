"""What holds for all modules, and what several of them ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipedrive_sql.sandbox import Sandbox

from .companies import small
from .matrix import Known, leaving_nothing, narrow, opened, read


@pytest.fixture(scope="module", autouse=True)
def nothing_left() -> Iterator[None]:
    """No thread and no socket is left by a module."""
    with leaving_nothing():
        yield


@pytest.fixture(scope="session")
def known() -> Known:
    """Every table, of a small company."""
    company = small()
    with Sandbox(company=company) as sandbox, opened(sandbox) as connection:
        statements = narrow(connection)
        right = {name: read(connection, sql) for name, sql in statements.items()}
    return Known(company, statements, right)
