"""JSON bodies of writes: what each key accepts, and the 400 for what it does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from . import parameters
from .company import Company
from .fields import Field
from .refusal import invalid

Row = dict[str, Any]
Checker = Callable[[str, Any], Any]
"""Turns a key's name and JSON value into what is stored, or raises Refusal."""

LONGEST = {"varchar": 255, "varchar_auto": 255, "text": 65_535}


def read_body(
    accepted: Mapping[str, Checker], body: Any, required: tuple[str, ...] = ()
) -> Row:
    """The checked values of a body; null is let through for what is not required."""
    if not isinstance(body, dict):
        raise invalid("body", "must be an object")
    for key in required:
        if body.get(key) is None:
            raise invalid(key, "is required")
    values: Row = {}
    for key, value in body.items():
        check = accepted.get(key)
        if check is None:
            raise invalid(key, "is not allowed for this request")
        values[key] = None if value is None else check(key, value)
    return values


def text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise invalid(key, "must be a string")
    return value


def filled(key: str, value: Any) -> str:
    """A text that may not be empty."""
    if not text(key, value).strip():
        raise invalid(key, "must be a non-empty string, use null to clear")
    return str(value)


def whole(key: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid(key, "must be an integer")
    return value


def number(key: str, value: Any) -> int | float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise invalid(key, "must be a number")
    return value


def boolean(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise invalid(key, "must be a boolean")
    return value


def flag(key: str, value: Any) -> bool:
    """v1's 0 and 1, or a boolean."""
    if value not in (0, 1):
        raise invalid(key, "must be 0 or 1")
    return bool(value)


def day(key: str, value: Any) -> str:
    """`YYYY-MM-DD`; that the day exists is not checked, as on the real one."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise invalid(key, "is not a valid date")
    return value


def clock(key: str, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"(\d\d:\d\d(:\d\d)?)?", value):
        raise invalid(key, "is not a valid time")
    return value


def moment(key: str, value: Any) -> str:
    """A UTC time with or without zone, to the second."""
    if isinstance(value, str):
        value = re.sub(r"\.\d+(?=Z|$)", "", value)
    return str(parameters.time(key, text(key, value)))


def integers(key: str, value: Any) -> list[int]:
    if not isinstance(value, list):
        raise invalid(key, "must be an array")
    return [whole(key, item) for item in value]


def texts(key: str, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise invalid(key, "must be an array")
    return [text(key, item) for item in value]


def one_of(*values: Any) -> Checker:
    def check(key: str, value: Any) -> Any:
        if value not in values or isinstance(value, bool):
            known = ", ".join(str(v) for v in values)
            raise invalid(key, f"must be one of: {known}")
        return value

    return check


def record(**accepted: Checker) -> Checker:
    """An object with these keys; the ones not given become null."""

    def check(key: str, value: Any) -> Row:
        if not isinstance(value, dict):
            raise invalid(key, "must be an object")
        return dict.fromkeys(accepted) | read_body(accepted, value)

    return check


def records(**accepted: Checker) -> Checker:
    """An array of such objects."""
    one = record(**accepted)

    def check(key: str, value: Any) -> list[Row]:
        if not isinstance(value, list):
            raise invalid(key, "must be an array")
        return [one(key, item) for item in value]

    return check


ADDRESS_KEYS = (
    "value",
    "street_number",
    "route",
    "subpremise",
    "locality",
    "sublocality",
    "admin_area_level_1",
    "admin_area_level_2",
    "country",
    "postal_code",
)
address = record(**dict.fromkeys(ADDRESS_KEYS, text))
reached = records(value=text, primary=boolean, label=text)
visible_to = one_of(1, 3, 5, 7)

_CUSTOM: dict[str, Checker] = {
    "varchar": filled,
    "varchar_auto": filled,
    "text": filled,
    "phone": filled,
    "double": number,
    "date": day,
    "enum": whole,
    "user": whole,
    "org": whole,
    "people": whole,
    "visible_to": visible_to,
    "monetary": record(value=number, currency=text),
    "daterange": record(value=day, until=day),
    "time": record(value=clock, timezone_id=whole, timezone_name=text),
    "timerange": record(
        value=clock, until=clock, timezone_id=whole, timezone_name=text
    ),
    "address": record(**dict.fromkeys((*ADDRESS_KEYS, "formatted_address"), text)),
}


def custom_values(company: Company, entity: str) -> Checker:
    """Checks custom_fields: known codes, and values of their field's type."""

    def check(key: str, value: Any) -> Row:
        if not isinstance(value, dict):
            raise invalid(key, "must be an object")
        fields = company.custom(entity)
        return {code: custom_value(fields, code, v) for code, v in value.items()}

    return check


def custom_value(fields: Mapping[str, Field], code: str, value: Any) -> Any:
    """What is stored of one custom value in v2's shape."""
    field = fields.get(code)
    if field is None:
        raise invalid(code, "is not allowed for this request")
    if value is None:
        return None
    if field.type == "set":
        value = integers(code, value)
        if not value:
            raise invalid(code, "must not be empty, use null to clear")
    else:
        value = _CUSTOM[field.type](code, value)
    if field.type in {"enum", "set"}:
        known = {option["id"] for option in field.options or ()}
        for option in value if isinstance(value, list) else [value]:
            if option not in known:
                raise invalid(code, f"has no option {option}")
    if isinstance(value, str) and len(value) > LONGEST.get(field.type, 65_535):
        raise invalid(code, f"must have at most {LONGEST[field.type]} characters")
    return value


def merged(old: Row, new: Row | None) -> Row:
    """Custom values after a write: null clears, what is not named stays."""
    both = {**old, **(new or {})}
    return {code: value for code, value in both.items() if value is not None}


def must_exist(company: Company, values: Row, **columns: str) -> None:
    """Refuse a reference to a row that is not there: `owner_id="users"`."""
    for column, name in columns.items():
        key = values.get(column)
        row = company[name].get(key)
        if key is not None and (row is None or row.get("is_deleted")):
            raise invalid(column, f"refers to nothing in {name}")
