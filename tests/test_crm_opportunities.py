"""Ten questions about real data: the same answers from its CSV files alone."""

import csv
import importlib.util
import sqlite3
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipedrive_sql.sandbox import Sandbox

from .front_door import connected
from .official import SHARED

ROOT = Path(__file__).parent.parent
FOLDER = SHARED / "data" / "crm-sales-opportunities"
EXAMPLE = ROOT / "examples" / "crm_opportunities.py"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the data set is not in {FOLDER}"
)

# The same questions in the words of the CSV files: the tables are their names, with
# ISO dates, and `opportunity` is an opportunity with its agent's team.
ANSWERS = {
    "How often does each agent win, quarter by quarter?": """
        select sales_agent,
            substr(close_date, 1, 5) || substr('Q1Q1Q1Q2Q2Q2Q3Q3Q3Q4Q4Q4',
                substr(close_date, 6, 2) * 2 - 1, 2),
            count(*), round(100.0 * sum(deal_stage = 'Won') / count(*), 1)
        from opportunity where close_date > '' group by 1, 2 order by 2, 4 desc, 1
    """,
    "Which sectors bring the money?": """
        select sector, count(*), sum(close_value)
        from opportunity join accounts using (account)
        where deal_stage = 'Won' group by 1 order by 3 desc
    """,
    "Which products make up what is won, and at what part of their list price?": """
        select product, count(*), sum(close_value),
            round(100.0 * sum(close_value) / (select sum(close_value)
                from opportunity where deal_stage = 'Won'), 1),
            round(100.0 * sum(close_value) / (count(*) * sales_price), 1)
        from opportunity join products using (product)
        where deal_stage = 'Won' group by 1 order by 3 desc
    """,
    "How many days does it take to win, and to lose?": """
        select regional_office, lower(deal_stage), count(*),
            round(avg(julianday(close_date) - julianday(engage_date)), 1),
            max(julianday(close_date) - julianday(engage_date))
        from opportunity where close_date > '' group by 1, 2 order by 1, 2
    """,
    "Which agents have won nothing?": """
        select sales_agent, 1 from sales_teams
        except select sales_agent, 1 from opportunity where deal_stage = 'Won'
        order by 1
    """,
    "What is open, at list price, stage by stage?": """
        select deal_stage, regional_office, count(*), sum(sales_price)
        from opportunity join products using (product)
        where close_date = '' group by 1, 2 order by deal_stage = 'Engaging', 2
    """,
    "Who are the ten best customers?": """
        select account, sector, office_location, count(*), sum(close_value)
        from opportunity join accounts using (account)
        where deal_stage = 'Won' group by 1 order by 5 desc, 1 limit 10
    """,
    "What do parent companies bring together with their subsidiaries?": """
        select parent.account, count(distinct member.account) - 1,
            count(*), sum(close_value)
        from accounts parent join accounts member
            on parent.account in (member.account, member.subsidiary_of)
        join opportunity on opportunity.account = member.account
        where deal_stage = 'Won'
            and parent.account in (select subsidiary_of from accounts)
        group by 1 order by 4 desc
    """,
    "How did each manager's team do in each month?": """
        select manager, substr(close_date, 1, 7), count(*), sum(close_value)
        from opportunity where deal_stage = 'Won' group by 1, 2 order by 1, 2
    """,
    "Which open deals have no organization yet, and how long have they waited?": """
        select deal_stage, count(*), sum(account = ''),
            min(iif(account = '' and engage_date > '', engage_date, null))
        from opportunity where close_date = ''
        group by 1 order by deal_stage = 'Engaging'
    """,
}


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("crm_opportunities", EXAMPLE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def files() -> Iterator[sqlite3.Connection]:
    """The CSV files as tables, read without anything of this project."""
    database = sqlite3.connect(":memory:")
    for file in sorted(FOLDER.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as text:
            names, *rows = csv.reader(text)
        database.execute(f"create table {file.stem}({', '.join(names)})")
        marks = ", ".join("?" * len(names))
        database.executemany(f"insert into {file.stem} values({marks})", rows)
    database.create_function("iso", 1, iso, deterministic=True)
    database.executescript("""
        update sales_pipeline set
            engage_date = iso(engage_date), close_date = iso(close_date),
            product = replace(product, 'GTXPro', 'GTX Pro');
        update sales_pipeline set close_value = cast(close_value as integer)
            where close_value > '';
        update products set sales_price = cast(sales_price as integer);
        create view opportunity as
            select * from sales_pipeline join sales_teams using (sales_agent);
    """)
    yield database
    database.close()


def iso(text: str) -> str:
    return text and datetime.strptime(text, "%m/%d/%Y").date().isoformat()


@pytest.fixture(scope="module")
def sandbox(example: ModuleType) -> Iterator[Sandbox]:
    with Sandbox(empty=True) as sandbox:
        example.fill(FOLDER, sandbox.url, sandbox.token)
        yield sandbox


@pytest.fixture(scope="module")
def live(sandbox: Sandbox) -> Iterator[Any]:
    with connected(sandbox) as connection:
        yield connection


def test_control_figures(live: Any) -> None:
    figures = live.execute(
        "select count(*), sum(status = 'won'), sum(iif(status = 'won', value, 0)),"
        " sum(org_id is null) from deals"
    ).fetchone()
    assert figures == (8_800, 4_238, 10_005_534, 1_425)


def test_ten_questions_are_asked(example: ModuleType) -> None:
    assert [question for question, _ in example.questions()] == list(ANSWERS)


@pytest.mark.parametrize("question", ANSWERS)
def test_the_files_give_the_same_answer(
    example: ModuleType, live: Any, files: sqlite3.Connection, question: str
) -> None:
    answer = live.execute(dict(example.questions())[question]).fetchall()
    # Pipedrive names an invited user after the e-mail address.
    agents = {name for (name,) in files.execute("select sales_agent from sales_teams")}
    named = {name.replace(" ", "."): name for name in agents}
    plain = [tuple(named.get(value, value) for value in row) for row in answer]
    assert plain == files.execute(ANSWERS[question]).fetchall()


def test_without_the_files_it_says_where_to_get_them(
    tmp_path: Path, example: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as words:
        words.setattr(sys, "argv", [str(EXAMPLE), str(tmp_path)])
        assert example.main() == 1
    said = capsys.readouterr().err
    assert said.startswith(f"Error: {tmp_path} has no accounts.csv, products.csv, ")
    assert "https://mavenanalytics.io/data-playground" in said
