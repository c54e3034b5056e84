"""Every collection that Pipedrive lets one read is there, as the official specs say."""

from __future__ import annotations

import csv
import importlib.util
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipedrive_sql.catalog import TABLES
from pipedrive_sql.connection import Connection
from pipedrive_sql.errors import NotThere
from pipedrive_sql.sandbox import Heard, Sandbox

from . import official
from .front_door import connected

DOCS = Path(__file__).parent.parent / "docs"
LISTED = official.SHARED / "tables.tsv"
needs_list = pytest.mark.skipif(
    not LISTED.exists(), reason=f"the list of all collections is not in {LISTED}"
)
JUDGED = 3  # answers of one endpoint to one table that the specs judge

# Lists with the rows of another list, mostly of v1 where v2 has them too.
TWINS = {
    f"GET {path}": f"GET {other}"
    for path, other in {
        "/v1/activityFields": "/api/v2/activityFields",
        "/v1/dealFields": "/api/v2/dealFields",
        "/v1/organizationFields": "/api/v2/organizationFields",
        "/v1/personFields": "/api/v2/personFields",
        "/v1/productFields": "/api/v2/productFields",
        "/v1/deals/archived": "/api/v2/deals/archived",
        "/v1/deals/{id}/followers": "/api/v2/deals/{id}/followers",
        "/v1/organizations/{id}/followers": "/api/v2/organizations/{id}/followers",
        "/v1/persons/{id}/followers": "/api/v2/persons/{id}/followers",
        "/v1/products/{id}/followers": "/api/v2/products/{id}/followers",
        "/v1/users/{id}/followers": "/api/v2/users/{id}/followers",
        "/v1/projects": "/api/v2/projects",
        "/v1/projects/boards": "/api/v2/boards",
        "/v1/projects/phases": "/api/v2/phases",
        "/v1/projectTemplates": "/api/v2/projectTemplates",
        "/v1/tasks": "/api/v2/tasks",
        "/v1/legacyTeams/user/{id}": "/v1/legacyTeams",
        "/api/v2/deals/{id}/products": "/api/v2/deals/products",
    }.items()
}
# Rows that the list of their parents has already, at no further price.
WITHIN = {"team_users": "GET /v1/legacyTeams"}


def without_table() -> set[str]:
    """The collections that docs/not-tables.md gives a reason for."""
    text = (DOCS / "not-tables.md").read_text("utf-8")
    return set(re.findall(r"^\| `(\w+)` \| .+ \| .{40,} \|$", text, re.MULTILINE))


def collections() -> list[tuple[str, str]]:
    """Every readable collection, and the operation of the specs that lists it."""
    if not LISTED.exists():
        return []
    with LISTED.open(encoding="utf-8") as lines:
        return [
            (row["table"], f"GET {prefix(row['version'])}{row['list path']}")
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def prefix(version: str) -> str:
    return "/api/v2" if version == "v2" else "/v1"


def questions() -> ModuleType:
    """The questions of the documentation, with what functions are called with."""
    found = importlib.util.spec_from_file_location("questions", DOCS / "questions.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


ARGUMENTS: dict[str, str] = questions().ARGUMENTS


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def connection(sandbox: Sandbox) -> Iterator[Connection]:
    with connected(sandbox, cache_ttl=0) as connection:
        yield connection


@pytest.fixture(scope="module")
def asked() -> dict[str, set[str]]:
    """The endpoints that were asked for each table."""
    return defaultdict(set)


@needs_list
def test_there_are_a_hundred_and_twenty_of_them() -> None:
    assert len(collections()) == 120


@needs_list
@pytest.mark.parametrize("name", [name for name, _ in collections()])
def test_each_is_a_table_a_function_or_has_a_reason_not_to_be(name: str) -> None:
    tables = {table.name for table in TABLES}
    assert (name in tables) != (name in without_table())


@official.needs_specs
@pytest.mark.parametrize("name", [table.name for table in TABLES])
def test_three_rows_of_each_table_are_asked_for_as_the_specs_say(
    connection: Connection, asked: dict[str, set[str]], name: str
) -> None:
    heard: list[Heard] = []
    given = ARGUMENTS.get(name)
    where = f" where {given}" if given else ""
    Sandbox.listeners.append(heard.append)
    try:
        rows = connection.execute(f"select * from {name}{where} limit 3").fetchall()
    except NotThere:
        assert name.endswith("_conversion_status")  # none was started
        rows = []
    finally:
        Sandbox.listeners.remove(heard.append)
    assert rows or name.endswith("_conversion_status")
    assert heard
    found: dict[str, list[Heard]] = defaultdict(list)
    for one in heard:
        assert one.endpoint, f"{one} is no operation of the specs"
        found[one.endpoint].append(one)
    asked[name].update(found)
    for some in found.values():
        assert [line for one in some[:JUDGED] for line in official.problems(one)] == []


@needs_list
@official.needs_specs
def test_every_collection_of_the_specs_was_asked(asked: dict[str, set[str]]) -> None:
    """Those above, when all of them ran."""
    if len(asked) < len(TABLES):
        pytest.skip("not every table was read in this run")
    every = set().union(*asked.values())
    within = {name for name, operation in WITHIN.items() if operation in asked[name]}
    lost = {
        f"{name}: {operation}"
        for name, operation in collections()
        if operation not in every and name not in within | without_table()
    }
    assert lost == set()


@needs_list
@official.needs_specs
def test_every_list_of_the_specs_is_one_of_them() -> None:
    """A GET that answers with an array is in the list of collections, or its twin."""
    known = {operation for _, operation in collections()}
    listed = {
        name
        for version in (1, 2)
        for name, operation in official.operations(version).items()
        if name.startswith("GET ") and answers_rows(operation, version)
    }
    assert listed - known == set(TWINS)
    assert set(TWINS.values()) <= known


def answers_rows(operation: dict[str, Any], version: int) -> bool:
    """Whether the `data` of its answer is declared as an array."""
    content = operation["responses"].get(200, operation["responses"].get("200", {}))
    schema = content.get("content", {}).get("application/json", {}).get("schema", {})
    return any(
        part.get("type") == "array" for part in properties(schema, "data", version)
    )


def properties(schema: Any, name: str, version: int) -> Iterator[dict[str, Any]]:
    """The schemas of a property, through what a schema is made of."""
    if "$ref" in schema:
        found: Any = official.spec(version)
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    if name in schema.get("properties", {}):
        yield schema["properties"][name]
    for part in (*schema.get("allOf", ()), *schema.get("oneOf", ())):
        yield from properties(part, name, version)
