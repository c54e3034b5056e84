"""What goes wrong by rule: which requests, and what happens to them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from pipedrive_sql.cli.command import main
from pipedrive_sql.cli.sandbox_arguments import parse_sandbox
from pipedrive_sql.cli.trouble import faults
from pipedrive_sql.sandbox import Fault
from pipedrive_sql.sandbox.faults import HOW

from .front_door import Door, ids, opened

PAGE = 5
DEALS = "/api/v2/deals"

pytestmark = pytest.mark.unofficial


@pytest.fixture(scope="module")
def shared() -> Iterator[Door]:
    with opened(deals=60, page_cap=PAGE) as door:
        yield door


@pytest.fixture
def door(shared: Door) -> Iterator[Door]:
    shared.sandbox.faults.clear()
    yield shared
    shared.sandbox.faults.clear()


def told(door: Door, rule: str) -> None:
    door.sandbox.faults.add(Fault.read(rule))


def statuses(door: Door, method: str, path: str, times: int, **query: Any) -> list[int]:
    """One connection, so that a broken one cannot be mistaken for the next answer."""
    return [door.send(method, path, **query).status_code for _ in range(times)]


# Which requests


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("503", [503, 503, 503, 503, 503, 503]),
        ("503 times=2", [503, 503, 200, 200, 200, 200]),
        ("503 every=3", [200, 200, 503, 200, 200, 503]),
        ("503 after=4", [200, 200, 200, 200, 503, 503]),
        ("503 after=1 every=2 times=2", [200, 200, 503, 200, 503, 200]),
        ("503 path=/persons", [200] * 6),
        ("503 path=/api/*/deals", [503] * 6),
        ("503 method=POST", [200] * 6),
        ("503 query=cursor", [200] * 6),
        ("503 query=limit", [503] * 6),
        ("503 query=limit=3", [503] * 6),
        ("503 query=limit=4", [200] * 6),
    ],
)
def test_a_rule_says_which_requests_are_hit(
    door: Door, rule: str, wanted: list[int]
) -> None:
    told(door, rule)
    assert statuses(door, "GET", DEALS, 6, limit=3) == wanted


def test_the_first_rule_that_hits_is_the_one_that_counts(door: Door) -> None:
    told(door, "500 times=1")
    told(door, "502 times=1")
    assert statuses(door, "GET", DEALS, 3) == [500, 502, 200]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("", "'' is nothing that can happen: a status, or one of status, html,"),
        ("explode", "'explode' is nothing that can happen"),
        ("503 evry=7", "'503 evry=7': there is no 'evry'; a rule takes header, after"),
        ("503 every=often", "every=often: that is not a number"),
        ("503 every=0", "every, times and size are at least 1"),
        ("503 row=first", "row= means nothing for status"),
        ("700", "700 is no status from 100 to 599"),
        ("length by=0", "by=0 is the right length"),
        ("answer delay=-1", "delay and pause are seconds from 0 on"),
        ("503 body='", "No closing quotation"),
    ],
)
def test_a_rule_without_a_meaning_is_refused(rule: str, sentence: str) -> None:
    with pytest.raises(ValueError) as raised:
        Fault.read(rule)
    assert sentence in str(raised.value)


def test_rules_can_be_given_over_http(door: Door) -> None:
    rules = f"{door.sandbox.url}/_sandbox/faults"
    assert httpx.post(rules, content="503 path=/deals times=2").status_code == 200
    body = {"status": 500, "path": "/persons", "headers": {"a": "b"}, "body": "x"}
    listed = httpx.post(rules, json=body).json()["data"]
    assert listed == [
        {"how": "status", "path": "/deals", "times": 2, "hits": 0},
        {"how": "status", **body, "hits": 0},
    ]
    assert statuses(door, "GET", DEALS, 1) == [503]
    answer = door.send("GET", "/api/v2/persons")
    assert (answer.text, answer.headers["a"]) == ("x", "b")
    assert [rule["hits"] for rule in httpx.get(rules).json()["data"]] == [1, 1]
    assert httpx.delete(rules).json()["data"] == []
    assert statuses(door, "GET", DEALS, 1) == [200]


@pytest.mark.parametrize("content", ["no", '{"stats": 500}', "{", '{"every": "x"}'])
def test_rules_without_a_meaning_are_refused_over_http(
    door: Door, content: str
) -> None:
    rules = f"{door.sandbox.url}/_sandbox/faults"
    answer = httpx.post(rules, content=content)
    assert answer.status_code == 400 and answer.json()["error"]
    assert httpx.get(rules).json()["data"] == []


# What happens


def test_answers_in_place_of_the_right_one(door: Door) -> None:
    before = len(door.sandbox.heard)
    told(door, "429 body='slow down' header=retry-after:3 times=1")
    told(door, "html times=1")
    told(door, "html status=502 times=1")
    told(door, "null times=1")
    slow, page, bad, null = (door.send("GET", DEALS) for _ in range(4))
    assert (slow.status_code, slow.text) == (429, "slow down")
    assert slow.headers["retry-after"] == "3"
    assert (page.status_code, bad.status_code) == (200, 502)
    assert page.headers["content-type"] == "text/html; charset=UTF-8"
    assert page.text.startswith("<!DOCTYPE html>")
    assert (null.status_code, null.text) == (200, "null")
    assert [heard.tokens for heard in door.sandbox.heard[before:]] == [0, 0, 0, 0]


def test_what_is_cut_was_done(door: Door) -> None:
    for rule in ("cut-head", "reset-head", "cut-body", "reset-body"):
        told(door, f"{rule} method=POST times=1")
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            door.send("POST", "/api/v2/organizations", {"name": rule})
        names = [row["name"] for row in door.sandbox.company.rows("organizations")]
        assert names[-1] == rule


@pytest.mark.parametrize("rule", ["cut-body", "length by=10"])
def test_a_short_body_can_be_told(door: Door, rule: str) -> None:
    told(door, f"{rule} times=1")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        door.send("GET", DEALS)


def test_a_body_longer_than_told(door: Door) -> None:
    told(door, "length by=-2 times=1")
    whole = httpx.get(
        f"{door.sandbox.url}{DEALS}", headers={"x-api-token": door.sandbox.token}
    )
    assert whole.text.endswith('"')
    assert len(whole.content) == len(door.send("GET", DEALS).content) - 2


def test_json_that_ends_half_way(door: Door) -> None:
    told(door, "broken times=1")
    half = door.send("GET", DEALS)
    assert half.status_code == 200
    assert door.send("GET", DEALS).text.startswith(half.text)
    with pytest.raises(ValueError, match="char"):
        half.json()


def test_headers_can_be_set_and_left_out(door: Door) -> None:
    told(door, "answer header=content-type:text/html header=X-A:1 drop=Date")
    answer = door.send("GET", DEALS)
    assert answer.headers["content-type"] == "text/html"
    assert answer.headers["x-a"] == "1"
    assert "date" not in answer.headers
    assert answer.json()["success"]


def test_answers_late_in_drops_and_never(door: Door) -> None:
    told(door, "answer delay=0.1 times=1")
    told(door, "drip size=1000 pause=0.01 times=1")
    told(door, "hang times=1")
    assert door.send("GET", DEALS).elapsed.total_seconds() >= 0.1
    began = time.monotonic()
    size = len(door.send("GET", DEALS).content)
    assert time.monotonic() - began >= size // 1000 * 0.01
    headers = {"x-api-token": door.sandbox.token}
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{door.sandbox.url}{DEALS}", headers=headers, timeout=0.1)
    assert door.send("GET", DEALS).status_code == 200


# Pages


@pytest.mark.parametrize("path", [DEALS, "/v1/notes"])
def test_pages_that_go_wrong(door: Door, path: str) -> None:
    right = ids(door.rows(path))
    assert len(right) > 2 * PAGE
    told(door, "skip-page times=1")
    assert ids(door.rows(path)) == right[:PAGE] + right[2 * PAGE :]
    told(door, "duplicate-row times=1")
    assert ids(door.rows(path)) == right[:PAGE] + right[:1] + right[PAGE:]
    told(door, "overlap times=2")
    once = right[:PAGE] + right[PAGE - 1 : PAGE] + right[PAGE:]
    assert ids(door.rows(path)) == once


def test_a_page_that_names_itself(door: Door) -> None:
    told(door, "same-cursor")
    first = door("GET", DEALS)
    cursor = first["additional_data"]["next_cursor"]
    second = door("GET", DEALS, cursor=cursor)
    assert second["additional_data"]["next_cursor"] == cursor
    notes = door("GET", "/v1/notes", start=PAGE)
    assert notes["additional_data"]["pagination"]["next_start"] == PAGE


@pytest.mark.parametrize("path", [DEALS, "/api/v2/persons", "/v1/leads", "/v1/notes"])
def test_rows_that_change_between_pages(path: str) -> None:
    with opened(deals=60, page_cap=PAGE) as door:
        right = door.rows(path)
        told(door, f"delete path={path} times=1")
        left = ids(door.rows(path))
        assert right[0]["id"] in left  # it was gone only after the first page
        assert right[0]["id"] not in ids(door.rows(path))
        told(door, f"change path={path} row=last times=1")
        before = door.rows(path)
        after = {row["id"]: row for row in door.rows(path)}
        changed = [row["id"] for row in before if after[row["id"]] != row]
        assert changed == [before[PAGE - 1]["id"]]
        told(door, f"add path={path} times=1")
        door("GET", path)
        added = set(ids(door.rows(path))) - set(after)
        assert len(added) == 1


def test_offsets_lose_a_row_when_one_before_is_deleted() -> None:
    """As on the real one: what is left moves up."""
    with opened(deals=60, page_cap=PAGE) as door:
        right = ids(door.rows("/v1/leads"))
        told(door, "delete path=/leads times=1")
        assert ids(door.rows("/v1/leads")) == right[:PAGE] + right[PAGE + 1 :]


def test_every_way_of_failing_has_a_rule_that_reads() -> None:
    for how in HOW:
        assert Fault.read(how).how == how


def test_the_command_line_takes_rules(capsys: pytest.CaptureFixture[str]) -> None:
    options = parse_sandbox(
        ["--fault", "503 every=7", "--fault", "null", "--plan=lite"]
    )
    assert [(fault.how, fault.every) for fault in faults(options)] == [
        ("status", 7),
        ("null", 1),
    ]
    assert (options.plan, options.seats) == ("lite", 1)
    assert main(["sandbox", "--fault", "explode"]) == 1
    assert "'explode' is nothing that can happen" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        parse_sandbox(["--help"])
    told = capsys.readouterr().out
    for how in HOW.keys() - {"status"}:
        assert re.search(rf"[ ;] {how}[ :]", told), how
    examples = re.search(r"each time, unless told\)\n(.+?)\n\n", told, re.DOTALL)
    assert examples is not None
    for line in examples[1].splitlines():
        Fault.read(line.strip())


def test_a_sandbox_with_a_hanging_answer_can_be_closed() -> None:
    with opened(empty=True) as door:
        told(door, "hang times=1")
        headers = {"x-api-token": door.sandbox.token}
        with closing(httpx.Client(headers=headers, timeout=0.05)) as http:
            with pytest.raises(httpx.ReadTimeout):
                http.get(f"{door.sandbox.url}{DEALS}")
            began = time.monotonic()
            door.sandbox.close()
    assert time.monotonic() - began < 2
