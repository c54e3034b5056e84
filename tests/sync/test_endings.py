"""A run that ends at any moment leaves the old file or the new one, whole."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from pipedrive_sql.errors import OperationalError

from .conftest import Mirrored

FEW = ("--tables", "deals,persons,pipelines")
KILLS = int(os.environ.get("PIPEDRIVE_SQL_KILLS", "4"))


def begun(
    mirrored: Mirrored, *options: str, room: int | None = None
) -> subprocess.Popen[str]:
    """A run in a process of its own, whose files may be of so many bytes."""

    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (room or 0, room or 0))

    sandbox = mirrored.door.sandbox
    return subprocess.Popen(
        [sys.executable, "-m", "pipedrive_sql", "sync", str(mirrored.path), *options],
        env={
            **os.environ,
            "PIPEDRIVE_API_URL": sandbox.url,
            "PIPEDRIVE_API_TOKEN": sandbox.token,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit if room else None,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_killed_at_any_moment(mirrored: Mirrored) -> None:
    dice = random.Random(11)
    ended = 0
    for number in range(KILLS):
        run = begun(mirrored, "--sweep", "always", *FEW)
        try:
            run.communicate(timeout=dice.uniform(0.5, 1.5))
            ended += 1
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.communicate()
        mirrored.door(
            "PATCH", f"/api/v2/deals/{number + 1}", {"title": f"No. {number}"}
        )
        if mirrored.path.exists():
            assert mirrored.read("PRAGMA integrity_check") == [("ok",)]
            for table, rows in mirrored.read("SELECT table_name, rows FROM _sync"):
                assert mirrored.read(f"SELECT count(*) FROM {table}") == [(rows,)]
    assert ended < KILLS  # else nothing was killed
    run = begun(mirrored, *FEW)
    told, problems = run.communicate(timeout=60)
    assert run.returncode == 0, problems
    assert "is up to date" in told
    mirrored.sync()  # the one before may only have published what was staged
    assert mirrored.differences() == []
    assert os.listdir(mirrored.path.parent) == ["crm.db"]


def test_readers_see_one_version(mirrored: Mirrored) -> None:
    """Ordinary, read-only and immutable readers, all the time."""
    mirrored.sync(tables=("deals", "pipelines", "stages"))
    versions: set[tuple[int, int]] = set()
    problems: list[str] = []
    done = threading.Event()

    def read(parameters: str) -> None:
        while not done.is_set():
            uri = f"{mirrored.path.as_uri()}?{parameters}"
            with closing(sqlite3.connect(uri, uri=True, timeout=0)) as file:
                rows = "SELECT rows FROM _sync WHERE table_name = 'deals'"
                try:
                    told = file.execute(rows).fetchone()[0]
                    count, ids = file.execute(
                        "SELECT count(*), sum(id) FROM deals"
                    ).fetchone()
                except sqlite3.Error as error:
                    problems.append(str(error))
                    continue
                if told != count:
                    problems.append(f"{told} rows told, {count} there")
                versions.add((count, ids))

    readers = [
        threading.Thread(target=read, args=(how,))
        for how in ("mode=rw", "mode=ro", "immutable=1")
    ]
    for reader in readers:
        reader.start()
    for number in range(4):
        mirrored.door.add("/api/v2/deals", title=f"No. {number}")
        mirrored.sync()
    done.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert len(versions) > 1


def test_a_file_that_is_kept_open_is_written_in_place(mirrored: Mirrored) -> None:
    mirrored.sync(tables=("deals",))
    with closing(sqlite3.connect(mirrored.path)) as kept:
        before = kept.execute("SELECT count(*) FROM deals").fetchone()[0]
        mirrored.door.add("/api/v2/deals", title="New")
        mirrored.sync(in_place=True)
        assert kept.execute("SELECT count(*) FROM deals").fetchone()[0] == before + 1
        mirrored.door.add("/api/v2/deals", title="Newer")
        mirrored.sync()  # it stays so
        assert kept.execute("SELECT count(*) FROM deals").fetchone()[0] == before + 2
        mirrored.door.add("/api/v2/deals", title="Newest")
        mirrored.sync(in_place=False)
        assert kept.execute("SELECT count(*) FROM deals").fetchone()[0] == before + 2
    assert mirrored.read("SELECT count(*) FROM deals") == [(before + 3,)]


def test_a_table_that_fails_stays_as_it_was(mirrored: Mirrored, tmp_path: Path) -> None:
    mirrored.sync(tables=("deals", "persons"))
    as_of = mirrored.read("SELECT as_of, rows FROM _sync WHERE table_name = 'persons'")
    company = mirrored.door.sandbox.company
    for row in company.rows("persons")[: len(company.rows("persons")) // 2 + 30]:
        mirrored.door("DELETE", f"/api/v2/persons/{row['id']}")
    mirrored.door("PATCH", "/api/v2/deals/3", {"title": "Another title"})
    run = begun(mirrored, "--sweep", "always")
    told, problems = run.communicate(timeout=60)
    assert run.returncode == 1
    assert "persons: " in problems and "--accept-deletions" in problems
    assert "is partly up to date" in told
    now = "SELECT as_of, rows FROM _sync WHERE table_name = 'persons'"
    assert mirrored.read(now) == as_of
    error = (
        "SELECT error LIKE '%rows of persons%' FROM _sync WHERE table_name = 'persons'"
    )
    assert mirrored.read(error) == [(1,)]
    assert mirrored.read("SELECT title FROM deals WHERE id = 3") == [("Another title",)]
    run = begun(mirrored, "--sweep", "always", "--accept-deletions", "--quiet")
    assert run.communicate(timeout=60) == ("", "")
    assert mirrored.differences() == []


@pytest.mark.skipif(sys.platform == "win32", reason="has no limits of files")
def test_a_full_disk_leaves_the_file_as_it_was(mirrored: Mirrored) -> None:
    """Full while pages are staged, and while the next version is made."""
    mirrored.sync(tables=("deals", "persons"))
    before = mirrored.path.read_bytes()
    for row in mirrored.door.sandbox.company.rows("deals")[:300]:
        row["title"] = f"{row['title']}, which is longer now" * 2
    for room in (30_000, len(before) - 8192):
        run = begun(mirrored, "--sweep", "always", room=room)
        _, problems = run.communicate(timeout=60)
        assert run.returncode == 1
        assert "stays as it was: the disk of" in problems, problems
        assert "Make room, and run again" in problems
        assert "Traceback" not in problems
        assert mirrored.path.read_bytes() == before
        names = {found.name for found in mirrored.path.parent.iterdir()}
        assert names == {"crm.db", "crm.db.staged"}
    run = begun(mirrored, "--sweep", "always")
    told, problems = run.communicate(timeout=60)
    assert run.returncode == 0, problems
    assert "is up to date" in told
    assert mirrored.differences() == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_stays_a_link(mirrored: Mirrored) -> None:
    elsewhere = mirrored.path.with_name("elsewhere")
    elsewhere.mkdir()
    mirrored.path.symlink_to(elsewhere / "real.db")
    for _ in range(2):
        assert mirrored.sync(tables=("pipelines",)).published
        assert mirrored.path.is_symlink()
        assert [found.name for found in elsewhere.iterdir()] == ["real.db"]


def test_a_folder_that_may_not_be_written_is_told(mirrored: Mirrored) -> None:
    mirrored.sync(tables=("pipelines",))
    staged = mirrored.path.with_name("crm.db.staged")
    staged.mkdir()  # else root may write everywhere
    with pytest.raises(OperationalError, match="cannot be written"):
        mirrored.sync()
    staged.rmdir()
    staged.write_bytes(b"no database" * 1000)
    with pytest.raises(OperationalError, match="is damaged"):
        mirrored.sync()
    staged.unlink()
    assert not mirrored.sync().failed


def test_a_table_that_is_empty_at_once_stays_and_one_that_moved_goes(
    mirrored: Mirrored,
) -> None:
    door, company = mirrored.door, mirrored.door.sandbox.company
    door.add("/v1/leadLabels", name="Fourth", color="blue")
    mirrored.sync(tables=("leads", "lead_labels"))
    for row in list(company.rows("lead_labels")):
        door("DELETE", f"/v1/leadLabels/{row['id']}")
    leads = [row["id"] for row in company.rows("leads") if not row["is_archived"]]
    for key in leads:
        door("PATCH", f"/v1/leads/{key}", {"is_archived": True})
    report = mirrored.sync()
    assert [one.table for one in report.failed] == ["lead_labels"]
    assert "4 of the 4 rows of lead_labels" in str(report.failed[0].error)
    assert mirrored.read("SELECT count(*) FROM leads") == [(0,)]
    archived = "SELECT count(*) FROM leads_archived"
    assert mirrored.read(archived)[0][0] >= len(leads) > 20
    assert not mirrored.sync(accept_deletions=True).failed
    assert mirrored.differences() == []


@pytest.mark.unofficial
def test_a_row_that_comes_twice_is_there_once(mirrored: Mirrored) -> None:
    """Also where rows have no key of their own."""
    for path in ("/assignments", "/persons"):
        mirrored.door.sandbox.fail(path, how="duplicate-row", times=None)
    report = mirrored.sync(tables=("roles", "role_assignments", "persons"))
    assert report.failed == ()
    twice = "SELECT count(*), count(DISTINCT role_id || '/' || user_id)"
    found = mirrored.read(f"{twice} FROM role_assignments")[0]
    assert found[0] == found[1] > 3
    mirrored.door.sandbox.faults.clear()
    others = [d for d in mirrored.differences() if not d.startswith("roles.")]
    assert others == []  # of roles, the file lacks what takes a request for each row
