"""How long a statement is thought about before anything is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from .everyday import EVERYDAY
from .served import Served
from .table import Cells
from .tokens import connected

_MOST_NEW, _MOST_SEEN = 15, 0.2  # milliseconds
_AGAIN = 5  # runs of a statement seen before


@dataclass(frozen=True, slots=True)
class Planning:
    """Milliseconds until SQLite has its plan: medians over the everyday questions."""

    new: float
    seen: float

    def verdicts(self) -> Iterator[Cells]:
        """A line for each of the two."""
        for what, most, measured in (
            ("planning a new statement, median", _MOST_NEW, self.new),
            ("planning a statement seen before, median", _MOST_SEEN, self.seen),
        ):
            held = "yes" if measured < most else "NO"
            yield what, f"under {most} ms", f"{measured:.2f} ms", held


def planning(sandbox: Served) -> Planning:
    """Each question in `select * from (...) limit 0`: planned whole, and not run.

    Raises ValueError if one is run all the same.
    """
    new, seen = [], []
    with (
        TemporaryDirectory() as folder,
        connected(sandbox, Path(folder)) as connection,
    ):
        connection.execute("select 1").fetchall()
        for question in EVERYDAY:
            sql = f"select * from ({question.sql}) limit 0"
            times = []
            for _ in range(1 + _AGAIN):
                began = perf_counter()
                cursor = connection.execute(sql)
                cursor.fetchall()
                times.append((perf_counter() - began) * 1000)
                if cursor.usage.requests:
                    raise ValueError(f"This is run: {sql}")
            new.append(times[0])
            seen.append(median(times[1:]))
    return Planning(median(new), median(seen))
