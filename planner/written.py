"""The conditions of a statement as a person wrote them, table by table.

SQLite tells a table the comparisons that it could use, not those inside of functions,
and none of them in the words of the statement. What is read here is only ever shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from cachetools import LRUCache, cached
from sqlglot import exp, parse
from sqlglot.errors import SqlglotError

from .alternatives import terms
from .table_names import named, parted


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, whole, of a WHERE or ON clause.

    `column` is the table's plain column that it compares by `operator` ("=", "<",
    "in", "like", "is null", ...) with something else, "" where it is of another shape.
    `joins` says that columns of another table stand in it. `columns` are all of the
    table's.
    """

    text: str
    column: str = ""
    operator: str = ""
    columns: frozenset[str] = frozenset()
    joins: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """The conditions by the name or alias (in lower case) of the table they are on.

    Names that stand for several tables of the statement are in `unclear`. `stops` says
    that SQLite may not want all rows of a table: LIMIT, EXISTS, min() and the like.
    `readable` is False where the statement could not be read.
    """

    conditions: Mapping[str, tuple[Condition, ...]]
    unclear: frozenset[str] = frozenset()
    stops: bool = True
    readable: bool = False

    def of(self, alias: str) -> tuple[Condition, ...] | None:
        """Those on one table; None where they cannot be told."""
        name = parted(alias.lower())[1]
        if not self.readable or name in self.unclear:
            return None
        return self.conditions.get(name, ())


_OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.Is: "is",
    exp.NullSafeEQ: "is",
    exp.NullSafeNEQ: "!=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.NEQ: "!=",
    exp.Like: "like",
    exp.Glob: "glob",
    exp.Match: "match",
}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_IS_NOT_NULL = re.compile(r"\bNOT ([\w.\"]+) IS NULL\b")
_STOPS = (exp.Limit, exp.Fetch, exp.Exists, exp.Min, exp.Max)


def written(text: str, names: Mapping[str, Collection[str]]) -> Written:
    """Read one statement; `names` are the columns of tables, in lower case."""
    tree = _tree(text)
    try:
        return Written({}) if tree is None else _written(tree, names)
    except RecursionError:  # nested deeper than can be followed
        return Written({})


def _written(tree: exp.Expr, names: Mapping[str, Collection[str]]) -> Written:
    found: dict[str, list[Condition]] = {}
    seen: Counter[str] = Counter()
    for select in tree.find_all(exp.Select):
        pairs = list(_sources(select))
        seen.update(alias for alias, _ in pairs)
        sources = dict(pairs)
        for condition in _conjuncts(select):
            for alias, one in _placed(condition, sources, names):
                found.setdefault(alias, []).append(one)
    return Written(
        {alias: tuple(some) for alias, some in found.items()},
        frozenset(alias for alias, times in seen.items() if times > 1),
        _stops(tree),
        readable=True,
    )


@cached(LRUCache(maxsize=8))  # a long one takes some megabytes
def _tree(text: str) -> exp.Expr | None:
    try:
        trees = [tree for tree in parse(text, read="sqlite") if tree is not None]
    except (SqlglotError, RecursionError):
        return None
    return trees[0] if len(trees) == 1 else None


def _sources(select: exp.Select) -> Iterator[tuple[str, str]]:
    """The tables of its FROM clause: each one's alias or bare name, and its name."""
    joins = [join.this for join in select.args.get("joins") or ()]
    begin = select.args.get("from_")
    for source in [*([begin.this] if begin else ()), *joins]:
        if isinstance(source, exp.Table):
            name = named(source)
            yield source.alias.lower() or parted(name)[1], name


def _conjuncts(select: exp.Select) -> Iterator[exp.Expr]:
    where = select.args.get("where")
    clauses = [where.this] if where else []
    joins = select.args.get("joins") or ()
    clauses += [on for join in joins if (on := join.args.get("on")) is not None]
    for clause in clauses:
        yield from terms(clause, exp.And)


def _placed(
    condition: exp.Expr, sources: dict[str, str], names: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, Condition]]:
    """The condition for each table whose columns stand in it."""
    columns: dict[str, set[str]] = {}
    for found in condition.find_all(exp.Column):
        alias = _alias_of(found, sources, names)
        columns.setdefault(alias, set()).add(found.name.lower())
    joins = len(columns) > 1
    text = _IS_NOT_NULL.sub(r"\1 IS NOT NULL", condition.sql(dialect="sqlite"))
    for alias, some in columns.items():
        if alias not in sources:
            continue
        pairs = list(_compared(condition)) if not joins else [_side(condition, alias)]
        for column, operator in pairs:
            yield alias, Condition(text, column, operator, frozenset(some), joins)


def _alias_of(
    column: exp.Column, sources: dict[str, str], names: Mapping[str, Collection[str]]
) -> str:
    if column.table:
        return column.table.lower()
    holding = [a for a, t in sources.items() if column.name.lower() in names.get(t, ())]
    if len(holding) == 1:
        return holding[0]
    return next(iter(sources)) if len(sources) == 1 and not holding else ""


def _compared(node: exp.Expr) -> Iterator[tuple[str, str]]:
    """The plain column and the operator; BETWEEN is two comparisons."""
    denied = isinstance(node, exp.Not) or bool(node.args.get("negate"))
    inner = node.this.unnest() if isinstance(node, exp.Not) else node
    if isinstance(inner, exp.Between) and not denied:
        name = _plain(inner.this)
        yield from ((name, ">="), (name, "<=")) if name else (("", "between"),)
        return
    operator = "in" if isinstance(inner, exp.In) else _OPERATORS.get(type(inner), "")
    left = _plain(inner.this) if operator else ""
    right = _plain(inner.args.get("expression")) if operator else ""
    if operator == "is":
        null = isinstance(inner.args.get("expression"), exp.Null)
        operator = "is null" if null else "is"
    if denied:
        operator = f"not {operator}".replace("not is", "is not") if operator else "not"
    if isinstance(inner, exp.Or):
        operator = "or"
    if left and right:
        yield "", "two columns"
    elif right:
        yield right, _FLIPPED.get(operator, operator)
    else:
        yield left, operator


def _side(node: exp.Expr, alias: str) -> tuple[str, str]:
    """The plain column of this table, compared with something of another one."""
    operator = _OPERATORS.get(type(node), "")
    ends = (node.args.get("this"), node.args.get("expression")) if operator else ()
    for end, told in zip(
        ends, (operator, _FLIPPED.get(operator, operator)), strict=False
    ):
        if isinstance(end, exp.Column) and end.table.lower() == alias:
            return end.name.lower(), told
    return "", ""


def _plain(node: exp.Expr | None) -> str:
    """The name of a column that stands alone, "" for anything else."""
    while isinstance(node, exp.Paren | exp.Collate):
        node = node.this
    return node.name.lower() if isinstance(node, exp.Column) else ""


def _stops(tree: exp.Expr) -> bool:
    """Whether some part of the statement may be left before its last row.

    A query in the place of a value gives only its first row.
    """
    if tree.find(*_STOPS):
        return True
    return any(
        not isinstance(query.parent, exp.From | exp.Join | exp.In | exp.Subquery)
        for query in tree.find_all(exp.Subquery)
    )
