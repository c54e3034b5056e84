"""A file that was synced once, for the programs that read such files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipedrive_sql.file.wishes import Wishes

from ..front_door import Door, connected, opened

CRUEL = "<script>alert('x')</script>"  # the name of a stage


@pytest.fixture(scope="session")
def company() -> Iterator[Door]:
    """The company that the file is about."""
    with opened(seed=7, deals=300) as door:
        door.add("/api/v2/stages", name=CRUEL, pipeline_id=1)
        yield door


@pytest.fixture(scope="session")
def crm(company: Door, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file, with the core tables."""
    path = tmp_path_factory.mktemp("readers") / "crm.db"
    synced(company, path, Wishes())
    return path


def synced(company: Door, path: Path, wishes: Wishes) -> None:
    """Bring a file up to date."""
    with (
        closing(connected(company.sandbox)) as connection,
        connection.sync(path, wishes) as sync,
    ):
        assert sync.run().published


def rows(crm: Path, sql: str) -> list[Any]:
    """Rows of the file, as Python's own sqlite3 sees it."""
    with closing(sqlite3.connect(f"{crm.as_uri()}?mode=ro", uri=True)) as file:
        return file.execute(sql).fetchall()
