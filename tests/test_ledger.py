"""What processes know of each other's requests: a file, and what may happen to it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw
import pytest

from pipedrive_sql.client.account import Account
from pipedrive_sql.client.credentials import ApiToken
from pipedrive_sql.client.limits import Limits
from pipedrive_sql.client.plans import Assumed

TOKEN = "0123456789abcdef0123456789abcdef01234567"
URL = "https://acme.pipedrive.com"
WINDOW = Assumed(seconds=0.3)

# Asks as often as it is told to; each request is "answered" a little later.
PROGRAM = f"""
import os
import sys
from pathlib import Path
from time import monotonic, sleep
from pipedrive_sql.client.account import Account
from pipedrive_sql.client.credentials import ApiToken
from pipedrive_sql.client.limits import Limits
from pipedrive_sql.client.plans import Assumed

account = Account("{URL}", ApiToken("{TOKEN}"))
limits = Limits(account, folder=Path(sys.argv[1]), assumed=Assumed(seconds=0.3))
for _ in range(int(sys.argv[2])):
    while (place := limits.enter(10, "/api/v2/deals")).wait:
        sleep(place.wait)
    os.write(1, f"{{monotonic()}}\\n".encode())
    if sys.argv[3:] != ["never"]:
        sleep(0.004)
        limits.leave(place, 200, {{}})
