"""Signing in and out: login, logout, whoami, and tokens that are kept fresh."""

from __future__ import annotations

import contextlib
import io
import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

import pipedrive_sql
from pipedrive_sql.cli.command import main
from pipedrive_sql.client.account import account
from pipedrive_sql.errors import BadAnswer, InterfaceError, SignedOut, Unavailable
from pipedrive_sql.sandbox import App, Sandbox, Switches

KNOWN = App.of(7)
COUNT = "SELECT count(*) FROM stages"
STAGES = [(16,)]
DAY = 86_400.0

# What a browser does: it goes where it is sent, and shows the last page.
BROWSER = """
import os, pathlib, sys, urllib.request
page = urllib.request.urlopen(sys.argv[1]).read().decode()
pathlib.Path(os.environ["PAGE"]).write_text(page)
"""


class Desk:
    """A user at a terminal, with a browser and a settings folder of his own."""

    def __init__(
        self, sandbox: Sandbox, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self._capsys = capsys

    def type(self, *words: str) -> tuple[int, str, str]:
        """The exit status, and what is on standard output and error."""
        self._capsys.readouterr()
        try:
            status = main(words)
        except SystemExit as left:
            status = int(str(left.code))
        shown = self._capsys.readouterr()
        return status, shown.out, shown.err

    def login(self, *words: str) -> tuple[int, str, str]:
        return self.type("login", "--api-url", self.sandbox.url, "--port", "0", *words)

    def page(self) -> str:
        """What the browser shows at the end."""
        shown = self.folder / "page.html"
        for _ in range(500):
            if shown.exists() and (text := shown.read_text()):
                return text
            time.sleep(0.01)
        raise AssertionError("the browser shows nothing")

    def refreshes(self) -> int:
        return sum(
            one.path == "/oauth/token" and one.status == 200
            for one in self.sandbox.heard
        )


@contextmanager
def seated(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    switches: Switches | None = None,
    **how: Any,
) -> Iterator[Desk]:
    # Python looks for a browser but once.
    browser = folder.parent / "browser.py"
    browser.write_text(BROWSER)
    monkeypatch.setenv("BROWSER", f"{sys.executable} {browser} %s")
    monkeypatch.setenv("PAGE", str(folder / "page.html"))
    monkeypatch.setenv("PIPEDRIVE_CONFIG_DIR", str(folder / "settings"))
    monkeypatch.setenv("PIPEDRIVE_CLIENT_ID", KNOWN.client_id)
    monkeypatch.setenv("PIPEDRIVE_CLIENT_SECRET", KNOWN.client_secret)
    for name in ("API_TOKEN", "API_URL", "COMPANY_DOMAIN", "PROFILE"):
        monkeypatch.delenv(f"PIPEDRIVE_{name}", raising=False)
    app = App(KNOWN.client_id, KNOWN.client_secret, **{"consent": "allow"} | how)
    with Sandbox(deals=12, app=app, switches=switches) as sandbox:
        yield Desk(sandbox, folder, capsys)


@pytest.fixture
def desk(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Desk]:
    with seated(tmp_path, capsys, monkeypatch) as desk:
        yield desk


def test_signing_in_by_oauth(desk: Desk) -> None:
    status, told, wrong = desk.login("--profile", "acme")
    assert (status, wrong) == (0, "")
    assert "Signed in as" in told
    assert "(sandbox-7.pipedrive.com)" in told
    assert "Signed in" in desk.page()
    assert "You can close this window." in desk.page()
    with pipedrive_sql.connect(profile="acme") as connection:
        assert connection.execute(COUNT).fetchall() == STAGES
    status, told, wrong = desk.type("whoami", "--profile", "acme")
    assert (status, wrong) == (0, "")
    assert f"asked at: {desk.sandbox.url}\n" in told
    assert "by:       OAuth\n" in told
    assert "deals:read" in told
    _, told, log = desk.type("whoami", "--profile", "acme", "--json", "-v")
    assert "GET /v1/users/me 200" in log
    found = json.loads(told)
    assert (found["by"], found["profile"], found["user_id"]) == ("oauth", "acme", 1)
    assert "deals:read" in found["scopes"]
    left = datetime.fromisoformat(found["token_until"]) - datetime.now(UTC)
    assert 3500 < left.total_seconds() < 3600
    status, told, _ = desk.type("--profile", "acme", "--mode", "list", COUNT)
    assert (status, told) == (0, "16\n")


def test_the_profile_called_default_needs_no_name(desk: Desk) -> None:
    assert desk.login()[0] == 0
    with pipedrive_sql.connect() as connection:
        assert connection.execute(COUNT).fetchall() == STAGES
    status, told, _ = desk.type("logout")
    assert (status, told) == (
        0,
        "Profile 'default' is signed out; its settings stay.\n",
    )
    with pytest.raises(SignedOut, match="Type: pipedrive-sql login --profile default"):
        pipedrive_sql.connect()


def test_signing_out_ends_the_tokens_at_pipedrive(desk: Desk) -> None:
    desk.login()
    credentials = account().credentials
    name, value = credentials.header()
    desk.type("logout")
    me = f"{desk.sandbox.url}/v1/users/me"
    assert httpx.get(me, headers={name: value}).status_code == 401
    with pytest.raises(SignedOut, match="was signed out meanwhile"):
        credentials.renew(value)
    assert desk.type("logout")[0] == 1


def test_signing_out_here_only(desk: Desk) -> None:
    desk.login()
    name, value = account().credentials.header()
    desk.type("logout", "--here-only")
    me = f"{desk.sandbox.url}/v1/users/me"
    assert httpx.get(me, headers={name: value}).status_code == 200


def test_signing_out_without_pipedrive(desk: Desk) -> None:
    desk.login()
    desk.sandbox.close()
    status, _, wrong = desk.type("logout")
    assert status == 1
    assert "are gone from here, but Pipedrive could not be told" in wrong
    with pytest.raises(SignedOut):
        pipedrive_sql.connect()


def test_a_user_who_does_not_agree(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with seated(tmp_path, capsys, monkeypatch, consent="deny") as desk:
        status, _, wrong = desk.login()
        assert status == 1
        assert wrong == (
            "Error: Nobody is signed in: the app was not allowed in Pipedrive.\n"
        )
        assert desk.type("whoami")[2].startswith("Error: No API token")


def test_a_user_who_does_not_come(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    status, told, wrong = desk.login("--no-browser", "--timeout", "0")
    assert status == 1
    assert f"{desk.sandbox.url}/oauth/authorize?client_id=" in told
    assert wrong.startswith("Error: Nobody came back from the browser in 0 s.")


@contextmanager
def begun(desk: Desk, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A login in a process of its own, and the page that it asks to open."""
    login = subprocess.Popen(
        [
            *(sys.executable, "-m", "pipedrive_sql", "login"),
            *("--api-url", desk.sandbox.url, *words),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert login.stdout
    with login:
        said = ""
        while "/oauth/authorize" not in said:
            line = login.stdout.readline()
            assert line, said
            said += line
        yield login, said.split()[-1]


def test_who_comes_with_another_state_is_turned_away(desk: Desk) -> None:
    with begun(desk, "--no-browser", "--port", "0") as (login, address):
        back = httpx.get(address).headers["location"]
        port = urlsplit(back).port
        for wrong in ("", "?code=1.2.3", "?code=1.2.3&state=guessed"):
            away = httpx.get(f"http://127.0.0.1:{port}/callback{wrong}")
            assert away.status_code == 400
        assert httpx.get(f"http://127.0.0.1:{port}/favicon.ico").status_code == 404
        page = httpx.get(back)
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        rest, wrong = login.communicate(timeout=30)
    assert (login.returncode, wrong) == (0, "")
    assert "Signed in as" in rest


def test_a_browser_on_another_machine(desk: Desk) -> None:
    words = ("--paste", "--redirect-uri", "http://localhost:1/elsewhere")
    with begun(desk, *words) as (login, address):
        rest, wrong = login.communicate(httpx.get(address).headers["location"], 30)
    assert (login.returncode, wrong) == (0, "")
    assert "Signed in as" in rest
    with begun(desk, *words) as (login, address):
        _, wrong = login.communicate("http://localhost:1/elsewhere?code=1&state=2", 30)
    assert login.returncode == 1
    assert "not the address that this sign-in ends at" in wrong


def test_pkce_is_sent_when_asked_for(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    strict = Switches(oauth_checks_pkce=True)
    with seated(tmp_path, capsys, monkeypatch, strict) as desk:
        assert desk.login("--pkce")[0] == 0
        assert any("code_challenge=" in one.query for one in desk.sandbox.heard)
        desk.sandbox.reset()
        assert desk.login()[0] == 0
        assert not any("code_challenge" in one.query for one in desk.sandbox.heard)


@pytest.mark.parametrize("status", [400, 401])
def test_a_wrong_client_secret(
    status: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    switches = Switches(bad_client_status=status)
    with seated(tmp_path, capsys, monkeypatch, switches) as desk:
        monkeypatch.setenv("PIPEDRIVE_CLIENT_SECRET", "wrongsecret")
        code, _, wrong = desk.login()
        assert code == 1
        assert "does not know this client id with this client secret" in wrong
        assert "wrongsecret" not in wrong
        assert "Not signed in" in desk.page()


def test_what_login_needs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIPEDRIVE_CLIENT_SECRET")
    assert "There is no client secret. Set PIPEDRIVE_CLIENT_SECRET" in desk.login()[2]
    monkeypatch.delenv("PIPEDRIVE_CLIENT_ID")
    assert "make a private one in Pipedrive's Developer Hub" in desk.login()[2]
    elsewhere = desk.type("login", "--client-id", "x", "--api-url", "https://h.example")
    assert "OAuth signs in at https://oauth.pipedrive.com" in elsewhere[2]
    monkeypatch.setenv("PIPEDRIVE_CLIENT_ID", "x")
    monkeypatch.setenv("PIPEDRIVE_CLIENT_SECRET", "y")
    assert "is not on this machine" in desk.login("--redirect-uri", "https://a.b/c")[2]
    assert "cannot be a profile's name" in desk.login("--profile", "a b")[2]


def test_signing_in_again_at_once(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    for _ in range(2):
        status, told, _ = desk.login("--port", port)
        assert status == 0, told
        assert "Signed in" in desk.page()


def test_a_port_that_is_taken(desk: Desk) -> None:
    port = str(urlsplit(desk.sandbox.url).port)
    wrong = desk.type("login", "--api-url", desk.sandbox.url, "--port", port)[2]
    assert f"Cannot listen at http://localhost:{port}/callback" in wrong


# API tokens


def test_signing_in_with_an_api_token(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{desk.sandbox.token}\n"))
    status, told, wrong = desk.type(
        "login", "--profile", "acme", "--api-token", "-", "--api-url", desk.sandbox.url
    )
    assert (status, wrong) == (0, "")
    assert "Signed in as" in told
    with pipedrive_sql.connect(profile="acme") as connection:
        assert connection.execute(COUNT).fetchall() == STAGES
    assert "by:       API token\n" in desk.type("whoami", "--profile", "acme")[1]
    status, told, _ = desk.type("logout", "--profile", "acme")
    assert "The API token itself stays good." in told


def test_a_wrong_api_token_is_not_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("wrongtoken\n"))
    status, _, wrong = desk.type(
        "login", "--api-token", "-", "--api-url", desk.sandbox.url
    )
    assert status == 1
    assert "refuses the token (401)" in wrong
    assert "wrongtoken" not in wrong
    assert not list(desk.folder.glob("settings/secrets*"))


# Keeping tokens fresh


def test_a_token_is_refreshed_before_it_ends(desk: Desk) -> None:
    desk.login()
    kept = desk.folder / "settings" / "secrets.json"
    text = kept.read_text()
    kept.write_text(re.sub(r'"renew_at":[\d.]+', '"renew_at":0.0', text))
    desk.sandbox.reset()
    with pipedrive_sql.connect() as connection:
        assert connection.execute(COUNT).fetchall() == STAGES
    assert desk.refreshes() == 1
    assert [one.status for one in desk.sandbox.heard if one.status == 401] == []
    assert kept.read_text() != text
    with pipedrive_sql.connect() as connection:
        assert connection.execute(COUNT).fetchall() == STAGES
    assert desk.refreshes() == 1


def test_a_token_that_is_refused_is_refreshed_once(desk: Desk) -> None:
    desk.login()
    with pipedrive_sql.connect(cache_ttl=0) as connection:
        connection.execute(COUNT).fetchall()
        desk.sandbox.reset()
        desk.sandbox.oauth.end_access()
        assert connection.execute(COUNT).fetchall() == STAGES
    assert desk.refreshes() == 1


def test_a_refresh_that_fails_for_a_moment(desk: Desk) -> None:
    desk.login()
    kept = account().credentials
    desk.sandbox.oauth.end_access()
    desk.sandbox.fail("/oauth/token", 503, times=2)
    assert kept.renew(kept.header()[1])
    desk.sandbox.fail("/oauth/token", 503, times=9)
    with pytest.raises(Unavailable, match="answers 503 to POST /oauth/token"):
        kept.renew(kept.header()[1])


def test_a_sign_in_that_is_over(desk: Desk) -> None:
    desk.login()
    with pipedrive_sql.connect(cache_ttl=0) as connection:
        desk.sandbox.oauth.wait(61 * DAY)
        with pytest.raises(SignedOut) as raised:
            connection.execute(COUNT).fetchall()
    assert str(raised.value) == (
        "Pipedrive does not take the sign-in any more (invalid_grant): it is over, or "
        "was taken back. Sign in again: pipedrive-sql login"
    )


def test_threads_refresh_once(desk: Desk) -> None:
    desk.login()
    credentials = account().credentials
    refused = credentials.header()[1]
    desk.sandbox.reset()
    threads = [
        threading.Thread(target=credentials.renew, args=[refused]) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.refreshes() == 1


RENEW = """
import sys
from pipedrive_sql.client.account import account
credentials = account().credentials
old = credentials.header()[1]
print("ready", flush=True)
sys.stdin.readline()
credentials.renew(old)
print(credentials.header()[1] != old)
"""


def test_processes_refresh_once(desk: Desk) -> None:
    desk.login()
    desk.sandbox.reset()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RENEW],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    desk.sandbox.oauth.end_access()
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[0] for process in processes] == [
        "True\n"
    ] * 3
    assert desk.refreshes() == 1


def test_many_requests_wait_for_one_refresh(desk: Desk) -> None:
    """More than the network's thread has threads to look names up with."""
    by_name = desk.sandbox.url.replace("127.0.0.1", "localhost")
    assert desk.type("login", "--api-url", by_name, "--port", "0")[0] == 0
    how: dict[str, Any] = {"cache_ttl": 0, "cache_dir": desk.folder / "cache"}
    pipedrive_sql.connect(**how).close()
    kept = desk.folder / "settings" / "secrets.json"
    ended = re.sub(r'"(ends|renew_at)":[\d.]+', r'"\1":0.0', kept.read_text())
    kept.write_text(ended)
    desk.sandbox.reset()
    answers: list[Any] = []
    with contextlib.ExitStack() as stack:
        threads = [
            threading.Thread(
                target=lambda c: answers.append(c.execute(COUNT).fetchall()),
                args=[stack.enter_context(pipedrive_sql.connect(**how))],
            )
            for _ in range(36)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert answers == [STAGES] * 36
    assert desk.refreshes() == 1


def test_a_profile_that_is_signed_in_anew_to_another_account(desk: Desk) -> None:
    desk.login()
    credentials = account().credentials
    kept = desk.folder / "settings" / "secrets.json"
    kept.write_text(re.sub(r'"company":\d+', '"company":999', kept.read_text()))
    with pytest.raises(SignedOut, match="was signed in to another account meanwhile"):
        credentials.renew(credentials.header()[1])


def test_the_identity_stays_over_refreshes(desk: Desk) -> None:
    desk.login()
    credentials = account().credentials
    before = credentials.identity
    assert credentials.renew(credentials.header()[1])
    assert credentials.identity == account().credentials.identity == before
    assert not set(credentials.secrets()) & set(repr(credentials).split("'"))


# Where tokens go


def test_oauth_tokens_go_to_their_own_company_only(desk: Desk) -> None:
    desk.login("--profile", "acme")
    others: list[dict[str, Any]] = [
        {"api_url": "https://elsewhere.example"},
        {"company_domain": "another"},
    ]
    for elsewhere in others:
        with pytest.raises(InterfaceError, match="its tokens are not sent to https://"):
            pipedrive_sql.connect(profile="acme", **elsewhere)


@pytest.mark.parametrize(
    "domain",
    [
        "https://evil.example",
        "http://company.pipedrive.com",
        "https://pipedrive.com.evil.example",
        "https://company.pipedrive.com/path",
        "https://user@company.pipedrive.com",
        "https://127.0.0.1@evil.example",
        "",
    ],
)
def test_an_api_domain_that_is_not_pipedrives(desk: Desk, domain: str) -> None:
    desk.sandbox.oauth.url = domain
    status, _, wrong = desk.login()
    assert status == 1
    assert "which is not Pipedrive's, so nothing is sent there" in wrong
    assert not list(desk.folder.glob("settings/secrets*"))


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"[]", b"{}", b'{"access_token": "t"}', b"null"],
)
def test_answers_that_are_no_tokens(desk: Desk, body: bytes) -> None:
    desk.login()
    credentials = account().credentials
    desk.sandbox.fail("/oauth/token", 200, body=body)
    with pytest.raises(BadAnswer):
        credentials.renew(credentials.header()[1])


def test_a_redirect_of_the_sign_in_is_not_followed(desk: Desk) -> None:
    desk.login()
    credentials = account().credentials
    there = {"location": "https://evil.example/"}
    desk.sandbox.fail("/oauth/token", 302, body=b"", headers=there)
    with pytest.raises(pipedrive_sql.Error, match="302"):
        credentials.renew(credentials.header()[1])


# At a sandbox that is started by its command


def test_the_sandbox_command_has_an_app(desk: Desk) -> None:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "pipedrive_sql", "sandbox", "--deals", "5"),
            *("--client-id", "an-app", "--client-secret", "its-secret"),
            *("--scopes", "base,deals:read", "--consent", "deny"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    with process:
        url = process.stdout.readline().split()[4]
        told = process.stdout.readline()
        asked = {"client_id": "an-app", "redirect_uri": "http://localhost/"}
        back = httpx.get(f"{url}/oauth/authorize", params=asked)
        process.terminate()
    assert told == "OAuth: client id an-app, client secret its-secret\n"
    assert back.headers["location"] == "http://localhost/?error=access_denied"
    wrong = desk.type("sandbox", "--scopes", "deals")
    assert wrong == (1, "", "Error: 'deals' is not a scope of Pipedrive.\n")


# Scopes


def test_a_sign_in_that_does_not_reach_everything(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = ("base", "deals:read")
    with seated(tmp_path, capsys, monkeypatch, scopes=few) as desk:
        desk.login()
        with pipedrive_sql.connect() as connection:
            assert connection.execute(COUNT).fetchall() == STAGES
            with pytest.raises(pipedrive_sql.Error, match="403"):
                connection.execute("SELECT id FROM persons").fetchall()
