"""docs/tables.md is what the catalog says today, whole, and its questions run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipedrive_sql.catalog import TABLES
from pipedrive_sql.catalog.table import Table

DOCS = Path(__file__).parent.parent / "docs"
COMMAND = "python docs/tables.py > docs/tables.md"
QUESTION = re.compile(
    r"^(?P<question>.+\?) \((?P<price>[\d,]+) tokens?\)\n\n"
    r"```sql\n(?P<sql>[^`]+);\n```",
    re.MULTILINE,
)


def sections() -> dict[str, str]:
    """What the page says of each table, by name."""
    text = (DOCS / "tables.md").read_text("utf-8")
    _, *parts = re.split(r"^## (?=\w+$)", text, flags=re.MULTILINE)
    return {part.partition("\n")[0]: part for part in parts}


SECTIONS = sections()


def test_the_page_is_up_to_date() -> None:
    """Writing it runs every question, which must have an answer, for its price."""
    written = subprocess.run(
        [sys.executable, str(DOCS / "tables.py")],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    page = (DOCS / "tables.md").read_text("utf-8")
    assert page == written.stdout, f"write it anew: {COMMAND}"


def test_the_page_has_the_tables_in_their_order() -> None:
    assert list(SECTIONS) == [table.name for table in TABLES]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_page_of_a_table_is_complete(table: Table) -> None:
    section = SECTIONS[table.name]
    assert section.startswith(f"{table.name}\n\n{table.about}\n")
    assert (f"Key: `{table.key}`." if table.key else "No key: ") in section
    for column in table.columns:
        assert re.search(
            rf"^\| `{column.name}`.* \| .+\. ?.* \|$", section, re.MULTILINE
        )
        if column.references:
            assert f"[{column.references}](#" in section
    assert "**What Pipedrive filters for you**" in section
    assert "**Limits**\n\n- " in section
    for given in (column.name for column in table.columns if column.hidden):
        assert re.search(rf"Arguments stand in this order: .*\b{given}\b", section)
    assert len(QUESTION.findall(section)) >= 3


def test_every_reference_leads_to_a_column() -> None:
    known = {f"{table.name}.{name}" for table in TABLES for name in table.names}
    lost = {
        f"{table.name}.{column.name} -> {column.references}"
        for table in TABLES
        for column in table.columns
        if column.references and column.references not in known
    }
    assert lost == set()
