"""Every table while answers do not come, or come too slowly: a statement ends in time.

Afterwards the same connection reads the table.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.errors import StatementTimeout
from pipedrive_sql.sandbox import Fault, Sandbox

from .matrix import (
    PATIENCE,
    ROWS,
    Known,
    opened,
    outcome,
    read,
    side_by_side,
)

SECONDS = 0.3  # that a statement may take
LATE = 1.0  # after which it must have ended
AT_ONCE = 16

# What may come of each; all that is named must come of it for some table.
FAULTS: dict[str, set[Any]] = {
    "hang after=1": {StatementTimeout, ROWS},
    f"answer delay={SECONDS + LATE}": {StatementTimeout},
    "drip size=20 pause=0.2": {StatementTimeout},
}

pytestmark = pytest.mark.unofficial


@pytest.fixture(scope="module")
def outcomes(
    known: Known,
) -> dict[str, dict[str, Any]]:
    """What came of each table: under each fault, how late at most, and afterwards."""

    def one() -> tuple[Sandbox, Connection]:
        sandbox = Sandbox(company=known.company)
        return sandbox, opened(sandbox)

    def ask(name: str, sandbox: Sandbox, connection: Connection) -> dict[str, Any]:
        found: dict[str, Any] = {}
        connection.timeout = SECONDS
        most = 0.0
        for rule in FAULTS:
            sandbox.faults.add(Fault.read(rule))
            begun = monotonic()
            found[rule] = outcome(connection, known.statements[name], known.right[name])
            most = max(most, monotonic() - begun - SECONDS)
            sandbox.faults.clear()
        connection.timeout = PATIENCE
        after = outcome(connection, known.statements[name], known.right[name])
        return found | {"late": most, "afterwards": after}

    return dict(side_by_side(known.statements, one, ask, AT_ONCE))


@pytest.mark.parametrize("rule", FAULTS)
def test_every_table_under(outcomes: dict[str, dict[str, Any]], rule: str) -> None:
    found = {name: told[rule] for name, told in outcomes.items()}
    wrong = {name: what for name, what in found.items() if what not in FAULTS[rule]}
    assert wrong == {}
    assert set(found.values()) == FAULTS[rule]


def test_no_statement_ends_late(outcomes: dict[str, dict[str, Any]]) -> None:
    late = {name: told["late"] for name, told in outcomes.items()}
    assert {name: seconds for name, seconds in late.items() if seconds > LATE} == {}


def test_the_connection_is_usable_afterwards(
    outcomes: dict[str, dict[str, Any]],
) -> None:
    found = {name: told["afterwards"] for name, told in outcomes.items()}
    assert {name: what for name, what in found.items() if what != ROWS} == {}


def test_requests_that_hang_take_no_place_of_others(known: Known) -> None:
    """A host has 64 connections; each of these statements leaves ten requests."""
    sql = "SELECT * FROM person_flow WHERE person_id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)"
    with Sandbox(company=known.company) as sandbox, opened(sandbox) as connection:
        right = read(connection, sql)
        connection.timeout = SECONDS
        sandbox.faults.add(Fault.read("hang path=/flow"))
        found = {outcome(connection, sql, right) for _ in range(10)}
        assert found == {StatementTimeout}
        sandbox.faults.clear()
        connection.timeout = PATIENCE
        begun = monotonic()
        assert outcome(connection, sql, right) == ROWS
        assert monotonic() - begun < LATE


def test_windows_that_hang_take_no_place_of_others() -> None:
    sql = "SELECT id, title FROM deals"
    with Sandbox(deals=300, page_cap=3) as sandbox, opened(sandbox) as connection:
        right = read(connection, sql)
        sandbox.reset()
        assert read(connection, sql) == right
        assert any("updated_until" in heard.query for heard in sandbox.heard)
        connection.timeout = SECONDS
        for _ in range(12):
            sandbox.faults.add(Fault.read("hang after=30"))
            assert outcome(connection, sql, right) == StatementTimeout
            sandbox.faults.clear()
        connection.timeout = PATIENCE
        begun = monotonic()
        assert outcome(connection, sql, right) == ROWS
        assert monotonic() - begun < LATE * 3
