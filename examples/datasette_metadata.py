"""What Datasette shows beside the tables of a file: titles, labels, facets, questions.

    pipedrive-sql sync crm.db
    python examples/datasette_metadata.py crm.db > metadata.json
    datasette crm.db --metadata metadata.json

It is told from the file itself, and need be written again only when fields change.
"""

import argparse
import json
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

LABELS = ("name", "title", "subject")  # what a row is called
FACETS = ("status", "pipeline_id", "stage_id", "owner_id", "type", "done")
FACETS_OF_VIEWS = ("status", "pipeline", "stage", "owner", "type", "done")
NEWEST = ("update_time", "add_time")
# Datasette explains the columns above the rows: in a box, so that rows are seen, too.
STYLE = (
    "dl.column-descriptions { columns: 18em; max-height: 9em; overflow: auto; "
    "border: 1px solid #ccc; padding: .5em 1em; font-size: 85% } "
    "dl.column-descriptions dd { break-before: avoid; margin-left: 1em }"
)
FIRST = 6  # values of a facet that are shown at once

QUESTIONS = {
    "open_by_stage": (
        "Open value by stage",
        """
SELECT pipeline, stage, currency, count(*) AS deals, sum(value) AS value
FROM v_pipeline
GROUP BY pipeline, stage, currency
ORDER BY pipeline, stage_order_nr, currency""",
    ),
    "won_by_month": (
        "Won by month",
        """
SELECT strftime('%Y-%m', won_time) AS month, currency, count(*) AS deals,
  sum(value) AS value
FROM deals
WHERE status = 'won'
GROUP BY month, currency
ORDER BY month DESC, currency""",
    ),
    "without_next_activity": (
        "Open deals without a next activity, by owner",
        """
SELECT users.name AS owner, count(*) AS deals
FROM deals LEFT JOIN users ON users.id = deals.owner_id
WHERE deals.status = 'open' AND deals.next_activity_id IS NULL
GROUP BY deals.owner_id
ORDER BY deals DESC""",
    ),
    "as_of": (
        "As of when each table is",
        """
SELECT table_name, as_of, rows, error
FROM _sync
ORDER BY table_name""",
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path, help="what `pipedrive-sql sync` has written")
    path = parser.parse_args().file
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as file:
            found = metadata(file, path.stem)
    except sqlite3.Error as error:
        print(f"Error: {path}: {error}", file=sys.stderr)
        return 1
    json.dump(found, sys.stdout, indent=2, ensure_ascii=False)
    return 0


def metadata(file: sqlite3.Connection, database: str) -> dict[str, Any]:
    """The settings, for the name that Datasette gives the file."""
    told = dict(file.execute("SELECT name, value FROM _settings"))
    tables = {}
    for name, kind, sql in file.execute(
        "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')"
    ).fetchall():
        if name.startswith("_"):
            tables[name] = {"hidden": True, "description": about(sql)}
        elif kind == "view":
            tables[name] = of_view(file, name)
        elif not name.startswith("sqlite_"):
            tables[name] = of_table(file, name) | {"description": about(sql)}
    queries = {
        name: {"title": title, "sql": sql.strip()}
        for name, (title, sql) in QUESTIONS.items()
        if runs(file, sql)
    }
    return {
        "title": f"Pipedrive of {told.get('company', 'a company')}",
        "description": "Written by pipedrive-sql. Times are UTC.",
        "extra_css_urls": [f"data:text/css,{quote(STYLE)}"],
        "databases": {database: {"tables": tables, "queries": queries}},
    }


def of_table(file: sqlite3.Connection, name: str) -> dict[str, Any]:
    """How a table is shown."""
    rows = file.execute(
        "SELECT name, about, field_key IS NULL FROM _columns WHERE table_name = ? "
        "ORDER BY position",
        (name,),
    ).fetchall()
    columns = {column: text for column, text, _ in rows}
    own = {column for column, _, is_own in rows if is_own}  # no custom fields
    shown: dict[str, Any] = {"columns": columns}
    if label := next((one for one in LABELS if one in own), None):
        shown["label_column"] = label
    if newest := next((one for one in NEWEST if one in columns), None):
        shown["sort_desc"] = newest
    if facets := [one for one in FACETS if one in own]:
        shown |= {"facets": facets, "facet_size": FIRST}
    return shown


def of_view(file: sqlite3.Connection, name: str) -> dict[str, Any]:
    """How a view is shown; its rows have no link of their own."""
    described = file.execute(f'SELECT * FROM "{name}" LIMIT 0').description
    columns = [one[0] for one in described]
    shown: dict[str, Any] = {"description": "With names in place of ids."}
    if name == "v_pipeline":
        shown["description"] = "The open deals and where they are."
    if newest := next((one for one in NEWEST if one in columns), None):
        shown["sort_desc"] = newest
    if facets := [one for one in FACETS_OF_VIEWS if one in columns]:
        shown |= {"facets": facets, "facet_size": FIRST}
    return shown


def about(sql: str) -> str:
    """The comment behind the name in CREATE TABLE."""
    found = re.match(r"CREATE TABLE .*? \( -- (.*)", sql)
    return found[1] if found else ""


def runs(file: sqlite3.Connection, sql: str) -> bool:
    """Whether the file has the tables of a question."""
    try:
        file.execute(f"EXPLAIN {sql}")
    except sqlite3.OperationalError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
