"""Query parameters: what each kind accepts, and the 400 for what it does not."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from .endpoint import Reader
from .refusal import invalid

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(Z|[+-]\d\d:?\d\d)?")


def integer(name: str, text: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", text):
        raise invalid(name, "must be an integer")
    return int(text)


def number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise invalid(name, "must be a number") from None


def boolean(name: str, text: str) -> bool:
    if text not in {"true", "false", "1", "0"}:
        raise invalid(name, "must be a boolean")
    return text in {"true", "1"}


def flag(name: str, text: str) -> bool:
    """v1's numberBoolean."""
    if text not in {"0", "1"}:
        raise invalid(name, "must be 0 or 1")
    return text == "1"


def plain(name: str, text: str) -> str:
    return text


def integers(name: str, text: str) -> list[int]:
    """Numbers with commas between them."""
    return [integer(name, part.strip()) for part in text.split(",")]


def names(name: str, text: str) -> list[str]:
    """Words with commas between them."""
    return [part.strip() for part in text.split(",") if part.strip()]


def time(name: str, text: str) -> str:
    """A whole second as RFC 3339 in UTC; a fraction is refused, as on the real one."""
    if not _TIME.fullmatch(text):
        raise invalid(name, "is not a valid datetime")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(name, "is not a valid datetime") from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def date(name: str, text: str) -> str:
    try:
        return datetime.strptime(text, "%Y-%m-%d").strftime("%Y-%m-%d")
    except ValueError:
        raise invalid(name, "is not a valid date") from None


def one_of(*values: str) -> Reader:
    def read(name: str, text: str) -> str:
        if text not in values:
            raise invalid(name, f"must be one of: {', '.join(values)}")
        return text

    return read


def some_of(*values: str) -> Reader:
    def read(name: str, text: str) -> list[str]:
        given = names(name, text)
        for value in given:
            if value not in values:
                raise invalid(name, f"must be any of: {', '.join(values)}")
        return given

    return read


def sorts(*values: str) -> dict[str, Reader]:
    """The two v2 parameters of order."""
    return {"sort_by": one_of(*values), "sort_direction": one_of("asc", "desc")}


def sort_v1(*values: str) -> Reader:
    """`id ASC, title DESC` becomes `[("id", False), ("title", True)]`."""

    def read(name: str, text: str) -> list[tuple[str, bool]]:
        order = []
        for part in names(name, text):
            field, _, direction = part.partition(" ")
            direction = direction.strip().lower() or "asc"
            if field not in values or direction not in {"asc", "desc"}:
                raise invalid(name, f"must be any of: {', '.join(values)}")
            order.append((field, direction == "desc"))
        return order

    return read


CURSOR: dict[str, Reader] = {"limit": integer, "cursor": plain}
START: dict[str, Reader] = {"limit": integer, "start": integer}
CUSTOM: dict[str, Reader] = {"custom_fields": names}
LABELS: dict[str, Reader] = {
    "include_option_labels": boolean,
    "include_labels": boolean,
}
TIMES: dict[str, Reader] = {"updated_since": time, "updated_until": time}


def numbers(*keys: str) -> dict[str, Reader]:
    """Parameters that hold one integer each."""
    return dict.fromkeys(keys, integer)


def read_all(
    accepted: dict[str, Reader] | Any, given: list[tuple[str, str]], strict: bool
) -> dict[str, Any]:
    """The values of a query string; a list given twice is joined."""
    values: dict[str, Any] = {}
    for name, text in given:
        reader = accepted.get(name)
        if reader is None:
            if strict:
                raise invalid(name, "is not allowed for this request")
            continue
        value = reader(name, text)
        if name in values and isinstance(value, list):
            value = values[name] + value
        values[name] = value
    return values
