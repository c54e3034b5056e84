"""Who meets the conditions of a statement: Pipedrive, or SQLite, and then why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..catalog.table import Brought, Table
from ..catalog.values import Kind
from .choice import Choice
from .inputs import Input
from .plan import Plan, Road
from .question import Constraint
from .written import Condition

_PAGING = ("limit", "offset")
# How a comparison may be written that SQLite offers as this operator.
_SPELLED = {"=": ("=", "in", "is"), "is null": ("is null", "is"), "is": ("is",)}
_SHAPES = {
    "or": "Pipedrive's lists know no OR",
    "two columns": "it compares two columns of a row",
    "!=": "Pipedrive filters by what a value is, not by what it is not",
    "not": "Pipedrive filters by what a value is, not by what it is not",
    "not in": "Pipedrive filters by what a value is, not by what it is not",
    "not like": "Pipedrive filters by what a value is, not by what it is not",
    "not glob": "Pipedrive filters by what a value is, not by what it is not",
    "not between": "Pipedrive filters by what a value is, not by what it is not",
    "is not null": "Pipedrive cannot ask for rows that have a value",
    "is": "Pipedrive's lists know no IS",
    "like": "Pipedrive's lists know no LIKE",
    "glob": "Pipedrive's lists know no GLOB",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition in the statement's words, and a sentence on who meets it."""

    condition: str
    why: str = ""

    def __str__(self) -> str:
        return f"{self.condition}  ({self.why})" if self.why else self.condition


@dataclass(frozen=True, slots=True)
class Division:
    """Conditions that Pipedrive meets exactly, those for which it sends rows that meet
    them and perhaps more, and those that only SQLite checks. `more` counts conditions
    that SQLite has beside these.
    """

    exact: tuple[Reason, ...] = ()
    wider: tuple[Reason, ...] = ()
    left: tuple[Reason, ...] = ()
    more: int = 0


def divided(choice: Choice, conditions: Sequence[Condition] | None) -> Division:
    """The conditions on one scan; `conditions` are those written, None if not known."""
    plan = choice.plan
    inputs = dict(zip(choice.arguments, plan.inputs, strict=True))
    exact: list[Reason] = []
    wider: list[Reason] = []
    left: list[Reason] = []
    shown: set[str] = set()
    for constraint in choice.question.constraints:
        if constraint.operator in _PAGING or _is_derived(choice, constraint):
            continue
        text, joins = _spelled(constraint, conditions or ())
        if text in shown:
            continue
        shown.add(text)
        item = inputs.get(constraint.index)
        if item is not None and (why := _wider(choice, constraint, item)):
            wider.append(Reason(text, why))
        elif item is not None and _is_sent(plan, item, constraint.index, choice):
            exact.append(Reason(text))
        elif plan.road is Road.NOTHING:
            exact.append(Reason(text, "no row can meet it"))
        else:
            why = _left(plan, constraint)
            if item is not None and joins:
                why += "; the rows brought are looked up by it"
            left.append(Reason(text, why))
    if choice.not_summarised:
        left.append(Reason("counting", f"not deals/summary: {choice.not_summarised}"))
    if conditions is None:
        return Division(tuple(exact), tuple(wider), tuple(left), choice.question.others)
    left += _unasked(plan.table, conditions, shown)
    return Division(tuple(exact), tuple(wider), tuple(left))


def _is_derived(choice: Choice, constraint: Constraint) -> bool:
    """Whether SQLite made the comparison of a LIKE or GLOB on the same column."""
    texts = [c for c in choice.question.constraints if c.operator in ("like", "glob")]
    bounds = constraint.operator in (">=", "<")
    return bounds and any(c.column == constraint.column for c in texts)


def _spelled(
    constraint: Constraint, conditions: Sequence[Condition]
) -> tuple[str, bool]:
    """The condition as it is written, and whether it joins another table."""
    spellings = _SPELLED.get(constraint.operator, (constraint.operator,))
    for one in conditions:
        if one.column == constraint.column.lower() and one.operator in spellings:
            return one.text, one.joins
    if constraint.operator.startswith("is "):
        return f"{constraint.column} {constraint.operator.upper()}", False
    operator = "IN" if constraint.many else constraint.operator.upper()
    blank = "(...)" if constraint.many else "..."
    return f"{constraint.column} {operator} {blank}", False


def _is_sent(plan: Plan, item: Input, index: int, choice: Choice) -> bool:
    if item.parameter is not None:
        return True
    found = plan.finding
    return found is not None and choice.arguments[found.place] == index


def _wider(choice: Choice, constraint: Constraint, item: Input) -> str:
    """Why Pipedrive may send more rows than the condition wants, "" if it does not."""
    plan = choice.plan
    found = plan.finding
    if found is not None and choice.arguments[found.place] == constraint.index:
        if found.operator == "match":
            return ""
        return "Pipedrive's search finds these and perhaps more"
    said = {choice.arguments[place] for place in plan.said}
    if item.parameter is None and constraint.index in said:
        return "by a temporary filter, where that pays"
    if item.parameter is None or item.parameter.operator == "=":
        return ""
    if constraint.operator == "=":
        return "Pipedrive gives all that changed from then on"
    if constraint.operator == ">":
        return "Pipedrive includes the second itself"
    return "Pipedrive's windows are in whole seconds"


def _left(plan: Plan, constraint: Constraint) -> str:
    """Why a comparison that SQLite offers is not sent."""
    table, name = plan.table, constraint.column
    column = table.column(name)
    served = {
        p.operator for e in table.endpoints for p in e.parameters if p.column == name
    }
    if constraint.operator in ("!=", "is not null", "like", "glob"):
        return _SHAPES[constraint.operator]
    if constraint.operator == "is null" and column.brought is not Brought.GIVEN:
        return f"{name} may be NULL, and Pipedrive cannot ask for that"
    if not served:
        return f"Pipedrive cannot filter {table.name} by {name}"
    text = column.kind in (Kind.TEXT, Kind.JSON)
    if constraint.operator == "=" and text and constraint.collation != "BINARY":
        return f"text is compared by {constraint.collation}, Pipedrive compares letters"
    if constraint.operator == "=" and "=" not in served:
        return f"Pipedrive filters {name} by windows of time only"
    if constraint.operator != "=" and served == {"="}:
        return f"Pipedrive filters {name} by equality only"
    if any(i.parameter is not None and i.parameter.alone for i in plan.inputs):
        return "Pipedrive ignores other filters beside a saved one"
    if plan.road is Road.KEYS:
        return "the rows are asked for by key, which takes no filter"
    if plan.road is Road.CHILDREN:
        return (
            f"the rows are asked for by {table.parent_key}, which takes no such filter"
        )
    return "not together with the filters that are sent"


def _unasked(
    table: Table, conditions: Sequence[Condition], shown: set[str]
) -> Iterator[Reason]:
    """Conditions that SQLite does not tell a table of."""
    for one in conditions:
        if one.joins or one.text in shown:
            continue
        shown.add(one.text)
        plain = one.column or one.operator in ("or", "two columns")
        if plain and (why := _SHAPES.get(one.operator, "")):
            yield Reason(one.text, why)
        elif one.column:
            yield Reason(one.text, f"Pipedrive cannot filter {table.name} by it")
        else:
            names = " and ".join(sorted(one.columns))
            yield Reason(
                one.text, f"an expression of {names}: Pipedrive compares plain values"
            )
