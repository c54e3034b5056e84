"""WHERE clauses in terms of saved filters: never fewer rows than SQL wants."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipedrive_sql.catalog import TABLES
from pipedrive_sql.catalog.conditions import NumberedField, filter_type
from pipedrive_sql.catalog.fields import complete
from pipedrive_sql.catalog.table import Column, Table
from pipedrive_sql.client.account import Account
from pipedrive_sql.client.credentials import ApiToken
from pipedrive_sql.client.metadata import Metadata
from pipedrive_sql.client.transport import Client
from pipedrive_sql.client.usage import Meter
from pipedrive_sql.planner.conditions import MOST, Compiled, compiled
from pipedrive_sql.planner.operators import Term
from pipedrive_sql.sandbox.switches import Switches

from .front_door import Door, connected, opened

LISTS = {"deals": "/api/v2/deals", "persons": "/api/v2/persons"}
LIKELY = Switches()
UNLIKELY = Switches(
    filters_ignore_case=False,
    filter_days="account",
    nothing_is_unequal=True,
    set_equals_any=False,
)
MIDNIGHT = Switches(filter_days="midnight")


@dataclass(frozen=True)
class Place:
    """A sandbox, its tables with their fields, and their rows as plain tables."""

    door: Door
    tables: dict[str, Table]
    fields: dict[str, dict[str, NumberedField]]
    copy: apsw.Connection

    def compiled(
        self, table: str, terms: list[Term], *alternatives: list[Term]
    ) -> Compiled | None:
        found = compiled(self.tables[table], terms, alternatives, self.fields[table])
        assert found is None or len(found.every) + len(found.some) <= MOST
        return found

    def listed(self, table: str, found: Compiled) -> set[int]:
        """The ids that Pipedrive lists by such a filter."""
        body = {"name": "x", "type": found.type, "conditions": found.conditions}
        number = self.door.add("/v1/filters", **body)["id"]
        rows = self.door.rows(LISTS[table], filter_id=number, limit=500)
        self.door("DELETE", f"/v1/filters/{number}")
        return {row["id"] for row in rows}

    def wanted(self, table: str, where: str, values: list[Any]) -> set[int]:
        """The ids that SQL wants."""
        rows = self.copy.execute(f"select id from {table} where {where}", values)
        return {int(key) for (key,) in rows}


@contextmanager
def place(switches: Switches) -> Iterator[Place]:
    with opened(deals=90, switches=switches) as door:
        account = Account(door.sandbox.url, ApiToken(door.sandbox.token))
        client = Client(account)
        metadata = Metadata(client, None, lambda: Meter(0))
        fields = metadata.fields()
        tables = {
            t.name: complete(t, fields[t.fields]) for t in TABLES if t.name in LISTS
        }
        numbered = {
            name: dict(metadata.v1(kind.object))
            for name, table in tables.items()
            if (kind := filter_type(table))
        }
        client.close()
        with connected(door.sandbox) as connection:
            for name in LISTS:
                connection.execute(f"create table main.{name} as select * from {name}")
            for name in LISTS:
                connection.execute(f"drop table temp.{name}")
            yield Place(door, tables, numbered, connection.apsw)


PLACES = {"likely": LIKELY, "unlikely": UNLIKELY, "midnight": MIDNIGHT}


@pytest.fixture(scope="module", params=PLACES)
def here(request: pytest.FixtureRequest) -> Iterator[Place]:
    with place(PLACES[request.param]) as found:
        yield found


COMPARISONS = ("=", "=", "<", "<=", ">", ">=", "!=")
COLLATIONS = ("BINARY", "BINARY", "NOCASE")


def values(here: Place, table: str, column: Column) -> list[Any]:
    """What stands in the column, and what lies near it."""
    query = f'select distinct "{column.name}" from {table} limit 40'
    found: list[Any] = []
    for (value,) in here.copy.execute(query):
        found.append(value)
        if isinstance(value, str):
            found += [value[:7], value.upper(), f" {value}", f"{value[:10]} 10:00"]
            found += [f"{value[:3]}*", f"*{value[1:4]}*", f"{value[:2]}?x[a]*"]
        elif value is not None:
            found += [value + 1, value - 0.5, str(value), -value]
    return [*found, None, 0, "", "x", 2**60]


@st.composite
def terms(draw: st.DrawFn, here: Place, table: str) -> tuple[Term, str, list[Any]]:
    """A comparison, its SQL, and the values of it."""
    columns = [c for c in here.tables[table].columns if not c.hidden]
    custom = [c for c in columns if c.field_key]
    column = draw(st.sampled_from(draw(st.sampled_from([columns, custom]))))
    some = st.sampled_from(values(here, table, column))
    name = f'"{column.name}"'
    how = draw(st.sampled_from(["compare", "compare", "null", "in", "glob"]))
    if how == "null":
        operator = draw(st.sampled_from(["is null", "is not null"]))
        return Term(column, operator), f"{name} {operator}", []
    if how == "in":
        several = draw(st.lists(some, max_size=4))
        marks = ", ".join("?" * len(several))
        return Term(column, "in", frozenset(several)), f"{name} in ({marks})", several
    value = draw(some)
    if how == "glob":
        return Term(column, "glob", value), f"{name} glob ?", [value]
    operator = draw(st.sampled_from(COMPARISONS))
    collation = draw(st.sampled_from(COLLATIONS))
    text = f"{name} {operator} ? collate {collation}"
    return Term(column, operator, value, collation), text, [value]


@pytest.mark.parametrize("table", LISTS)
def test_a_compiled_filter_leaves_out_no_row_that_sql_wants(
    here: Place, table: str
) -> None:
    one = terms(here, table)

    @settings(max_examples=100, deadline=None, database=None, derandomize=True)
    @given(
        st.lists(one, max_size=3),
        st.lists(st.lists(one, min_size=1, max_size=3), max_size=2),
    )
    def check(every: list[Any], groups: list[list[Any]]) -> None:
        found = here.compiled(
            table,
            [term for term, _, _ in every],
            *([t for t, _, _ in g] for g in groups),
        )
        if found is None:
            return
        parts = [text for _, text, _ in every]
        parts += [f"({' or '.join(text for _, text, _ in g)})" for g in groups]
        bound = list(chain.from_iterable(v for _, _, v in chain(every, *groups)))
        wanted = here.wanted(table, " and ".join(parts), bound)
        assert wanted <= here.listed(table, found), (parts, bound, str(found))

    check()


CASES = [
    ("status", "=", "open", "status = 'open'"),
    ("status", "=", "asleep", None),
    ("deal_type", "=", "Outbound", "deal_type = '{Outbound}'"),
    ("deal_type", "!=", "Outbound", "deal_type != '{Outbound}'"),
    ("deal_type", "=", "Fax", "deal_type IS NOT NULL"),
    ("deal_type", "is null", None, None),
    ("deal_type_id", "is null", None, "deal_type_id IS NULL"),
    ("deal_type", "is not null", None, "deal_type IS NOT NULL"),
    ("owner_id", "=", 2, "owner_id = '2'"),
    ("owner_id", "=", "2", "owner_id = '2'"),
    ("owner_id", ">", 2, "owner_id IS NOT NULL"),
    ("presales_engineer_id", "in", frozenset({1, 2}), "({0} = '1' or {0} = '2')"),
    ("stage_id", "!=", 3, "stage_id != '3'"),
    ("stage_id", ">", 3, None),
    ("score", ">", 2, "score > '2'"),
    ("score", ">", 2.5, "score >= '2'"),
    ("score", "=", 2.5, "score >= '2' and score <= '3'"),
    ("score", "!=", 2.5, "score IS NOT NULL"),
    ("score", "=", 2**60, "score IS NOT NULL"),
    ("score", "=", None, None),
    ("budget", ">", 1000, "budget IS NOT NULL"),
    ("budget", "is null", None, "budget IS NULL"),
    ("delivery_window_until", "=", "10:00", "delivery_window_until IS NOT NULL"),
    ("vendor", "=", "Acme", "vendor = 'Acme'"),
    ("vendor", "=", "Acme ", "vendor IS NOT NULL"),
    ("vendor", "like", "Acme%", "vendor IS NOT NULL"),
    ("vendor", "glob", "Acme*", "vendor LIKE 'Acme%'"),
    ("vendor", "glob", "*cm?Ltd*", "vendor LIKE '%Ltd%'"),
    ("vendor", "glob", "50%*", "vendor IS NOT NULL"),
    ("title", "glob", "50%*", None),
    ("title", "is not null", None, None),
    ("smart_bcc_email", "=", "x", None),
    ("kick_off_date", ">=", "2026-02-01", "kick_off_date >= '2026-02-01'"),
    ("kick_off_date", "<", "2026-02", "kick_off_date <= '2026-02-01'"),
    ("kick_off_date", "=", "soon", "kick_off_date IS NOT NULL"),
    ("won_time", ">", "2026-02-01", "won_time >= '2026-01-31'"),
    ("won_time", "<", "2026-02-01 09:00:00", "won_time < '2026-02-03'"),
    ("project_period", "<", "2026-02-01", "project_period < '2026-02-01'"),
    ("project_period_until", "<", "2026-02-01", "project_period_until IS NOT NULL"),
    ("best_call_time", ">", "10:00:00", "best_call_time IS NOT NULL"),
    ("interests", "like", "%Fair%", "interests IS NOT NULL"),
    ("interests_ids", "is null", None, "interests_ids IS NULL"),
    ("label_ids", "=", "[1]", "label_ids IS NOT NULL"),
]


@pytest.fixture(scope="module")
def likely() -> Iterator[Place]:
    with place(LIKELY) as found:
        yield found


def column(here: Place, name: str) -> Column:
    """The deals' column of this name, also with the beginning of its key behind it."""
    columns = here.tables["deals"].columns
    return next(c for c in columns if c.name == name or c.name[:-5] == name)


