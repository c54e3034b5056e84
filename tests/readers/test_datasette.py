"""Datasette serves the file, with what examples/datasette_metadata.py tells it."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path
from shutil import copyfile, which

import httpx
import pytest

from pipedrive_sql.file.wishes import Wishes

from ..front_door import Door
from .conftest import CRUEL, rows, synced

FOLDER = Path(__file__).parent.parent.parent / "examples"
EXAMPLE = [sys.executable, str(FOLDER / "datasette_metadata.py")]
BROWSER = which("chromium") or which("chromium-browser") or which("google-chrome")
QUICK = "_size=1&_nofacet=1&_nosuggest=1"


@pytest.fixture(scope="module")
def metadata(crm: Path) -> Path:
    """What the example writes."""
    written = crm.with_name("metadata.json")
    done = subprocess.run(
        [*EXAMPLE, str(crm)], capture_output=True, check=True, timeout=60
    )
    written.write_bytes(done.stdout)
    return written


@contextmanager
def served(file: Path, *settings: str) -> Iterator[httpx.Client]:
    """Datasette's own server over a file, on a port of its own choice."""
    command = [sys.executable, "-m", "datasette", "serve", str(file), *settings]
    command += ["--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as server:
        try:
            assert server.stderr
            said = ""
            for line in server.stderr:
                said += line
                if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", line):
                    break
            else:
                pytest.fail(f"Datasette did not start: {said}")
            with httpx.Client(base_url=found[1], timeout=30) as http:
                yield http
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def datasette(crm: Path, metadata: Path) -> Iterator[httpx.Client]:
    with served(crm, "--metadata", str(metadata)) as http:
        yield http


def test_every_table_and_view_has_all_its_rows(
    datasette: httpx.Client, crm: Path
) -> None:
    names = rows(crm, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    assert len(names) > 40
    for (name,) in names:
        answer = datasette.get(f"/crm/{name}.json?{QUICK}")
        assert answer.status_code == 200, answer.text
        ((count,),) = rows(crm, f'SELECT count(*) FROM "{name}"')
        assert answer.json()["filtered_table_rows_count"] == count, name


def test_foreign_keys_are_shown_by_name(datasette: httpx.Client, crm: Path) -> None:
    shown = datasette.get(
        "/crm/deals.json?_labels=on&_shape=objects&_size=max&_nofacet=1&_nosuggest=1"
        "&_col=id&_col=owner_id&_col=stage_id&_col=org_id&_sort=id"
    ).json()["rows"]
    # Where what it refers to is gone, the id stays.
    labels = [
        tuple(
            row[name]["label"] if isinstance(row[name], dict) else None
            for name in ("owner_id", "stage_id", "org_id")
        )
        for row in shown
    ]
    assert labels == rows(crm, "SELECT owner, stage, org FROM v_deals ORDER BY id")
    assert any(isinstance(row["org_id"], int) for row in shown)


def test_deals_are_called_by_their_titles(datasette: httpx.Client, crm: Path) -> None:
    """Not by a custom field "Name", which Datasette would take by itself."""
    asked = "deal_id__notblank=1&_labels=on&_shape=objects&_size=5&_sort=id"
    shown = datasette.get(f"/crm/activities.json?{asked}").json()["rows"]
    assert [row["deal_id"]["label"] for row in shown] == [
        title
        for (title,) in rows(
            crm, "SELECT deal FROM v_activities WHERE deal IS NOT NULL ORDER BY id"
        )[:5]
    ]


def test_facets_count(datasette: httpx.Client, crm: Path) -> None:
    found = datasette.get("/crm/deals.json?_size=0").json()["facet_results"]
    assert {*found} == {"status", "pipeline_id", "stage_id", "owner_id"}
    status = {one["value"]: one["count"] for one in found["status"]["results"]}
    assert status == dict(
        rows(crm, "SELECT status, count(*) FROM deals GROUP BY status")
    )
    pipelines = {one["label"] for one in found["pipeline_id"]["results"]}
    assert pipelines == {name for (name,) in rows(crm, "SELECT name FROM pipelines")}


def test_the_page_of_a_table_explains_it(datasette: httpx.Client) -> None:
    page = unescape(datasette.get("/crm/deals?_size=5").text)
    assert "Deals that are neither archived nor deleted." in page
    assert "<dd>What the deal is called.</dd>" in page
    assert "sorted by update_time descending" in page
    assert CRUEL not in datasette.get("/crm/stages?_size=max").text


def test_what_the_file_tells_about_itself_is_not_in_the_way(
    datasette: httpx.Client,
) -> None:
    told = datasette.get("/crm.json").json()
    hidden = {table["name"] for table in told["tables"] if table["hidden"]}
    assert {"_sync", "_fields", "_columns"} <= hidden and "deals" not in hidden


@pytest.mark.parametrize(
    "question", ["open_by_stage", "won_by_month", "without_next_activity", "as_of"]
)
def test_a_question_has_an_answer(datasette: httpx.Client, question: str) -> None:
    answer = datasette.get(f"/crm/{question}.json?_shape=array")
    assert answer.status_code == 200 and answer.json()


def test_a_file_without_a_view_has_fewer_questions(crm: Path, tmp_path: Path) -> None:
    file = tmp_path / "some.db"
    copyfile(crm, file)
    with closing(sqlite3.connect(file)) as database:
        database.execute("DROP VIEW v_pipeline")
    told = subprocess.run(
        [*EXAMPLE, str(file)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    ).stdout
    assert {*json.loads(told)["databases"]["some"]["queries"]} == {
        *("won_by_month", "without_next_activity", "as_of")
    }


def test_what_is_synced_in_place_is_seen_at_once(company: Door, tmp_path: Path) -> None:
    file = tmp_path / "crm.db"
    tables = ("stages", "pipelines")
    synced(company, file, Wishes(tables=tables))
    with served(file) as http:
        asked = f"/crm/stages.json?{QUICK}"
        before = http.get(asked).json()["filtered_table_rows_count"]
        stage = company.add("/api/v2/stages", name="Last", pipeline_id=1)
        synced(company, file, Wishes(in_place=True))
        company("DELETE", f"/api/v2/stages/{stage['id']}")
        assert http.get(asked).json()["filtered_table_rows_count"] == before + 1


@pytest.mark.skipif(not BROWSER, reason="needs chromium")
def test_a_browser_shows_it(datasette: httpx.Client, tmp_path: Path) -> None:
    assert BROWSER
    page = subprocess.run(
        [
            *(BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
            *("--disable-dev-shm-usage", f"--user-data-dir={tmp_path}"),
            f"{datasette.base_url}/crm/v_pipeline?_size=5",
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    ).stdout
    assert "The open deals and where they are." in page
    # Datasette's own script has put a menu beside each column.
    assert page.count("dropdown-menu-icon") >= 10
