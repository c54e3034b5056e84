"""What goes wrong between Pipedrive and this program, and what is said about it.

Never fewer rows: an answer that cannot be read as a whole is an error.
"""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

import pipedrive_sql
from pipedrive_sql import Connection, errors
from pipedrive_sql.client.account import Account, account
from pipedrive_sql.client.credentials import ApiToken
from pipedrive_sql.client.network import Unreached
from pipedrive_sql.errors import (
    AccountClosed,
    BadAnswer,
    Blocked,
    DailyBudgetSpent,
    Gone,
    InterfaceError,
    NotThere,
    ProgrammingError,
    RateLimited,
    Refused,
    RequestError,
    ScopeMissing,
    TokenRefused,
    Unavailable,
)
from pipedrive_sql.sandbox import Sandbox

from .front_door import connected

DEALS = 60
ROWS_A_PAGE = 20
SQL = "SELECT id, title, value, vendor FROM deals"
HTML = {"content-type": "text/html; charset=UTF-8"}
AT_ONCE = {"retry-after": "0"}
FOR_GOOD: dict[str, Any] = {"times": 4, "headers": AT_ONCE}

pytestmark = pytest.mark.unofficial


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=DEALS, page_cap=ROWS_A_PAGE) as sandbox:
        yield sandbox


