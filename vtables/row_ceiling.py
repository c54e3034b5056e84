"""The ceiling on what a statement gives."""

from __future__ import annotations

from typing import Any

import apsw

from ..errors import CeilingExceeded


class RowCeiling:
    """Counts a statement's rows, and stops it behind the last that it may give.

    For APSW's row tracer. `most_bytes` is of texts and blobs, None for no ceiling.
    """

    def __init__(self, most: int, most_bytes: int | None = None) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._rows = 0
        self._bytes = 0

    def __call__(self, cursor: apsw.Cursor, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """SQLite has found a row: the row, or CeilingExceeded."""
        self._rows += 1
        if self._rows > self._most:
            raise CeilingExceeded(
                f"The statement stops: it gives more than {self._most:,} rows, and "
                "that is its ceiling. Add LIMIT, GROUP BY or a narrower WHERE, or "
                "raise max_rows (--max-rows).",
                unit="rows",
                ceiling=self._most,
            )
        if self._most_bytes is not None:
            self._bytes += sum(len(v) for v in row if isinstance(v, str | bytes))
            if self._bytes > self._most_bytes:
                raise CeilingExceeded(
                    f"The statement stops: its rows have more than "
                    f"{self._most_bytes:,} bytes, the most that SQL of others may "
                    "read at once. Select fewer columns, or substr() of long ones.",
                    unit="bytes",
                    ceiling=self._most_bytes,
                )
        return row
