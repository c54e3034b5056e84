"""Tables that are called with inputs: searches, recents, statistics, results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.errors import DataError, MissingConstraint
from pipedrive_sql.sandbox import Company, Sandbox, Switches
from pipedrive_sql.sandbox.found import KINDS
from pipedrive_sql.sandbox.goals import progress_of
from pipedrive_sql.sandbox.hits import Hit, hits
from pipedrive_sql.sandbox.past import View
from pipedrive_sql.sandbox.recents import recent_rows
from pipedrive_sql.sandbox.statistics import conversion, movement

from .front_door import connected

Rows = list[tuple[Any, ...]]
PERIOD = ("2024-01-01", "2026-12-31")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=60, page_cap=7) as found:
        yield found


@pytest.fixture(scope="module")
def company(sandbox: Sandbox) -> Company:
    return sandbox.company


@pytest.fixture(scope="module")
def connection(sandbox: Sandbox) -> Iterator[Connection]:
    with connected(sandbox, cache_ttl=0) as found:
        yield found


def rows(connection: Connection, sql: str, *values: Any) -> Rows:
    return [tuple(row) for row in connection.execute(sql, values).fetchall()]


# Searches


def hits_of(
    company: Company, kinds: Iterable[str], term: str, fields: Any = None
) -> list[Hit]:
    """What a search finds, by the sandbox itself."""
    return hits(View(company, company.switches, lag=0), kinds, term, fields)


@pytest.mark.parametrize("kind", [k for k, kind in KINDS.items() if kind.entity])
@pytest.mark.parametrize("term", ["an", "ACME", "zzz nothing"])
def test_a_search_finds_what_pipedrive_finds(
    connection: Connection, company: Company, kind: str, term: str
) -> None:
    table = f"{KINDS[kind].collection}_search"
    found = rows(connection, f"select id, score from {table}(?)", term)
    wanted = hits_of(company, [kind], term)
    assert found == [(hit.row["id"], hit.score) for hit in wanted]


def test_a_search_brings_what_must_be_asked_for_besides(
    connection: Connection, company: Company
) -> None:
    bcc, seen = "smart_bcc_email", "was_seen"
    deals = rows(connection, f"select id, {bcc} from deals_search('an')")
    assert sorted(deals) == sorted(
        rows(
            connection,
            f"select s.id, a.{bcc} from deals_search('an') s join "
            f"(select id, {bcc} from deals union all"
            f" select id, {bcc} from deals_archived) a on a.id = s.id",
        )
    )
    for key, was_seen in rows(connection, f"select id, {seen} from leads_search('an')"):
        assert company["leads"].rows[key]["was_seen"] == was_seen


def test_whole_values_match_whatever_their_case(connection: Connection) -> None:
    (title,) = rows(connection, "select title from deals_search('an') limit 1")[0]
    found = "select title from deals_search where term = ? and exact_match = 1"
    assert (title,) in rows(connection, found, title.upper())
    assert rows(connection, found, title[:-1]) == []


def test_a_search_looks_where_it_is_told(
    connection: Connection, company: Company
) -> None:
    found = rows(connection, "select id from persons_search('example', 'email')")
    wanted = hits_of(company, ["person"], "example", ["email"])
    assert found == [(hit.row["id"],) for hit in wanted] and found
    with pytest.raises(DataError, match="fields = 'nowhere'"):
        rows(connection, "select id from persons_search('an', 'nowhere')")


def test_everything_can_be_searched_at_once(
    connection: Connection, company: Company
) -> None:
    found = rows(connection, "select type, id from item_search('an')")
    wanted = hits_of(company, KINDS, "an")
    assert found == [(hit.kind, str(hit.row["id"])) for hit in wanted]
    chosen = "select count(*) from item_search('an') where type in ('file', 'lead')"
    assert rows(connection, chosen) == [
        (sum(hit.kind in ("file", "lead") for hit in wanted),)
    ]


def test_hits_join_with_whole_rows(connection: Connection) -> None:
    joined = rows(
        connection,
        "select d.title from item_search('acme') s join deals d on d.id = s.id"
        " where s.type = 'deal'",
    )
    found = "select title from deals_search('acme') where not is_archived"
    assert joined == rows(connection, found) and joined


def test_related_items_come_beside_hits(connection: Connection) -> None:
    found = rows(connection, "select type from item_search_related('acme')")
    assert {("deal",), ("person",)} <= set(found)


@pytest.mark.parametrize("scored", [True, False])
def test_the_search_by_field_minds_the_case(scored: bool) -> None:
    switches = Switches(field_search_is_scored=scored)
    with (
        Sandbox(deals=60, page_cap=7, switches=switches) as sandbox,
        connected(sandbox) as connection,
    ):
        names = [row["name"] for row in sandbox.company.rows("persons")]
        name = next(n for n in names if n.isascii() and n[0].isupper())
        search = "select json_extract(item, '$.name') from item_search_field"
        given = " where term = ? and entity_type = 'person' and field = 'name'"
        assert rows(connection, search + given, name) == [
            (n,) for n in names if n == name
        ]
        assert rows(connection, search + given, name.swapcase()) == []
        begins = rows(connection, f"{search}{given} and match = 'beginning'", name[:2])
        assert begins == [(n,) for n in names if n.startswith(name[:2])]


@pytest.mark.unofficial
def test_a_term_that_is_too_short_is_told(connection: Connection) -> None:
    with pytest.raises(DataError) as caught:
        rows(connection, "select * from deals_search('a')")
    assert str(caught.value) == (
        "Pipedrive refuses what is given for term (400): Validation failed: term: "
        "Parameter 'term' must be at least 2 characters long. Give other values."
    )


# Inputs


def test_what_is_missing_is_told(connection: Connection) -> None:
    with pytest.raises(MissingConstraint) as caught:
        rows(connection, "select * from pipeline_movement_statistics")
    assert "WHERE start_date = ... AND end_date = ..." in str(caught.value)


def test_users_are_found_by_name_or_address(connection: Connection) -> None:
    named = rows(connection, "select id from users_find('sam')")
    assert named == [(1,)]
    assert rows(connection, "select id from users_find('user3', 1)") == [(3,)]
    assert rows(connection, "select id from users_find('user3')") == []


def test_recents_are_all_that_changed(connection: Connection, company: Company) -> None:
    since = "2026-09-10 00:00:00"
    wanted = [(row["item"], row["id"]) for row in recent_rows(company, since)]
    found = "select item, item_id from recents(?)"
    assert rows(connection, found, since) == wanted
    deals = rows(connection, f"{found} where item = 'deal'", since)
    assert deals == [pair for pair in wanted if pair[0] == "deal"]
    either = rows(connection, f"{found} where item = 'deal' or item_id < 50", since)
    assert sorted(either) == sorted(p for p in wanted if p[0] == "deal" or p[1] < 50)


def test_movements_of_every_user_by_a_join(
    connection: Connection, company: Company
) -> None:
    found = rows(
        connection,
        "select u.id, m.new_deals_count, m.won_deals_count, m.average_age_in_days"
        " from users u join pipeline_movement_statistics m on m.user_id = u.id"
        " and m.start_date = ? and m.end_date = ? and m.pipeline_id = 1",
        *PERIOD,
    )
    wanted = []
    for user in company.rows("users"):
        told = movement(company, 1, *PERIOD, user["id"])
        new, won = told["new_deals"]["count"], told["won_deals"]["count"]
        age = float(told["average_age_in_days"]["across_all_stages"])
        wanted.append((user["id"], new, won, age))
    assert found == wanted


def test_conversions_of_every_pipeline(
    connection: Connection, company: Company
) -> None:
    ids = [row["id"] for row in company.rows("pipelines")]
    told = {key: conversion(company, key, *PERIOD, company.me) for key in ids}
    found = rows(
        connection,
        "select pipeline_id, won_conversion, lost_conversion"
        " from pipeline_conversion_statistics(?, ?)",
        *PERIOD,
    )
    assert found == [
        (key, one["won_conversion"], one["lost_conversion"])
        for key, one in told.items()
    ]
    steps = rows(
        connection,
        "select from_stage_id, to_stage_id, conversion_rate"
        " from pipeline_stage_conversions(?, ?)",
        *PERIOD,
    )
    assert steps == [
        tuple(step.values())
        for one in told.values()
        for step in one["stage_conversions"]
    ]


def test_results_of_goals(connection: Connection, company: Company) -> None:
    start, end = "2025-02-01", "2025-08-31"
    found = rows(
        connection, "select goal_id, progress from goal_results(?, ?)", start, end
    )
    assert sorted(found) == sorted(
        (goal["id"], progress_of(company, goal, start, end))
        for goal in company.rows("goals")
    )
