"""The five answers that v2 collections share: list, one, POST, PATCH, DELETE."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from .bodies import Checker, custom_values, merged, read_body
from .changes import record
from .collection import ARCHIVED, DELETED, LIVE, Collection, Row, shelf_of
from .company import Company
from .conditions import saved_filter
from .endpoint import Call, Endpoint, Reader, Reply, success
from .pages import Test, ids_of, one_v2, page_v2
from .parameters import CURSOR, CUSTOM, LABELS, some_of
from .refusal import invalid, missing

KEPT = timedelta(days=30)  # how long deleted rows are there

Narrow = Callable[[Call, Any], Test]
"""Turns a parameter's value into a test of a row."""


def equal(column: str) -> Narrow:
    """The very same value."""
    return lambda call, value: lambda row: row[column] == value


def since(column: str) -> Narrow:
    """At or after (inclusive)."""
    return lambda call, value: lambda row: (row[column] or "") >= value


def until(column: str) -> Narrow:
    """Before (exclusive)."""
    return lambda call, value: (
        lambda row: row[column] is not None and (row[column] < value)
    )


TIMES: dict[str, Narrow] = {
    "updated_since": since("update_time"),
    "updated_until": until("update_time"),
}


def test_of(call: Call, narrow: Mapping[str, Narrow], skip: set[str]) -> Test | None:
    """All the filters of a query in one test, or None where there are none."""
    tests = [
        how(call, call.query[name])
        for name, how in narrow.items()
        if name in call.query and name not in skip
    ]
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda row: all(test(row) for test in tests)


def kept(company: Company, deleted: Row) -> bool:
    """Whether a deleted row is not purged yet (the spec's DELETE texts)."""
    oldest = (company.now - KEPT).strftime("%Y-%m-%dT%H:%M:%SZ")
    return deleted["update_time"] is None or bool(deleted["update_time"] >= oldest)


@dataclass(slots=True)
class Entity:
    """One v2 collection. `plain` filters give way to filter_id, `lasting` do not."""

    name: str
    singular: str
    body: Mapping[str, Checker]
    required: tuple[str, ...]
    build: Callable[[Call, Row], Row]
    alter: Callable[[Call, Row, Row], Row]
    plain: Mapping[str, Narrow] = field(default_factory=dict)
    lasting: Mapping[str, Narrow] = field(default_factory=dict)
    filter_type: str | None = None
    only_new: tuple[str, ...] = ()
    created: int = 200

    def of(self, call: Call) -> Collection:
        """The collection in the company that was called."""
        return call.company[self.name]

    def list(self, call: Call) -> Reply:
        """GET of the list: rows neither archived nor deleted."""
        return self.list_on(call, (LIVE,))

    def list_on(self, call: Call, shelves: tuple[str, ...]) -> Reply:
        """The rows on `shelves` that the query leaves."""
        collection = self.of(call)
        number = call.query.get("filter_id")
        if number is not None:
            kept = dict(self.lasting)
            if not call.switches.filter_id_keeps_times:
                kept = {}
            chosen = saved_filter(call, number, self.filter_type or "")
            rest = test_of(call, kept, set())
            return page_v2(
                call,
                collection,
                chosen if rest is None else lambda row: chosen(row) and rest(row),
                shelves=shelves,
            )
        test = test_of(call, {**self.plain, **self.lasting}, set())
        ids = ids_of(call)
        if ids is None:
            for column in collection.parents:
                if column in self.plain and column in call.query:
                    children = collection.children(column, call.query[column])
                    found = [row["id"] for row in children if shelf_of(row) in shelves]
                    return page_v2(call, collection, test, ids=found)
            return page_v2(call, collection, test, shelves=shelves)
        places = set(shelves)
        if call.switches.ids_return_archived:
            places.add(ARCHIVED)
        if call.switches.ids_return_deleted:
            places.add(DELETED)
        rows = (collection.get(i) for i in ids)
        found = [row["id"] for row in rows if row and shelf_of(row) in places]
        return page_v2(call, collection, test, ids=found)

    def find(self, call: Call) -> Row:
        """The row whose id is in the path."""
        text = call.path["id"]
        if not text.isdigit():
            raise invalid("id", "must be an integer")
        row = self.of(call).get(int(text))
        if row is None or (call.sees is not None and not call.sees(row)):
            raise missing()
        return row

    def find_live(self, call: Call) -> Row:
        """As `find`; a deleted row is a 404."""
        row = self.find(call)
        if row["is_deleted"]:
            raise missing()
        return row

    def one(self, call: Call) -> Reply:
        """GET of one row; a deleted one as the switch has it."""
        row = self.find(call)
        if row["is_deleted"] and not (
            call.switches.get_one_returns_deleted and kept(call.company, row)
        ):
            raise missing()
        return one_v2(call, self.of(call), row)

    def _read(self, call: Call, required: tuple[str, ...]) -> Row:
        accepted = dict(self.body)
        if self.of(call).codes is not None:
            accepted["custom_fields"] = custom_values(call.company, self.singular)
        return read_body(accepted, call.body, required)

    def add(self, call: Call) -> Reply:
        """POST: the row as it was made."""
        values = self._read(call, self.required)
        collection = self.of(call)
        custom = values.pop("custom_fields", None)
        row = self.build(call, values)
        row["id"] = collection.next_id()
        if collection.codes is not None:
            row["custom_fields"] = merged({}, custom)
        collection.add(row)
        return one_v2(call, collection, row, self.created)

    def change(self, call: Call) -> Reply:
        """PATCH: the row as it is then, its changes recorded."""
        row = self.find_live(call)
        values = self._read(call, ())
        for key in self.only_new:
            if key in values:
                raise invalid(key, "is not allowed for this request")
        for key in self.required:
            if key in values and values[key] is None:
                raise invalid(key, "must not be null")
        collection = self.of(call)
        custom = values.pop("custom_fields", None)
        changes = self.alter(call, row, values)
        if custom is not None:
            changes["custom_fields"] = merged(row["custom_fields"], custom)
        changes["update_time"] = call.company.tick()
        record(call.company, self.singular, row, changes)
        row = collection.change(row["id"], changes)
        return one_v2(call, collection, row)

    def delete(self, call: Call) -> Reply:
        """Soft: update_time becomes the time of deletion (migration guide)."""
        row = self.find_live(call)
        changes = {"is_deleted": True, "update_time": call.company.tick()}
        if self.name == "deals":
            changes["status"] = "deleted"
        self.of(call).change(row["id"], changes)
        return success({"id": row["id"]})

    def endpoints(
        self,
        list_price: int,
        query: Mapping[str, Reader],
        *,
        optional: tuple[str, ...] = (),
        selector_on_one: bool = True,
        labels: bool = True,
    ) -> tuple[Endpoint, ...]:
        """The five of them; `query` is what the list takes besides the usual."""
        shown: dict[str, Reader] = {}
        if optional:
            shown["include_fields"] = some_of(*optional)
        if labels:
            shown |= LABELS
        one = dict(shown)
        if self.name in {"deals", "persons", "organizations", "products"}:
            shown |= CUSTOM
            if selector_on_one:
                one |= CUSTOM
        path = f"/{self.name}"
        key = path + "/{id}"
        return (
            Endpoint(
                "GET", 2, path, list_price, self.list, {**CURSOR, **shown, **query}
            ),
            Endpoint("POST", 2, path, 5, self.add),
            Endpoint("GET", 2, key, 1, self.one, one),
            Endpoint("PATCH", 2, key, 5, self.change),
            Endpoint("DELETE", 2, key, 3, self.delete),
        )
