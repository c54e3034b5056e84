"""examples/pipeline_report.py tells what the company's own rows tell."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from ..front_door import Door, of
from .conftest import CRUEL

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "pipeline_report.py"
YEAR_AGO = "2025-09-30"  # before the sandbox's own time


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """What the example prints and how it ends."""
    return subprocess.run(
        [sys.executable, str(EXAMPLE), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


@pytest.fixture(scope="module")
def page(crm: Path) -> str:
    report = crm.with_name("report.html")
    done = run(crm, report, "--currency", "USD")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{report} is written, ")
    return report.read_text("utf-8")


@pytest.fixture(scope="module")
def deals(company: Door) -> list[dict[str, Any]]:
    """The deals that the page is about: those in USD."""
    rows = [*of(company, "deals")]
    rows += [r for r in of(company, "deals_archived") if r["status"] != "open"]
    return [row for row in rows if row["currency"] == "USD"]


def test_the_figures_on_top(page: str, deals: list[dict[str, Any]]) -> None:
    open_ = [deal for deal in deals if deal["status"] == "open"]
    lately = [deal for deal in deals if (deal["close_time"] or "") >= YEAR_AGO]
    won = [deal for deal in lately if deal["status"] == "won"]
    figures = re.findall(r"<div><b>(.*?)</b><span>(.*?)</span></div>", page)
    told = {about: figure for figure, about in figures}
    assert told["open deals"] == str(len(open_))
    assert told["their value"] == thousands(open_)
    assert told["won in 12 months"] == thousands(won)
    part = f"{100 * len(won) / len(lately):.0f} %"
    assert told[f"won of {len(lately)} closed"] == part


def test_what_is_open_in_each_stage(
    page: str, company: Door, deals: list[dict[str, Any]]
) -> None:
    section = page[page.index("Open value by stage") : page.index("Conversion")]
    shown = re.findall(r'title="(.*?)".*?<span>([^<]*) · (\d+)</span>', section, re.S)
    expected = []
    for stage in of(company, "stages"):
        those = [
            deal
            for deal in deals
            if deal["stage_id"] == stage["id"] and deal["status"] == "open"
        ]
        if stage["name"] != CRUEL:
            expected.append((stage["name"], thousands(those), str(len(those))))
    assert sorted(r for r in shown if "script" not in r[0]) == sorted(expected)


def test_each_stage_is_reached_by_no_more_than_the_one_before(page: str) -> None:
    section = page[page.index("Conversion") : page.index("Won by month")]
    parts = [int(part) for part in re.findall(r"(\d+) % ·", section)]
    assert len(parts) > 10 and max(parts) <= 100


def test_what_was_won_in_each_month(page: str, deals: list[dict[str, Any]]) -> None:
    shown = re.findall(r"<title>(\d{4}-\d\d): (\S+), (\d+) deals?</title>", page)
    assert [month for month, _, _ in shown] == [
        *(f"2025-{month}" for month in (10, 11, 12)),
        *(f"2026-{month:02}" for month in range(1, 10)),
    ]
    for month, value, number in shown:
        those = [d["value"] for d in deals if (d["won_time"] or "").startswith(month)]
        assert float(value.replace(",", "")) == pytest.approx(sum(those))
        assert int(number) == len(those)


def test_the_age_of_open_deals_adds_up(page: str, deals: list[dict[str, Any]]) -> None:
    section = page[page.index("Age of open deals") : page.index("Longest without")]
    numbers = [int(number) for number in re.findall(r"<span>(\d+) · ", section)]
    assert sum(numbers) == sum(deal["status"] == "open" for deal in deals)


def test_names_are_text_and_nothing_is_fetched(page: str) -> None:
    found: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(
            self, tag: str, attributes: list[tuple[str, str | None]]
        ) -> None:
            found.append(tag)
            found.extend(name for name, _ in attributes if name in ("src", "href"))

    Tags().feed(page)
    assert not {"script", "link", "img", "src", "href"} & set(found)
    assert "url(" not in page and "@import" not in page
    assert "&lt;script&gt;" in page


def test_the_currency_of_most_open_deals_is_taken(crm: Path, tmp_path: Path) -> None:
    assert run(crm, tmp_path / "report.html").returncode == 0
    assert "values in EUR; " in (tmp_path / "report.html").read_text("utf-8")


def test_a_table_that_could_not_be_read_is_told(crm: Path, tmp_path: Path) -> None:
    file = tmp_path / "crm.db"
    copyfile(crm, file)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE _sync SET error = 'x < y' WHERE table_name = 'deals'")
    assert run(file, tmp_path / "report.html").returncode == 0
    page = (tmp_path / "report.html").read_text("utf-8")
    assert re.search('"warning">deals is as of 2026-.*: x &lt; y</p>', page)


def test_a_file_without_stages_says_how_they_come(crm: Path, tmp_path: Path) -> None:
    file = tmp_path / "crm.db"
    copyfile(crm, file)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DROP TABLE stages")
    done = run(file, tmp_path / "report.html")
    assert done.returncode == 1
    assert done.stderr == (
        f"Error: {file}: there is no table stages. Type:\n"
        f"  pipedrive-sql sync {file} --tables deals,pipelines,stages,users\n"
    )


def thousands(deals: list[dict[str, Any]]) -> str:
    """The sum of their values, as the page tells sums below a million."""
    total = sum(deal["value"] or 0 for deal in deals)
    if abs(total) < 1000:
        return f"{total:,.0f}"
    return f"{total / 1000:,.{1 if abs(total) < 100_000 else 0}f}k"
