"""What a statement needs of each table, read from its text.

    read("select d.title from deals d join persons p on p.id = d.person_id
          where d.status = 'open'")

needs the part `d` of deals, with the condition status = 'open', the part `p` of
persons, and the pair of columns that joins them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp

_COMPARED: Mapping[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "!=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Glob: "glob",
    exp.Like: "like",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A condition on one column: `values` are literals as SQL spells them."""

    column: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One use of a table: its rows that meet all of `conditions`.

    With `first` only so many of them matter, in the order of `order` (as in
    "update_time desc"; "" is the list's own). `terms` are those conditions that
    compare one column. `optional` is the right side of a LEFT JOIN: rows of the
    others do without it.
    """

    alias: str
    table: str
    conditions: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    optional: bool = False
    first: int = 0
    order: str = ""

    @property
    def where(self) -> str:
        """All conditions as one."""
        return " and ".join(f"({c})" for c in self.conditions) or "true"

    @property
    def rows(self) -> str:
        """The rows that matter, as SQL for behind FROM."""
        order = f" order by {self.order or 'rowid'} limit {self.first}"
        some = order if self.first else ""
        return f"(select rowid, * from {self.table} where {self.where}{some})"


@dataclass(frozen=True, slots=True)
class Pair:
    """An equality `left = right` of columns of two parts, each (alias, column)."""

    left: tuple[str, str]
    right: tuple[str, str]

    @property
    def aliases(self) -> frozenset[str]:
        """The two parts."""
        return frozenset((self.left[0], self.right[0]))

    def seen_from(self, alias: str) -> tuple[str, tuple[str, str]] | None:
        """The part's own column and the other; None if it is not about the part."""
        if self.left[0] == alias:
            return self.left[1], self.right
        return (self.right[1], self.left) if self.right[0] == alias else None


@dataclass(frozen=True, slots=True)
class Needs:
    """All parts of a statement, in its order, and what joins them."""

    parts: tuple[Part, ...] = ()
    pairs: tuple[Pair, ...] = ()

    def __post_init__(self) -> None:
        aliases = [part.alias for part in self.parts]
        if len(set(aliases)) < len(aliases):
            raise ValueError(f"an alias stands for two parts: {', '.join(aliases)}")

    def __add__(self, other: Needs) -> Needs:
        return Needs(self.parts + other.parts, self.pairs + other.pairs)


@dataclass(frozen=True, slots=True)
class Known:
    """The values that a column has to have, as a part at hand tells: `values` is a
    SELECT of them, `table` and `column` are where they stand in that part.
    """

    values: str
    table: str
    column: str


Keys = Mapping[str, Known]


@dataclass(slots=True)
class _Reading:
    """The parts while they are being read."""

    tables: dict[str, str] = field(default_factory=dict)
    optional: set[str] = field(default_factory=set)
    conditions: dict[str, list[exp.Expression]] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)

    def take(self, table: exp.Table, optional: bool) -> None:
        alias = table.alias_or_name
        self.tables[alias] = table.name
        self.conditions[alias] = []
        if optional:
            self.optional.add(alias)

    def conjunct(self, condition: exp.Expression, joined: str = "") -> None:
        """One of the conditions joined by AND; `joined` is the part whose ON it is."""
        columns = list(condition.find_all(exp.Column))
        aliases = {column.table or self._only() for column in columns}
        if len(aliases) == 1 and not condition.find(exp.Select):
            alias = aliases.pop()
            # A WHERE on the right side of a LEFT JOIN is about rows that lack it.
            if alias not in self.optional or alias == joined:
                self.conditions[alias].append(condition)
        elif isinstance(condition, exp.EQ) and len(aliases) == 2:
            left, right = condition.this, condition.expression
            if isinstance(left, exp.Column) and isinstance(right, exp.Column):
                self.pairs.append(
                    Pair((left.table, left.name), (right.table, right.name))
                )

    def _only(self) -> str:
        if len(self.tables) != 1:
            raise ValueError("columns of a join have to be qualified")
        return next(iter(self.tables))


