"""Every table whose list has pages, of both dialects, through faults of paging.

A page that is left out cannot be seen where cursors tell the pages, nor where the list
is said to end before it: "skip-page" is for the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import orjson
import pytest

from pipedrive_sql.errors import BadAnswer, Error
from pipedrive_sql.sandbox import Fault

from .changes import BEHIND, Change
from .companies import paged
from .matrix import (
    ALIKE,
    ROWS,
    SERVED,
    Statements,
    narrow,
    outcome,
    read,
)
from .pages import Reader, lists

# Rows a page, the most first: each table is read with those that give it pages enough.
# Of a single row only where cursors tell the pages: places overlap by one.
SIZES = (16, 4, 2, 1)
# A user has one role, though the list of them has pages.
SHORT = {"GET /v1/users/{id}/roleAssignments"}

# What comes of each fault for every table.
FAULTS: dict[str, str | type[Error]] = {
    "same-cursor": BadAnswer,
    "duplicate-row": ROWS,
    "overlap": ROWS,
    "skip-page": BadAnswer,
}
pytestmark = pytest.mark.unofficial


@pytest.fixture(scope="module")
def readers() -> Iterator[list[Reader]]:
    """Each table whose list has pages, with the one that reads it best."""
    company = paged()
    with ExitStack() as stack:
        found = [stack.enter_context(Reader(company, n)) for n in SIZES]
        statements: Statements = narrow(found[0].connection)
        for name, sql in statements.items():
            if lists(name):
                any(reader.take(name, sql) for reader in found)
        yield found


def test_every_list_that_has_pages_is_here(readers: list[Reader]) -> None:
    every = set().union(*(lists(name) for name in SERVED))
    assert every - set().union(*(reader.lists for reader in readers)) == SHORT
    assert len(set().union(*(reader.thrice for reader in readers))) > 15


@pytest.mark.parametrize("rule", FAULTS)
def test_every_table_under(readers: list[Reader], rule: str) -> None:
    found = {n: what for reader in readers for n, what in reader.under(rule).items()}
    wrong = {n: what for n, what in found.items() if what != FAULTS[rule]}
    if FAULTS[rule] == ROWS:
        assert wrong.keys() == ALIKE
        assert all(str(wrong.pop(name)).startswith("0 rows lost") for name in ALIKE)
    assert wrong == {}


def test_a_page_of_one_row_that_is_left_out(readers: list[Reader]) -> None:
    """As a deleted file may be: the list is read on, though places overlap by one."""
    sql = "SELECT id FROM files ORDER BY id LIMIT 1"
    reader = readers[0]
    right = read(reader.connection, sql)
    more = {"start": 0, "limit": 1, "more_items_in_collection": True, "next_start": 1}
    rows = [{"id": 999, "active_flag": False}]
    body = {"success": True, "data": rows, "additional_data": {"pagination": more}}
    told = orjson.dumps(body)
    reader.sandbox.faults.add(Fault(status=200, body=told, query="limit=1", times=1))
    assert outcome(reader.connection, sql, right) == ROWS
    assert reader.sandbox.faults.as_json() == []


# What is done to a list's rows once its first page was answered.
CHANGES = {
    "its first row goes, another one comes": ("add last", "delete first"),
    "its last row so far goes, the first one changes": ("change first", "delete last"),
}
# Their cursors are places, which move under a reader without a sign.
UNSTABLE = ("Fields", "/search", "/itemSearch", "/itemSearch/field")
# A role that goes also changes the one above it: of a page of two, none is as it was,
# which is an error. A row without a key that changes while it moves is in two versions.
SEEN = {"roles", "person_products"}
# They follow from other rows, by which the sandbox also numbers them.
DERIVED = ("/participants", "/participantsChangelog")


def test_every_list_changes(readers: list[Reader]) -> None:
    every = set().union(*(lists(name) for name in SERVED)) - SHORT
    left = {end for end in every if not end.endswith((*UNSTABLE, *DERIVED))}
    assert left == BEHIND.keys()


@pytest.mark.parametrize("what", CHANGES)
def test_no_row_is_lost_or_twice_while(readers: list[Reader], what: str) -> None:
    wrong: dict[str, str] = {}
    changed: set[str] = set()
    for reader in readers:
        for name in reader.statements:
            if not lists(name) & BEHIND.keys():
                continue
            change = Change(reader.sandbox.company, lists(name), CHANGES[what])
            found = reader.meanwhile(name, change)
            changed |= change.done
            if found != ROWS and name not in SEEN:
                wrong[name] = found
    assert wrong == {}
    assert changed == BEHIND.keys()
