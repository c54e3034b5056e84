"""Writes the page of all tables from the catalog.

    python docs/tables.py > docs/tables.md

Questions come from questions.sql beside this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipedrive_sql.catalog import TABLES
from pipedrive_sql.catalog.table import Brought, Column, Endpoint, Parameter, Table

QUESTION = re.compile(r"^-- (\w+): (.+)\n((?:.+\n)+)", re.MULTILINE)
PREFIXES = {1: "/v1", 2: "/api/v2"}

INTRODUCTION = """\
# Tables

Every collection of Pipedrive that pipedrive-sql shows, as the catalog declares it.
Prices are in API tokens, the unit of Pipedrive's daily budget. A list costs its price
for every page of 500 rows.

What Pipedrive filters is narrowed there, and costs less; everything else SQLite does on
what was brought. The rows are the same either way.

Custom fields come after the columns shown here, under names made of their labels: an
account's own `pipedrive_columns` has them all. Columns marked `+` are asked for only
when a statement uses them.
"""


def page() -> str:
    """The whole page."""
    contents = "\n".join(f"- [{t.name}](#{t.name}): {t.about}" for t in TABLES)
    questions = asked()
    sections = [section(table, questions[table.name]) for table in TABLES]
    return "\n".join([INTRODUCTION, contents, "", *sections])


def asked() -> dict[str, list[tuple[str, str]]]:
    """Questions and their SQL, by table."""
    found: dict[str, list[tuple[str, str]]] = {table.name: [] for table in TABLES}
    text = Path(__file__).with_name("questions.sql").read_text("utf-8")
    for name, question, sql in QUESTION.findall(text):
        found[name].append((question, sql))
    return found


def section(table: Table, questions: list[tuple[str, str]]) -> str:
    lines = [f"## {table.name}", "", table.about, ""]
    if table.key:
        lines += [f"Key: `{table.key}`.", ""]
    lines += ["| column | type | what it is |", "| --- | --- | --- |"]
    lines += [described(column) for column in table.columns]
    lines += ["", "**What Pipedrive filters for you**", ""]
    lines += list(roads(table))
    lines += ["", "**Limits**", "", *(f"- {limit}" for limit in limits(table)), ""]
    for question, sql in questions:
        lines += [question, "", "```sql", sql.rstrip(), "```", ""]
    return "\n".join(lines)


def described(column: Column) -> str:
    about = column.about.replace("|", "\\|")
    if column.references:
        table = column.references.partition(".")[0]
        about += f" ([{column.references}](#{table}))"
    mark = "+" if column.brought is Brought.INCLUDED else ""
    return f"| `{column.name}`{mark} | {column.kind.declared} | {about} |"


def roads(table: Table) -> Iterator[str]:
    if table.source:
        source = f"[{table.source}](#{table.source})"
        yield f"What it filters for {source}, whose rows these stand in."
        return
    yield "| SQL | request | tokens |"
    yield "| --- | --- | --- |"
    for endpoint in table.endpoints:
        for parameter in endpoint.parameters:
            yield line(compared(parameter), asks(endpoint, parameter), endpoint)
        if endpoint.required:
            continue
        for name in endpoint.sorts:
            key = table.column(name).steps[0]
            sort = f"sort_by={key}" if endpoint.version == 2 else f"sort={key} ASC"
            yield line(f"order by {name}", whole(endpoint, sort), endpoint)
        yield line("anything else", whole(endpoint), endpoint)


def line(sql: str, request: str, endpoint: Endpoint) -> str:
    price = "" if endpoint.one or not endpoint.page else " a page"
    return f"| `{sql}` | `{request}` | {endpoint.price}{price} |"


def compared(parameter: Parameter) -> str:
    if parameter.operator != "=":
        return f"{parameter.column} {parameter.operator} ..."
    if parameter.many > 1:
        return f"{parameter.column} in (...)"
    return f"{parameter.column} = ..."


def asks(endpoint: Endpoint, parameter: Parameter) -> str:
    if endpoint.in_path(parameter):
        return whole(endpoint)
    more = ",..." if parameter.many > 1 else ""
    return whole(endpoint, f"{parameter.name}=...{more}")


def whole(endpoint: Endpoint, *query: str) -> str:
    fixed = [f"{name}={value}" for name, value in endpoint.fixed]
    path = f"GET {PREFIXES[endpoint.version]}{endpoint.path}"
    return path + ("?" + "&".join([*fixed, *query]) if fixed or query else "")


def limits(table: Table) -> Iterator[str]:
    if table.parent:
        yield (
            f"Pipedrive lists them by `{table.parent_key}` only, 100 of"
            f" [{table.parent}](#{table.parent}) a request: without it, every one of"
            f" {table.parent} is asked for, but for those whose"
            f" `{table.parent_count}` is 0."
        )
    windows = {
        p.column for e in table.endpoints for p in e.parameters if p.operator != "="
    }
    lists = [e for e in table.endpoints if not e.one]
    if windows and all(not e.serves("update_time", "<") for e in lists):
        yield "There is no filter for `update_time < ...`: that reads the list."
    if lists and not any(e.parameters for e in lists) and not table.parent:
        yield "Pipedrive has no filter for this list: every question reads all of it."
    if table.fields and not table.source:
        yield "A custom field cannot be filtered by at Pipedrive: that reads the list."
    if any(not e.page for e in lists):
        yield "All rows come in one request."
    yield "Only what the token's user may see is there."


if __name__ == "__main__":
    print(page(), end="")
