"""A file that `pipedrive-sql sync` writes: what it costs, and whether it is right.

Its company is changed, its runs are killed, and programs read it all the time.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic

from .crowd import SAMPLE
from .readers import Readers, datasette, here
from .served import Served, listening, served
from .synced import File
from .table import Cells
from .writer import Writer

HEADS = ("what", "wanted", "measured", "holds")
DEALS = 20_000
MOST_TIMES = 1.1  # the pages of all lists
MOST_REQUESTS = 25  # of a run after nothing changed
KILLED_DEALS = 1_000
KILLS = 100
WRITTEN_DEALS = 5_000
SECONDS = 300.0
IN_PLACE_SECONDS = 60.0
PACE = 0.05  # seconds between two writes
MANY = 1_000_000
MOST_MEMORY = 400.0  # MB

_BEGINNING = 0.3  # seconds before which a process has not begun to read
_LOCKED = "database is locked"
_PAGE = 500
_OVERLAP = 120  # seconds before the latest change, each write takes one
# What a page of each list costs (x-token-cost of the specs).
_PRICES = {
    **dict.fromkeys(("deals", "persons", "organizations", "activities"), 10),
    **{"deals_archived": 20, "products": 10, "pipelines": 5, "stages": 5},
    **{"leads": 20, "leads_archived": 40, "lead_labels": 10, "notes": 20},
    **{"users": 20, "activity_types": 20},
}
_FIELDS = 50  # those of deals, persons, organizations, products and projects


def sync() -> Iterator[Cells]:
    """The lines of all of it."""
    yield from priced()
    yield from killed()
    yield from written()
    yield from many()


def priced() -> Iterator[Cells]:
    """What runs cost: the first, one after nothing changed, some after a part did."""
    with served(DEALS) as sandbox, _file(sandbox) as file, Writer(sandbox) as writer:
        first = file.sync()
        least = _least(file)
        yield _line(
            f"{DEALS:,} deals and their company: tokens to those of all pages",
            f"at most {MOST_TIMES}",
            f"{first.tokens / least:.2f} ({first.tokens:,} / {least:,})",
            first.tokens <= MOST_TIMES * least,
        )
        yield "  seconds", "", f"{first.seconds:.1f}", ""
        yield "  highest memory", "", f"{first.memory:.0f} MB", ""
        yield _none("  columns that differ", file.differences())
        nothing = file.sync()
        yield _line(
            "  requests of a run after nothing changed",
            f"at most {MOST_REQUESTS}",
            f"{nothing.requests} ({nothing.tokens} tokens, {nothing.seconds:.1f} s)",
            nothing.requests <= MOST_REQUESTS,
        )
        for part in (0.01, 0.1):
            changed = writer.change(part)
            run = file.sync()
            pages = -(-(changed + _OVERLAP) // _PAGE)
            most = nothing.tokens + (pages - 1) * _PRICES["deals"]
            yield _line(
                f"  tokens after {changed:,} deals changed",
                f"at most {most:,}",
                f"{run.tokens:,} ({run.seconds:.1f} s)",
                run.tokens <= most,
            )
        file.sync("--sweep", "always")  # counts change without their rows
        yield _none("  columns that differ", file.differences())


def killed() -> Iterator[Cells]:
    """Runs that are killed at random moments, the company changing all the time."""
    dice, runs, ended = Random(3), 0, 0
    problems: list[str] = []
    with served(KILLED_DEALS) as sandbox, Writer(sandbox) as writer:
        with _file(sandbox) as other:
            longest = other.sync().seconds
        with _file(sandbox) as file:
            while runs - ended < KILLS:
                runs += 1
                moment = dice.uniform(_BEGINNING, longest)
                ended += not file.killed(moment, "--sweep", "always")
                for _ in range(3):
                    writer.step()
                if file.path.exists():
                    problems += file.faults()
            file.sync()  # what was staged
            file.sync("--sweep", "always")
            differing = list(file.differences())
    what = f"{runs - ended} runs killed, {ended} more that ended before"
    yield _none(f"{what}: damaged or partial files", problems)
    yield _none("  columns that differ in the end", differing)


def written() -> Iterator[Cells]:
    """Runs one after the other while rows change, and programs read."""
    yield from _written("", SECONDS)
    yield from _written("--in-place", IN_PLACE_SECONDS)


def _written(option: str, seconds: float) -> Iterator[Cells]:
    options = [option] if option else []
    with (
        served(WRITTEN_DEALS) as sandbox,
        _file(sandbox) as file,
        Writer(sandbox) as writer,
    ):
        file.sync()
        over, runs, failed = threading.Event(), 0, []

        def write() -> None:
            try:
                while not over.wait(PACE):
                    writer.step()
            except RuntimeError as error:
                failed.append(str(error))

        thread = threading.Thread(target=write)
        ways = [way for way in here() if not option or "immutable" not in way]
        with datasette(file.path) as kept, Readers(file.path, ways, kept) as readers:
            thread.start()
            began = monotonic()
            while monotonic() - began < seconds:
                file.sync(*options)
                runs += 1
            over.set()
            thread.join()
        file.sync("--sweep", "always")
        differing = list(file.differences())
        lacking = [
            f"{table} {key}"
            for table, keys in writer.gone.items()
            for key in keys
            - {
                row[0]
                for row in file.read(
                    f"SELECT id FROM _deleted WHERE table_name GLOB '{table}*'"
                )
            }
        ]
    how = " in place" if option else ""
    done = writer.done.total()
    yield _none(f"{runs} runs{how}, {done:,} writes, {seconds:.0f} s: failed", failed)
    for what, times in writer.done.most_common():
        yield f"  {what.replace('_', ' ')}", "", f"{times:,}", ""
    yield _none("  columns that differ after the last", differing)
    yield _none(f"  of {_gone(writer):,} rows gone, not recorded", lacking)
    read = readers.read.total()
    locked = [one for one in readers.problems if option and one.endswith(_LOCKED)]
    others = [one for one in readers.problems if one not in locked]
    yield _none(f"  {read:,} readings: errors and torn reads", others)
    if option:  # who waits for a moment only, while another one reads for long
        yield f"  {_LOCKED}", "", f"{len(locked)}", ""
    for way, times in readers.read.most_common():
        yield f"  by {way}", "", f"{times:,}", ""
    yield "  versions seen", "", f"{len(readers.versions)}", ""


def many() -> Iterator[Cells]:
    """A list longer than memory should hold."""
    command = [sys.executable, "-m", "bench.crowd", str(MANY)]
    with listening(command) as sandbox, _file(sandbox) as file:
        for what in ("", " again, after nothing changed"):
            run = file.sync("--tables", "deals")
            yield _line(
                f"{MANY:,} deals{what}: highest memory",
                f"under {MOST_MEMORY:.0f} MB",
                f"{run.memory:.0f} MB",
                run.memory < MOST_MEMORY,
            )
            yield "  tokens", "", f"{run.tokens:,}", ""
            speed = f" ({MANY / run.seconds:,.0f} deals a second)" if not what else ""
            yield "  seconds", "", f"{run.seconds:.0f}{speed}", ""
        yield "  size of the file", "", f"{file.path.stat().st_size / 1e6:,.0f} MB", ""
        yield _none("  what is wrong with it", file.faults())
        wrong = file.read(
            f"SELECT count(*) - {MANY}, max(id) - {MANY}, count(DISTINCT title) > "
            f"{SAMPLE} FROM deals"
        )
        yield _none("  rows that lack", [str(wrong)] if any(wrong[0]) else [])


@contextmanager
def _file(sandbox: Served) -> Iterator[File]:
    with TemporaryDirectory() as folder:
        yield File(sandbox, Path(folder))


def _least(file: File) -> int:
    """The tokens of all pages of the file's lists, and of the account's fields."""
    rows: dict[str, int] = dict(file.read("SELECT table_name, rows FROM _sync"))
    rows["deals"] += rows["deals_deleted"]  # one list
    return _FIELDS + sum(
        price * max(1, -(-rows[table] // _PAGE)) for table, price in _PRICES.items()
    )


def _gone(writer: Writer) -> int:
    return sum(map(len, writer.gone.values()))


def _none(what: str, found: Iterator[str] | list[str]) -> Cells:
    problems = list(found)
    told = "0" if not problems else f"{len(problems)}: {'; '.join(problems[:3])}"
    return what, "0", told, "NO" if problems else "yes"


def _line(what: str, wanted: str, measured: str, held: bool) -> Cells:
    return what, wanted, measured, "yes" if held else "NO"
