"""Statements side by side, and some of which sqlglot sees less than SQLite does."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator

import apsw
import pytest

from pipedrive_sql import Connection
from pipedrive_sql.errors import DataError, ProgrammingError, UnknownColumn
from pipedrive_sql.sandbox import Sandbox

from .front_door import connected

ROWS_A_PAGE = 7
MORE_THAN_A_SHELF_GIVES_AT_ONCE = 600


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=45, page_cap=ROWS_A_PAGE) as sandbox:
        yield sandbox


@pytest.fixture
def forgetful(sandbox: Sandbox) -> Iterator[Connection]:
    with connected(sandbox, cache_ttl=0.0) as connection:
        yield connection


JOINS = (
    "select d.id, p.name from deals d left join persons p on p.id = d.person_id",
    "select d.id, l.id from deals d left join deal_products l on l.deal_id = d.id",
    "select a.id, b.id from deals a join deals b on b.id = a.id",
    "select d.id, f.user_id from deals d left join deal_followers f on f.deal_id=d.id",
    "select id, conditions from filters",
)


@pytest.mark.parametrize("sql", JOINS)
def test_a_statement_between_two_rows_costs_the_first_one_nothing(
    sql: str, forgetful: Connection
) -> None:
    alone = forgetful.execute(sql)
    expected = alone.fetchall()
    cursor = forgetful.execute(sql)
    rows = []
    for row in cursor:
        rows.append(row)
        forgetful.execute("select 1").fetchall()
    assert rows == expected
    assert cursor.usage.tokens == alone.usage.tokens


def test_rows_that_are_sorted_here_may_be_read_slowly() -> None:
    with (
        Sandbox(deals=MORE_THAN_A_SHELF_GIVES_AT_ONCE) as sandbox,
        connected(sandbox) as live,
    ):
        live.execute("select count(*) from deals").fetchall()
        slow = live.execute("select id from deals order by update_time")
        first = slow.fetchone()
        for _ in range(3):
            live.execute("select id from deals order by add_time limit 1").fetchall()
            gc.collect()
        rest = slow.fetchall()
        count = live.execute("select count(*) from deals").fetchone()
        assert first is not None
        assert count == (len({first, *rest}),)


def test_a_cursor_that_nobody_holds_is_not_reading(forgetful: Connection) -> None:
    gc.disable()
    try:
        for _ in range(2):
            row = forgetful.execute("select count(*) from deals").fetchone()
            assert row is not None
            forgetful.refresh()
    finally:
        gc.enable()


def test_a_view_behind_in(forgetful: Connection) -> None:
    forgetful.execute("create temp view scores as select score from deals")
    forgetful.execute("create temp view nobody as select id from deals where 0")
    every = "select id from persons where id in"
    inside = forgetful.execute(f"{every} (select score from deals)").fetchall()
    assert forgetful.execute(f"{every} scores").fetchall() == inside
    assert forgetful.execute(f"{every} temp.nobody").fetchall() == []


def test_a_quoted_name_that_no_column_has_is_no_text(forgetful: Connection) -> None:
    with pytest.raises(UnknownColumn, match='no column "deal sauce" in deals'):
        forgetful.execute('select count("deal sauce") from deals')
    with pytest.raises(UnknownColumn):
        forgetful.execute('create temp table copy as select "deal sauce" from deals')


def test_a_table_called_as_a_function(forgetful: Connection) -> None:
    plain = forgetful.execute("select id, score, labels from deals order by id")
    called = forgetful.execute(
        "select d.id, score, d.labels from deals() d order by id"
    )
    assert called.fetchall() == plain.fetchall()


def test_a_number_as_a_term_of_a_search(forgetful: Connection) -> None:
    as_text = forgetful.execute("select id from deals_search('20')").fetchall()
    assert as_text
    assert forgetful.execute("select id from deals_search(20)").fetchall() == as_text
    where = "select id from deals_search where term in (20, 'nothing at all')"
    assert forgetful.execute(where).fetchall() == as_text


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (
            "select * from recents where since_timestamp = '2026-09-01'",
            "recents cannot be asked for since_timestamp = '2026-09-01': it has to be "
            "a time, as in 2026-09-01 10:00:00.",
        ),
        (
            "select * from deal_timeline('2026-01-01', 'months', 1, 'add_time')",
            "deal_timeline cannot be asked for interval = 'months': it has to be "
            "one of day, week, month, quarter.",
        ),
        (
            "select * from deal_timeline(20260101, 'month', 1, 'add_time')",
            "deal_timeline cannot be asked for start_date = 20260101: it has to be "
            "a date, as in 2026-09-01.",
        ),
        (
            "select * from deals_search('acme') where fields = 'title,name'",
            "deals_search cannot be asked for fields = 'title,name': it has to be "
            "some of custom_fields, notes, title.",
        ),
    ],
)
def test_a_mistake_in_an_input_is_told(
    sql: str, sentence: str, sandbox: Sandbox, forgetful: Connection
) -> None:
    sandbox.reset()
    with pytest.raises(DataError) as raised:
        forgetful.execute(sql).fetchall()
    assert str(raised.value) == sentence
    assert sandbox.heard == []


def test_an_order_of_ones_own_is_not_left_to_pipedrive(forgetful: Connection) -> None:
    forgetful.apsw.create_collation(
        "backwards", lambda one, other: (one < other) - (one > other)
    )
    found = forgetful.execute(
        "select count(*) from deals where update_time < '2000-01-01' collate backwards"
    )
    every = forgetful.execute("select count(*) from deals")
    assert found.fetchall() == every.fetchall()


@pytest.mark.parametrize("sql", ["select 1; select 2", "select 1\0", None])
def test_only_one_statement_is_explained(sql: str, forgetful: Connection) -> None:
    with pytest.raises(ProgrammingError):
        forgetful.explain(sql)


def test_a_comment_behind_what_is_explained(forgetful: Connection) -> None:
    assert len(forgetful.explain("select id from deals ; -- all\n /* of them */")) == 1


DEEP = {
    "and": lambda n: " AND ".join(f"value <> {i}" for i in range(n)),
    "or": lambda n: " OR ".join(f"id = {i}" for i in range(n)),
    "in": lambda n: f"id IN ({','.join(map(str, range(n)))})",
    "parentheses": lambda n: f"{'(' * n}id > 1{')' * n}",
    "minus": lambda n: f"id > {'- ' * n}1",
    "not": lambda n: f"{'NOT ' * n}id > 1",
    "call": lambda n: f"id > {'abs(' * n}1{')' * n}",
    "sum": lambda n: f"id > {' + '.join(['1'] * n)}",
}


@pytest.mark.parametrize("terms", [400, 990, 3_000])
@pytest.mark.parametrize("shape", DEEP)
def test_a_statement_may_be_as_deep_as_sqlite_allows(
    shape: str, terms: int, forgetful: Connection
) -> None:
    condition = DEEP[shape](terms)
    plain = apsw.Connection("")
    plain.execute("CREATE TABLE deals(id, value)")
    plain.executemany(
        "INSERT INTO deals VALUES (?, ?)",
        forgetful.execute("SELECT id, value FROM deals").fetchall(),
    )
    sql = f"SELECT count(*) FROM deals WHERE {condition}"
    try:
        expected = plain.execute(sql).fetchall()
    except apsw.SQLError as error:
        with pytest.raises(ProgrammingError, match=re.escape(str(error))):
            forgetful.execute(sql)
        with pytest.raises(ProgrammingError, match=re.escape(str(error))):
            forgetful.explain(sql)
        return
    assert forgetful.execute(sql).fetchall() == expected
    assert forgetful.explain(sql, analyze=True).usage is not None
