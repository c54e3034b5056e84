"""One scan of a virtual table: SQLite steps, the reader brings pages."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from ..catalog.rows import Row
from ..catalog.table import Brought
from ..catalog.table import Column as TableColumn
from ..catalog.values import SQLValue
from ..client.usage import Cause
from ..errors import BadAnswer, InternalError
from ..store.further import Further
from ..store.projection import Projection
from ..store.reader import Reader
from ..store.run import Run

if TYPE_CHECKING:
    from .module import Module

_MOST_ELEMENTS = 20  # bits of a row number that tell elements of one array apart


class Cursor:
    """APSW's cursor of a virtual table, and an open scan to its neighbours."""

    def __init__(self, module: Module, run: Run) -> None:
        self.table = module.table
        self.columns: tuple[TableColumn, ...] = ()
        self.page: Sequence[Row] = ()
        self.position = 0
        self.passed = 0
        self._module = module
        self._run = run
        self._readers: dict[int, tuple[Reader, dict[int, int]]] = {}
        self._path = ""
        self._pages: Iterator[Sequence[Row]] = iter(())
        self._row: Row | None = None
        self._places: dict[int, int] = {}
        self._further: dict[str, Further] = {}
        self._given: dict[str, SQLValue] = {}
        self._cause: Cause | None = None
        run.scans.append(self)
        module.live.scans += 1

    def Filter(self, number: int, text: str | None, values: tuple[object, ...]) -> None:
        """Start the scan, or start it again with other values."""
        assert text is not None
        reader, self._places, self.columns = self._reader(number)
        self._end()
        self.page, self.position, self.passed = (), 0, 0
        plan = self._module.plan(text)
        self._cause = self._run.meter.cause = Cause(self._module.choice(number))
        self._given = plan.given(values)
        endpoint = plan.endpoint or plan.one
        self._path = endpoint.path if endpoint else ""
        self._pages = reader.start(plan, values)
        self._turn()

    def Eof(self) -> bool:
        """Whether the scan is behind its last row."""
        return self._row is None

    def Next(self) -> None:
        """Go to the next row; a page that is not here yet is asked for."""
        self.position += 1
        try:
            self._row = self.page[self.position]
        except IndexError:
            self._turn()

    def Column(self, number: int) -> SQLValue:
        """One value of the row."""
        try:
            return self._row[self._places[number]]  # type: ignore[index]
        except KeyError:
            return self._unusual(number)

    def Rowid(self) -> int:
        """The row's number: an integer key itself."""
        assert self._row is not None
        if self._cause is not None and self._cause.choice.plan.summary is not None:
            raise InternalError(
                "The statement tells deals apart that were only counted. This is a "
                "fault of this program: please report the statement."
            )
        if not self.table.each:
            nameless = not self.table.key and bool(self.table.parent)
            return self._module.rowid(self._row[1 if nameless else 0])
        number = self._module.rowid(self._row[0])
        position = self._row[1]
        assert isinstance(position, int)
        return (number << _MOST_ELEMENTS) | position

    def Close(self) -> None:
        """The statement is done with the scan."""
        self._end()
        self._module.live.scans -= 1
        if self in self._run.scans:
            self._run.scans.remove(self)

    def _end(self) -> None:
        """Read no more pages: what was made for reading them is removed now."""
        pages, self._pages = self._pages, iter(())
        if isinstance(pages, Generator):
            pages.close()

    def _unusual(self, number: int) -> SQLValue:
        """The row's number, or a column that needs a request of its own."""
        if number < 0:
            return self.Rowid()
        column = self.table.columns[number]
        if column.brought is Brought.GIVEN:
            return self._given.get(column.name)
        if column.brought is not Brought.FURTHER:
            raise InternalError(
                f"{self.table.name}.{column.name} is read, but SQLite did not say so "
                "before. This is a fault of this program: please report the statement."
            )
        further = self._further.get(column.further)
        if further is None:
            further = Further(self._run, self.table, column.further)
            self._further[column.further] = further
        keys = [row[0] for row in self.page[self.position :]]
        key, *following = [k for k in keys if isinstance(k, int | str)]
        passed = self.passed + self.position + 1
        assert self._cause is not None
        self._run.meter.cause = Cause(self._cause.choice, column.further)
        return further.value(column, key, passed, following)

    def _turn(self) -> None:
        self.passed += len(self.page)
        self.position = 0
        self._run.meter.cause = self._cause
        try:
            self.page = next(filter(None, self._pages), ())
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadAnswer(
                f"Pipedrive's rows of {self.table.name} are not as documented "
                f"({error}). Rows could be missing, so nothing more is shown. Try "
                "again; if it stays, report it.",
                status=200,
                path=self._path,
            ) from error
        self._row = self.page[0] if self.page else None

    def _reader(
        self, number: int
    ) -> tuple[Reader, dict[int, int], tuple[TableColumn, ...]]:
        found = self._readers.get(number)
        if found is None:
            used = [
                n
                for n in self._module.used(number, self._run)
                if self.table.columns[n].brought not in (Brought.FURTHER, Brought.GIVEN)
            ]
            columns = tuple(self.table.columns[n] for n in used)
            projection = Projection(self._run, self.table, columns, self)
            first = len(projection.columns) - len(columns)
            places = {n: place for place, n in enumerate(used, first)}
            found = self._readers[number] = Reader(projection), places
        return (*found, found[0].columns)
