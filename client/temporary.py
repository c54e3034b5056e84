"""Temporary filters: made for the time of a reading, and never left behind.

A filter is deleted when its reading ends, however it ends. What cannot be deleted then
is tried again before the next filter and when the connection closes. Left-overs of a
process that was killed are found in its journal; where there is none, in the account,
by their names, once they are an hour old.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from uuid import uuid4

import msgspec

from ..catalog.table import Endpoint
from ..errors import BudgetExceeded, OperationalError, RequestError
from ..planner.conditions import Compiled
from .journal import Entry, Journal
from .metadata import fingerprint
from .usage import Meter
from .writer import A_MOMENT, ADD, DELETE, Writer

MARK = "pipedrive-sql temporary"
PRICE = ADD.price + DELETE.price  # API tokens of a filter, without what it lists
MAX_AGE = timedelta(hours=1)  # of a filter that another process may be using

_LIST = Endpoint("/filters", price=20, version=1, page=0)  # spec v1
_NAME = re.compile(re.escape(MARK) + r" [0-9a-f-]{36} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")


class _Row(msgspec.Struct):
    id: int
    name: str | None = None
    is_editable: bool | None = None


class TemporaryFilters:
    """The temporary filters of one connection.

    `folder` is where their journal is kept, None for nowhere.
    """

    def __init__(self, client: Writer, folder: Path | None) -> None:
        self._client = client
        self._journal = Journal(folder, fingerprint(client)) if folder else None
        self._left: dict[str, _Left] = {}  # by name
        self._looked = False  # for left-overs by their names
        self._unkept = ""
        self._hurried = False

    @property
    def notices(self) -> list[str]:
        """What a user should know: filters that are left, a journal that is not."""
        told = [left.notice for left in self._left.values() if left.notice]
        return [*told, *filter(None, [self._unkept])]

    @contextmanager
    def made(self, filter: Compiled, meter: Meter) -> Iterator[int]:
        """The id of a saved filter that lasts as long as the block.

        Costs PRICE. Raises RequestError's classes where Pipedrive does not make it
        (`status` 400: not these conditions; 403: no right, or no more filters), and
        BudgetExceeded before anything is sent. A deletion that fails raises nothing:
        `notices` tells it.
        """
        self.sweep(meter)
        moment = self._client.now()
        name = f"{MARK} {uuid4()} {moment:%Y-%m-%d %H:%M:%S}"
        left = _Left(name, self._begun(name))
        self._left[name] = left
        left.used = True
        hurry = True
        try:
            yield self._add(left, filter, meter)
            hurry = False
        except GeneratorExit:
            hurry = False  # nobody wants more rows
            raise
        finally:
            left.used = False
            if left.number is not None:
                self._delete(left, meter, hurry)

    def sweep(self, meter: Meter) -> None:
        """Delete what is left behind, if anything is known to be.

        Asks for the account's filters (20 API tokens) only if the id of a left-over is
        not known, or if there is no journal, before the first filter. What fails,
        `notices` tells.
        """
        for entry in self._abandoned():
            self._left[entry.name] = _Left(entry.name, entry, entry.number)
        idle = [left for left in self._left.values() if not left.used]
        look = self._journal is None and not self._looked
        if look or any(left.number is None for left in idle):
            self._find(idle, meter)
        end = monotonic() + A_MOMENT
        for left in idle:
            if left.number is not None and not (self._hurried and monotonic() > end):
                self._delete(left, meter)

    def hurry(self) -> None:
        """The process is to end: from now on a deletion may take a moment only."""
        self._hurried = True

    def close(self) -> None:
        """Delete what is left, on no statement's bill; what cannot be is left to the
        next connection.
        """
        if self._left:
            self.sweep(Meter(0))
        for left in self._left.values():
            if left.entry is not None:
                left.entry.leave()

    def _add(self, left: _Left, filter: Compiled, meter: Meter) -> int:
        try:
            number = self._client.add_filter(left.name, filter, meter)
        except (RequestError, BudgetExceeded) as error:
            status = getattr(error, "status", 400)
            if status is not None and 400 <= status < 500:
                self._gone(left)  # it was refused, so it is not there
            else:
                left.why = str(error)
            raise
        left.made(number)
        return number

    def _delete(self, left: _Left, meter: Meter, hurry: bool = False) -> None:
        assert left.number is not None
        try:
            self._client.delete_filter(left.number, meter, hurry or self._hurried)
        except OperationalError as error:
            left.why = str(error)
        else:
            self._gone(left)

    def _find(self, idle: list[_Left], meter: Meter) -> None:
        """The ids of filters whose answer never came, and of old ones of others."""
        try:
            asked = self._client.ask(_LIST, "/v1/filters", (), meter)
            page = asked.within(A_MOMENT) if self._hurried else asked.result()
            if page is None:
                asked.cancel()
                return
        except OperationalError as error:
            for left in idle:
                left.why = str(error)
            return
        found = {
            row.name: row.id
            for row in msgspec.json.decode(page.rows, type=list[_Row])
            if row.name is not None and row.is_editable is not False
        }
        self._looked = True
        for left in idle:
            left.number = left.number or found.get(left.name)
            if left.number is None:
                self._gone(left)  # it was never made
        if self._journal is None:
            known = [n for n in found if n not in self._left and self._old(n)]
            idle += [_Left(name, None, found[name]) for name in known]
            self._left |= {left.name: left for left in idle if left.name in known}

    def _old(self, name: str) -> bool:
        mark = _NAME.fullmatch(name)
        if mark is None:
            return False
        made = datetime.fromisoformat(mark[1]).replace(tzinfo=UTC)
        return self._client.now() - made > MAX_AGE

    def _gone(self, left: _Left) -> None:
        del self._left[left.name]
        if left.entry is not None:
            left.entry.end()

    def _begun(self, name: str) -> Entry | None:
        if self._journal is None:
            return None
        try:
            return self._journal.begin(name)
        except OSError as error:
            self._without(error)
            return None

    def _abandoned(self) -> list[Entry]:
        if self._journal is None:
            return []
        try:
            return list(self._journal.abandoned())
        except OSError as error:
            self._without(error)
            return []

    def _without(self, error: OSError) -> None:
        """Go on without a journal."""
        self._journal = None
        self._unkept = (
            f"No journal of temporary filters can be kept ({error}), so one that is "
            "left by a killed process stays in the account for an hour."
        )


class _Left:
    """A filter that is there, or may be: `why` it could not be deleted, if so."""

    def __init__(
        self, name: str, entry: Entry | None, number: int | None = None
    ) -> None:
        self.name = name
        self.entry = entry
        self.number = number
        self.used = False
        self.why = ""

    def made(self, number: int) -> None:
        self.number = number
        if self.entry is not None:
            with suppress(OSError):  # by its name it is found, too
                self.entry.made(number)

    @property
    def notice(self) -> str:
        if not self.why:
            return ""
        which = f"{self.number}" if self.number is not None else "just being made"
        return (
            f"The temporary filter {which} ({self.name!r}) could not be deleted: "
            f"{self.why} It is tried again before the next one, and in the end."
        )
