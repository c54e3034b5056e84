"""What must not cost more: further columns, and children of many parents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipedrive_sql import Warning
from pipedrive_sql.connection import Connection
from pipedrive_sql.errors import BudgetExceeded
from pipedrive_sql.sandbox import Sandbox

from .front_door import asked, connected, opened


@pytest.fixture(scope="module")
def saved() -> Iterator[Sandbox]:
    """An account with 40 saved filters."""
    with opened(deals=10) as door:
        saved = door("GET", "/v1/filters")["data"]
        conditions = door("GET", f"/v1/filters/{saved[0]['id']}")["data"]["conditions"]
        for number in range(40 - len(saved)):
            door(
                "POST",
                "/v1/filters",
                {"name": f"F{number}", "type": "deals", "conditions": conditions},
            )
        yield door.sandbox


@pytest.fixture
def filters(saved: Sandbox) -> Iterator[Connection]:
    with connected(saved, cache_ttl=0) as connection:
        yield connection


@pytest.mark.parametrize(
    ("sql", "rows", "tokens"),
    [
        ("select name from filters", 40, 20),
        ("select name, conditions from filters", 40, 100),
        ("select name, conditions from filters where id = 1", 1, 22),
        ("select name from filters where conditions is null", 0, 100),
        ("select name, conditions from filters limit 3", 3, 26),
    ],
)
def test_a_further_column_costs_only_the_rows_that_are_read(
    filters: Connection, sql: str, rows: int, tokens: int
) -> None:
    cursor = filters.execute(sql)
    assert len(cursor.fetchall()) == rows
    assert cursor.usage.tokens <= tokens


def test_children_of_ten_thousand_parents_of_whom_three_in_ten_have_some() -> None:
    with (
        opened(deals=10_000) as door,
        connected(door.sandbox, cache_ttl=0) as connection,
    ):
        cursor = connection.execute("select * from deal_products")
        found = len(cursor.fetchall())
        assert cursor.usage.tokens <= 520
        own = door.sandbox.company.rows("deal_products")
        deals = {deal["id"] for deal in door.sandbox.company.rows("deals")}
        assert found == sum(row["deal_id"] in deals for row in own)
        parents = connection.execute(
            "select count(*) from deals where products_count > 0"
        ).fetchone()
        assert parents is not None and 2_500 < parents[0] < 3_500


# The ceiling


# Statements on an account of 3,000 deals that have been counted, and a ceiling of 50.
DEAR = {
    "select * from deals": (
        60,
        "The statement is not begun: it costs 60 API tokens at least (deals had 3,000 "
        "rows on {counted}), and the ceiling is 50. Pipedrive filters deals by id, "
        "status, owner_id, person_id, org_id, pipeline_id, stage_id and update_time: "
        "add a condition on one of them. Or raise max_tokens (--max-tokens 60 or "
        "more).",
    ),
    "select title from deals union all select content from notes": (
        80,
        "The statement is not begun: it costs 80 API tokens at least (deals had 3,000 "
        "rows on {counted}), and the ceiling is 50. Most goes into deals. Pipedrive "
        "filters deals by id, status, owner_id, person_id, org_id, pipeline_id, "
        "stage_id and update_time: add a condition on one of them. Or raise max_tokens "
        "(--max-tokens 80 or more).",
    ),
    "select * from deal_followers": (
        60,
        "The statement is not begun: it costs 60 API tokens at least (deals had 3,000 "
        "rows on {counted}; 10 tokens for each), and the ceiling is 50. Without a "
        "condition on deal_id, deal_followers asks for the rows of all deals, at 10 "
        "tokens for each: WHERE deal_id = ... makes it cheap. Or raise max_tokens "
        "(--max-tokens 60 or more).",
    ),
}


@pytest.fixture(scope="module")
def large() -> Iterator[Sandbox]:
    with Sandbox(deals=3_000) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def counted(
    large: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    """A connection with a ceiling of 50, which another has counted deals for."""
    folder = tmp_path_factory.mktemp("cache")
    with connected(large, cache_dir=folder) as first:
        first.execute("select id, title from deals").fetchall()
    with connected(large, cache_dir=folder, max_tokens=50, cache_ttl=0) as second:
        yield second


@pytest.mark.parametrize("sql", DEAR)
def test_what_is_known_to_be_too_dear_is_not_begun(
    large: Sandbox, counted: Connection, sql: str
) -> None:
    when = counted.explain("select id from deals").steps[0].cost
    assert when is not None
    large.reset()
    with pytest.raises(BudgetExceeded) as raised:
        counted.execute(sql)
    needed, sentence = DEAR[sql]
    told = str(raised.value)
    assert told == sentence.format(counted=when.basis.removeprefix(_COUNTED))
    error = raised.value
    assert (error.spent, error.needed, error.budget) == (0, needed, 50)
    assert asked(large) == []
    assert counted.last_usage.requests == 0


_COUNTED = "deals had 3,000 rows on "


@pytest.mark.parametrize(
    "sql",
    [
        "select * from deals limit 5",
        "select * from deals where 1 = 0",
        "select title from deals where id = 3",
        "select count(*) from deals where stage_id = 3",
        "select max(id) from deals",
        "explain query plan select * from deals",
        "select count(*) from stages",
    ],
)
def test_what_may_be_cheap_is_begun(counted: Connection, sql: str) -> None:
    cursor = counted.execute(sql)
    cursor.fetchall()
    assert cursor.usage.tokens <= 50


def test_what_is_at_hand_is_not_refused(large: Sandbox) -> None:
    with connected(large, max_tokens=60) as con:
        con.execute("select title, value from deals").fetchall()
        sql = "select count(*) from deals a, deals b where a.title = b.title"
        assert con.execute(sql).fetchall() != []
        with pytest.raises(BudgetExceeded, match=r"^The statement is not begun: "):
            con.execute(
                "select products_count from deals union all select id from notes"
            )


def test_the_ceiling_of_a_connection(large: Sandbox) -> None:
    for how, told in (
        ({}, "the ceiling is 5,000"),
        ({"max_tokens": 70}, "the ceiling is 70"),
        ({"max_tokens": None}, "no ceiling"),
    ):
        with connected(large, **how) as con:
            lines = str(con.explain("select * from users")).splitlines()
            assert lines[-2] == f"total        20 tokens; {told}"


def test_columns_that_cost_a_request_for_each_row_are_named(saved: Sandbox) -> None:
    with connected(saved, max_tokens=45) as con:
        cursor = con.cursor()
        with pytest.raises(BudgetExceeded) as raised:
            cursor.execute("select conditions from filters where id <> 1").fetchall()
    assert str(raised.value).partition("the ceiling is 45. ")[2] == (
        "Most goes into further columns of filters. Leave out conditions and sql, "
        "which cost 2 for each row. Or raise max_tokens (--max-tokens 46 or more)."
    )


# Hints


def test_a_star_that_pays_extra_is_told_once() -> None:
    with Sandbox(deals=10) as sandbox, connected(sandbox) as con:
        cursor = con.cursor()
        cursor.execute("select name from filters")
        assert cursor.messages == []
        cursor.execute("select * from filters")
        ((kind, warning),) = cursor.messages
        assert kind is Warning
        assert str(warning) == (
            "* also asks for conditions and sql of filters (a request for each row, at "
            "2 tokens). Name the columns you want, and what you leave out costs "
            "nothing."
        )
        cursor.fetchall()
        assert len(cursor.messages) == 1
        assert cursor.execute("select * from filters").messages == []
        assert cursor.execute("select * from deals").messages == []


# What was asked, and what the store answered


def test_requests_tell_their_statement_and_what_was_kept() -> None:
    with Sandbox(deals=60) as sandbox, connected(sandbox) as con:
        texts = [
            "select title from deals",
            "select count(title) from deals where status = 'won'",
            "select title from deals where id in (1, 7)",
            "select * from deal_products where deal_id = 7",
            "select id from deal_products where deal_id = 7",
        ]
        for text in texts:
            con.execute(text).fetchall()
        rows = con.execute(
            "select statement, statement_text, source, table_name, tokens, rows, "
            "substr(path, 1, instr(path || '?', '?') - 1) from pipedrive_requests "
            "where statement > 0 order by rowid"
        ).fetchall()
        first, second, third, fourth, fifth = texts
        deals, products = "/api/v2/deals", "/api/v2/deals/products"
        assert rows == [
            (1, first, "pipedrive", "deals", 10, 60, deals),
            (2, second, "store", "deals", 0, 60, deals),
            (3, third, "store", "deals", 0, 2, "/api/v2/deals/{id}"),
            (4, fourth, "pipedrive", "deal_products", 1, 1, "/api/v2/deals/7"),
            (4, fourth, "pipedrive", "deal_products", 10, 2, products),
            (5, fifth, "store", "deal_products", 0, 2, products),
        ]
        opened = con.execute(
            "select count(*), count(statement_text), count(table_name), "
            "min(source) from pipedrive_requests where statement = 0"
        ).fetchone()
        assert opened == (5, 0, 0, "pipedrive")
        sent = con.execute(
            "select count(*) from pipedrive_requests where source = 'pipedrive'"
        ).fetchone()
        assert sent == (con.usage.requests,) == (len(sandbox.heard),)
