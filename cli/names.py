"""The names that a statement can use: found, completed, and guessed when misspelt."""

import difflib
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
WORD = re.compile(r"[^\W\d]\w*|\"[^\"]+\"")

UNKNOWN_TABLE = re.compile(r"no such table: (?P<name>.+)")
UNKNOWN_COLUMN = re.compile(r"no such column: \"?(?P<name>[^\"]+?)\"?(?: - .*)?$")

COLUMNS = """
    select t.name, c.name from pragma_table_list t, pragma_table_xinfo(t.name) c
    where t.name not like 'sqlite\\_%' escape '\\' and t.name not like 'pragma\\_%'
    escape '\\' and c.hidden in (0, 2, 3)
"""


@dataclass(frozen=True, slots=True)
class Names:
    """Every table of a connection with its columns, in their order."""

    tables: dict[str, list[str]]

    @classmethod
    def of(cls, db: apsw.Connection) -> "Names":
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

    def advice(self, message: str, statement: str, shell: bool) -> str:
        """SQLite's message, and for an unknown name the nearest ones that exist.

        `shell` tells whether the person can type the shell's commands.
        """
        if found := UNKNOWN_TABLE.search(message):
            name = found["name"].rpartition(".")[2]
            near = _nearest(name, self.tables)
            every = ".tables" if shell else "select name from pipedrive_tables"
            return f"{message}.{near} All tables: {every}"
        if found := UNKNOWN_COLUMN.search(message):
            alias, _, name = found["name"].rpartition(".")
            table = self._table(alias, statement)
            named = [table] if table in self.tables else self._named(statement)
            columns = [column for table in named for column in self.tables[table]]
            every = " All columns:" if named else ""
            for table in named:
                every += (
                    f" .schema {table}"
                    if shell
                    else f" select name from pragma_table_info('{table}');"
                )
            return f"{message}.{_nearest(name, columns)}{every.rstrip(';')}"
        return message

    def _named(self, text: str) -> list[str]:
        words = dict.fromkeys(word.strip('"').lower() for word in WORD.findall(text))
        return [word for word in words if word in self.tables]

    def _table(self, alias: str, text: str) -> str:
        """The table that an alias stands for, or the alias itself."""
        if alias.lower() in self.tables:
            return alias.lower()
        pattern = rf"(\w+)\s+(?:as\s+)?{re.escape(alias)}\b"
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
            if not _is_empty(statement):
                yield statement
    rest = text[start:]
    if not _is_empty(rest):
        yield rest


def _is_empty(statement: str) -> bool:
    text = statement.rstrip().removesuffix(";")
    # A comment ends with its line.
    return apsw.incomplete(text + "\n").status == apsw.SQLITE_EMPTY


def _starting(token: str, names: list[str] | dict[str, list[str]]) -> list[str]:
    return [name for name in names if name.lower().startswith(token.lower())]


def _nearest(name: str, names: list[str] | dict[str, list[str]]) -> str:
    near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(near)}?" if near else ""
