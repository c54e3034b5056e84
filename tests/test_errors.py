"""Each error is its own sentence: what cannot be done, why, what to type instead."""

import contextlib
import errno
import os
from collections.abc import Iterator
from typing import Any

import pytest

import pipedrive_sql
from pipedrive_sql import errors
from pipedrive_sql.sandbox import Sandbox

from .front_door import connected

DEALS = "select count(*) from deals"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=30) as sandbox:
        yield sandbox


@pytest.fixture
def live(sandbox: Sandbox) -> Iterator[pipedrive_sql.Connection]:
    with connected(sandbox, max_tokens=50) as live:
        yield live


@contextlib.contextmanager
def told(kind: type[errors.Error], sentence: str) -> Iterator[dict[str, Any]]:
    """The block raises exactly this error with this sentence; yields its facts."""
    facts: dict[str, Any] = {}
    with pytest.raises(errors.Error) as caught:
        yield facts
    assert type(caught.value) is kind
    assert str(caught.value) == sentence
    facts |= vars(caught.value)


def test_a_table_that_does_not_exist(live: pipedrive_sql.Connection) -> None:
    with told(
        errors.UnknownTable,
        'There is no table "stagez". Did you mean stages?'
        " All tables: SELECT name FROM pipedrive_tables.",
    ) as facts:
        live.execute("select * from stagez")
    assert facts == {"table": "stagez"}


def test_a_column_that_does_not_exist(live: pipedrive_sql.Connection) -> None:
    with told(
        errors.UnknownColumn,
        'There is no column "namee" in stages. Did you mean name?'
        " All columns: SELECT name FROM pragma_table_info('stages').",
    ) as facts:
        live.execute("select s.namee from stages s")
    assert facts == {"column": "namee"}


def test_a_statement_that_sqlite_cannot_read(live: pipedrive_sql.Connection) -> None:
    with told(
        errors.StatementSyntax,
        'SQLite cannot read the statement: near "form": syntax error.',
    ):
        live.execute("select * form stages")


def test_pipedrives_rows_cannot_be_changed(live: pipedrive_sql.Connection) -> None:
    with told(
        errors.NotSupportedError,
        'The table "stages" can only be read: nothing here changes what Pipedrive'
        " holds. Copy it to change the copy: CREATE TABLE copy AS SELECT * FROM"
        " stages.",
    ):
        live.execute("delete from stages")


def test_the_ceiling_is_told_before_it_is_passed(
    live: pipedrive_sql.Connection, sandbox: Sandbox
) -> None:
    sandbox.reset()
    with told(
        errors.BudgetExceeded,
        "The statement is not begun: it costs 60 API tokens at least (size not known: 1"
        " page at least), and the ceiling is 50. It is one request for each of its"
        " tables: ask for fewer at a time. Or raise max_tokens (--max-tokens 60 or"
        " more).",
    ) as facts:
        live.execute(
            "select (select count(*) from notes), (select count(*) from users),"
            " (select count(*) from leads)"
        ).fetchall()
    assert facts == {"spent": 0, "needed": 60, "budget": 50}
    assert sandbox.usage()["tokens"] == 0


def test_a_wrong_token(sandbox: Sandbox) -> None:
    with told(
        errors.TokenRefused,
        f"Pipedrive refuses the token (401) at {sandbox.url}. Check"
        " PIPEDRIVE_API_TOKEN (or the profile, or api_token=) and the company; a"
        " sign-in is made anew by: pipedrive-sql login.",
    ) as facts:
        pipedrive_sql.connect(api_url=sandbox.url, api_token="nonsense")
    assert facts["status"] == 401


def test_no_token(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIPEDRIVE_API_TOKEN", raising=False)
    with told(
        errors.InterfaceError,
        "No API token: Pipedrive answers only with one. Set PIPEDRIVE_API_TOKEN"
        " (Pipedrive shows it under Personal preferences > API), type pipedrive-sql"
        " login, or pass api_token=; to look around without an account, use --demo or"
        " demo=True.",
    ):
        pipedrive_sql.connect(api_url=sandbox.url)


def test_nobody_listens() -> None:
    why = os.strerror(errno.ECONNREFUSED)
    with told(
        errors.Unavailable,
        f"No answer: http://127.0.0.1:1 cannot be reached ({why}). Check the network"
        " and the address, then try again.",
    ):
        pipedrive_sql.connect(api_url="http://127.0.0.1:1", api_token="any")


def test_an_address_that_would_show_the_token() -> None:
    with told(
        errors.InterfaceError,
        "'http://pipedrive.example' cannot be used as API address: it must be"
        " https://HOST, or http://127.0.0.1:PORT for a sandbox on this machine. Check"
        " PIPEDRIVE_API_URL.",
    ):
        pipedrive_sql.connect(api_url="http://pipedrive.example", api_token="any")


def test_the_error_of_sqlite_is_the_cause(live: pipedrive_sql.Connection) -> None:
    with pytest.raises(errors.UnknownTable) as caught:
        live.execute("select * from nowhere")
    assert str(caught.value.__cause__) == "no such table: nowhere"


def test_a_closed_connection(live: pipedrive_sql.Connection) -> None:
    live.close()
    with told(
        errors.InterfaceError, "The connection is closed. Open a new one: connect()."
    ):
        live.execute("select 1")


def test_a_file_that_is_no_database(tmp_path: Any) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("This is no database, but a text that is long enough." * 20)
    with told(
        errors.OperationalError,
        f"{file} cannot be opened as an SQLite database: file is not a database.",
    ):
        pipedrive_sql.connect(str(file), api_url="http://127.0.0.1:1", api_token="any")
