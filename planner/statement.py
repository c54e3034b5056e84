"""What the text of a statement tells that SQLite's own question does not.

SQLite reports the used columns of a table in 64 bits, so of a wide table it says only
"something behind the 63rd". A column can be used only if its name stands in the
statement or a `*` covers it; that is what is read here. Whatever cannot be read is
taken as "every column may be used": dearer, never wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cachetools import LRUCache, cached
from sqlglot import Token, TokenType, exp, parse, tokenize
from sqlglot.errors import SqlglotError

from ..catalog import TABLES
from .alternatives import Alternatives, alternatives
from .counted import Counted, counted
from .table_names import HOME, named, parted

# What may stand before a statement and behind it: blanks, semicolons, comments.
BLANK = re.compile(r"(?:[\s;]|--[^\n]*|/\*.*?(?:\*/|\Z))*", re.DOTALL)

_KEPT = 500_000  # characters of statements; what is known of them takes 100 times that


@dataclass(frozen=True, slots=True)
class Statement:
    """The names a statement spells, folded to lower case.

    `tables` counts how often each table is named: "deals", or "acme.deals" in another
    schema. `words` are all words, each with the name or alias and dot before it, if
    any: ("d", "title"). `aliases` are the tables that such names stand for. `starred`
    are the tables a `*` covers. `readable` is False where the statement could not be
    read; then every column may be used.
    `listed` says that what stands behind each IN is written out: no subquery.
    `counted` is the table whose rows are counted, if nothing else is done.
    `quoted` are names in quotes, in lower case.
    `thorough` says that joins are gone through to their end: no LIMIT stops them, and
    no first row of a subquery. `gathers` says that no row comes out before all rows of
    its tables are read: they are counted, added up or put in order. `extreme` says that
    it wants nothing but the smallest or the largest value of a column. `alternatives`
    are the OR groups of its WHERE clause.
    """

    text: str
    tables: Counter[str]
    words: frozenset[tuple[str, str]] = frozenset()
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    starred: frozenset[str] = frozenset()
    readable: bool = False
    listed: bool = False
    counted: Counted | None = None
    quoted: frozenset[str] = frozenset()
    thorough: bool = False
    gathers: bool = False
    extreme: bool = False
    alternatives: Alternatives | None = None

    def uses(self, table: str, columns: Collection[str]) -> frozenset[str]:
        """Those of the table's columns that the statement may use."""
        name = table.lower()
        if not self.readable or name in self.starred or name not in self.tables:
            return frozenset(columns)
        others = {a for a, tables in self.aliases.items() if name not in tables}
        words = {word for before, word in self.words if before not in others}
        return frozenset(c for c in columns if c.lower() in words)

    def within(self, schema: str) -> Statement:
        """The same as one schema sees it: its own tables by their bare names, those of
        the first account as "temp.deals".
        """
        return self if schema == HOME else _within(self.text, schema)


def _size(statement: Statement) -> int:
    return len(statement.text)


@cached(LRUCache(_KEPT, _size))
def analyse(text: str) -> Statement:
    """Read one statement; never raises."""
    try:
        return _analysed(text)
    except (SqlglotError, RecursionError):
        return Statement(text, Counter())


def _analysed(text: str) -> Statement:
    tokens = tokenize(text, read="sqlite")
    if not tokens or tokens[0].token_type not in _QUERIES:
        quoted = frozenset(t.text.lower() for t in tokens if t.token_type in _QUOTED)
        return Statement(text, Counter(), listed=_listed(tokens), quoted=quoted)
    trees = [tree for tree in parse(text, read="sqlite") if tree is not None]
    tables: Counter[str] = Counter()
    aliases: dict[str, frozenset[str]] = {}
    starred: set[str] = set()
    for tree in trees:
        found = _aliases(tree)
        tables.update(map(named, tree.find_all(exp.Table)))
        starred |= _starred(tree, found)
        aliases.update({a: aliases.get(a, frozenset()) | t for a, t in found.items()})
        # `x IN t` reads a table, too, though it looks like a column.
        fields = [i.args.get("field") for i in tree.find_all(exp.In)]
        behind = [named(field) for field in fields if field is not None]
        tables.update(behind)
        starred |= set(behind)
    readable = all(map(_spelled, trees))
    return Statement(
        text,
        tables,
        _words(tokens),
        aliases,
        frozenset(starred),
        readable,
        _listed(tokens),
        counted(trees[0]) if len(trees) == 1 else None,
        frozenset(t.text.lower() for t in tokens if t.token_type in _QUOTED),
        all(map(_thorough, trees)),
        len(trees) == 1 and _gathers(trees[0]),
        len(trees) == 1 and _extreme(trees[0]),
        alternatives(trees[0]) if len(trees) == 1 else None,
    )


@cached(LRUCache(_KEPT, _size))
def _within(text: str, schema: str) -> Statement:
    whole = analyse(text)

    def seen(name: str) -> str:
        home, table = parted(name)
        return table if home == schema else f"{home}.{table}"

    counted, other = whole.counted, whole.alternatives
    return replace(
        whole,
        tables=Counter({seen(name): n for name, n in whole.tables.items()}),
        aliases={a: frozenset(map(seen, t)) for a, t in whole.aliases.items()},
        starred=frozenset(map(seen, whole.starred)),
        counted=counted and replace(counted, table=seen(counted.table)),
        alternatives=other and replace(other, table=seen(other.table)),
    )


