"""Saved filters: their conditions turned into a test of a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .refusal import bad_request, missing

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
    compare = _comparison(field, condition)
    value_of = _reader(field)
    target = condition["object"]
    if target == entity:
        return lambda row: compare(value_of(row))
    if target not in _LINKS:
        raise bad_request(f"Filter on {target} is not possible here")
    name, columns = _LINKS[target]

    def linked(row: Row) -> bool:
        key = next((row[c] for c in columns if row.get(c) is not None), None)
        other = company[name].get(key)
        return other is not None and compare(value_of(other))

    return linked


def field_of(company: Company, condition: Row) -> Field:
    """The field that a condition names by its numeric v1 id."""
    if condition.get("object") not in set(TYPES.values()) - {"project"}:
        raise bad_request(f"Unknown object {condition.get('object')}")
    number = str(condition.get("field_id"))
    for field in company.field_list(condition["object"]):
        if str(field.number) == number:
            return field
    raise bad_request(f"Field {number} was not found")


def _reader(field: Field) -> Callable[[Row], Any]:
    code = field.code
    if field.custom:
        return lambda row: row["custom_fields"].get(code)
    return lambda row: row.get(code)


def _comparison(field: Field, condition: Row) -> Callable[[Any], bool]:
    operator, wanted = condition["operator"], condition.get("value")
    if operator == "IS NULL":
        return lambda value: _scalar(value) in (None, "", [])
    if operator == "IS NOT NULL":
        return lambda value: _scalar(value) not in (None, "", [])
    if operator in _LIKE:
        pattern = re.compile(_LIKE[operator].replace("$", re.escape(_text(wanted))))
        negated: bool = operator.startswith("NOT")

        def like(value: Any) -> bool:
            found = pattern.fullmatch(_text(_scalar(value))) is not None
            return found != negated

        return like
    if operator in {"contains", "not_contains"}:
        return lambda value: (
            (_text(wanted) in _members(value)) == (operator == "contains")
        )
    if operator not in _ORDER:
        raise bad_request(f"Operator {operator} is not supported")
    return _ordered(field, operator, wanted)


_LIKE = {
    "LIKE '%$%'": "(?s:.*$.*)",
    "LIKE '$%'": "(?s:$.*)",
    "LIKE '%$'": "(?s:.*$)",
    "NOT LIKE '%$%'": "(?s:.*$.*)",
    "NOT LIKE '$%'": "(?s:$.*)",
}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    ">": lambda a, b: bool(a > b),
    "<": lambda a, b: bool(a < b),
    ">=": lambda a, b: bool(a >= b),
    "<=": lambda a, b: bool(a <= b),
}
_NUMERIC = frozenset(["int", "double", "monetary", "boolean"])


def _ordered(field: Field, operator: str, wanted: Any) -> Callable[[Any], bool]:
    """Numbers as numbers, sets by any member, all else as text without case."""
    order = _ORDER[operator]
    if field.type in _NUMERIC:
        try:
            operand = float(wanted)
        except (TypeError, ValueError):
            raise bad_request(f"Value of {field.name} must be a number") from None

        def numeric(value: Any) -> bool:
            value = _scalar(value)
            return value is not None and order(float(value), operand)

        return numeric
    words = _text(wanted)

    def textual(value: Any) -> bool:
        if isinstance(value, list):
            return (words in _members(value)) == (operator == "=")
        value = _scalar(value)
        if value is None:
            return operator == "!="
        found = _text(value)
        if field.type == "date" and len(words) == 10:
            found = found[:10]
        return order(found, words)

    return textual


def _scalar(value: Any) -> Any:
    """An object's own value: the amount of money, the start of a range."""
    return value.get("value", value.get("amount")) if isinstance(value, dict) else value


def _text(value: Any) -> str:
    return "" if value is None else str(value).casefold()


def _members(value: Any) -> list[str]:
    return [_text(v) for v in value] if isinstance(value, list) else [_text(value)]
