"""Statements that narrow a list by a temporary filter: same rows, nothing left."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipedrive_sql.client.temporary import MARK
from pipedrive_sql.errors import BudgetExceeded, Interrupted, Unavailable
from pipedrive_sql.sandbox import Company, Sandbox

from .front_door import asked, connected

COMPANY = Company.sample(deals=240)
PAGE = 10
SQL = "select id from deals where score between 1 and 400 order by id"
WIDE = "select id from deals where score > 0"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A server of its own, so that what it was told to do wrong ends with the test."""
    with Sandbox(company=COMPANY, page_cap=PAGE) as sandbox:
        yield sandbox
        assert left(sandbox) == []


@pytest.fixture(scope="module")
def rows() -> list[tuple[object, ...]]:
    """What SQL means, without any filter."""
    with Sandbox(company=COMPANY) as sandbox, connected(sandbox) as connection:
        found = connection.execute(SQL).fetchall()
    assert 0 < len(found) < 100
    return found


def left(sandbox: Sandbox) -> list[str]:
    """The names of temporary filters that are in the account."""
    rows = [row for row in sandbox.company.rows("filters") if row["active_flag"]]
    return [row["name"] for row in rows if row["name"].startswith(MARK)]


def written(sandbox: Sandbox) -> list[str]:
    """The methods of requests that write."""
    methods = [line.partition(" ")[0] for line in asked(sandbox)]
    return [method for method in methods if method != "GET"]


def test_a_filter_brings_the_same_rows_for_less(
    sandbox: Sandbox, tmp_path: Path, rows: list[tuple[object, ...]]
) -> None:
    how = {"temporary_filters": True, "cache_dir": tmp_path}
    with connected(sandbox) as without, connected(sandbox, **how) as connection:
        assert without.execute(SQL).fetchall() == rows
        assert connection.execute(SQL).fetchall() == rows
        assert connection.last_usage.tokens < without.last_usage.tokens
        assert written(sandbox) == ["POST", "DELETE"]
        # What was asked by a filter is used again, although the filter is gone.
        assert connection.execute(SQL).fetchall() == rows
        assert connection.last_usage.requests == 0


def test_who_does_not_allow_it_writes_nothing(
    sandbox: Sandbox, tmp_path: Path, rows: list[tuple[object, ...]]
) -> None:
    with connected(sandbox, cache_dir=tmp_path) as connection:
        assert connection.execute(SQL).fetchall() == rows
    assert written(sandbox) == []


def test_a_cursor_that_is_left_in_the_midst_leaves_no_filter(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    how = {"temporary_filters": True, "cache_dir": tmp_path}
    with connected(sandbox, **how) as connection:
        cursor = connection.execute(SQL.replace(" order by id", ""))
        while not left(sandbox):
            assert cursor.fetchone() is not None
        cursor.close()
        assert left(sandbox) == []
    with connected(sandbox, **how) as connection:
        cursor = connection.execute(SQL.replace(" order by id", ""))
        while not left(sandbox):
            assert cursor.fetchone() is not None
    assert left(sandbox) == []


@pytest.mark.unofficial
def test_an_error_while_reading_leaves_no_filter(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    how = {"temporary_filters": True, "cache_dir": tmp_path}
    with connected(sandbox, **how) as connection:
        cursor = connection.execute(WIDE)
        while not left(sandbox):
            assert cursor.fetchone() is not None
        sandbox.fail("/api/v2/deals", 503, None, headers={"retry-after": "0"})
        with pytest.raises(Unavailable):
            cursor.fetchall()
        sandbox.faults.clear()
        assert left(sandbox) == []


def test_a_ceiling_while_reading_leaves_no_filter(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    how = {"temporary_filters": True, "cache_dir": tmp_path}
    with connected(sandbox, **how) as connection:
        connection.execute(SQL).fetchall()  # reads the numbers of the fields
    sandbox.reset()
    with connected(sandbox, max_tokens=67, **how) as connection:
        with pytest.raises(BudgetExceeded):
            connection.execute(WIDE).fetchall()
        assert connection.last_usage.tokens == 66
    assert written(sandbox) == ["POST", "DELETE"]


def test_ctrl_c_while_reading_leaves_no_filter(tmp_path: Path) -> None:
    how = {"temporary_filters": True, "cache_dir": tmp_path}
    with Sandbox(company=COMPANY, page_cap=PAGE, latency=0.02) as slow:
        with connected(slow, **how) as connection:
            cursor = connection.execute(WIDE)
            while not left(slow):
                assert cursor.fetchone() is not None
            threading.Timer(0.03, signal.raise_signal, [signal.SIGINT]).start()
            with pytest.raises((KeyboardInterrupt, Interrupted)):
                cursor.fetchall()
        assert left(slow) == []


@pytest.mark.unofficial
@pytest.mark.parametrize("status", [400, 403])
def test_where_pipedrive_makes_none_the_list_is_read(
    sandbox: Sandbox, tmp_path: Path, rows: list[tuple[object, ...]], status: int
) -> None:
    how = {"temporary_filters": True, "cache_dir": tmp_path, "cache_ttl": 0}
    with connected(sandbox, **how) as connection:
        sandbox.fail("/v1/filters", status)
        assert connection.execute(SQL).fetchall() == rows
        assert connection.execute(SQL).fetchall() == rows
        assert written(sandbox) == ["POST"]
        ((_, notice),) = connection.messages
        assert str(notice).startswith("No temporary filters are made any more.")


@pytest.mark.unofficial
def test_a_filter_that_cannot_be_deleted_is_told(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    how = {"temporary_filters": True, "cache_dir": tmp_path}
    with connected(sandbox, **how) as connection:
        cursor = connection.execute(SQL.replace(" order by id", ""))
        while not left(sandbox):
            assert cursor.fetchone() is not None
        number = max(row["id"] for row in COMPANY.rows("filters"))
        sandbox.fail(f"/v1/filters/{number}", 503)
        cursor.fetchall()
        ((_, notice),) = connection.messages
        assert "could not be deleted: Pipedrive failed at DELETE" in str(notice)
        assert len(left(sandbox)) == 1


HOLD = """
import sys
import pipedrive_sql

url, token, folder, sql = sys.argv[1:]
connection = pipedrive_sql.connect(
    api_url=url, api_token=token, cache_dir=folder, temporary_filters=True
)
cursor = connection.execute(sql)
log = connection._live.home.client.log
while not any(sent.method == "POST" for sent in log.entries):
    assert cursor.fetchone()
print("made", flush=True)
sys.stdin.read()
"""


def test_what_a_killed_process_left_goes_at_the_next_connection(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    arguments = (sandbox.url, sandbox.token, str(tmp_path), WIDE)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "made\n"
        process.kill()
    assert len(left(sandbox)) == 1
    with connected(sandbox, cache_dir=tmp_path):
        assert len(left(sandbox)) == 1, "this one may not write"
    with connected(sandbox, cache_dir=tmp_path, temporary_filters=True):
        assert left(sandbox) == []
