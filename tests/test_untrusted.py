"""SQL of others may read, and no more: attacks fail, honest statements do not.

The statements are in tests/untrusted, one a line.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from pipedrive_sql import Connection, errors
from pipedrive_sql.cli.shell import HARMLESS, Shell
from pipedrive_sql.sandbox import Sandbox
from pipedrive_sql.vtables.allowed import FUNCTIONS, PRAGMAS, TABLE_FUNCTIONS

from .bi.samples import QUERIES, SCHEMAS, Sample, samples
from .front_door import asked, connected

FOLDER = Path(__file__).parent / "untrusted"
REPEATED = re.compile(r"<<(.*?) \* (\d+)>>", re.DOTALL)
SECONDS = 20  # for the slowest of them on the slowest machine


def lines(name: str) -> list[str]:
    """The statements of a file, without its comments."""
    text = (FOLDER / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and line[:2] not in ("# ", "--")]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=7, deals=60) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database beside another that nobody may read."""
    folder = tmp_path_factory.mktemp("local")
    for name in ("mine.db", "other.db"):
        with apsw.Connection(str(folder / name)) as local:
            local.execute(
                "create table plans(id integer primary key, title text);"
                "create index plans_by_title on plans(title);"
                "create view plan_titles as select title from plans;"
                "insert into plans values (1, 'Grow'), (2, 'Stay')"
            )
        local.close()
    return folder / "mine.db"


