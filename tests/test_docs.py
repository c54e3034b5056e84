"""Every block that README and docs show is run, and what they show comes out.

- `console`: what stands after `$` (and `>`) is typed at a terminal of 80 columns, and
  what is shown below it must come out, but for times.
- `python`: run in one namespace per page; a `text` block after it is what it prints.
- `py`: a whole file; test_adding_a_table.py puts it where the page says.
- `sql`: run on a connection; those of docs/tables.md by test_tables_page.py, of
  docs/bi.md by readers/test_bi_page.py.
- `ini`: units of systemd, which readers/test_bi_page.py starts.
- `toml`: settings, which test_profiles.py reads.
- `sh`: set-up lines for a person's own machine. They are not run here: `.ci/run` does
  the same steps. The list below holds which lines there may be.
"""

import contextlib
import io
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import pipedrive_sql
from pipedrive_sql.sandbox import Sandbox

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^\$ (.*(?:\n> .*)*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
PLAIN = {"NO_COLOR": "1", "TERM": "dumb"}  # neither colours nor progress
TIME = re.compile(r"\b[\d.]+ (ms|s)\b")
ELSEWHERE = ("tables.md", "bi.md")  # their SQL is run by tests of their own

SET_UP = re.compile(
    r"make (demo|test)|git clone .*|cd pipedrive-sql|#.*|"
    r"python3 -m venv \.venv|\. \.venv/bin/activate|"
    r"pip install (-e \. --group dev|'pipedrive-sql(\[sandbox\])?'|'\.\[sandbox\]')|"
    r"uv run (pytest|pipedrive-sql --demo)|uv tool install '\.\[sandbox\]'|"
    r"export PIPEDRIVE_\w+=.*|pipedrive-sql( sandbox)?|pytest|"
    r"pipedrive-sql (login( --profile acme)?( --api-token -)?( --company-domain acme)?|"
    r"whoami --profile acme|logout --profile acme|--profile acme \".*\")|"
)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; `shown` is the text block right after it."""

    page: Path
    line: int
    language: str
    text: str
    shown: str | None

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks() -> Iterator[Block]:
    for page in PAGES:
        text = page.read_text("utf-8") if page.exists() else ""
        found = list(BLOCK.finditer(text))
        for block, after in zip(found, [*found, None][1:], strict=True):
            follows = (
                after
                and after[1] == "text"
                and not text[block.end() : after.start()].strip()
            )
            yield Block(
                page,
                text.count("\n", 0, block.start()) + 1,
                block[1],
                block[2],
                after[2] if after and follows else None,
            )


def of(language: str) -> list[Any]:
    return [pytest.param(b, id=str(b)) for b in blocks() if b.language == language]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=7, deals=300) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def account(
    sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The sandbox stands for the reader's own account, another for "acme"."""
    folder = tmp_path_factory.mktemp("settings")
    with (
        Sandbox(seed=3, deals=60) as other,
        pytest.MonkeyPatch.context() as environment,
    ):
        printed = f'token_command = "echo {other.token}"'
        settled = f'[profile.acme]\napi_url = "{other.url}"\n{printed}\n'
        (folder / "config.toml").write_text(settled, "utf-8")
        environment.setenv("PIPEDRIVE_CONFIG_DIR", str(folder))
        environment.setenv("PIPEDRIVE_API_URL", sandbox.url)
        environment.setenv("PIPEDRIVE_API_TOKEN", sandbox.token)
        environment.delenv("PIPEDRIVE_COMPANY_DOMAIN", raising=False)
        yield


def test_every_block_has_a_language_that_is_tested() -> None:
    known = {"console", "python", "py", "sql", "sh", "text", "toml", "mermaid", "ini"}
    assert {block.language for block in blocks()} <= known
    assert all(page.read_text("utf-8").count("```") % 2 == 0 for page in PAGES)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a Unix terminal")
@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("block", of("console"))
def test_console(block: Block) -> None:
    for command, shown in COMMAND.findall(block.text):
        assert steady(typed(command.replace("\n> ", "\n"))) == steady(shown)


def typed(command: str) -> str:
    """What a terminal shows for a command."""
    import pexpect

    scripts = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    child = pexpect.spawn(
        "bash",
        ["-c", command],
        env={**os.environ, "PATH": scripts, "COLUMNS": "80", **PLAIN},
        encoding="utf-8",
        timeout=60,
        dimensions=(24, 80),
    )
    output = str(child.read())
    child.close()
    assert child.exitstatus in (0, 1), output
    return output.replace("\r\n", "\n")


def steady(text: str) -> str:
    """A text without what differs from run to run: times."""
    return TIME.sub("N ms", text).strip()


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python(page: Path) -> None:
    namespace: dict[str, Any] = {}
    for block in blocks():
        if block.page == page and block.language == "python":
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(block.text, str(block), "exec"), namespace)
            if block.shown is not None:
                assert steady(printed.getvalue()) == steady(block.shown)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    "block", [each for each in of("sql") if each.values[0].page.name not in ELSEWHERE]
)
def test_sql(block: Block) -> None:
    with contextlib.closing(pipedrive_sql.connect()) as connection:
        for statement in filter(str.strip, block.text.split(";\n")):
            connection.execute(statement).fetchall()


@pytest.mark.parametrize("block", of("sh"))
def test_set_up_lines_are_the_known_ones(block: Block) -> None:
    for line in block.text.splitlines():
        assert SET_UP.fullmatch(line.partition("  #")[0].rstrip()), line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
