"""OR groups of a statement over one table, for a saved filter to say.

SQLite tells a table only comparisons that are joined by AND. What is read here holds
for every row of the result, so that rows for which it does not hold need not come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from .table_names import named

Value = int | float | str | frozenset[int | float | str] | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """One comparison of an OR group; `column` is in lower case."""

    column: str
    operator: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The OR groups of a statement that reads `table` alone."""

    table: str
    groups: tuple[tuple[Alternative, ...], ...]


_OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "!=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Glob: "glob",
}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def alternatives(tree: exp.Expr) -> Alternatives | None:
    """The OR groups of one SELECT over one table, as far as they can be read."""
    if not isinstance(tree, exp.Select) or len(list(tree.find_all(exp.Query))) > 1:
        return None
    tables = list(tree.find_all(exp.Table))
    where = tree.args.get("where")
    if len(tables) != 1 or tables[0].args.get("joins") or where is None:
        return None
    if isinstance(tables[0].this, exp.Func):
        return None
    names = {"", tables[0].alias_or_name.lower()}
    groups = [
        group
        for term in terms(where.this, exp.And)
        if isinstance(term, exp.Or) and (group := _group(term, names))
    ]
    return Alternatives(named(tables[0]), tuple(groups)) if groups else None


def terms(clause: exp.Expr, kind: type[exp.Connector]) -> Iterator[exp.Expr]:
    """What AND, or OR, joins to this clause, in its order; there may be thousands."""
    waiting = [clause]
    while waiting:
        bare = waiting.pop().unnest()
        if isinstance(bare, kind):
            waiting += (bare.right, bare.left)
        else:
            yield bare


def _group(clause: exp.Expr, names: set[str]) -> tuple[Alternative, ...]:
    """A comparison for each alternative; nothing where one cannot be read."""
    found = [_any(one, names) for one in terms(clause, exp.Or)]
    known = tuple(one for one in found if one is not None)
    return known if len(known) == len(found) else ()


def _any(clause: exp.Expr, names: set[str]) -> Alternative | None:
    """One comparison that holds wherever the clause does."""
    for term in terms(clause, exp.And):
        found = _compared(term, names)
        if found is not None:
            return found
    return None


def _compared(term: exp.Expr, names: set[str]) -> Alternative | None:
    if isinstance(term, exp.In):
        values = [_value(one) for one in term.expressions]
        known = frozenset(v for v in values if v is not None)
        whole = bool(values) and len(known) == len(set(values)) and None not in values
        column = _column(term.this, names)
        return Alternative(column, "in", known) if column and whole else None
    if isinstance(term, exp.Is) and isinstance(term.expression, exp.Null):
        column = _column(term.this, names)
        return Alternative(column, "is null") if column else None
    operator = _OPERATORS.get(type(term))
    if operator is None or not isinstance(term, exp.Binary):
        return None
    for left, right, sign in (
        (term.left, term.right, operator),
        (term.right, term.left, _FLIPPED.get(operator)),
    ):
        column, value = _column(left, names), _value(right)
        if column and value is not None and sign is not None:
            return Alternative(column, sign, value)
    return None


def _column(node: exp.Expr, names: set[str]) -> str:
    bare = node.unnest()
    if isinstance(bare, exp.Column) and bare.table.lower() in names:
        return str(bare.name.lower())
    return ""


def _value(node: exp.Expr) -> int | float | str | None:
    """The value of a literal, None for everything else."""
    if isinstance(node, exp.Neg):
        found = _value(node.this)
        return -found if isinstance(found, int | float) else None
    if not isinstance(node, exp.Literal):
        return None
    if node.is_string:
        return str(node.this)
    try:
        return int(node.this)
    except ValueError:
        return float(node.this)
