"""The names that a statement can use, found and completed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import apsw

# After these words a table's name follows.
BEFORE_TABLE = {
    "from",
    "join",
    "into",
    "update",
    "table",
    ".schema",
    ".dump",
    ".tables",
}
# Space, comments and semicolons; what is matched is not looked at again.
EMPTY = re.compile(r"(?>\s+|;|--[^\n]*|/\*.*?\*/)*+", re.DOTALL)
DOTTED = re.compile(r"\w+\.\w+")
WORD = re.compile(r"[^\W\d]\w*|\"[^\"]+\"")

# Tables of an attached schema have its name before their own.
COLUMNS = """
    select iif(t.schema in ('main', 'temp'), '', t.schema || '.') || t.name, c.name
    from pragma_table_list t, pragma_table_xinfo(t.name, t.schema) c
    where t.name not like 'sqlite\\_%' escape '\\' and t.name not like 'pragma\\_%'
    escape '\\' and c.hidden in (0, 2, 3)
"""


@dataclass(frozen=True, slots=True)
class Names:
    """Every table of a connection ("deals", "acme.deals") with its columns in order."""

    tables: dict[str, list[str]]

    @classmethod
    def of(cls, db: apsw.Connection) -> "Names":
        """Those of a connection, its local tables too."""
        tables: dict[str, list[str]] = {}
        for table, column in db.execute(COLUMNS):
            tables.setdefault(table, []).append(column)
        return cls(tables)

    def completions(self, token: str, before: str, after: str = "") -> list[str]:
        """What `token` can become, given the text of the statement around it.

        After `from` it is a table; after an alias and a dot, a column of that table;
        elsewhere a column of the tables that the statement names, or of any while it
        names none.

        >>> names = Names({"deals": ["id", "title"], "persons": ["id", "name"]})
        >>> names.completions("d", "select * from ")
        ['deals']
        >>> names.completions("p.", "select ", " from deals d join persons p")
        ['p.id', 'p.name']
        >>> names.completions("ti", "select ")
        ['title']
        >>> names = Names({"deals": ["id"], "acme.deals": ["title"]})
        >>> names.completions("acme.", "select * from ")
        ['acme.deals']
        >>> names.completions("a.", "select ", " from acme.deals a")
        ['a.title']
        """
        text = f"{before} {after}"
        words = before.split()
        if words and words[-1].lower() in BEFORE_TABLE:
            return _starting(token, self.tables)
        alias, dot, start = token.rpartition(".")
        if dot:
            columns = self.tables.get(self._table(alias, text), [])
            return [f"{alias}.{column}" for column in _starting(start, columns)]
        named = self._named(text) or list(self.tables)
        columns = [column for table in named for column in self.tables[table]]
        return _starting(token, [*dict.fromkeys(columns), *self.tables])

    def _named(self, text: str) -> list[str]:
        found = [*DOTTED.findall(text), *WORD.findall(text)]
        words = dict.fromkeys(word.replace('"', "").lower() for word in found)
        return [word for word in words if word in self.tables]

    def _table(self, alias: str, text: str) -> str:
        """The table that an alias stands for, or the alias itself."""
        if alias.lower() in self.tables:
            return alias.lower()
        pattern = rf"([\w.]+)\s+(?:as\s+)?{re.escape(alias)}\b"
        for found in re.finditer(pattern, text, re.IGNORECASE):
            if found[1].lower() in self.tables:
                return found[1].lower()
        return alias


def statements(text: str) -> Iterator[str]:
    """The statements of a text, one by one; comments alone are none.

    >>> list(statements("select ';' ; -- done;\\nselect 2"))
    ["select ';' ;", ' -- done;\\nselect 2']
    >>> list(statements("; -- nothing to do"))
    []
    """
    start = 0
    for found in re.finditer(";", text):
        statement = text[start : found.end()]
        if apsw.complete(statement):
            start = found.end()
            if not EMPTY.fullmatch(statement):
                yield statement
    rest = text[start:]
    if not EMPTY.fullmatch(rest):
        yield rest


def _starting(token: str, names: list[str] | dict[str, list[str]]) -> list[str]:
    return [name for name in names if name.lower().startswith(token.lower())]
