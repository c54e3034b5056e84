"""Every table through refusals and failures: the right rows, or the right error.

A 404 below a parent says that the parent is gone, and is not here.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections import Counter
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.catalog import TABLES
from pipedrive_sql.errors import (
    AccountClosed,
    Blocked,
    DailyBudgetSpent,
    Error,
    RateLimited,
    Refused,
    TokenRefused,
    Unavailable,
)
from pipedrive_sql.sandbox import Company, Fault, Sandbox

from ..front_door import connected

DEALS = 8
PAGE = 4
AT_ONCE = "header=retry-after:0"
ROWS = "the right rows"

# What may come of each fault; all that is named must come of it for some table.
FAULTS: dict[str, set[str | type[Error]]] = {
    f"503 after=1 times=1 {AT_ONCE}": {ROWS},
    f"503 {AT_ONCE}": {Unavailable},
    f"503 after=1 {AT_ONCE}": {ROWS, Unavailable},
    f"524 body='error code: 524' {AT_ONCE}": {Unavailable},
    f"429 {AT_ONCE}": {RateLimited},
    "401": {TokenRefused},
    "401 after=1": {ROWS, TokenRefused},
    "402": {AccountClosed},
    "403": {Refused},
}
# After these a connection sends nothing more.
FINAL: dict[str, set[str | type[Error]]] = {
    "429 header=x-daily-ratelimit-token-remaining:0": {DailyBudgetSpent},
    "html status=403": {Blocked},
}

pytestmark = pytest.mark.unofficial


def arguments() -> dict[str, str]:
    """What tables with inputs are given."""
    place = Path(__file__).parents[2] / "docs" / "questions.py"
    found = importlib.util.spec_from_file_location("questions", place)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    told: dict[str, str] = module.ARGUMENTS
    return told


GIVEN = arguments()
NAMES = [t.name for t in TABLES if not t.name.endswith("_conversion_status")]


def read(connection: Connection, name: str) -> Counter[str]:
    """All rows of a table."""
    where = f" WHERE {GIVEN[name]}" if name in GIVEN else ""
    return Counter(map(repr, connection.execute(f"SELECT * FROM {name}{where}")))


def opened(sandbox: Sandbox, folder: Path) -> Connection:
    how: dict[str, Any] = {"cache_ttl": 0, "cache_dir": folder, "max_tokens": None}
    return connected(sandbox, **how)


def company() -> Company:
    """A small one: what has many children asks for those of each."""
    made = Company.sample(deals=DEALS)
    for key in list(made["products"].rows)[PAGE + 2 :]:
        made["products"].change(key, {"is_deleted": True})
    return made


def outcome(connection: Connection, name: str, right: Counter[str]) -> Any:
    """ROWS, the class of the error, or what is wrong with the rows."""
    try:
        rows = read(connection, name)
    except Error as error:
        return type(error)
    lost, more = right - rows, rows - right
    if lost or more:
        return f"{lost.total()} rows lost, {more.total()} more than there are"
    return ROWS


def under(
    rule: str, sandbox: Sandbox, connection: Connection, right: dict[str, Counter[str]]
) -> dict[str, Any]:
    """What comes of each table under this fault."""
    found = {}
    for name, rows in right.items():
        sandbox.faults.add(Fault.read(rule))
        found[name] = outcome(connection, name, rows)
        sandbox.faults.clear()
    return found


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of each fault, and what was left behind."""
    threads, sockets = own_threads(), open_sockets()
    folder = tmp_path_factory.mktemp("matrix")
    with Sandbox(company=company(), page_cap=PAGE) as sandbox:
        with opened(sandbox, folder) as connection:
            right = {name: read(connection, name) for name in NAMES}
            found = {rule: under(rule, sandbox, connection, right) for rule in FAULTS}
        found |= {rule: final(rule, sandbox, folder, right) for rule in FINAL}
    ends = monotonic() + 5
    while monotonic() < ends and (open_sockets() > sockets or own_threads() - threads):
        sleep(0.05)
    left = {
        "threads": own_threads() - threads,
        "sockets": open_sockets() - sockets,
    }
    return found | {"left": left}


def final(
    rule: str, sandbox: Sandbox, folder: Path, right: dict[str, Counter[str]]
) -> dict[str, Any]:
    """As `under`, for some tables: each needs a connection of its own."""
    found: dict[str, Any] = {}
    for name in NAMES[::15]:
        with opened(sandbox, folder) as connection:
            found |= under(rule, sandbox, connection, {name: right[name]})
    return found


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


@pytest.mark.parametrize("rule", FAULTS | FINAL)
def test_every_table_under(outcomes: dict[str, Any], rule: str) -> None:
    allowed = (FAULTS | FINAL)[rule]
    found = outcomes[rule]
    assert {name: what for name, what in found.items() if what not in allowed} == {}
    assert set(found.values()) == allowed


def test_nothing_is_left_behind(outcomes: dict[str, Any]) -> None:
    assert outcomes["left"]["threads"] == set()
    assert outcomes["left"]["sockets"] <= 0
