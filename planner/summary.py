"""Counts of deals from Pipedrive's own summary of them, in place of the deals.

GET /v1/deals/summary counts "all not archived deals" (spec v1), by status, pipeline,
stage and user, and in each currency; a request costs 40 API tokens for any number of
them. A statement that only counts (`counted`) can be handed made-up deals, alike in
the columns that it reads: SQLite itself filters, groups and counts them.

Nothing tells whether the summary heeds visibility, as lists do. So it is asked only
for who sees every deal, which are the admins of the deals app: each setting of
visibility names them (support.pipedrive.com/en/article/visibility-groups); the app is
called "sales" in `access` of GET /v1/users/me.

A value that is read and not given by an equality is walked through: three statuses; the
stages, pipelines and users of their lists. What was counted so must add up to
what is counted without it, else the deals themselves are read: there are deals of
deleted stages, or somebody is writing meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from ..catalog import deal_reports, pipelines, users
from ..catalog.table import Endpoint, Shape
from ..catalog.values import SQLValue
from .inputs import Input
from .plan import Filled
from .request import Request, request

TABLE = "deals"
SUMMARY = next(t for t in deal_reports.TABLES if t.name == "deal_summary").endpoints[0]
ME = Endpoint("/users/me", price=2, version=1, page=0, shape=Shape.ROW)

PARAMETERS = {
    "status": "status",
    "stage_id": "stage_id",
    "pipeline_id": "pipeline_id",
    "owner_id": "user_id",
}
_STATUSES = ("open", "won", "lost")
LISTS = {
    table.name: endpoint
    for table in (*pipelines.TABLES, *users.TABLES)
    for endpoint in table.endpoints
    if not endpoint.one
}
# Which columns of deals the rows of these lists tell: the list's key first.
REFERENCES = {
    "stages": ("stage_id", "pipeline_id"),
    "pipelines": ("pipeline_id",),
    "users": ("owner_id",),
}
_VALUES_OF_A_LIST = 3  # of IN; SQLite does not tell how many

Values = Mapping[str, SQLValue]


@dataclass(frozen=True, slots=True)
class Part:
    """One request, and the values of all deals that it counts."""

    request: Request
    values: tuple[tuple[str, SQLValue], ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """Parts whose counts must add up to what `whole` counts, if it is given."""

    parts: tuple[Part, ...]
    whole: Request | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How deals are counted in place of being read.

    `given` are the inputs of a plan that the summary takes, `walked` the columns whose
    values are walked through. `currencies` and `values` tell what else is read.
    `instead` is what reading the deals would cost, in API tokens; None where that is
    not known: then they are read until that has cost as much as the summary would.
    """

    given: tuple[Input, ...] = ()
    walked: tuple[str, ...] = ()
    currencies: bool = False
    values: bool = False
    instead: int | None = None

    def __str__(self) -> str:
        blanks = {i.column.name: str(i) for i in self.given}
        blanks |= {name: f"{{{name}}}" for name in self.walked}
        text = str(_request(blanks))
        return f"{text} for each {' and '.join(self.walked)}" if self.walked else text

    def beside(self, road: str) -> str:
        """Both roads in words; the other one is `road`."""
        if self.instead is None:
            return f"{road}, or once that has cost as much, {self}"
        return f"{self}, else {road} for about {self.instead:,} tokens"

    @property
    def lists(self) -> tuple[str, ...]:
        """The tables whose rows are walked through."""
        walked = set(self.walked)
        given = {item.column.name for item in self.given}
        found = []
        if "stage_id" in walked or ("pipeline_id" in walked and "stage_id" in given):
            found.append("stages")
        elif "pipeline_id" in walked:
            found.append("pipelines")
        if "owner_id" in walked:
            found.append("users")
        return tuple(found)

    def sums(
        self, filters: Sequence[Filled], rows: Mapping[str, Sequence[Values]]
    ) -> list[Sum]:
        """All that has to be asked.

        `filters` are what the inputs gave. `rows` are those of `lists`, each with its
        values by the columns of deals: {"stages": [{"stage_id": 1, "pipeline_id": 1}]}.
        """
        known = {*self.walked, *(item.column.name for item in self.given)}
        walks: list[Sequence[Values]] = [
            [{n: v for n, v in row.items() if n in known} for row in rows[name]]
            for name in self.lists
        ]
        if "status" in self.walked:
            walks.append([{"status": status} for status in _STATUSES])
        found = []
        for given in _given(filters):
            values = [_merged(given, some) for some in product(*walks)]
            parts = tuple(
                Part(_request(made), tuple(made.items()))
                for made in values
                if made is not None
            )
            found.append(Sum(parts, _request(given)))
        if not self.walked:
            # What is counted once is right; what is counted in turn has to stay.
            found[-1] = replace(found[-1], whole=None)
        return found

    def tokens(self, counts: Mapping[str, float]) -> int | None:
        """What is expected to be asked; None where the lists' rows are not known."""
        if any(name not in counts for name in self.lists):
            return None
        sizes = [counts[name] for name in self.lists]
        given = {item.column.name for item in self.given}
        if "stages" in self.lists and "pipeline_id" in given:
            sizes[0] /= max(counts.get("pipelines", 1), 1)
        if "stages" in self.lists and "stage_id" in given:
            sizes[0] = 1
        return self._tokens(sizes, _VALUES_OF_A_LIST)

    @property
    def least(self) -> int:
        """What is asked at least."""
        return self._tokens([1.0] * len(self.lists), values=1)

    @property
    def tokens_of_lists(self) -> int:
        """What the lists cost that tell which values there are."""
        return sum(LISTS[name].price for name in self.lists)

    def _tokens(self, sizes: Sequence[float], values: int) -> int:
        """`sizes` are rows of the lists, `values` those of each IN."""
        given = prod(values if item.many else 1 for item in self.given)
        walked = prod(sizes) * (len(_STATUSES) if "status" in self.walked else 1)
        asked = given * walked + (given if self.walked else given - 1)
        return round(asked * SUMMARY.price) + self.tokens_of_lists


def tokens(sums: Sequence[Sum]) -> int:
    """What asking for these costs."""
    asked = sum(len(one.parts) + (one.whole is not None) for one in sums)
    return asked * SUMMARY.price


def _given(filters: Sequence[Filled]) -> list[dict[str, SQLValue]]:
    """One value for each parameter, in every combination."""
    return [
        dict(zip((name for name, _ in one), map(_value, some), strict=True))
        for one in filters
        for some in product(*(values for _, values in one))
    ]


def _value(text: str) -> int | str:
    return text if text in _STATUSES else int(text)


def _merged(given: Values, walked: Iterable[Values]) -> Values | None:
    """All values together; None where they contradict each other."""
    found = dict(given)
    for some in walked:
        for name, value in some.items():
            if found.setdefault(name, value) != value:
                return None
    return found


def _request(values: Values) -> Request:
    return request(SUMMARY, {PARAMETERS[n]: (str(v),) for n, v in values.items()})
