"""The command line, run as a person runs it, against a sandbox on real HTTP."""

import copy
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipedrive_sql.sandbox import Sandbox

COMMAND = [sys.executable, "-m", "pipedrive_sql"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=7, deals=60) as sandbox:
        yield sandbox


class CommandLine:
    """`pipedrive-sql` in an environment that holds a sandbox's address and token."""

    def __init__(self, sandbox: Sandbox, home: Path) -> None:
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIPEDRIVE_", "XDG_"))
        }
        self.environment |= {"HOME": str(home), "PYTHONUTF8": "1"}
        self.environment |= {"PIPEDRIVE_API_URL": sandbox.url}
        self.environment |= {"PIPEDRIVE_API_TOKEN": sandbox.token}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
            text=True,
        )

    def __call__(
        self, *arguments: str, typed: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            input=typed,
            capture_output=True,
            env={**self.environment, **environment},
            text=True,
            timeout=60,
        )


@pytest.fixture
def run(sandbox: Sandbox, tmp_path: Path) -> CommandLine:
    sandbox.reset()
    return CommandLine(sandbox, tmp_path)


def test_one_statement(run: CommandLine, sandbox: Sandbox) -> None:
    done = run("select id, owner_id from deals order by id")
    deals = sorted(sandbox.company.rows("deals"), key=lambda deal: deal["id"])
    assert done.stdout.splitlines() == [
        "id,owner_id",
        *(f"{deal['id']},{deal['owner_id']}" for deal in deals),
    ]
    assert (done.stderr, done.returncode) == ("", 0)


def test_several_statements(run: CommandLine) -> None:
    done = run(
        "--mode", "list", "create table t(a); insert into t values(5); select a from t"
    )
    assert (done.stdout, done.stderr, done.returncode) == ("5\n", "", 0)


def test_statements_from_standard_input(run: CommandLine) -> None:
    typed = "select 1;\n-- a comment; with a semicolon\n.mode json\nselect\n2 as two"
    done = run("--mode", "list", typed=typed)
    assert (done.stdout, done.returncode) == ('1\n[{ "two": 2}]\n', 0)


