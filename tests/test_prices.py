"""What must not cost more: further columns, and children of many parents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipedrive_sql.connection import Connection

from .front_door import connected, opened


@pytest.fixture(scope="module")
def filters() -> Iterator[Connection]:
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
        with connected(door.sandbox, cache_ttl=0) as connection:
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
