"""What is told before a statement is run, and nothing sent for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import pipedrive_sql
from pipedrive_sql import Connection, errors
from pipedrive_sql.sandbox import Sandbox


@pytest.fixture(scope="module")
def con() -> Iterator[Connection]:
    with (
        Sandbox(deals=300) as sandbox,
        pipedrive_sql.connect(
            api_url=sandbox.url, api_token=sandbox.token, cache_ttl=0
        ) as con,
    ):
        yield con


TOLD = {
    "select title from deals": ("SCAN deals", "GET /api/v2/deals", "10 a page"),
    "select title from deals where status = 'won'": (
        "SCAN deals",
        "GET /api/v2/deals?status={status}",
        "10 a page",
    ),
    "select title from deals where id in (1, 2)": (
        "SCAN deals",
        "GET /api/v2/deals/{id...} or GET /api/v2/deals?ids={id...}",
        "1 a key or 10 for 100 keys",
    ),
    "select * from deal_products where deal_id = 3": (
        "SCAN deal_products",
        "GET /api/v2/deals/products?deal_ids={deal_id} for each 100 of deals",
        "10 for 100 of deals",
    ),
    "select * from deal_followers": (
        "SCAN deal_followers",
        "GET /api/v2/deals/{id}/followers for each of deals",
        "10 a row of deals",
    ),
    "select name from users": ("SCAN users", "GET /v1/users", "20"),
}


@pytest.mark.parametrize("sql", TOLD)
def test_each_road_has_its_price(con: Connection, sql: str) -> None:
    before = con.usage
    explanation = con.explain(sql)
    assert explanation.rows == (TOLD[sql],)
    assert explanation.columns == ("step", "request", "tokens")
    assert con.usage == before


def test_both_sides_of_an_outer_join_are_told(con: Connection) -> None:
    explanation = con.explain(
        "select p.name, d.title from persons p left join deals d on d.person_id = p.id"
    )
    assert [request for _, request, _ in explanation] == [
        "GET /api/v2/persons",
        "GET /api/v2/deals?person_id={person_id}",
    ]


def test_known_rows_give_a_sum() -> None:
    with Sandbox(deals=300) as sandbox, connect(sandbox) as con:
        con.execute("select count(*) from deals").fetchall()
        assert con.explain("select * from deals").rows[0][2] == (
            "10 a page, about 10 for 300 rows"
        )
        assert con.explain("select * from deal_followers").rows[0][2] == (
            "10 a row of deals, at most 3,000 for 300"
        )


def test_the_ceiling_says_what_makes_it_cheap() -> None:
    with Sandbox(deals=300) as sandbox, connect(sandbox, max_tokens=25) as con:
        with pytest.raises(errors.BudgetExceeded) as caught:
            con.execute("select * from note_comments").fetchall()
        assert str(caught.value).endswith(
            "Without a condition on note_id, note_comments asks for the rows of all "
            "notes, at 20 tokens for each: WHERE note_id = ... makes it cheap."
        )
        assert (caught.value.needed, caught.value.budget) == (20, 25)
        assert con.last_usage.tokens <= 25


def connect(sandbox: Sandbox, max_tokens: int | None = None) -> Connection:
    return pipedrive_sql.connect(
        api_url=sandbox.url, api_token=sandbox.token, max_tokens=max_tokens
    )
