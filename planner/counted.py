"""Statements that do nothing but count one table's rows, group by group.

Such a statement does not see which rows there are, only how many of them are alike in
the columns it reads. What is read here is strict: a statement that is not known to
be of that shape is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from .table_names import named


@dataclass(frozen=True, slots=True)
class Counted:
    """The one table that a statement counts, as it names it; names are in lower case.

    `plain` are the columns it reads in any way but as what a sum() or total() adds up.
    `named` are results that it refers to by name: none may be called like a column.
    """

    table: str
    plain: frozenset[str]
    named: frozenset[str]


def counted(tree: exp.Expr) -> Counted | None:
    """What the statement counts, None if it is of another shape.

    One SELECT with an aggregate, from one table or from a SELECT of its columns. No
    join, subquery, window or row number; no OR, for which SQLite tells rows apart. What
    stands outside of aggregates is what the rows are grouped by. Sums are of
    whole numbers, or of a column that is there or not: in any order the same.
    """
    try:
        return _counted(tree)
    except RecursionError:
        return None  # nested deeper than can be followed


def _counted(tree: exp.Expr) -> Counted | None:
    if not isinstance(tree, exp.Select) or _more_than(tree, _PARTS):
        return None
    selects: list[exp.Expr] = [tree]
    source = tree.args["from_"].this if tree.args.get("from_") else None
    queries = 1
    if isinstance(source, exp.Subquery):
        inner = source.this
        if _more_than(source, {"this", "alias"}) or not _passes_columns(inner):
            return None
        selects.append(inner)
        source = inner.args["from_"].this
        queries = 3  # it, its parentheses, and what stands in them
    if not isinstance(source, exp.Table) or not _is_one_table(source):
        return None
    if len(list(tree.find_all(exp.Query))) > queries:
        return None
    found = [select.args.get("where") for select in selects]
    conditions = [_unqualified(c.this) for c in found if c is not None]
    tree = _unqualified(tree)
    group, order, having = (tree.args.get(n) for n in ("group", "order", "having"))
    if group is not None and _more_than(group, {"expressions"}):
        return None
    reading = _Reading(tree.expressions, group.expressions if group else [])
    # In ORDER BY the name of a result means the result, also if it is a column's.
    ordered = [t for t in (order.expressions if order else ()) if not reading.names(t)]
    shown = [*tree.expressions, *ordered]
    shown += [having.this] if having else []
    right = all(map(reading.result, shown)) and all(map(reading.row, reading.groups))
    right = right and not any(condition.find(exp.Or) for condition in conditions)
    if not right or not all(map(reading.row, conditions)) or not reading.aggregates:
        return None
    return Counted(named(source), frozenset(reading.plain), frozenset(reading.named))


_PARTS = {
    "expressions",
    "from_",
    "where",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "distinct",
}
_ROW_NUMBERS = {"rowid", "oid", "_rowid_"}
_SCALARS = (
    exp.Binary,
    exp.Unary,
    exp.Between,
    exp.Boolean,
    exp.Case,
    exp.Cast,
    exp.DataType,
    exp.If,
    exp.In,
    exp.Literal,
    exp.Null,
    exp.Ordered,
    exp.Alias,
    exp.Identifier,
    exp.Placeholder,
    exp.Var,
    exp.Abs,
    exp.Coalesce,
    exp.Length,
    exp.Lower,
    exp.Nullif,
    exp.Round,
    exp.Substring,
    exp.Trim,
    exp.Upper,
)
_PREDICATES = (exp.Predicate, exp.Connector, exp.Not, exp.Between, exp.In)


class _Reading:
    """Goes through a statement whose columns stand without their table's name.

    `groups` is what the rows are grouped by. The methods say whether an expression is
    of the shape, and note what it reads.
    """

    def __init__(
        self, results: Sequence[exp.Expr], grouped_by: Sequence[exp.Expr]
    ) -> None:
        self.plain: set[str] = set()
        self.named: set[str] = set()
        self.aggregates = 0
        self._results = [result.unalias() for result in results]
        self._names: dict[str, exp.Expr] = {
            result.alias.lower(): result.this
            for result in results
            if isinstance(result, exp.Alias)
        }
        self.groups = [self._group(term) for term in grouped_by]

    def names(self, term: exp.Expr) -> bool:
        """Whether a term of ORDER BY is the name of a result."""
        bare = term.this if isinstance(term, exp.Ordered) else term
        return isinstance(bare, exp.Column) and bare.name in self._names

    def result(self, node: exp.Expr) -> bool:
        """An expression with one value for each group."""
        if node in self.groups:
            return True
        if isinstance(node, exp.Column):
            self.named.add(node.name)
            return node.name in self._names
        if _is_aggregate(node):
            self.aggregates += 1
            return self._aggregate(node)
        return isinstance(node, _SCALARS) and all(map(self.result, _below(node)))

    def row(self, node: exp.Expr) -> bool:
        """An expression over one row."""
        if isinstance(node, exp.Column):
            self.plain.add(node.name)
            return node.name not in _ROW_NUMBERS
        if isinstance(node, exp.In) and not node.expressions:
            return False  # a table behind IN
        return isinstance(node, _SCALARS) and all(map(self.row, _below(node)))

    def _group(self, term: exp.Expr) -> exp.Expr:
        """What a term of GROUP BY stands for: numbers and names mean results."""
        if isinstance(term, exp.Literal) and term.is_int:
            place = int(term.this)
            return self._results[place - 1] if place <= len(self._results) else term
        if not isinstance(term, exp.Column):
            return term
        found = self._names.get(term.name, term)
        if found != term:
            self.named.add(term.name)
        return found

    def _aggregate(self, node: exp.Expr) -> bool:
        if isinstance(node, exp.Filter):
            condition = node.expression
            return (
                isinstance(condition, exp.Where)
                and self.row(condition.this)
                and self._aggregate(node.this)
            )
        if isinstance(node, exp.Count):
            inside = node.this
            if isinstance(inside, exp.Distinct):
                return all(map(self.row, inside.expressions))
            return inside is None or isinstance(inside, exp.Star) or self.row(inside)
        if isinstance(node, exp.Min | exp.Max):
            return not node.expressions and self.row(node.this)
        if isinstance(node, exp.Anonymous):
            return len(node.expressions) == 1 and self._added(node.expressions[0])
        if isinstance(node, exp.Avg):
            return self.row(node.this) and self._added(node.this)
        return isinstance(node, exp.Sum) and self._added(node.this)

    def _added(self, node: exp.Expr | None) -> bool:
        """What a sum adds up: a whole number or a column, by conditions perhaps."""
        if node is None or isinstance(node, exp.Null | exp.Boolean | exp.Column):
            return True
        if isinstance(node, exp.Paren | exp.Neg):
            return self._added(node.this)
        if isinstance(node, exp.Literal):
            return not node.is_string and float(node.this).is_integer()
        if isinstance(node, exp.If):
            chosen = (node.args.get("true"), node.args.get("false"))
            return self.row(node.this) and all(map(self._added, chosen))
        if isinstance(node, exp.Case):
            tested = [node.this] if node.this else []
            tested += [branch.this for branch in node.args["ifs"]]
            chosen = tuple(branch.args["true"] for branch in node.args["ifs"])
            added = (*chosen, node.args.get("default"))
            return all(map(self.row, tested)) and all(map(self._added, added))
        if isinstance(node, exp.Cast):
            return isinstance(node.this, _PREDICATES) and self.row(node.this)
        return isinstance(node, _PREDICATES) and self.row(node)


def _is_aggregate(node: exp.Expr) -> bool:
    total = isinstance(node, exp.Anonymous) and str(node.this).lower() == "total"
    return total or isinstance(node, exp.AggFunc | exp.Filter)


def _below(node: exp.Expr) -> Iterable[exp.Expr]:
    return node.iter_expressions()


def _more_than(node: exp.Expr, parts: set[str]) -> bool:
    return not parts.issuperset(name for name, value in node.args.items() if value)


def _is_one_table(source: exp.Table) -> bool:
    if _more_than(source, {"this", "alias", "db"}):
        return False
    alias = source.args.get("alias")
    renamed = alias is not None and alias.args.get("columns")
    return isinstance(source.this, exp.Identifier) and not renamed


def _passes_columns(query: exp.Expr) -> bool:
    """Whether a SELECT hands columns on as they are, each row once."""
    if not isinstance(query, exp.Select) or not query.args.get("from_"):
        return False
    if _more_than(query, {"expressions", "from_", "where"}):
        return False
    return all(
        shown.is_star
        or (
            isinstance(shown.unalias(), exp.Column)
            and _name(shown) == _name(shown.unalias())
        )
        for shown in query.expressions
    )


def _name(node: exp.Expr) -> str:
    return node.alias_or_name.lower()


def _unqualified(tree: exp.Expr) -> exp.Expr:
    """A copy whose columns are called by their bare names; there is but one table."""
    tree = tree.copy()
    for column in list(tree.find_all(exp.Column)):
        if not isinstance(column.this, exp.Star):
            # In place: to replace nodes of a long list takes the square of its length.
            column.set("this", exp.to_identifier(column.name.lower()))
            for part in ("table", "db", "catalog"):
                column.set(part, None)
    return tree
