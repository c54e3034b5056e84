"""`pipedrive-sql check`: what it finds, and what it says where something is wrong."""

from __future__ import annotations

import http.server
import json
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from pipedrive_sql.catalog import TABLES
from pipedrive_sql.cli import main
from pipedrive_sql.client.rights import probes
from pipedrive_sql.sandbox import Sandbox

from .front_door import asked

ME = {
    "id": 3,
    "name": "Ada",
    "email": "ada@acme.example",
    "company_id": 9,
    "company_name": "Acme",
    "company_domain": "acme",
}
FIVE_MINUTES_AGO = 300  # seconds


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=7, deals=20) as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("API_TOKEN", "API_URL", "COMPANY_DOMAIN", "PROFILE", "CACHE_DIR"):
        monkeypatch.delenv(f"PIPEDRIVE_{name}", raising=False)
    monkeypatch.setenv("PIPEDRIVE_CONFIG_DIR", str(tmp_path / "config"))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`check(url, token, ...)` is the exit status, what was printed, and complaints."""

    def run(url: str, token: str, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("PIPEDRIVE_API_TOKEN", token)
        status = main(["check", "--api-url", url, *arguments])
        told = capsys.readouterr()
        assert token not in told.out + told.err
        return status, told.out, told.err

    return run


def test_who_one_is_and_where(check: Any, sandbox: Sandbox) -> None:
    sandbox.reset()
    status, told, complaints = check(sandbox.url, sandbox.token)
    assert (status, complaints) == (0, "")
    assert f"  address      {sandbox.url}\n" in told
    assert "  signed in by API token\n" in told
    assert "  user         Sam Sandbox <user1@sandbox-7.example>, id 1\n" in told
    assert "  TLS          none: a sandbox on this machine\n" in told
    assert "  secrets      the variable PIPEDRIVE_API_TOKEN\n" in told
    assert "  not asked    which may be read; costs 354 API tokens: --yes\n" in told
    assert told.endswith("\nIt can be used.\n")
    assert asked(sandbox) == ["GET /v1/users/me"]


def test_its_json_has_the_same_keys_whatever_is_known(
    check: Any, sandbox: Sandbox
) -> None:
    _, told, _ = check(sandbox.url, sandbox.token, "--json", "--no-tables")
    found = json.loads(told)
    assert list(found) == [
        *("ok", "problems", "tokens", "versions", "kept", "asked", "network"),
        *("limits", "tables_cost", "tables"),
    ]
    assert (found["ok"], found["problems"], found["tokens"]) == (True, [], 2)
    assert found["asked"]["user_id"] == 1
    assert found["asked"]["company_domain"] == "sandbox-7"
    assert found["network"]["milliseconds"] > 0
    _, told, _ = check("http://127.0.0.1:9", "nobody", "--json")
    missed = json.loads(told)
    assert missed["ok"] is False
    assert list(missed) == list(found)
    assert {part: list(missed[part]) for part in ("asked", "network", "limits")} == {
        part: list(found[part]) for part in ("asked", "network", "limits")
    }


def test_its_requests_are_told(check: Any, sandbox: Sandbox) -> None:
    _, _, told = check(sandbox.url, sandbox.token, "--no-tables", "-v")
    assert re.fullmatch(r"\S+ GET /v1/users/me 200 in .+, attempt 1\n", told)


def test_tables_are_asked_for_by_family(check: Any, sandbox: Sandbox) -> None:
    sandbox.reset()
    status, told, _ = check(sandbox.url, sandbox.token, "--yes", "--json")
    found = json.loads(told)
    assert status == 0
    names = [table["name"] for table in found["tables"]]
    assert names == [table.name for table in TABLES]
    assert {table["may"] for table in found["tables"]} == {True}
    assert found["tokens"] == found["tables_cost"] + 2
    assert len(asked(sandbox)) == len(probes(TABLES)) + 1


def test_every_table_belongs_to_a_family() -> None:
    told = {name for probe in probes(TABLES) for name in probe.tables}
    assert told == {table.name for table in TABLES}


def test_what_only_admins_may_read_is_told(check: Any) -> None:
    with Sandbox(seed=7, deals=20, role="regular") as sandbox:
        status, told, _ = check(sandbox.url, sandbox.token, "--yes")
    assert status == 0
    refused = re.findall(r"  may not      (.*)\n +(.*)\n", told)
    names = {name for names, _ in refused for name in names.split(", ")}
    assert {"roles", "permission_sets", "webhooks"} <= names
    assert "deals" not in names
    assert all(why.startswith("Pipedrive refuses GET") for _, why in refused)


def test_a_wrong_token(check: Any, sandbox: Sandbox) -> None:
    status, told, _ = check(sandbox.url, "token-of-nobody")
    assert status == 1
    assert re.search(r"Problem: .*\(401\)", told)
    assert told.endswith("\nIt cannot be used.\n")


def test_no_account_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 1
    told = capsys.readouterr().out
    assert "Problem: No API token" in told
    assert "  settings     " in told


def test_nobody_is_there(check: Any) -> None:
    status, told, _ = check("http://127.0.0.1:9", "token-of-nobody")
    assert status == 1
    assert "cannot be reached" in told


@contextmanager
def secure(authority: trustme.CA) -> Iterator[str]:
    """The URL of a host that knows one user, and whose clock is late."""

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"success": True, "data": ME}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            import time

            return super().date_time_string(time.time() - FIVE_MINUTES_AGO)

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[trustme.CA]:
    """One that this machine trusts as long as the tests run."""
    found = trustme.CA(organization_name="Certificates of tests")
    file = tmp_path_factory.mktemp("trust") / "authority.pem"
    found.cert_pem.write_to_path(str(file))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SSL_CERT_FILE", str(file))
        yield found


def test_the_certificate_and_the_clock(check: Any, authority: trustme.CA) -> None:
    with secure(authority) as url:
        status, told, _ = check(url, "token-of-ada", "--json")
    found = json.loads(told)
    assert (status, found["asked"]["user_name"]) == (0, "Ada")
    network = found["network"]
    assert network["tls_version"] == "TLSv1.3"
    assert network["certificate_issuer"] == "Certificates of tests"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", network["certificate_until"])
    assert FIVE_MINUTES_AGO - 5 < network["clock_ahead_seconds"] < FIVE_MINUTES_AGO + 5


def test_a_certificate_that_nobody_trusts(check: Any) -> None:
    with secure(trustme.CA(organization_name="Nobody")) as url:
        status, told, _ = check(url, "token-of-ada")
    assert status == 1
    assert "Problem: No secure connection to 127.0.0.1" in told
    assert "certificate" in told.lower()


def test_a_proxy_is_shown_without_its_password(
    check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://ada:hunter2@127.0.0.1:9")
    status, told, complaints = check("https://acme.pipedrive.com", "token-of-ada")
    assert status == 1
    assert "  proxy        http://127.0.0.1:9\n" in told
    assert "hunter2" not in told + complaints
