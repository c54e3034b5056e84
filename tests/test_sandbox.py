"""The sandbox's door: who gets in, what is metered, what can go wrong."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from pipedrive_sql.sandbox import Company, Sandbox, Switches

from .front_door import Door, opened

UNAUTHORIZED = {
    "success": False,
    "error": "unauthorized access",
    "errorCode": 401,
    "error_info": "Please check developers.pipedrive.com",
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Door]:
    with opened(deals=40) as door:
        yield door


@pytest.fixture
def door(shared: Door) -> Door:
    shared.sandbox.reset()
    return shared


# Who gets in


@pytest.mark.parametrize("headers", [{}, {"x-api-token": "wrong"}])
@pytest.mark.parametrize("path", ["/api/v2/deals", "/v1/users", "/v1/nothing"])
def test_without_the_token_every_path_is_401(
    door: Door, headers: dict[str, str], path: str
) -> None:
    answer = httpx.get(door.sandbox.url + path, headers=headers)
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    assert answer.headers["x-401-by-gw"] == "true"
    assert answer.headers["x-correlation-id"]


def test_the_token_is_not_taken_from_the_query(door: Door) -> None:
    token = door.sandbox.token
    answer = httpx.get(f"{door.sandbox.url}/v1/users/me?api_token={token}")
    assert answer.status_code == 401


def test_v1_answers_under_both_prefixes_and_v2_under_one(door: Door) -> None:
    me = door("GET", "/v1/users/me")
    assert door("GET", "/api/v1/users/me") == me
    assert me["data"]["company_domain"] == "sandbox-7"
    assert door("GET", "/api/v2/pipelines")["data"]
    assert door.refused(404, "GET", "/v2/pipelines") == "Unknown method ."


@pytest.mark.parametrize(
    "path",
    ["/", "/v1", "/v1/", "/v1/deals", "/api/v2/users", "/api/v2/deals/1/nothing"],
)
def test_unknown_paths_are_404(door: Door, path: str) -> None:
    assert door.refused(404, "GET", path) == "Unknown method ."


def test_a_method_that_the_path_has_not_is_405(door: Door) -> None:
    assert door.refused(405, "PUT", "/api/v2/deals/1") == "Method Not Allowed"


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/api/v2/deals/9999", "Entity was not found"),
        ("/v1/leads/00000000-0000-4000-8000-000000000000", "requested lead not found"),
        ("/v1/users/999", "User not found or not accessible."),
        ("/v1/filters/999", "Filter not found"),
        ("/v1/notes/9999", "Note not found"),
        ("/api/v2/dealFields/nothing", "Entity was not found"),
    ],
)
def test_rows_that_are_not_there_are_404(door: Door, path: str, error: str) -> None:
    assert door.refused(404, "GET", path) == error


# Parameters


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"type": "call"}, "'type' is not allowed for this request"),
        ({"cursor": "broken"}, "'cursor' is not a valid cursor"),
        ({"limit": 0}, "'limit' must be between 1 and 500"),
        ({"limit": 501}, "'limit' must be between 1 and 500"),
        ({"limit": "many"}, "'limit' must be an integer"),
        ({"owner_id": "me"}, "'owner_id' must be an integer"),
        ({"done": "maybe"}, "'done' must be a boolean"),
        ({"updated_since": "2026-01-01"}, "'updated_since' is not a valid datetime"),
        (
            {"updated_since": "2026-01-01T00:00:00.5Z"},
            "'updated_since' is not a valid datetime",
        ),
        ({"sort_by": "subject"}, "'sort_by' must be one of: id, update_time,"),
        ({"include_fields": "note"}, "'include_fields' must be any of: attendees"),
        ({"ids": ",".join(map(str, range(101)))}, "'ids' must have at most 100 items"),
    ],
)
def test_what_the_endpoint_does_not_take_is_400(
    door: Door, query: dict[str, str], problem: str
) -> None:
    answer = door.send("GET", "/api/v2/activities", **query)
    assert answer.status_code == 400
    assert answer.json()["code"] == "ERR_SCHEMA_VALIDATION_FAILED"
    (name,) = query
    start = f"Validation failed: {name}: Parameter {problem}"
    assert answer.json()["error"].startswith(start)


@pytest.mark.unofficial
def test_switches_make_it_lenient() -> None:
    switches = Switches(
        unknown_parameter_is_refused=False,
        bad_cursor_is_refused=False,
        bad_limit_is_refused=False,
        too_many_ids_are_refused=False,
        too_many_custom_fields_are_refused=False,
        empty_v1_list_is_null=False,
    )
    with opened(deals=10, switches=switches) as door:
        every = door.rows("/api/v2/deals")
        assert door.rows("/api/v2/deals", nonsense=1) == every
        assert door("GET", "/api/v2/deals", cursor="broken")["data"] == every
        assert door("GET", "/api/v2/deals", limit=0)["data"] == every[:1]
        ids = [*range(1000, 1100), every[0]["id"]]
        assert door.rows("/api/v2/deals", ids=",".join(map(str, ids))) == []
        codes = list(every[0]["custom_fields"])
        narrow = door.rows("/api/v2/deals", custom_fields=",".join(codes))
        assert list(narrow[0]["custom_fields"]) == codes[:15]
        assert door("GET", "/v1/notes", task_id=1)["data"] == []


def test_a_cursor_belongs_to_its_order(door: Door) -> None:
    first = door("GET", "/api/v2/deals", limit=1)
    cursor = first["additional_data"]["next_cursor"]
    error = door.refused(
        400, "GET", "/api/v2/deals", cursor=cursor, sort_by="update_time"
    )
    assert error.endswith("Parameter 'cursor' is not a valid cursor")


def test_a_body_must_be_json(door: Door) -> None:
    answer = door.http.post("/api/v2/deals", content=b"{")
    assert answer.status_code == 400
    assert answer.json()["error"] == "The request body is not valid JSON"


# What was asked


def test_every_request_is_heard_with_its_price(door: Door) -> None:
    door("GET", "/api/v2/deals", status="won", ids="1,2")
    door("GET", "/api/v2/deals/1")
    door.send("GET", "/v1/nothing")
    heard = door.sandbox.heard
    assert [str(one) for one in heard] == [
        "GET /api/v2/deals?status=won&ids=1,2",
        "GET /api/v2/deals/1",
        "GET /v1/nothing",
    ]
    assert [(one.status, one.tokens) for one in heard] == [
        (200, 10),
        (200, 1),
        (404, 0),
    ]


def test_usage_counts_by_endpoint_until_it_is_reset(door: Door) -> None:
    door("GET", "/api/v2/deals/1")
    door("GET", "/api/v2/deals/2")
    door("GET", "/api/v2/pipelines")
    usage = httpx.get(f"{door.sandbox.url}/_sandbox/usage").json()
    assert usage == door.sandbox.usage()
    assert (usage["requests"], usage["tokens"]) == (3, 7)
    assert usage["endpoints"] == {
        "GET /api/v2/deals/{id}": {"requests": 2, "tokens": 2, "rows": 2},
        "GET /api/v2/pipelines": {"requests": 1, "tokens": 5, "rows": 3},
    }
    assert usage["heard"][0] == {
        "method": "GET",
        "path": "/api/v2/deals/1",
        "query": "",
        "status": 200,
        "tokens": 1,
        "rows": 1,
    }
    assert httpx.post(f"{door.sandbox.url}/_sandbox/reset").status_code == 200
    assert door.sandbox.usage()["requests"] == 0


def test_bodies_are_kept_when_recording_and_never_the_token() -> None:
    with opened(empty=True, record=True) as door:
        door.add("/api/v2/deals", title="One")
        (heard,) = door.sandbox.heard
        assert heard.body == b'{"title":"One"}'
        assert b'"title":"One"' in heard.answer
        assert door.sandbox.token not in repr(heard)


# What goes wrong


def test_failures_come_as_often_as_told_and_only_where_told(door: Door) -> None:
    door.sandbox.fail("/deals", status=429, times=2, headers={"Retry-After": "1"})
    assert door("GET", "/api/v2/pipelines")["success"]
    answers = [door.send("GET", "/api/v2/deals") for _ in range(3)]
    assert [a.status_code for a in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "1"
    assert door.sandbox.usage()["tokens"] == 5 + 10


def test_a_failure_can_have_any_body(door: Door) -> None:
    html = {"content-type": "text/html"}
    door.sandbox.fail(status=403, body=b"<html>slow down</html>", headers=html)
    answer = door.send("GET", "/api/v2/deals")
    assert (answer.status_code, answer.text) == (403, "<html>slow down</html>")
    assert answer.headers["content-type"] == "text/html"


def test_a_connection_can_be_cut_in_the_middle(door: Door) -> None:
    door.sandbox.fail("/deals", how="cut-body")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        door.send("GET", "/api/v2/deals")
    assert door("GET", "/api/v2/deals")["success"]


# How it is run


def test_pages_are_capped_whatever_the_limit() -> None:
    with opened(deals=20, page_cap=7) as door:
        page = door("GET", "/api/v2/deals", limit=500)
        assert len(page["data"]) == 7
        assert len(door.rows("/api/v2/deals", limit=500)) == 20
        leads = door("GET", "/v1/notes", limit=500)
        assert leads["additional_data"]["pagination"]["limit"] == 7


def test_two_sandboxes_on_one_company_agree() -> None:
    company = Company.sample(deals=10)
    with opened(company=company, token="one") as one, opened(company=company) as two:
        assert one.sandbox.token == "one"
        added = one.add("/api/v2/deals", title="New")
        assert two("GET", f"/api/v2/deals/{added['id']}")["data"] == added


def test_answers_can_be_slow() -> None:
    with opened(empty=True, latency=0.2) as door:
        assert door.send("GET", "/v1/users/me").elapsed.total_seconds() >= 0.2


def test_a_port_in_use_is_an_error() -> None:
    with Sandbox(empty=True) as sandbox:
        port = int(sandbox.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            Sandbox(empty=True, port=port)


def test_in_the_foreground_it_says_where_it_listens_first() -> None:
    program = "from pipedrive_sql.sandbox import run; run(deals=10, token='secret')"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.fullmatch(
            r"Pipedrive sandbox listening on (http://127\.0\.0\.1:\d+)"
            r" \(token secret\)\n",
            line,
        )
        assert found, line
        answer = httpx.get(f"{found[1]}/v1/users", headers={"x-api-token": "secret"})
        assert answer.status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
