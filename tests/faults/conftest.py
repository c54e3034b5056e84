"""What several modules ask for: it is read once."""

from __future__ import annotations

import pytest

from pipedrive_sql.sandbox import Sandbox

from .companies import small
from .matrix import Known, narrow, opened, read


@pytest.fixture(scope="session")
def known() -> Known:
    """Every table, of a small company."""
    company = small()
    with Sandbox(company=company) as sandbox, opened(sandbox) as connection:
        statements = narrow(connection)
        right = {name: read(connection, sql) for name, sql in statements.items()}
    return Known(company, statements, right)
