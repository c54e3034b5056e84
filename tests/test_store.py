"""What a connection remembers: one version in a statement, nothing asked twice."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

import pipedrive_sql
from pipedrive_sql import Connection
from pipedrive_sql.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=60, page_cap=10) as sandbox:
        yield sandbox


def connected(sandbox: Sandbox, cache_ttl: float = 60.0) -> Connection:
    return pipedrive_sql.connect(
        api_url=sandbox.url, api_token=sandbox.token, cache_ttl=cache_ttl
    )


def rename(sandbox: Sandbox, ids: list[int]) -> None:
    """Change the title of these deals, as another program might."""
    with httpx.Client(
        base_url=sandbox.url, headers={"x-api-token": sandbox.token}
    ) as client:
        for each in ids:
            answer = client.patch(f"/api/v2/deals/{each}", json={"title": "Renamed"})
            answer.raise_for_status()


@pytest.mark.parametrize(
    "sql",
    [
        "select a.id, a.title, b.title from deals a join deals b on b.id = a.id",
        "select a.id, a.title, b.title from deals a join deals b"
        " on b.add_time = a.add_time and b.id = a.id",
        "select id, title, (select title from deals b where b.id = a.id) from deals a",
        "select a.id, a.title, l.title from deals a join"
        " (select id, title from deals) l on l.id = a.id",
    ],
)
def test_a_statement_sees_one_version_of_a_row(sandbox: Sandbox, sql: str) -> None:
    with connected(sandbox, cache_ttl=0) as con:
        ids = [row["id"] for row in sandbox.company.rows("deals")]
        cursor = con.execute(sql)
        rows = cursor.fetchmany(1)
        rename(sandbox, ids)
        rows += cursor.fetchall()
        assert len(rows) == len(ids)
        assert [row for row in rows if row[1] != row[2]] == []


def test_the_next_statement_sees_the_change(sandbox: Sandbox) -> None:
    with connected(sandbox, cache_ttl=0) as con:
        ids = [row["id"] for row in sandbox.company.rows("deals")]
        con.execute("select title from deals").fetchall()
        rename(sandbox, ids)
        rows = con.execute("select distinct title from deals").fetchall()
        assert rows == [("Renamed",)]


def test_rows_are_used_again_until_they_are_old(sandbox: Sandbox) -> None:
    with connected(sandbox) as con:
        before = con.execute("select id, title from deals order by id").fetchall()
        rename(sandbox, [id for id, _ in before])
        again = con.execute("select id, title from deals order by id")
        assert again.fetchall() == before
        assert again.usage.requests == 0
        con.refresh()
        anew = con.execute("select id, title from deals order by id")
        assert {title for _, title in anew} == {"Renamed"}


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from deals where status = 'won'",
        "select id from deals order by update_time desc limit 3",
        "select title from deals where id in (1, 2, 3)",
        "select title from deals where person_id = 5",
        "select count(*) from deals a join deals b on b.id = a.id",
        "select count(*) from deal_labels",
        "select title from deals where update_time > '2026-01-01'",
    ],
)
def test_a_whole_list_answers_narrower_questions(sandbox: Sandbox, sql: str) -> None:
    with connected(sandbox) as con, connected(sandbox, cache_ttl=0) as other:
        con.execute("select * from deals").fetchall()
        cursor = con.execute(sql)
        assert sorted(cursor.fetchall()) == sorted(other.execute(sql).fetchall())
        assert cursor.usage.requests == 0


def test_a_list_without_the_columns_does_not_answer(sandbox: Sandbox) -> None:
    with connected(sandbox) as con:
        con.execute("select title from deals").fetchall()
        counted = con.execute("select sum(notes_count) from deals")
        assert counted.fetchall()[0][0] is not None
        assert counted.usage.requests > 0


def test_lookups_are_not_repeated(sandbox: Sandbox) -> None:
    with connected(sandbox, cache_ttl=0) as con:
        cursor = con.execute(
            "select (select name from pipelines p where p.id = d.pipeline_id) "
            "from deals d"
        )
        cursor.fetchall()
        paths = con.execute(
            "select path, count(*) from pipedrive_requests where statement > 0 "
            "and path like '%/pipelines%' group by path"
        ).fetchall()
        assert paths and all(count == 1 for _, count in paths)


def test_a_page_that_is_not_wanted_is_not_asked_for(sandbox: Sandbox) -> None:
    with connected(sandbox) as con:
        cursor = con.execute("select title from deals where title glob '*'")
        cursor.fetchmany(5)
        assert cursor.usage.requests == 1
        assert len(cursor.fetchall()) == len(sandbox.company.rows("deals")) - 5
        assert cursor.usage.requests > 1


JOIN = "select d.id, p.name from deals d join persons p on p.id = d.person_id"


def paths(con: Connection, like: str) -> list[str]:
    """What the latest statement but this asked for, in its order."""
    return [
        path
        for (path,) in con.execute(
            "select path from pipedrive_requests where source = 'pipedrive'"
            " and statement > 0 and path like ?",
            (like,),
        )
    ]


def test_who_fetches_a_few_rows_of_a_join_pays_for_one_page(sandbox: Sandbox) -> None:
    with connected(sandbox, cache_ttl=0) as con:
        cursor = con.execute(JOIN)
        cursor.fetchmany(3)
        assert len(paths(con, "/api/v2/deals%")) == 1
        rest = cursor.fetchall()
        assert len(paths(con, "/api/v2/deals%")) > 1
        whole = con.execute(JOIN).fetchall()
        assert rest == whole[3:]


def test_a_join_that_fills_a_local_table_is_run_once(sandbox: Sandbox) -> None:
    with connected(sandbox, cache_ttl=0) as con:
        con.execute("create table copy(deal, name)")
        con.execute(f"insert into copy {JOIN}")
        copied = con.execute("select * from copy").fetchall()
        assert copied == con.execute(JOIN).fetchall()


def test_a_statement_that_is_run_ahead_leaves_nothing_open(sandbox: Sandbox) -> None:
    with connected(sandbox, cache_ttl=0) as con:
        sql = f"{JOIN} where p.id = ? or d.id > :2"
        assert con.execute(sql, (5, 20)).fetchall()
        con.refresh()
        # An error of SQLite, met while running ahead, is the statement's own.
        with pytest.raises(pipedrive_sql.Error, match="malformed JSON"):
            con.execute(f"select json(name) from ({JOIN})").fetchall()
        con.refresh()
        cheap = f"select name, random() from ({JOIN})"
        assert len(con.execute(cheap).fetchall()) == len(con.execute(JOIN).fetchall())
