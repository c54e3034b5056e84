"""Writes the page of all tables from the catalog.

    python docs/tables.py > docs/tables.md

Questions come from questions.py beside this file; their prices are those of running
them on the demo company.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from tempfile import TemporaryDirectory

from questions import Question, questions

from pipedrive_sql import connect
from pipedrive_sql.catalog import TABLES
from pipedrive_sql.catalog.table import Brought, Column, Endpoint, Parameter, Table
from pipedrive_sql.connection import Connection
from pipedrive_sql.sandbox import Sandbox

# A conversion has to be started before its status can be asked for.
STARTED_FIRST = {"deal_conversion_status", "lead_conversion_status"}
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
when a statement uses them, at no price of their own; those marked `++` take a further
request for each row that is read.

Keys are in `pragma_table_info`, in `pipedrive_tables` and `pipedrive_columns`. SQLite
lists no foreign keys of virtual tables, so `pragma_foreign_key_list` is empty; what
refers to what is in `pipedrive_columns."references"`, and `pipedrive-sql schema` prints
it as DDL, as a diagram (`--format mermaid`) or as JSON.

`pipedrive_columns` says of each column, besides its type and what it is: `brought`,
when Pipedrive sends it, with `tokens_a_row` where that takes further requests;
`filters`, the comparisons that Pipedrive narrows by, and `exact`, those of them that
mean what SQL means, while SQLite looks at the rows of the others again; `is_sorted`,
whether `order by` can be left to Pipedrive; `is_nullable` and `is_hidden`.

The prices of the questions are those on the demo company (`pipedrive-sql --demo`).
"""


def page() -> str:
    """The whole page."""
    contents = "\n".join(f"- [{t.name}](#{t.name}): {t.about}" for t in TABLES)
    with Sandbox() as sandbox, TemporaryDirectory() as folder:

        def connection() -> closing[Connection]:
            """A new one, which knows the fields and nothing of any rows."""
            found = connect(
                api_url=sandbox.url,
                api_token=sandbox.token,
                cache_dir=folder,
                cache_ttl=0,
            )
            return closing(found)

        with connection() as first:
            asked = questions(first)
        sections = []
        for table in TABLES:
            with connection() as own:
                sections.append(section(table, asked[table.name], own))
    return "\n".join([INTRODUCTION, contents, "", *sections])


def section(table: Table, asked: list[Question], connection: Connection) -> str:
    """What the page says of one table."""
    lines = [f"## {table.name}", "", table.about, ""]
    if table.key:
        lines += [f"Key: `{table.key}`.", ""]
    elif table.each:
        lines += ["No key: rows are told apart by their place in the list.", ""]
    else:
        lines += ["No key: rows are told apart by all that they hold.", ""]
    lines += ["| column | type | what it is |", "| --- | --- | --- |"]
    lines += [described(column, table) for column in table.columns]
    lines += ["", "**What Pipedrive filters for you**", ""]
    lines += list(roads(table))
    if given := list(inputs(table)):
        lines += ["", "**What you must give**", "", *(f"- {one}" for one in given)]
    lines += ["", "**Limits**", "", *(f"- {limit}" for limit in limits(table)), ""]
    for question, sql in asked:
        lines += [f"{question} {price(connection, table, sql)}", ""]
        lines += ["```sql", f"{sql.rstrip(';')};", "```", ""]
    return "\n".join(lines)


def price(connection: Connection, table: Table, sql: str) -> str:
    """What a statement costs on the demo company: "(12 tokens)"."""
    cursor = connection.execute(sql)
    if not cursor.fetchall() and table.name not in STARTED_FIRST:
        raise ValueError(f"the demo company has no answer to: {sql}")
    tokens = cursor.usage.tokens
    return f"({tokens:,} token{'s' * (tokens != 1)})"


def described(column: Column, table: Table) -> str:
    """The line of a column: its name, its type, what it is."""
    about = column.about.replace("|", "\\|")
    if column.references:
        target = column.references.partition(".")[0]
        about += f" ([{column.references}](#{target}))"
    if column.hidden:
        about += " An input, not part of `*`."
    further = next((e for e in table.further if e.path == column.further), None)
    if further:
        about += f" {further.price} tokens a row."
    mark = {Brought.INCLUDED: "+", Brought.FURTHER: "++"}.get(column.brought, "")
    return f"| `{column.name}`{mark} | {column.kind.declared} | {about} |"


def inputs(table: Table) -> Iterator[str]:
    """The columns without which the table cannot be read."""
    needed = {
        parameter.column
        for endpoint in table.endpoints
        if not endpoint.one
        for parameter in endpoint.required
        if not parameter.values and parameter.column != table.parent_key
    }
    names = [name for name in table.names if name in needed]
    if names:
        some = ", ".join(f"`{name}`" for name in names)
        yield f"{some}: in the WHERE clause, or as arguments."
    hidden = [column.name for column in table.columns if column.hidden]
    if hidden:
        yield f"Arguments stand in this order: `{table.name}({', '.join(hidden)})`."


def roads(table: Table) -> Iterator[str]:
    """A line for each condition that Pipedrive filters by, with its request."""
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
    """The line of one condition, with what its request costs."""
    price = "" if endpoint.one or not endpoint.page else " a page"
    return f"| `{sql}` | `{request}` | {endpoint.price}{price} |"


def compared(parameter: Parameter) -> str:
    """The comparison in SQL that the parameter serves."""
    if parameter.operator != "=":
        return f"{parameter.column} {parameter.operator} ..."
    if parameter.many > 1:
        return f"{parameter.column} in (...)"
    return f"{parameter.column} = ..."


def asks(endpoint: Endpoint, parameter: Parameter) -> str:
    """The request with this parameter alone."""
    if endpoint.in_path(parameter):
        return whole(endpoint)
    more = ",..." if parameter.many > 1 else ""
    return whole(endpoint, f"{parameter.name}=...{more}")


def whole(endpoint: Endpoint, *query: str) -> str:
    """The request without any, but what goes with every one."""
    fixed = [f"{name}={value}" for name, value in endpoint.fixed]
    path = f"GET {PREFIXES[endpoint.version]}{endpoint.path}"
    return path + ("?" + "&".join([*fixed, *query]) if fixed or query else "")


def limits(table: Table) -> Iterator[str]:
    """What cannot be asked of Pipedrive, or costs more than it seems."""
    if table.parent:
        yield parents(table)
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


def parents(table: Table) -> str:
    """How a table is read that Pipedrive lists by its parents only."""
    found = [e.serves(table.parent_key) for e in table.endpoints if not e.one]
    many = max((parameter.many for parameter in found if parameter), default=1)
    each = "one" if many == 1 else str(many)
    besides = (
        f", but for those whose `{table.parent_count}` is 0"
        if table.parent_count
        else ""
    )
    return (
        f"Pipedrive lists them by `{table.parent_key}` only, {each} of"
        f" [{table.parent}](#{table.parent}) a request: without it, every one of"
        f" {table.parent} is asked for{besides}."
    )


if __name__ == "__main__":
    print(page(), end="")