sleep(60 if sys.argv[3:] == ["never"] else 0)
"""


@contextmanager
def limits(folder: Path | None, token: str = TOKEN, url: str = URL) -> Iterator[Limits]:
    account = Account(url, ApiToken(token))
    with closing(Limits(account, folder=folder, assumed=WINDOW)) as found:
        yield found


def process(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A process that asks; each line it prints is the moment of a request."""
    command = [sys.executable, "-c", PROGRAM, str(folder), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def ask(limits: Limits, times: int = 1, price: int = 10) -> int:
    """How many of so many requests get a place at once; they are answered."""
    places = [limits.enter(price, "/api/v2/deals") for _ in range(times)]
    taken = [place for place in places if not place.wait]
    for place in taken:
        limits.leave(place, 200, {})
    return len(taken)


def most(moments: list[float]) -> int:
    """The most in any window."""
    return max(sum(0 <= last - m < WINDOW.seconds for m in moments) for last in moments)


def test_processes_with_a_token_share_its_window(tmp_path: Path) -> None:
    processes = [process(tmp_path, "45") for _ in range(2)]
    texts = [process.communicate(timeout=60)[0] for process in processes]
    asked = [[float(line) for line in text.split()] for text in texts]
    assert [len(moments) for moments in asked] == [45, 45]
    assert most(asked[0] + asked[1]) == 20


def test_tokens_have_windows_of_their_own_and_companies_their_days(
    tmp_path: Path,
) -> None:
    with (
        limits(tmp_path) as one,
        limits(tmp_path, "other") as two,
        limits(tmp_path, "third", "https://other.pipedrive.com") as three,
    ):
        assert [ask(each, 25) for each in (one, two, three)] == [20, 20, 20]
        assert [each.quota().spent for each in (one, two, three)] == [400, 400, 200]
    with limits(tmp_path) as again:
        assert again.quota().spent == 400
        assert again.quota().burst_used == 20


def test_the_places_of_a_killed_process_are_free_after_a_while(tmp_path: Path) -> None:
    killed = process(tmp_path, "20", "never")
    assert killed.stdout is not None
    for _ in range(20):
        killed.stdout.readline()
    with limits(tmp_path) as mine:
        assert ask(mine) == 0
        time.sleep(2.5 * WINDOW.seconds)
        assert ask(mine) == 0  # it may wait for its answers yet
        killed.kill()
        killed.communicate(timeout=10)
        assert ask(mine) == 0
        time.sleep(2.1 * WINDOW.seconds)
        assert ask(mine, 25) == 20
        assert mine.quota().spent == 400


def test_whenever_a_process_is_killed_the_ledger_is_whole(tmp_path: Path) -> None:
    told = 0
    killed = [process(tmp_path, "1000") for _ in range(3)]
    for each, delay in zip(killed, (0.0, 0.01, 0.05), strict=True):
        assert each.stdout is not None
        told += bool(each.stdout.readline())
        time.sleep(delay)
        each.send_signal(signal.SIGKILL)
        told += len(each.stdout.read().split())
        each.stdout.close()
        each.wait(10)
    with limits(tmp_path) as mine:
        assert mine.notice == ""
        assert told * 10 <= mine.quota().spent <= (told + 3) * 10
        assert not list(tmp_path.glob("*.broken"))


def test_only_its_owner_reads_it_and_no_token_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with limits(folder) as mine:
        ask(mine, 3)
        files = list(folder.iterdir())
        assert all(TOKEN.encode() not in file.read_bytes() for file in files)
        if os.name == "posix":
            modes = {stat.S_IMODE(file.stat().st_mode) for file in (folder, *files)}
            assert modes == {0o700, 0o600}
    assert [file.name for file in folder.glob("ledger.*")] == ["ledger.db"]


@pytest.mark.parametrize("content", [b"no database" * 1000, b"SQLite format 3\0" * 99])
def test_a_broken_ledger_is_begun_anew(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(content)
    with limits(tmp_path) as mine:
        assert mine.notice == (
            f"What was spent today was not readable in {tmp_path / 'ledger.db'}. It is "
            "counted anew from now on; the old file is ledger.broken."
        )
        assert ask(mine, 2) == 2
    assert (tmp_path / "ledger.broken").read_bytes() == content
    with limits(tmp_path) as mine:
        assert (mine.notice, mine.quota().spent) == ("", 20)


def test_a_ledger_of_another_version_is_left_aside(tmp_path: Path) -> None:
    with limits(tmp_path) as mine:
        ask(mine)
    with closing(apsw.Connection(str(tmp_path / "ledger.db"))) as database:
        database.pragma("user_version", 99)
    with limits(tmp_path) as mine:
        assert mine.notice.startswith("What was spent today was not readable in ")
        assert mine.quota().spent == 0


def test_without_a_folder_to_write_in_limits_hold_in_the_process(
    tmp_path: Path,
) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder")
    with limits(nowhere) as mine, limits(nowhere) as other:
        assert mine.notice == (
            f"What is spent cannot be noted in {nowhere} (File exists). Limits are "
            "kept by this process alone: others with the same token may pass them."
        )
        assert ask(mine, 15) == 15
        assert ask(other, 15) == 5
        assert mine.quota().spent == other.quota().spent == 200


def test_a_ledger_that_breaks_stops_no_work(tmp_path: Path) -> None:
    with limits(tmp_path) as mine:
        assert ask(mine, 5) == 5
        with closing(apsw.Connection(str(tmp_path / "ledger.db"))) as database:
            database.execute("DROP TABLE days; CREATE TABLE days(other)")
        assert ask(mine, 25) == 20
        assert mine.notice.startswith(f"What is spent cannot be noted in {tmp_path} (")
        assert mine.quota().burst_used == 20


def test_a_ledger_that_is_kept_by_another_is_waited_for_a_moment_only(
    tmp_path: Path,
) -> None:
    with limits(tmp_path) as mine:
        place = mine.enter(10, "/api/v2/deals")
        with closing(apsw.Connection(str(tmp_path / "ledger.db"))) as database:
            database.execute("BEGIN IMMEDIATE")
            began = time.perf_counter()
            assert 0 < mine.enter(10, "/api/v2/deals").wait < 0.1
            mine.leave(place, 200, {"x-daily-ratelimit-token-remaining": "77"})
            assert time.perf_counter() - began < 0.2
        assert ask(mine) == 1
        known = mine.quota()
        assert (known.spent, known.left.remaining, known.burst_used) == (20, 67, 2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_fork_counts_for_itself(tmp_path: Path) -> None:
    program = PROGRAM.replace("for _", "child = os.fork()\nfor _", 1)
    program += "child and os.waitpid(child, 0)\n"
    command = [sys.executable, "-c", program, str(tmp_path), "22"]
    done = subprocess.run(command, stdout=subprocess.PIPE, timeout=60, check=True)
    moments = [float(line) for line in done.stdout.split()]
    assert len(moments) == 44
    assert most(moments) == 20
    with limits(tmp_path) as mine:
        assert mine.quota().spent == 440
