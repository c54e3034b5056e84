"""A Plan: the road chosen for one scan, and how values turn it into requests."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import product
from typing import TYPE_CHECKING

from ..catalog.table import Brought, Endpoint, Table
from ..catalog.values import Kind, SQLValue
from ..errors import DataError
from .inputs import Input, chunks, fill, form, known, looked_up, whole_number
from .question import Order
from .request import Request, request
from .search import Finding

if TYPE_CHECKING:
    from .summary import Summary


class Road(Enum):
    """How rows are brought."""

    NOTHING = "no request"
    KEYS = "by key"
    LIST = "list"
    CHILDREN = "children of parents"
    SEARCH = "by search"
    MISSING = "a condition is missing"


Filled = tuple[tuple[str, tuple[str, ...]], ...]  # a parameter's name, its values


@dataclass(frozen=True, slots=True)
class Scan:
    """A Plan with its values: what has to be asked.

    `keys` (road KEYS and CHILDREN) are those of rows or parents, None for all
    parents. `requests` (roads LIST and SEARCH) are read one after the other.
    `filters` (road CHILDREN) are the parameters beside the parents', a set for each
    request.
    `lookups` are equalities that a reader of stored rows can use. `limit` is how many
    rows are enough for sure.
    """

    road: Road
    requests: tuple[Request, ...] = ()
    keys: tuple[int | str, ...] | None = None
    filters: tuple[Filled, ...] = ((),)
    lookups: tuple[tuple[str, int | float | str], ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The road chosen for one scan. `str(plan)` is also SQLite's index string.

    `inputs` stand in the order in which SQLite hands their values over. `one` is
    the endpoint for a single key, `endpoint` the one for batches or lists.
    `order` is what the requests keep, so that SQLite need not sort.
    `exact` says that Pipedrive's own filters leave nothing to check. `missing` are
    the columns that need a value before anything can be asked. On the road SEARCH,
    `finding` finds keys, `keys` brings their rows, and `endpoint` is the list that
    takes its place where that is cheaper or the term cannot be searched for.
    `said` are the positions of inputs that a temporary saved filter may say; with
    `alternatives` it may also say an OR group of the statement.
    `summary` is how rows are counted in place of being read. `rows` are expected to be
    left by the list's parameters, as far as was known when the plan was made.
    """

    table: Table
    road: Road
    endpoint: Endpoint | None = None
    one: Endpoint | None = None
    inputs: tuple[Input, ...] = ()
    order: Order | None = None
    exact: bool = False
    missing: tuple[str, ...] = ()
    finding: Finding | None = None
    keys: Plan | None = None
    said: tuple[int, ...] = ()
    alternatives: bool = False
    summary: Summary | None = None
    rows: float = field(default=0.0, compare=False)

    def __str__(self) -> str:
        if self.road is Road.NOTHING:
            return "no request"
        if self.road is Road.MISSING:
            return f"needs {' and '.join(f'{name} = ...' for name in self.missing)}"
        if self.road is Road.SEARCH:
            return self._searched()
        parts = [_line(self, self.one)] if self.one else []
        parts += [_line(self, self.endpoint)] if self.endpoint else []
        text = " or ".join(parts)
        if self.road is Road.CHILDREN:
            assert self.endpoint is not None
            parameter = self.endpoint.serves(self.table.parent_key)
            many = parameter.many if parameter else 1
            text += f" for each {f'{many} ' if many > 1 else ''}of {self.table.parent}"
        looked_up = [
            i.column.name
            for i in self.inputs
            if i.parameter is None and i.operator == "="
        ]
        if self.said or self.alternatives:
            names = dict.fromkeys(self.inputs[place].column.name for place in self.said)
            told = [*names, "alternatives"] if self.alternatives else names
            text += f", or a temporary filter by {', '.join(told)}"
        if looked_up:
            text += f", then stored rows by {', '.join(looked_up)}"
        return self.summary.beside(text) if self.summary else text

    def given(self, values: Sequence[object]) -> dict[str, SQLValue]:
        """What the statement says of columns that no row holds, by their names."""
        found: dict[str, SQLValue] = {}
        for item, value in zip(self.inputs, values, strict=True):
            if item.column.brought is not Brought.GIVEN or value is None:
                continue
            whole = item.column.kind is Kind.INTEGER
            found[item.column.name] = whole_number(value) if whole else str(value)
        return found

    def _searched(self) -> str:
        text = f"{self.finding}, then {self.keys}"
        if self.endpoint is None:
            return text
        return f"{text}, beside the latest of {_line(self, self.endpoint)}"

    def scan(
        self, values: Sequence[object], without: Collection[int] = ()
    ) -> Scan | None:
        """What to ask for these values; None when no row can match.

        `without` are positions of inputs to leave out: the wider question that
        answers this one for any value of them.
        """
        if not self._possible(values):
            return None
        filled: dict[str, list[tuple[str, ...]]] = {}
        lookups: list[tuple[str, int | float | str]] = []
        keys: tuple[int | str, ...] | None = None
        limit: int | None = None
        skipped: int = 0
        for position, (item, value) in enumerate(zip(self.inputs, values, strict=True)):
            if item.operator in ("limit", "offset"):
                if not isinstance(value, int) or value < 0 or without:
                    limit = None
                    skipped = -1
                elif item.operator == "limit":
                    limit = value
                elif skipped >= 0:
                    skipped = value
                continue
            if item.operator == "=" and not item.many:
                lookups += [(item.column.name, v) for v in looked_up(item, value)]
            if item.parameter is None and (value is not None or item.is_null_test):
                continue
            self._check_input(item, value)
            found = fill(item, value)
            if found is None:
                return None
            if position in without or not found or item.parameter is None:
                continue
            if self._takes_keys(item):
                keys = tuple(found)
            else:
                filled[item.parameter.name] = chunks(found, item.parameter.many)
        if limit is not None and skipped >= 0:
            limit += skipped
        else:
            limit = None
        filters = self._filters(filled)
        requests: tuple[Request, ...] = ()
        if self.road in (Road.LIST, Road.SEARCH) and self.endpoint is not None:
            sort = (self.order.column, self.order.descending) if self.order else None
            requests = tuple(request(self.endpoint, dict(f), sort) for f in filters)
        return Scan(self.road, requests, keys, filters, tuple(lookups), limit)

    def _check_input(self, item: Input, value: object) -> None:
        """Refuse an input that Pipedrive would: no rows are no answer to a mistake."""
        parameter, endpoint = item.parameter, self.endpoint
        if parameter is None or endpoint is None or not item.column.hidden:
            return
        # What stands in the path is the key of a row, and there may be none.
        if not parameter.pattern or endpoint.in_path(parameter):
            return
        for one in value if isinstance(value, set | frozenset) else {value}:
            if one is not None and not re.fullmatch(parameter.pattern, str(one)):
                raise DataError(
                    f"{self.table.name} cannot be asked for {item.column.name} = "
                    f"{one!r}: it has to be {form(item.column, parameter)}."
                )

    def _takes_keys(self, item: Input) -> bool:
        if self.road is Road.CHILDREN:
            return item.column.name == self.table.parent_key
        return self.road is Road.KEYS

    def _filters(self, filled: dict[str, list[tuple[str, ...]]]) -> tuple[Filled, ...]:
        """Every combination; a parameter that has to be given runs through its set."""
        if self.endpoint is not None and self.road is not Road.KEYS:
            for parameter in self.endpoint.required:
                if parameter.values and parameter.name not in filled:
                    filled[parameter.name] = [(value,) for value in parameter.values]
        return tuple(
            tuple(zip(filled, chosen, strict=True))
            for chosen in product(*filled.values())
        )

    def _possible(self, values: Sequence[object]) -> bool:
        """False for two equalities on one column that contradict each other."""
        allowed: dict[str, set[int | str]] = {}
        for item, value in zip(self.inputs, values, strict=True):
            if item.operator != "=":
                continue
            some = known(item, value)
            if some is None:
                continue
            before = allowed.setdefault(item.column.name, some)
            before &= some
            if not before:
                return False
        return True


def _line(plan: Plan, endpoint: Endpoint) -> str:
    blanks: dict[str, tuple[str, ...]] = {}
    for item in plan.inputs:
        if item.parameter is None:
            continue
        served = endpoint.serves(item.parameter.column, item.parameter.operator)
        if served is not None:
            blanks[served.name] = (str(item),)
    sort = (plan.order.column, plan.order.descending) if plan.order else None
    made = str(request(endpoint, blanks, sort))
    return made.replace("%7B", "{").replace("%7D", "}")
