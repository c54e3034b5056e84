"""docs/costs.md says what the benchmark recorded, and the benchmark what it means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bench import costs
from bench.everyday import EVERYDAY, Everyday
from bench.needs import read
from bench.offers import PRICES
from bench.plain import Plain
from bench.served import Served
from bench.tokens import best, connected, named, needs_of
from pipedrive_sql import Connection
from pipedrive_sql.sandbox import Sandbox

from . import official

DEALS = 60


@pytest.fixture(scope="module")
def live() -> Iterator[Connection]:
    with Sandbox(deals=DEALS) as sandbox, TemporaryDirectory() as folder:
        where = Served(sandbox.url, sandbox.token)
        with connected(where, Path(folder), cache_ttl=600) as connection:
            yield connection


@pytest.fixture(scope="module")
def plain(live: Connection) -> Plain:
    return Plain(live, named(EVERYDAY))


def test_the_page_is_that_of_the_recorded_run() -> None:
    page = costs.PAGE.read_text("utf-8")
    assert page == costs.page(costs.recorded()), "write it: python -m bench tokens"


def test_the_recorded_run_asked_the_questions_of_today() -> None:
    asked = [(f.group, f.what, f.sql) for f in costs.recorded().figures]
    assert asked == [(q.group, q.what, q.sql) for q in EVERYDAY]
    assert len(asked) >= 40


@official.needs_specs
@pytest.mark.parametrize("operation", PRICES)
def test_prices_are_those_of_the_specs(operation: str) -> None:
    version = 2 if "/api/v2/" in operation else 1
    known = official.operations(version)[operation]
    assert PRICES[operation] == known["x-token-cost"]


@pytest.mark.parametrize("question", EVERYDAY, ids=lambda question: question.what)
def test_every_question_is_answered_and_the_best_way_would_do(
    question: Everyday, live: Connection, plain: Plain
) -> None:
    """`best` itself looks whether its requests bring all that the answer needs."""
    answer = list(live.execute(question.sql))
    if needs_of(question).parts:
        assert plain.confirms(question.sql, answer)
    assert best(question, plain).tokens <= 200


def _best(sql: str, plain: Plain) -> tuple[int, list[str]]:
    found = best(Everyday("", "", sql, (sql,), None), plain)
    return found.tokens, list(found.requests)


def test_the_best_way_is_found_by_counting(plain: Plain) -> None:
    """Worked out by hand: a page of 500 is 10 tokens, a row by its key one."""
    deals = "GET /api/v2/deals"
    assert _best("select * from deals", plain) == (10, [deals])
    one = f"{deals}/{{id}}"
    some = "select * from deals where id in (1, 2, 3)"
    assert _best(some, plain) == (3, [one])
    twelve = ", ".join(map(str, range(1, 13)))
    most = f"select * from deals where id in ({twelve})"
    assert _best(most, plain)[0] == 10
    never = "select * from deals where id = 1 and id = 2"
    assert _best(never, plain) == (0, [])
    first = plain.number("select min(id) from deals")
    joined = (
        "select s.name from deals d join stages s on s.id = d.stage_id "
        f"where d.id = {first}"
    )
    assert _best(joined, plain) == (2, [one, "GET /api/v2/stages/{id}"])


def test_what_a_statement_needs_is_read_from_it() -> None:
    needs = read(
        "select * from deals d left join persons p on p.id = d.person_id and "
        "p.org_id = 7 where d.status in ('won', 'lost') and d.value > p.id and "
        "not (d.title like 'a%') order by d.id desc limit 5 offset 10"
    )
    deals, persons = needs.parts
    assert (deals.alias, deals.table, deals.optional) == ("d", "deals", False)
    assert (deals.first, deals.order) == (15, "id DESC")
    (term,) = deals.terms
    assert (term.column, term.operator) == ("status", "in")
    assert term.values == ("'won'", "'lost'")
    assert len(deals.conditions) == 2
    assert persons.optional and persons.conditions == ("org_id = 7",)
    (pair,) = needs.pairs
    assert (pair.left, pair.right) == (("p", "id"), ("d", "person_id"))