@pytest.fixture(scope="module")
def others(sandbox: Sandbox, file: Path) -> Iterator[Connection]:
    """A connection for SQL of others."""
    with connected(sandbox, database=str(file), untrusted=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def own(sandbox: Sandbox, file: Path) -> Iterator[Connection]:
    """A connection for one's own SQL."""
    with connected(sandbox, database=str(file)) as connection:
        yield connection


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("line", lines("attacks.txt"), ids=lambda line: line[:60])
def test_an_attack(line: str, others: Connection, sandbox: Sandbox, file: Path) -> None:
    expected, _, sql = line.partition(": ")
    sql = REPEATED.sub(lambda found: found[1] * int(found[2]), sql)
    sql = sql.replace("{folder}", str(file.parent)).replace("{null}", "\0")
    before = contents(file.parent)
    sandbox.reset()
    began = time.monotonic()
    with pytest.raises(errors.Error) as raised:
        others.execute(sql, (1,) if "(?)" in sql else ()).fetchall()
    assert type(raised.value).__name__ == expected, str(raised.value)
    assert time.monotonic() - began < SECONDS
    assert contents(file.parent) == before
    assert not [request for request in asked(sandbox) if not request.startswith("GET")]
    assert others.execute("select title from plans").fetchall() == [
        ("Grow",),
        ("Stay",),
    ]


DISGUISES = [
    pytest.param(lambda sql: sql.upper(), id="capitals"),
    pytest.param(lambda sql: sql.replace(" ", "/* select */\t--\n"), id="comments"),
    pytest.param(lambda sql: f"\ufeff{sql}", id="a byte order mark"),
    pytest.param(lambda sql: f" ; /* ; */ {sql} ; -- ;", id="semicolons"),
]


@pytest.mark.parametrize("disguise", DISGUISES)
def test_attacks_in_disguise(
    disguise: Callable[[str], str], others: Connection
) -> None:
    plain = [
        sql
        for line in lines("attacks.txt")
        for expected, _, sql in [line.partition(": ")]
        if expected == "NotAllowed"
        and "vacuum" not in sql
        and not set("'\"{?-*") & set(sql)
    ]
    assert len(plain) > 70
    for sql in plain:
        with pytest.raises(errors.Error) as raised:
            others.execute(disguise(sql)).fetchall()
        assert isinstance(raised.value, errors.NotAllowed), disguise(sql)


@pytest.mark.parametrize("sql", lines("honest.sql"), ids=lambda sql: sql[:60])
def test_an_honest_statement(sql: str, others: Connection, own: Connection) -> None:
    mine, theirs = own.execute(sql), others.execute(sql)
    assert theirs.description == mine.description
    assert theirs.fetchall() == mine.fetchall()


def every_sample() -> list[Any]:
    return [
        pytest.param(sample, id=f"{file.parent.name}-{file.stem}-{number}")
        for file in (*QUERIES, *SCHEMAS)
        for number, sample in enumerate(samples(file), 1)
    ]


@pytest.mark.parametrize("sample", every_sample())
def test_a_statement_of_a_tool(
    sample: Sample, others: Connection, own: Connection
) -> None:
    sql = sample.sql(own)
    try:
        expected = own.execute(sql, sample.parameters)
    except errors.Error as error:
        with pytest.raises(type(error)):
            others.execute(sql, sample.parameters).fetchall()
        return
    found = others.execute(sql, sample.parameters)
    assert found.description == expected.description
    if found.description is not None:
        assert len(found.fetchall()) == len(expected.fetchall())


def test_what_sqlite_brings_is_refused_unless_it_is_allowed_by_name(
    others: Connection,
) -> None:
    """Also what the next SQLite brings."""
    named = others.execute("select name, narg from pragma_function_list").fetchall()
    for name, arguments in {n: a for n, a in named if n.isidentifier()}.items():
        if name in FUNCTIONS:
            continue
        values = ", ".join("1" * max(arguments, 1 if arguments else 0))
        with pytest.raises((errors.NotAllowed, errors.ProgrammingError)) as raised:
            others.execute(f"select {name}({values}) from plans")
        assert not isinstance(raised.value, errors.NotAllowed) or name in str(raised)
    pragmas = others.execute("select name from pragma_pragma_list").fetchall()
    for (name,) in pragmas:
        if name not in PRAGMAS:
            with pytest.raises(errors.NotAllowed, match=f"PRAGMA {name}"):
                others.execute(f"pragma {name}")
    modules = others.execute("select name from pragma_module_list").fetchall()
    known = {name for (name,) in others.execute("select name from pragma_table_list")}
    for (name,) in modules:
        if name not in known | TABLE_FUNCTIONS and not name.startswith("pragma_"):
            with pytest.raises(errors.ProgrammingError):
                others.execute(f"select * from {name}")


def test_rows_up_to_the_ceiling_and_no_more(sandbox: Sandbox) -> None:
    for more in ({}, {"untrusted": True}):
        with connected(sandbox, max_rows=3, **more) as connection:
            cursor = connection.execute("select id from deals limit 3")
            assert len(cursor.fetchall()) == 3
            cursor = connection.execute("select id from deals")
            assert len(cursor.fetchmany(3)) == 3
            with pytest.raises(errors.CeilingExceeded) as raised:
                cursor.fetchone()
            assert (raised.value.unit, raised.value.ceiling) == ("rows", 3)
            assert str(raised.value) == (
                "The statement stops: it gives more than 3 rows, and that is its "
                "ceiling. Add LIMIT, GROUP BY or a narrower WHERE, or raise max_rows "
                "(--max-rows)."
            )
            assert connection.execute("select count(*) from deals").fetchone() == (60,)
            connection.refresh()  # as no cursor reads the tables any more


def test_tokens_up_to_the_ceiling(sandbox: Sandbox) -> None:
    with (
        connected(sandbox, untrusted=True, max_tokens=5) as connection,
        pytest.raises(errors.BudgetExceeded),
    ):
        connection.execute("select * from deals").fetchall()


BOMBS = [
    "with recursive c(x) as (select 1 union all select x + 1 from c) "
    "select count(*) from c",
    "select count(*) from deals a, deals b, deals c, deals d, deals e, deals f",
    "select max(length(hex(randomblob(400000)))) from deals a, deals b, deals c",
    "select count(*) from json_each(json_array(1, 2, 3, 4, 5, 6, 7, 8)) a"
    + ", json_each(json_array(1, 2, 3, 4, 5, 6, 7, 8))" * 20,
]


@pytest.mark.parametrize("sql", BOMBS, ids=range(len(BOMBS)))
def test_a_statement_without_end(sql: str, sandbox: Sandbox) -> None:
    with connected(sandbox, untrusted=True, timeout=0.3) as connection:
        began = time.monotonic()
        with pytest.raises(errors.StatementTimeout):
            connection.execute(sql).fetchall()
        assert time.monotonic() - began < 3
        assert connection.execute("select count(*) from deals").fetchone() == (60,)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"max_tokens": None}, "needs a ceiling on API tokens"),
        ({"temporary_filters": True}, "filters write to the account"),
        ({"max_rows": -1}, "cannot be negative"),
    ],
)
def test_what_does_not_go_together(
    arguments: dict[str, Any], said: str, sandbox: Sandbox
) -> None:
    with pytest.raises(errors.InterfaceError, match=said):
        connected(sandbox, untrusted=True, **arguments)


