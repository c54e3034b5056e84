"""`pipedrive-sql sync`: what is going to be done, how far it is, what was done."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from time import monotonic, sleep
from typing import TextIO

from ..connection import Connection
from ..errors import Error
from ..file.staging import Place
from ..file.wishes import Planned, Report
from .price import duration

_OFTEN = 0.1  # seconds between two lines of progress
_LONG = 2.0  # seconds after which a run is one that people wait for


def sync(connection: Connection, options: Namespace) -> int:
    """Bring the file up to date, once or again and again; the exit status.

    A round of --watch that fails is told, and the next one tries again.
    """
    if options.plan_only:
        with connection.sync(options.file, options.wishes) as run:
            for line in planned_lines(run.plan()):
                print(line)
        return 0
    while True:
        began = monotonic()
        try:
            status = _once(connection, options)
        except Error as error:
            if options.watch is None:
                raise
            status = 1
            print(f"Error: {error}", file=sys.stderr)
        if options.watch is None:
            return status
        sys.stdout.flush()
        sleep(max(0.0, options.watch.total_seconds() - (monotonic() - began)))


def planned_lines(planned: Sequence[Planned]) -> Iterator[str]:
    """A line for each family of tables, and the sum."""
    yield from _columns(
        [
            ("tables", "how", "requests", "tokens", "why"),
            *(
                (
                    ", ".join(one.tables),
                    one.how,
                    _range(one.requests),
                    _range(one.tokens),
                    one.basis,
                )
                for one in planned
            ),
        ]
    )
    least = sum(one.tokens[0] for one in planned)
    most = [one.tokens[1] for one in planned]
    known = None if None in most else sum(n for n in most if n is not None)
    yield f"In all {_range((least, known))} API tokens."


def _once(connection: Connection, options: Namespace) -> int:
    line = _Line(sys.stderr)
    with connection.sync(options.file, options.wishes, line.show) as run:
        run.foretold = line.foretell
        try:
            report = run.run()
        finally:
            line.clear()
    if not options.quiet:
        for text in report_lines(report, options.file):
            print(text)
    for outcome in report.failed:
        print(f"Error: {outcome.table}: {outcome.error}", file=sys.stderr)
    return 1 if report.failed else 0


def report_lines(report: Report, file: str) -> Iterator[str]:
    """A line for each table, and what it cost."""
    yield from _columns(
        [
            ("table", "rows", "how"),
            *(
                (
                    one.table,
                    f"{one.rows:,}",
                    ("not yours" if one.absent else "failed") if one.error else one.how,
                )
                for one in report.outcomes
            ),
        ]
    )
    changes = report.changes
    if changes:
        what = "change of a column" if changes == 1 else "changes of columns"
        yield f"{changes} {what}: SELECT * FROM _schema_changes."
    state = "is up to date" if not report.failed else "is partly up to date"
    if not report.published:
        state = "stays as it was"
    yield (
        f"{file} {state} · {report.requests:,} requests · {report.tokens:,} tokens · "
        f"{duration(report.seconds)}"
    )


class _Line:
    """Where a run is, on one line of a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._rows: dict[tuple[str, str], int] = {}
        self._began = monotonic()
        self._shown = 0.0

    def show(self, place: Place) -> None:
        """Hear of a page."""
        self._rows[place.family, place.step] = place.rows
        now = monotonic()
        due = now - self._began > _LONG and now - self._shown > _OFTEN
        if due and self._stream.isatty():
            self._shown = now
            rows = sum(self._rows.values())
            text = f"{place.step}: {place.rows:,} rows ({rows:,} in all)"
            self._stream.write(f"\r\x1b[2K{text}")
            self._stream.flush()

    def foretell(self, planned: Planned) -> None:
        """Say what is going to be spent on rows of other rows."""
        self.clear()
        requests, tokens = map(_range, (planned.requests, planned.tokens))
        names = ", ".join(planned.tables)
        print(
            f"{names}: {requests} requests, {tokens} API tokens, {planned.basis}",
            file=self._stream,
        )

    def clear(self) -> None:
        """Take it away."""
        if self._shown:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()


def _range(numbers: tuple[int, int | None]) -> str:
    low, high = numbers
    if high is None:
        return f"{low:,} or more"
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows below each other; numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    numbers = [
        all(row[n][:1].isdecimal() for row in rows[1:]) for n in range(len(widths))
    ]
    for row in rows:
        cells = [
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numbers, strict=True)
        ]
        yield "  ".join(cells).rstrip()
