"""pandas, the stock shell of SQLite, and DuckDB open the file as it is."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from shutil import which
from typing import Any

import duckdb
import pandas
import pytest

from .conftest import rows

SHELL = which("sqlite3")
# Where Pipedrive has a day that no calendar has, DuckDB refuses the whole column.
NO_DAY = "2026-02-29"


# pandas


def test_pandas_reads_times_as_times(crm: Path) -> None:
    with closing(sqlite3.connect(f"{crm.as_uri()}?mode=ro", uri=True)) as file:
        deals = pandas.read_sql(
            "SELECT * FROM v_deals",
            file,
            index_col="id",
            parse_dates=["add_time", "won_time", "expected_close_date"],
        )
    assert str(deals["won_time"].dtype).startswith("datetime64")
    assert str(deals["value"].dtype) == "float64"
    won = deals[deals["status"] == "won"]
    months = won.groupby(won["won_time"].dt.strftime("%Y-%m"))["value"].sum()
    told = "SELECT strftime('%Y-%m', won_time), sum(value) FROM deals"
    expected = dict(rows(crm, f"{told} WHERE status = 'won' GROUP BY 1"))
    assert months.to_dict() == pytest.approx(expected)


def test_pandas_joins_what_refers_to_each_other(crm: Path) -> None:
    with closing(sqlite3.connect(crm)) as file:
        deals = pandas.read_sql("SELECT id, org_id FROM deals", file)
        organizations = pandas.read_sql("SELECT id, name FROM organizations", file)
    joined = deals.merge(organizations, left_on="org_id", right_on="id", how="left")
    ((named,),) = rows(crm, "SELECT count(org) FROM v_deals")
    assert int(joined["name"].notna().sum()) == named


# The shell of SQLite


def shell(*arguments: str) -> str:
    """What it prints."""
    assert SHELL
    return subprocess.run(
        [SHELL, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    ).stdout


@pytest.mark.skipif(not SHELL, reason="needs sqlite3, the shell of SQLite")
@pytest.mark.parametrize("how", ["mode=ro", "immutable=1"])
def test_the_shell_reads_every_table(crm: Path, how: str) -> None:
    names = rows(crm, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    counts = [
        f"SELECT '{name}' AS name, count(*) AS n FROM {name}" for (name,) in names
    ]
    told = shell("-json", f"{crm.as_uri()}?{how}", " UNION ALL ".join(counts))
    for one in json.loads(told):
        assert rows(crm, f"SELECT count(*) FROM {one['name']}") == [(one["n"],)]


@pytest.mark.skipif(not SHELL, reason="needs sqlite3, the shell of SQLite")
def test_the_shell_finds_it_whole_and_explained(crm: Path) -> None:
    told = shell("-readonly", str(crm), "PRAGMA integrity_check", ".schema stages")
    assert told.startswith("ok\n")
    assert "( -- The steps of a pipeline" in told
    assert "REFERENCES pipelines (id)" in told


@pytest.mark.skipif(not SHELL, reason="needs sqlite3, the shell of SQLite")
def test_the_shell_writes_csv(crm: Path) -> None:
    asked = "SELECT name, order_nr FROM stages ORDER BY id LIMIT 2"
    assert shell("-csv", "-header", "-readonly", str(crm), asked) == (
        'name,order_nr\n"Lead In",1\n"Contact Made",2\n'
    )


# DuckDB


@pytest.fixture
def duck(crm: Path) -> Any:
    """DuckDB with the file attached as `crm`."""
    with closing(loaded()) as connection:
        connection.execute(f"ATTACH '{crm}' AS crm (TYPE sqlite, READ_ONLY)")
        yield connection


def loaded() -> duckdb.DuckDBPyConnection:
    """DuckDB with its reader of SQLite, which it would else download."""
    folder = files("duckdb_extension_sqlite_scanner") / "extensions"
    (extension,) = Path(str(folder)).glob("*/sqlite_scanner.duckdb_extension")
    connection = duckdb.connect()
    connection.execute(f"LOAD '{extension}'")
    return connection


def test_duckdb_knows_the_types(duck: duckdb.DuckDBPyConnection) -> None:
    told = {name: kind for name, kind, *_ in duck.sql("DESCRIBE crm.deals").fetchall()}
    assert {name: told[name] for name in ("id", "title", "value", "owner_id")} == {
        "id": "BIGINT",
        "title": "VARCHAR",
        "value": "DOUBLE",
        "owner_id": "BIGINT",
    }
    assert (told["add_time"], told["expected_close_date"]) == ("TIMESTAMP", "DATE")
    view = {n: kind for n, kind, *_ in duck.sql("DESCRIBE crm.v_pipeline").fetchall()}
    assert view["stage"] == "VARCHAR" and view["stage_change_time"] == "TIMESTAMP"


def test_duckdb_reads_every_table(duck: duckdb.DuckDBPyConnection, crm: Path) -> None:
    names = rows(crm, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    for (name,) in names:
        try:
            found = duck.execute(f'SELECT * FROM crm."{name}"').fetchall()
        except duckdb.ConversionException as error:
            assert NO_DAY in str(error), name
        else:
            ((count,),) = rows(crm, f'SELECT count(*) FROM "{name}"')
            assert len(found) == count, name
    activities = "SELECT id, due_time FROM crm.activities ORDER BY id"
    assert duck.execute(activities).fetchall() == rows(
        crm, "SELECT id, due_time FROM activities ORDER BY id"
    )


def test_duckdb_counts_by_month(duck: duckdb.DuckDBPyConnection, crm: Path) -> None:
    found = duck.execute(
        "SELECT strftime(date_trunc('month', d.won_time), '%Y-%m'), sum(d.value) "
        "FROM crm.deals d JOIN crm.users u ON u.id = d.owner_id "
        "WHERE d.status = 'won' GROUP BY 1"
    ).fetchall()
    told = "SELECT strftime('%Y-%m', won_time), sum(value) FROM deals"
    expected = dict(rows(crm, f"{told} WHERE status = 'won' GROUP BY 1"))
    assert dict(found) == pytest.approx(expected)


def test_duckdb_reads_days_that_there_are_not_as_text(crm: Path) -> None:
    with closing(loaded()) as connection:
        connection.execute("SET GLOBAL sqlite_all_varchar = true")
        connection.execute(f"ATTACH '{crm}' AS crm (TYPE sqlite, READ_ONLY)")
        asked = "SELECT count(kick_off_date), count(try_cast(kick_off_date AS DATE))"
        ((some, days),) = connection.execute(f"{asked} FROM crm.deals").fetchall()
    where = f"kick_off_date = '{NO_DAY}'"
    ((none,),) = rows(crm, f"SELECT count(*) FROM deals WHERE {where}")
    assert some - days == none > 0
