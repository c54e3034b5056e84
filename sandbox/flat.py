"""Custom values as v1 has them: flat keys beside the system ones.

Shapes: the spec's v1 examples and the guide core-api-concepts-custom-fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .bodies import custom_value
from .fields import ADDRESS, Field
from .refusal import invalid

Row = dict[str, Any]

_PARTS: dict[str, tuple[str, ...]] = {
    "monetary": ("currency",),
    "daterange": ("until",),
    "time": ("timezone_id",),
    "timerange": ("until", "timezone_id"),
    "address": tuple(code for code, _ in ADDRESS),
}


def flattened(fields: Mapping[str, Field], custom: Row) -> Row:
    """`{"c0": 200, "c0_currency": "EUR", ...}`; what is not set has no key."""
    flat: Row = {}
    for code, value in custom.items():
        field = fields.get(code)
        if field is None or value is None:
            continue
        if field.type == "enum":
            flat[code] = str(value)
        elif field.type == "set":
            flat[code] = ",".join(map(str, value))
        elif field.type in _PARTS:
            flat[code] = value.get("value")
            for part in _PARTS[field.type]:
                if value.get(part) is not None:
                    flat[f"{code}_{part}"] = value[part]
        else:
            flat[code] = value
    return flat


def gathered(fields: Mapping[str, Field], body: Row) -> Row:
    """The custom values among the keys of a body, checked, in v2's shape."""
    custom: Row = {}
    for code, field in fields.items():
        if code not in body:
            continue
        value = body[code]
        if value is not None and field.type in _PARTS:
            value = {"value": value, **dict(_parts(code, field, body))}
        elif isinstance(value, str) and field.type in {"enum", "set"}:
            value = _options(code, field, value)
        custom[code] = custom_value(fields, code, value)
    return custom


def _parts(code: str, field: Field, body: Row) -> Iterator[tuple[str, Any]]:
    for part in _PARTS[field.type]:
        if f"{code}_{part}" in body:
            yield part, body[f"{code}_{part}"]


def _options(code: str, field: Field, text: str) -> int | list[int]:
    """`"3"` of an enum, `"3,7"` of a set."""
    parts = text.split(",")
    if not all(part.strip().isdigit() for part in parts):
        raise invalid(code, "must hold ids of options")
    ids = [int(part) for part in parts]
    return ids[0] if field.type == "enum" else ids
