"""The nouns of the catalog: Column, Parameter, Endpoint, Table.

They are data: what exists in Pipedrive and how it is served. Each checks itself
at birth and reports every mistake it finds, with the table's name before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from typing import Literal

from .values import Kind

Operator = Literal["=", ">=", "<"]


class Brought(Enum):
    """When Pipedrive sends a column."""

    ALWAYS = "always"
    INCLUDED = "with include_fields"
    CUSTOM = "with custom_fields"
    FURTHER = "by a further request for each row"
    GIVEN = "given by the statement"


class Shape(Enum):
    """What stands in an answer where the rows are, and how rows are made of it.

    What is no object becomes one: a bare value stands under `value`.
    """

    ROWS = "an array: a row each"
    ROW = "one object: one row"
    PAIRS = "an object: a row for each key, with `name` and `value`"
    GROUPS = "an array of objects of rows: a row for each of their values"
    CONDITIONS = "the condition groups of a saved filter: a row for each condition"
    HITS = "an array of what a search found: the keys of `item`, and its score"


class Form(Enum):
    """How the value is made from what stands in the JSON."""

    PLAIN = "as its kind says"
    LABEL = "the label of an option id"
    LABELS = "JSON array of the labels of option ids"
    IDS = "JSON array of integers, also from v1's comma list"
    CONDITIONS = "SQL of the conditions of a saved filter, whose `type` is beside them"
    PRIMARY = "`value` of the array's element that is primary, else of the first"


@dataclass(frozen=True, slots=True)
class Column:
    """One SQL column.

    `at` is where its value stands in the row's JSON, dots between steps
    ("address.locality"); the first step is the key sent by Pipedrive. "^.id" is the
    `id` of the row that an array stands in, "?.id" the value that the request gave
    for its parameter `id` (with _ for dots in the parameter's name).
    `references` is "table.column". `never_null` says that Pipedrive always sends
    a value, which is what lets an ORDER BY be left to Pipedrive. `hidden` columns are
    inputs: not part of `*`, and arguments where the table is called as a function.
    `further` is the path of the endpoint that brings a FURTHER column. `searched` is
    the word by which Pipedrive's searches know the field ("title", "custom_fields").
    GIVEN columns are hidden and in no answer: they hold what the statement says.
    `tables` are those that CONDITIONS may speak of.
    """

    name: str
    kind: Kind
    about: str
    at: str = ""
    brought: Brought = Brought.ALWAYS
    form: Form = Form.PLAIN
    references: str = ""
    never_null: bool = False
    hidden: bool = False
    further: str = ""
    searched: str = ""
    options: Mapping[int | str, str] = field(default_factory=dict, hash=False)
    field_key: str = ""
    tables: Mapping[str, Table] = field(default_factory=dict, repr=False, compare=False)

    @property
    def steps(self) -> tuple[str, ...]:
        """The way to the value: ("custom_fields", "<hash>", "value")."""
        return _steps(self.at or self.name)


@cache
def _steps(at: str) -> tuple[str, ...]:
    return tuple(at.split("."))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an endpoint, and the SQL comparison that it serves.

    `name` stands in the path in braces or else goes into the query. `many` is how
    many values one request takes (comma separated). `values`, where given, is the
    closed set that Pipedrive knows: other values match no row and are never sent,
    because Pipedrive answers an invalid `status` with every row. `pattern`, where
    given, is what a value must look like as a whole; others match no row either,
    and Pipedrive would refuse them. `repeated` values are sent one by one
    (`deal_ids=1&deal_ids=2`), not with commas. Beside one that is `alone`, Pipedrive
    ignores the others. `named` says that the column holds the name of what Pipedrive
    wants the id of: that of a saved filter of this type.
    """

    name: str
    column: str
    operator: Operator = "="
    many: int = 1
    values: tuple[str, ...] = ()
    pattern: str = ""
    required: bool = False
    repeated: bool = False
    alone: bool = False
    named: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One way Pipedrive serves a table's rows.

    `price` is in API tokens a request (`x-token-cost` of the spec). `page` is the
    most rows a page; 0 means that all rows come at once. `sorts` are the columns
    of `sort_by` that are never null. `only` names what a row must hold to belong
    to the table, for endpoints that also serve others: a flag, one of some words, or
    null; False stands for nothing, too. `fixed` goes with every
    request. `include_fields` and `custom_fields` say that the parameter exists;
    `included_by` is what goes with a request instead, as in ("include_body", "1").
    `within` is the key of `data` that holds the rows, where they do not stand in
    `data` itself. `echo` puts the values given for the parameters into each row, and
    a name that tells it from the others: see "?" in Column. `by_cursor` tells the few
    endpoints of v1 that page by cursor.
    """

    path: str
    price: int
    version: Literal[1, 2] = 2
    one: bool = False
    page: int = 500
    parameters: tuple[Parameter, ...] = ()
    sorts: tuple[str, ...] = ()
    only: tuple[tuple[str, bool | tuple[str, ...]], ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()
    include_fields: bool = False
    custom_fields: bool = False
    included_by: tuple[str, str] | None = None
    shape: Shape = Shape.ROWS
    within: str = ""
    echo: bool = False
    by_cursor: bool = False

    @property
    def cursor(self) -> bool:
        """Whether the next page is asked for by a cursor, else by its start."""
        return self.version == 2 or self.by_cursor

    @property
    def required(self) -> tuple[Parameter, ...]:
        """The parameters without which the endpoint cannot be asked."""
        return tuple(p for p in self.parameters if p.required or self.in_path(p))

    def in_path(self, parameter: Parameter) -> bool:
        """Whether the parameter fills a blank of the path."""
        return "{" + parameter.name + "}" in self.path

    def serves(self, column: str, operator: Operator = "=") -> Parameter | None:
        """The parameter for this comparison, or None."""
        for parameter in self.parameters:
            if parameter.column == column and parameter.operator == operator:
                return parameter
        return None


@dataclass(frozen=True, slots=True)
class Search:
    """How Pipedrive's searches know a table's rows.

    `item` is their word for one ("deal"), `rows` the endpoint that finds words and
    whole values in such rows, `fields` the one that finds values of one field. `whole`
    says that they are documented to know all of the table's rows but those changed
    lately, which its list can show first.
    """

    item: str
    rows: Endpoint
    fields: Endpoint
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A collection of Pipedrive as SQL sees it.

    `endpoints` are tried in order; the first of equal price wins. A table whose
    rows stand in an array of another table's rows has `source` (that table) and
    `each` (the key of the array): it has no endpoints of its own, and its columns
    are read from the element, or from the source's row where `at` begins with
    "^."; `source_key` is the column of them that holds the key of the source's row.
    A table reachable only through a parent has `parent` ("deals"), the column that
    holds the parent's key (`parent_key`), and, where the parent counts its children
    or refers to its only one, that column of the parent (`parent_count`).
    `fields` is the entity whose custom fields become columns. `further` are the
    endpoints of columns that need a request for each row; their blank takes the key.
    A table without `key` tells its rows apart by what they hold, and by what had to
    be given for them. Where `apart` names columns, no two rows of one parent are alike
    in all of them, and a second one has only come twice; a null says nothing.
    `search` is how searches know its rows, if they do. `schema` is
    SQLite's, "" for that of the first account.
    """

    name: str
    about: str
    key: str
    columns: tuple[Column, ...]
    apart: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    source: str = ""
    each: str = ""
    parent: str = ""
    parent_key: str = ""
    parent_count: str = ""
    fields: str = ""
    further: tuple[Endpoint, ...] = ()
    source_key: str = ""
    search: Search | None = None
    schema: str = ""

    def __post_init__(self) -> None:
        mistakes = list(self._mistakes())
        if mistakes:
            raise ValueError("\n".join(f"{self.name}: {m}" for m in mistakes))

    @property
    def full_name(self) -> str:
        """The name that statements have for it: "deals", "acme.deals"."""
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def row_key(self) -> str:
        """The column whose value names the row of Pipedrive that a row stands in.

        For a table over an array that is the key of the source's row.
        """
        return self.source_key if self.each else self.key

    def over(self, source: Table) -> Table:
        """This table with the endpoints and the parent of its source, in terms of its
        own columns.
        """
        own = {c.at.removeprefix("^."): c.name for c in self.columns if c.at[:1] == "^"}
        names = {
            c.name: own[at] for c in source.columns if (at := c.at or c.name) in own
        }
        endpoints = []
        for endpoint in source.endpoints:
            if all(p.column in names for p in endpoint.required):
                kept = [p for p in endpoint.parameters if p.column in names]
                renamed = (replace(p, column=names[p.column]) for p in kept)
                made = replace(endpoint, parameters=tuple(renamed), sorts=())
                endpoints.append(made)
        return replace(
            self,
            endpoints=tuple(endpoints),
            source_key=names.get(source.key, ""),
            parent=source.parent,
            parent_key=names.get(source.parent_key, ""),
            parent_count=source.parent_count,
            search=source.search,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in their SQL order."""
        return tuple(column.name for column in self.columns)

    @property
    def _echoes(self) -> bool:
        placeless = not self.key and not self.each
        return placeless or any(c.at.startswith("?") for c in self.columns)

    def _mistakes(self) -> list[str]:
        names = set(self.names)
        found = []
        if len(names) != len(self.columns):
            found.append("a column stands twice")
        if self.key and self.key not in names:
            found.append(f"the key {self.key} is no column")
        if self.apart and (self.key or self.each or not names.issuperset(self.apart)):
            found.append("apart names columns of a table without a key")
        if not self.source and not self.endpoints:
            found.append("needs endpoints or a source")
        if bool(self.source) != bool(self.each):
            found.append("source and each go together")
        if self.parent and self.parent_key not in names:
            found.append(f"the parent's key {self.parent_key} is no column")
        if not self.about.endswith("."):
            found.append("the sentence needs its full stop")
        paths = {endpoint.path for endpoint in self.further}
        for column in self.columns:
            if (column.brought is Brought.FURTHER) != (column.further in paths):
                found.append(f"{column.name} needs an endpoint of `further`")
            if not column.about.endswith("."):
                found.append(f"the sentence of {column.name} needs its full stop")
        for endpoint in self.endpoints:
            served = {p.column for p in endpoint.parameters} | set(endpoint.sorts)
            if not self.each:
                served |= {column for column, _ in endpoint.only}
            for name in sorted(served - names):
                found.append(f"{endpoint.path} names {name}, which is no column")
            if self._echoes and not endpoint.echo:
                found.append(f"{endpoint.path} needs echo")
            for name in endpoint.sorts:
                if name in names and not self.column(name).never_null:
                    found.append(f"{endpoint.path} sorts by {name}, which may be null")
        return found
