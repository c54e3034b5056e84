"""The life of a temporary filter: whatever happens, nothing stays in the account."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import sleep
from uuid import uuid4

import pytest

from pipedrive_sql.client.account import Account
from pipedrive_sql.client.credentials import ApiToken
from pipedrive_sql.client.temporary import MARK, PRICE, TemporaryFilters
from pipedrive_sql.client.transport import Client
from pipedrive_sql.client.usage import Meter, Sent
from pipedrive_sql.client.writer import Writer
from pipedrive_sql.errors import (
    BadAnswer,
    BudgetExceeded,
    Refused,
    RequestError,
    Unavailable,
)
from pipedrive_sql.planner.conditions import Compiled, Condition
from pipedrive_sql.planner.operators import Said
from pipedrive_sql.sandbox import Company, Sandbox

from .front_door import asked, connected

COMPANY = Company.sample(deals=30)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A server of its own, so that what it was told to do wrong ends with the test."""
    with Sandbox(company=COMPANY) as sandbox:
        yield sandbox


STATUS = next(row["id"] for row in COMPANY.fields_v1("deal") if row["key"] == "status")
WON = Compiled("deals", "deal", (Condition("status", STATUS, Said("=", "won", 0.3)),))


@contextmanager
def filters(sandbox: Sandbox, folder: Path | None) -> Iterator[TemporaryFilters]:
    """The temporary filters of a connection, which closes in the end."""
    client = writer(sandbox)
    found = TemporaryFilters(client, folder)
    yield found
    found.close()
    client.close()


def writer(sandbox: Sandbox) -> Writer:
    return Writer(Account(sandbox.url, ApiToken(sandbox.token)))


def left(sandbox: Sandbox) -> list[str]:
    """The names of temporary filters that are in the account."""
    rows = [row for row in sandbox.company.rows("filters") if row["active_flag"]]
    return [row["name"] for row in rows if row["name"].startswith(MARK)]


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_filter_lasts_as_long_as_its_block(sandbox: Sandbox, tmp_path: Path) -> None:
    meter = Meter(1)
    with filters(sandbox, tmp_path) as found:
        with found.made(WON, meter) as number:
            (name,) = left(sandbox)
            assert len(files(tmp_path)) == 1
            assert asked(sandbox) == ["POST /v1/filters"]
        assert left(sandbox) == files(tmp_path) == []
        assert asked(sandbox)[1:] == [f"DELETE /v1/filters/{number}"]
    assert name.startswith(f"{MARK} ")
    assert (meter.usage.tokens, meter.usage.requests, meter.held) == (PRICE, 2, 0)
    assert sandbox.usage()["tokens"] == PRICE
    assert found.notices == []


def test_the_log_tells_what_was_written(sandbox: Sandbox) -> None:
    client = writer(sandbox)
    number = client.add_filter("x", WON, Meter(1))
    client.delete_filter(number, Meter(1))
    sent = [entry for entry in client.log.entries if isinstance(entry, Sent)]
    assert [(one.method, one.path, one.tokens) for one in sent] == [
        ("POST", "/v1/filters", 10),
        ("DELETE", f"/v1/filters/{number}", 6),
    ]
    client.close()


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_exception_removes_it_too(
    sandbox: Sandbox, tmp_path: Path, error: type[BaseException]
) -> None:
    with filters(sandbox, tmp_path) as found:
        with pytest.raises(error), found.made(WON, Meter(1)):
            raise error
        assert left(sandbox) == files(tmp_path) == []


