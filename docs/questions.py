"""Questions to every table: those of questions.sql, and made ones up to three.

A made question takes its values from the demo company, so that it has an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import apsw

from pipedrive_sql.catalog import TABLES
from pipedrive_sql.catalog.table import Brought, Column, Table
from pipedrive_sql.catalog.values import Kind
from pipedrive_sql.connection import Connection
from pipedrive_sql.vtables.module import quoted

Question = tuple[str, str]  # and its SQL

ENOUGH = 3
WRITTEN = re.compile(r"^-- (\w+): (.+)\n((?:.+\n)+)", re.MULTILINE)
# What people call the rows of a table.
CALLED = ("name", "title", "subject", "term", "email")
SINGULAR = {"ies": "y", "ches": "ch", "s": ""}
# What functions are called with; a conversion has to be started before it is asked for.
UUID = "'46c3b0e1-db35-59ca-1828-4817378dff71'"
YEAR = "start_date = '2026-01-01' and end_date = '2026-09-30'"
ARGUMENTS = {
    "users_find": "term = 'an'",
    "recents": "since_timestamp = '2026-09-15 00:00:00'",
    "goal_results": "period_start = '2026-01-01' and period_end = '2026-12-31'",
    "pipeline_conversion_statistics": YEAR,
    "pipeline_stage_conversions": YEAR,
    "pipeline_movement_statistics": YEAR,
    "deals_search": "term = 'renewal'",
    "persons_search": "term = 'anna'",
    "organizations_search": "term = 'acme'",
    "products_search": "term = 'training'",
    "leads_search": "term = 'renewal'",
    "projects_search": "term = 'pilot'",
    "item_search": "term = 'anna'",
    "item_search_related": "term = 'anna'",
    "item_search_field": "term = 'An' and entity_type = 'person' and field = 'name'"
    " and match = 'beginning'",
    "deal_timeline": "start_date = '2026-01-01' and interval = 'month' and amount = 9"
    " and field_key = 'add_time'",
    "deal_timeline_archived": "start_date = '2025-01-01' and interval = 'month'"
    " and amount = 20 and field_key = 'add_time'",
    "lead_conversion_status": f"lead_id = {UUID} and conversion_id = {UUID}",
    "deal_conversion_status": f"deal_id = 1 and conversion_id = {UUID}",
}


def written() -> dict[str, list[Question]]:
    """The questions of questions.sql, by table."""
    found: dict[str, list[Question]] = {table.name: [] for table in TABLES}
    text = Path(__file__).with_name("questions.sql").read_text("utf-8")
    for name, question, sql in WRITTEN.findall(text):
        found[name].append((question, sql.strip()))
    return found


def questions(connection: Connection) -> dict[str, list[Question]]:
    """Three questions or more to each table."""
    found = written()
    for table in TABLES:
        own = found[table.name]
        more = Maker(connection, table).questions()
        own += islice(more, max(ENOUGH - len(own), 0))
    return found


class Maker:
    """Makes questions to one table, the most useful first."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self.connection = connection
        self.table = table
        self.rows = f"rows of `{table.name}`"
        self.shown = [
            column
            for column in table.columns
            if not column.hidden and column.brought is Brought.ALWAYS
        ]
        self.given = ARGUMENTS.get(table.name, "")

    def questions(self) -> Iterator[Question]:
        """All that can be made, one by one."""
        return chain(
            self._of_one(),
            self._first(),
            self._filtered(),
            self._grouped(),
            self._all(),
        )

    def _of_one(self) -> Iterator[Question]:
        """Those of one parent, then how many a few parents have."""
        key = self._key()
        if key is None:
            return
        values = self._values(key)
        owners = self.table.parent or self.table.source
        if values:
            yield (
                f"Which {self.rows} belong to {singular(owners)} {values[0]}?",
                self._sql(self._columns(besides=key), f"{key.name} = {values[0]}"),
            )
        if len(values) > 1:
            some = f"{key.name} in ({', '.join(values)})"
            yield (
                f"How many belong to each of some {owners.replace('_', ' ')}?",
                self._sql(f"{key.name}, count(*) as how_many", some)
                + f"\ngroup by {key.name}",
            )

    def _first(self) -> Iterator[Question]:
        yield (
            f"What do the first {self.rows} look like?",
            self._sql(self._columns()) + "\nlimit 5",
        )

    def _filtered(self) -> Iterator[Question]:
        """Those that Pipedrive filters, by a value that there is."""
        taken = {
            parameter.column
            for endpoint in self.table.endpoints
            if not endpoint.one
            for parameter in endpoint.parameters
            if parameter.operator == "="
        }
        keys = (self.table.key, self.table.parent_key)
        for column in self.shown:
            if column.name not in taken or column.name in keys:
                continue
            for value in self._values(column)[:1]:
                condition = f"{quoted_if_needed(column.name)} = {value}"
                yield (
                    f"Which {self.rows} have the {spoken(column)} {value}?",
                    self._sql(self._columns(besides=column), condition),
                )

    def _grouped(self) -> Iterator[Question]:
        """How many there are of each kind, where that reads one list only."""
        if self.table.parent and self._dear:
            return
        for column in self.shown:
            if column.name in ("id", self.table.key):
                continue
            few = column.kind is Kind.BOOLEAN or column.name in ("type", "status")
            if few or column.references:
                name = quoted_if_needed(column.name)
                yield (
                    f"How many {self.rows} are there for each {spoken(column)}?",
                    self._sql(f"{name}, count(*) as how_many") + f"\ngroup by {name}",
                )

    def _all(self) -> Iterator[Question]:
        yield (f"How many {self.rows} are there?", self._sql("count(*) as how_many"))
        names = [quoted_if_needed(column.name) for column in self.shown]
        yield (
            f"Which {self.rows} come last, by `{self.shown[0].name}`?",
            self._sql(", ".join(names[:2])) + f"\norder by {names[0]} desc\nlimit 5",
        )

    @property
    def _dear(self) -> bool:
        """Whether it takes a request for each parent."""
        return all(
            parameter.many == 1
            for endpoint in self.table.endpoints
            for parameter in endpoint.parameters
            if parameter.column == self.table.parent_key
        )

    def _key(self) -> Column | None:
        """The column that holds the key of the row they belong to."""
        table = self.table
        if table.parent:
            return table.column(table.parent_key)
        if table.source:
            return next((c for c in table.columns if c.at.startswith("^.")), None)
        return None

    def _columns(self, besides: Column | None = None) -> str:
        """A few columns: the key, what rows are called, and the next ones."""
        own = [c for c in self.shown if c is not besides]
        first = [c for c in own if c.name == self.table.key or c.name in CALLED]
        rest = [c for c in own if c not in first and c.kind is not Kind.JSON]
        names = dict.fromkeys(quoted_if_needed(c.name) for c in (*first, *rest, *own))
        return ", ".join(list(names)[:4])

    def _values(self, column: Column) -> list[str]:
        """Up to three values that rows have, as SQL."""
        name = quoted_if_needed(column.name)
        sql = self._sql(name, f"{name} is not null") + "\nlimit 20"
        found = [value for (value,) in self.connection.execute(sql)]
        return [literal(value) for value in dict.fromkeys(found)][:3]

    def _sql(self, columns: str, condition: str = "") -> str:
        conditions = " and ".join(filter(None, (self.given, condition)))
        where = f"\nwhere {conditions}" if conditions else ""
        return f"select {columns}\nfrom {self.table.name}{where}"


def literal(value: object) -> str:
    """A value as SQL."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)


def quoted_if_needed(name: str) -> str:
    """A name as SQL, in quotes where it is a word of SQL."""
    return quoted(name) if name.upper() in apsw.keywords else name


def spoken(column: Column) -> str:
    """`owner_id` as "owner", `is_archived` as "`is_archived`"."""
    if column.kind is Kind.BOOLEAN:
        return f"`{column.name}`"
    return column.name.removesuffix("_id").replace("_", " ")


def singular(name: str) -> str:
    """`deals` as "deal", `mail_threads` as "mail thread".

    >>> [singular(s) for s in ("activities", "deals", "mail_threads", "boards")]
    ['activity', 'deal', 'mail thread', 'board']
    """
    for ending, replacement in SINGULAR.items():
        if name.endswith(ending):
            return (name.removesuffix(ending) + replacement).replace("_", " ")
    return name.replace("_", " ")
