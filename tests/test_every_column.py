"""The sample company has something in every column of every table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipedrive_sql.catalog import TABLES
from pipedrive_sql.catalog.table import Table
from pipedrive_sql.connection import Connection
from pipedrive_sql.sandbox import Sandbox

from .front_door import connected
from .test_every_collection import ARGUMENTS

ALWAYS_NULL = {
    # what is archived is in a list of its own
    "deals": {"archive_time"},
    "projects": {"archive_time"},
    # these lists have open deals only
    "pipeline_deals": {"close_time", "won_time", "lost_time", "lost_reason"},
    "stage_deals": {"close_time", "won_time", "lost_time", "lost_reason"},
    # these are deals, leads and persons, none of them a hit of its own
    "item_search_related": {"code", "address", "url", "custom_fields", "notes"},
    # no documented operator takes a second value
    "filter_conditions": {"extra_value"},
    # parts of fields stand within their fields, not beside them
    "lead_fields": {"is_subfield"},
}
"""What Pipedrive's documentation leaves empty, and why."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def connection(sandbox: Sandbox) -> Iterator[Connection]:
    with connected(sandbox, max_tokens=None) as connection:
        yield connection


def given(sandbox: Sandbox, name: str) -> str:
    """The arguments that bring most of a table that is a function, else nothing."""
    if name.endswith("_conversion_status"):
        return completed(sandbox, name.partition("_")[0])
    found = ARGUMENTS.get(name, "")
    if name.startswith("deal_timeline"):
        found += " and totals_convert_currency = 'EUR'"
    if name.endswith(("_search", "_search_related")):
        return "term = 'in'"
    return found


def completed(sandbox: Sandbox, source: str) -> str:
    """A conversion of a lead or a deal that came to its end."""
    rows = sandbox.company["conversions"].rows.values()
    row = next(r for r in rows if (r["source"], r["status"]) == (source, "completed"))
    key = f"{source}_id = '{row[f'{source}_id']}'"
    return f"{key} and conversion_id = '{row['id']}'"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_column_is_null_in_every_row(
    sandbox: Sandbox, connection: Connection, table: Table
) -> None:
    inputs = {column.name for column in table.columns if column.hidden}
    rows = connection.execute(
        "select name from pipedrive_columns where table_name = ?", (table.name,)
    )
    names = [name for (name,) in rows if name not in inputs]
    counts = ", ".join(f'count("{name}")' for name in names)
    arguments = given(sandbox, table.name)
    where = f" where {arguments}" if arguments else ""
    (found,) = connection.execute(f"select {counts} from {table.name}{where}")
    empty = {name for name, count in zip(names, found, strict=True) if not count}
    assert empty == ALWAYS_NULL.get(table.name, set())