def test_ctrl_c_while_it_is_being_made_leaves_nothing(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    with Sandbox(company=COMPANY, latency=0.5) as slow:
        with filters(slow, tmp_path) as found:
            threading.Timer(0.2, signal.raise_signal, [signal.SIGINT]).start()
            with pytest.raises(KeyboardInterrupt), found.made(WON, Meter(1)):
                pass
            assert len(files(tmp_path)) == 1
        assert left(slow) == files(tmp_path) == []


HOLD = """
import sys
from pathlib import Path
from pipedrive_sql.client.account import Account
from pipedrive_sql.client.credentials import ApiToken
from pipedrive_sql.client.temporary import TemporaryFilters
from pipedrive_sql.client.usage import Meter, Sent
from pipedrive_sql.client.writer import Writer
from pipedrive_sql.planner.conditions import Compiled, Condition
from pipedrive_sql.planner.operators import Said

url, token, folder, field = sys.argv[1:]
filters = TemporaryFilters(Writer(Account(url, ApiToken(token))), Path(folder))
won = Condition("status", int(field), Said("=", "won", 0.3))
print("begins", flush=True)
with filters.made(Compiled("deals", "deal", (won,)), Meter(1)):
    print("made", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holding(sandbox: Sandbox, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that begins to make a filter, and keeps it until it is killed."""
    arguments = (sandbox.url, sandbox.token, str(folder), str(STATUS))
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n"
        yield process
        process.kill()


def test_what_a_killed_process_left_is_swept_at_the_next_start(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    with holding(sandbox, tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "made\n"
        with filters(sandbox, tmp_path) as found:
            found.sweep(Meter(0))
            assert len(left(sandbox)) == 1, "another process is using it"
    assert len(left(sandbox)) == 1
    with filters(sandbox, tmp_path) as found:
        sandbox.reset()
        found.sweep(Meter(0))
        assert [line.partition(" ")[0] for line in asked(sandbox)] == ["DELETE"]
        assert left(sandbox) == files(tmp_path) == []
        found.sweep(Meter(0))
        assert len(asked(sandbox)) == 1


def test_a_process_killed_while_it_asks_leaves_a_name_to_look_for(
    tmp_path: Path,
) -> None:
    with Sandbox(company=COMPANY, latency=1.5) as slow:
        with holding(slow, tmp_path):
            sleep(1.0)  # it has begun to ask
        for _ in range(100):  # until it is answered
            sleep(0.05)
            if left(slow):
                break
        assert len(left(slow)) == 1
        with filters(slow, tmp_path) as found:
            found.sweep(Meter(0))
        assert left(slow) == files(tmp_path) == []
        _, listed, deleted = asked(slow)
        assert listed == "GET /v1/filters"
        assert deleted.startswith("DELETE /v1/filters/")


def test_without_a_journal_old_filters_are_found_by_their_names(
    sandbox: Sandbox,
) -> None:
    client = writer(sandbox)
    made = []
    client.delete_filter(999, Meter(0))  # so that it knows the time there
    for hours, mark in ((0.5, MARK), (2, MARK), (2, "my own")):
        time = f"{client.now() - timedelta(hours=hours):%Y-%m-%d %H:%M:%S}"
        name = f"{mark} {uuid4()} {time}"
        made.append(client.add_filter(name, WON, Meter(0)))
    sandbox.reset()
    with filters(sandbox, None) as found:
        for _ in range(2):
            with found.made(WON, Meter(1)):
                pass
    methods = [line.split("/")[0].strip() for line in asked(sandbox)]
    assert methods == ["GET", "DELETE", *["POST", "DELETE"] * 2]
    assert len(left(sandbox)) == 1, "half an hour old: somebody may be using it"
    for number in made:
        client.delete_filter(number, Meter(0))
    assert [heard.status for heard in sandbox.heard][-3:] == [200, 404, 200]
    client.close()


@pytest.mark.unofficial
@pytest.mark.parametrize("kept", [True, False], ids=["journal", "no journal"])
def test_a_deletion_that_fails_is_told_and_tried_again(
    sandbox: Sandbox, tmp_path: Path, kept: bool
) -> None:
    with filters(sandbox, tmp_path if kept else None) as found:
        with found.made(WON, Meter(1)) as number:
            sandbox.fail(f"/v1/filters/{number}", times=2)
        (notice,) = found.notices
        assert notice.startswith(f"The temporary filter {number} ({MARK!r}"[:-1])
        assert "could not be deleted: Pipedrive failed at DELETE" in notice
        with found.made(WON, Meter(1)):
            assert len(left(sandbox)) == 2
        assert len(left(sandbox)) == 1 and found.notices
    assert left(sandbox) == files(tmp_path) == []
    assert found.notices == []


@pytest.mark.unofficial
def test_an_answer_that_breaks_off_leaves_nothing(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    with filters(sandbox, tmp_path) as found:
        sandbox.fail("/v1/filters", how="cut-body")
        broken = pytest.raises(Unavailable, match="POST /v1/filters broke off")
        with broken, found.made(WON, Meter(1)):
            pytest.fail("there is no filter to use")
        posts = [line for line in asked(sandbox) if line.startswith("POST")]
        assert len(posts) == 1, "it may have happened, so it is not sent again"
        assert len(left(sandbox)) == 1 and found.notices
    assert left(sandbox) == files(tmp_path) == []


@pytest.mark.unofficial
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, None, BadAnswer),
        (403, None, Refused),
        (503, None, Unavailable),
        (200, b'{"success": true, "data": null}', BadAnswer),
    ],
)
def test_what_pipedrive_refuses_is_an_error_and_leaves_nothing(
    sandbox: Sandbox,
    tmp_path: Path,
    status: int,
    body: bytes | None,
    kind: type[RequestError],
) -> None:
    meter = Meter(1)
    with filters(sandbox, tmp_path) as found:
        sandbox.fail("/v1/filters", status, body=body)
        refused = pytest.raises(kind, match="POST /v1/filters")
        with refused as caught, found.made(WON, meter):
            pytest.fail("there is no filter to use")
        assert caught.value.status == status
    assert left(sandbox) == files(tmp_path) == []
    assert (meter.tokens, meter.held) == (10, 0)


@pytest.mark.unofficial
def test_a_moment_of_too_many_requests_is_waited_for(sandbox: Sandbox) -> None:
    at_once = {"retry-after": "0"}
    with filters(sandbox, None) as found:
        sandbox.fail("/v1/filters", 429, headers=at_once)
        with found.made(WON, Meter(1)) as number:
            sandbox.fail(f"/v1/filters/{number}", 429, headers=at_once)
    assert left(sandbox) == []


def test_the_ceiling_has_room_for_the_deletion(sandbox: Sandbox) -> None:
    with filters(sandbox, None) as found:
        found.sweep(Meter(0))
        sandbox.reset()
        stopped = pytest.raises(BudgetExceeded, match="stops before POST /v1/filters")
        with stopped, found.made(WON, Meter(1, max_tokens=PRICE - 1)):
            pytest.fail("it would cost too much")
        assert asked(sandbox) == []
        meter = Meter(1, max_tokens=PRICE + 9)
        with found.made(WON, meter):
            with pytest.raises(BudgetExceeded):
                meter.claim(10, "GET /api/v2/deals", None)
            meter.pay(meter.claim(9, "GET /api/v2/deals", None))
        assert meter.tokens == PRICE + 9
    assert left(sandbox) == []


def test_a_journal_that_cannot_be_kept_is_told(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    place = tmp_path / "file"
    place.touch()
    with filters(sandbox, place) as found:
        with found.made(WON, Meter(1)):
            pass
        (notice,) = found.notices
        assert notice.startswith("No journal of temporary filters can be kept")
    assert left(sandbox) == []


def test_who_does_not_allow_it_has_no_way_to_write(sandbox: Sandbox) -> None:
    reads = {name for name in dir(Client) if not name.startswith("_")}
    writes = {name for name in dir(Writer) if not name.startswith("_")}
    assert writes - reads == {"add_filter", "delete_filter"}
    with connected(sandbox) as connection:
        connection.execute("select count(*) from deals where vendor = 'x'").fetchall()
    assert {line.partition(" ")[0] for line in asked(sandbox)} == {"GET"}
