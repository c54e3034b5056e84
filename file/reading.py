"""Lists read page by page into the staged tables."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from time import perf_counter

import msgspec

from ..catalog.rows import Row, RowReader
from ..client.pages import Page, echoed
from ..client.pending import Pending
from ..client.transport import Client
from ..client.usage import Meter
from ..errors import BadAnswer, RequestError
from ..planner.request import Request, request
from ..planner.selection import select
from ..planner.times import since as rfc3339
from ..store.answers import Key, Splitter
from .families import CHANGED, Brings, Step
from .layout import Layout
from .staging import Place, Staging

_BEGINNINGS = 3  # of a list whose rows move between its pages


@dataclass(frozen=True, slots=True)
class Decoded:
    """The rows of one page by table, and the place behind it.

    `anew` says that the list is begun again, and that what is staged of it goes.
    """

    rows: Sequence[tuple[Brings, Sequence[Row]]]
    place: Place
    anew: bool = False


class Reading:
    """Reads one step. Page by page: `ask`, `decode`, and `keep`.

    `parents` are the keys that it is asked for by, in order. `siblings` are tables in
    which its rows were perhaps seen earlier in this run, and are no more. The rows of
    an answer that is `known` are in the file. `others` are steps that fill the same
    table, whose rows would go if it was begun again.
    """

    def __init__(
        self,
        step: Step,
        place: Place,
        layouts: Mapping[str, Layout],
        client: Client,
        meter: Meter,
        parents: Sequence[Key],
        siblings: Sequence[str],
        hides: Callable[[str, Sequence[str]], Callable[[Row], Row] | None],
        known: str | None,
        others: Sequence[str],
    ) -> None:
        self.step = step
        self.place = place
        self._layouts = layouts
        self._client = client
        self._seen: set[str] = set()
        self._meter = meter
        self._parents = parents
        self._siblings = siblings
        self._known = known
        self._others = others
        self._beginnings = 0
        self._resumed = place.rest is not None
        dated = step.newest if place.since and not step.since else None
        self._endpoint = dated or step.endpoint
        columns = [c for b in step.brings for c in layouts[b.table].columns]
        source = layouts[step.brings[0].table]
        self._selection = select(source.table, columns)
        self._readers: dict[str, RowReader] = {}
        self._hide = {
            brought.table: hides(brought.table, layouts[brought.table].names)
            for brought in step.brings
        }
        key = source.key[0] if source.key else ""
        self._key = key
        self._splitter = Splitter(source.table.column(key)) if key else None
        if step.parent and not self._batch(place):
            self.place = replace(place, complete=1)

    def ask(self) -> Pending[Page]:
        """Start to ask for the next page. Raises BudgetExceeded."""
        self._asked = perf_counter()
        limit = 0 if self._endpoint.one else self._endpoint.page
        self._made, rest = self._request(), self._rest()
        query = [*self._made.query, *self._selection.query(self._endpoint)]
        if limit:
            query.append(("limit", str(limit)))
        if rest is not None:
            query.append(rest)
        return self._client.ask(self._endpoint, self._made.path, query, self._meter)

    def decode(self, pending: Pending[Page]) -> Decoded:
        """The rows of the page. From now on `ask` asks for the one behind it.

        Raises what the request came to.
        """
        try:
            page = pending.result()
        except RequestError as error:
            # How long cursors last is not documented.
            if not self._resumed or error.status != 400:
                raise
            return self.begin()
        if self._endpoint.echo:
            page = echoed(page, self._made)
        self._resumed = False
        place = replace(self.place)
        place.pages += 1
        place.tokens += self._endpoint.price
        place.seconds += perf_counter() - self._asked
        self.place = place
        keys = self._keys(page)
        if place.last is not None and keys[:1] != [msgspec.json.decode(place.last)]:
            return self._anew()
        if page.rest is None and place.pages == 1 and not self.step.parent:
            place.answer = self._answer(page)
            place.known = int(place.answer == self._known)
        brings = () if place.known else self.step.brings
        rows = [(brought, self._rows(brought, page)) for brought in brings]
        rest = None if page.rest is None else "=".join(page.rest)
        if rest is not None and self._is_old(rows):
            rest = None
        if rest is not None and rest in self._seen:
            raise BadAnswer(
                f"Pipedrive's pages of {self.step.name} go in a circle: {rest} was "
                "read before. Rows would be missing, so the table stays as it was. "
                "Run it again.",
                status=200,
                path=self._endpoint.path,
            )
        self._seen.add(rest or "")
        place.rest = rest
        moves = page.rest is not None and page.rest[0] == "start"
        place.last = _json(keys[-1]) if rest and moves and keys else None
        if rest is None:
            self._seen.clear()
            batch = self._batch(place)
            place.parent = _json(batch[-1]) if batch else None
            place.complete = int(not self._batch(place))
        return Decoded(rows, place)

    def keep(self, decoded: Decoded, staging: Staging) -> None:
        """Stage the rows together with the place."""
        place = decoded.place
        with staging.database:
            if decoded.anew:
                staging.empty(brought.table for brought in self.step.brings)
            for brought, rows in decoded.rows:
                self._stage(brought, rows, place, staging)
            staging.save(place)

    def begin(self) -> Decoded:
        """Begin the list again; what is staged of it goes."""
        self._resumed = False
        self._seen.clear()
        self.place = place = replace(self.place)
        place.rest = place.last = place.parent = None
        place.rows = place.again = 0
        return Decoded((), place, anew=True)

    def check(self, staging: Staging) -> None:
        """See that what was read is what is staged. Raises BadAnswer."""
        if self.place.known:
            return
        table = self.step.brings[0].table
        places = staging.places(self.place.family)
        mine = [places[name] for name in (self.step.name, *self._others)]
        rows, again = sum(p.rows for p in mine), sum(p.again for p in mine)
        found = staging.count(table) + staging.left[table]
        if self._key and found != rows - again:
            raise BadAnswer(
                f"{rows:,} rows of {table} were read, {again:,} "
                f"of them again, but {found:,} are stored. This is a fault of this "
                "program: please report it. The table stays as it was.",
                status=200,
                path=self._endpoint.path,
            )

    def _rows(self, brought: Brings, page: Page) -> Sequence[Row]:
        if not page.count or not _may_bring(brought, page):
            return []
        reader = self._readers.get(brought.table)
        if reader is None:
            layout = self._layouts[brought.table]
            reader = RowReader(layout.table, layout.columns, brought.only)
            self._readers[brought.table] = reader
        rows = reader.read(page.rows)
        hide = self._hide[brought.table]
        return list(map(hide, rows)) if hide else rows

    def _answer(self, page: Page) -> str:
        """What tells the answer from others, and from those to other requests."""
        asked = f"{self._made.told}\n".encode()
        return blake2b(asked + page.rows, digest_size=16).hexdigest()

    def _request(self) -> Request:
        """What the place is in: a list, or the list of some parents."""
        step, place = self.step, self.place
        values: dict[str, tuple[str, ...]] = {n: (v,) for n, v in step.given}
        if place.since is not None and step.since is not None:
            values[step.since.name] = (rfc3339(place.since) or "",)
        if step.parameter is not None:
            values[step.parameter.name] = tuple(map(str, self._batch(place)))
        # Rows that are added shall not move those that are listed by their place.
        ordered = not self._endpoint.cursor and self._endpoint is step.endpoint
        sorts = self._endpoint.sorts if ordered and self._endpoint.page else ()
        return request(self._endpoint, values, (sorts[0], False) if sorts else None)

    def _rest(self) -> tuple[str, str] | None:
        if self.place.rest is None:
            return None
        name, _, value = self.place.rest.partition("=")
        if self.place.last is not None:
            # The last row once more: if another stands there, rows have moved.
            value = str(int(value) - 1)
        return name, value

    def _batch(self, place: Place) -> Sequence[Key]:
        """The parents that are asked for next; none where there is nothing to fill."""
        parameter = self.step.parameter
        if parameter is None:
            return ()
        begin = 0
        if place.parent is not None:
            begin = bisect_right(self._parents, msgspec.json.decode(place.parent))
        return self._parents[begin : begin + parameter.many]

    def _keys(self, page: Page) -> list[Key]:
        """The keys of a page of rows that are listed by their place."""
        if self._splitter is None or self._endpoint.cursor or not self._endpoint.page:
            return []
        return [key for key, _ in self._splitter.split(page.rows)]

    def _anew(self) -> Decoded:
        """Begin the list again: rows were added or removed in what was read."""
        self._beginnings += 1
        if self._beginnings >= _BEGINNINGS or self._others:
            raise BadAnswer(
                f"The rows of {self.step.name} move faster than their pages can be "
                f"read ({self._beginnings} attempts), so some could be missing. The "
                "table stays as it was: run it again when less is being deleted.",
                status=200,
                path=self._endpoint.path,
            )
        return self.begin()

    def _is_old(self, rows: Sequence[tuple[Brings, Sequence[Row]]]) -> bool:
        """Whether a list of the latest changes has come to those known before."""
        if self._endpoint is not self.step.newest or self.place.since is None:
            return False
        if not rows:
            return False
        brought, found = rows[0]
        number = self._layouts[brought.table].names.index(CHANGED)
        times = [row[number] for row in found]
        return any(isinstance(t, str) and t < self.place.since for t in times)

    def _stage(
        self, brought: Brings, rows: Sequence[Row], place: Place, staging: Staging
    ) -> None:
        layout = self._layouts[brought.table]
        first = brought is self.step.brings[0]
        if first and self._key:
            number = layout.names.index(self._key)
            unique = {row[number]: row for row in rows}
            rows, count = list(unique.values()), len(rows)
            keys: list[Key] = [k for k in unique if isinstance(k, int | str)]
            known = staging.known(layout, keys)
            place.rows += count
            place.again += count - len(keys) + known
            for other in self.step.brings[1:] if known else ():
                if self._layouts[other.table].owner:
                    staging.leave(other.table, self._layouts[other.table].owner, keys)
            for sibling in self._siblings:
                owner = self._layouts[sibling].owner  # of elements of arrays
                staging.leave(sibling, owner or self._key, keys)
        if not layout.key and layout.table.apart:
            rows = _once(layout, rows)
        staging.add(layout, rows)


def _once(layout: Layout, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows of a page without a key, each once as far as they can be told apart."""
    table = layout.table
    told = {table.parent_key, *table.apart} - {""}
    places = [n for n, name in enumerate(layout.names) if name in told]
    if len(places) < len(told):
        return rows  # what tells them apart is left out of the file
    held = [tuple(row[place] for place in places) for row in rows]
    names = [object() if None in values else values for values in held]
    return list(dict(zip(names, rows, strict=True)).values())


def _may_bring(brought: Brings, page: Page) -> bool:
    """Whether the words are in the page that a row of the table has to hold."""
    return all(
        any(f'"{word}"'.encode() in page.rows for word in wanted)
        for _, wanted in brought.only
        if isinstance(wanted, tuple)
    )


def _json(key: Key) -> str:
    return msgspec.json.encode(key).decode()
