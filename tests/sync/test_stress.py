"""A file is right whatever happens around it: kills, writers, readers, new fields."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bench.readers import Readers, here
from bench.served import Served
from bench.synced import File
from bench.writer import Writer
from pipedrive_sql.file.staging import Place
from pipedrive_sql.file.wishes import Wishes

from ..front_door import connected, opened
from .conftest import Mirrored
from .copied import differences, gone, stale

KILLS = 10
ROUNDS = 2
PACE = 0.005  # seconds between two writes
PAUSE = 0.25  # seconds between two readings of a program
FIELD_ROUNDS = 4
LEAST_WRITES = 60  # while a file is brought up to date again and again
NOW = timedelta(0)


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_killed_again_and_again_while_rows_change(tmp_path: Path) -> None:
    dice = Random(5)
    with opened(seed=7, deals=320) as door:
        served = Served(door.sandbox.url, door.sandbox.token)
        file = File(served, tmp_path)
        killed = 0
        with Writer(served) as writer:
            for _ in range(KILLS):
                killed += file.killed(dice.uniform(0.4, 1.3), "--sweep", "always")
                for _ in range(5):
                    writer.step()
                if file.path.exists():
                    assert list(file.faults()) == []
        assert killed > KILLS / 2
        file.sync()  # what was staged
        file.sync("--sweep", "always")
        assert differences(door.sandbox, file.path) == []
        assert not list(tmp_path.glob("crm.db?*"))


@pytest.fixture
def small_pages(tmp_path: Path) -> Iterator[Mirrored]:
    """A company whose lists take many requests, in which rows can change."""
    with opened(seed=7, deals=420, page_cap=100) as door:
        yield Mirrored(door, tmp_path / "crm.db")


def test_rows_change_and_programs_read_during_runs(small_pages: Mirrored) -> None:
    sandbox = small_pages.door.sandbox
    small_pages.sync()
    over = threading.Event()
    problems: list[BaseException] = []

    def write(writer: Writer) -> None:
        try:
            while not over.is_set() or writer.done.total() < LEAST_WRITES:
                writer.step()
                over.wait(PACE)
        except RuntimeError as error:
            problems.append(error)

    with (
        Writer(Served(sandbox.url, sandbox.token)) as writer,
        Readers(small_pages.path, here(), pause=PAUSE) as readers,
    ):
        thread = threading.Thread(target=write, args=(writer,))
        thread.start()
        for _ in range(ROUNDS):
            assert not small_pages.sync().failed
        over.set()
        thread.join()
    assert problems == []
    assert readers.problems == []
    assert len(readers.versions) > 1 and set(readers.read) == set(here())

    # What changed meanwhile comes without reading anything whole ...
    assert not small_pages.sync(sweep=None).failed
    assert list(stale(sandbox, small_pages.path)) == []
    # ... and what went, or counts others, by a sweep.
    assert not small_pages.sync(sweep=NOW).failed
    assert differences(sandbox, small_pages.path) == []
    for table, keys in gone(sandbox.company, writer.gone).items():
        told = f"SELECT id FROM _deleted WHERE table_name GLOB '{table}*'"
        assert keys <= {row[0] for row in small_pages.read(told)}, table


def test_fields_come_change_and_go_again_and_again(tmp_path: Path) -> None:
    dice = Random(9)
    with opened(seed=7, deals=30) as door:
        mirrored = Mirrored(door, tmp_path / "crm.db")
        fields: dict[str, dict[str, str]] = {}  # name and value by key, while there
        file: dict[str, str] = {}  # the values that the file must have
        shown: dict[str, list[str]] = {}  # the names that runs have seen

        def add() -> None:
            name = f"Field {dice.randrange(10**9)}"
            made = {"field_name": name, "field_type": "varchar"}
            key = door.add("/api/v2/dealFields", **made)["field_code"]
            fields[key] = {"name": name}
            write(key)

        def write(key: str) -> None:
            fields[key]["value"] = f"value {dice.random()}"
            custom = {"custom_fields": {key: fields[key]["value"]}}
            door("PATCH", "/api/v2/deals/7", custom)

        def rename(key: str) -> None:
            fields[key]["name"] = name = f"Name {dice.randrange(10**9)}"
            door("PATCH", f"/api/v2/dealFields/{key}", {"field_name": name})

        def remove(key: str) -> None:
            del fields[key]
            door("DELETE", f"/api/v2/dealFields/{key}")

        for number in range(FIELD_ROUNDS):
            for do in (rename, remove, write)[: 1 + number % 3]:
                add()
                add()
                do(dice.choice([key for key in fields if key in file] or [*fields]))
            assert not mirrored.sync(tables=("deals", "stages")).failed
            for key, field in fields.items():
                file[key] = field["value"]
                shown.setdefault(key, []).append(field["name"])
            for key, value in file.items():
                ((column, gone),) = mirrored.read(
                    "SELECT name, gone IS NOT NULL FROM _columns "
                    f"WHERE table_name = 'deals' AND field_key = '{key}'"
                )
                assert bool(gone) is (key not in fields)
                row = f"SELECT {column} FROM deals WHERE id = 7"
                assert mirrored.read(row) == [(value,)]
                for name in shown[key]:
                    old = name.lower().replace(" ", "_")
                    row = f"SELECT {old} FROM v_deals WHERE id = 7"
                    assert mirrored.read(row) == [(value,)], shown[key]
        assert differences(door.sandbox, mirrored.path) == []
        assert set(file) - set(fields)  # some have gone
        assert any(len(set(names)) > 1 for names in shown.values())


def test_a_row_takes_its_elements_along_when_it_moves(tmp_path: Path) -> None:
    with opened(seed=7, deals=60) as door:
        mirrored = Mirrored(door, tmp_path / "crm.db")
        company = door.sandbox.company
        deal = next(row["id"] for row in company.rows("deals") if row["label_ids"])
        moved = False

        def told(place: Place) -> None:
            nonlocal moved
            if place.step == "deals" and place.complete and not moved:
                door("PATCH", f"/api/v2/deals/{deal}", {"is_archived": True})
                moved = True

        with (
            closing(connected(door.sandbox, max_tokens=None)) as connection,
            connection.sync(mirrored.path, Wishes(tables=("deals",)), told) as run,
        ):
            assert not run.run().failed
        assert moved
        archived = f"SELECT 1 FROM deals_archived WHERE id = {deal}"
        assert mirrored.read(archived) == [(1,)]
        assert differences(door.sandbox, mirrored.path) == []
