"""What the text of a statement tells that SQLite's own question does not.

SQLite reports the used columns of a table in 64 bits, so of a wide table it says only
"something behind the 63rd". A column can be used only if its name stands in the
statement or a `*` covers it; that is what is read here. Whatever cannot be read is
taken as "every column may be used": dearer, never wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from cachetools import LRUCache, cached
from sqlglot import exp, parse, tokenize
from sqlglot.errors import SqlglotError
from sqlglot.tokens import TokenType


@dataclass(frozen=True, slots=True)
class Statement:
    """The names a statement spells, folded to lower case.

    `tables` counts how often each table is named. `words` are all identifiers.
    `starred` are the tables a `*` covers. `readable` is False where the statement
    could not be read; then every column may be used.
    """

    text: str
    tables: Counter[str]
    words: frozenset[str] = frozenset()
    starred: frozenset[str] = frozenset()
    readable: bool = False

    def uses(self, table: str, columns: Collection[str]) -> frozenset[str]:
        """Those of the table's columns that the statement may use."""
        if not self.readable or table.lower() in self.starred:
            return frozenset(columns)
        return frozenset(c for c in columns if c.lower() in self.words)


@cached(LRUCache(maxsize=500))
def analyse(text: str) -> Statement:
    """Read one statement; never raises."""
    try:
        tokens = tokenize(text, read="sqlite")
        words = {t.text.lower() for t in tokens}
        # A keyword of several words ("group by") is one token.
        words |= {word for several in words for word in several.split()}
        if not tokens or tokens[0].token_type not in _QUERIES:
            return Statement(text, Counter(), frozenset(words))
        trees = [tree for tree in parse(text, read="sqlite") if tree is not None]
    except (SqlglotError, RecursionError):
        return Statement(text, Counter())
    tables: Counter[str] = Counter()
    starred: set[str] = set()
    readable = True
    for tree in trees:
        tables.update(t.name.lower() for t in tree.find_all(exp.Table))
        starred |= _starred(tree)
        readable = readable and _spelled(tree)
    return Statement(text, tables, frozenset(words), frozenset(starred), readable)


_QUERIES = {TokenType.SELECT, TokenType.WITH, TokenType.VALUES, TokenType.L_PAREN}


def _spelled(tree: exp.Expr) -> bool:
    """Whether every column used is spelled: a query without NATURAL JOIN."""
    if not isinstance(tree, exp.Query):
        return False
    return not any(j.args.get("method") == "NATURAL" for j in tree.find_all(exp.Join))


def _starred(tree: exp.Expr) -> set[str]:
    """Tables covered by `*` or `alias.*`; `count(*)` covers none."""
    aliases: dict[str, set[str]] = {}
    for table in tree.find_all(exp.Table):
        aliases.setdefault(table.alias_or_name.lower(), set()).add(table.name.lower())
    found: set[str] = set()
    for star in tree.find_all(exp.Star):
        parent = star.parent
        if isinstance(parent, exp.Column):
            found |= aliases.get(parent.table.lower(), set())
        elif not isinstance(parent, exp.Count):
            scope = star.find_ancestor(exp.Select)
            inside = scope.find_all(exp.Table) if scope else tree.find_all(exp.Table)
            found |= {t.name.lower() for t in inside}
    return found
