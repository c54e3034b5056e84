"""The day's budget of tokens, prices of writes, the clock, the size of a company."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import pytest

from pipedrive_sql.cli.sandbox_arguments import parse_sandbox
from pipedrive_sql.sandbox import Company

from .front_door import Door, asked, opened

LIMIT = "x-daily-ratelimit-token-limit"
LEFT = "x-daily-ratelimit-token-remaining"


@pytest.fixture
def door() -> Iterator[Door]:
    with opened(empty=True, daily_tokens=15) as door:
        yield door


def left(door: Door, path: str) -> tuple[int, str]:
    answer = door.send("GET", path)
    assert answer.headers[LIMIT] == "15"
    return answer.status_code, answer.headers[LEFT]


@pytest.mark.unofficial  # the specs declare no 429
def test_a_spent_budget_is_429_until_the_next_day(door: Door) -> None:
    assert left(door, "/api/v2/deals") == (200, "5")
    assert left(door, "/api/v2/deals/1") == (404, "4")
    assert left(door, "/v1/nothing") == (404, "4")
    assert left(door, "/api/v2/deals") == (200, "0")  # the last one may pass it
    assert left(door, "/api/v2/deals/1") == (429, "0")
    assert door.sandbox.usage()["tokens"] == 10 + 1 + 10
    door.sandbox.reset()
    assert left(door, "/api/v2/deals") == (200, "5")


def test_a_budget_can_be_changed_and_lifted(door: Door) -> None:
    door("GET", "/api/v2/deals")
    door.sandbox.daily_tokens = 1000
    assert door.send("GET", "/api/v2/deals").headers[LEFT] == "980"
    door.sandbox.daily_tokens = None
    assert LEFT not in door.send("GET", "/api/v2/deals").headers


def test_writes_are_heard_with_their_prices() -> None:
    with opened(empty=True) as door:
        conditions = {
            "glue": "and",
            "conditions": [
                {"glue": "and", "conditions": []},
                {"glue": "or", "conditions": []},
            ],
        }
        body = {"name": "All", "type": "deals", "conditions": conditions}
        key = door.add("/v1/filters", **body)["id"]
        door.add("/api/v2/deals", title="One")
        door("DELETE", f"/v1/filters/{key}")
        assert asked(door.sandbox) == [
            "POST /v1/filters",
            "POST /api/v2/deals",
            f"DELETE /v1/filters/{key}",
        ]
        assert [heard.tokens for heard in door.sandbox.heard] == [10, 5, 6]


def test_answers_tell_the_time_by_the_company_s_clock() -> None:
    with opened(empty=True) as door:
        company = door.sandbox.company
        for _ in range(2):
            date = door.send("GET", "/v1/users/me").headers["date"]
            assert parsedate_to_datetime(date) == company.now
            row = door.add("/api/v2/deals", title="One")
            assert row["update_time"] == f"{company.now:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(("persons", "wanted"), [(None, 15), (40, 40), (3, 10)])
def test_there_are_as_many_persons_as_told(persons: int | None, wanted: int) -> None:
    company = Company.sample(deals=30, persons=persons)
    assert len(company.rows("persons")) == wanted
    assert len(company.rows("deals")) == 30


def test_the_command_line_takes_it_all() -> None:
    options = parse_sandbox(
        ["--persons", "40", "--search-lag", "2.5", "--daily-tokens", "1000"]
    )
    assert (options.persons, options.search_lag) == (40, 2.5)
    assert options.daily_tokens == 1000
    plain = parse_sandbox([])
    assert (plain.persons, plain.search_lag, plain.daily_tokens) == (None, 0.0, None)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--search-lag", "soon"],
        ["--search-lag", "-1"],
        ["--search-lag", "4000"],
        ["--daily-tokens", "-5"],
        ["--empty", "--persons", "40"],
    ],
)
def test_the_command_line_refuses_what_has_no_meaning(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        parse_sandbox(arguments)
    assert left.value.code == 2
