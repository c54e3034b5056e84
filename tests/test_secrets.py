"""No token and no secret shows anywhere: not in what is written, said or raised.

A session of everything that writes is run by processes of its own, in a home of their
own, at a sandbox that fails in all ways; then all that is left is searched through.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

import pipedrive_sql
from pipedrive_sql.client import keeping, profiles
from pipedrive_sql.client.account import account
from pipedrive_sql.client.authorization import App as ClientApp
from pipedrive_sql.client.authorization import Asking
from pipedrive_sql.client.credentials import ApiToken
from pipedrive_sql.errors import NotThere
from pipedrive_sql.sandbox import App, Sandbox

KNOWN = App.of(7)
COMMAND = [sys.executable, "-m", "pipedrive_sql"]
SHELL = """
SELECT count(*) FROM stages;
SELECT * FROM pipedrive_requests;
.explain SELECT name FROM stages
.requests
.usage
.show
"""
WRONG: tuple[dict[str, Any], ...] = (
    *({"status": status} for status in (302, 400, 401, 402, 403, 404, 410, 422)),
    {"status": 429, "headers": {"retry-after": "0"}},
)


@dataclass
class Trail:
    """Everything that may not hold a secret, and the secrets."""

    home: Path
    sandbox: Sandbox
    secrets: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)

    def environment(self, **more: str) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIPEDRIVE_", "XDG_"))
        }
        return kept | {
            "HOME": str(self.home),
            "PYTHONUTF8": "1",
            "PYTHONWARNINGS": "always",
            "PIPEDRIVE_SECRETS": "file",
            "PIPEDRIVE_CACHE_DIR": str(self.home / "cache"),
            "PIPEDRIVE_STATE_DIR": str(self.home / "state"),
            "PIPEDRIVE_CONFIG_DIR": str(self.home / "settings"),
            **more,
        }

    def run(self, *words: str, typed: str = "", **more: str) -> int:
        """Run the command, watching the process list meanwhile."""
        process = subprocess.Popen(
            [*COMMAND, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(**more),
            text=True,
        )
        assert process.stdin
        line = Path(f"/proc/{process.pid}/cmdline")
        if line.exists():
            self.said.append(line.read_bytes().decode())
        self.said += process.communicate(typed, 60)
        return process.returncode

    def check(self) -> None:
        """Nothing that was said or written has a secret in any of its usual dresses."""
        whole = "\n".join(self.said)
        for secret in self.secrets:
            assert len(secret) > 7
            for dress in dresses(secret):
                assert dress not in whole
        for path in self.home.rglob("*"):
            if path.is_file() and path != self.home / "settings" / "secrets.json":
                content = path.read_bytes()
                for secret in self.secrets:
                    for dress in dresses(secret):
                        assert dress.encode() not in content, path
        for heard in self.sandbox.heard:
            assert not any(secret in heard.query for secret in self.secrets)


def dresses(secret: str) -> set[str]:
    """A secret as it is, in a URL, and in base64."""
    return {secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode()}


@pytest.fixture
def trail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trail]:
    app = App(KNOWN.client_id, KNOWN.client_secret, consent="allow")
    with Sandbox(deals=12, app=app) as sandbox:
        trail = Trail(tmp_path, sandbox, {sandbox.token, KNOWN.client_secret})
        for name, value in trail.environment().items():
            monkeypatch.setenv(name, value)
        for name in ("API_TOKEN", "API_URL", "COMPANY_DOMAIN", "PROFILE"):
            monkeypatch.delenv(f"PIPEDRIVE_{name}", raising=False)
        yield trail


def sign_in(trail: Trail) -> None:
    """By OAuth, as `login` does, to the profile "default"."""
    words = ("login", "--api-url", trail.sandbox.url, "--paste")
    process = subprocess.Popen(
        [*COMMAND, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=trail.environment(
            PIPEDRIVE_CLIENT_ID=KNOWN.client_id,
            PIPEDRIVE_CLIENT_SECRET=KNOWN.client_secret,
        ),
        text=True,
    )
    assert process.stdout
    shown = ""
    while "/oauth/authorize" not in shown:
        line = process.stdout.readline()
        assert line, shown
        shown += line
    back = httpx.get(shown.split()[-1]).headers["location"]
    trail.secrets.add(re.search(r"code=([^&]+)", back)[1])  # type: ignore[index]
    trail.said += [shown, *process.communicate(back, 60)]
    assert process.returncode == 0
    trail.secrets.update(account().credentials.secrets())


def raised(trail: Trail, how: dict[str, Any]) -> None:
    """Fail in many ways, and note each error with its traceback and attributes."""
    for answer in WRONG:
        trail.sandbox.fail("/stages", times=20, **answer)
        try:
            with (
                pipedrive_sql.connect(cache_ttl=0, **how) as connection,
                warnings.catch_warnings(record=True) as told,
            ):
                connection.execute("SELECT name FROM stages").fetchall()
        except pipedrive_sql.Error as error:
            trail.said += traceback.format_exception(error)
            trail.said += [repr(error), repr(vars(error))]
            trail.said += [str(warning.message) for warning in told]
        else:
            raise AssertionError(f"{answer} is no error")
        trail.sandbox.faults.clear()


@pytest.mark.unofficial
@pytest.mark.skipif(sys.platform == "win32", reason="starts processes of POSIX")
@pytest.mark.parametrize("way", ["token", "kept token", "oauth"])
def test_secrets_show_nowhere(trail: Trail, way: str) -> None:
    sandbox = trail.sandbox
    how: dict[str, Any] = {}
    told: dict[str, str] = {}
    if way == "token":
        how = {"api_url": sandbox.url, "api_token": sandbox.token}
        told = {
            "PIPEDRIVE_API_URL": sandbox.url,
            "PIPEDRIVE_API_TOKEN": sandbox.token,
        }
    elif way == "kept token":
        words = ("login", "--api-token", "-", "--api-url", sandbox.url)
        assert trail.run(*words, typed=f"{sandbox.token}\n") == 0
    else:
        sign_in(trail)
        assert trail.run("whoami") == 0
        sandbox.oauth.end_access()
    assert trail.run("-vv", typed=SHELL, **told) == 0
    assert trail.run("check", "--no-tables", "--json", **told) == 0
    sandbox.fail("/stages", 401, times=9)
    assert trail.run("-vv", "SELECT count(*) FROM stages", **told) == 1
    sandbox.faults.clear()
    raised(trail, how)
    if way == "oauth":
        trail.secrets.update(account().credentials.secrets())
        sandbox.close()  # nobody can be told
        assert trail.run("logout") == 1
    trail.check()


def test_reprs(trail: Trail) -> None:
    sign_in(trail)
    profiles.settle("acme", {"token_command": "echo commandsecret"})
    keeping.keep("acme", ApiToken("keptsecret"))
    client = ClientApp(KNOWN.client_id, KNOWN.client_secret, trail.sandbox.url)
    asking = Asking(client, "http://localhost:1/", pkce=True)
    trail.secrets |= {"commandsecret", "keptsecret", asking.verifier}
    oauth = account()
    stored = account("keptsecret", api_url=trail.sandbox.url)
    for one in (oauth, oauth.credentials, stored, stored.credentials, client, asking):
        trail.said += [repr(one), str(one), f"{one!s}"]
    trail.said.append(repr(account(profile="acme")))
    trail.said.append(repr(trail.sandbox.oauth.app))
    with pipedrive_sql.connect() as connection:
        trail.said += [repr(connection), repr(vars(connection))]
        trail.said += [repr(row) for row in connection.execute("SELECT * FROM stages")]
    (trail.home / "settings" / "config.toml").unlink()
    trail.check()


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """An address of another host, and what came to it."""
    came: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):  # it is closed
                while True:
                    caller, _ = server.accept()
                    with caller:
                        came.append(caller.recv(10_000))

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", came
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.unofficial
def test_redirects_take_no_token_elsewhere(trail: Trail) -> None:
    sandbox = trail.sandbox
    with listening() as (elsewhere, came):
        there = {"location": f"{elsewhere}/api/v2/stages"}
        sandbox.fail("/stages", 302, headers=there)
        with (
            pipedrive_sql.connect(
                api_url=sandbox.url, api_token=sandbox.token
            ) as connection,
            pytest.raises(NotThere, match="the token would go there too"),
        ):
            connection.execute("SELECT name FROM stages").fetchall()
    assert came == []


def test_plain_http_goes_past_every_proxy(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = trail.sandbox
    with listening() as (elsewhere, came):
        for name in ("http_proxy", "all_proxy"):
            monkeypatch.setenv(name, elsewhere)
        monkeypatch.delenv("no_proxy", raising=False)
        with pipedrive_sql.connect(
            api_url=sandbox.url, api_token=sandbox.token
        ) as connection:
            connection.execute("SELECT name FROM stages").fetchall()
    assert came == []


def test_a_search_finds_what_is_shown(trail: Trail) -> None:
    trail.said.append(f"x {quote(trail.sandbox.token)} y")
    with pytest.raises(AssertionError):
        trail.check()
    trail.said.clear()
    (trail.home / "left").write_text(trail.sandbox.token)
    with pytest.raises(AssertionError):
        trail.check()
