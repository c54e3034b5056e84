"""What docs/bi.md shows beside Python: SQL for the file, cron, systemd."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from shutil import copyfile, which

import pandas
import pytest

from pipedrive_sql.cli.sync_arguments import parse_sync

from ..front_door import Door
from .conftest import rows
from .test_sql_tools import loaded

PAGE = Path(__file__).parent.parent.parent / "docs" / "bi.md"
COMMAND = Path(sys.executable).with_name("pipedrive-sql")
SYSTEMD = which("systemd-analyze")


def blocks(language: str) -> list[str]:
    """Its blocks of a language."""
    text = PAGE.read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def unit(kind: str) -> str:
    """The unit of that kind."""
    (found,) = (text for text in blocks("ini") if f"pipedrive-sync.{kind}" in text)
    return found


def test_its_sql_for_grafana(crm: Path) -> None:
    (sql,) = (text for text in blocks("sql") if "$__from" in text)
    sql = sql.replace("$__from", "1735689600000").replace("$__to", "1767225600000")
    found = rows(crm, sql)
    months = pandas.to_datetime([time for time, _ in found], unit="s")
    assert {(m.year, m.day, m.hour) for m in months} == {(2025, 1, 0)}
    told = "SELECT sum(value) FROM deals WHERE status = 'won' AND currency = 'EUR'"
    ((total,),) = rows(crm, f"{told} AND won_time LIKE '2025-%'")
    assert sum(won for _, won in found) == pytest.approx(total)


def test_its_sql_for_duckdb(
    crm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sql,) = (text for text in blocks("sql") if "ATTACH" in text)
    install, *statements = sql.split(";\n")
    assert install == "INSTALL sqlite"  # a download: here it comes with a package
    monkeypatch.chdir(tmp_path)
    copyfile(crm, "crm.db")
    with closing(loaded()) as duck:
        found = [duck.execute(text).fetchall() for text in filter(None, statements)]
        assert len(found) == 3 and len(found[1]) > 30
        copied = duck.sql("SELECT count(*) FROM 'pipeline.parquet'").fetchall()
    assert copied == rows(crm, "SELECT count(*) FROM v_pipeline")


def test_commands_have_arguments_that_there_are() -> None:
    found = re.findall(
        r"pipedrive-sql sync (crm\.db[^`\n]*(?:\n[^`\n]+)?(?=`)|/.*)",
        PAGE.read_text("utf-8"),
    )
    assert len(found) >= 4
    for arguments in found:
        assert str(parse_sync(shlex.split(arguments)).file).endswith("crm.db")


def test_no_command_has_a_token() -> None:
    assert not re.search(r"(?i)pipedrive-sql.*token", "".join(blocks("text")))
    (command,) = re.findall("^ExecStart=(.*)$", unit("service"), re.MULTILINE)
    assert "token" not in command.lower()


@pytest.mark.skipif(sys.platform == "win32", reason="cron and systemd are of Unix")
def test_the_service_needs_nothing_but_what_its_unit_gives(
    company: Door, tmp_path: Path
) -> None:
    """Its command, with its environment and no home."""
    settings = configparser.RawConfigParser(strict=False)
    lines = unit("service").replace("/var/", f"{tmp_path}/")
    settings.read_string(lines)
    service = settings["Service"]
    environment = {
        "HOME": "/nowhere",
        "PIPEDRIVE_API_URL": company.sandbox.url,
        "PIPEDRIVE_API_TOKEN": company.sandbox.token,
        **dict(re.findall(r"^Environment=(\w+)=(.*)$", lines, re.MULTILINE)),
    }
    for folder in (f"lib/{service['StateDirectory']}", "cache/crm"):
        (tmp_path / folder).mkdir(parents=True)
    program, *arguments = shlex.split(service["ExecStart"])
    assert Path(program).name == COMMAND.name
    done = subprocess.run(
        [COMMAND, *arguments, "--tables", "deals,stages"],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert rows(tmp_path / "lib" / "crm" / "crm.db", "SELECT count(*) FROM deals")


@pytest.mark.skipif(not SYSTEMD, reason="needs systemd-analyze")
@pytest.mark.parametrize("kind", ["service", "timer"])
def test_systemd_takes_the_units(kind: str, tmp_path: Path) -> None:
    assert SYSTEMD
    for each in ("service", "timer"):
        text = unit(each).replace("/usr/local/bin/pipedrive-sql", str(COMMAND))
        (tmp_path / f"pipedrive-sync.{each}").write_text(text, "utf-8")
    done = subprocess.run(
        [SYSTEMD, "verify", "--man=no", str(tmp_path / f"pipedrive-sync.{kind}")],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert "pipedrive-sync" not in done.stdout + done.stderr
    assert done.returncode == 0, done.stderr
