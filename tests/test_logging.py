"""What the logger `pipedrive_sql` is told, and what it is not."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

from pipedrive_sql.sandbox import Sandbox

from .front_door import connected

NAME = "pipedrive_sql"


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with Sandbox(seed=7, deals=45) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared: Sandbox) -> Sandbox:
    shared.reset()
    shared.faults.clear()
    return shared


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged, without the milliseconds."""
    return [re.sub(r"in \d+ ms", "in N ms", r.getMessage()) for r in caplog.records]


def run(sandbox: Sandbox, level: int, sql: str, **how: Any) -> None:
    with connected(sandbox, **how) as connection:
        logging.getLogger(NAME).setLevel(level)
        try:
            connection.execute(sql).fetchall()
        finally:
            logging.getLogger(NAME).setLevel(logging.NOTSET)


def test_a_line_for_each_request(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    run(sandbox, logging.INFO, "select title from deals where id = 7")
    assert lines(caplog) == ["GET /api/v2/deals/{id} 200 in N ms, 1 token, attempt 1"]
    record = vars(caplog.records[0])
    assert record["name"] == NAME
    assert record["endpoint"] == "/api/v2/deals/{id}"
    assert (record["method"], record["status"], record["tokens"]) == ("GET", 200, 1)
    assert record["milliseconds"] > 0


@pytest.mark.unofficial
def test_attempts_are_counted(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.fail("/api/v2/deals", 503)
    sandbox.fail("/api/v2/deals", how="cut-head")
    run(sandbox, logging.INFO, "select count(title) from deals")
    assert lines(caplog) == [
        "GET /api/v2/deals 503 in N ms, 10 tokens, attempt 1",
        "GET /api/v2/deals no answer in N ms, 10 tokens, attempt 2",
        "GET /api/v2/deals 200 in N ms, 10 tokens, attempt 3",
    ]


SECRETS = ["maria.secret@example.com", "Zebra & Sons", "0176 5551234", "hush"]


@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        ("select id from deals where status = 'won'", "status=won"),
        ("select id from deals where owner_id = 1", "owner_id=1"),
        (
            "select id from deals where id in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)",
            "ids=",
        ),
        (
            "select id from deals where update_time > '2026-01-02 03:04:05'",
            "updated_since=2026-01-02T03:04:05Z",
        ),
        *((f"select 1 from persons_search('{s}')", "term=(") for s in SECRETS),
        *(
            (f"select id from persons where email = '{s}' -- {s}", "= ?")
            for s in SECRETS
        ),
    ],
)
def test_values_are_not_logged(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture, sql: str, shown: str
) -> None:
    run(sandbox, logging.DEBUG, sql)
    said = "\n".join(lines(caplog))
    assert shown in said
    assert sandbox.token not in said
    assert not [s for s in SECRETS if s in said or s.split()[0] in said]


def test_nothing_is_said_unless_it_is_wanted(
    sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    before = list(logging.getLogger(NAME).handlers)
    with connected(sandbox) as connection:
        connection.execute("select count(*) from deals").fetchall()
    assert logging.getLogger(NAME).handlers == before
    assert capfd.readouterr() == ("", "")