def _listed(tokens: Sequence[Token]) -> bool:
    """Whether each IN is followed by values in parentheses."""
    types = [token.token_type for token in tokens]
    behind = [
        types[n + 1 : n + 3] for n, type_ in enumerate(types) if type_ is TokenType.IN
    ]
    if not tokens:
        return False  # nothing is known
    return all(b[:1] == [TokenType.L_PAREN] and not _QUERIES & {*b[1:]} for b in behind)


def _words(tokens: Sequence[Token]) -> frozenset[tuple[str, str]]:
    found = set()
    for place, token in enumerate(tokens):
        if token.token_type in _NO_NAMES:
            continue
        dotted = place > 1 and tokens[place - 1].token_type is TokenType.DOT
        before = tokens[place - 2].text.lower() if dotted else ""
        # A keyword of several words ("group by") is one token.
        found |= {(before, word) for word in token.text.lower().split()}
        found.add((before, token.text.lower()))
    return frozenset(found)


# Reserved in SQLite: unquoted they are no column, though one may be called so.
_NO_NAMES = {TokenType.ORDER_BY, TokenType.GROUP_BY}
_QUOTED = {TokenType.IDENTIFIER}
_QUERIES = {TokenType.SELECT, TokenType.WITH, TokenType.VALUES, TokenType.L_PAREN}


def _spelled(tree: exp.Expr) -> bool:
    """Whether every column used is spelled: a query without NATURAL JOIN."""
    if not isinstance(tree, exp.Query):
        return False
    return not any(j.args.get("method") == "NATURAL" for j in tree.find_all(exp.Join))


def _thorough(tree: exp.Expr) -> bool:
    """Whether no join of the statement ends before its last row."""
    limits = list(tree.find_all(exp.Limit, exp.Fetch))
    if not all(_is_sorted(limit.parent) for limit in limits):
        return False
    for select in tree.find_all(exp.Select):
        inner = select.parent
        holder = inner.parent if isinstance(inner, exp.Subquery) else inner
        whole = holder is None or isinstance(holder, _READ_WHOLE)
        if not whole and len(list(select.find_all(exp.Table))) > 1:
            return False
    return True


def _gathers(tree: exp.Expr) -> bool:
    """Whether it needs all rows of its tables before it gives the first.

    For the smallest or largest value SQLite may stop early, and for an IN or a value
    that a query gives.
    """
    queries = list(tree.find_all(exp.Select, exp.SetOperation))
    inside = [query.parent for query in queries if query is not tree]
    holders = [one.parent if isinstance(one, exp.Subquery) else one for one in inside]
    if tree.find(exp.Min, exp.Max, exp.Exists, exp.Distinct):
        return False
    whole = all(isinstance(one, (exp.From, exp.Join, exp.CTE)) for one in holders)
    return whole and _thorough(tree) and _is_sorted(tree)


def _is_sorted(query: exp.Expr | None) -> bool:
    """Whether all rows are brought before the first of them is handed out."""
    if not isinstance(query, exp.Select) or query.args.get("distinct"):
        return False
    order = query.args.get("order")
    if query.args.get("group"):
        return order is not None
    if any(one.find(exp.AggFunc) for one in query.expressions):
        return True
    first = order.expressions[0].this if order else None
    named = isinstance(first, exp.Column) and first.name.lower()
    return first is not None and named not in _IN_ORDER


# Columns in whose order Pipedrive, too, can hand out rows.
_IN_ORDER = {
    name.lower()
    for table in TABLES
    for endpoint in table.endpoints
    for name in (table.key, *endpoint.sorts)
}

# What holds a query whose rows are all read; others want its first row.
_READ_WHOLE = (exp.From, exp.Join, exp.CTE, exp.In, exp.SetOperation)


def _extreme(tree: exp.Expr) -> bool:
    """Whether it is `select max(x) from t where ...`; SQLite then stops at one row."""
    more = ("joins", "group", "having", "order", "limit", "distinct", "windows")
    if not isinstance(tree, exp.Select) or any(tree.args.get(part) for part in more):
        return False
    found = list(tree.find_all(exp.AggFunc, exp.Query))
    known = [one for one in found if isinstance(one, exp.Max | exp.Min)]
    alone = len(found) == 2 and len(known) == 1  # it and the statement itself
    return alone and isinstance(known[0].this, exp.Column)


def _aliases(tree: exp.Expr) -> dict[str, frozenset[str]]:
    """Which tables each name or alias stands for, anywhere in the statement."""
    found: dict[str, frozenset[str]] = {}
    for table in tree.find_all(exp.Table):
        name = named(table)
        if alias := table.alias.lower() or parted(name)[1]:
            found[alias] = found.get(alias, frozenset()) | {name}
    return found


def _starred(tree: exp.Expr, aliases: Mapping[str, frozenset[str]]) -> set[str]:
    """Tables covered by `*` or `alias.*`; `count(*)` covers none."""
    found: set[str] = set()
    for star in tree.find_all(exp.Star):
        parent = star.parent
        if isinstance(parent, exp.Column):
            found |= aliases.get(parent.table.lower(), frozenset())
        elif not isinstance(parent, exp.Count):
            scope = star.find_ancestor(exp.Select)
            inside = scope.find_all(exp.Table) if scope else tree.find_all(exp.Table)
            found |= set(map(named, inside))
    return found
