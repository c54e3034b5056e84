"""The shell, typed into at a terminal."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, sleep

import pytest

from pipedrive_sql.client.temporary import MARK
from pipedrive_sql.sandbox import Company, Sandbox

if sys.platform == "win32":
    pytest.skip("pexpect needs a Unix terminal", allow_module_level=True)
import pexpect

PROMPT = "pipedrive> "


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=7, deals=60) as sandbox:
        yield sandbox


class Terminal:
    """A shell at a terminal of 100 columns."""

    def __init__(self, sandbox: Sandbox, home: Path, *options: str) -> None:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIPEDRIVE_", "XDG_"))
        }
        environment |= {"HOME": str(home), "XDG_STATE_HOME": str(home / "state")}
        environment |= {"NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1"}
        environment |= {"INPUTRC": os.devnull, "PIPEDRIVE_API_URL": sandbox.url}
        environment |= {"PIPEDRIVE_API_TOKEN": sandbox.token}
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "pipedrive_sql", *options],
            env=environment,
            encoding="utf-8",
            timeout=20,
            dimensions=(50, 100),
        )
        self.banner = self._until_prompt()

    def type(self, line: str) -> str:
        """Type a line and return what the shell answers, without its echo."""
        self.child.sendline(line)
        return self._until_prompt().partition("\n")[2]

    def press(self, keys: str) -> None:
        self.child.send(keys)

    def _until_prompt(self) -> str:
        self.child.expect_exact(PROMPT)
        return str(self.child.before).replace("\r\n", "\n")

    def leave(self) -> int | None:
        self.child.sendline(".exit")
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


@pytest.fixture
def terminal(sandbox: Sandbox, tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(sandbox, tmp_path)
    yield terminal
    terminal.child.close(force=True)


def test_the_banner_says_whose_and_what_next(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    first, second, *rest = terminal.banner.strip().splitlines()
    assert first.startswith("pipedrive-sql ")
    assert sandbox.url in first
    assert ".help" in second
    assert rest == []
    assert terminal.leave() == 0


def test_a_statement_over_two_lines_shows_rows_and_price(terminal: Terminal) -> None:
    terminal.child.sendline("select count(*) as deals")
    terminal.child.expect_exact("...> ")
    answer = terminal.type("from deals;")
    assert "│ deals │" in answer
    assert "1 row · 1 request · 10 tokens · " in answer


def test_tables_and_schema_show_the_virtual_tables(terminal: Terminal) -> None:
    assert {"deals", "persons", "stages"} <= set(terminal.type(".tables").split())
    schema = terminal.type(".schema deals")
    assert schema.startswith("CREATE TABLE deals(\n  id INTEGER")
    assert "  title TEXT,\n" in schema
    assert "CREATE" not in schema[1:]


def test_tables_takes_a_pattern(terminal: Terminal) -> None:
    assert terminal.type(".tables curr%").split() == ["currencies"]
    terminal.type("create table local(a);")
    assert terminal.type(".tables loc%").split() == ["local"]


def test_dump_says_how_to_dump_rows_of_pipedrive(terminal: Terminal) -> None:
    assert terminal.type(".dump stages").strip() == (
        "dump writes local tables, and stages is Pipedrive's. Make a copy to dump:"
        " create table my_stages as select * from stages;"
    )


def test_an_error_tells_the_nearest_name_and_the_place(terminal: Terminal) -> None:
    answer = terminal.type("select titel from deals;")
    assert answer.splitlines()[:3] == [
        'There is no column "titel" in deals. Did you mean title?'
        " All columns: SELECT name FROM pragma_table_info('deals').",
        "  select titel from deals;",
        "         ^--- here",
    ]
    assert "Traceback" not in answer


def test_explain_takes_a_statement_as_it_is_typed(terminal: Terminal) -> None:
    lines = [
        "SCAN stages",
        "  request      GET /api/v2/stages?pipeline_id={pipeline_id}",
        "  Pipedrive    pipeline_id = 1  (exactly)",
        "  price        1 request or more, 5 tokens or more  (size not known: 1 page at"
        " least)",
    ]
    sql = "select name from stages where pipeline_id = 1"
    answer = terminal.type(f".explain {sql}").splitlines()
    assert answer[:4] == lines
    assert answer[4] == "total        5 tokens or more; the ceiling is 5,000"
    terminal.type(".parameter set which 1")
    answer = terminal.type(
        f".explain analyze {sql.replace('1', ':which')}"
    ).splitlines()
    assert answer[4] == "  actual       1 request, 5 tokens, 5 rows"
    assert answer[5] == (
        "total        5 tokens in 1 request; expected: 5 tokens or more; the ceiling is"
        " 5,000"
    )


def test_requests_and_usage_tell_what_was_asked(terminal: Terminal) -> None:
    terminal.type("select count(*) from stages;")
    answer = terminal.type(".requests")
    assert "/stages" in answer
    assert "│ GET " in answer
    assert "token" in terminal.type(".usage")


def test_refresh_asks_anew(terminal: Terminal, sandbox: Sandbox) -> None:
    terminal.type("select count(*) from stages;")
    sandbox.reset()
    terminal.type("select count(*) from stages;")
    assert not [h for h in sandbox.heard if h.path.endswith("/stages")]
    terminal.type(".refresh")
    terminal.type("select count(*) from stages;")
    assert [h for h in sandbox.heard if h.path.endswith("/stages")]


def test_modes_and_headers_are_those_of_the_sqlite_shell(terminal: Terminal) -> None:
    terminal.type(".mode csv")
    assert terminal.type("select 1 as a, 'b,c' as d;").startswith('a,d\n1,"b,c"\n')
    terminal.type(".headers off")
    terminal.type(".mode list")
    assert terminal.type("select 1 as a, 2 as b;").startswith("1|2\n")
    assert "Unknown command" in terminal.type(".nonsense")


def test_read_import_and_dump(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "two.sql").write_text("select 'from a file';\nselect 2", "utf-8")
    assert "from a file" in terminal.type(f".read {tmp_path / 'two.sql'}")
    (tmp_path / "quota.csv").write_text("1,500\n2,700\n", "utf-8")
    terminal.type("create table quota(owner integer, amount integer);")
    terminal.type(".mode csv")
    terminal.type(f".import {tmp_path / 'quota.csv'} quota")
    dump = terminal.type(".dump")
    assert "INSERT INTO quota VALUES(2,700);" in dump
    assert "deals" not in dump


def test_a_wide_row_goes_line_by_line(terminal: Terminal) -> None:
    answer = terminal.type("select * from deals where id = 1;")
    assert " id = 1\n" in answer
    assert "│" not in answer


def test_query_plans_are_drawn_as_a_tree(terminal: Terminal) -> None:
    answer = terminal.type("explain query plan select * from deals order by title;")
    assert answer.startswith("QUERY PLAN\n|--SCAN deals")


def test_tab_completes_tables_and_their_columns(terminal: Terminal) -> None:
    terminal.press("select lost_rea\t")
    terminal.child.expect_exact("lost_reason")
    terminal.press(" from curr\t")
    terminal.child.expect_exact("currencies")
    terminal.press("\x15")  # clears the line
    terminal.press("select d.expected_close_d from deals d;" + "\x1b[D" * 14 + "\t")
    terminal.child.expect_exact("\b" * 14 + "ate from deals d;")
    terminal.press("\x15\x0b")
    terminal.press(".refr\t")
    terminal.child.expect_exact(".refresh")
    terminal.press("\x15.schema curr\t")
    terminal.child.expect_exact("currencies")


def test_ctrl_c_stops_the_statement_and_not_the_shell(terminal: Terminal) -> None:
    terminal.child.sendline(
        "with recursive a(i) as (select 1 union all select i + 1 from a)"
        " select count(*) from a;"
    )
    terminal.child.expect("count")
    terminal.child.sendintr()
    assert "Traceback" not in terminal._until_prompt()
    assert "│ still here" in terminal.type("select 'still here' as answer;")


def test_a_timeout_stops_the_statement_and_not_the_shell(terminal: Terminal) -> None:
    assert terminal.type(".statement_timeout").strip() == "none"
    assert "takes seconds" in terminal.type(".statement_timeout soon")
    terminal.type(".statement_timeout 0.2")
    assert terminal.type(".statement_timeout").strip() == "0.2"
    endless = "with recursive a(i) as (select 1 union all select i + 1 from a)"
    answer = terminal.type(f"{endless} select count(*) from a;")
    assert "The statement was stopped after 0.2 s" in answer
    terminal.type(".statement_timeout none")
    assert terminal.type(".statement_timeout").strip() == "none"


def test_history_is_private_and_holds_no_token(
    terminal: Terminal, sandbox: Sandbox, tmp_path: Path
) -> None:
    terminal.type("select 'remembered';")
    terminal.type(f".parameter set token '{sandbox.token}'")
    terminal.leave()
    history = tmp_path / "state" / "pipedrive-sql" / "history"
    assert "select 'remembered';" in history.read_text("utf-8")
    assert sandbox.token not in history.read_text("utf-8")
    assert history.stat().st_mode & 0o777 == 0o600
    assert history.parent.stat().st_mode & 0o777 == 0o700


def test_open_and_close_keep_the_tables(terminal: Terminal) -> None:
    assert "attach 'local.db' as local;" in terminal.type(".open local.db")
    assert ".exit" in terminal.type(".close")
    assert "deals" in terminal.type(".tables")


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[tuple[Sandbox, Terminal]]:
    """A sandbox that takes its time for deals, and a shell that shows progress."""
    with Sandbox(company=Company.sample(deals=240), page_cap=10) as sandbox:
        sandbox.fail("/api/v2/deals", how="answer", delay=0.1, times=None)
        terminal = Terminal(sandbox, tmp_path, "--progress", "--temporary-filters")
        yield sandbox, terminal
        terminal.child.close(force=True)


@pytest.mark.unofficial
def test_progress_is_shown_in_one_line_that_goes_before_the_rows(
    slow: tuple[Sandbox, Terminal],
) -> None:
    _, terminal = slow
    terminal.type(".mode list")
    shown = terminal.type("select count(title) from deals;")
    line, rest = shown.rsplit("\r", 1)
    assert rest.startswith("count(title)\n240\n1 row · ")
    first, *more, gone = line.split("\r")[1:]
    assert first.startswith("deals: ")
    assert " tokens, " in first
    assert first.endswith(" s")
    assert gone == " " * (max(map(len, [first, *more])) + 2)


@pytest.mark.unofficial
def test_ctrl_c_ends_waiting_and_tells_what_was_spent(
    slow: tuple[Sandbox, Terminal],
) -> None:
    sandbox, terminal = slow
    sandbox.faults.clear()
    sandbox.fail("/api/v2/deals", how="hang", after=1, times=None)
    terminal.child.sendline("select count(*), max(title) from deals;")
    terminal.child.expect_exact("tokens, ")
    terminal.child.sendintr()
    began = perf_counter()
    said = terminal._until_prompt()
    assert perf_counter() - began < 1
    cost = r"[12] requests? · 20 tokens · [\d.]+ s"  # the second one has no answer
    assert re.search(rf"\^C\nInterrupted: {cost}\n", said)
    sandbox.faults.clear()
    assert " 240 │" in terminal.type("select count(id) from deals;")


@pytest.mark.unofficial
def test_ctrl_c_once_more_leaves_the_shell(slow: tuple[Sandbox, Terminal]) -> None:
    sandbox, terminal = slow
    sandbox.fail("/v1/filters/*", method="DELETE", how="hang", times=1)
    terminal.child.sendline("select id from deals where score > 0;")
    for method in ("POST", "DELETE"):
        until = perf_counter() + 20
        while method not in {heard.method for heard in sandbox.heard}:
            assert perf_counter() < until, f"no {method} came"
            sleep(0.02)
        sleep(0.3)  # the answer has come then, and the shell knows what to delete
        terminal.child.sendintr()
    began = perf_counter()
    terminal.child.expect(pexpect.EOF)
    terminal.child.close()
    assert perf_counter() - began < 1
    assert terminal.child.exitstatus == 130
    filters = [row for row in sandbox.company.rows("filters") if row["active_flag"]]
    assert not [row for row in filters if row["name"].startswith(MARK)]
