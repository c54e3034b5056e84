"""What the store has for a statement before it is run."""

from __future__ import annotations

from collections.abc import Collection

from ..catalog.table import Endpoint, Table
from ..planner.request import Request
from .answers import Key
from .kept import KeptRows
from .run import Run


class AtHand:
    """Looks for what a statement could use; nothing is asked of Pipedrive."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def pages(self, table: Table, request: Request) -> int | None:
        """How many pages of the list are here; None for all of them."""
        usable = self._run.usable(table)
        inputs = _inputs(table, request.endpoint)
        given = {pair for pair in request.filters if pair[0] in inputs}
        enough = (request.filters, given | {*request.endpoint.fixed})
        for answer in usable:
            same = answer.request.path == request.path
            if answer.complete and same and answer.request.filters in enough:
                return None
        whole = request.endpoint.page
        return max(
            (a.pages for a in usable if a.request == request and a.limit == whole),
            default=0,
        )

    def parts(self, table: Table, request: Request) -> int:
        """In how many parts the list is read, 0 for one after the other."""
        return len(self._run.parts(table, request))

    def missing(self, table: Table, keys: Collection[Key]) -> int:
        """How many of these keys nothing is known of."""
        kept = KeptRows(self._run, table, table.column(table.row_key))
        kept.absorb()
        return sum(kept.get(key) is None for key in keys)


def _inputs(table: Table, endpoint: Endpoint) -> set[str]:
    """Parameters that decide what the rows are, and not which of them are shown."""
    return {p.name for p in endpoint.parameters if table.column(p.column).hidden}
