"""Deals made up from Pipedrive's counts of them, for statements that only count.

See planner.summary for what is asked, and why it is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice, repeat
from math import ceil
from time import monotonic

import msgspec

from ..catalog.rows import Row
from ..catalog.table import Column
from ..catalog.values import SQLValue
from ..planner import price
from ..planner import summary as planned
from ..planner.plan import Road, Scan
from ..planner.request import Request, request
from ..planner.selection import Selection
from ..planner.summary import Part, Sum, Summary, Values
from .chain import Chain, side_by_side
from .lists import Lists
from .projection import Projection
from .run import Run

_ROWS_AT_ONCE = 500
_NO_CURRENCY = ("", "null")  # how a null may be spelled as the name of a value
_KEPT = "counts of deals"  # no table has this name


class _Total(msgspec.Struct):
    count: int
    value: float | None = None


class _Answer(msgspec.Struct):
    total_count: int
    # Pipedrive may write an empty object as [].
    values_total: dict[str, _Total] | list[_Total]

    @property
    def totals(self) -> dict[str, _Total]:
        return self.values_total if isinstance(self.values_total, dict) else {}

    @property
    def counts(self) -> dict[str, int]:
        """Deals in each currency."""
        return {name: total.count for name, total in self.totals.items()}


class _Alike(msgspec.Struct):
    """So many deals that are alike in these values; what all of them are worth."""

    values: dict[str, SQLValue]
    count: int
    worth: float | None


class _Access(msgspec.Struct):
    app: str | None = None
    admin: bool | None = None


class _User(msgspec.Struct):
    access: list[_Access] | None = None


_ANSWERS = msgspec.json.Decoder(list[_Answer])
_USERS = msgspec.json.Decoder(list[_User])
_TALLY = msgspec.json.Decoder(list[_Alike])


class Counting:
    """Counts for one scan of deals, as rows of the columns that it reads."""

    def __init__(self, projection: Projection) -> None:
        self._projection = projection
        self._run = projection.run
        self._table = projection.table
        self._lists = Lists(projection)

    def pages(self, summary: Summary, scan: Scan) -> Iterator[Sequence[Row]] | None:
        """The rows; None where the deals have to be read themselves.

        That is where reading costs less, where the token's user does not see all
        deals, and where the counts do not add up.
        """
        answers, run = self._run.answers, self._run
        space = answers.space(_KEPT, Selection())
        key = repr((summary.walked, summary.currencies, summary.values, scan.filters))
        kept = answers.kept(space, key, run.oldest)
        if kept is not None:
            return self._rows(_TALLY.decode(kept))
        here = all(map(self._lists.at_hand, scan.requests))
        if here or answers.sees_all is False:
            return None
        sums = self._worth_it(summary, scan)
        if sums is None or not _sees_all(run):
            return None
        born = monotonic()
        tally = self._ask(summary, sums)
        if tally is None:
            return None
        answers.keep(space, [(key, msgspec.json.encode(tally))], born, run.oldest)
        if len(scan.requests) == 1:
            self._learn(scan.requests[0], sum(alike.count for alike in tally))
        return self._rows(tally)

    def _worth_it(self, summary: Summary, scan: Scan) -> Sequence[Sum] | None:
        """What to ask, once that is cheaper than reading on; None if it never is."""
        instead = self._instead(summary, scan)
        if instead is not None:
            sums = self._sums(summary, scan)
            return sums if planned.tokens(sums) < instead else None
        if len(scan.requests) != 1:
            return None
        answer = self._run.answer(self._table, scan.requests[0])
        meter = self._run.meter
        before = meter.tokens
        found: Sequence[Sum] | None = None
        while not answer.complete:
            spent = meter.tokens - before
            # Together at most twice a list that has one page more.
            spent += answer.request.price
            if found is None and spent >= summary.least:
                found = self._sums(summary, scan)
            if found is not None and spent >= planned.tokens(found):
                return found
            answer.page(answer.pages, meter)
        return None

    def _instead(self, summary: Summary, scan: Scan) -> float | None:
        """What reading the deals costs, as far as that is known by now."""
        made = scan.requests[0]
        if scan.requests == (request(made.endpoint, {}),):
            known = self._run.counts.tokens(self._table.name, made.endpoint)
            return summary.instead if known is None else known
        return summary.instead

    def _learn(self, made: Request, rows: int) -> None:
        """Now it is known how long the list is."""
        counts, name = self._run.counts, self._table.name
        answer = self._run.answer(self._table, made)
        known = counts.count(name)
        if answer.rows:
            a_page = ceil(answer.rows / answer.pages)
        elif known is not None and known.rows:
            a_page = ceil(known.rows / known.pages)
        else:
            a_page = made.endpoint.page
        counts.learn(name, made, rows, price.pages(rows, a_page))

    def _sums(self, summary: Summary, scan: Scan) -> Sequence[Sum]:
        return summary.sums(
            scan.filters, {name: self._values(name) for name in summary.lists}
        )

    def _values(self, name: str) -> Sequence[Values]:
        """The rows of a list, by the columns of deals that refer to them."""
        table = self._run.tables[name]
        key, *more = planned.REFERENCES[name]
        columns = tuple(map(table.column, more))
        lists = Lists(Projection(self._run, table, columns))
        endpoint = planned.LISTS[name]
        pages = lists.read(Scan(Road.LIST, (request(endpoint, {}),)))
        return [
            dict(zip((key, *more), row, strict=True))
            for row in chain.from_iterable(pages)
            if None not in row
        ]

    def _ask(self, summary: Summary, sums: Sequence[Sum]) -> list[_Alike] | None:
        """The counts; None where they do not add up."""
        parts = [part for one in sums for part in one.parts]
        found = dict(zip(parts, self._answers([p.request for p in parts]), strict=True))
        wholes = [one for one in sums if one.whole is not None]
        # Only afterwards: whatever changed meanwhile is to be seen.
        totals = self._answers([one.whole for one in wholes if one.whole is not None])
        for one, whole in zip(wholes, totals, strict=True):
            if not _add_up([found[part] for part in one.parts], whole):
                return None
        tally: list[_Alike] = []
        for part, answer in found.items():
            alike = _alike(summary, part, answer)
            if alike is None:
                return None
            tally += alike
        return tally

    def _answers(self, requests: Sequence[Request]) -> list[_Answer]:
        run = self._run
        chains = [Chain(run.answers.client, one, Selection(), 0) for one in requests]
        return [_ANSWERS.decode(rows)[0] for [rows] in side_by_side(chains, run.meter)]

    def _rows(self, tally: Sequence[_Alike]) -> Iterator[Sequence[Row]]:
        columns = self._projection.columns
        for alike in tally:
            rest = tuple(_value(alike, column, 0.0) for column in columns)
            first = tuple(_value(alike, column, alike.worth) for column in columns)
            rows = chain((first,), repeat(rest, alike.count - 1))
            while page := list(islice(rows, _ROWS_AT_ONCE)):
                yield page


def _value(alike: _Alike, column: Column, worth: float | None) -> SQLValue:
    """What a made-up deal holds; it has no id."""
    return worth if column.name == "value" else alike.values.get(column.name)


def _alike(summary: Summary, part: Part, answer: _Answer) -> list[_Alike] | None:
    """The deals of one answer; None where they cannot be told apart as asked."""
    values = dict(part.values)
    if not (summary.currencies or summary.values):
        return [_Alike(values, answer.total_count, None)] if answer.total_count else []
    if sum(answer.counts.values()) != answer.total_count:
        return None
    found = []
    for currency, total in answer.totals.items():
        # Of values that are all null the sum is null, too, and here it is 0.
        if currency in _NO_CURRENCY or (
            summary.values and total.count and not total.value
        ):
            return None
        if total.count:
            known = values | {"currency": currency}
            found.append(_Alike(known, total.count, total.value))
    return found


def _add_up(parts: Sequence[_Answer], whole: _Answer) -> bool:
    """Whether the parts make the whole, in each currency, too."""
    counts: dict[str, int] = {}
    for part in parts:
        for currency, count in part.counts.items():
            counts[currency] = counts.get(currency, 0) + count
    known = {currency: count for currency, count in whole.counts.items() if count}
    same = {currency: count for currency, count in counts.items() if count} == known
    return same and sum(part.total_count for part in parts) == whole.total_count


def _sees_all(run: Run) -> bool:
    """Whether the token's user is an admin of the deals app; asked only once."""
    answers = run.answers
    if answers.sees_all is None:
        me = Chain(answers.client, request(planned.ME, {}), Selection(), 0)
        page = me.take(run.meter)
        users = _USERS.decode(page.rows)
        access = [one for user in users for one in user.access or ()]
        answers.sees_all = any(one.app == "sales" and one.admin for one in access)
    return answers.sees_all
