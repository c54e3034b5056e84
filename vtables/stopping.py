"""What ends a statement before its last row: somebody who stops it, or the clock."""

from __future__ import annotations

from time import perf_counter

import apsw

from ..client.usage import Meter
from ..errors import Interrupted, StatementTimeout


class Stopping:
    """Looks after one statement: whether it was interrupted, or takes longer than
    `timeout` seconds (None: it may take any time).
    """

    def __init__(
        self, database: apsw.Connection, meter: Meter, timeout: float | None
    ) -> None:
        self._database = database
        self._meter = meter
        self._timeout = timeout

    def look(self) -> None:
        """Raises Interrupted and StatementTimeout."""
        if self._database.is_interrupted:
            raise Interrupted("The statement was interrupted.")
        passed = perf_counter() - self._meter.started
        if self._timeout is not None and passed > self._timeout:
            usage = self._meter.usage
            raise StatementTimeout(
                f"The statement was stopped after {self._timeout:g} s, which is all it "
                f"may take; it had brought {usage.rows:,} rows for {usage.tokens:,} "
                "API tokens. Narrow it, or give it more time: timeout=, --timeout.",
                seconds=self._timeout,
            )

    def end(self) -> None:
        """Nothing is left to do."""
