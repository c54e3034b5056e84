"""What makes a statement that costs too much cheaper: the sentences of its error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..catalog.table import Table
from .choice import Choice
from .plan import Plan, Road

_NAMED = 8  # so many columns are named, and "others" for the rest


@dataclass(frozen=True, slots=True)
class Part:
    """What one scan costs in API tokens, or (`further`, a path) columns that it brings
    by a request for each row.
    """

    choice: Choice
    further: str
    tokens: int


def advice(parts: Sequence[Part]) -> str:
    """Which part of a statement costs most, and the cheapest change to it.

    Of equal ones the last is named. "Narrow the statement." where there is none.
    """
    paid = [part for part in parts if part.tokens]
    if not paid:
        return "Narrow the statement."
    most = max(reversed(paid), key=lambda part: part.tokens)
    endpoint = most.choice.plan.endpoint or most.choice.plan.one
    if len(paid) == 1:
        return _cheaper(most.choice, most.further)
    if endpoint is not None and most.tokens <= endpoint.price:
        return "It is one request for each of its tables: ask for fewer at a time."
    columns = "further columns of " if most.further else ""
    name = most.choice.plan.table.full_name
    return f"Most goes into {columns}{name}. {_cheaper(most.choice, most.further)}"


def starred(tables: Sequence[Table]) -> str:
    """What `*` pays for in these tables, "" where it pays nothing."""
    found = []
    for table in tables:
        for endpoint in table.further:
            names = [c.name for c in table.columns if c.further == endpoint.path]
            found.append(
                f"{_listed(names)} of {table.full_name} (a request for each row, at "
                f"{endpoint.price} tokens)"
            )
    if not found:
        return ""
    return (
        f"* also asks for {'; and '.join(found)}. Name the columns you want, and what "
        "you leave out costs nothing."
    )


def _listed(names: Sequence[str]) -> str:
    """Names in a sentence.

    >>> _listed(["id"]), _listed(["id", "name", "email"])
    ('id', 'id, name and email')
    """
    shown = list(names[:_NAMED])
    if len(names) > _NAMED:
        shown.append("others")
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def _cheaper(choice: Choice, further: str) -> str:
    """The cheapest change to the statement, as far as its plan shows one."""
    plan = choice.plan
    table = plan.table
    if further:
        return _leave_out(table, further)
    if plan.road is Road.CHILDREN and not _given(plan, table.parent_key):
        endpoint = plan.endpoint
        assert endpoint is not None
        parameter = endpoint.serves(table.parent_key)
        many = f" {parameter.many}" if parameter and parameter.many > 1 else ""
        return (
            f"Without a condition on {table.parent_key}, {table.full_name} asks for "
            f"the rows of all {table.parent}, at {endpoint.price} tokens for "
            f"each{many}: WHERE {table.parent_key} = ... makes it cheap."
        )
    if plan.endpoint is not None and not plan.endpoint.page:
        return f"{table.full_name} comes whole, in one answer."
    unused = [name for name in _filters(table) if not _given(plan, name)]
    if plan.road is Road.KEYS:
        return f"Rows of {table.full_name} are asked for by key: ask for fewer of them."
    if not unused:
        return f"Pipedrive has no other filter for {table.full_name}: add a LIMIT."
    return (
        f"Pipedrive filters {table.full_name} by {_listed(unused)}: add a condition on "
        "one of them."
    )


def _leave_out(table: Table, further: str) -> str:
    """That further columns of the table cost a request for each row."""
    names = [c.name for c in table.columns if c.further == further]
    price = next(e.price for e in table.further if e.path == further)
    if len(names) == 1:
        return f"Leave out the column {names[0]}, which costs {price} for each row."
    return f"Leave out {_listed(names)}, which cost {price} for each row."


def _filters(table: Table) -> list[str]:
    """The columns that a list of the table can be filtered by, in the table's order."""
    lists = [endpoint for endpoint in table.endpoints if not endpoint.one]
    served = {p.column for endpoint in lists for p in endpoint.parameters}
    return [c.name for c in table.columns if c.name in served and not c.hidden]


def _given(plan: Plan, column: str) -> bool:
    return any(i.column.name == column and i.parameter for i in plan.inputs)
