"""Rows known by the value of one column, as one statement may see them."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from ..catalog.table import Column, Table
from ..planner.plan import Filled
from .answers import Key, Splitter
from .run import Run


class KeptRows:
    """Rows of a table by one column's value, as one statement may see them."""

    def __init__(
        self, run: Run, table: Table, column: Column, filters: Filled = ()
    ) -> None:
        self._run = run
        self._table = table
        source = run.source(table)
        self._splitter = Splitter(column)
        unique = column.name == table.row_key and not filters
        told = "".join(f" {name}={','.join(values)}" for name, values in filters)
        self._name = source.name if unique else f"{source.name} by {column.name}{told}"
        self._lists = unique
        self._selection = run.selection(table)
        self._own = run.answers.space(self._name, self._selection)

    def get(self, key: Key) -> bytes | None:
        """The key's rows joined by commas; b"" if it has none, None if not known."""
        for space in self._spaces:
            found = self._run.answers.kept(space, key, self._run.oldest)
            if found is not None:
                return found
        return None

    def add(self, keys: Sequence[Key], pages: Sequence[bytes]) -> None:
        """Remember what the keys have in these pages; nothing is an answer, too."""
        rows: dict[Key, list[bytes]] = {key: [] for key in keys}
        for page in pages:
            for key, row in self._splitter.split(page):
                if key in rows:
                    rows[key].append(row)
        self._keep([(key, b",".join(some)) for key, some in rows.items()])

    def put(self, key: Key, pages: Sequence[bytes]) -> None:
        """Remember all rows of these pages as the key's."""
        bodies = [body for page in pages if (body := page[1:-1].strip())]
        self._keep([(key, b",".join(bodies))])

    def _keep(self, rows: Sequence[tuple[Key, bytes]]) -> None:
        run = self._run
        run.answers.keep(self._own, rows, monotonic(), run.oldest)

    def absorb(self) -> None:
        """Take over the rows of every list page that is at hand."""
        if not self._lists:
            return
        run = self._run
        for answer in run.usable(self._table):
            space = run.answers.space(self._name, answer.selection)
            for number in range(answer.kept_pages, answer.pages):
                page = answer.page(number, run.meter)
                assert page is not None
                rows = self._splitter.split(page)
                run.answers.keep(space, rows, answer.born, run.oldest)
            answer.kept_pages = answer.pages

    @property
    def _spaces(self) -> list[int]:
        return self._run.answers.wider(self._name, self._selection)