@pytest.mark.parametrize(
    ("name", "operator", "value", "said"),
    CASES,
    ids=[f"{name} {operator} {value}" for name, operator, value, _ in CASES],
)
def test_what_comparisons_become(
    likely: Place, name: str, operator: str, value: object, said: str | None
) -> None:
    field = column(likely, name)
    found = likely.compiled("deals", [Term(field, operator, value)])
    text = found and str(found).replace(field.name, name)
    labels = {label: str(key) for key, label in field.options.items()}
    assert text == (said and said.format(name, **labels))


def test_of_a_clause_the_most_selective_sixteen_are_said(likely: Place) -> None:
    def more(name: str, count: int) -> list[Term]:
        return [Term(column(likely, name), ">", n) for n in range(count)]

    status = Term(column(likely, "status"), "=", "won")
    money = Term(column(likely, "budget"), ">", 7)
    owners = Term(column(likely, "owner_id"), "in", frozenset({1, 2, 3}))
    every = [money, *more("score", 12), owners, status]
    found = likely.compiled("deals", every, more("probability", 20), more("score", 2))
    assert found is not None
    assert found.alternative == 1
    assert len(found.every) == 14 and len(found.some) == 2
    assert str(found).startswith("status = 'won' and score > '0' and")
    # An IN list is left when an OR group is there: then it only says that something is.
    assert found.terms == frozenset(range(15)) - {13}
    without = likely.compiled("deals", every)
    assert without is not None
    assert without.terms == frozenset(range(15)) - {0}
    assert {one.column for one in without.some} == {"owner_id"}
    assert without.share < found.share < 1


def test_tables_without_filters_of_their_own_have_none(likely: Place) -> None:
    term = Term(column(likely, "owner_id"), "=", 1)
    leads = next(table for table in TABLES if table.name == "leads")
    assert compiled(leads, [term], [], likely.fields["deals"]) is None
