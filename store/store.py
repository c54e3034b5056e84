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

_SWEPT_EVERY = 5.0  # seconds; what is too old is not used before it is swept either


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
        self.answers = Answers(client, self.counts)
        self.saving: Saving | None = None
        self._swept = 0.0  # when what is too old was let go of
        self._runs: WeakSet[Run] = WeakSet()

    def begin(self, statement: Statement, meter: Meter) -> Run:
        """What one statement needs to run."""
        self.counts.save()
        now = monotonic()
        if now - self._swept >= min(self.cache_ttl, _SWEPT_EVERY):
            self._swept = now
            # A statement whose rows are still being read keeps what it has seen.
            reading = [run.oldest for run in self._runs if run.scans]
            self.answers.forget(min([now - self.cache_ttl, *reading]))
        run = Run(
            self.answers,
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
        self.answers.sees_all = None
        self.answers.forget(monotonic())

    def close(self) -> None:
        """Drop everything, and close the connections to Pipedrive."""
        self.counts.save()
        self.answers.close()
        self.client.close()
