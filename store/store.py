"""What a connection remembers between its statements, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from weakref import WeakSet

from ..catalog.table import Table
from ..client.metadata import fingerprint
from ..client.transport import Client
from ..client.usage import Meter
from ..planner.statement import Statement
from .answers import Answers
from .run import Run
from .saving import Saving
from .statistics import Statistics


class Store:
    """Answers of one connection; each is used for `cache_ttl` seconds.

    0 means only within the statement that asked. `folder` is where the counts of rows
    are kept between connections, None for nowhere. `saving` makes saved filters for
    the time of a statement, if the user allows it.
    """

    def __init__(
        self, client: Client, cache_ttl: float, folder: Path | None = None
    ) -> None:
        self.client = client
        self.cache_ttl = cache_ttl
        self.tables: Mapping[str, Table] = {}
        file = folder / f"{fingerprint(client)}.counts.json" if folder else None
        self.counts = Statistics(file)
        self._answers = Answers(client, self.counts)
        self.saving: Saving | None = None
        self._runs: WeakSet[Run] = WeakSet()

    def begin(self, statement: Statement, meter: Meter) -> Run:
        """What one statement needs to run."""
        self.counts.save()
        # A statement whose rows are still being read keeps what it has seen.
        reading = [run.oldest for run in self._runs if run.scans]
        self._answers.forget(min([monotonic() - self.cache_ttl, *reading]))
        run = Run(
            self._answers,
            self.tables,
            self.counts,
            statement,
            meter,
            self.cache_ttl,
            self.saving,
        )
        self._runs.add(run)
        return run

    def forget(self) -> None:
        """Use nothing brought before now."""
        self._answers.sees_all = None
        self._answers.forget(monotonic())

    def close(self) -> None:
        """Drop everything, and close the connections to Pipedrive."""
        self.counts.save()
        self._answers.close()
        self.client.close()
