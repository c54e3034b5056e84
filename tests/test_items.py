"""What is asked for the tables of what hangs on items, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.errors import MissingConstraint
from pipedrive_sql.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=60) as sandbox:
        yield sandbox


def asked(sandbox: Sandbox, tail: str) -> list[str]:
    return [h.path for h in sandbox.heard if h.path.endswith(tail)]


@pytest.mark.parametrize(
    ("table", "tail", "parents", "count"),
    [
        ("deal_followers", "/followers", "deals", "followers_count"),
        ("person_files", "/files", "persons", "files_count"),
        (
            "organization_mail_messages",
            "/mailMessages",
            "organizations",
            "email_messages_count",
        ),
        ("person_pictures", "/picture", "persons", "picture_id"),
    ],
)
def test_parents_without_children_are_not_asked(
    sandbox: Sandbox,
    live: Connection,
    table: str,
    tail: str,
    parents: str,
    count: str,
) -> None:
    rows = live.execute(f"select * from {table}").fetchall()
    having = [r["id"] for r in sandbox.company.rows(parents) if r[count]]
    assert rows
    prefix = "/v1" if tail in ("/files", "/mailMessages") else "/api/v2"
    paths = [f"{prefix}/{parents}/{key}{tail}" for key in having]
    assert sorted(asked(sandbox, tail)) == sorted(paths)


def test_children_of_one_parent_are_asked_of_that_one(
    sandbox: Sandbox, live: Connection
) -> None:
    live.execute("select * from deal_changelog where deal_id = 1").fetchall()
    assert asked(sandbox, "/changelog") == ["/v1/deals/1/changelog"]


def test_the_flow_has_changes_of_custom_fields(
    sandbox: Sandbox, live: Connection
) -> None:
    custom = sandbox.company.custom("organization")
    found = live.execute(
        "select distinct field_key from organization_flow where field_key is not null"
    )
    assert {key for (key,) in found.fetchall()} & set(custom)


def test_bodies_of_mail_are_brought_only_where_they_are_read(
    sandbox: Sandbox, live: Connection
) -> None:
    messages = sandbox.company["mail_messages"].rows.values()
    person = next(r["person_id"] for r in messages if r["person_id"] and r["body"])
    query = f"select {{}} from person_mail_messages where person_id = {person}"
    live.execute(query.format("subject")).fetchall()
    assert not any("include_body" in heard.query for heard in sandbox.heard)
    bodies = live.execute(query.format("subject, body")).fetchall()
    assert any("include_body=1" in heard.query for heard in sandbox.heard)
    assert any(body for _, body in bodies)


def test_prices_of_variations_are_asked_of_their_product(
    sandbox: Sandbox, live: Connection
) -> None:
    prices = live.execute(
        "select v.name, p.price from product_variations v"
        " join product_variation_prices p on p.product_variation_id = v.id"
        " where v.product_id = 1 and p.product_id = 1"
    ).fetchall()
    assert prices
    assert asked(sandbox, "/variations") == ["/api/v2/products/1/variations"]


def test_a_product_without_an_image_has_no_row(live: Connection) -> None:
    query = "select product_id from product_images where product_id in (1, 2)"
    assert live.execute(query).fetchall() == [(1,)]


def test_both_sides_of_a_relationship_have_a_row(live: Connection) -> None:
    found = live.execute(
        "select id, count(*), count(distinct org_id) from organization_relationships"
        " where calculated_type in ('parent', 'daughter') group by id"
    ).fetchall()
    assert found
    # A side that is deleted is no longer listed, and so has no row.
    assert {sides for _, sides, _ in found} <= {1, 2}
    assert all(rows == sides for _, rows, sides in found)


def test_the_status_of_a_conversion_is_a_function(
    sandbox: Sandbox, live: Connection
) -> None:
    done = sandbox.company["conversions"].rows.values()
    row = next(r for r in done if r["source"] == "lead" and r["deal_id"])
    found = live.execute(
        "select status, deal_id from lead_conversion_status(?, ?)",
        (row["lead_id"], row["id"]),
    )
    assert found.fetchall() == [("completed", row["deal_id"])]
    assert found.usage.tokens == 1
    with pytest.raises(MissingConstraint, match=r"lead_id = \.\.\. AND conversion_id"):
        live.execute("select * from lead_conversion_status")


def test_deals_of_a_product_are_narrowed_by_status(
    sandbox: Sandbox, live: Connection
) -> None:
    query = "select count(*) from product_deals where product_id = 1 and status = 'won'"
    live.execute(query).fetchall()
    assert [h.query for h in sandbox.heard if h.path.endswith("/products/1/deals")] == [
        "status=won&limit=500"
    ]
