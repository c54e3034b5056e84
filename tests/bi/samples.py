"""SQL as tools write it, in files: what it gives, and what it costs.

A folder is a tool. In `queries.sql` each statement reads live tables; below it stand
the plan of each table in SQLite's own order, and the API tokens it has cost (not where
those depend on the day). Each runs on a connection of its own, which has brought no
rows, and remembers how many rows the tables have. In `schema.sql` a statement asks what
there is; below it stands what it was told.

A file is paragraphs. A paragraph begins with comments, which are sent with the
statement; one of them may give its parameters: `-- with ["won"]`. Tools write every
column of a table out. `{deals: "deals"."$" AS "$"}` stands for them: what is behind the
colon, once for each column.

`python -m tests.bi.samples` writes what the statements become today.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pipedrive_sql
from pipedrive_sql import Connection
from pipedrive_sql.sandbox import Company, Sandbox

from ..front_door import connected

Rows = list[tuple[Any, ...]]

FOLDER = Path(__file__).parent
QUERIES = sorted(FOLDER.glob("*/queries.sql"))
SCHEMAS = sorted(FOLDER.glob("*/schema.sql"))
READ = ("deals", "persons", "organizations", "activities", "stages", "users")
DEALS = 60
ROWS_A_PAGE = 20  # of the sandbox, whatever the limit says
_WITH = re.compile(r"^-- with (.*)$", re.MULTILINE)
_COLUMNS = re.compile(r"\{(\w+): (.*?)\}")
_PLAN = re.compile(
    r"^(?:SCAN|SEARCH) (?P<table>.*?) VIRTUAL TABLE INDEX \d+:"
    r"(?P<plan>.*?)(?: #\d+)?(?: \w+-JOIN)?$"
)
_FEW = 3  # rows that are shown in full


@dataclass(frozen=True)
class Sample:
    """One statement of a tool, and what is written below it."""

    text: str
    expected: tuple[str, ...]

    @property
    def parameters(self) -> Any:
        """A list for `?`, a mapping for `:name`."""
        found = _WITH.search(self.text)
        return json.loads(found[1]) if found else ()

    @property
    def of_today(self) -> bool:
        """Whether it depends on the day on which it runs."""
        return "'now'" in self.text

    def sql(self, connection: Connection) -> str:
        """The statement with every column written out."""

        def every(found: re.Match[str]) -> str:
            return ", ".join(
                found[2].replace("$", name)
                for name in columns(connection, found[1].lower())
            )

        return _COLUMNS.sub(every, self.text)


def samples(file: Path) -> list[Sample]:
    """The statements of a file."""
    found = []
    for part in file.read_text("utf-8").strip().split("\n\n"):
        lines = part.splitlines()
        text = "\n".join(line for line in lines if not line.startswith("-->"))
        told = (line[4:] for line in lines if line.startswith("--> "))
        found.append(Sample(text, tuple(told)))
    return found


def company() -> Company:
    """The company that the samples are about."""
    return Company.sample(seed=7, deals=DEALS)


def opened(company: Company) -> Sandbox:
    """A sandbox of it, in small pages."""
    return Sandbox(company=company, page_cap=ROWS_A_PAGE)


def columns(connection: Connection, table: str) -> list[str]:
    """The names of a table's columns."""
    asked = "SELECT name FROM pragma_table_info(?)"
    return [name for (name,) in connection.execute(asked, (table,))]


def of_query(connection: Connection, sample: Sample) -> tuple[Rows, list[str]]:
    """The rows of a statement of queries.sql, and what has to stand below it.

    The connection must have brought no rows yet.
    """
    sql = sample.sql(connection)
    try:
        steps = connection.execute(f"EXPLAIN QUERY PLAN {sql}", sample.parameters)
        lines = [*_plans(step for *_, step in steps)]
        rows = connection.execute(sql, sample.parameters).fetchall()
    except pipedrive_sql.Error as error:
        return [], [f"refused: {str(error).splitlines()[0]}"]
    tokens = connection.last_usage.tokens
    if not sample.of_today:
        lines.append(f"{tokens} token{'' if tokens == 1 else 's'}")
    return rows, lines


def _plans(steps: Iterable[str]) -> Iterator[str]:
    """A line for each live table; json_each() and the like have no plan."""
    for step in steps:
        found = _PLAN.match(step)
        if found and found["plan"]:
            yield f"{found['table']}: {found['plan']}"


def of_schema(connection: Connection, sample: Sample) -> list[str]:
    """What has to stand below a statement of schema.sql."""
    cursor = connection.execute(sample.sql(connection), sample.parameters)
    rows = cursor.fetchall() if cursor.description else []
    assert connection.last_usage.tokens == 0, "what there is must be free"
    told = {cell for row in rows for cell in row if isinstance(cell, str)}
    return list(_told(connection, sample, rows, told))


def _told(
    connection: Connection, sample: Sample, rows: Rows, told: set[str]
) -> Iterator[str]:
    every = connection.execute("SELECT name FROM pipedrive_tables").fetchall()
    tables = {name for (name,) in every}
    if tables <= told:
        yield "every table"
        return
    for name in sorted(tables & set(re.findall(r"\w+", sample.text))):
        if told.issuperset(columns(connection, name)):
            yield f"every column of {name}"
            return
    if not rows:
        yield "nothing"
    elif sample.of_today:
        yield "a row of today"
    elif len(rows) <= _FEW:
        yield from (str(row) if len(str(row)) < 80 else "a long row" for row in rows)
    else:
        yield f"{len(rows)} rows"


def warmed(sandbox: Sandbox, folder: Path) -> None:
    """Keep in the folder what connections remember: fields, and how long tables are."""
    with connected(sandbox, cache_dir=folder) as connection:
        for table in READ:
            connection.execute(f"SELECT * FROM {table}").fetchall()


@contextmanager
def fresh(sandbox: Sandbox, folder: Path) -> Iterator[Connection]:
    """A connection that has brought no rows, and remembers what the folder holds."""
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(folder, name, dirs_exist_ok=True)
        with connected(sandbox, cache_dir=name) as connection:
            yield connection


def _main() -> None:
    with tempfile.TemporaryDirectory() as name, opened(company()) as sandbox:
        folder = Path(name)
        warmed(sandbox, folder)
        for file in (*QUERIES, *SCHEMAS):
            written = []
            for sample in samples(file):
                with fresh(sandbox, folder) as connection:
                    if file in QUERIES:
                        _, lines = of_query(connection, sample)
                    else:
                        lines = of_schema(connection, sample)
                below = [f"--> {line}" for line in lines]
                written.append("\n".join([sample.text, *below]))
            file.write_text("\n\n".join(written) + "\n", "utf-8")


if __name__ == "__main__":
    _main()
