"""The conditions of a saved filter as SQL, in the names of the tables' columns.

The text stands behind WHERE in a query of the table that the filter is for:

    status = 'open' and (deal_source = 'Web' or value > 1000)

Text is compared without case, money as it stands. What SQL cannot say stands as a
comment before a 1, so that rows are rather too many; what is said, but rests on what
Pipedrive does not document, is told in a comment at the end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from .conditions import column_of
from .operands import (
    NUMBERS,
    either,
    like,
    named,
    only_label,
    operand,
    quoted,
    same,
    whole,
)
from .relative_dates import Span, span
from .table import Column, Form, Table
from .values import Kind

# Types of filters and objects of conditions -> tables. Source: spec v1, POST /filters;
# leads and projects have filters, too.
_OF_TYPE = {
    "deals": "deals",
    "leads": "leads",
    "people": "persons",
    "org": "organizations",
    "products": "products",
    "activity": "activities",
    "projects": "projects",
}
_OF_OBJECT = {
    "deal": "deals",
    "lead": "leads",
    "person": "persons",
    "organization": "organizations",
    "product": "products",
    "activity": "activities",
    "project": "projects",
}
_LINKS = {"persons": "person_id", "organizations": "org_id", "deals": "deal_id"}

_NULLS = "rows without a value are left out"
_DAYS = "days are those of UTC"
_WEEKS = "weeks begin on Monday"
_SETS = "a set is each of its members"
_LIVE = "deals that are not archived"

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ORDER = ("=", "!=", "<", "<=", ">", ">=")
_ENDS = {
    "ends_at": "=",
    "does_not_end_at": "!=",
    "ends_before": "<",
    "ends_e_before": "<=",
    "ends_after": ">",
    "ends_e_after": ">=",
}
_LIKE = re.compile(r"(NOT )?LIKE '(%?)\$(%?)'")
_MEMBERS = (Form.IDS, Form.LABELS)


def informed(tables: Mapping[str, Table]) -> dict[str, Table]:
    """The tables, of which those with conditions of filters know all."""
    known = dict(tables)
    return {
        name: replace(table, columns=tuple(_knowing(c, known) for c in table.columns))
        if any(c.form is Form.CONDITIONS for c in table.columns)
        else table
        for name, table in tables.items()
    }


def _knowing(column: Column, tables: Mapping[str, Table]) -> Column:
    if column.form is not Form.CONDITIONS:
        return column
    return replace(column, tables=tables)


def filter_sql(kind: Any, conditions: Any, tables: Mapping[str, Table]) -> str | None:
    """The SQL of a filter of this type; None for what is no filter. Never raises."""
    table = tables.get(_OF_TYPE.get(str(kind), ""))
    if table is None or not isinstance(conditions, dict):
        return None
    text = _Text(table, tables)
    every, some = text.group(conditions, "and"), text.group(conditions, "or")
    if len(some) > 1:
        every.append(f"({' or '.join(some)})")
    else:
        every += some
    notes = f" /* not documented: {'; '.join(text.notes)} */" if text.notes else ""
    return (" and ".join(every) or "1") + notes


class _Text:
    """Conditions of a filter of `table`; `notes` are what the text rests on."""

    def __init__(self, table: Table, tables: Mapping[str, Table]) -> None:
        self.notes: dict[str, None] = {}
        self._table = table
        self._tables = tables

    def group(self, conditions: Mapping[str, Any], glue: str) -> list[str]:
        groups = conditions.get("conditions")
        return [
            self._condition(one)
            for group in _objects(groups)
            if group.get("glue") == glue
            for one in _objects(group.get("conditions"))
        ]

    def _condition(self, one: Mapping[str, Any]) -> str:
        table = self._tables.get(_OF_OBJECT.get(str(one.get("object")), ""))
        code = str(one.get("field_code") or one.get("field_id"))
        column = column_of(table, code) if table else None
        if table is None or column is None:
            return self._unsaid(one, code, "no column")
        before = dict(self.notes)
        said = self._said(table, column, one)
        if said is not None and table.name != self._table.name:
            said = self._linked(table, said)
        if said is None:
            self.notes = before
            return self._unsaid(one, code, "no SQL")
        return said

    def _unsaid(self, one: Mapping[str, Any], code: str, why: str) -> str:
        about = str(one.get("object"))
        own = _OF_OBJECT.get(about) == self._table.name
        words = [code if own else f"{about}.{code}", str(one.get("operator"))]
        words += [] if one.get("value") is None else [str(one["value"])]
        text = " ".join(words).replace("*/", "* /").replace("\n", " ")
        return f"/* {text}: {why} */ 1"

    def _linked(self, table: Table, said: str) -> str | None:
        link = _LINKS.get(table.name, "")
        if link not in self._table.names:
            return None
        if table.name == "deals":
            self._note(_LIVE)
        return f"{link} in (select id from {table.name} where {said})"

    def _said(self, table: Table, column: Column, one: Mapping[str, Any]) -> str | None:
        operator, value = str(one.get("operator")), one.get("value")
        if one.get("extra_value") not in (None, ""):
            return None
        if operator in ("IS NULL", "IS NOT NULL"):
            return f"{named(whole(table, column))} {operator.lower()}"
        if operator in ("IN", "NOT IN"):
            return self._among(table, column, operator, value)
        if value is None or isinstance(value, list | dict):
            return None
        text = str(value)
        if operator == "belongs_to_team" and column.references == "users.id":
            if not text.isdecimal():
                return None
            members = f"select user_id from team_users where team_id = {text}"
            return f"{named(column)} in ({members})"
        if column.form is Form.PRIMARY:
            compare = partial(self._compared, operator, text)
            return self._of_any(table, column, operator, compare)
        if _listed(column):
            return self._member(table, column, operator, text)
        until = next(
            (c for c in table.columns if c.name == f"{column.name}_until"), None
        )
        if operator in _ENDS:
            if until is None:
                return None
            return self._compared(_ENDS[operator], text, until, table)
        if operator == "includes":
            starts = self._compared("<=", text, column, table)
            ends = until and self._compared(">=", text, until, table)
            return f"({starts} and {ends})" if starts and ends else None
        return self._compared(operator, text, column, table)

    def _of_any(
        self,
        table: Table,
        column: Column,
        operator: str,
        compare: Callable[[Column, Table], str | None],
    ) -> str | None:
        """Several addresses or phones: one of them, which a table has as rows."""
        child = self._tables.get(f"{table.name.removesuffix('s')}_{column.at}")
        if child is None or operator not in ("=", "LIKE '$%'", "LIKE '%$%'"):
            return None
        key = f"{table.name.removesuffix('s')}_id"
        said = compare(child.column(column.name), child)
        return said and f"id in (select {key} from {child.name} where {said})"

    def _member(
        self, table: Table, column: Column, operator: str, value: str
    ) -> str | None:
        """What a set has among its members."""
        if operator not in ("=", "!=", "contains", "not_contains"):
            return None
        labels = next(
            (c for c in table.columns if c.form is Form.LABELS and same(c, column)),
            None,
        )
        positive = operator in ("=", "contains")
        label = labels and only_label(labels, value) if positive else None
        ids = whole(table, column)
        shown, literal = (
            (labels, quoted(label)) if labels and label else (ids, either(value))
        )
        if operator in ("=", "!="):
            self._note(_SETS)
        inside = f"{literal} {{}}in (select value from json_each({named(shown)}))"
        if positive:
            return inside.format("")
        self._note(_NULLS)
        return f"({named(shown)} is not null and {inside.format('not ')})"

    def _among(
        self, table: Table, column: Column, operator: str, value: Any
    ) -> str | None:
        """IN and NOT IN of filters that were made in the web app."""
        values = _array(value)
        negated = operator == "NOT IN"
        sides = [operand(table, column, str(one), negated=negated) for one in values]
        names = {side[0] for side in sides if side}
        if not all(sides) or len(names) != 1 or _listed(column):
            return None
        some = ", ".join(side[1] for side in sides if side)
        if negated:
            self._note(_NULLS)
        return f"{names.pop()} {operator.lower()} ({some})"

    def _compared(
        self, operator: str, value: str, column: Column, table: Table
    ) -> str | None:
        found = _LIKE.fullmatch(operator)
        if found and column.kind is Kind.TEXT and column.form is Form.PLAIN:
            if found[1]:
                self._note(_NULLS)
            return f"{named(column)} {like(value, *found.groups(default=''))}"
        if operator not in _ORDER:
            return None
        if operator == "!=":
            self._note(_NULLS)
        if column.kind in (Kind.DATE, Kind.TIMESTAMP):
            return self._timed(column, operator, value)
        sides = operand(table, column, value, negated=operator == "!=")
        ordered = column.kind in (*NUMBERS, Kind.TIME)
        if sides is None or (operator not in ("=", "!=") and not ordered):
            return None
        return f"{sides[0]} {operator} {sides[1]}"

    def _timed(self, column: Column, operator: str, value: str) -> str | None:
        name, moment = named(column), column.kind is Kind.TIMESTAMP
        if _DAY.fullmatch(value):
            if not moment:
                return f"{name} {operator} {quoted(value)}"
            days: Span | None = (quoted(value), f"date({quoted(value)}, '+1 days')")
        else:
            days = span(value)
        if days is None:
            return None
        self._note(_DAYS)
        if value.endswith("_week"):
            self._note(_WEEKS)
        first, behind = days
        parts = {
            "=": (first and f"{name} >= {first}", behind and f"{name} < {behind}"),
            "<": (first and f"{name} < {first}",),
            ">=": (first and f"{name} >= {first}",),
            ">": (behind and f"{name} >= {behind}",),
            "<=": (behind and f"{name} < {behind}",),
            "!=": (first and f"{name} < {first}", behind and f"{name} >= {behind}"),
        }[operator]
        said = [part for part in parts if part]
        glue = " or " if operator == "!=" else " and "
        return f"({glue.join(said)})" if len(said) > 1 else next(iter(said), None)

    def _note(self, note: str) -> None:
        self.notes[note] = None


def _objects(value: Any) -> Iterable[Mapping[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _array(value: Any) -> list[Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return value if isinstance(value, list) else []


def _listed(column: Column) -> bool:
    return column.form in _MEMBERS or column.name == "label_ids"
