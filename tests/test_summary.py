"""Statements that only count deals: when Pipedrive's summary is asked, and how."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.errors import BadAnswer
from pipedrive_sql.sandbox import Company, Heard, Sandbox
from pipedrive_sql.sandbox.switches import Switches

from .front_door import connected

ROWS_A_PAGE = 1  # so that reading the deals costs more than any summary here
STATUSES = ("open", "won", "lost")
COLUMNS = ("status", "stage_id", "pipeline_id", "owner_id", "currency", "value")
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=140, page_cap=ROWS_A_PAGE) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def counted(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder where it stands how many rows there are."""
    folder = tmp_path_factory.mktemp("cache")
    with connected(sandbox, cache_dir=folder) as live:
        for table in ("deals", "stages", "pipelines", "users"):
            live.execute(f"select id from {table}").fetchall()
    return folder


@pytest.fixture
def live(sandbox: Sandbox, counted: Path) -> Iterator[Connection]:
    """A connection that knows how many rows there are, and no rows."""
    with connected(sandbox, cache_dir=counted) as connection:
        sandbox.reset()
        yield connection


def plain(company: Company, sql: str, values: tuple[Any, ...] = ()) -> Rows:
    """What SQLite says of the same deals in an ordinary table."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE TABLE deals(id INTEGER PRIMARY KEY, status TEXT, stage_id INTEGER, "
        "pipeline_id INTEGER, owner_id INTEGER, currency TEXT, value REAL, title TEXT)"
    )
    names = ("id", *COLUMNS, "title")
    database.executemany(
        f"INSERT INTO deals({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
        [tuple(row[name] for name in names) for row in company.rows("deals")],
    )
    found = database.execute(sql, values).fetchall()
    database.close()
    return found


def summaries(sandbox: Sandbox) -> Counter[str]:
    """The parameters of each summary asked for, and how often they were."""
    found = [h for h in sandbox.heard if h.path == "/v1/deals/summary"]
    return Counter(heard.query for heard in found)


def lists(sandbox: Sandbox) -> list[str]:
    """The lists read, without how; each page by itself."""
    return [h.path for h in sandbox.heard if h.path.startswith("/api/v2/")]


def tokens(sandbox: Sandbox) -> int:
    """What all of it cost."""
    return sum(heard.tokens for heard in sandbox.heard)


def close(rows: Rows) -> Rows:
    """Rows whose sums are rounded to what is surely alike."""
    return [tuple(round(v, 4) if type(v) is float else v for v in row) for row in rows]


@contextmanager
def whenever(heard_of: Callable[[Heard], None]) -> Iterator[None]:
    """Let something happen after each answer."""
    Sandbox.listeners.append(heard_of)
    try:
        yield
    finally:
        Sandbox.listeners.remove(heard_of)


COUNTED = (
    ("select count(*) from deals", [""]),
    ("select count(1), count(), count(status) from deals where status = 'won'", None),
    ("select count(*) from deals as d where d.status = 'open'", ["status=open"]),
    ("select count(*) from (select * from deals where status = 'lost') as t", None),
    (
        "select count(*) from deals where status = 'won' and owner_id = 1",
        ["status=won&user_id=1"],
    ),
    ("select count(*) from deals where stage_id = 3", ["stage_id=3"]),
    ("select count(*) from deals where pipeline_id = '1'", ["pipeline_id=1"]),
    (
        "select status, count(*) from deals group by status",
        ["", "status=lost", "status=open", "status=won"],
    ),
    (
        "select status as s, count(*) as n from deals group by s having n > 3 "
        "order by n desc, s limit 2",
        ["", "status=lost", "status=open", "status=won"],
    ),
    (
        "select count(*) filter (where status = 'won') * 100.0 / count(*) from deals "
        "where pipeline_id = 1",
        [
            "pipeline_id=1",
            "status=lost&pipeline_id=1",
            "status=open&pipeline_id=1",
            "status=won&pipeline_id=1",
        ],
    ),
    (
        "select sum(case when status = 'won' then 1 else 0 end), avg(status = 'lost') "
        "from deals where pipeline_id = 1",
        None,
    ),
    (
        'select "t"."status" as "status", count(*) as "count" from (select '
        '"deals"."status" as "status", "deals"."owner_id" as "owner_id" from "deals" '
        'where "deals"."pipeline_id" = 1) as "t" group by "t"."status" '
        'order by "t"."status" asc',
        None,
    ),
    ("select currency, count(*) from deals group by currency order by 2, 1", [""]),
    (
        "select upper(currency), count(*) from deals where status = 'won' "
        "and currency <> 'JPY' group by upper(currency)",
        ["status=won"],
    ),
    ("select pipeline_id, count(*) from deals group by 1", None),
    ("select owner_id, count(*) from deals group by 1", None),
    ("select count(distinct owner_id), max(owner_id) from deals", None),
    (
        "select stage_id, pipeline_id, count(*) from deals where pipeline_id = 2 "
        "group by stage_id, pipeline_id",
        None,
    ),
    (
        "select pipeline_id, count(*) from deals where stage_id = 4 group by 1",
        ["stage_id=4", "pipeline_id=1&stage_id=4"],
    ),
    (
        "select count(*) from deals where status in ('won', 'lost') "
        "and pipeline_id = 1",
        ["status=lost&pipeline_id=1"] * 2 + ["status=won&pipeline_id=1"],
    ),
    (
        "select count(*) from deals where pipeline_id = 1 "
        "and status = 'WON' collate nocase",
        None,
    ),
    ("select count(*) from deals where pipeline_id = 1 and stage_id > 3", None),
    ("select count(*) from deals where status like 'w%' and pipeline_id = 1", None),
    ("select count(*) from deals where not status = 'won' and pipeline_id = 1", None),
)


@pytest.mark.parametrize(("sql", "expected"), COUNTED, ids=[q for q, _ in COUNTED])
def test_deals_are_counted_by_the_summary(
    sql: str, expected: list[str] | None, live: Connection, sandbox: Sandbox
) -> None:
    cursor = live.execute(sql)
    assert cursor.fetchall() == plain(sandbox.company, sql)
    found = summaries(sandbox)
    assert found if expected is None else found == Counter(expected)
    assert "/api/v2/deals" not in lists(sandbox)
    assert cursor.usage.tokens == tokens(sandbox)


SUMS = (
    "select sum(value) from deals",
    "select total(value), count(*) from deals where status = 'won'",
    "select status, currency, sum(value), sum(value) / count(*) from deals "
    "group by 1, 2",
    "select currency, sum(case when status = 'won' then value else 0 end) as won, "
    "sum(value) filter (where status <> 'won') from deals group by currency",
)


@pytest.mark.parametrize("sql", SUMS)
def test_values_are_summed_up_where_that_is_allowed(
    sql: str, sandbox: Sandbox, counted: Path
) -> None:
    with connected(sandbox, cache_dir=counted, summaries="sum") as exact:
        sandbox.reset()
        rows = exact.execute(sql).fetchall()
    assert close(rows) == close(plain(sandbox.company, sql))
    assert summaries(sandbox)
    assert "/api/v2/deals" not in lists(sandbox)


SCANNED = (
    "select count(*) from deals where title like '%a%'",
    "select count(*) from deals where id > 7",
    "select count(*) from deals where rowid > 7",
    "select count(distinct title) from deals",
    "select sum(value) from deals",
    "select count(value) from deals",
    "select count(*) from deals where status = 'won' or stage_id = 2",
    "select count(*) over () from deals limit 1",
    "select status from deals where id = 3",
    "select distinct status from deals order by 1",
    "select count(*), group_concat(distinct status) > '' from deals",
    "select count(*) from deals a join deals b on a.id = b.id",
    "select count(*) from deals where stage_id in (select stage_id from deals)",
    "select count(*) from deals where stage_id in (1, 2) or pipeline_id = 1",
    "select count(*) from (select status from deals limit 20)",
    "select count(*) from (select distinct status from deals)",
    "with d as (select * from deals) select count(*) from d",
    "select count(*) from deals union all select count(*) from deals",
    "select max(stage_id) as status, count(*) from deals group by status order by 2",
    "select min(status), count(*) from deals group by status collate nocase, title",
    "select count(*) from deals where exists (select 1)",
    "select sum(stage_id * 0.1) > 0 from deals",
)


@pytest.fixture(scope="module")
def rows_kept(sandbox: Sandbox) -> Iterator[Connection]:
    """A connection that has all deals at hand."""
    with connected(sandbox, cache_ttl=600, summaries="count") as live:
        live.execute("select * from deals").fetchall()
        yield live


@pytest.mark.parametrize("sql", SCANNED)
def test_other_statements_read_the_deals(
    sql: str, sandbox: Sandbox, rows_kept: Connection
) -> None:
    rows = rows_kept.execute(sql).fetchall()
    assert close(rows) == close(plain(sandbox.company, sql))
    assert "/v1/deals/summary" not in str(rows_kept.explain(sql))


def test_the_plan_names_both_roads(rows_kept: Connection) -> None:
    told = str(rows_kept.explain("select stage_id, count(*) from deals group by 1"))
    assert "GET /v1/deals/summary?stage_id={stage_id} for each stage_id" in told


WHY_NOT = (
    ("select count(distinct title) from deals", "it does not know title"),
    ("select avg(value) from deals", "of values it knows only the sum"),
    (
        "select sum(value) from deals",
        "its sums may differ in the last digit: summaries='sum' allows that",
    ),
)


@pytest.mark.parametrize(("sql", "why"), WHY_NOT)
def test_the_plan_says_why_the_summary_is_not_asked(
    sql: str, why: str, rows_kept: Connection
) -> None:
    told = " ".join(str(rows_kept.explain(sql)).split())
    assert f"counting (not deals/summary: {why})" in told


def test_the_plan_says_that_the_list_is_cheaper() -> None:
    with Sandbox(deals=30) as small, connected(small) as live:
        live.execute("select id from deals").fetchall()
        told = " ".join(str(live.explain("select count(*) from deals")).split())
    assert "(not deals/summary: it costs 40 tokens, all deals 10)" in told


def test_a_result_called_like_a_column_is_no_column(rows_kept: Connection) -> None:
    """`group by status` is the column, whatever else is called so."""
    sql = "select stage_id as status, count(*) as n from deals group by status"
    assert len(rows_kept.execute(sql).fetchall()) == len(STATUSES)
    assert "/v1/deals/summary" not in str(rows_kept.explain(sql))


@pytest.mark.parametrize("how", ({"summaries": "off"}, {"analysis": False}))
def test_the_summary_can_be_switched_off(
    how: dict[str, Any], sandbox: Sandbox, counted: Path
) -> None:
    with connected(sandbox, cache_dir=counted, **how) as live:
        sandbox.reset()
        rows = live.execute("select count(*) from deals").fetchall()
    assert rows == plain(sandbox.company, "select count(*) from deals")
    assert not summaries(sandbox)


def test_an_answer_is_kept_and_rights_are_asked_for_once(
    live: Connection, sandbox: Sandbox
) -> None:
    by_status = "select status, count(*) from deals group by status"
    first = live.execute(by_status).fetchall()
    assert tokens(sandbox) == 2 + 4 * 40
    assert live.execute(by_status).fetchall() == first
    assert tokens(sandbox) == 2 + 4 * 40
    live.execute("select count(*) from deals").fetchall()
    assert tokens(sandbox) == 2 + 5 * 40


def test_deals_at_hand_are_counted_for_nothing(
    live: Connection, sandbox: Sandbox
) -> None:
    live.execute("select id, status from deals").fetchall()
    sandbox.reset()
    live.execute("select status, count(*) from deals group by status").fetchall()
    assert not sandbox.heard


@pytest.mark.parametrize("sql", [sql for sql, _ in COUNTED[5:8]])
def test_deals_that_nobody_has_counted_cost_at_most_twice_the_best(
    sql: str, sandbox: Sandbox
) -> None:
    with connected(sandbox) as live:
        sandbox.reset()
        assert live.execute(sql).fetchall() == plain(sandbox.company, sql)
    summary = sum(heard.tokens for heard in sandbox.heard if "v1" in heard.path)
    assert summary
    assert tokens(sandbox) <= 2 * summary


def test_few_deals_are_read() -> None:
    with Sandbox(deals=30) as small, connected(small) as live:
        for _ in range(2):
            live.refresh()
            small.reset()
            live.execute("select status, count(*) from deals group by 1").fetchall()
            assert tokens(small) == 10


def test_only_who_sees_every_deal_is_given_the_summary() -> None:
    switches = Switches(summary_counts_invisible=True)
    how: dict[str, Any] = {"deals": 40, "page_cap": ROWS_A_PAGE, "switches": switches}
    sql = "select count(*) from deals"
    with Sandbox(role="regular", **how) as sandbox, connected(sandbox) as live:
        seen = len(live.execute("select id from deals").fetchall())
        assert seen < len(sandbox.company.rows("deals"))
        live.refresh()
        for times in (1, 0):
            sandbox.reset()
            assert live.execute(sql, ()).fetchall() == [(seen,)]
            assert not summaries(sandbox)
            paths = [heard.path for heard in sandbox.heard]
            assert paths.count("/v1/users/me") == times


@contextmanager
def few_deals(deals: int = 40) -> Iterator[tuple[Sandbox, Connection]]:
    """A sandbox, and a connection that knows how many rows there are, and no rows."""
    with (
        Sandbox(deals=deals, page_cap=ROWS_A_PAGE) as sandbox,
        connected(sandbox) as live,
    ):
        for table in ("deals", "pipelines"):
            live.execute(f"select id from {table}").fetchall()
        live.refresh()
        sandbox.reset()
        yield sandbox, live


def test_deals_of_a_deleted_pipeline_are_not_forgotten() -> None:
    sql = "select pipeline_id, count(*) from deals group by pipeline_id"
    with few_deals() as (sandbox, live):
        sandbox.company["pipelines"].change(2, {"is_deleted": True})
        assert live.execute(sql).fetchall() == plain(sandbox.company, sql)
        assert summaries(sandbox)
        assert "/api/v2/deals" in lists(sandbox)


def test_counts_that_do_not_add_up_are_not_used() -> None:
    """Somebody archives a deal when all statuses are counted, before all deals are."""
    sql = "select status, count(*) from deals group by status"
    with few_deals() as (sandbox, live):
        deals = sandbox.company["deals"]

        counted: list[str] = []

        def archive(heard: Heard) -> None:
            if heard.query.startswith("status="):
                counted.append(heard.query)
                if len(counted) == len(STATUSES):
                    deals.change(next(deals.on("live"))["id"], {"is_archived": True})

        with whenever(archive):
            rows = live.execute(sql).fetchall()
        assert rows == plain(sandbox.company, sql)
        assert set(summaries(sandbox)) == {"", *counted}
        assert "/api/v2/deals" in lists(sandbox)


def test_a_list_of_values_is_counted_at_one_moment() -> None:
    sql = "select count(*) from deals where status in ('open', 'won')"
    with few_deals(80) as (sandbox, live):
        deals = sandbox.company["deals"]
        moving = [row["id"] for row in deals.on("live") if row["status"] == "lost"]

        def move(heard: Heard) -> None:
            if heard.path == "/v1/deals/summary" and moving:
                deals.change(moving.pop(), {"status": "open"})

        with whenever(move):
            rows = live.execute(sql).fetchall()
        assert rows == plain(sandbox.company, sql)
        assert len(lists(sandbox)) > 1


def test_a_sum_of_nothing_is_null() -> None:
    sql = "select currency, sum(value), count(*) from deals group by currency"
    with Sandbox(deals=40, page_cap=ROWS_A_PAGE) as sandbox:
        deals = sandbox.company["deals"]
        for row in list(deals.on("live")):
            if row["currency"] == "JPY":
                deals.change(row["id"], {"value": None})
        with connected(sandbox, summaries="sum") as live:
            rows = live.execute(sql).fetchall()
        assert close(rows) == close(plain(sandbox.company, sql))
        assert ("JPY", None) in [row[:2] for row in rows]
        assert summaries(sandbox)


def test_an_answer_that_does_not_count_is_an_error() -> None:
    with few_deals() as (sandbox, live):
        body = b'{"success": true, "data": {"total": 5}}'
        sandbox.fail("/deals/summary", 200, body=body)
        with pytest.raises(BadAnswer, match="are not as documented"):
            live.execute("select count(*) from deals").fetchall()
