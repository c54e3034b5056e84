"""The sandbox's OAuth: who gets in, for how long, and to what."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from pipedrive_sql.sandbox import App, Heard, Sandbox, Switches
from pipedrive_sql.sandbox.routes import ENDPOINTS
from pipedrive_sql.sandbox.scopes import SCOPES, scopes

from . import official

BACK = "http://localhost:8976/callback"
UNAUTHORIZED = {
    "success": False,
    "error": "unauthorized access",
    "errorCode": 401,
    "error_info": "Please check developers.pipedrive.com",
}
MISMATCH = {**UNAUTHORIZED, "error": "Scope and URL mismatch", "errorCode": 403}
DAY = 86_400.0


class Visitor:
    """A user with a browser, and the app."""

    def __init__(self, sandbox: Sandbox, http: httpx.Client) -> None:
        self.sandbox = sandbox
        self.http = http
        self.app = sandbox.oauth.app

    def consent(self, **more: str) -> dict[str, str]:
        """What the way back from the user says."""
        asked = {"client_id": self.app.client_id, "redirect_uri": BACK} | more
        answer = self.http.get("/oauth/authorize", params=asked)
        assert answer.status_code == 302, answer.text
        return self.told(answer)

    def told(self, answer: httpx.Response) -> dict[str, str]:
        where = answer.headers["location"]
        assert where.startswith(f"{BACK}?")
        return {
            name: value for name, (value,) in parse_qs(urlsplit(where).query).items()
        }

    def post(self, path: str, auth: Any = None, **form: str) -> Any:
        told = auth or (self.app.client_id, self.app.client_secret)
        return self.http.post(path, data=form, auth=told)

    def exchange(self, code: str, **more: str) -> Any:
        form = {"grant_type": "authorization_code", "redirect_uri": BACK, "code": code}
        return self.post("/oauth/token", **form | more)

    def refresh(self, token: str) -> Any:
        return self.post(
            "/oauth/token", grant_type="refresh_token", refresh_token=token
        )

    def sign_in(self) -> dict[str, Any]:
        answer = self.exchange(self.consent()["code"])
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def get(self, path: str, token: str, **query: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"}
        return self.http.get(path, headers=headers, params=query)


@contextmanager
def visiting(switches: Switches | None = None, **how: Any) -> Iterator[Visitor]:
    known = App.of(7)
    app = App(known.client_id, known.client_secret, **{"consent": "allow"} | how)
    with (
        Sandbox(deals=20, app=app, switches=switches) as sandbox,
        httpx.Client(base_url=sandbox.url, timeout=30) as http,
    ):
        yield Visitor(sandbox, http)


@pytest.fixture(scope="module")
def shared() -> Iterator[Visitor]:
    with visiting() as visitor:
        yield visitor


def test_signing_in(shared: Visitor) -> None:
    back = shared.consent(state="one & two")
    assert back["state"] == "one & two"
    answer = shared.exchange(back["code"])
    told = answer.json()
    assert told | {"access_token": "", "refresh_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 3599,
        "refresh_token": "",
        "scope": ",".join(SCOPES),
        "api_domain": shared.sandbox.url,
    }
    me = shared.get("/v1/users/me", told["access_token"])
    assert me.json()["data"]["company_domain"] == "sandbox-7"
    assert shared.get("/api/v2/deals", told["access_token"]).json()["data"]


def test_the_page_that_asks() -> None:
    with visiting(consent="ask") as visitor:
        asked = {"client_id": visitor.app.client_id, "redirect_uri": BACK, "state": '"'}
        page = visitor.http.get("/oauth/authorize", params=asked)
        assert page.headers["content-type"].startswith("text/html")
        assert "Allow and install" in page.text
        assert 'value="&quot;"' in page.text
        allowed = visitor.http.post(
            "/oauth/authorize", data=asked | {"decision": "allow"}
        )
        back = visitor.told(allowed)
        assert back["state"] == '"'
        assert visitor.exchange(back["code"]).status_code == 200
        denied = visitor.http.post(
            "/oauth/authorize", data=asked | {"decision": "deny"}
        )
        assert visitor.told(denied) == {"error": "access_denied", "state": '"'}


def test_a_user_who_denies() -> None:
    with visiting(consent="deny") as visitor:
        assert visitor.consent() == {"error": "access_denied"}


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"client_id": "another"}, "invalid_client"),
        ({"redirect_uri": "https://elsewhere.example/"}, "invalid_request"),
        ({"redirect_uri": ""}, "invalid_request"),
    ],
)
def test_authorizations_that_lead_nowhere(
    shared: Visitor, asked: dict[str, str], error: str
) -> None:
    given = {"client_id": shared.app.client_id, "redirect_uri": BACK} | asked
    answer = shared.http.get("/oauth/authorize", params=given)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_callback_that_is_registered() -> None:
    with visiting(redirect_uri="https://app.example/back") as visitor:
        asked = {"client_id": visitor.app.client_id, "redirect_uri": BACK}
        answer = visitor.http.get("/oauth/authorize", params=asked)
        assert answer.json()["error_description"] == "redirect_uri is invalid"


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
    ],
)
def test_tokens_that_are_not_given(
    shared: Visitor, form: dict[str, str], status: int, error: str
) -> None:
    answer = shared.post("/oauth/token", **form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_code_serves_once_at_its_own_address_and_for_five_minutes() -> None:
    with visiting() as visitor:
        code = visitor.consent()["code"]
        assert visitor.exchange(code).status_code == 200
        assert visitor.exchange(code).json()["error"] == "invalid_grant"
        code = visitor.consent()["code"]
        other = visitor.exchange(code, redirect_uri="http://localhost/other")
        assert other.json()["error"] == "invalid_request"
        code = visitor.consent()["code"]
        visitor.sandbox.oauth.wait(301)
        assert "has expired" in visitor.exchange(code).json()["error_description"]


def test_the_app_tells_who_it_is(shared: Visitor) -> None:
    wrong = (shared.app.client_id, "wrong")
    for path in ("/oauth/token", "/oauth/revoke"):
        answer = shared.post(path, wrong, grant_type="refresh_token")
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    form = {
        "grant_type": "authorization_code",
        "code": shared.consent()["code"],
        "redirect_uri": BACK,
        "client_id": shared.app.client_id,
        "client_secret": shared.app.client_secret,
    }
    assert shared.http.post("/oauth/token", data=form).status_code == 200
    assert shared.http.post("/oauth/token", json=form).status_code == 400
    with visiting(Switches(bad_client_status=400)) as visitor:
        assert visitor.post("/oauth/token", wrong).status_code == 400


def test_a_refresh_keeps_its_refresh_token() -> None:
    with visiting(expires_in=60) as visitor:
        first = visitor.sign_in()
        visitor.sandbox.oauth.wait(61)
        refused = visitor.get("/v1/users/me", first["access_token"])
        assert (refused.status_code, refused.json()) == (401, UNAUTHORIZED)
        assert refused.headers["x-401-by-gw"] == "true"
        assert refused.headers["x-correlation-id"]
        second = visitor.refresh(first["refresh_token"]).json()
        assert second["refresh_token"] == first["refresh_token"]
        assert visitor.get("/v1/users/me", second["access_token"]).status_code == 200


def test_a_refresh_token_lasts_sixty_days_from_its_last_use() -> None:
    with visiting() as visitor:
        token = visitor.sign_in()["refresh_token"]
        for _ in range(3):
            visitor.sandbox.oauth.wait(59 * DAY)
            assert visitor.refresh(token).status_code == 200
        visitor.sandbox.oauth.wait(60 * DAY)
        assert visitor.refresh(token).json()["error"] == "invalid_grant"


def test_the_slash_that_only_the_spec_has(shared: Visitor) -> None:
    answer = shared.post("/oauth/token/", grant_type="refresh_token")
    assert (answer.status_code, answer.headers["location"]) == (301, "/oauth/token")


def test_revoking() -> None:
    with visiting() as visitor:
        told = visitor.sign_in()
        revoked = visitor.post("/oauth/revoke", token=told["access_token"])
        assert revoked.status_code == 200
        assert visitor.get("/v1/users/me", told["access_token"]).status_code == 401
        again = visitor.refresh(told["refresh_token"]).json()
        assert visitor.get("/v1/users/me", again["access_token"]).status_code == 200
        visitor.post("/oauth/revoke", token=told["refresh_token"])
        assert visitor.get("/v1/users/me", again["access_token"]).status_code == 401
        assert visitor.refresh(told["refresh_token"]).json()["error"] == "invalid_grant"
        assert visitor.post("/oauth/revoke", token="none").status_code == 200


def test_what_ends_a_sign_in_from_outside() -> None:
    with visiting() as visitor:
        told = visitor.sign_in()
        visitor.sandbox.oauth.end_access()
        assert visitor.get("/v1/users/me", told["access_token"]).status_code == 401
        assert visitor.refresh(told["refresh_token"]).status_code == 200
        visitor.sandbox.oauth.uninstall()
        assert visitor.refresh(told["refresh_token"]).status_code == 400


def test_pkce_where_the_server_takes_it() -> None:
    digest = hashlib.sha256(b"verifier").digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    with visiting(Switches(oauth_checks_pkce=True)) as visitor:
        code = visitor.consent(code_challenge=challenge)["code"]
        assert visitor.exchange(code).json()["error"] == "invalid_grant"
        code = visitor.consent(code_challenge=challenge)["code"]
        assert visitor.exchange(code, code_verifier="verifier").status_code == 200


# Scopes


def test_what_an_app_may_not_ask() -> None:
    with visiting(scopes=("base", "deals:read")) as visitor:
        token = visitor.sign_in()["access_token"]
        assert visitor.get("/api/v2/deals", token).status_code == 200
        for path in ("/api/v2/persons", "/api/v2/users/1", "/v1/nothing"):
            answer = visitor.get(path, token)
            assert (answer.status_code, answer.json()) == (403, MISMATCH)
        headers = {"authorization": f"Bearer {token}"}
        posted = visitor.http.post("/api/v2/deals", json={}, headers=headers)
        assert (posted.status_code, posted.json()) == (403, MISMATCH)


def test_scopes_that_are_none() -> None:
    with pytest.raises(ValueError, match="'deals' is not a scope"):
        App("id", "secret", scopes=("deals",))


@official.needs_specs
@pytest.mark.parametrize("version", [1, 2])
def test_the_scopes_are_those_of_the_specs(version: int) -> None:
    for name, operation in official.operations(version).items():
        method, _, path = name.partition(" ")
        path = path.removeprefix("/api/v2").removeprefix("/v1")
        if not path.startswith("/oauth/"):
            ways = operation["security"]
            wanted = {one for way in ways for one in way.get("oauth2", ())}
            assert scopes(method, version, path) == wanted, name
    flows = official.spec(version)["components"]["securitySchemes"]["oauth2"]["flows"]
    assert set(SCOPES) >= set(flows["authorizationCode"]["scopes"])


def test_every_endpoint_has_scopes() -> None:
    assert all(scopes(e.method, e.version, e.path) for e in ENDPOINTS)


@official.needs_specs
def test_its_answers_are_as_the_spec_has_them() -> None:
    heard: list[Heard] = []
    Sandbox.listeners.append(heard.append)
    with visiting() as visitor:
        visitor.refresh(visitor.sign_in()["refresh_token"])
    Sandbox.listeners.remove(heard.append)
    named = [one for one in heard if one.endpoint]
    assert [one.endpoint for one in named] == ["POST /oauth/token"] * 2
    assert [line for one in named for line in official.problems(one)] == []
