"""The pages of one request, each of which says how to ask for the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from ..client.pages import Page, echoed
from ..client.pending import Pending, first
from ..client.usage import Meter
from ..errors import BadAnswer
from ..planner.request import Request
from ..planner.selection import Selection

if TYPE_CHECKING:
    from ..client.transport import Client


AT_ONCE = 12  # requests under way for one scan
_MOVES = 20  # of a list under its reader, after which it is given up


class Chain:
    """Pages of so many rows (`limit`, 0: all rows come at once), in their order.

    `over` says that the last one was taken.
    """

    def __init__(
        self,
        client: Client,
        request: Request,
        selection: Selection,
        limit: int,
    ) -> None:
        self.request = request
        self.over = False
        self._client = client
        self._query = [*request.query, *selection.query(request.endpoint)]
        self._limit = limit
        self._rest: tuple[str, str] | None = None
        self._before: list[bytes] = []  # the rows of the page before
        self._moved = 0  # how often the list was found to have moved
        self._asked: set[tuple[str, str]] = set()
        self._pending: Pending[Page] | None = None

    @property
    def price(self) -> int:
        """API tokens for each page."""
        return self.request.price

    @property
    def under_way(self) -> bool:
        """Whether its next page is being asked for."""
        return self._pending is not None

    def start(self, meter: Meter) -> None:
        """Begin to ask for its next page. Raises BudgetExceeded."""
        rest, limit = self._rest, self._limit
        if rest is not None and self._before:
            # With the last row once more, to see whether the list has moved.
            rest = (rest[0], str(int(rest[1]) - 1))
            limit = min(limit + 1, self.request.endpoint.page)
        self._pending = self._ask(rest, limit, meter)

    def take(self, meter: Meter) -> Page:
        """Its next page, waited for; asked for if that was not begun.

        Raises what Client.get does, and BadAnswer for pages that go in a circle.
        """
        if self._pending is None:
            self.start(meter)
        pending, self._pending = self._pending, None
        assert pending is not None
        found = pending.result(meter)
        if self._rest is not None:
            self._asked.add(self._rest)
        if found.rest in self._asked:
            raise self._in_a_circle()
        if not self.request.endpoint.cursor and (found.rest or self._before):
            found = self._joined(found, meter)
        self._rest = found.rest
        self.over = found.rest is None
        endpoint = self.request.endpoint
        return echoed(found, self.request) if endpoint.echo else found

    def leave(self) -> None:
        """Take back a page that was asked for and not sent yet."""
        if self._pending is not None and self._pending.withdraw():
            self._pending = None

    def give_up(self) -> None:
        """Wait no longer for a page that was asked for: it may never come."""
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None

    def pages(self, meter: Meter) -> Iterator[Page]:
        """All that are left."""
        while not self.over:
            yield self.take(meter)

    def _ask(
        self, rest: tuple[str, str] | None, limit: int, meter: Meter
    ) -> Pending[Page]:
        request, query = self.request, self._query.copy()
        if limit:
            query.append(("limit", str(limit)))
        if rest is not None:
            query.append(rest)
        return self._client.ask(request.endpoint, request.path, query, meter)

    def _joined(self, found: Page, meter: Meter) -> Page:
        """What a page told by its place has behind the page before.

        Rows that go from the list move those behind them forward, over the place at
        which the next page begins. Then the page before is read once more.
        """
        before, known = self._before, set(self._before)
        rows = list(map(bytes, _ROWS.decode(found.rows)))
        if before and known.isdisjoint(rows[:1]):
            assert self._rest is not None
            name, place = self._rest
            back = (name, str(max(int(place) - len(before), 0)))
            found = self._ask(back, self._limit, meter).result(meter)
            rows = list(map(bytes, _ROWS.decode(found.rows)))
            self._moved += 1
            if self._moved > _MOVES or (back[1] != "0" and known.isdisjoint(rows)):
                raise BadAnswer(
                    f"The list GET {self.request.path} changes too much while it is "
                    "read. Rows could be missing, so nothing more is shown. Try again.",
                    status=200,
                    path=self.request.path,
                )
        self._before = rows
        if rows[:1] == before[-1:]:
            new = rows[1:] if before else rows  # rows that are alike stay
        else:
            new = [row for row in rows if row not in known]
        return Page(b"[" + b",".join(new) + b"]", len(new), found.rest)

    def _in_a_circle(self) -> BadAnswer:
        path = self.request.path
        assert self._rest is not None
        name, value = self._rest
        return BadAnswer(
            f"Pipedrive's pages of GET {path} go in a circle: the answer to "
            f"{name}={value} names a page that was read as the next one. Rows would be "
            "missing, so nothing is shown. Try again.",
            status=200,
            path=path,
        )


_ROWS = msgspec.json.Decoder(list[msgspec.Raw])


def soonest(chains: Sequence[Chain], meter: Meter) -> Chain:
    """The one whose page can be taken first, waited for; the first if none is asked."""
    asked = [(one, one._pending) for one in chains if one._pending is not None]
    done = first([pending for _, pending in asked], meter)
    return next((one for one, pending in asked if pending in done), chains[0])


def side_by_side(chains: Sequence[Chain], meter: Meter) -> Iterator[list[bytes]]:
    """The rows of each chain, page by page, in the order of the chains.

    So many of them are under way at a time, in case what comes of the first ends all.
    """
    try:
        for place, chain in enumerate(chains):
            for one in chains[place : place + AT_ONCE]:
                if not one.under_way and not one.over and meter.affords(one.price):
                    one.start(meter)
            yield [page.rows for page in chain.pages(meter)]
    except GeneratorExit:
        for chain in chains:
            chain.leave()
        raise
    except BaseException:
        for chain in chains:
            chain.give_up()
        raise