def told(body: Any, times: int = 1) -> dict[str, Any]:
    """Answers with status 200 and this body."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return {"status": 200, "body": text, "times": times, "headers": AT_ONCE}


# Statuses


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        (
            {"status": 401},
            TokenRefused,
            "Pipedrive refuses the token (401) at {url}. Check PIPEDRIVE_API_TOKEN (or "
            "the profile, or api_token=) and the company; a sign-in is made anew by: "
            "pipedrive-sql login.",
        ),
        (
            {"status": 402},
            AccountClosed,
            "Pipedrive refuses GET /api/v2/deals (402): The sandbox was told to fail. "
            "The company's account is closed or not paid for. An admin sees it under "
            "Settings > Billing.",
        ),
        (
            {"status": 403},
            Refused,
            "Pipedrive refuses GET /api/v2/deals (403): The sandbox was told to fail. "
            "The token's user has no right to it, or the plan does not include it.",
        ),
        (
            {"status": 403, "body": b"<html>Sorry, you are blocked", "headers": HTML},
            Blocked,
            "Pipedrive blocks this client (403), because requests went on after it "
            "asked to slow down. Nothing is sent before TIME UTC. Stop all other "
            "programs that use the token, and try again then.",
        ),
        (
            {"status": 403, "body": b'{"error": "Scope and URL mismatch"}'},
            ScopeMissing,
            "The sign-in does not reach to GET /api/v2/deals (403): Scope and URL "
            "mismatch. Add the scope to the app in Pipedrive's Developer Hub, then: "
            "pipedrive-sql login.",
        ),
        (
            {"status": 410},
            Gone,
            "Pipedrive has taken GET /api/v2/deals away (410): The sandbox was told to "
            "fail. Look for a newer version of pipedrive-sql.",
        ),
        (
            {"status": 404},
            NotThere,
            "Pipedrive has nothing at {url}/api/v2/deals (404): The sandbox was told "
            "to fail. Check the company domain or the API address.",
        ),
        (
            {"status": 302, "headers": {"location": "https://example.com/"}},
            NotThere,
            "{url} sends GET /api/v2/deals elsewhere (302). That is not followed, "
            "because the token would go there too. Check the company domain or the "
            "API address.",
        ),
        (
            {"status": 400},
            BadAnswer,
            "Pipedrive did not understand GET /api/v2/deals (400): The sandbox was "
            "told to fail. This is a fault of this program: please report the "
            "statement.",
        ),
        (
            {"status": 204, "body": b""},
            BadAnswer,
            "Pipedrive answers GET /api/v2/deals with 204 instead of 200. Rows could "
            "be missing, so nothing is shown. Try again; if it stays, report it.",
        ),
        (
            {"status": 422},
            BadAnswer,
            "Pipedrive did not understand GET /api/v2/deals (422): The sandbox was "
            "told to fail. This is a fault of this program: please report the "
            "statement.",
        ),
        (
            {"status": 500, **FOR_GOOD},
            Unavailable,
            "Pipedrive failed at GET /api/v2/deals (500): The sandbox was told to "
            "fail. Try again in a minute. It was asked 4 times.",
        ),
        (
            {
                "status": 502,
                "body": b"<html>Bad gateway",
                "headers": HTML | AT_ONCE,
                "times": 4,
            },
            Unavailable,
            "Pipedrive failed at GET /api/v2/deals (502). Try again in a minute. It "
            "was asked 4 times.",
        ),
        (
            {"status": 524, "body": b"error code: 524", **FOR_GOOD},
            Unavailable,
            "Pipedrive took too long over GET /api/v2/deals (524). Ask for less at a "
            "time, or try again in a minute. It was asked 4 times.",
        ),
        (
            {"status": 429, "headers": {"x-daily-ratelimit-token-remaining": "0"}},
            DailyBudgetSpent,
            "The company's API tokens for today are spent: Pipedrive said so at TIME "
            "UTC, and answers no request until its day ends, at 00:00 UTC as far as is "
            "known. It is asked again from TIME UTC on. Try again then, or buy a "
            "top-up.",
        ),
        (
            {"status": 429, "headers": AT_ONCE, "times": 5},
            RateLimited,
            "Pipedrive answers 429 (too many requests) to GET /api/v2/deals. Another "
            "program may be using the same token: wait a minute and try again. It was "
            "asked 5 times.",
        ),
    ],
)
def test_statuses(
    live: Connection,
    sandbox: Sandbox,
    answer: dict[str, Any],
    kind: type[RequestError],
    sentence: str,
) -> None:
    sandbox.fail("/deals", **answer)
    with pytest.raises(kind) as raised:
        live.execute(SQL).fetchall()
    assert type(raised.value) is kind
    expected = re.escape(sentence.format(url=sandbox.url)).replace("TIME", "[0-9:]+")
    assert re.fullmatch(expected, str(raised.value))
    assert raised.value.status == answer["status"]
    assert isinstance(raised.value, errors.OperationalError)
    if kind in (Blocked, DailyBudgetSpent):  # nothing more is sent for now
        with pytest.raises(kind):
            live.execute(SQL)
        return
    assert raised.value.path == "/api/v2/deals"
    # What failed is not kept.
    assert len(live.execute(SQL).fetchall()) == DEALS


def test_a_moment_of_too_many_requests_is_waited_for(
    live: Connection, sandbox: Sandbox
) -> None:
    sandbox.fail("/deals", 429, times=2, headers=AT_ONCE)
    cursor = live.execute(SQL)
    assert len(cursor.fetchall()) == DEALS
    assert [one.status for one in sandbox.heard] == [429, 429, 200, 200, 200]
    assert cursor.usage.requests == 5


def test_redirects_are_not_followed(live: Connection, sandbox: Sandbox) -> None:
    with Sandbox(empty=True) as elsewhere:
        sandbox.fail("/deals", 307, headers={"location": f"{elsewhere.url}/api/v2/x"})
        with pytest.raises(NotThere):
            live.execute(SQL).fetchall()
        assert elsewhere.heard == []


# Answers that cannot be read


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"null",
        [],
        b'{"success": true, "data": [{"id": 1},',
        b'{"success": true, "data": [{"id": 1, "title": "\xff"}]}',
        b'{"success": true, "data": [{"id": 1, "value": NaN}]}',
        b'{"success": true, "data": [{"id": 1, "value": 1e999}]}',
        {"success": True},
        {"success": False, "error": "something"},
        {"success": True, "data": {"id": 1}},
        {"success": True, "data": [{"id": 1}, 5]},
        {"success": True, "data": [{"id": 1, "custom_fields": "none"}]},
        {"success": True, "data": [], "additional_data": {"next_cursor": 5}},
    ],
)
def test_answers_that_cannot_be_read(
    live: Connection, sandbox: Sandbox, body: Any
) -> None:
    sandbox.fail("/deals", **told(body, times=4))
    with pytest.raises(
        BadAnswer, match=r"Rows could be missing, so nothing "
    ) as raised:
        live.execute(SQL).fetchall()
    assert raised.value.status == 200


@pytest.mark.parametrize(
    ("pagination", "why"),
    [
        (None, "it does not say whether there are more rows"),
        (
            {"more_items_in_collection": True},
            "more rows are announced, but not where they start",
        ),
    ],
)
def test_pages_of_v1_that_do_not_say_how_to_go_on(
    live: Connection, sandbox: Sandbox, pagination: Any, why: str
) -> None:
    additional = {"pagination": pagination}
    rows = [{"id": "a"}]
    sandbox.fail(
        "/leads", **told({"success": True, "data": rows, "additional_data": additional})
    )
    with pytest.raises(BadAnswer, match=why):
        live.execute("SELECT id FROM leads").fetchall()


@pytest.mark.parametrize(
    ("path", "additional"),
    [
        ("/deals", {"next_cursor": "abc"}),
        (
            "/leads",
            {"pagination": {"more_items_in_collection": True, "next_start": 0}},
        ),
    ],
)
def test_pages_that_go_in_a_circle(
    live: Connection, sandbox: Sandbox, path: str, additional: Any
) -> None:
    body = {"success": True, "data": [], "additional_data": additional}
    sandbox.fail(path, **told(body, times=2))
    with pytest.raises(BadAnswer, match=r"go in a circle: .+ Rows would be missing, "):
        live.execute(f"SELECT id FROM {path[1:]}").fetchall()


@pytest.mark.parametrize("body", [{"success": True, "data": None}])
def test_no_data_is_an_empty_list(
    live: Connection, sandbox: Sandbox, body: Any
) -> None:
    sandbox.fail("/deals", **told(body))
    assert live.execute(SQL).fetchall() == []


def test_a_cut_connection(live: Connection, sandbox: Sandbox) -> None:
    sandbox.fail("/deals", how="cut-body", times=3)
    assert len(live.execute(SQL).fetchall()) == DEALS
    live.refresh()
    sandbox.fail("/deals", how="cut-body", times=4)
    with pytest.raises(Unavailable) as raised:
        live.execute(SQL).fetchall()
    assert str(raised.value).startswith(
        "No rows: the answer to GET /api/v2/deals broke off ("
    )
    assert str(raised.value).endswith(
        "Check the network and the address, then try again. It was asked 4 times."
    )
    assert raised.value.status is None


@pytest.mark.parametrize("how", ["cut-head", "reset-head"])
def test_nothing_is_sent_again_that_is_not_counted(
    live: Connection, sandbox: Sandbox, how: str
) -> None:
    live.execute("SELECT id FROM stages").fetchall()  # the connection is kept open
    sandbox.reset()
    sandbox.fail("/deals", how=how, times=2)
    live.execute(SQL).fetchall()
    told = "SELECT status FROM pipedrive_requests WHERE path LIKE '/api/v2/deals?%'"
    statuses = [status for (status,) in live.execute(told)]
    assert statuses.count(None) == 2
    assert len(statuses) == len(sandbox.heard)


def test_a_refused_connection() -> None:
    with Sandbox(empty=True) as sandbox:
        live = connected(sandbox)
    sentence = rf"{sandbox.url} cannot be reached \(.+\)\. Check the network"
    with pytest.raises(Unavailable, match=f"^No rows: {sentence}") as raised:
        live.execute("SELECT id FROM deals")
    assert isinstance(raised.value.__cause__, Unreached)
    live.close()
    with pytest.raises(Unavailable, match=f"^No answer: {sentence}"):
        connected(sandbox)


# One row


def test_a_single_row_that_is_not_there(live: Connection, sandbox: Sandbox) -> None:
    sandbox.fail("/deals/1", 404)
    assert live.execute(f"{SQL} WHERE id = 1").fetchall() == []


@pytest.mark.parametrize("data", [5, "x", [5]])
def test_a_single_row_that_is_none(
    live: Connection, sandbox: Sandbox, data: Any
) -> None:
    sandbox.fail("/deals/1", **told({"success": True, "data": data}))
    with pytest.raises(BadAnswer):
        live.execute(f"{SQL} WHERE id = 1").fetchall()


# Half way


def test_an_error_half_way_ends_the_rows(live: Connection, sandbox: Sandbox) -> None:
    cursor = live.execute(f"{SQL} WHERE value IS NOT 0.5")
    assert len(cursor.fetchmany(5)) == 5
    sandbox.fail("/deals", 500, **FOR_GOOD)
    with pytest.raises(Unavailable):
        cursor.fetchall()
    for fetch in (cursor.fetchone, cursor.fetchmany, cursor.fetchall):
        with pytest.raises(ProgrammingError, match=r"^The statement failed, and its "):
            fetch()
    assert len(cursor.execute(SQL).fetchall()) == DEALS


def test_the_pages_before_an_error_are_not_asked_again(
    live: Connection, sandbox: Sandbox
) -> None:
    cursor = live.execute(f"{SQL} WHERE value IS NOT 0.5")
    cursor.fetchone()
    sandbox.fail("/deals", 503, **FOR_GOOD)
    with pytest.raises(Unavailable):
        cursor.fetchall()
    sandbox.reset()
    assert len(live.execute(SQL).fetchall()) == DEALS
    assert len(sandbox.heard) == 2


def test_an_error_at_execute_leaves_nothing_to_fetch(
    live: Connection, sandbox: Sandbox
) -> None:
    cursor = live.cursor()
    sandbox.fail("/deals", 500, **FOR_GOOD)
    with pytest.raises(Unavailable):
        cursor.execute(SQL)
    with pytest.raises(ProgrammingError):
        cursor.fetchall()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT d.id, p.name FROM deals d LEFT JOIN persons p ON p.id = d.person_id",
        "SELECT d.id, (SELECT name FROM persons WHERE id = d.person_id) FROM deals d",
        "SELECT id FROM deals WHERE person_id IN (SELECT id FROM persons)",
        "SELECT count(*) FROM persons",
        "SELECT email FROM person_emails",
        "SELECT id FROM persons UNION SELECT id FROM stages",
    ],
)
def test_an_error_in_any_part_is_the_statement_s(sandbox: Sandbox, sql: str) -> None:
    with connected(sandbox, cache_ttl=0) as live:
        sandbox.reset()
        rows = live.execute(sql).fetchall()
        last = sandbox.heard[-1].path
        sandbox.fail(last, 500, **FOR_GOOD)
        with pytest.raises(Unavailable):
            live.execute(sql).fetchall()
        assert live.execute(sql).fetchall() == rows


def test_an_error_undoes_what_the_statement_has_written(
    live: Connection, sandbox: Sandbox
) -> None:
    live.execute("CREATE TEMP TABLE kept(id)")
    live.execute("INSERT INTO kept SELECT id FROM persons LIMIT 1")
    live.execute("SELECT id FROM deals WHERE value IS NOT 0.5").fetchone()
    sandbox.fail("/deals", 500, **FOR_GOOD)
    with pytest.raises(Unavailable):
        live.execute("INSERT INTO kept SELECT id FROM deals WHERE value IS NOT 0.5")
    assert live.execute("SELECT count(*) FROM kept").fetchall() == [(1,)]


# Opening


def test_a_wrong_token(sandbox: Sandbox) -> None:
    wrong = "0" * 40
    with pytest.raises(Refused, match=r"^Pipedrive refuses the token \(401\)") as e:
        pipedrive_sql.connect(api_url=sandbox.url, api_token=wrong)
    assert wrong not in "".join(traceback.format_exception(e.value))


def test_fields_that_cannot_be_read(sandbox: Sandbox) -> None:
    sandbox.fail("/personFields", 503, **FOR_GOOD)
    with pytest.raises(Unavailable, match=r"GET /api/v2/personFields \(503\)"):
        connected(sandbox)


def test_a_failed_refresh_leaves_the_tables(live: Connection, sandbox: Sandbox) -> None:
    sandbox.fail("/dealFields", 503, **FOR_GOOD)
    with pytest.raises(Unavailable):
        live.refresh()
    assert len(live.execute(SQL).fetchall()) == DEALS


@pytest.mark.parametrize(
    ("domain", "url"),
    [
        ("acme", "https://acme.pipedrive.com"),
        ("Acme.pipedrive.com", "https://acme.pipedrive.com"),
        ("https://acme.pipedrive.com/deals", "https://acme.pipedrive.com"),
        (" acme ", "https://acme.pipedrive.com"),
    ],
)
def test_company_domains(domain: str, url: str) -> None:
    assert account("t", domain, None, {}) == Account(url, ApiToken("t"))


def test_where_the_account_is_named() -> None:
    environment = {
        "PIPEDRIVE_API_TOKEN": "t",
        "PIPEDRIVE_COMPANY_DOMAIN": "acme",
        "PIPEDRIVE_API_URL": "http://127.0.0.1:5000/",
    }
    assert account(environment=environment) == Account(
        "http://127.0.0.1:5000", ApiToken("t")
    )
    assert account("a", "other", None, environment) == Account(
        "https://other.pipedrive.com", ApiToken("a")
    )
    assert account("a", environment={}) == Account(
        "https://api.pipedrive.com", ApiToken("a")
    )


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({}, "No API token: Pipedrive answers only with one. Set PIPEDRIVE_API_TOKEN "),
        ({"api_token": "secret\nsecret"}, "The API token has characters that no token"),
        ({"api_token": "t", "company_domain": "a/b"}, "'a/b' is no Pipedrive company "),
        (
            {"api_token": "t", "api_url": "http://example.com"},
            "'http://example.com' ca",
        ),
        (
            {"api_token": "t", "api_url": "https://h/path"},
            "'https://h/path' cannot be ",
        ),
    ],
)
def test_accounts_that_cannot_be(how: dict[str, str], sentence: str) -> None:
    with pytest.raises(InterfaceError) as raised:
        account(**how, environment={})
    assert str(raised.value).startswith(sentence)
    assert "secret" not in str(raised.value)


# The token, and what is written down


def test_the_token_shows_nowhere(live: Connection, sandbox: Sandbox) -> None:
    answers: list[dict[str, Any]] = [
        {"status": status, "headers": AT_ONCE}
        for status in (302, 400, 401, 403, 404, 500)
    ]
    seen = [repr(live), repr(Account(sandbox.url, ApiToken(sandbox.token)))]
    for answer in [*answers, {"how": "cut-body"}, told(b"{")]:
        sandbox.fail("/deals", **{**answer, "times": 4})
        with pytest.raises(RequestError) as raised:
            live.execute(SQL).fetchall()
        seen += traceback.format_exception(raised.value)
        seen += [repr(raised.value), repr(vars(raised.value))]
        sandbox.reset()
    cursor = live.execute("SELECT * FROM pipedrive_requests")
    seen += map(repr, cursor)
    assert sandbox.token not in "".join(seen)
    assert all(sandbox.token not in one.query for one in sandbox.heard)


def test_every_request_is_written_down(live: Connection, sandbox: Sandbox) -> None:
    sandbox.fail("/deals", 500, **FOR_GOOD)
    with pytest.raises(Unavailable):
        live.execute(SQL)
    sandbox.fail("/deals", how="cut-body")
    live.execute(SQL).fetchone()
    live.execute(f"{SQL} WHERE id = 59").fetchall()
    rows = live.execute(
        "SELECT method, path, status, rows, tokens FROM pipedrive_requests "
        "WHERE statement > 0"
    ).fetchall()
    assert [(m, status, count, tokens) for m, _, status, count, tokens in rows] == [
        *[("GET", 500, 0, 10)] * 4,
        ("GET", None, 0, 10),
        ("GET", 200, ROWS_A_PAGE, 10),
        ("GET", 200, 1, 1),
    ]
    assert [path for _, path, *_ in rows] == [
        str(one).removeprefix("GET ") for one in sandbox.heard
    ]
