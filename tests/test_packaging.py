"""What is installed is what stands in the checkout, under one clean import name."""

import doctest
import importlib
import pkgutil
import subprocess
import sys
import sysconfig
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import pipedrive_sql

ROOT = Path(__file__).parent.parent

needs_sources = pytest.mark.skipif(
    not (ROOT / "__init__.py").exists(), reason="the sources are not beside the tests"
)
needs_install = pytest.mark.skipif(
    Path(sysconfig.get_paths()["purelib"]) not in Path(pipedrive_sql.__file__).parents
    or Path(pipedrive_sql.__file__).parent.is_symlink(),
    reason="the wheel is not installed: these are the sources themselves",
)


def installed_modules() -> list[str]:
    """The names of all modules of the package, under its installed name."""
    aside = ("pipedrive_sql.tests", "pipedrive_sql.examples", "pipedrive_sql.bench")
    found = pkgutil.walk_packages(pipedrive_sql.__path__, "pipedrive_sql.")
    return ["pipedrive_sql", *(m.name for m in found if not m.name.startswith(aside))]


@needs_sources
def test_rooms_in_pyproject_are_the_folders_with_an_init() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(project["tool"]["setuptools"]["packages"]) == {
        "pipedrive_sql",
        *(f"pipedrive_sql.{room}" for room in rooms),
    }


@needs_sources
def test_no_root_file_hides_a_standard_module() -> None:
    roots = {path.stem for path in ROOT.glob("*.py")}
    roots |= {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert not roots & sys.stdlib_module_names


@needs_sources
def test_the_link_for_type_checkers_leads_to_the_checkout() -> None:
    assert (ROOT / ".import" / "pipedrive_sql").resolve() == ROOT.resolve()


@needs_sources
def test_the_root_init_only_imports() -> None:
    source = (ROOT / "__init__.py").read_text("utf-8")
    assert "from ." not in source, "pytest also imports it under the checkout's name"


@pytest.mark.parametrize("name", installed_modules())
def test_doctests(name: str) -> None:
    """Every module imports under its installed name, and its examples hold."""
    if name.endswith("__main__"):
        pytest.skip("it is run, not imported: tests/test_cli.py runs it")
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(pipedrive_sql.__file__).parent / "py.typed").exists()


def test_the_version_is_the_installed_one() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "pipedrive_sql", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.split()[1] == metadata.version("pipedrive-sql")


@needs_install
def test_the_wheel_brings_one_folder_and_no_tests() -> None:
    files = metadata.files("pipedrive-sql") or []
    tops = {file.parts[0] for file in files if not file.parts[0].startswith("..")}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"pipedrive_sql"}
    rooms = {file.parts[1] for file in files if file.parts[0] == "pipedrive_sql"}
    assert not rooms & {"tests", "examples", "docs", "bench", "build", "dist"}
