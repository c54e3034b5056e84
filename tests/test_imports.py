"""Rooms import one way: each only what stands to its left."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = (
    *("errors", "catalog", "planner", "client", "store", "file", "vtables", "cursor"),
    *("notebook", "opening", "connection", "connecting", "cli"),
    *("__init__", "__main__"),
)
# Who may start the sandbox, and only when asked to.
SANDBOX_STARTERS = {"opening", "connection", "connecting", "cli"}

needs_sources = pytest.mark.skipif(
    not (ROOT / "__init__.py").exists(), reason="the sources are not beside the tests"
)


def modules() -> Iterator[tuple[str, Path]]:
    """Each module of the package with the name of its room."""
    for name in (*ROOMS, "sandbox"):
        file = ROOT / f"{name}.py"
        yield from ((name, path) for path in [file] if file.exists())
        yield from ((name, path) for path in sorted((ROOT / name).glob("*.py")))


def imported_rooms(path: Path) -> Iterator[str]:
    """The rooms that a module imports, however it spells it."""
    here = ["pipedrive_sql", *path.relative_to(ROOT).parent.parts]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            base = base + (node.module.split(".") if node.module else [])
            targets = [[*base, alias.name] for alias in node.names]
        else:
            continue
        for target in targets:
            if target[0] == "pipedrive_sql":
                yield target[1] if len(target) > 1 else "__init__"


@needs_sources
@pytest.mark.parametrize(
    ("room", "path"),
    [pytest.param(*found, id=str(found[1].relative_to(ROOT))) for found in modules()],
)
def test_a_room_imports_only_what_stands_to_its_left(room: str, path: Path) -> None:
    if room == "sandbox":
        allowed = {"sandbox"}
    else:
        allowed = set(ROOMS[: ROOMS.index(room) + 1])
        allowed |= {"sandbox"} if room in SANDBOX_STARTERS else set()
    assert set(imported_rooms(path)) <= allowed


@needs_sources
def test_every_module_stands_in_a_room_that_has_its_place() -> None:
    files = {path.stem for path in ROOT.glob("*.py")}
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert (files | rooms) - {"tests", "examples"} <= {*ROOMS, "sandbox"}


@pytest.mark.parametrize("room", ["pipedrive_sql", "pipedrive_sql.cli"])
def test_importing_does_not_load_the_sandbox(room: str) -> None:
    program = (
        f"import sys, {room}\n"
        "print(*[n for n in sys.modules if n.startswith('pipedrive_sql.sandbox')])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == ""