def read(sql: str) -> Needs:
    """The parts of a plain SELECT over tables.

    Raises ValueError for what is not that plain.
    """
    select = sqlglot.parse_one(sql, read="sqlite")
    if not isinstance(select, exp.Select):
        raise ValueError(f"no plain SELECT: {sql}")
    reading = _Reading()
    source = select.args.get("from_") or select.args["from"]
    for joined in [source, *select.args.get("joins", ())]:
        if not isinstance(joined.this, exp.Table):
            raise ValueError(f"no plain table: {joined.sql('sqlite')}")
        reading.take(joined.this, joined.args.get("side") == "LEFT")
    for join in select.args.get("joins", ()):
        for condition in _conjuncts(join.args.get("on")):
            reading.conjunct(condition, join.this.alias_or_name)
    if where := select.args.get("where"):
        for condition in _conjuncts(where.this):
            reading.conjunct(condition)
    limited, first, order = _limited(select, reading)
    parts = tuple(
        _part(reading, alias, first if alias == limited else 0, order)
        for alias in reading.tables
    )
    return Needs(parts, tuple(reading.pairs))


def _part(reading: _Reading, alias: str, first: int, order: str) -> Part:
    conditions = reading.conditions[alias]
    return Part(
        alias,
        reading.tables[alias],
        tuple(map(_bare, conditions)),
        tuple(term for condition in conditions for term in _terms(condition)),
        alias in reading.optional,
        first,
        order if first else "",
    )


def _conjuncts(condition: exp.Expression | None) -> Iterator[exp.Expression]:
    if isinstance(condition, exp.Paren):
        yield from _conjuncts(condition.this)
    elif isinstance(condition, exp.And):
        yield from _conjuncts(condition.this)
        yield from _conjuncts(condition.expression)
    elif condition is not None:
        yield condition


def _terms(condition: exp.Expression) -> Iterator[Term]:
    """The condition as comparisons of its column with literals, if it is one."""
    column, turned = condition.this, isinstance(condition, exp.Not)
    if turned and isinstance(column, exp.Is) and isinstance(column.this, exp.Column):
        yield Term(column.this.name, "is not null")
    if not isinstance(column, exp.Column):
        return
    if isinstance(condition, exp.Between):
        low, high = condition.args["low"], condition.args["high"]
        if _literal(low, high):
            yield Term(column.name, ">=", (low.sql("sqlite"),))
            yield Term(column.name, "<=", (high.sql("sqlite"),))
    elif isinstance(condition, exp.In):
        values = condition.expressions
        if values and _literal(*values):
            yield Term(column.name, "in", tuple(v.sql("sqlite") for v in values))
    elif isinstance(condition, exp.Is):
        yield Term(column.name, "is null")
    elif type(condition) in _COMPARED and _literal(condition.expression):
        value = condition.expression.sql("sqlite")
        yield Term(column.name, _COMPARED[type(condition)], (value,))


def _literal(*values: exp.Expression) -> bool:
    plain = (exp.Literal, exp.Boolean, exp.Neg)
    return all(isinstance(value, plain) for value in values)


def _bare(condition: exp.Expression) -> str:
    """The condition without aliases before its columns."""
    copied = condition.copy()
    for column in copied.find_all(exp.Column):
        column.set("table", None)
    return copied.sql("sqlite")


def _limited(select: exp.Select, reading: _Reading) -> tuple[str, int, str]:
    """The part that a LIMIT cuts, how many rows of it are wanted, in which order."""
    limit, offset = select.args.get("limit"), select.args.get("offset")
    grouped = select.args.get("group") or select.args.get("distinct")
    if limit is None or grouped or select.find(exp.AggFunc):
        return "", 0, ""
    first = int(limit.expression.name) + int(offset.expression.name if offset else 0)
    ordered = select.args.get("order")
    terms: Iterable[exp.Expression] = ordered.expressions if ordered else ()
    columns = [c for term in terms for c in term.find_all(exp.Column)]
    aliases = {column.table for column in columns if column.table}
    if len(aliases) > 1:
        return "", 0, ""
    alias = aliases.pop() if aliases else next(iter(reading.tables))
    return alias, first, ", ".join(map(_bare, terms))
