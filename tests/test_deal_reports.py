"""Summaries and timelines of deals, and installments: inputs, shapes, plans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.errors import MissingConstraint, Refused
from pipedrive_sql.sandbox import Company, Sandbox
from pipedrive_sql.sandbox.switches import Switches

from .front_door import asked, connected


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=60) as sandbox:
        yield sandbox


def deals(sandbox: Sandbox, **wanted: Any) -> list[dict[str, Any]]:
    rows = sandbox.company.rows("deals")
    return [r for r in rows if all(r[name] == v for name, v in wanted.items())]


@pytest.mark.parametrize(
    "query",
    [
        "select total_count from deal_summary('won')",
        "select total_count from deal_summary where status = 'won'",
    ],
)
def test_a_summary_is_of_what_is_asked(
    query: str, sandbox: Sandbox, live: Connection
) -> None:
    wanted = (len(deals(sandbox, status="won")),)
    assert live.execute(query).fetchall() == [wanted]
    assert asked(sandbox) == ["GET /v1/deals/summary?status=won"]


@pytest.mark.parametrize(
    "query",
    [
        "select u.id, s.total_count from users u"
        " join deal_summary s on s.user_id = u.id",
        "select u.id, s.total_count from deal_summary s"
        " join users u on s.user_id = u.id",
        "select u.id, s.total_count from users u, deal_summary(null) s"
        " where false union all select u.id, s.total_count from users u"
        " left join deal_summary s on s.user_id = u.id",
    ],
)
def test_an_input_comes_from_a_join(
    query: str, sandbox: Sandbox, live: Connection
) -> None:
    """A summary is read after the table that says whose it is, in either order."""
    wanted = [
        (user["id"], len(deals(sandbox, owner_id=user["id"])))
        for user in sandbox.company.rows("users")
    ]
    assert sorted(live.execute(query).fetchall()) == wanted


def test_a_timeline_says_what_it_needs(sandbox: Sandbox, live: Connection) -> None:
    with pytest.raises(MissingConstraint, match="field_key"):
        live.execute("select * from deal_timeline('2026-01-01', 'month', 3)")
    assert asked(sandbox) == []


def test_a_timeline_has_a_row_for_each_interval(
    sandbox: Sandbox, live: Connection
) -> None:
    query = """
        select period_start, deals_count, open_count + won_count
        from deal_timeline('2025-01-01', 'quarter', 4, 'add_time')
    """
    added = [
        row["add_time"][:7]
        for row in deals(sandbox)
        if row["status"] in ("open", "won")
    ]
    counts = [
        sum(f"2025-{first:02d}" <= month <= f"2025-{first + 2:02d}" for month in added)
        for first in (1, 4, 7, 10)
    ]
    starts = [f"2025-{first:02d}-01 00:00:00" for first in (1, 4, 7, 10)]
    found = live.execute(query).fetchall()
    assert found == list(zip(starts, counts, counts, strict=True))


def test_a_timeline_may_be_one_object() -> None:
    company = Company.sample(deals=20, switches=Switches(timeline_is_one_object=True))
    with Sandbox(company=company) as sandbox, connected(sandbox) as live:
        query = "select period_end from deal_timeline('2025-02-01', 'month', 1, ?)"
        found = live.execute(query, ("add_time",)).fetchall()
        assert found == [("2025-02-28 23:59:59",)]


def test_installments_are_asked_for_by_a_hundred_deals(
    sandbox: Sandbox, live: Connection
) -> None:
    query = "select count(*) from deal_installments where deal_id in (1, 19, 3)"
    rows = sandbox.company.rows("deal_installments")
    wanted = sum(row["deal_id"] in (1, 19, 3) for row in rows)
    assert live.execute(query).fetchone() == (wanted,)
    (last,) = [line for line in asked(sandbox) if "installments" in line]
    assert sorted(last.partition("?")[2].split("&")) == [
        *(f"deal_ids={n}" for n in (1, 19, 3)),
        "limit=500",
    ]


def test_installments_need_a_plan() -> None:
    company = Company.sample(deals=10, switches=Switches(has_installments=False))
    with (
        Sandbox(company=company) as sandbox,
        connected(sandbox) as live,
        pytest.raises(Refused, match="not available in your plan"),
    ):
        live.execute("select * from deal_installments").fetchall()
