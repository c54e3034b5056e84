"""Many statements at once, while answers fail: the right rows, or a stated error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.errors import BadAnswer, Error, Unavailable
from pipedrive_sql.sandbox import Fault, Sandbox

from .front_door import connected

CONNECTIONS = 50
STATEMENTS = 4  # of each connection
PAGE = 25

QUESTIONS = (
    "SELECT id, title, value, stage_id FROM deals",
    "SELECT id, name, owner_id FROM persons",
    "SELECT d.id, p.name FROM deals d JOIN persons p ON p.id = d.person_id "
    "WHERE d.id <= 40",
    "SELECT status, count(*), sum(value) FROM deals GROUP BY status",
    "SELECT id, name FROM organizations WHERE id IN (3, 1, 4, 15, 9, 26)",
    "SELECT id, subject FROM activities WHERE done = 0",
    "SELECT id, content FROM notes",
    "SELECT id, title FROM leads ORDER BY title",
)
RULES = (
    "503 every=11 header=retry-after:0",
    "cut-body every=17",
    "broken every=23",
    "answer delay=0.02 every=5",
)

pytestmark = pytest.mark.unofficial


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=60, page_cap=PAGE) as sandbox:
        yield sandbox


def opened(sandbox: Sandbox, folder: Path) -> Connection:
    """One of a sandbox without limits, and with nothing at hand."""
    return connected(sandbox, cache_dir=folder, cache_ttl=0)


def rows(connection: Connection, sql: str) -> Counter[str]:
    return Counter(map(repr, connection.execute(sql)))


def test_faults_among_many_connections_lose_no_row(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    with opened(sandbox, tmp_path) as connection:
        right = {sql: rows(connection, sql) for sql in QUESTIONS}
    assert all(right.values())
    faults = [Fault.read(rule) for rule in RULES]
    for fault in faults:
        sandbox.faults.add(fault)
    found: Counter[str] = Counter()

    def run(number: int) -> None:
        """Each connection has a thread, and asks from another question on."""
        with opened(sandbox, tmp_path) as connection:
            for turn in range(STATEMENTS):
                sql = QUESTIONS[(number + turn) % len(QUESTIONS)]
                found[outcome(connection, sql, right[sql])] += 1

    def outcome(connection: Connection, sql: str, wanted: Counter[str]) -> str:
        try:
            return "right" if rows(connection, sql) == wanted else f"wrong: {sql}"
        except (Unavailable, BadAnswer):  # what the rules are, four times in a row
            return "stated"
        except Error as error:
            return repr(error)

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        for done in [threads.submit(run, number) for number in range(CONNECTIONS)]:
            done.result()
    assert set(found) <= {"right", "stated"}
    assert found.total() == CONNECTIONS * STATEMENTS
    assert found["right"] > 0.9 * found.total()
    assert all(fault.hits for fault in faults)
