"""`pipedrive-sql schema`: what it prints is what the tables are."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from pipedrive_sql.connection import Connection
from pipedrive_sql.sandbox import Sandbox

from .front_door import connected

# The grammar of Mermaid's erDiagram, as far as it is used.
WORD = r"[^\W\d][\w-]*"
ENTITY = re.compile(rf"    {WORD} {{")
ATTRIBUTE = re.compile(rf'        [A-Z]+ {WORD}( PK| FK| PK, FK)? "[^"]+"')
RELATION = re.compile(rf'    ({WORD}) (\|\||\|o)--o{{ ({WORD}) : "({WORD})"')


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=7, deals=20) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def live(sandbox: Sandbox) -> Iterator[Connection]:
    with connected(sandbox) as connection:
        yield connection


def schema(sandbox: Sandbox, *options: str) -> subprocess.CompletedProcess[str]:
    which = ("--api-url", sandbox.url)
    return subprocess.run(
        [sys.executable, "-m", "pipedrive_sql", "schema", *which, *options],
        env={**os.environ, "PIPEDRIVE_API_TOKEN": sandbox.token},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def printed(sandbox: Sandbox, *options: str) -> str:
    done = schema(sandbox, *options)
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


def test_the_statements_make_tables_with_the_columns_of_the_live_ones(
    sandbox: Sandbox, live: Connection
) -> None:
    columns = """
        select m.name, c.name, c.type, c.pk from {} m, pragma_table_info(m.name) c
        where m.name not like 'pipedrive%' order by 1, c.cid
    """
    with closing(sqlite3.connect(":memory:")) as plain:
        plain.executescript(printed(sandbox))
        made = plain.execute(columns.format("sqlite_schema")).fetchall()
    told = live.execute(columns.format("sqlite_temp_schema")).fetchall()
    assert made == told


def test_the_statements_have_foreign_keys_to_primary_keys(
    sandbox: Sandbox, live: Connection
) -> None:
    with closing(sqlite3.connect(":memory:")) as plain:
        plain.executescript(printed(sandbox))
        made = plain.execute("""
            select m.name, f."from", f."table" || '.' || f."to"
            from sqlite_schema m, pragma_foreign_key_list(m.name) f order by 1, 2
        """).fetchall()
        assert plain.execute("pragma foreign_key_check").fetchall() == []
    told = live.execute("""
        select c.table_name, c.name, c."references"
        from pipedrive_columns c join pipedrive_tables t
        on c."references" = t.name || '.' || t."key" where not c.is_hidden order by 1, 2
    """).fetchall()
    assert made == told
    assert ("deals", "person_id", "persons.id") in made


def test_the_diagram_has_every_table_and_what_refers_to_what(
    sandbox: Sandbox, live: Connection
) -> None:
    first, *lines = printed(sandbox, "--format", "mermaid").splitlines()
    assert first == "erDiagram"
    entities = [line for line in lines if ENTITY.fullmatch(line)]
    tables = live.execute("select name from pipedrive_tables").fetchall()
    assert entities == [f"    {name} {{" for (name,) in tables]
    relations = [found for line in lines if (found := RELATION.fullmatch(line))]
    attributes = [line for line in lines if ATTRIBUTE.fullmatch(line)]
    known = len(entities) * 2 + len(relations) + len(attributes)  # each has its "}"
    assert known == len(lines)
    told = live.execute("""
        select count(*) from pipedrive_columns c join pipedrive_tables t
        on c."references" like t.name || '.%' where not c.is_hidden
    """).fetchone()
    assert (len(relations),) == told
    assert '    persons |o--o{ deals : "person_id"' in lines


def test_the_diagram_of_one_table_has_its_columns_and_neighbours(
    sandbox: Sandbox,
) -> None:
    lines = printed(sandbox, "--format", "mermaid", "--table", "stages").splitlines()
    assert '        TEXT name "What it is called."' in lines
    assert '    pipelines |o--o{ stages : "pipeline_id"' in lines
    assert '    stages |o--o{ deals : "stage_id"' in lines
    assert [line for line in lines if ENTITY.fullmatch(line)] == ["    stages {"]


def test_json_tells_all_that_the_tables_about_tables_tell(
    sandbox: Sandbox, live: Connection
) -> None:
    (persons,) = json.loads(printed(sandbox, "--format", "json", "--table", "Persons"))
    cursor = live.execute(
        "select * from pipedrive_columns where table_name = 'persons'"
    )
    names = [column[0] for column in cursor.description or ()]
    told = [dict(zip(names, row, strict=True)) for row in cursor]
    assert persons["key"] == "id"
    for column, row in zip(persons["columns"], told, strict=True):
        assert row | column == row


def test_an_unknown_table(sandbox: Sandbox) -> None:
    done = schema(sandbox, "--table", "dealz")
    assert done.returncode == 1
    assert done.stderr == (
        'Error: There is no table "dealz". Did you mean deals?'
        " All tables: SELECT name FROM pipedrive_tables.\n"
    )


def test_what_columns_tell_of_themselves(live: Connection) -> None:
    told = dict(
        (name, rest)
        for name, *rest in live.execute("""
            select name, brought, filters, exact, is_sorted, is_nullable, is_hidden,
            tokens_a_row from pipedrive_columns where table_name = 'deals'
        """)
    )
    always, included = "always", "with include_fields"
    assert told["id"] == [always, "=", "=", 1, 0, 0, 0]
    assert told["update_time"] == [always, ">=, <", None, 1, 0, 0, 0]
    assert told["title"] == [always, None, None, 0, 1, 0, 0]
    assert told["products_count"] == [included, None, None, 0, 1, 0, 0]


def test_only_columns_of_further_requests_cost_something_for_each_row(
    live: Connection,
) -> None:
    wrong = live.execute("""
        select table_name, name from pipedrive_columns
        where (brought = 'by a further request for each row') <> (tokens_a_row > 0)
    """).fetchall()
    assert wrong == []


def test_sqlite_knows_the_keys_but_lists_no_foreign_keys_of_virtual_tables(
    live: Connection,
) -> None:
    keys = "select name from pragma_table_info('deals') where pk"
    assert live.execute(keys).fetchall() == [("id",)]
    foreign = "select * from pragma_foreign_key_list('deals')"
    assert live.execute(foreign).fetchall() == []