def test_a_file_that_is_not_there_is_not_made(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(errors.OperationalError, match="cannot be opened"):
        connected(sandbox, database=str(tmp_path / "new.db"), untrusted=True)
    assert list(tmp_path.iterdir()) == []


def test_the_owner_can_refresh_and_attach_accounts(sandbox: Sandbox) -> None:
    with connected(sandbox, untrusted=True) as connection:
        connection.refresh()
        connection.attach_account(
            schema="twin", api_url=sandbox.url, api_token=sandbox.token
        )
        both = "select count(*) from deals a join twin.deals b using (id)"
        assert connection.execute(both).fetchone() == (60,)
        for sql in ('drop table if exists temp."deals"', "detach twin"):
            with pytest.raises(errors.NotAllowed):
                connection.execute(sql)
        connection.detach_account("twin")


def test_functions_that_the_owner_registers_are_allowed(sandbox: Sandbox) -> None:
    def twice(*values: Any) -> int:
        return int(values[0]) * 2

    with connected(sandbox, untrusted=True) as connection:
        connection.apsw.create_scalar_function("twice", twice)
        assert connection.execute("select twice(21)").fetchone() == (42,)


def test_explain_refuses_the_same(others: Connection) -> None:
    assert "GET /api/v2/deals" in str(others.explain("select * from deals"))
    for sql in ("delete from plans", "select * from pipedrive_requests"):
        with pytest.raises(errors.NotAllowed):
            others.explain(sql)


def test_executemany_refuses_the_same(others: Connection) -> None:
    with pytest.raises(errors.NotAllowed):
        others.cursor().executemany("insert into plans values (?, 'x')", [(3,), (4,)])


DOT_COMMANDS = [
    *(".shell id", ".read /etc/passwd", ".load evil", ".open other.db", ".py 1"),
    *(".output written", ".output '|id'", ".import plans.csv plans", ".log written"),
    *(".backup copy.db", ".restore other.db", ".dump", ".cd /", ".autoimport a.csv"),
    *(".connection 0", ".dbconfig defensive off", ".limit length 1000000000"),
    *(".requests", ".refresh", ".parameter set a 1", ".databases", ".dbinfo"),
    *('.sh""ell id', ".'shell' id", ".sh\\ell id", ".vfsname", ".vfslist", ".version"),
    *(".find secret", ".close", ".pages", ".ftsq plans x", ".encoding utf16"),
    *(".exceptions on", ".width 1000000000", ".nullvalue x", ".attach other"),
]


@pytest.mark.parametrize("command", DOT_COMMANDS)
def test_a_command_that_reaches_out(command: str, others: Connection) -> None:
    stream = io.StringIO()
    shell = Shell(others, whose="", stdin=stream, stdout=stream, stderr=stream)
    with pytest.raises(Shell.Error, match="is not allowed with --untrusted"):
        shell.process_complete_line(command)


def test_harmless_commands_work(others: Connection) -> None:
    stream = io.StringIO()
    shell = Shell(others, whose="", stdin=stream, stdout=stream, stderr=stream)
    for command in (".tables deals", ".schema stages", ".mode csv", ".help", ".usage"):
        shell.process_complete_line(command)
    shell.process_complete_line(".explain select 'it''s' from deals")
    assert "CREATE TABLE stages" in stream.getvalue()
    assert "GET /api/v2/deals" in stream.getvalue()
    assert {".shell", ".read"}.isdisjoint(f".{name}" for name in HARMLESS)


def test_the_command_line(sandbox: Sandbox, tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pipedrive_sql", "--untrusted", *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            env={
                "PIPEDRIVE_API_URL": sandbox.url,
                "PIPEDRIVE_API_TOKEN": sandbox.token,
                "HOME": str(tmp_path),
                "PYTHONPATH": ":".join(sys.path),
            },
        )

    done = run("--max-rows", "2", "select id from deals; select 1")
    assert done.returncode == 1
    assert "more than 2 rows" in done.stderr
    done = run("select 1 as one; create table t(a)")
    assert (done.stdout, done.returncode) == ("one\n1\n", 1)
    assert done.stderr == (
        "Error: CREATE, ALTER, DROP or ANALYZE is not allowed here. The connection is "
        "open for SQL of others (untrusted), which may only read. Leave untrusted out "
        "for statements of your own.\n"
    )
    for wrong in ("--temporary-filters", "--max-tokens=none"):
        assert run(wrong, "select 1").returncode == 2


def test_nothing_is_different_for_own_sql(own: Connection) -> None:
    own.execute("create temp table kept(a)")
    own.execute("insert into kept select randomblob(2000000)")
    assert own.execute("select length(a) from kept").fetchone() == (2_000_000,)
    own.execute("drop table kept")


def test_the_tables_of_functions_are_spelled_as_sqlite_does() -> None:
    assert all(name == name.lower() for name in FUNCTIONS | PRAGMAS)
