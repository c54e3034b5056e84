"""What is told of a statement while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from time import perf_counter

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.client.progress import Progress
from pipedrive_sql.sandbox import Sandbox

from .front_door import connected

UNTIL = """
    with recursive a(i) as (select 1 union all select i + 1 from a where seconds() < ?)
    select count(*) > 0 from a where (select count(*) from deals)
"""


class Stop(Exception):
    """What a callback raises to end its statement."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=7, deals=45) as sandbox:
        yield sandbox


def work(connection: Connection, seconds: float) -> None:
    """Let SQLite work so long, without a request."""
    connection.apsw.create_scalar_function("seconds", lambda *_: perf_counter())
    connection.execute("select count(*) from deals").fetchall()
    connection.execute(UNTIL, (perf_counter() + seconds,)).fetchall()


def test_long_statements_are_told_of_and_their_end(sandbox: Sandbox) -> None:
    told: list[Progress] = []
    with connected(sandbox, progress=told.append) as connection:
        work(connection, 0.5)
        assert told == []
        work(connection, 1.5)
    *running, end = told
    assert 1 <= running[0].seconds < 1.4
    assert all(b.seconds - a.seconds > 0.09 for a, b in pairwise(running))
    assert [p.done for p in running] == [False] * len(running)
    assert end.done
    assert (end.rows, end.requests, end.tokens) == (0, 0, 0)
    assert end.statement == UNTIL


def test_what_a_callback_raises_ends_the_statement(sandbox: Sandbox) -> None:
    told: list[Progress] = []

    def stop(progress: Progress) -> None:
        told.append(progress)
        raise Stop

    with connected(sandbox, progress=stop) as connection:
        began = perf_counter()
        with pytest.raises(Stop):
            work(connection, 60)
        assert perf_counter() - began < 2
        assert [p.done for p in told] == [False]
        assert connection.execute("select count(*) from deals").fetchall() == [(45,)]


@pytest.mark.unofficial
def test_why_it_waits_is_told() -> None:
    told: list[Progress] = []
    with (
        Sandbox(seed=7, deals=500, page_cap=25, plan="lite") as sandbox,
        connected(sandbox, progress=told.append, cache_ttl=0) as connection,
    ):
        sql = "select count(*), sum(value) from deals"
        connection.execute(sql).fetchall()
        limit = "20 requests in 2 s, the limit that Pipedrive tells"
        assert {limit} == {p.waiting for p in told} - {""}
        assert any(str(p).endswith(f" s; waits: {limit}") for p in told)
        assert {p.waiting for p in told if p.done} == {""}
        told.clear()
        sandbox.fail("/api/v2/deals", headers={"retry-after": "1.5"})
        connection.execute(sql).fetchall()
        assert "to ask again (503)" in {p.waiting for p in told}


@pytest.mark.parametrize(
    ("low", "high", "spent", "tokens", "part"),
    [
        (None, None, 30, "30 tokens", None),
        (10, None, 5, "5 of 10 tokens or more", None),
        (10, None, 30, "30 tokens", None),
        (100, 100, 30, "30 of 100 tokens", 0.3),
        (60, 100, 30, "30 of 60 to 100 tokens", 0.3),
        (10, 100, 30, "30 of up to 100 tokens", None),
        (10, 100, 130, "130 tokens", None),
        (0, 0, 0, "0 of 0 tokens", None),
    ],
)
def test_what_a_statement_costs_is_told_as_far_as_it_is_known(
    low: int | None, high: int | None, spent: int, tokens: str, part: float | None
) -> None:
    progress = Progress("select 1", 2.2, 1, 1, spent, low, high, "deals", "the limit")
    line = f"deals: 1 row, 1 request, {tokens}, 2 s; waits: the limit"
    assert (str(progress), progress.part) == (line, part)
