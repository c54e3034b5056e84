"""docs/adding-a-table.md really adds a table."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

import pipedrive_sql

PAGE = Path(__file__).parent.parent / "docs" / "adding-a-table.md"
FILE = re.compile(r"^`(\w+/\w+\.py)`[^`]*```py\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ASKED = re.compile(r"^\$ pipedrive-sql (.+)\n((?:(?!\$ |```).*\n)*)", re.MULTILINE)
LISTS = {"catalog": "__init__.py", "sandbox": "routes.py"}
# Where the modules of a room are imported, and where what they declare is listed.
REGISTRY = re.compile(
    r"^from \. import \(\n|^(TABLES|ENDPOINTS): .* = \(\n", re.MULTILINE
)


def with_module(module: str, found: re.Match[str]) -> str:
    """The head of a list with the module as its first entry."""
    entry = f"*{module}.{found[1]}" if found[1] else module
    return f"{found[0]}    {entry},\n"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds a copy of the package with the table of the page."""
    package = Path(pipedrive_sql.__file__).parent
    made = tmp_path_factory.mktemp("copy") / "pipedrive_sql"
    made.mkdir()
    for file in package.glob("*.py"):
        shutil.copy(file, made)
    for room in LISTS.keys() | {"planner", "client", "store", "file", "vtables", "cli"}:
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(package / room, made / room, ignore=leave)
    for name, text in FILE.findall(PAGE.read_text("utf-8")):
        file = made / name
        file.write_text(text, "utf-8")
        room, _, module = name.removesuffix(".py").partition("/")
        lists = made / room / LISTS[room]
        listed, times = REGISTRY.subn(
            partial(with_module, module), lists.read_text("utf-8")
        )
        assert times == 2
        lists.write_text(listed, "utf-8")
    return made.parent


def test_the_page_adds_one_literal_and_one_block() -> None:
    files = [name for name, _ in FILE.findall(PAGE.read_text("utf-8"))]
    assert files == ["catalog/regions.py", "sandbox/regions.py"]
    assert len(ASKED.findall(PAGE.read_text("utf-8"))) == 3


@pytest.mark.parametrize(("words", "shown"), ASKED.findall(PAGE.read_text("utf-8")))
def test_the_table_answers_as_the_page_shows(
    copy: Path, words: str, shown: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipedrive_sql", *shlex.split(words)],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (done.stdout, done.stderr, done.returncode) == (shown, "", 0)
