"""One condition of a saved filter: what it says of a field's value.

What the documentation leaves open is in the company's switches: the case of text,
whose day a moment is on, what is unlike an empty value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from .company import ZONE
from .fields import Field
from .filter_helpers import OPERATORS
from .refusal import bad_request
from .relative_dates import days

if TYPE_CHECKING:
    from .company import Company

Row = dict[str, Any]
Holds = Callable[[Any], bool]

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NOTHING: tuple[Any, ...] = (None, "", [], "0000-00-00", "-0001-11-30")
_NUMERIC = frozenset(["int", "double", "monetary", "boolean"])
_LIKE = {
    "LIKE '%$%'": "(?s:.*$.*)",
    "LIKE '$%'": "(?s:$.*)",
    "LIKE '%$'": "(?s:.*$)",
    "NOT LIKE '%$%'": "(?s:.*$.*)",
    "NOT LIKE '$%'": "(?s:$.*)",
    "NOT LIKE '%$'": "(?s:.*$)",
}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    ">": lambda a, b: bool(a > b),
    "<": lambda a, b: bool(a < b),
    ">=": lambda a, b: bool(a >= b),
    "<=": lambda a, b: bool(a <= b),
}
_ENDS = {
    "ends_at": "=",
    "does_not_end_at": "!=",
    "ends_before": "<",
    "ends_e_before": "<=",
    "ends_after": ">",
    "ends_e_after": ">=",
}
# Field types as /v1/filters/helpers calls them, where that differs.
_KINDS = {
    **dict.fromkeys(("text", "varchar_auto", "varchar_options", "phone"), "varchar"),
    **dict.fromkeys(("address", "lead", "activity", "project"), "varchar"),
    **dict.fromkeys(("boolean", "billing_frequency"), "enum"),
    **dict.fromkeys(("projects_board", "projects_phase"), "enum"),
    "people": "person",
    "org": "organization",
    "deals": "deal",
}


def comparison(company: Company, field: Field, condition: Row) -> Holds:
    """The test of a value. Refuses operators and values that the field has not."""
    operator, wanted = condition["operator"], condition.get("value")
    if condition.get("json_value_flag") and operator in {"IN", "NOT IN"}:
        return _among(company, field, operator, wanted)
    if operator not in operators(field):
        raise bad_request(f"Operator {operator} is not supported for {field.name}")
    if operator == "IS NULL":
        return lambda value: _scalar(value) in _NOTHING
    if operator == "IS NOT NULL":
        return lambda value: _scalar(value) not in _NOTHING
    if operator == "belongs_to_team":
        team = company["teams"].get(_number(field, wanted))
        users = frozenset(team["users"] if team else ())
        return lambda value: value in users
    if operator == "includes":
        after, before = (_compared(company, field, o, wanted) for o in ("<=", ">="))
        return lambda value: (
            isinstance(value, dict) and after(value) and before(value["until"])
        )
    if operator in _ENDS:
        ends = _compared(company, field, _ENDS[operator], wanted)
        return lambda value: isinstance(value, dict) and ends(value["until"])
    return _compared(company, field, operator, wanted)


def operators(field: Field) -> frozenset[str]:
    """What /v1/filters/helpers and its deprecated part give the field's type."""
    if field.code == "title":
        return frozenset(OPERATORS["title"]) | {*_LIKE}
    found = OPERATORS.get(_KINDS.get(field.type, field.type), {})
    names = found if isinstance(found, dict) else [k for one in found for k in one]
    like = {*_LIKE} if "LIKE '$%'" in names else frozenset[str]()
    return frozenset(names) | like


def _among(company: Company, field: Field, operator: str, wanted: Any) -> Holds:
    """IN and NOT IN, which filters of the web app have: any of a list."""
    values = json.loads(wanted) if isinstance(wanted, str) else wanted
    tests = [_compared(company, field, "=", value) for value in values]
    if operator == "IN":
        return lambda value: any(test(value) for test in tests)
    empty = company.switches.nothing_is_unequal
    return lambda value: (
        empty if _scalar(value) in _NOTHING else not any(test(value) for test in tests)
    )


