"""What a client may do: by plan, by what answers say, and as the day's budget goes.

The clock is Pipedrive's, so that answers of any date move it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipedrive_sql.client.account import Account
from pipedrive_sql.client.credentials import ApiToken, Credentials, Kind
from pipedrive_sql.client.limits import Limits
from pipedrive_sql.client.plans import Assumed
from pipedrive_sql.errors import (
    Blocked,
    BudgetReserved,
    DailyBudgetSpent,
    InterfaceError,
    RequestError,
)

LIST = "/api/v2/deals"
SPENT = {"x-daily-ratelimit-token-remaining": "0"}
Make = Callable[..., Limits]


class Signed(ApiToken):
    """As by OAuth."""

    @property
    def kind(self) -> Kind:
        return "oauth"


@pytest.fixture
def limits(tmp_path: Path, request: pytest.FixtureRequest) -> Make:
    def make(
        token: str | Credentials = "token",
        url: str = "https://acme.pipedrive.com",
        folder: Path | None = tmp_path,
        **how: Any,
    ) -> Limits:
        credentials = ApiToken(token) if isinstance(token, str) else token
        made = Limits(Account(url, credentials), folder=folder, **how)
        request.addfinalizer(made.close)
        return made

    return make


def window(limit: int | str, left: int) -> dict[str, str]:
    """The headers of the moment."""
    return {"x-ratelimit-limit": str(limit), "x-ratelimit-remaining": str(left)}


def day(budget: int, left: int) -> dict[str, str]:
    """The headers of the day."""
    return {
        "x-daily-ratelimit-token-limit": str(budget),
        "x-daily-ratelimit-token-remaining": str(left),
    }


def at(hour: int, minute: int = 0, date: int = 30) -> dict[str, str]:
    """The header of a moment of September 2026."""
    moment = datetime(2026, 9, date, hour, minute, tzinfo=UTC)
    return {"date": format_datetime(moment, usegmt=True)}


def ask(
    limits: Limits,
    *headers: dict[str, str],
    status: int = 200,
    path: str = LIST,
    price: int = 10,
) -> RequestError | None:
    """A request that is answered with these headers."""
    place = limits.enter(price, path)
    assert place.wait == 0.0
    together = {name: value for some in headers for name, value in some.items()}
    return limits.leave(place, status, together)


def as_many(limits: Limits, path: str = LIST) -> int:
    """How many requests get a place at once."""
    found = 0
    while not limits.enter(1, path).wait:
        found += 1
        assert found < 1000
    return found


@pytest.mark.parametrize(
    ("plan", "api_token", "oauth"),
    [
        (None, 20, 80),
        ("lite", 20, 80),
        ("Growth", 40, 160),
        ("professional", 80, 320),
        ("premium", 100, 400),
        ("ultimate", 120, 480),
    ],
)
def test_a_plan_has_its_window(
    plan: str | None, api_token: int, oauth: int, limits: Make
) -> None:
    assert as_many(limits("one", plan=plan)) == api_token
    assert as_many(limits(Signed("two"), plan=plan)) == oauth


def test_what_it_waits_for_is_told(limits: Make) -> None:
    mine = limits()
    as_many(mine)
    assert mine.enter(1, LIST).why == (
        "20 requests in 2 s, the limit of Lite, the lowest plan, until Pipedrive or "
        "plan= tells another"
    )
    other = limits("other", plan="premium")
    ask(other, window(30, 26))
    assert as_many(other) == 26
    assert other.enter(1, LIST).why == (
        "30 requests in 2 s, the limit that Pipedrive tells, of which another program "
        "takes 3"
    )


def test_the_window_is_that_of_answers(limits: Make) -> None:
    mine = limits(plan="lite")
    ask(mine, window(40, 39))
    assert as_many(mine) == 39
    again = limits(plan="ultimate")
    assert again.quota().burst == 40


def test_a_higher_limit_is_made_use_of_as_soon_as_it_is_told(limits: Make) -> None:
    mine = limits()
    first = mine.enter(1, LIST)
    assert as_many(mine) == 19
    assert mine.enter(1, LIST).wait < 0.051
    mine.leave(first, 200, window(40, 20))
    assert as_many(mine) == 20
    assert mine.enter(1, LIST).wait > 1.0


@pytest.mark.parametrize("limit", ["0", "-1", "many", "", "1e9", "999999999", "٤٠"])
def test_a_window_that_cannot_be_is_not_believed(limit: str, limits: Make) -> None:
    mine = limits()
    ask(mine, window(limit, 3))
    assert mine.quota().burst == 20


def test_who_is_refused_without_a_word_is_on_a_lower_plan(limits: Make) -> None:
    mine = limits(plan="ultimate")
    places = [mine.enter(10, LIST) for _ in range(3)]
    for place in places:
        assert mine.leave(place, 429, {"retry-after": "0.1"}) is None
    assert mine.quota().burst == 100
    wait = mine.enter(10, LIST)
    assert 0 < wait.wait <= 0.1
    assert wait.why == "the time that Pipedrive's 429 asks for"
    time.sleep(wait.wait)
    assert as_many(mine) == 97


def test_searches_have_a_window_of_their_own(limits: Make) -> None:
    mine = limits()
    assert as_many(mine, "/api/v2/persons/search") == 10
    why = "10 searches in 2 s, on every plan"
    assert mine.enter(20, "/api/v2/itemSearch/field").why == why
    assert mine.enter(20, "/api/v2/projects/search").why == why
    assert as_many(mine) == 10
    apart = limits("other", assumed=Assumed(searches_count_twice=False))
    assert as_many(apart, "/v1/leads/search") == 10
    assert as_many(apart) == 20


def test_an_answer_to_a_search_may_tell_of_its_own_window(limits: Make) -> None:
    mine = limits(plan="growth")
    path = "/api/v2/deals/search"
    ask(mine, window(10, 6), path=path)
    assert mine.quota().burst == 40
    assert as_many(mine, path) == 6


def test_a_sandbox_has_no_window_unless_it_says_so(limits: Make) -> None:
    mine = limits(url="http://127.0.0.1:1", folder=None)
    assert mine.quota().burst == 20
    ask(mine)
    assert mine.quota().burst is None
    for _ in range(50):
        ask(mine)
    ask(mine, window(40, 39))
    assert as_many(mine) == 39  # the first has a place yet
    assert as_many(limits("2", "http://127.0.0.1:2", None, plan="lite")) == 20


def test_a_part_of_the_day_is_kept_for_others(limits: Make) -> None:
    mine = limits()
    assert mine.room() is None
    mine.check(1_000_000)
    ask(mine, day(1_000, 130), at(12, 34))
    assert mine.room() == 30
    mine.check(30)
    with pytest.raises(BudgetReserved) as raised:
        mine.check(31)
    assert str(raised.value) == (
        "The statement is not begun: it costs 31 API tokens at least, and of the "
        "company's 1,000 for today 130 are left (told at 12:34 UTC, less what was "
        "asked since), and 100 of them are kept for other programs. Narrow it, wait "
        "for the next day (00:00 UTC as far as is known), or use the reserve: "
        "reserve=0 (--reserve 0)."
    )
    error = raised.value
    assert (error.needed, error.remaining, error.reserved, error.budget) == (
        *(31, 130, 100),
        1_000,
    )
    for _ in range(3):
        ask(mine)
    with pytest.raises(BudgetReserved, match=f"^The statement stops before {LIST}: "):
        mine.enter(10, LIST)
    assert mine.enter(6, LIST, essential=True).wait == 0.0
    mine.check(0)
    assert mine.quota().spent == 46
    limits(reserve=0.0).check(90)


def test_without_a_reserve_only_what_cannot_end_is_refused(limits: Make) -> None:
    mine = limits(reserve=0.0)
    ask(mine, day(1_000, 15))
    with pytest.raises(BudgetReserved, match=r"15 are left \(told at .*\)\. Narrow "):
        mine.check(16)
    ask(mine)
    ask(mine, day(1_000, 1))
    ask(mine, day(1_000, 0))
    with pytest.raises(DailyBudgetSpent):
        mine.enter(1, LIST)


def test_without_answers_that_say_so_the_plan_tells_the_budget(limits: Make) -> None:
    mine = limits(plan="growth", seats=2)
    known = mine.quota()
    assert (known.left.budget, known.left.remaining) == (120_000, 120_000)
    assert (known.left.basis, known.reserved) == ("plan", 12_000)
    ask(mine, price=107_950)
    mine.check(50)
    with pytest.raises(BudgetReserved, match="for today at most 12,050 are left "):
        mine.check(51)
    assert limits("other", "https://other.pipedrive.com").quota().left.basis == ""


def test_the_budget_is_remembered_on_the_next_day(limits: Make) -> None:
    ask(limits(), day(1_000, 500), at(23, 59, date=28))
    mine = limits()
    ask(mine, at(0, 1, date=29))
    known = mine.quota()
    assert (known.day, known.spent) == ("2026-09-29", 10)
    assert (known.left.budget, known.left.remaining) == (1_000, 990)
    assert known.left.basis == "answer of an earlier day"


def test_answers_that_come_in_any_order_tell_what_is_left(limits: Make) -> None:
    mine = limits()
    places = [mine.enter(10, LIST) for _ in range(4)]
    remaining = []
    for number, left in ((1, 980), (0, 990), (3, 960), (2, 970)):
        mine.leave(places[number], 200, day(1_000, left))
        remaining.append(mine.quota().left.remaining)
    assert remaining == [950, 960, 950, 960], "less what is under way"
    ask(mine, day(1_000, 2_000))  # a top-up
    assert mine.quota().left.remaining == 2_000


def test_what_is_left_is_exact_once_all_answers_are_there(limits: Make) -> None:
    """In whatever order requests are counted, and whatever others spend meanwhile."""
    mine, chance = limits(), Random(7)
    left = 100_000
    for _ in range(30):
        places = [mine.enter(chance.randint(1, 40), LIST) for _ in range(6)]
        assert not any(place.wait for place in places)
        answers = []
        for place in chance.sample(places, 6):
            left -= place.price + chance.choice((0, 0, 7))
            answers.append((place, left))
        for place, told in chance.sample(answers, 6):
            mine.leave(place, 200, day(100_000, told) | window(10_000, 9_990))
        assert mine.quota().left.remaining == left


def test_answers_that_say_nothing_are_allowed_for_by_later_ones(limits: Make) -> None:
    mine = limits()
    silent, early, late = (mine.enter(10, LIST) for _ in range(3))
    mine.leave(early, 200, day(1_000, 980))
    mine.leave(silent, 200, {})
    mine.leave(late, 200, day(1_000, 970))
    assert mine.quota().left.remaining == 960, "the silent one may come to 970"
    ask(mine, day(1_000, 960))
    assert mine.quota().left.remaining == 960
    ask(mine, {})
    assert mine.quota().left.remaining == 950


def test_the_least_of_answers_that_come_together_is_the_latest(limits: Make) -> None:
    mine = limits(reserve=0.0)
    places = [mine.enter(10, LIST) for _ in range(3)]
    mine.leave(places[0], 200, day(1_000, 0))
    for place, left in ((places[2], 20), (places[1], 10)):
        mine.leave(place, 200, day(1_000, left))
        assert mine.quota().left.remaining == 0


def test_a_request_belongs_to_the_day_of_its_answer(limits: Make) -> None:
    mine = limits()
    ask(mine, at(23, 59, date=29))
    place = mine.enter(10, LIST)
    mine.leave(place, 200, day(1_000, 990) | at(0, 0))
    known = mine.quota()
    assert (known.day, known.spent, known.requests) == ("2026-09-30", 10, 1)
    assert known.left.remaining == 990
    assert known.renewed == datetime(2026, 10, 1, tzinfo=UTC)


def test_a_spent_day_stops_all_of_the_company_until_it_may_have_ended(
    limits: Make,
) -> None:
    mine = limits()
    ask(mine, at(21, 14))
    before = mine.enter(10, LIST)
    error = ask(mine, SPENT, at(21, 15), status=429)
    said = (
        "The company's API tokens for today are spent: Pipedrive said so at 21:15 UTC, "
        "and answers no request until its day ends, at 00:00 UTC as far as is known. "
        "It is asked again from 22:00 UTC on. Try again then, or buy a top-up."
    )
    assert isinstance(error, DailyBudgetSpent)
    assert str(error) == said
    for other in (mine, limits(), limits("another")):
        other.check(0)
        with pytest.raises(DailyBudgetSpent) as raised:
            other.check(1)
        assert (str(raised.value), raised.value.status) == (said, 429)
        with pytest.raises(DailyBudgetSpent):
            other.enter(1, LIST)
    assert mine.quota().requests == 3
    mine.leave(before, 200, at(22, 0))
    limits().check(1)
    ask(limits(), SPENT, status=429)
    with pytest.raises(DailyBudgetSpent):
        limits().check(1)


def test_an_answer_to_what_was_asked_before_does_not_end_it(limits: Make) -> None:
    mine = limits()
    before = mine.enter(10, LIST)
    ask(mine, SPENT, status=429)
    mine.leave(before, 200, day(1_000, 900))
    with pytest.raises(DailyBudgetSpent):
        mine.check(1)
    limits(url="https://other.pipedrive.com").check(1)


def test_where_the_day_is_sure_to_begin_a_spent_one_is_remembered_to_its_end(
    limits: Make,
) -> None:
    sure = Assumed(day_begins=4, day_may_begin_at_any_hour=False)
    mine = limits(assumed=sure)
    ask(mine, at(4, 1, date=29))
    under_way = [mine.enter(10, LIST) for _ in range(3)]
    error = ask(mine, SPENT, at(5, 30, date=29), status=429)
    assert "until its day ends, at 04:00 UTC as far as is known. Try" in str(error)
    for place, moment in zip(
        under_way, (at(6, 0, 29), at(3, 59), at(4, 0)), strict=True
    ):
        assert mine.quota().day == "2026-09-29"
        with pytest.raises(DailyBudgetSpent):
            mine.check(1)
        mine.leave(place, 200, moment)
    assert mine.quota().day == "2026-09-30"
    mine.check(1)


def test_a_blocked_client_sends_nothing_for_a_while(limits: Make) -> None:
    short = Assumed(blocked=0.3)
    mine = limits(assumed=short)
    error = ask(mine, {"content-type": "text/html; charset=UTF-8"}, status=403)
    assert isinstance(error, Blocked)
    until = mine.quota().blocked_until
    assert until is not None
    assert str(error) == (
        "Pipedrive blocks this client (403), because requests went on after it asked "
        f"to slow down. Nothing is sent before {until:%H:%M:%S} UTC. Stop all other "
        "programs that use the token, and try again then."
    )
    other = limits("another", assumed=short)
    with pytest.raises(Blocked):
        other.check(1)
    with pytest.raises(Blocked):
        other.enter(1, LIST)
    limits(url="https://other.pipedrive.com").check(1)
    time.sleep(0.3)
    other.check(1)
    assert ask(other) is None
    assert mine.quota().blocked_until is None


def test_a_right_that_is_missing_blocks_nobody(limits: Make) -> None:
    mine = limits()
    assert ask(mine, {"content-type": "application/json"}, status=403) is None
    mine.check(1)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"plan": "premum"}, "Pipedrive has no plan 'premum'. Do you mean premium? "),
        ({"plan": "gold"}, "Pipedrive has no plan 'gold'. Its plans are lite, growth"),
        ({"seats": 0}, "seats=0: a company has one at least."),
        ({"reserve": 1.0}, "reserve=1.0 is no part of the day's budget. It is 0 for"),
        ({"reserve": -0.1}, "reserve=-0.1 is no part"),
    ],
)
def test_what_cannot_be_is_said_at_once(
    how: dict[str, Any], message: str, limits: Make
) -> None:
    with pytest.raises(InterfaceError) as raised:
        limits(**how)
    assert str(raised.value).startswith(message)
