"""The account's fields, kept on disk between connections."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import pipedrive_sql
from pipedrive_sql.connection import Connection
from pipedrive_sql.errors import Unavailable
from pipedrive_sql.sandbox import Sandbox

FIELDS = [
    f"/api/v2/{entity}Fields"
    for entity in ("deal", "organization", "person", "product", "project")
]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(empty=True) as sandbox:
        yield sandbox


@pytest.fixture
def connected(sandbox: Sandbox, tmp_path: Path) -> Callable[[], closing[Connection]]:
    """Opens connections that keep the fields in one folder."""

    def connect() -> closing[Connection]:
        sandbox.reset()
        return closing(
            pipedrive_sql.connect(
                api_url=sandbox.url, api_token=sandbox.token, cache_dir=tmp_path
            )
        )

    return connect


def asked(sandbox: Sandbox) -> list[str]:
    return sorted(heard.path for heard in sandbox.heard)


def kept(folder: Path) -> tuple[Path, dict[str, Any]]:
    """The file of fields in the folder, and what is in it."""
    (file,) = [f for f in folder.iterdir() if not f.name.endswith(".counts.json")]
    return file, json.loads(file.read_text("utf-8"))


def age(folder: Path, days: float) -> datetime:
    """Make what is kept that many days old."""
    file, content = kept(folder)
    read = datetime.now(UTC) - timedelta(days=days)
    file.write_text(json.dumps(content | {"read": read.isoformat()}), "utf-8")
    return read


Connected = Callable[[], closing[Connection]]


def test_fields_are_asked_for_once(sandbox: Sandbox, connected: Connected) -> None:
    with connected() as first:
        assert asked(sandbox) == FIELDS
        assert (first.usage.requests, first.usage.tokens) == (5, 50)
    with connected() as second:
        assert asked(sandbox) == []
        assert second.usage.requests == 0
        assert second.messages == []


def test_the_file_is_for_its_owner_alone_and_has_no_token(
    sandbox: Sandbox, connected: Connected, tmp_path: Path
) -> None:
    with connected():
        pass
    file, _ = kept(tmp_path)
    assert sandbox.token not in file.read_text("utf-8") + file.name
    assert file.stat().st_mode & 0o077 == 0


def test_accounts_are_kept_apart(connected: Connected, tmp_path: Path) -> None:
    with connected(), Sandbox(seed=8, deals=10) as other:
        with closing(
            pipedrive_sql.connect(
                api_url=other.url, api_token=other.token, cache_dir=tmp_path
            )
        ) as connection:
            assert connection.usage.requests > 0
        assert len(list(tmp_path.iterdir())) == 2


def test_fields_older_than_a_day_are_asked_for_anew(
    sandbox: Sandbox, connected: Connected, tmp_path: Path
) -> None:
    with connected():
        pass
    age(tmp_path, days=0.9)
    with connected():
        assert asked(sandbox) == []
    age(tmp_path, days=1.1)
    with connected():
        assert asked(sandbox) == FIELDS
    with connected():
        assert asked(sandbox) == []


def test_without_a_network_old_fields_serve_and_their_age_is_told(
    sandbox: Sandbox, connected: Connected, tmp_path: Path
) -> None:
    with connected():
        pass
    read = age(tmp_path, days=3)
    sandbox.close()
    with connected() as offline:
        ((kind, warning),) = offline.messages
        assert kind is pipedrive_sql.Warning
        assert str(warning).startswith(
            "Pipedrive cannot be asked for the account's fields; those of"
            f" {read:%Y-%m-%d %H:%M} UTC are used (3.0 days old). "
        )
        told = offline.execute(
            "select count(*) from pipedrive_columns where table_name = 'deals'"
        ).fetchone()
        assert told and told[0] > 40
        with pytest.raises(Unavailable):
            offline.execute("select id from deals").fetchall()
        with pytest.raises(Unavailable):
            offline.refresh()


def test_without_a_network_and_without_kept_fields_nothing_opens(
    sandbox: Sandbox, connected: Connected
) -> None:
    sandbox.close()
    with pytest.raises(Unavailable):
        connected()


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"version": 1}', '{"version": 0, "read": "2026-01-01T00:00:00Z"}'],
)
def test_a_file_that_cannot_be_read_is_written_anew(
    sandbox: Sandbox, connected: Connected, tmp_path: Path, content: str
) -> None:
    with connected():
        pass
    file, good = kept(tmp_path)
    file.write_text(content, "utf-8")
    with connected() as connection:
        assert asked(sandbox) == FIELDS
        assert connection.messages == []
    assert kept(tmp_path)[1]["v2"] == good["v2"]


def test_a_file_of_another_version_is_written_anew(
    sandbox: Sandbox, connected: Connected, tmp_path: Path
) -> None:
    with connected():
        pass
    file, content = kept(tmp_path)
    file.write_text(json.dumps(content | {"version": 0}), "utf-8")
    with connected():
        assert asked(sandbox) == FIELDS
    assert kept(tmp_path)[1]["version"] == content["version"]


def test_refresh_asks_and_keeps_anew(
    sandbox: Sandbox, connected: Connected, tmp_path: Path
) -> None:
    with connected() as connection:
        before = kept(tmp_path)[1]["read"]
        sandbox.company.add_field("deal", "Region", "varchar", ())
        sandbox.reset()
        connection.refresh()
        assert asked(sandbox) == FIELDS
        connection.execute("select region from deals").fetchall()
    assert kept(tmp_path)[1]["read"] > before
    with connected() as connection:
        connection.execute("select region from deals").fetchall()
        assert asked(sandbox) == ["/api/v2/deals"]


def test_what_v1_told_is_kept_too(sandbox: Sandbox, connected: Connected) -> None:
    numbers = "select count(id) from pipedrive_fields where entity = 'deal'"
    with connected() as connection:
        first = connection.execute(numbers).fetchall()
    with connected() as connection:
        assert connection.execute(numbers).fetchall() == first
        assert asked(sandbox) == []
    assert first > [(40,)]


def test_a_folder_that_cannot_be_written_is_told(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    folder = tmp_path / "file"
    folder.touch()
    with closing(
        pipedrive_sql.connect(
            api_url=sandbox.url, api_token=sandbox.token, cache_dir=folder
        )
    ) as connection:
        assert [str(warning) for _, warning in connection.messages] == [
            f"The account's fields cannot be kept in {folder} (File exists), so each"
            " connection asks for them again."
        ]


# The command line


def run(sandbox: Sandbox, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PIPEDRIVE")}
    environment |= {"PIPEDRIVE_API_URL": sandbox.url}
    environment |= {"PIPEDRIVE_API_TOKEN": sandbox.token, **more}
    return subprocess.run(
        [sys.executable, "-m", "pipedrive_sql", *words],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        timeout=60,
    )


def test_the_command_refresh_tells_what_it_found_and_its_price(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    for name in ("Region", "Area"):
        sandbox.company.add_field("deal", name, "varchar", ())
    for place in (("--cache-dir", str(tmp_path)), ("--cache-dir", str(tmp_path))):
        done = run(sandbox, "refresh", *place)
        assert (done.stderr, done.returncode) == ("", 0)
        *lines, cost = done.stdout.splitlines()
        assert re.fullmatch(r"deal: \d+ fields, 2 of them custom", lines[0])
        assert [line.partition(":")[0] for line in lines] == [
            *("deal", "organization", "person", "product", "project")
        ]
        assert cost.startswith("5 requests · 50 tokens · ")
        assert asked(sandbox) == FIELDS
        sandbox.reset()
    done = run(
        sandbox,
        "select count(*) from pipedrive_tables",
        PIPEDRIVE_CACHE_DIR=str(tmp_path),
    )
    assert (asked(sandbox), done.stderr, done.returncode) == ([], "", 0)


@pytest.mark.parametrize("words", [("select 1",), ("schema", "--table", "stages")])
def test_the_command_warns_of_old_fields_on_standard_error(
    sandbox: Sandbox, connected: Connected, tmp_path: Path, words: tuple[str, ...]
) -> None:
    with connected():
        pass
    age(tmp_path, days=2)
    sandbox.close()
    done = run(sandbox, *words, PIPEDRIVE_CACHE_DIR=str(tmp_path))
    assert done.returncode == 0
    assert done.stderr.startswith(
        "Warning: Pipedrive cannot be asked for the account's"
    )
    assert "(2.0 days old)" in done.stderr
    assert "Warning" not in done.stdout


def test_the_command_refresh_without_a_network_is_an_error(
    sandbox: Sandbox, connected: Connected, tmp_path: Path
) -> None:
    with connected():
        pass
    sandbox.close()
    done = run(sandbox, "refresh", PIPEDRIVE_CACHE_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert done.stdout == ""
