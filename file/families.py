"""Which lists fill which tables of the file, and how each is kept fresh.

Rows that move between tables, such as deals that are archived, are one family: its
lists are read one after the other, and where a row was seen last, there it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from ..catalog.table import Endpoint, Parameter, Table

Only = tuple[tuple[str, bool | tuple[str, ...]], ...]

# What a company works with every day: lists alone, none that takes a request a parent.
CORE = (
    *("deals", "deals_archived", "deals_deleted", "persons", "organizations"),
    *("activities", "products", "pipelines", "stages", "leads", "leads_archived"),
    *("lead_labels", "notes", "users", "activity_types"),
)

# Tables whose rows move from one to the next, and the one that rows are deleted into.
SHELVES = {
    "deals": ("deals", "deals_archived", "deals_deleted"),
    "leads": ("leads", "leads_archived"),
    "projects": ("projects", "projects_archived"),
}
DELETED = frozenset({"deals_deleted"})

# One list of all deals that are not archived, the deleted ones of 30 days included
# (spec v2, /deals, parameter status).
_EVERY_DEAL = (("status", "open,won,lost,deleted"),)
_IS_DELETED: Only = (("status", ("deleted",)),)

# v1 sorts these by their last change, but does not filter by it (spec v1).
_NEWEST_FIRST = {
    "leads_archived": (("sort", "update_time DESC"),),
    "files": (("sort", "update_time DESC"),),
}
CHANGED = "update_time"


@dataclass(frozen=True, slots=True)
class Brings:
    """The rows of a list that belong to a table: those that hold what `only` names."""

    table: str
    only: Only = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One list, read to its end; for each of its `parent`'s rows where it has one.

    `given` fills blanks whose values are known. `newest` is the endpoint that lists
    what changed last first, where none lists what changed since a moment.
    """

    name: str
    endpoint: Endpoint
    brings: tuple[Brings, ...]
    given: tuple[tuple[str, str], ...] = ()
    parent: str = ""
    parameter: Parameter | None = None
    newest: Endpoint | None = None

    @property
    def since(self) -> Parameter | None:
        """The parameter that narrows to what changed since a moment."""
        return self.endpoint.serves(CHANGED, ">=")

    @property
    def is_dated(self) -> bool:
        """Whether what changed since a moment can be asked for."""
        return self.since is not None or self.newest is not None


@dataclass(frozen=True, slots=True)
class Family:
    """Tables that are brought up to date together, whole or not at all.

    `shelves` are those that the same rows move between.
    """

    name: str
    steps: tuple[Step, ...]
    shelves: tuple[str, ...]

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table that it brings rows of."""
        found = (brought.table for step in self.steps for brought in step.brings)
        return tuple(dict.fromkeys(found))

    @property
    def parent(self) -> str:
        """The table whose rows it is asked for one by one, or in batches."""
        return next((step.parent for step in self.steps if step.parent), "")

    @property
    def is_dated(self) -> bool:
        """Whether what changed since a moment can be asked for."""
        return all(step.is_dated for step in self.steps)


def families(tables: Mapping[str, Table], chosen: Collection[str]) -> list[Family]:
    """The families of these tables, those before their children."""
    found = []
    done: set[str] = set()
    for name in tables:
        if name in chosen and name not in done and not tables[name].each:
            shelves = next((s for s in SHELVES.values() if name in s), (name,))
            shelves = tuple(shelf for shelf in shelves if shelf in chosen)
            done.update(shelves)
            found.append(_family(tables, shelves, chosen))
    return sorted(found, key=lambda family: _depth(tables, family))


def completed(tables: Mapping[str, Table], names: Collection[str]) -> list[str]:
    """These tables with those that they cannot do without, in the catalog's order.

    Those over arrays come with the rows that the arrays stand in, at no price.
    """
    wanted = set(names)
    for name in names:
        while above := tables[name].source or tables[name].parent:
            wanted.add(above)
            name = above
    for shelves in SHELVES.values():
        if shelves[0] in wanted:
            wanted.update(shelves)  # else rows that move out would seem to stay
    return [
        name
        for name, table in tables.items()
        if name in wanted or table.source in wanted
    ]


def can_be_listed(table: Table) -> bool:
    """Whether nothing has to be given for its rows but what is known."""
    endpoint = _list_of(table)
    return endpoint is not None and not any(
        p.column != table.parent_key and not (p.values and p.many == 1)
        for p in endpoint.required
    )


def takes_a_request_each(tables: Mapping[str, Table], name: str) -> bool:
    """Whether rows are asked for by one row after the other of another table."""
    table = tables[name]
    endpoint = _list_of(table)
    by = endpoint.serves(table.parent_key) if endpoint and table.parent else None
    above = table.source or table.parent
    if by is not None and by.many == 1:
        return True
    return bool(above) and takes_a_request_each(tables, above)


def _family(
    tables: Mapping[str, Table], shelves: tuple[str, ...], chosen: Collection[str]
) -> Family:
    steps: list[Step] = []
    for shelf in shelves:
        if shelf in DELETED and any(shelf == b.table for s in steps for b in s.brings):
            continue
        table = tables[shelf]
        endpoint = _list_of(table)
        assert endpoint is not None
        brings = [Brings(shelf, _only(table))]
        brings += [
            Brings(name, _only(other))
            for name, other in tables.items()
            if other.source == shelf and name in chosen
        ]
        if shelf == "deals":
            endpoint = replace(endpoint, fixed=_EVERY_DEAL)
            brings.append(Brings("deals_deleted", _IS_DELETED))
        steps += _steps(table, endpoint, tuple(brings))
    return Family(shelves[0], tuple(steps), shelves)


def _steps(
    table: Table, endpoint: Endpoint, brings: tuple[Brings, ...]
) -> Iterator[Step]:
    """A step for each choice of the values that have to be given."""
    parameter = endpoint.serves(table.parent_key) if table.parent else None
    choices = [p for p in endpoint.required if p is not parameter]
    newest = None
    if table.name in _NEWEST_FIRST:
        newest = replace(endpoint, fixed=_NEWEST_FIRST[table.name])
    for values in product(*(p.values for p in choices)):
        given = tuple(zip((p.name for p in choices), values, strict=True))
        name = " ".join([table.name, *values])
        yield Step(name, endpoint, brings, given, table.parent, parameter, newest)


def _only(table: Table) -> Only:
    return tuple(dict.fromkeys(pair for e in table.endpoints for pair in e.only))


def _list_of(table: Table) -> Endpoint | None:
    return next((e for e in table.endpoints if not e.one), None)


def _depth(tables: Mapping[str, Table], family: Family) -> int:
    depth, table = 0, tables[family.name]
    while table.parent:
        depth, table = depth + 1, tables[table.parent]
    return depth
