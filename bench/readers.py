"""Programs that read a file all the time while it is brought up to date.

Each opens it, looks whether all that it sees is of one version, and opens it anew: the
rows of each table are as many as `_sync` says, labels as many as their rows hold, and
what was seen first is the same in the end. A version is never torn where that holds.
"""

from __future__ import annotations

import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self

import httpx

_PATIENCE = 30.0  # seconds that a server has to come up
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


Seen = tuple[str, list[tuple[int, int]], str]
"""The version at first, pairs of numbers, and the version in the end."""
Way = Callable[[Path], Seen]


class Readers:
    """Reads a file by each of the `ways`, and by `others`, until it is closed.

    `pause` are seconds between two readings. `read` counts how often each has read all,
    `versions` those that were seen, and `problems` are what went wrong, in words.
    """

    def __init__(
        self,
        file: Path,
        ways: Sequence[str],
        others: Mapping[str, Way] | None = None,
        *,
        pause: float = 0.0,
    ) -> None:
        self._file = file
        self._pause = pause
        self._done = threading.Event()
        self.read: Counter[str] = Counter()
        self.versions: set[str] = set()
        self.problems: list[str] = []
        chosen = {way: WAYS[way] for way in ways} | dict(others or {})
        self._threads = [
            threading.Thread(target=self._go_on, args=way) for way in chosen.items()
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, way: str, read: Way) -> None:
        while not self._done.is_set():
            try:
                version, pairs, after = read(self._file)
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


def _python(parameters: str) -> Way:
    def read(file: Path) -> Seen:
        uri = f"{file.as_uri()}?{parameters}"
        with closing(sqlite3.connect(uri, uri=True, timeout=30)) as database:
            database.execute("BEGIN")
            (before,) = database.execute(_VERSION).fetchone()
            pairs = [row for sql in _EQUAL for row in database.execute(sql)]
            (after,) = database.execute(_VERSION).fetchone()
        return before, pairs, after

    return read


def _pandas(file: Path) -> Seen:
    pandas: Any = import_module("pandas")
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        database.execute("BEGIN")
        before = pandas.read_sql(_VERSION, database).iloc[0, 0]
        told = pandas.read_sql("SELECT * FROM _sync", database).set_index("table_name")
        pairs = []
        for table in _TABLES:
            frame = pandas.read_sql(f"SELECT * FROM {table}", database)
            pairs.append((int(told.loc[table, "rows"]), len(frame)))
        after = pandas.read_sql(_VERSION, database).iloc[0, 0]
    return str(before), pairs, str(after)


def _shell(file: Path) -> Seen:
    script = ";".join(["BEGIN", _VERSION, *_EQUAL, _VERSION])
    done = subprocess.run(
        ["sqlite3", "-readonly", "-list", "-cmd", ".timeout 30000", str(file), script],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or done.stderr:
        raise RuntimeError(done.stderr)
    before, *lines, after = done.stdout.splitlines()
    pairs = [tuple(map(int, line.split("|"))) for line in lines]
    return before, [(pair[0], pair[1]) for pair in pairs], after


WAYS: dict[str, Way] = {
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


@contextmanager
def datasette(file: Path) -> Iterator[dict[str, Way]]:
    """A server of Datasette that has the file open; no way where it is not installed.

    It is asked for all in one statement, which sees one version.
    """
    if find_spec("datasette") is None:
        yield {}
        return
    with closing(socket.create_server(("127.0.0.1", 0))) as some:
        port = some.getsockname()[1]
    limits = [*("--setting", "sql_time_limit_ms", "60000"), "--port", str(port)]
    command = [sys.executable, "-m", "datasette", "serve", str(file), *limits]
    nowhere = subprocess.DEVNULL
    pairs = " UNION ALL ".join(f"SELECT * FROM ({sql})" for sql in _EQUAL)
    sql = f"SELECT ({_VERSION}) AS version, * FROM ({pairs})"

    def read(file: Path) -> Seen:
        query = {"sql": sql, "_shape": "arrays"}
        answer = http.get(f"/{file.stem}.json", params=query).json()
        if not answer["ok"]:
            raise RuntimeError(answer["error"])
        version = answer["rows"][0][0]
        return version, [(row[1], row[2]) for row in answer["rows"]], version

    with (
        subprocess.Popen(command, stdout=nowhere, stderr=nowhere) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http,
    ):
        try:
            until = monotonic() + _PATIENCE
            while not _listens(port):
                if monotonic() > until or server.poll() is not None:
                    raise RuntimeError("Datasette does not listen")
                sleep(0.1)
            yield {"Datasette": read}
        finally:
            server.terminate()


def _listens(port: int) -> bool:
    with closing(socket.socket()) as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
