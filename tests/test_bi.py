"""SQL as BI tools and libraries write it: it runs, is right, and costs what is written.

The statements and what stands below them are in tests/bi, a folder a tool.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from pipedrive_sql import Connection
from pipedrive_sql.sandbox import Company, Sandbox

from .bi.samples import (
    QUERIES,
    SCHEMAS,
    Sample,
    company,
    fresh,
    of_query,
    of_schema,
    opened,
    samples,
    warmed,
)
from .same_answers.plain import COPIED, plain_copy
from .same_answers.schema import QUESTION, columns_of
from .same_answers.test_queries import told


def every(files: list[Path]) -> list[object]:
    """Each statement of these files, by its tool and its place."""
    return [
        pytest.param(sample, id=f"{file.parent.name}-{number}")
        for file in files
        for number, sample in enumerate(samples(file), 1)
    ]


@pytest.fixture(scope="module")
def people() -> Company:
    return company()


@pytest.fixture(scope="module")
def sandbox(people: Company) -> Iterator[Sandbox]:
    with opened(people) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def remembered(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What connections keep for each other."""
    folder = tmp_path_factory.mktemp("remembered")
    warmed(sandbox, folder)
    return folder


@pytest.fixture
def connection(sandbox: Sandbox, remembered: Path) -> Iterator[Connection]:
    """A connection that has brought nothing yet."""
    with fresh(sandbox, remembered) as connection:
        yield connection


@pytest.fixture(scope="module")
def asking(sandbox: Sandbox, remembered: Path) -> Iterator[Connection]:
    """A connection for those who only ask what there is."""
    with fresh(sandbox, remembered) as connection:
        yield connection


@pytest.fixture(scope="module")
def plain(people: Company, asking: Connection) -> apsw.Connection:
    """The same tables in plain SQLite."""
    found = columns_of(asking.execute(QUESTION))
    return plain_copy(people, {name: found[name] for name in COPIED})


@pytest.mark.parametrize("sample", every(QUERIES))
def test_a_query(
    sample: Sample, connection: Connection, plain: apsw.Connection
) -> None:
    rows, lines = of_query(connection, sample)
    assert lines == [*sample.expected]
    if lines[0].startswith("refused"):
        return
    sql = sample.sql(connection).replace('"temp".', "")
    cursor = plain.execute(sql, sample.parameters)
    names = [name for name, _ in cursor.get_description()] if rows else []
    mine, other = [*map(told, rows)], [*map(told, cursor.fetchall())]
    assert Counter(mine) == Counter(other)
    # Rows that are equal in what they are ordered by may change places.
    _, ordered, last = sql.lower().rpartition("order by ")
    if ordered and ")" not in last:
        sorted_by = set(re.findall(r"\w+", last))
        keys = [n for n, name in enumerate(names) if name.lower() in sorted_by]
        keys = keys or [*range(len(names))]
        assert [[row[n] for n in keys] for row in mine] == [
            [row[n] for n in keys] for row in other
        ]


@pytest.mark.parametrize("sample", every(SCHEMAS))
def test_what_there_is(sample: Sample, asking: Connection) -> None:
    assert of_schema(asking, sample) == [*sample.expected]


def test_a_table_and_all_its_facets_are_one_scan(connection: Connection) -> None:
    """Datasette asks about every column of the table that it shows."""
    file = next(file for file in QUERIES if file.parent.name == "datasette")
    page, *others = [s for s in samples(file) if " deals" in s.sql(connection)]
    of_query(connection, page)
    assert connection.last_usage.tokens == 30
    for other in others:
        of_query(connection, other)
        assert connection.last_usage.tokens == 0, other.text
