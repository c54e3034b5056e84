"""Profiles: whose Pipedrive is asked, what is settled about it, where secrets are."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import pipedrive_sql
from pipedrive_sql.cli.command import main
from pipedrive_sql.client import keeping, profiles
from pipedrive_sql.client.account import account
from pipedrive_sql.client.address import company, is_pipedrive
from pipedrive_sql.client.credentials import ApiToken
from pipedrive_sql.client.profiles import KEYS
from pipedrive_sql.errors import BudgetExceeded, InterfaceError, SignedOut, TokenRefused
from pipedrive_sql.sandbox import Sandbox

COUNT = "SELECT count(*) FROM stages"
SIGN_IN = Path(__file__).parent.parent / "docs" / "signin.md"

posix = pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=12) as sandbox:
        yield sandbox


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty settings folder, and nothing else said."""
    for name in list(os.environ):
        if name.startswith("PIPEDRIVE_") and not name.startswith("PIPEDRIVE_SQL_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIPEDRIVE_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("PIPEDRIVE_SECRETS", "file")
    return tmp_path


def settle(folder: Path, text: str) -> None:
    (folder / "config.toml").write_text(text)


def header(**how: Any) -> str:
    return account(**how).credentials.header()[1]


def refused(wanted: str, **how: Any) -> None:
    with pytest.raises(InterfaceError) as raised:
        account(**how)
    assert re.search(wanted, str(raised.value)), raised.value


# What is settled


def test_a_profile_says_what_connect_takes(settings: Path, sandbox: Sandbox) -> None:
    settle(
        settings,
        f'[profile.acme]\napi_url = "{sandbox.url}"\nmax_tokens = 4\ncache_ttl = 0\n'
        f'cache_dir = "{settings / "cache"}"\n',
    )
    keeping.keep("acme", ApiToken(sandbox.token))
    with pipedrive_sql.connect(profile="acme", max_tokens=100) as connection:
        sandbox.reset()
        for _ in range(2):
            connection.execute(COUNT).fetchall()
        assert sandbox.usage()["requests"] == 2
    assert list((settings / "cache").iterdir())
    settle(settings, f'[profile.acme]\napi_url = "{sandbox.url}"\nplan = "premium"\n')
    with pipedrive_sql.connect(profile="acme", timeout=60) as connection:
        quota = connection.execute("SELECT burst FROM pipedrive_quota")
        assert quota.fetchall() == [(100,)]
    settle(settings, f'[profile.acme]\napi_url = "{sandbox.url}"\nmax_tokens = 4\n')
    with (
        pipedrive_sql.connect(profile="acme") as connection,
        pytest.raises(BudgetExceeded, match="the ceiling is 4"),
    ):
        connection.execute(COUNT)
    settle(
        settings, f'[profile.acme]\napi_url = "{sandbox.url}"\nmax_tokens = "none"\n'
    )
    with pipedrive_sql.connect(profile="acme") as connection:
        assert connection.execute(COUNT).fetchall() == [(16,)]


def test_the_command_line_takes_a_profile(
    settings: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(settings, f'[profile.acme]\napi_url = "{sandbox.url}"\nmax_tokens = 4\n')
    keeping.keep("acme", ApiToken(sandbox.token))
    assert main(["--profile", "acme", COUNT]) == 1
    assert "the ceiling is 4" in capsys.readouterr().err
    assert (
        main(["--profile", "acme", "--max-tokens", "5", "--mode", "list", COUNT]) == 0
    )
    assert capsys.readouterr().out == "16\n"
    with pytest.raises(SystemExit):
        main(["--profile", "acme", "--demo", COUNT])


def test_a_profile_that_is_named_goes_before_the_environment(
    settings: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {name: settings / name for name in ("settled", "said", "given")}
    settle(
        settings,
        f'[profile.acme]\napi_url = "{sandbox.url}"\nstate_dir = "{folders["settled"]}"'
        f'\ncache_dir = "{folders["settled"]}"\n',
    )
    keeping.keep("acme", ApiToken(sandbox.token))

    def used(**how: Any) -> list[str]:
        with pipedrive_sql.connect(**how) as connection:
            connection.execute(COUNT).fetchall()
        return [name for name, folder in folders.items() if folder.exists()]

    assert used(profile="acme", cache_dir=folders["given"], state_dir=None) == [
        "settled",
        "given",
    ]
    for folder in folders.values():
        shutil.rmtree(folder, ignore_errors=True)
    for name in ("CACHE_DIR", "STATE_DIR"):
        monkeypatch.setenv(f"PIPEDRIVE_{name}", str(folders["said"]))
    assert used(profile="acme") == ["settled"]
    shutil.rmtree(folders["settled"])
    monkeypatch.setenv("PIPEDRIVE_PROFILE", "acme")
    assert used() == ["said"]


# Which one counts


def test_arguments_go_before_a_profile(settings: Path) -> None:
    settle(settings, '[profile.acme]\ncompany_domain = "acme"\n')
    keeping.keep("acme", ApiToken("kept"))
    assert account(profile="acme").url == "https://acme.pipedrive.com"
    assert header(profile="acme") == "kept"
    given = account("given", "other", profile="acme")
    assert given.url == "https://other.pipedrive.com"
    assert given.credentials.header() == ("x-api-token", "given")


def test_a_named_profile_takes_nothing_from_the_environment(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(settings, '[profile.acme]\n[profile.empty]\ncompany_domain = "empty"\n')
    keeping.keep("acme", ApiToken("kept"))
    monkeypatch.setenv("PIPEDRIVE_API_TOKEN", "environment")
    monkeypatch.setenv("PIPEDRIVE_COMPANY_DOMAIN", "environment")
    found = account(profile="acme")
    assert found.credentials.header()[1] == "kept"
    assert found.url == "https://api.pipedrive.com"
    with pytest.raises(SignedOut, match="login --profile empty"):
        account(profile="empty")


def test_the_environment_goes_before_the_profile_that_it_names(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(settings, '[profile.acme]\ncompany_domain = "acme"\nmax_tokens = 7\n')
    keeping.keep("acme", ApiToken("kept"))
    monkeypatch.setenv("PIPEDRIVE_PROFILE", "acme")
    assert header() == "kept"
    monkeypatch.setenv("PIPEDRIVE_API_TOKEN", "environment")
    found = account()
    assert found.credentials.header()[1] == "environment"
    assert found.url == "https://acme.pipedrive.com"
    assert found.profile is not None
    assert found.profile.max_tokens == 7
    monkeypatch.setenv("PIPEDRIVE_COMPANY_DOMAIN", "other")
    assert account().url == "https://other.pipedrive.com"


def test_default_serves_where_there_is_no_other_token(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(settings, '[profile.default]\ncompany_domain = "mine"\n')
    keeping.keep("default", ApiToken("kept"))
    assert (header(), account().url) == ("kept", "https://mine.pipedrive.com")
    monkeypatch.setenv("PIPEDRIVE_API_TOKEN", "environment")
    found = account()
    assert found.credentials.header()[1] == "environment"
    assert (found.url, found.profile) == ("https://api.pipedrive.com", None)


def test_the_demo_needs_no_profile(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIPEDRIVE_PROFILE", "nobody")
    pipedrive_sql.connect(demo=True).close()
    with pytest.raises(InterfaceError, match="There is no profile 'nobody'"):
        pipedrive_sql.connect()


# What cannot be


def test_a_profile_that_is_not_there(settings: Path) -> None:
    settle(settings, "[profile.acme]\n[profile.northwind]\n")
    refused(
        r"^There is no profile 'acne' in .*config\.toml\. Did you mean 'acme'\? "
        r"To make it, type: pipedrive-sql login --profile acne$",
        profile="acne",
    )
    refused("^'a b' cannot be a profile's name", profile="a b")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "company_domian = 'a'",
            r"'company_domian', which is no setting. Did you mean",
        ),
        ("colour = 'red'", r"which is no setting. There are: company_domain, api_url"),
        ("max_tokens = 'many'", r"max_tokens: Invalid enum value 'many'|max_tokens: "),
        ("cache_ttl = 'long'", r"cache_ttl: Expected `float \| null`, got `str`"),
        ("company_domain = 'a/b'", r"'a/b' is no Pipedrive company domain"),
        ("api_url = 'http://a.example'", r"'http://a.example' cannot be used"),
        ("api_token = 'secret'", r"has api_token: secrets do not belong there"),
        ("client_secret = 'secret'", r"secrets do not belong there"),
        ("token_command = 7", r"token_command: Expected"),
        ("company_domain = ", r"is no TOML"),
        ("[default]\nmax_tokens = 1", r"has 'default', but knows \[profile\.NAME\]"),
    ],
)
def test_settings_that_cannot_be(settings: Path, text: str, wanted: str) -> None:
    settle(settings, f"[profile.acme]\n{text}\n")
    keeping.keep("acme", ApiToken("kept"))
    refused(wanted, profile="acme")


def test_profiles_that_are_no_tables(settings: Path) -> None:
    settle(settings, "profile = 7\n")
    refused(r"each profile must be a \[profile\.NAME\]", profile="acme")
    (settings / "config.toml").write_bytes(b"\xff")
    refused("is no TOML", profile="acme")


def test_the_documented_settings_are_those_that_there_are(settings: Path) -> None:
    if not SIGN_IN.exists():
        pytest.skip("the pages are not beside the tests")
    page = SIGN_IN.read_text("utf-8")
    (block,) = re.findall(r"^```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    settle(settings, block)
    assert profiles.profile("acme").max_tokens == 2000
    assert profiles.profile("northwind").company_domain == "northwind"
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| ", page, re.MULTILINE)
    assert set(re.findall(r"\w+", " ".join(rows))) == set(KEYS)


def test_what_login_writes_leaves_the_rest(settings: Path, sandbox: Sandbox) -> None:
    text = (
        '# mine\n[profile.acme] # theirs\nmax_tokens = 7\napi_url = "http://[::1]:1"\n'
    )
    settle(settings, text)
    profiles.settle("acme", {"api_url": sandbox.url})
    profiles.settle("other", {})
    after = (settings / "config.toml").read_text()
    assert after.startswith("# mine\n[profile.acme] # theirs\nmax_tokens = 7\n")
    assert profiles.names() == ["acme", "other"]
    assert profiles.profile("acme").api_url == sandbox.url


# token_command


def command(folder: Path, program: str, **more: Any) -> None:
    words = json.dumps([sys.executable, "-c", program])
    rest = "".join(f"{k} = {json.dumps(v)}\n" for k, v in more.items())
    settle(folder, f"[profile.acme]\ntoken_command = {words}\n{rest}")


def test_a_program_prints_the_token(settings: Path) -> None:
    command(settings, "print('printed'); print('more')")
    assert header(profile="acme") == "printed"
    settle(settings, "[profile.acme]\ntoken_command = 'echo \"a b\" $HOME|'\n")
    refused("has characters that no token has", profile="acme")
    settle(
        settings,
        "[profile.acme]\ntoken_command = 'echo one | tr o 0'\n"
        "token_command_shell = true\n",
    )
    assert header(profile="acme") == "0ne"


@pytest.mark.parametrize(
    ("program", "wanted"),
    [
        ("import sys; print('printed'); sys.exit(3)", "ended with status 3. Run it by"),
        ("print()", "printed nothing, where a token was to be"),
    ],
)
def test_programs_that_print_no_token(
    settings: Path, program: str, wanted: str
) -> None:
    command(settings, program)
    with pytest.raises(InterfaceError, match=wanted) as raised:
        account(profile="acme")
    assert "printed'" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("token_command = '/no/such/program'", "cannot be run"),
        ("token_command = ''", "is empty"),
        ("token_command = []", "is empty"),
        ("token_command = 'echo \"'", "cannot be cut into words"),
        ("token_command = ['a']\ntoken_command_shell = true", "which no shell reads"),
    ],
)
def test_programs_that_cannot_be(settings: Path, text: str, wanted: str) -> None:
    settle(settings, f"[profile.acme]\n{text}\n")
    refused(wanted, profile="acme")


@pytest.mark.unofficial
def test_a_refused_token_is_printed_anew(settings: Path, sandbox: Sandbox) -> None:
    token, runs = settings / "token", settings / "runs"
    program = f"print(open({str(token)!r}).read()); open({str(runs)!r}, 'a').write('x')"
    command(settings, program, api_url=sandbox.url)
    token.write_text(sandbox.token)
    old = sandbox.token
    with pipedrive_sql.connect(profile="acme", cache_ttl=0) as connection:
        sandbox.token = "anew"
        token.write_text("anew")
        try:
            assert connection.execute(COUNT).fetchall() == [(16,)]
            assert runs.read_text() == "xx"
            assert connection.has_secret(old) and connection.has_secret("anew")
            token.write_text("")
            connection.execute(COUNT).fetchall()
            sandbox.token = "other"
            with pytest.raises(TokenRefused, match="no other: The token_command of"):
                connection.execute(COUNT)
            token.write_text("neither")
            with pytest.raises(TokenRefused, match="It was asked 2 times"):
                connection.execute(COUNT)
            assert runs.read_text() == "xxxx"
        finally:
            sandbox.token = old


@pytest.mark.unofficial
def test_threads_wait_for_one_program(settings: Path, sandbox: Sandbox) -> None:
    runs = settings / "runs"
    program = f"import time; open({str(runs)!r}, 'a').write('x'); print('wrong')"
    command(settings, f"{program}; time.sleep(0.5)", api_url=sandbox.url)
    credentials = account(profile="acme").credentials
    with ThreadPoolExecutor(6) as threads:
        others = list(threads.map(credentials.renew, ["wrong"] * 6))
    assert others == [False] * 6
    assert runs.read_text() == "xx"
    assert "wrong" not in repr(credentials)


def test_login_does_not_hide_behind_a_program(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(settings, "print('printed')")
    assert main(["login", "--profile", "acme", "--api-token", "-"]) == 1
    assert "has a token_command, which goes before" in capsys.readouterr().err


# Where secrets are


@posix
def test_secrets_in_a_file_are_the_users_own(settings: Path) -> None:
    old = os.umask(0)
    try:
        place = keeping.keep("default", ApiToken("kept"))
    finally:
        os.umask(old)
    file = settings / "secrets.json"
    assert place == str(file)
    assert [p.name for p in settings.iterdir() if p.stat().st_mode & 0o077] == []
    settle(settings, "[profile.default]\n")
    file.chmod(0o640)
    refused(r"can be read by others \(mode 640\).*Type: chmod 600 '.*secrets\.json'")
    file.chmod(0o600)
    assert header() == "kept"


def test_secrets_that_are_damaged(settings: Path) -> None:
    keeping.keep("default", ApiToken("kept"))
    settle(settings, "[profile.default]\n")
    file = settings / "secrets.json"
    file.write_text(file.read_text()[:-5])
    refused("is damaged. Delete it and sign in anew: pipedrive-sql login")


def test_secrets_of_several_profiles(settings: Path) -> None:
    settle(settings, "[profile.a]\n[profile.b]\n")
    keeping.keep("a", ApiToken("one"))
    keeping.keep("b", ApiToken("two"))
    assert (header(profile="a"), header(profile="b")) == ("one", "two")
    assert keeping.forget("a")
    assert not keeping.forget("a")
    assert header(profile="b") == "two"


def test_a_place_that_is_none(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(settings, "[profile.a]\n")
    monkeypatch.setenv("PIPEDRIVE_SECRETS", "pocket")
    refused("PIPEDRIVE_SECRETS=pocket is neither keyring nor file", profile="a")


# A keyring of the system, as the library finds it.
KEYRING = """
import json, os, pathlib
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError, PasswordSetError

class Ring(KeyringBackend):
    priority = 5
    name = "a ring"
    file = pathlib.Path(os.environ["RING"])

    def _all(self):
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def get_password(self, service, username):
        return self._all().get(f"{service}/{username}")

    def set_password(self, service, username, password):
        if len(password) > int(os.environ.get("RING_LIMIT", 9999)):
            raise PasswordSetError("too long")
        self.file.write_text(
            json.dumps(self._all() | {f"{service}/{username}": password})
        )

    def delete_password(self, service, username):
        kept = self._all()
        if kept.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError("none")
        self.file.write_text(json.dumps(kept))
"""
USE = """
from pipedrive_sql.client import keeping
from pipedrive_sql.client.credentials import ApiToken
print(keeping.keep("acme", ApiToken("f00dface")))
print(keeping.kept("acme").header()[1])
print(keeping.forget("acme"), keeping.forget("acme"))
"""


def using_ring(settings: Path, **environment: str) -> tuple[str, str]:
    """What the script prints, with such a keyring in the system."""
    (settings / "ring.py").write_text(KEYRING)
    done = subprocess.run(
        [sys.executable, "-c", USE],
        env={
            **{k: v for k, v in os.environ.items() if k != "PIPEDRIVE_SECRETS"},
            "PYTHON_KEYRING_BACKEND": "ring.Ring",
            "PYTHONPATH": str(settings),
            "RING": str(settings / "ring.json"),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout, done.stderr


def test_secrets_in_the_keyring(settings: Path) -> None:
    assert using_ring(settings)[0] == ("the keyring (a ring)\nf00dface\nTrue False\n")
    assert not (settings / "secrets.json").exists()


def test_secrets_that_the_keyring_does_not_take(settings: Path) -> None:
    told, _ = using_ring(settings, RING_LIMIT="10")
    assert told == f"{settings / 'secrets.json'}\nf00dface\nTrue False\n"
    _, wrong = using_ring(settings, RING_LIMIT="10", PIPEDRIVE_SECRETS="keyring")
    assert "The keyring (a ring) does not take the secret (too long)" in wrong
    assert "f00dface" not in wrong


def test_no_keyring_where_one_is_wanted(settings: Path) -> None:
    _, wrong = using_ring(
        settings,
        PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring",
        PIPEDRIVE_SECRETS="keyring",
    )
    assert "but there is no keyring here" in wrong


# Addresses


@pytest.mark.parametrize(
    "domain",
    [
        *("a b", "a.b", "evil.example", "acme.pipedrive.com.evil.example", "-acme"),
        *("acme/../x", "user@acme", "https://evil.example/acme.pipedrive.com", "é"),
        *("https://pipedrive.com.", "acme\n", "a" * 64),
    ],
)
def test_domains_that_are_none(settings: Path, domain: str) -> None:
    if domain == "acme\n":
        assert company(domain) == "https://acme.pipedrive.com"
    else:
        refused("is no Pipedrive company domain", api_token="t", company_domain=domain)


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://acme.pipedrive.com", True),
        ("https://acme.pipedrive.com/", True),
        ("https://Acme.Pipedrive.com", True),
        ("https://acme-sandbox.eu.pipedrive.com", True),
        ("http://acme.pipedrive.com", False),
        ("https://acme.pipedrive.com:444", False),
        ("https://acme.pipedrive.com/api", False),
        ("https://acme.pipedrive.com?x=1", False),
        ("https://user@acme.pipedrive.com", False),
        ("https://pipedrive.com", False),
        ("https://.pipedrive.com", False),
        ("https://evilpipedrive.com", False),
        ("https://acme.pipedrive.com.evil.example", False),
        ("", False),
    ],
)
def test_which_hosts_are_pipedrives(url: str, is_one: bool) -> None:
    assert is_pipedrive(url) == is_one


def test_an_api_token_from_standard_input(
    settings: Path,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(sandbox.token))
    words = ["login", "--profile", "acme", "--api-token", "-"]
    assert main([*words, "--api-url", sandbox.url]) == 0
    assert sandbox.token not in capsys.readouterr().out
    assert header(profile="acme") == sandbox.token
    assert account(profile="acme").url == sandbox.url
