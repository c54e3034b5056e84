"""Many statements at once on many connections, while answers fail by rule.

Each connection has a thread, and several statements whose rows are fetched by turns.
A statement has the rows that it has without faults, or ends with one of the errors that
stand for these faults; anything else is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import httpx

import pipedrive_sql
from pipedrive_sql import Connection, Cursor
from pipedrive_sql.errors import BadAnswer, Error, Unavailable

from .served import Served, served
from .table import Cells

HEADS = ("what", "wanted", "measured", "holds")
CONNECTIONS = 50
STATEMENTS = 4  # of a connection, at the same time
SECONDS = 60.0
DEALS = 300
FAULTS = (
    "503 every=11 header=retry-after:0",
    "cut-body every=17",
    "broken every=23",
    "answer delay=0.02 every=5",
)
STATED = (Unavailable, BadAnswer)  # what FAULTS are, four times in a row
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
    "SELECT deal_id, label_id FROM deal_labels",
)
RIGHT, REFUSED = "the right rows", "a stated error"

_TURN = 9  # rows of a statement before it is the next one's turn

Rows = Counter[str]


def many() -> Iterator[Cells]:
    """The lines of a sandbox that fails by rule for the whole time."""
    with served(DEALS) as sandbox, TemporaryDirectory() as folder:
        right = right_rows(sandbox, Path(folder))
        for rule in FAULTS:
            httpx.post(f"{sandbox.url}/_sandbox/faults", content=rule)
        found = outcomes(sandbox, Path(folder), right, seconds=SECONDS)
    told = found.total() - found[RIGHT] - found[REFUSED]
    wrong = sum(times for what, times in found.items() if what.startswith("wrong"))
    what = f"{found.total():,} statements, {CONNECTIONS * STATEMENTS} at a time"
    yield f"{what}: wrong rows", "0", f"{wrong}", "yes" if not wrong else "NO"
    other = told - wrong
    yield "  other errors than stated ones", "0", f"{other}", "NO" if other else "yes"
    yield "  stated errors, after four attempts", "", f"{found[REFUSED]}", ""
    for line, times in found.items():
        if line not in (RIGHT, REFUSED):
            yield f"  {line}", "", f"{times}", ""


def right_rows(sandbox: Served, folder: Path) -> dict[str, Rows]:
    """The rows of each question."""
    with _opened(sandbox, folder) as connection:
        return {
            sql: Counter(map(repr, connection.execute(sql).fetchall()))
            for sql in QUESTIONS
        }


def outcomes(
    sandbox: Served, folder: Path, right: Mapping[str, Rows], *, seconds: float = 0.0
) -> Counter[str]:
    """What came of all statements: RIGHT, REFUSED, or what is wrong.

    Each connection goes on for so long, and asks all its statements once at least.
    """
    ends = monotonic() + seconds
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        runs = [
            threads.submit(_run, sandbox, folder, right, number, ends)
            for number in range(CONNECTIONS)
        ]
    return sum((run.result() for run in runs), Counter[str]())


def _run(
    sandbox: Served, folder: Path, right: Mapping[str, Rows], number: int, ends: float
) -> Counter[str]:
    found: Counter[str] = Counter()
    questions = list(right)
    with _opened(sandbox, folder) as connection:
        while not found or monotonic() < ends:
            places = range(number, number + STATEMENTS)
            asked = [questions[place % len(questions)] for place in places]
            found += _together(connection, {sql: right[sql] for sql in asked})
            number += STATEMENTS
    return found


def _together(connection: Connection, right: Mapping[str, Rows]) -> Counter[str]:
    """What comes of these statements, whose rows are fetched by turns."""
    found: Counter[str] = Counter()
    cursors: dict[str, Cursor] = {}
    rows: dict[str, Rows] = {sql: Counter() for sql in right}
    left = list(right)
    while left:
        sql = left.pop(0)
        try:
            if sql not in cursors:
                cursors[sql] = connection.execute(sql)
            page = cursors[sql].fetchmany(_TURN)
        except STATED:
            found[REFUSED] += 1
            continue
        except Error as error:
            found[f"{type(error).__name__}: {error}"] += 1
            continue
        rows[sql].update(map(repr, page))
        if page:
            left.append(sql)
        else:
            found[RIGHT if rows[sql] == right[sql] else f"wrong rows: {sql}"] += 1
    return found


def _opened(sandbox: Served, folder: Path) -> Connection:
    """With nothing at hand; what tables there are is remembered in the folder."""
    return pipedrive_sql.connect(
        api_url=sandbox.url, api_token=sandbox.token, cache_dir=folder, cache_ttl=0
    )
