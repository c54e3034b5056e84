"""docs/tables.md is what the catalog says today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipedrive_sql.catalog import TABLES

DOCS = Path(__file__).parent.parent / "docs"
COMMAND = "python docs/tables.py > docs/tables.md"


def test_the_page_is_up_to_date() -> None:
    written = subprocess.run(
        [sys.executable, str(DOCS / "tables.py")],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    page = (DOCS / "tables.md").read_text("utf-8")
    assert page == written.stdout, f"write it anew: {COMMAND}"


@pytest.mark.parametrize("name", [table.name for table in TABLES])
def test_every_table_has_a_question(name: str) -> None:
    questions = (DOCS / "questions.sql").read_text("utf-8")
    assert re.search(rf"^-- {name}: ", questions, re.MULTILINE)
