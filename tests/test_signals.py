"""The command is stopped before its statement ends: by signals, by a closed pipe."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import pytest

from pipedrive_sql.client.temporary import MARK
from pipedrive_sql.sandbox import Company, Sandbox

if sys.platform == "win32":
    pytest.skip("these signals are those of Unix", allow_module_level=True)

COMPANY = Company.sample(deals=240)
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(company=COMPANY, page_cap=10) as sandbox:
        yield sandbox


@pytest.fixture
def start(sandbox: Sandbox, tmp_path: Path) -> Start:
    """Starts `pipedrive-sql -v` on the sandbox."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith("PIPEDRIVE_")}
    whose = {"PIPEDRIVE_API_URL": sandbox.url, "PIPEDRIVE_API_TOKEN": sandbox.token}
    folders = {"HOME": str(tmp_path), "PIPEDRIVE_CACHE_DIR": str(tmp_path / "cache")}

    def start(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "pipedrive_sql", "-v", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**kept, **whose, **folders},
            text=True,
        )

    return start


def until(process: subprocess.Popen[str], request: str) -> None:
    """Wait until the log tells of a request."""
    assert process.stderr
    for line in process.stderr:
        if request in line:
            return
    raise AssertionError(f"{request} was not sent")


@contextmanager
def at_once(seconds: float = 1) -> Iterator[None]:
    """What takes no longer."""
    began = perf_counter()
    yield
    assert perf_counter() - began < seconds


def ended(process: subprocess.Popen[str], number: int, seconds: float = 1) -> str:
    """What the command still says on standard error, having got a signal."""
    with at_once(seconds):
        process.send_signal(number)
        process.wait(30)
    assert process.stdout
    assert process.stderr
    with process.stdout, process.stderr:
        said = process.stderr.read()
    assert "Traceback" not in said
    assert process.returncode in (-number, 128 + number)
    return "".join(line for line in said.splitlines(True) if "attempt" not in line)


@pytest.mark.unofficial
def test_ctrl_c_ends_waiting_at_once(
    sandbox: Sandbox, start: Start, tmp_path: Path
) -> None:
    sandbox.fail("/api/v2/deals", how="hang", after=1, times=None)
    file = tmp_path / "rows.csv"
    process = start("--output", str(file), "select id from deals")
    until(process, "GET /api/v2/deals 200")
    assert ended(process, signal.SIGINT) == "Error: Interrupted.\n"
    assert [path.name for path in tmp_path.iterdir() if "rows" in path.name] == []


@pytest.mark.unofficial
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_no_temporary_filter(
    sandbox: Sandbox, start: Start, number: int
) -> None:
    sandbox.fail("/api/v2/deals", how="hang", query="filter_id", after=1, times=None)
    process = start("--temporary-filters", "select id from deals where score > 0")
    until(process, "POST /v1/filters 200")
    assert ended(process, number) == ""
    filters = [row["name"] for row in COMPANY.rows("filters") if row["active_flag"]]
    assert [name for name in filters if name.startswith(MARK)] == []
    assert "DELETE" in {heard.method for heard in sandbox.heard}


@pytest.mark.unofficial
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_deletion_that_hangs_does_not_keep_the_process(
    sandbox: Sandbox, start: Start, number: int
) -> None:
    sandbox.fail("/v1/filters/*", how="hang", method="DELETE", times=None)
    sandbox.fail("/api/v2/deals", how="hang", query="filter_id", after=1, times=None)
    process = start("--temporary-filters", "select id from deals where score > 0")
    until(process, "POST /v1/filters 200")
    ended(process, number, seconds=3)
    sandbox.faults.clear()
    process = start("--temporary-filters", "select 1")
    until(process, "DELETE /v1/filters/{id} 200")
    process.communicate()


TIDIES = """
import io, signal, sys, time, weakref
from pipedrive_sql.__main__ import main

class Told(io.StringIO):
    def write(self, text):
        thing = Told()
        weakref.finalize(thing, signal.raise_signal, signal.{name})
        del thing  # nothing can be raised from what is called here
        for _ in range(100):
            time.sleep(0.05)

sys.argv, sys.stdout = ["pipedrive-sql", "--help"], Told()
sys.exit(main())
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_no_signal_is_lost_while_python_tidies_up(name: str) -> None:
    program = TIDIES.replace("{name}", name)
    done = subprocess.run([sys.executable, "-c", program], timeout=30)
    number = signal.Signals[name]
    assert done.returncode in (-number, 128 + number)


@pytest.mark.unofficial
def test_a_timeout_ends_waiting(sandbox: Sandbox, start: Start) -> None:
    sandbox.fail("/api/v2/deals", how="hang", times=None)
    process = start("--timeout", "0.2", "select id from deals")
    assert process.stderr
    assert process.stdout
    with process.stderr, process.stdout:
        said = process.stderr.read()
    assert "Error: The statement was stopped after 0.2 s" in said
    assert process.wait(30) == 1


@pytest.mark.unofficial
def test_who_closes_the_pipe_pays_for_no_more_pages(
    sandbox: Sandbox, start: Start
) -> None:
    sandbox.fail("/api/v2/deals", how="answer", delay=0.1, times=None)
    process = start("select * from deals")
    assert process.stdout
    assert process.stderr
    assert process.stdout.readline().startswith("id,")
    process.stdout.close()
    with process.stderr:
        said = process.stderr.read()
    assert not {"Error", "Traceback"} & set(said.replace(":", "").split())
    assert process.wait(30) == 141
    pages = [h for h in sandbox.heard if h.path == "/api/v2/deals"]
    assert len(pages) < 12
