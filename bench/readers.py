"""Programs that read a file all the time while it is brought up to date.

Each opens it, looks whether all that it sees is of one version, and opens it anew: the
rows of each table are as many as `_sync` says, labels as many as their rows hold, and
what was seen first is the same in the end. A version is never torn where that holds.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_TABLES = ("deals", "deals_archived", "deals_deleted", "persons", "activities")
_VERSION = "SELECT group_concat(table_name || as_of || rows, ' ') FROM _sync"
# Each gives rows of two numbers that are equal in each version.
_EQUAL = (
    *(
        f"SELECT rows, (SELECT count(*) FROM {table}) FROM _sync "
        f"WHERE table_name = '{table}'"
        for table in _TABLES
    ),
    "SELECT (SELECT coalesce(sum(json_array_length(label_ids)), 0) FROM deals), "
    "(SELECT count(*) FROM deal_labels)",
    "SELECT (SELECT count(*) FROM deals NOT INDEXED), "
    "(SELECT count(*) FROM deals WHERE update_time > '' OR update_time IS NULL)",
)


class Readers:
    """Reads a file by each of the `ways` until it is closed.

    `pause` are seconds between two readings. `read` counts how often each has read all,
    `versions` those that were seen, and `problems` are what went wrong, in words.
    """

    def __init__(self, file: Path, ways: Sequence[str], pause: float = 0.0) -> None:
        self._file = file
        self._pause = pause
        self._done = threading.Event()
        self.read: Counter[str] = Counter()
        self.versions: set[str] = set()
        self.problems: list[str] = []
        self._threads = [
            threading.Thread(target=self._go_on, args=(way,)) for way in ways
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, way: str) -> None:
        while not self._done.is_set():
            try:
                version, pairs, after = WAYS[way](self._file)
            except Exception as error:
                self.problems.append(f"{way}: {type(error).__name__}: {error}")
                continue
            finally:
                self._done.wait(self._pause)
            torn = [pair for pair in pairs if pair[0] != pair[1]]
            if torn or version != after or not pairs:
                self.problems.append(f"{way}: {torn} in {version}, then {after}")
            self.versions.add(version)
            self.read[way] += 1


Seen = tuple[str, list[tuple[int, int]], str]
"""The version at first, pairs of numbers, and the version in the end."""


def _python(parameters: str) -> Callable[[Path], Seen]:
    def read(file: Path) -> Seen:
        uri = f"{file.as_uri()}?{parameters}"
        with closing(sqlite3.connect(uri, uri=True, timeout=30)) as database:
            (before,) = database.execute(_VERSION).fetchone()
            pairs = [row for sql in _EQUAL for row in database.execute(sql)]
            (after,) = database.execute(_VERSION).fetchone()
        return before, pairs, after

    return read


def _pandas(file: Path) -> Seen:
    pandas: Any = import_module("pandas")
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        before = pandas.read_sql(_VERSION, database).iloc[0, 0]
        told = pandas.read_sql("SELECT * FROM _sync", database).set_index("table_name")
        pairs = []
        for table in _TABLES:
            frame = pandas.read_sql(f"SELECT * FROM {table}", database)
            pairs.append((int(told.loc[table, "rows"]), len(frame)))
        after = pandas.read_sql(_VERSION, database).iloc[0, 0]
    return str(before), pairs, str(after)


def _shell(file: Path) -> Seen:
    script = ";".join([_VERSION, *_EQUAL, _VERSION])
    done = subprocess.run(
        ["sqlite3", "-readonly", "-list", str(file), script],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or done.stderr:
        raise RuntimeError(done.stderr)
    before, *lines, after = done.stdout.splitlines()
    pairs = [tuple(map(int, line.split("|"))) for line in lines]
    return before, [(pair[0], pair[1]) for pair in pairs], after


WAYS: dict[str, Callable[[Path], Seen]] = {
    "sqlite3 of Python": _python("mode=rw"),
    "sqlite3 of Python, read-only": _python("mode=ro"),
    "sqlite3 of Python, immutable": _python("immutable=1"),
    "pandas": _pandas,
    "the shell of SQLite": _shell,
}


def here() -> list[str]:
    """The ways that this machine has."""
    lacking = set()
    if shutil.which("sqlite3") is None:
        lacking.add("the shell of SQLite")
    if find_spec("pandas") is None:
        lacking.add("pandas")
    return [way for way in WAYS if way not in lacking]
