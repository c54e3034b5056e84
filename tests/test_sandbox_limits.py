"""The limits of a plan, as the sandbox puts them in force."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from pipedrive_sql.sandbox import App, Sandbox, Switches

from .front_door import Door, opened

DEAL = "/api/v2/deals/1"
SEARCH = "/api/v2/deals/search"
LONG = 30.0  # seconds of a window that does not end while a test runs

pytestmark = pytest.mark.unofficial


def ask(door: Door, times: int, path: str = DEAL, **query: Any) -> list[int]:
    return [door.send("GET", path, **query).status_code for _ in range(times)]


def switched(**switches: Any) -> dict[str, Any]:
    """A sandbox of the Lite plan with a long window and these switches."""
    return {
        "deals": 5,
        "plan": "lite",
        "window": LONG,
        "switches": Switches(**switches),
    }


@pytest.mark.parametrize(
    ("plan", "most", "tokens"),
    [
        ("lite", 20, 30_000),
        ("growth", 40, 60_000),
        ("premium", 100, 150_000),
        ("ultimate", 120, 210_000),
    ],
)
def test_a_plan_has_its_limits(plan: Any, most: int, tokens: int) -> None:
    with opened(deals=5, plan=plan, seats=3, window=LONG) as door:
        first = door.send("GET", DEAL).headers
        assert first["x-ratelimit-limit"] == str(most)
        assert first["x-ratelimit-remaining"] == str(most - 1)
        assert first["x-ratelimit-reset"] == "30"
        assert first["x-daily-ratelimit-token-limit"] == str(3 * tokens)
        assert first["x-daily-ratelimit-token-remaining"] == str(3 * tokens - 1)
        assert ask(door, most - 1) == [200] * (most - 1)
        over = door.send("GET", DEAL)
        assert over.status_code == 429
        assert over.headers["x-ratelimit-remaining"] == "0"
        assert over.headers["retry-after"] in ("28", "29", "30")
        assert over.json()["success"] is False
        assert door.sandbox.usage()["too_many"] == 1
        assert door.sandbox.usage()["tokens"] == most


def test_an_app_has_four_times_as_many_and_each_token_its_own() -> None:
    app = App("app", "secret", consent="allow")
    with opened(deals=5, plan="lite", window=LONG, app=app) as door:
        assert ask(door, 21) == [200] * 20 + [429]
        url = door.sandbox.url
        place = {"redirect_uri": "http://127.0.0.1:1/"}
        asked = {"client_id": app.client_id, "state": "s", **place}
        page = httpx.get(f"{url}/oauth/authorize", params=asked)
        code = httpx.URL(page.headers["location"]).params["code"]
        given = httpx.post(
            f"{url}/oauth/token",
            data={"grant_type": "authorization_code", "code": code, **place},
            auth=(app.client_id, app.client_secret),
        ).json()
        bearer = {"authorization": f"Bearer {given['access_token']}"}
        with httpx.Client(base_url=url, headers=bearer) as http:
            answers = [http.get(DEAL) for _ in range(81)]
        assert [answer.status_code for answer in answers] == [200] * 80 + [429]
        assert answers[0].headers["x-ratelimit-limit"] == "80"


def test_the_window_rolls() -> None:
    with opened(deals=5, plan="lite", window=0.5) as door:
        began = monotonic()
        assert ask(door, 10) == [200] * 10
        sleep(0.3)
        assert ask(door, 10) == [200] * 10
        assert ask(door, 1) == [429]
        sleep(max(began + 0.55 - monotonic(), 0))
        assert ask(door, 3) == [200] * 3


def test_searches_have_a_window_of_their_own() -> None:
    with opened(deals=5, plan="growth", window=LONG) as door:
        assert ask(door, 10, SEARCH, term="deal") == [200] * 10
        assert ask(door, 1, SEARCH, term="deal") == [429]
        assert ask(door, 30) == [200] * 30
        assert ask(door, 1) == [429]


def test_without_a_plan_there_is_no_limit() -> None:
    with opened(deals=5) as door:
        assert ask(door, 150) == [200] * 150
        headers = door.send("GET", DEAL).headers
        assert not [name for name in headers if "ratelimit" in name]


def test_who_goes_on_is_blocked() -> None:
    how = switched(blocked_after=3, blocked_seconds=0.2)
    with opened(**how) as door:
        assert ask(door, 24) == [200] * 20 + [429] * 3 + [403]
        page = door.send("GET", DEAL)
        assert page.headers["content-type"].startswith("text/html")
        assert page.text.startswith("<!DOCTYPE html>")
        sleep(0.25)
        assert ask(door, 1) == [429]


# What is not documented


def test_limits_need_not_be_told() -> None:
    with opened(**switched(window_is_told=False, day_is_told="never")) as door:
        headers = door.send("GET", DEAL).headers
        assert not [name for name in headers if "ratelimit" in name]
        assert ask(door, 20)[-1] == 429
    with opened(**switched(day_is_told="now and then")) as door:
        name = "x-daily-ratelimit-token-limit"
        told = [name in door.send("GET", DEAL).headers for _ in range(4)]
        assert sorted(told) == [False, False, True, True]


def test_a_429_need_not_say_anything() -> None:
    how = switched(retry_after_is_told=False, too_many_is_json=False)
    with opened(**how) as door:
        ask(door, 20)
        over = door.send("GET", DEAL)
        assert (over.status_code, over.text) == (429, "Too Many Requests")
        assert "retry-after" not in over.headers


def test_searches_need_not_count_twice() -> None:
    with opened(**switched(searches_are_requests=False)) as door:
        ask(door, 10, SEARCH, term="deal")
        assert ask(door, 21) == [200] * 20 + [429]
    with opened(**switched(projects_search_is_one=False)) as door:
        assert ask(door, 12, "/api/v2/projects/search", term="pro") == [200] * 12


def test_what_was_refused_may_count() -> None:
    how = {**switched(refused_requests_count=True), "window": 1.0}
    with opened(**how) as door:
        assert ask(door, 20) == [200] * 20
        sleep(0.6)
        assert ask(door, 20) == [429] * 20
        sleep(0.6)
        assert ask(door, 1) == [429]


@pytest.mark.parametrize("hour", [0, 15])
def test_the_day_ends_by_the_company_s_clock(hour: int) -> None:
    switches = Switches(day_ends_at=hour)
    with opened(deals=5, daily_tokens=2, switches=switches) as door:
        assert ask(door, 3) == [200, 200, 429]
        company = door.sandbox.company
        end = company.now.replace(hour=hour, minute=0) + timedelta(days=hour == 0)
        company.pass_time(end - company.now - timedelta(seconds=1))
        assert ask(door, 1) == [429]
        company.pass_time(timedelta(seconds=1))
        assert ask(door, 3) == [200, 200, 429]


@pytest.mark.parametrize("how", [{"plan": "huge"}, {"plan": "lite", "seats": 0}])
def test_a_plan_that_is_none_is_refused(how: Any) -> None:
    with pytest.raises(ValueError, match=r"plan|seats"):
        Sandbox(empty=True, **how)
