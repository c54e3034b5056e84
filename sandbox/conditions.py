"""Saved filters: their conditions turned into a test of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from .collection import DELETED, shelf_of
from .company import ENTITIES
from .comparisons import comparison
from .refusal import bad_request, missing
from .rollups import next_activity

if TYPE_CHECKING:
    from .company import Company
    from .endpoint import Call
    from .fields import Field

Row = dict[str, Any]
Test = Callable[[Row], bool]

TYPES = {
    "deals": "deal",
    "people": "person",
    "org": "organization",
    "products": "product",
    "activity": "activity",
    "leads": "lead",
    "projects": "project",
}
"""Types of filters, and the object whose rows they choose."""

_LINKS = {
    "person": ("persons", ("person_id",)),
    "organization": ("organizations", ("org_id", "organization_id")),
    "deal": ("deals", ("deal_id",)),
    "product": ("products", ("product_id",)),
}


def saved_filter(call: Call, number: int, kind: str) -> Test:
    """The test of filter `number`; its type must be `kind`."""
    row = call.company["filters"].get(number)
    if row is None or not row["active_flag"] or row["type"] != kind:
        if call.switches.missing_filter == "empty":
            return lambda row: False
        raise missing("Filter was not found")
    return compiled(call.company, kind, row["conditions"])


def compiled(company: Company, kind: str, conditions: Row) -> Test:
    """All of the AND group, and any of the OR group unless that is empty."""
    groups = conditions.get("conditions") or []
    every = [t for g in groups if g["glue"] == "and" for t in _tests(company, kind, g)]
    some = [t for g in groups if g["glue"] == "or" for t in _tests(company, kind, g)]

    def test(row: Row) -> bool:
        return all(t(row) for t in every) and (not some or any(t(row) for t in some))

    return test


def _tests(company: Company, kind: str, group: Row) -> Iterable[Test]:
    for condition in group["conditions"]:
        yield _test(company, TYPES[kind], condition)


def _test(company: Company, entity: str, condition: Row) -> Test:
    field = field_of(company, condition)
    compare = comparison(company, field, condition)
    target = condition["object"]
    value_of = _reader(company, target, field)
    if target == entity:
        return lambda row: compare(value_of(row))
    if target not in _LINKS:
        raise bad_request(f"Filter on {target} is not possible here")
    name, columns = _LINKS[target]

    def linked(row: Row) -> bool:
        key = next((row[c] for c in columns if row.get(c) is not None), None)
        other = company[name].get(key)
        if other is None or shelf_of(other) == DELETED:
            return False
        return compare(value_of(other))

    return linked


def field_of(company: Company, condition: Row) -> Field:
    """The field that a condition names by its numeric v1 id."""
    if condition.get("object") not in set(TYPES.values()) - {"project"}:
        raise bad_request(f"Unknown object {condition.get('object')}")
    number = str(condition.get("field_id"))
    for field in company.field_list(condition["object"]):
        if str(field.number) == number and field.filterable:
            return field
    raise bad_request(f"Field {number} was not found")


def _reader(company: Company, entity: str, field: Field) -> Callable[[Row], Any]:
    code = field.code
    if field.custom:
        return lambda row: row["custom_fields"].get(code)
    if (entity, code) == ("lead", "next_activity_id"):
        return partial(next_activity, company, "lead_id")
    compute = company[ENTITIES[entity]].optional.get(code)
    key = _KEYS.get(code, code)
    return compute or (lambda row: row.get(key))


# Fields that are not called as in rows.
_KEYS = {"email": "emails", "phone": "phones"}
