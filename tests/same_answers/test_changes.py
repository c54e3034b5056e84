"""Rows that changed a moment ago are found, though searches do not know them yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from pipedrive_sql import Connection
from pipedrive_sql.sandbox import Company

from ..front_door import Door, connected, opened
from .conftest import DEALS, ROWS_A_PAGE
from .narrowing import of_narrowed
from .plain import Copier, plain_copy
from .schema import Column
from .statements import Statement
from .test_switches import FIRST, ROUNDS, STATEMENTS, ask, written
from .writer import Table

# The column that is written, and how Pipedrive takes it.
WRITTEN = {"deals": "title", "persons": "name", "products": "name"}
TEXTS = [*WRITTEN.items(), ("persons", "email"), ("products", "code")]
COPIED = (*WRITTEN, "organizations", "person_emails", "person_phones", "deal_labels")
CHANGED = slice(2, 10)  # more than a page, so few that the others are older
LAG = 300.0  # seconds
RUNS = 2  # on each connection, so that a round is 160 statements
SWITCHES = {"analysis": (True, False), "temporary_filters": (True, False)}
LEAST = 20  # statements of a round that are searched for


@dataclass(frozen=True)
class Change:
    """`column` of the row with this id gets a value; without an id a row is added."""

    table: str
    column: str
    value: str
    id: int | None


@st.composite
def changes(draw: st.DrawFn, tables: Mapping[str, Table]) -> Change:
    name, column = draw(st.sampled_from(TEXTS))
    known = [v for v in tables[name].values[column] if isinstance(v, str)]
    value = draw(st.sampled_from(known)) + draw(st.sampled_from(["", " II", "x"]))
    places = [*tables[name].values["id"][CHANGED]] * 2
    added = [None] if column == WRITTEN[name] else []
    return Change(name, column, value, draw(st.sampled_from([*places, *added])))


@st.composite
def about(draw: st.DrawFn, change: Change, before: Sequence[str]) -> Statement:
    """Rows by the text that was just written, or by one that was there before."""
    value = draw(st.sampled_from([change.value, change.value, *before]))
    form, looked_for = draw(
        st.sampled_from(
            [
                ("= {}", value),
                ("= {} collate nocase", value.upper()),
                ("like {}", value.lower()),
                ("glob {}", f"{value[:-1]}*"),
                ("glob {}", f"*{value[1:]}"),
                ("in ('nothing', {})", value),
                ("= {} and id > 2", value),
                ("= {} and update_time > '2024'", value),
                ("<> 'nothing' and id < 30 and {} = {}", value),
            ]
        )
    )
    text = "'" + looked_for.replace("'", "''") + "'"
    name = change.column
    where = form.replace("{}", text, 1).replace("{}", name)
    sql = f"select id, {name} from {change.table} where {name} {where}"
    return Statement(sql, {})


class Written:
    """A company that is written to, and the plain copy of what it is."""

    def __init__(self, door: Door, columns: Mapping[str, list[Column]]) -> None:
        self.door = door
        self.columns = {name: columns[name] for name in COPIED}
        self.plain = plain_copy(door.sandbox.company, self.columns)

    def write(self, change: Change) -> None:
        path = f"/api/v2/{change.table}"
        value: Any = change.value
        key = change.column
        if key == "email":
            key, value = "emails", [{"value": value, "primary": True, "label": "work"}]
        if change.id is None:
            self.door("POST", path, {key: value})
        else:
            self.door("PATCH", f"{path}/{change.id}", {key: value})
        for name, columns in self.columns.items():
            self.plain.execute(f"delete from {name}")
            blanks = ", ".join("?" * len(columns))
            rows = Copier(self.door.sandbox.company, name, columns).rows()
            self.plain.executemany(f"insert into {name} values ({blanks})", rows)

    def texts(self, change: Change) -> list[str]:
        """What the row has in this column."""
        sql = f"select {change.column} from {change.table} where id = ?"
        found = self.plain.execute(sql, (change.id,)).fetchall()
        return [str(text) for (text,) in found if text]


@pytest.fixture
def account(columns: Mapping[str, list[Column]]) -> Iterator[Written]:
    company = Company.sample(seed=7, deals=DEALS)
    with opened(company=company, page_cap=ROWS_A_PAGE, search_lag=LAG) as door:
        yield Written(door, columns)


@pytest.mark.parametrize("number", range(FIRST, FIRST + ROUNDS))
def test_changes_are_seen(
    number: int, account: Written, tables: Mapping[str, Table], tmp_path: Path
) -> None:
    sandbox = account.door.sandbox
    with connected(sandbox, cache_dir=tmp_path) as connection:
        for name in COPIED:
            connection.execute(f"select * from {name}").fetchall()
    searched = 0
    for place, chosen in enumerate(product(*SWITCHES.values(), (tmp_path, None))):
        how = dict(zip((*SWITCHES, "cache_dir"), chosen, strict=True))
        with connected(sandbox, cache_ttl=0.0, **how) as connection:
            for run in range(RUNS):
                sandbox.reset()
                holds = changing(account, connection, tables)
                seed((number * 100 + place) * RUNS + run)(holds)()
                searched += sum("earch" in heard.path for heard in sandbox.heard)
            assert connection.messages == []
    assert searched >= LEAST


def changing(
    account: Written, connection: Connection, tables: Mapping[str, Table]
) -> Callable[[], None]:
    """A change and a statement, again and again."""

    @given(data=st.data())
    @settings(written, max_examples=STATEMENTS)
    def holds(data: st.DataObject) -> None:
        change = data.draw(changes(tables))
        before = account.texts(change)
        account.write(change)
        other = of_narrowed(tables, among=(*WRITTEN, "organizations"))
        direct = about(change, before)
        statement = data.draw(st.one_of(direct, direct, other))
        ask(connection, statement, account.plain)

    return holds