def test_statements_from_a_file(run: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "report.sql"
    file.write_text("select 'a;b';\nselect count(*) from stages\n", "utf-8")
    done = run("--mode", "list", "-f", str(file))
    assert done.stdout.splitlines()[0] == "a;b"
    assert int(done.stdout.splitlines()[1]) > 0


def test_the_first_error_ends_a_file_and_tells_its_line(
    run: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "report.sql"
    file.write_text("select 1;\nselect\n  tittle from deals;\nselect 2;\n", "utf-8")
    done = run("--mode", "list", "-f", str(file))
    assert done.stdout == "1\n"
    assert done.stderr == (
        f'Error: {file}, line 3: There is no column "tittle" in deals.'
        " Did you mean title or title_cc68?"
        " All columns: SELECT name FROM pragma_table_info('deals').\n"
    )
    assert done.returncode == 1


ROWS = "select 1 as id, 'Ω|\"x\"' as title, null as value union all select 20, 'y', 1.5"

SHAPES = {
    "box": (
        "╭────┬───────┬───────╮\n"
        "│ id │ title │ value │\n"
        "├────┼───────┼───────┤\n"
        '│  1 │ Ω|"x" │  NULL │\n'
        "│ 20 │ y     │   1.5 │\n"
        "╰────┴───────┴───────╯\n"
    ),
    "table": (
        "+----+-------+-------+\n"
        "| id | title | value |\n"
        "+----+-------+-------+\n"
        '|  1 | Ω|"x" |  NULL |\n'
        "| 20 | y     |   1.5 |\n"
        "+----+-------+-------+\n"
    ),
    "csv": 'id,title,value\n1,"Ω|""x""",\n20,y,1.5\n',
    "json": (
        '[{ "id": 1, "title": "Ω|\\"x\\"", "value": null},\n'
        '{ "id": 20, "title": "y", "value": 1.5}]\n'
    ),
    "jsonl": (
        '{ "id": 1, "title": "Ω|\\"x\\"", "value": null}\n'
        '{ "id": 20, "title": "y", "value": 1.5}\n'
    ),
    "markdown": (
        "| id | title  | value |\n"
        "|----|--------|-------|\n"
        '| 1  | Ω\\|"x" |       |\n'
        "| 20 | y      | 1.5   |\n"
    ),
    "line": (
        '   id = 1\ntitle = Ω|"x"\nvalue = \n\n   id = 20\ntitle = y\nvalue = 1.5\n\n'
    ),
    "list": '1|Ω|"x"|\n20|y|1.5\n',
    "html": (
        "<TR><TH>id</TH>\n<TH>title</TH>\n<TH>value</TH>\n</TR>\n"
        "<TR><TD>1</TD>\n<TD>Ω|&quot;x&quot;</TD>\n<TD></TD>\n</TR>\n"
        "<TR><TD>20</TD>\n<TD>y</TD>\n<TD>1.5</TD>\n</TR>\n"
    ),
    "insert": (
        'INSERT INTO "table" VALUES(1,\'Ω|"x"\',NULL);\n'
        "INSERT INTO \"table\" VALUES(20,'y',1.5);\n"
    ),
}


@pytest.mark.parametrize("mode", SHAPES)
def test_every_mode_shows_rows_in_its_shape(run: CommandLine, mode: str) -> None:
    assert run("--mode", mode, ROWS).stdout == SHAPES[mode]


def test_no_rows_are_shown_as_no_rows(run: CommandLine) -> None:
    none = f"select * from ({ROWS}) where id > 99"
    assert run("--mode", "csv", none).stdout == "id,title,value\n"
    assert json.loads(run("--mode", "json", none).stdout) == []
    assert run("--mode", "list", none).stdout == ""


def test_headers_as_asked(run: CommandLine) -> None:
    assert run("--mode", "csv", "--no-header", "select 1 as a").stdout == "1\n"
    assert run("--mode", "list", "--header", "select 1 as a").stdout == "a\n1\n"


def test_output_goes_to_a_file(run: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "out" / "rows.csv"
    file.parent.mkdir()
    done = run("--output", str(file), "select 'ё' as a")
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    assert file.read_text("utf-8") == "a\nё\n"
    assert os.listdir(file.parent) == ["rows.csv"]


def test_an_error_leaves_the_file_as_it_was(run: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "out" / "rows.csv"
    file.parent.mkdir()
    file.write_text("yesterday's rows\n", "utf-8")
    done = run("--output", str(file), "select id from deals; select nothing")
    assert done.returncode == 1
    assert file.read_text("utf-8") == "yesterday's rows\n"
    assert os.listdir(file.parent) == ["rows.csv"]


def test_a_file_that_cannot_be_written_costs_no_request(
    run: CommandLine, sandbox: Sandbox, tmp_path: Path
) -> None:
    done = run("--output", str(tmp_path / "no" / "rows.csv"), "select * from deals")
    assert done.stderr.startswith("Error: Cannot use ")
    assert done.stderr.endswith("rows.csv: No such file or directory.\n")
    assert done.returncode == 1
    assert sandbox.heard == []


def test_the_price_is_told_when_asked(run: CommandLine) -> None:
    done = run("--usage", "select count(*) from deals")
    pattern = r"1 row · 1 request · 10 tokens · [\d.]+ (ms|s)\n"
    assert re.fullmatch(pattern, done.stderr)


def test_v_shows_each_request_and_vv_what_was_asked(run: CommandLine) -> None:
    sql = "select name from stages where pipeline_id = 1"
    request = r"\d\d:\d\d:\d\d\.\d{3} GET /api/v2/stages 200 in \d+ ms, 5 tokens, .*"
    once, twice = run("-v", sql), run("-vv", sql)
    assert once.stdout == twice.stdout
    assert re.fullmatch(request, once.stderr.splitlines()[-1])
    statement, asked, sent = twice.stderr.splitlines()[-3:]
    assert statement.endswith(": select name from stages where pipeline_id = ?")
    assert asked.endswith(" GET /api/v2/stages?pipeline_id=1&limit=500")
    assert re.fullmatch(request, sent)


EXPLAINED = """\
SCAN deals
  request      GET /api/v2/deals?status={status}
  Pipedrive    status = 'won'  (exactly)
  price        1 request or more, 10 tokens or more  (size not known: 1 page at least)
"""
WON = "select title from deals where status = 'won'"


@pytest.mark.parametrize("how", [["--explain"], ["explain"]])
def test_explaining_sends_no_list_request(
    run: CommandLine, sandbox: Sandbox, how: list[str]
) -> None:
    done = run(*how, WON)
    assert done.stdout == (
        f"{EXPLAINED}total        10 tokens or more; the ceiling is 5,000\n"
        "left today   not told by Pipedrive yet\n"
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert not [h for h in sandbox.heard if h.path == "/api/v2/deals"]


@pytest.mark.parametrize("how", [["--analyze"], ["explain", "--analyze"]])
def test_analyzing_runs_the_statement(
    run: CommandLine, sandbox: Sandbox, how: list[str]
) -> None:
    done = run(*how, "--max-tokens", "none", f"{WON}; select 1")
    rows = len([d for d in sandbox.company.rows("deals") if d["status"] == "won"])
    assert done.stdout == (
        f"{EXPLAINED}  actual       1 request, 10 tokens, {rows} rows\n"
        "total        10 tokens in 1 request; expected: 10 tokens or more; no ceiling\n"
        "left today   not told by Pipedrive yet\n"
        "SCAN CONSTANT ROW\n"
        "total        0 tokens in 0 requests; expected: 0 tokens; no ceiling\n"
        "left today   not told by Pipedrive yet\n"
    )
    assert len([h for h in sandbox.heard if h.path == "/api/v2/deals"]) == 1


def test_a_statement_that_is_too_dear_is_refused(
    run: CommandLine, sandbox: Sandbox
) -> None:
    done = run("--max-tokens", "5", "select count(*) from deals")
    assert done.returncode == 1
    assert done.stderr == (
        "Error: The statement is not begun: it costs 10 API tokens at least (size not"
        " known: 1 page at least), and the ceiling is 5. Pipedrive filters deals by id,"
        " status, owner_id, person_id, org_id, pipeline_id, stage_id and update_time:"
        " add a condition on one of them. Or raise max_tokens (--max-tokens 10 or"
        " more).\n"
    )
    assert not [h for h in sandbox.heard if h.path == "/api/v2/deals"]


def test_what_a_star_pays_for_is_told_with_the_price(run: CommandLine) -> None:
    sql = "select * from filters limit 1"
    hint, price, again = run("--usage", f"{sql}; {sql}").stderr.splitlines()
    assert hint == (
        "* also asks for conditions and sql of filters (a request for each row, at 2"
        " tokens). Name the columns you want, and what you leave out costs nothing."
    )
    assert price.startswith("1 row · 2 requests · 22 tokens · ")
    assert again.startswith("1 row · 0 requests · 0 tokens · ")
    assert run(sql).stderr == ""


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (
            "select * from deels",
            'There is no table "deels".'
            " Did you mean deals or deal_labels or deal_fields?"
            " All tables: SELECT name FROM pipedrive_tables.",
        ),
        (
            "select p.nmae from persons as p",
            'There is no column "nmae" in persons. Did you mean name?'
            " All columns: SELECT name FROM pragma_table_info('persons').",
        ),
        ("selec 1", 'SQLite cannot read the statement: near "selec": syntax error.'),
        ("select 1 +", "SQLite cannot read the statement: incomplete input."),
        (
            "select id from deals where id = :key",
            "The statement has a parameter :key and no value for it."
            " Give it one: .parameter set key VALUE",
        ),
        (
            "select id from deals where id = ?",
            'A parameter "?" has no name to give it a value by. Name it, as in :id,'
            " and type: .parameter set id VALUE",
        ),
    ],
)
def test_a_statement_that_is_wrong(run: CommandLine, sql: str, sentence: str) -> None:
    done = run("--mode", "list", sql)
    assert (done.stdout, done.stderr) == ("", f"Error: {sentence}\n")
    assert done.returncode == 1


def test_no_token_says_which_variable_to_set(run: CommandLine) -> None:
    done = run("select 1 from deals", PIPEDRIVE_API_TOKEN="")
    assert "PIPEDRIVE_API_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("words", [("--demo", "sync", "crm.db"), ("--demo", "whoami")])
def test_a_command_behind_an_option(run: CommandLine, words: tuple[str, ...]) -> None:
    done = run(*words)
    told = f"the command goes first: pipedrive-sql {words[1]} ..."
    assert told in done.stderr and done.returncode == 2


def test_answering_from_a_file(
    run: CommandLine, sandbox: Sandbox, tmp_path: Path
) -> None:
    file = str(tmp_path / "crm.db")
    sql = "select count(*) from deals"
    assert run("--mirror", file, sql).returncode == 1
    synced = run("sync", file, "--tables", "deals")
    assert (synced.stderr, synced.returncode) == ("", 0)
    sandbox.reset()
    done = run("--mirror", file, "--max-age", "none", "--usage", sql)
    assert done.stdout.split() == ["count(*)", "60"]
    assert "0 requests" in done.stderr
    done = run("--mirror", file, "--max-age", "soon", sql)
    assert "90s" in done.stderr and done.returncode == 2


def test_a_wrong_token_is_refused_and_never_shown(run: CommandLine) -> None:
    wrong = "f00dfacef00dfacef00dfacef00dfacef00dface"
    done = run("select 1 from deals", PIPEDRIVE_API_TOKEN=wrong)
    assert "PIPEDRIVE_API_TOKEN" in done.stderr
    assert wrong not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("given", ["--api-token {}", "--api-token={}"])
def test_a_token_among_the_arguments_is_not_taken(run: CommandLine, given: str) -> None:
    done = run(*given.format("f00dfacef00d").split(), "select 1 from deals")
    assert "would show it to everybody on this machine" in done.stderr
    assert "f00dfacef00d" not in done.stderr + done.stdout
    assert done.returncode == 2


def test_an_argument_goes_before_the_environment(
    run: CommandLine, sandbox: Sandbox
) -> None:
    done = run(
        "--api-url",
        sandbox.url,
        "--mode",
        "list",
        "select count(*) from deals",
        PIPEDRIVE_API_URL="http://127.0.0.1:1",
    )
    assert done.stdout == f"{len(sandbox.company.rows('deals'))}\n"


def test_nobody_listening_is_one_sentence(run: CommandLine) -> None:
    done = run("--api-url", "http://127.0.0.1:1", "select * from deals")
    assert done.stderr.count("\n") == 1
    assert done.returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--mode", "pie", "select 1"),
        ("--nonsense",),
        ("-f", "a.sql", "select 1"),
        ("--demo", "--api-url", "http://127.0.0.1:1", "select 1"),
        ("--max-tokens", "many", "select 1"),
        ("sandbox", "--empty", "--deals", "5"),
    ],
)
def test_wrong_options_leave_with_2(run: CommandLine, arguments: tuple[str]) -> None:
    done = run(*arguments)
    assert done.stderr.startswith("usage: pipedrive-sql ")
    assert (done.stdout, done.returncode) == ("", 2)


def test_a_file_of_statements_that_is_not_there(run: CommandLine) -> None:
    done = run("-f", "not-there.sql")
    assert (
        done.stderr == "Error: Cannot use not-there.sql: No such file or directory.\n"
    )
    assert done.returncode == 1


def test_local_tables_join_with_pipedrive(
    run: CommandLine, sandbox: Sandbox, tmp_path: Path
) -> None:
    deal = sandbox.company.rows("deals")[0]
    file = str(tmp_path / "local.db")
    run("--database", file, f"create table quota as select {deal['owner_id']} as owner")
    done = run(
        *("--database", file, "--mode", "list"),
        f"select id from deals join quota on owner = owner_id where id = {deal['id']}",
    )
    assert done.stdout == f"{deal['id']}\n"


ENDLESS = (
    "with recursive a(i) as (select 1 union all select i + 1 from a) select i from a"
)


def test_a_closed_pipe_is_no_error(run: CommandLine) -> None:
    process = run.start("--mode", "list", ENDLESS)
    assert process.stdout
    assert process.stdout.readline() == "1\n"
    process.stdout.close()
    assert process.stderr
    with process.stderr:
        assert process.stderr.read() == ""
    assert process.wait(30) == 141


@pytest.mark.parametrize("statement", [ENDLESS, f"{ENDLESS} where i = 1 or i < 0"])
def test_ctrl_c_keeps_what_came(run: CommandLine, statement: str) -> None:
    process = run.start("--mode", "list", f"select 'first'; {statement}")
    assert process.stdout
    assert process.stderr
    with process.stdout, process.stderr:
        assert process.stdout.readline() == "first\n"
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.stderr.read() == "Error: Interrupted.\n"
    assert process.wait(30) == -signal.SIGINT


def test_echo_shows_each_statement_before_its_rows(run: CommandLine) -> None:
    done = run("--mode", "list", typed=".echo on\nselect 1;\nselect\n  2;\n")
    assert done.stdout == "select 1;\n1\nselect\n  2;\n2\n"


def test_the_demo_needs_no_account(run: CommandLine) -> None:
    done = run(
        *("--demo", "--mode", "list", "select count(*) > 0 from deals"),
        PIPEDRIVE_API_TOKEN="",
        PIPEDRIVE_API_URL="",
    )
    assert (done.stdout, done.stderr, done.returncode) == ("1\n", "", 0)


@contextmanager
def serving(run: CommandLine, *arguments: str) -> Iterator[CommandLine]:
    """A command line that asks `pipedrive-sql sandbox`, which is interrupted after."""
    process = run.start("sandbox", *arguments)
    assert process.stdout
    assert process.stderr
    with process.stdout, process.stderr:
        first = process.stdout.readline()
        found = re.fullmatch(
            r"Pipedrive sandbox listening on (http://127\.0\.0\.1:\d+)"
            r" \(token (\w+)\)\n",
            first,
        )
        assert found, first
        try:
            there = copy.copy(run)
            there.environment = run.environment | {
                "PIPEDRIVE_API_URL": found[1],
                "PIPEDRIVE_API_TOKEN": found[2],
            }
            yield there
        finally:
            process.send_signal(signal.SIGINT)
        assert process.stderr.read() == ""
    assert process.wait(30) == 0


def test_the_sandbox_command_serves_until_interrupted(run: CommandLine) -> None:
    with serving(run, "--deals", "20", "--seed", "3") as there:
        asked = there("--mode", "list", "select count(*) from deals")
    assert (asked.stdout, asked.returncode) == ("20\n", 0)


def test_a_sandbox_can_do_without_what_plans_lack(run: CommandLine) -> None:
    with serving(run, "--deals", "5", "--without", "projects,installments") as there:
        deals = there("--mode", "list", "select count(*) from deals")
        projects = there("select * from projects")
        installments = there("select * from deal_installments")
    assert (deals.stdout, deals.returncode) == ("5\n", 0)
    assert "Projects are not enabled for this company" in projects.stderr
    assert "not available in your plan" in installments.stderr
    assert (projects.returncode, installments.returncode) == (1, 1)


def test_a_sandbox_knows_what_plans_may_lack(run: CommandLine) -> None:
    assert "--without FEATURES" in run("sandbox", "--help").stdout
    done = run("sandbox", "--without", "projects,leads")
    assert "'leads' is not one of projects, installments" in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize("arguments", [("sandbox",), ("--demo", "select 1")])
def test_without_the_extra_it_says_what_to_install(
    run: CommandLine, tmp_path: Path, arguments: tuple[str]
) -> None:
    # A starlette that is as absent as if it were not installed.
    (tmp_path / "starlette.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'starlette'\", name='starlette')"
    )
    done = run(*arguments, PYTHONPATH=str(tmp_path))
    assert "pip install 'pipedrive-sql[sandbox]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


def test_help_names_every_variable(run: CommandLine) -> None:
    shown = run("--help").stdout
    for name in ("API_TOKEN", "COMPANY_DOMAIN", "API_URL"):
        assert f"PIPEDRIVE_{name}" in shown
    assert "pipedrive-sql sandbox" in shown
