"""Statements that are stopped: by another thread, or by the clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from time import perf_counter, sleep

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.errors import InterfaceError, Interrupted, StatementTimeout
from pipedrive_sql.sandbox import Fault, Sandbox

pytestmark = pytest.mark.unofficial

SQL = "SELECT count(*) FROM deals"
COMPUTES = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n
"""
SOON = 1.0  # seconds in which a statement has to end


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=30, page_cap=10) as sandbox:
        yield sandbox


WAITS = {
    "an answer that never comes": "hang",
    "an answer in drops": "drip size=1 pause=0.3",
    "an answer that is late": "answer delay=60",
    "the next attempt": "503 header=retry-after:9",
    "a limit": "429 header=retry-after:9",
}


@pytest.mark.parametrize("rule", WAITS.values(), ids=WAITS.keys())
def test_the_clock_ends_a_wait(live: Connection, sandbox: Sandbox, rule: str) -> None:
    hold(sandbox, rule)
    live.timeout = 0.2
    began = perf_counter()
    with pytest.raises(StatementTimeout, match=r"^The statement was stopped after 0"):
        live.execute(SQL)
    assert perf_counter() - began < SOON
    live.timeout = None
    sandbox.faults.clear()
    if "429" not in rule:  # the limits keep to the pause that they were told
        assert live.execute(SQL).fetchall() == [(30,)]


@pytest.mark.parametrize("rule", WAITS.values(), ids=WAITS.keys())
def test_another_thread_ends_a_wait(
    live: Connection, sandbox: Sandbox, rule: str
) -> None:
    hold(sandbox, rule)
    stopped: list[float] = []

    def stop() -> None:
        stopped.append(perf_counter())
        live.interrupt()

    timer = threading.Timer(0.2, stop)
    timer.start()
    with pytest.raises(Interrupted, match=r"^The statement was interrupted\.$"):
        live.execute(SQL)
    assert perf_counter() - stopped[0] < SOON
    timer.join()
    sandbox.faults.clear()
    if "429" not in rule:
        assert live.execute(SQL).fetchall() == [(30,)]


def test_both_end_what_is_computed(live: Connection) -> None:
    live.timeout = 0.2
    began = perf_counter()
    with pytest.raises(StatementTimeout):
        live.execute(COMPUTES)
    live.timeout = None
    timer = threading.Timer(0.2, live.interrupt)
    timer.start()
    with pytest.raises(Interrupted):
        live.execute(COMPUTES)
    timer.join()
    assert perf_counter() - began < 0.4 + 2 * SOON
    assert live.execute(SQL).fetchall() == [(30,)]


def test_both_end_what_is_tried_before_it_is_run(live: Connection) -> None:
    """Explaining runs a statement that is given no rows, and gives up what is long."""
    live.apsw.create_scalar_function("stop", lambda *_: live.interrupt(), 0)
    with pytest.raises(Interrupted):
        live.explain(f"SELECT stop() UNION ALL {SQL}")
    live.timeout = 0.2
    assert live.execute(SQL).fetchall() == [(30,)]
    sleep(0.3)
    assert "GET /api/v2/deals" in str(live.explain(f"{COMPUTES} UNION ALL {SQL}"))
    with pytest.raises(StatementTimeout):
        live.execute(COMPUTES)
    live.timeout = None
    assert live.execute(SQL).fetchall() == [(30,)]


def test_rows_before_the_end_of_time_are_there(
    live: Connection, sandbox: Sandbox
) -> None:
    cursor = live.execute("SELECT id FROM deals WHERE value IS NOT 0.5")
    assert len(cursor.fetchmany(10)) == 10
    live.timeout = 0.2  # of the statements that begin from now on
    hold(sandbox, "hang query=cursor")
    with pytest.raises(StatementTimeout):
        live.execute("SELECT id FROM persons ORDER BY name").fetchall()


def test_time_is_above_nothing(live: Connection) -> None:
    with pytest.raises(InterfaceError, match=r"^timeout=0 must be above 0, or None\.$"):
        live.timeout = 0


def hold(sandbox: Sandbox, rule: str) -> None:
    sandbox.faults.add(Fault.read(rule))
