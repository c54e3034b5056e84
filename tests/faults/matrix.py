"""Tables read under faults: what they are asked, and what comes of it."""

from __future__ import annotations

import importlib.util
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from typing import Any, TypeVar

from pipedrive_sql import Connection
from pipedrive_sql.catalog import TABLES
from pipedrive_sql.errors import Error
from pipedrive_sql.sandbox import Company, Fault, Sandbox

from ..front_door import connected

AT_ONCE = 8  # faults that are tried side by side: most of their time is waiting
PATIENCE = 20  # seconds for a statement; with all its attempts it takes 4
ROWS = "the right rows"

Job = TypeVar("Job")
Rows = Counter[str]
Statements = Mapping[str, str]


def arguments() -> dict[str, str]:
    """What tables with inputs are given."""
    place = Path(__file__).parents[2] / "docs" / "questions.py"
    found = importlib.util.spec_from_file_location("questions", place)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    told: dict[str, str] = module.ARGUMENTS
    return told


_GIVEN = arguments()
BY_NAME = {table.name: table for table in TABLES}
SERVED = {
    name: table.over(BY_NAME[table.source]) if table.source else table
    for name, table in BY_NAME.items()
}
"""Tables with the endpoints that serve them, those over arrays included."""
WHOLE: Statements = {
    name: f"SELECT * FROM {name} WHERE {_GIVEN.get(name, 'true')}"
    for name in BY_NAME
    if not name.endswith("_conversion_status")  # answers to what others have begun
}
"""Statements that read each table to its end."""

ALIKE = {
    *("deal_changelog", "person_changelog", "organization_changelog"),
    *("deal_followers_changelog", "person_followers_changelog"),
    *("organization_followers_changelog", "product_followers_changelog"),
    *("deal_participants_changelog", "project_changelog", "person_products"),
}
"""Rows without an id, of which two may be alike: one that comes twice is shown so."""


@dataclass(frozen=True)
class Known:
    """A company, statements that read each of its tables, and their rows."""

    company: Company
    statements: Statements
    right: Mapping[str, Rows]


def opened(sandbox: Sandbox, folder: Path | None = None) -> Connection:
    """A connection with the account's fields kept there, else with nothing on disk."""
    how: dict[str, Any] = {
        "cache_ttl": 0,
        "cache_dir": folder,
        "max_tokens": None,
        "timeout": PATIENCE,
    }
    return connected(sandbox, **how)


def read(connection: Connection, sql: str) -> Rows:
    """All rows of a statement."""
    return Counter(map(repr, connection.execute(sql)))


def narrow(connection: Connection) -> Statements:
    """Statements that ask for the children of the two parents with most of them, and
    for two rows where each needs a request of its own.
    """
    return {name: sql + _of_two(connection, name, sql) for name, sql in WHOLE.items()}


def _of_two(connection: Connection, name: str, sql: str) -> str:
    table = SERVED[name]
    column = table.parent_key or (table.key if table.further else "")
    if not column or name in _GIVEN:
        return ""
    rows = connection.execute(sql)
    place = [told[0] for told in rows.description or ()].index(column)
    most = [key for key, _ in Counter(row[place] for row in rows).most_common(2)]
    return f" AND {column} IN ({', '.join(map(repr, most))})" if most else ""


def outcome(connection: Connection, sql: str, right: Rows) -> Any:
    """ROWS, the class of the error, or what is wrong with the rows."""
    try:
        rows = read(connection, sql)
    except Error as error:
        return type(error)
    lost, more = right - rows, rows - right
    if lost or more:
        return f"{lost.total()} rows lost, {more.total()} more than there are"
    return ROWS


def under(
    rule: str,
    sandbox: Sandbox,
    connection: Connection,
    statements: Statements,
    right: Mapping[str, Rows],
) -> dict[str, Any]:
    """What comes of each table under this fault."""
    found = {}
    for name, sql in statements.items():
        sandbox.faults.add(Fault.read(rule))
        found[name] = outcome(connection, sql, right[name])
        sandbox.faults.clear()
    return found


def side_by_side(
    jobs: Iterable[Job],
    open_one: Callable[[], tuple[Sandbox, Connection]],
    ask: Callable[[Job, Sandbox, Connection], Any],
    at_once: int = AT_ONCE,
) -> list[tuple[Job, Any]]:
    """What `ask` finds for each job; some are done at a time, each connection does
    one after the other.
    """
    waiting: SimpleQueue[Job] = SimpleQueue()
    for job in jobs:
        waiting.put(job)
    found: list[tuple[Job, Any]] = []

    def work() -> None:
        sandbox, connection = open_one()
        with sandbox, connection:
            while True:
                try:
                    job = waiting.get_nowait()
                except Empty:
                    return
                found.append((job, ask(job, sandbox, connection)))

    with ThreadPoolExecutor(at_once) as pool:
        for one in [pool.submit(work) for _ in range(at_once)]:
            one.result()
    return found


@contextmanager
def leaving_nothing() -> Iterator[None]:
    """Threads and sockets are as before afterwards, within five seconds."""
    threads, sockets = own_threads(), open_sockets()
    yield
    ends = monotonic() + 5
    while monotonic() < ends and (open_sockets() > sockets or own_threads() - threads):
        sleep(0.05)
    assert own_threads() - threads == set()
    assert open_sockets() <= sockets


def own_threads() -> set[threading.Thread]:
    """All threads but those that a process keeps for its sign-ins, four at most."""
    kept = "pipedrive-sql-sign-in"
    return {one for one in threading.enumerate() if not one.name.startswith(kept)}


def open_sockets() -> int:
    """How many sockets this process has open, where that can be seen."""
    place = Path("/proc/self/fd")
    if not place.exists():
        return 0
    found = 0
    for link in place.iterdir():
        try:
            found += os.readlink(link).startswith("socket:")
        except FileNotFoundError:
            continue  # it was of this very listing
    return found
