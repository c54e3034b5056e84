"""Several accounts in one connection: attached, read together, told apart, detached."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import pipedrive_sql
from pipedrive_sql import Connection
from pipedrive_sql.client.progress import Progress
from pipedrive_sql.client.temporary import MARK
from pipedrive_sql.errors import (
    BudgetExceeded,
    InterfaceError,
    MissingConstraint,
    NotAllowed,
    OperationalError,
    Refused,
    UnknownColumn,
    UnknownTable,
)
from pipedrive_sql.sandbox import Company, Sandbox

from .front_door import asked, connected

ROWS_A_PAGE = 20
DEALS, OTHER_DEALS = 60, 45


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=DEALS, page_cap=ROWS_A_PAGE) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def other() -> Iterator[Sandbox]:
    with Sandbox(seed=3, deals=OTHER_DEALS, page_cap=ROWS_A_PAGE) as sandbox:
        yield sandbox


def attach(live: Connection, other: Sandbox, schema: str = "acme") -> None:
    live.attach_account(schema=schema, api_url=other.url, api_token=other.token)


@pytest.fixture
def both(live: Connection, other: Sandbox) -> Connection:
    """A connection to both sandboxes, which have heard nothing yet."""
    attach(live, other)
    other.reset()
    return live


def schemas(live: Connection) -> list[str]:
    return [name for (name,) in live.execute("select name from pragma_database_list")]


# Reading them together


def test_each_account_has_its_own_rows(both: Connection) -> None:
    sql = "select (select count(*) from deals), (select count(*) from acme.deals)"
    (counts,) = both.execute(sql)
    assert counts == (DEALS, OTHER_DEALS)
    sql = "select count(*) from temp.deals union all select count(*) from ACME.Deals"
    assert both.execute(sql).fetchall() == [(DEALS,), (OTHER_DEALS,)]


def test_each_account_has_its_own_custom_fields(both: Connection) -> None:
    sql = """
        select schema, name from pipedrive_columns
        where table_name = 'deals' and field_key is not null and schema = ?
    """
    home = {name for _, name in both.execute(sql, ("temp",))}
    away = {name for _, name in both.execute(sql, ("acme",))}
    assert home and away
    sql = "select name from pragma_table_info('deals', ?)"
    names = {name for (name,) in both.execute(sql, ("acme",))}
    assert away <= names and not (home - away) & names


JOINS = (
    "select d.id, p.name from deals d join {}persons p on p.id = d.person_id",
    "select d.id, p.name from deals d left join {}persons p on p.id = d.person_id"
    " where d.status = 'won' limit 9",
    "select d.id, u.name from {}users u join deals d on d.owner_id = u.id",
    "select o.name from {}organizations o where id in (select org_id from deals)",
    "select p.id, (select count(*) from {}deals d where d.person_id = p.id) from"
    " persons p",
)


@pytest.mark.parametrize("sql", JOINS)
def test_a_join_across_accounts_asks_as_one_within_an_account(
    sql: str, sandbox: Sandbox
) -> None:
    found = []
    for schema in ("", "twin."):
        with connected(sandbox) as live:
            attach(live, sandbox, "twin")
            sandbox.reset()
            rows = live.execute(sql.format(schema)).fetchall()
            found.append((rows, sorted(asked(sandbox))))
    assert found[0] == found[1] and found[0][0]


def test_one_statement_has_one_bill(
    both: Connection, sandbox: Sandbox, other: Sandbox
) -> None:
    before = both.usage
    cursor = both.execute(
        "select count(*) from deals d join acme.deals a on a.title < d.title"
    )
    cursor.fetchall()
    tokens = [s.usage()["tokens"] for s in (sandbox, other)]
    assert all(tokens) and cursor.usage.tokens == sum(tokens)
    assert both.usage.tokens - before.tokens == sum(tokens)
    assert both.last_usage.requests == len(asked(sandbox)) + len(asked(other))


def test_the_ceiling_counts_what_all_accounts_cost(
    sandbox: Sandbox, other: Sandbox
) -> None:
    with connected(sandbox, max_tokens=50, summaries="off") as live:
        attach(live, other)
        live.execute("select title from deals").fetchall()
        live.refresh()
        with pytest.raises(BudgetExceeded, match=r"acme\.deals") as caught:
            sql = "select title from deals union all select title from acme.deals"
            live.execute(sql).fetchall()
        assert caught.value.budget == 50


def test_requests_tell_which_account(both: Connection) -> None:
    both.execute("select a.id from deals d join acme.deals a using (id)").fetchall()
    sql = """
        select distinct schema, table_name from pipedrive_requests
        where source = 'pipedrive' and table_name is not null order by schema
    """
    assert both.execute(sql).fetchall() == [("acme", "deals"), ("temp", "deals")]
    both.execute("select count(*) from acme.deals").fetchall()
    sql = "select schema from pipedrive_requests where source = 'store' order by time"
    assert both.execute(sql).fetchall()[-1] == ("acme",)
    sql = "select time from pipedrive_requests"
    times = [time for (time,) in both.execute(sql)]
    assert len(times) > 20 and times == sorted(times)


def test_fields_of_one_account_are_not_asked_of_the_other(
    both: Connection, other: Sandbox
) -> None:
    sql = "select count(id) from pipedrive_fields where schema = 'temp'"
    (count,) = both.execute(sql).fetchone() or ()
    assert count and asked(other) == []
    sql = "select count(id) from pipedrive_fields where schema = 'ACME' collate nocase"
    (count,) = both.execute(sql).fetchone() or ()
    assert count and asked(other) != []


def test_tables_and_columns_are_listed_for_each(both: Connection) -> None:
    sql = "select schema, count(*) from pipedrive_tables group by schema"
    (acme, home) = both.execute(sql).fetchall()
    assert acme == ("acme", home[1]) and home[0] == "temp"
    sql = "select count(*) from pragma_table_list where schema = 'acme'"
    assert (home[1] + 1,) in both.execute(sql).fetchall()  # and sqlite_schema


def test_inputs_and_searches_are_of_the_account(
    both: Connection, other: Sandbox
) -> None:
    title = other.company.rows("deals")[0]["title"]
    found = both.execute("select title from acme.deals_search(?)", (title,)).fetchall()
    assert (title,) in found
    assert any("/api/v2/deals/search" in one for one in asked(other))
    with pytest.raises(MissingConstraint, match=r"FROM acme\.deals_search WHERE"):
        both.execute("select * from acme.deals_search").fetchall()


def test_views_and_local_tables_go_with_both(both: Connection) -> None:
    both.execute("create table targets as select 1 id, 'x' name")
    both.execute(
        "create temp view everything as select 'home' place, id, title from deals"
        " union all select 'acme', id, title from acme.deals"
    )
    sql = "select place, count(*) from everything group by place order by place"
    expected = [("acme", OTHER_DEALS), ("home", DEALS)]
    assert both.execute(sql).fetchall() == expected
    sql = "select t.name from targets t join acme.deals a using (id)"
    assert both.execute(sql).fetchall() == [("x",)]


def test_two_cursors_read_side_by_side(both: Connection) -> None:
    home = both.execute("select id from deals order by id")
    away = both.execute("select id from acme.deals order by id")
    pairs = list(zip(home, away, strict=False))
    assert len(pairs) == OTHER_DEALS
    assert home.usage.requests and away.usage.requests


def test_without_analysis_rows_are_the_same(sandbox: Sandbox, other: Sandbox) -> None:
    sql = "select d.title, a.* from acme.deals a join deals d using (id) order by a.id"
    rows = []
    for analysis in (True, False):
        with connected(sandbox, analysis=analysis) as live:
            attach(live, other)
            rows.append(live.execute(sql).fetchall())
    assert rows[0] == rows[1] != []


def test_temporary_filters_are_made_in_the_account_that_is_read() -> None:
    companies = [Company.sample(seed=seed, deals=300) for seed in (1, 2)]
    with (
        Sandbox(company=companies[0], page_cap=10) as sandbox,
        Sandbox(company=companies[1], page_cap=10) as other,
        connected(sandbox, temporary_filters=True) as live,
    ):
        attach(live, other)
        sandbox.reset()
        other.reset()
        sql = "select id from acme.deals where value > 1000 and probability > 10"
        live.execute(sql).fetchall()
        written = [one for one in asked(other) if one.startswith("POST")]
        assert written == ["POST /v1/filters"] and asked(sandbox) == []
        left = [row for row in companies[1].rows("filters") if row["active_flag"]]
        assert not any(row["name"].startswith(MARK) for row in left)


class Enough(Exception):
    """Ends a statement."""


def test_progress_names_the_table_with_its_account(
    sandbox: Sandbox, other: Sandbox
) -> None:
    tables = []

    def told(progress: Progress) -> None:
        tables.append(progress.table)
        raise Enough

    with connected(sandbox, progress=told) as live:
        attach(live, other)
        with pytest.raises(Enough):
            live.execute(
                "with recursive n(i) as (select 1 union all select i + 1 from n)"
                " select (select count(title) from acme.deals), (select max(i) from n)"
            )
    assert tables == ["acme.deals"]


# Explaining


def test_explain_names_the_account_of_each_step(
    both: Connection, sandbox: Sandbox, other: Sandbox
) -> None:
    sql = """
        select * from deals d join acme.deals a on a.id = d.id
        where d.status = 'open' and a.status = 'won'
    """
    explanation = both.explain(sql)
    steps = {step.table: step for step in explanation.steps if step.table}
    assert steps.keys() == {"deals", "acme.deals"}
    assert "\n  request      acme: GET /api/v2/deals" in str(explanation)
    assert "\n  request      GET /api/v2/deals" in str(explanation)
    assert "\n             acme: " in str(explanation).partition("left today")[2]
    assert asked(sandbox) == asked(other) == []
    (plan,) = both.execute("explain query plan select * from acme.deals").fetchall()
    assert "acme: GET /api/v2/deals" in plan[3]


def test_explain_tells_tables_of_one_name_apart(both: Connection) -> None:
    sql = "select count(title) from temp.deals, acme.deals where acme.deals.id = 3"
    home = both.explain(sql.replace("count(title)", "count(*)"))
    texts = [str(step.request) for step in home.steps if step.table]
    assert sorted(text.startswith("acme: ") for text in texts) == [False, True]


def test_analyze_tells_what_each_account_has_cost(
    both: Connection, sandbox: Sandbox, other: Sandbox
) -> None:
    sql = "select a.title, d.title from acme.deals a join deals d on d.title > a.title"
    found = both.explain(sql, analyze=True)
    tokens = {s.table: s.actual.tokens for s in found.steps if s.actual}
    assert tokens == {
        "deals": sandbox.usage()["tokens"],
        "acme.deals": other.usage()["tokens"],
    }


# Names, and what goes wrong


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("temp", "already"),
        ("MAIN", "already"),
        ("acme-eu", "letters"),
        ("1st", "letters"),
        ("a b", "letters"),
        ("é", "letters"),
        ("select", "word of SQL"),
        ("order", "word of SQL"),
        ('a"; drop table x; --', "letters"),
    ],
)
def test_a_name_that_cannot_be_is_refused_before_anything_is_sent(
    live: Connection, other: Sandbox, name: str, why: str
) -> None:
    other.reset()
    with pytest.raises(InterfaceError, match=why):
        attach(live, other, name)
    assert asked(other) == [] and schemas(live) == ["main", "temp"]


def test_a_name_is_given_once(both: Connection, other: Sandbox) -> None:
    with pytest.raises(InterfaceError, match="acme already"):
        attach(both, other, "Acme")
    both.execute("attach ':memory:' as local")
    with pytest.raises(InterfaceError, match="local already"):
        attach(both, other, "local")


def test_it_must_be_said_which_account(live: Connection) -> None:
    cases: list[dict[str, Any]] = [{}, {"schema": "acme"}, {"api_token": "0123"}]
    for how in cases:
        with pytest.raises(InterfaceError, match="Say which account"):
            live.attach_account(**how)


def test_the_environment_is_not_another_account(
    live: Connection, monkeypatch: pytest.MonkeyPatch, other: Sandbox
) -> None:
    """A token of one company goes to no host that was meant for another."""
    monkeypatch.setenv("PIPEDRIVE_API_TOKEN", other.token)
    monkeypatch.setenv("PIPEDRIVE_API_URL", other.url)
    with pytest.raises(InterfaceError, match="Say which account"):
        live.attach_account(schema="acme")
    other.reset()
    with pytest.raises(InterfaceError, match="company domain"):
        live.attach_account(schema="acme", api_token="x", company_domain="no such")
    assert asked(other) == []


def test_an_account_that_refuses_leaves_nothing_behind(
    live: Connection, other: Sandbox
) -> None:
    with pytest.raises(Refused):
        live.attach_account(schema="acme", api_url=other.url, api_token="wrong")
    assert schemas(live) == ["main", "temp"]
    with pytest.raises(UnknownTable):
        live.execute("select * from acme.deals")
    attach(live, other)
    sql = "select count(*) from acme.deals"
    assert live.execute(sql).fetchone() == (OTHER_DEALS,)


def test_not_within_a_transaction(live: Connection, other: Sandbox) -> None:
    live.execute("begin")
    with pytest.raises(OperationalError, match="transaction"):
        attach(live, other)
    live.rollback()
    attach(live, other)


def test_unknown_names(both: Connection) -> None:
    for sql, expected in {
        "select * from acme.dels": "mean acme.deals",
        "select * from acm.deals": "mean acme.deals",
        "select * from dels": "mean deals",
        "select * from main.deals": "in temp and acme",
    }.items():
        with pytest.raises(UnknownTable, match=expected):
            both.execute(sql)
    with pytest.raises(UnknownColumn, match=r"in acme.deals.+title.+'deals', 'acme'"):
        both.execute("select titel from acme.deals")


def test_errors_name_the_account_they_come_from(
    live: Connection, sandbox: Sandbox
) -> None:
    with Sandbox(deals=5) as poor:
        attach(live, poor, "poor")
        poor.daily_tokens = 0
        with pytest.raises(OperationalError, match=r"^poor: "):
            live.execute("select * from poor.deals").fetchall()
    assert live.execute("select count(*) from deals").fetchone() == (DEALS,)


def test_sql_of_others_reads_what_its_owner_attaches(
    sandbox: Sandbox, other: Sandbox
) -> None:
    with connected(sandbox, untrusted=True) as live:
        attach(live, other)
        sql = "select (select count(*) from deals), count(*) from acme.deals"
        assert live.execute(sql).fetchone() == (DEALS, OTHER_DEALS)
        with pytest.raises(NotAllowed):
            live.execute("detach acme")
        with pytest.raises(NotAllowed):
            live.execute("attach ':memory:' as other")
        live.detach_account("acme")
        with pytest.raises(UnknownTable):
            live.execute("select * from acme.deals")


# Ending


def test_detached_tables_are_gone(both: Connection, other: Sandbox) -> None:
    both.execute("select * from acme.deals").fetchall()
    spent = both.usage.tokens
    both.detach_account("ACME")
    assert schemas(both) == ["main", "temp"]
    assert both.usage.tokens == spent
    with pytest.raises(UnknownTable):
        both.execute("select * from acme.deals")
    with pytest.raises(InterfaceError, match="No account is attached as 'acme'"):
        both.detach_account("acme")
    with pytest.raises(InterfaceError, match="No account is attached as 'temp'"):
        both.detach_account("temp")
    assert both.execute("select count(*) from deals").fetchone() == (DEALS,)
    attach(both, other)
    sql = "select count(*) from acme.deals"
    assert both.execute(sql).fetchone() == (OTHER_DEALS,)


def test_not_while_it_is_read(both: Connection) -> None:
    cursor = both.execute("select id from acme.deals")
    assert cursor.fetchone()
    with pytest.raises(OperationalError, match="still reads"):
        both.detach_account("acme")
    assert len(cursor.fetchall()) == OTHER_DEALS - 1
    both.detach_account("acme")


def test_detached_by_sql(both: Connection, other: Sandbox) -> None:
    both.execute("detach acme")
    with pytest.raises(UnknownTable, match="was detached"):
        both.execute("select * from acme.deals")
    attach(both, other)
    sql = "select count(*) from acme.deals"
    assert both.execute(sql).fetchone() == (OTHER_DEALS,)
    both.execute("detach acme")
    both.detach_account("acme")
    both.refresh()


def test_the_same_account_twice(live: Connection, sandbox: Sandbox) -> None:
    attach(live, sandbox, "again")
    sql = "select count(*) from deals d join again.deals a using (id, title)"
    assert live.execute(sql).fetchone() == (DEALS,)


def test_refresh_reads_all_accounts_anew(live: Connection) -> None:
    with Sandbox(deals=5) as changing:
        attach(live, changing)
        before = live.execute("select title from acme.deals where id = 1").fetchone()
        httpx.patch(
            f"{changing.url}/api/v2/deals/1",
            headers={"x-api-token": changing.token},
            json={"title": "Another title"},
        ).raise_for_status()
        sql = "select title from acme.deals where id = 1"
        assert live.execute(sql).fetchone() == before
        changing.reset()
        live.refresh()
        assert any("Fields" in one or "fields" in one for one in asked(changing))
        assert live.execute(sql).fetchone() == ("Another title",)


def test_closing_closes_all(sandbox: Sandbox, other: Sandbox) -> None:
    live = connected(sandbox)
    attach(live, other)
    live.execute("select count(*) from acme.deals").fetchall()
    live.close()
    with pytest.raises(InterfaceError, match="closed"):
        attach(live, other)
    with pytest.raises(InterfaceError, match="closed"):
        live.detach_account("acme")


# By profiles, on the command line and in the shell


@pytest.fixture
def settings(
    sandbox: Sandbox,
    other: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The environment says whose the first account is, "acme-eu" is a profile."""
    (tmp_path / "config.toml").write_text(
        f"""[profile.acme-eu]
        api_url = "{other.url}"
        token_command = "echo {other.token}"
        """,
        "utf-8",
    )
    monkeypatch.setenv("PIPEDRIVE_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("PIPEDRIVE_API_URL", sandbox.url)
    monkeypatch.setenv("PIPEDRIVE_API_TOKEN", sandbox.token)


@pytest.mark.usefixtures("settings")
def test_a_profile_is_attached_with_its_own_token(
    sandbox: Sandbox, other: Sandbox
) -> None:
    with pipedrive_sql.connect() as live:
        with pytest.raises(InterfaceError, match="--attach PROFILE=acme_eu"):
            live.attach_account("acme-eu")
        live.attach_account("acme-eu", "eu")
        assert live.accounts == {"temp": sandbox.url, "eu": other.url}
        sql = "select (select count(*) from deals), count(*) from eu.deals"
        assert live.execute(sql).fetchone() == (DEALS, OTHER_DEALS)
        with pytest.raises(InterfaceError, match="no profile 'acme'"):
            live.attach_account("acme")


@pytest.mark.usefixtures("settings")
def test_an_attached_profile_settles_what_its_account_does(
    sandbox: Sandbox, other: Sandbox, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    kept, noted = tmp_path / "kept", tmp_path / "noted"
    more = f"cache_ttl = 0\ncache_dir = '{kept}'\nstate_dir = '{noted}'\n"
    config.write_text(f"{config.read_text()}\n{more}", "utf-8")
    with pipedrive_sql.connect() as live:
        live.attach_account("acme-eu", "eu")
        for host in (sandbox, other):
            host.reset()
        for _ in range(2):
            live.execute("select count(*) from stages").fetchall()
            live.execute("select count(*) from eu.stages").fetchall()
        assert (len(sandbox.heard), len(other.heard)) == (1, 2)
        assert [path.name for path in noted.glob("*.db")] == ["ledger.db"]
    assert list(kept.iterdir())
    with pipedrive_sql.connect(cache_ttl=60) as live:
        live.attach_account("acme-eu", "eu")
        other.reset()
        for _ in range(2):
            live.execute("select count(*) from eu.stages").fetchall()
        assert len(other.heard) == 1


@pytest.mark.usefixtures("settings")
def test_no_statement_spends_more_than_any_profile_allows(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f"{config.read_text()}\nmax_tokens = 4\n", "utf-8")
    with pipedrive_sql.connect() as live:
        live.attach_account("acme-eu", "eu")
        for sql in ("select count(*) from eu.stages", "select count(*) from stages"):
            with pytest.raises(BudgetExceeded, match="the ceiling is 4"):
                live.execute(sql).fetchall()
        live.detach_account("eu")
        assert live.execute("select count(*) from stages").fetchone() == (16,)
    with pipedrive_sql.connect(max_tokens=5) as live:
        live.attach_account("acme-eu", "eu")
        assert live.execute("select count(*) from eu.stages").fetchone()


def typed(*arguments: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipedrive_sql", *arguments],
        input=lines,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.usefixtures("settings")
def test_attached_by_an_option() -> None:
    sql = "select (select count(*) from deals), count(*) from eu.deals"
    done = typed("--attach", "acme-eu=eu", "--header", sql)
    assert (done.stdout.splitlines()[1:], done.stderr) == (
        [f"{DEALS},{OTHER_DEALS}"],
        "",
    )


@pytest.mark.usefixtures("settings")
def test_attached_in_the_shell(sandbox: Sandbox, other: Sandbox) -> None:
    lines = """
.attach acme-eu eu
.attach
.tables eu.deal
.tables eu.deals
.schema eu.pipelines
select count(*) from eu.deals;
.detach eu
.attach
.detach eu
"""
    done = typed("--no-header", lines=lines)
    shown = done.stdout.splitlines()
    assert shown[:3] == [f"temp: {sandbox.url}", f"eu: {other.url}", "eu.deals"]
    assert shown[3:5] == ["CREATE TABLE eu.pipelines(", "  id INTEGER,"]
    assert shown[-2:] == [str(OTHER_DEALS), f"temp: {sandbox.url}"]
    assert "No account is attached as 'eu'" in done.stderr