def _compared(company: Company, field: Field, operator: str, wanted: Any) -> Holds:
    """Comparisons with one value; their opposites leave out what is empty, or not."""
    positive = _POSITIVE.get(operator)
    if positive is not None:
        holds = _compared(company, field, positive, wanted)
        empty = company.switches.nothing_is_unequal
        return lambda value: empty if _scalar(value) in _NOTHING else not holds(value)
    if operator in _LIKE:
        return _like(company, _LIKE[operator], wanted)
    if operator == "contains":
        return lambda value: _text(wanted) in map(_text, _members(value))
    if operator not in _ORDER:
        raise bad_request(f"Operator {operator} is not supported here")
    if field.type in _NUMERIC:
        return _numeric(field, operator, wanted)
    if field.type in {"date", "daterange"}:
        return _dated(company, field, operator, wanted)
    if field.type == "set" and not company.switches.set_equals_any:
        whole = sorted(_text(wanted).split(","))
        return lambda value: sorted(map(_text, _members(value))) == whole
    return _textual(company, operator, wanted)


_POSITIVE = {
    "!=": "=",
    "not_contains": "contains",
    **{key: key.removeprefix("NOT ") for key in _LIKE if key.startswith("NOT ")},
}


def _like(company: Company, pattern: str, wanted: Any) -> Holds:
    fold = _fold(company)
    compiled = re.compile(pattern.replace("$", re.escape(fold(wanted))))
    return lambda value: any(compiled.fullmatch(fold(v)) for v in _members(value))


def _numeric(field: Field, operator: str, wanted: Any) -> Holds:
    order, operand = _ORDER[operator], _number(field, wanted)

    def holds(value: Any) -> bool:
        value = _scalar(value)
        return value is not None and order(float(value), operand)

    return holds


def _number(field: Field, wanted: Any) -> float:
    try:
        return float(wanted)
    except (TypeError, ValueError):
        raise bad_request(f"Value of {field.name} must be a number") from None


def _dated(company: Company, field: Field, operator: str, wanted: Any) -> Holds:
    """Days as text; a moment is on the day that the switch says."""
    how = company.switches.filter_days
    moment = field.type == "date" and field.code.endswith("_time")
    span = _span(company, wanted)
    if span is None:
        raise bad_request(f"Value of {field.name} must be in the YYYY-MM-DD format")
    first, last = span

    def holds(value: Any) -> bool:
        value = _scalar(value)
        if value in _NOTHING:
            return False
        if moment and how == "account":
            value = company.local_date(value)
        elif moment and how == "midnight":
            midnight = last if operator in {">", "<="} else first
            return _ORDER[operator](value[:19], f"{midnight}T00:00:00")
        found = str(value)[:10]
        if operator == "=":
            return first <= found <= last
        return _ORDER[operator](found, last if operator in {">", "<="} else first)

    return holds


def _span(company: Company, wanted: Any) -> tuple[str, str] | None:
    """The first and last day of a date or of a relative date."""
    text = str(wanted)
    if _DATE.fullmatch(text):
        return text, text
    account = company.switches.filter_days == "account"
    now = company.now + ZONE if account else company.now
    found = days(text, date(now.year, now.month, now.day))
    return (str(found[0]), str(found[1])) if found else None


def _textual(company: Company, operator: str, wanted: Any) -> Holds:
    """As text; of several values any may do."""
    order, fold = _ORDER[operator], _fold(company)
    words = fold(wanted)
    return lambda value: any(order(fold(v), words) for v in _members(value))


def _fold(company: Company) -> Callable[[Any], str]:
    return _folded if company.switches.filters_ignore_case else _text


def _folded(value: Any) -> str:
    return _text(value).casefold()


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _scalar(value: Any) -> Any:
    """An object's own value: the amount of money, the start of a range."""
    return value.get("value", value.get("amount")) if isinstance(value, dict) else value


def _members(value: Any) -> Iterable[Any]:
    """Every value of an array, or the one; nothing where it is empty."""
    some = value if isinstance(value, list) else [value]
    return [v for v in map(_scalar, some) if v not in _NOTHING]
