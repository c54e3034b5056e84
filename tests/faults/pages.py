"""Lists that have pages, and tables read from them in pages of few rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from pipedrive_sql.errors import Error
from pipedrive_sql.sandbox import Company, Sandbox
from pipedrive_sql.sandbox.heard import Heard

from .changes import Change
from .matrix import ROWS, SERVED, Rows, opened, read, under


class Reader:
    """Reads tables in pages of one size."""

    def __init__(self, company: Company, size: int) -> None:
        self.size = size
        self.sandbox = Sandbox(company=company, page_cap=size)
        self.connection = opened(self.sandbox)
        self.statements: dict[str, str] = {}
        self.right: dict[str, Rows] = {}
        self.lists: set[str] = set()  # the endpoints that gave them several pages
        self.thrice: set[str] = set()  # the tables with three, told by their place

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self.sandbox.close()

    def take(self, name: str, sql: str) -> bool:
        """Whether the table has pages enough of this size; then it is known."""
        told = by_cursor(name)
        if self.size == 1 and not told:
            return False
        self.sandbox.reset()
        rows = read(self.connection, sql)
        lengths = longest(self.sandbox.heard, lists(name))
        most = max(lengths.values(), default=0)
        if most <= self.size * (1 if told or self.size == 2 else 2):
            return False
        self.statements[name], self.right[name] = sql, rows
        self.lists |= {end for end, count in lengths.items() if count > self.size}
        if most > self.size * 2 and not told:
            self.thrice.add(name)
        return True

    def under(self, rule: str) -> dict[str, Any]:
        """What comes of each of its tables; of those that show it, if it is a skip."""
        skips = rule == "skip-page"
        tables = self.thrice if skips else set(self.statements)
        some = {n: sql for n, sql in self.statements.items() if n in tables}
        return under(rule, self.sandbox, self.connection, some, self.right)

    def meanwhile(self, name: str, change: Change) -> str:
        """ROWS, or what is wrong with a table's rows while others change.

        Of those that were there all the time none may miss; no row may be twice, and
        of one that changed there is the old or the new version.
        """
        sql, before = self.statements[name], self.right[name]
        Sandbox.listeners.append(change)
        try:
            cursor = self.connection.execute(sql)
            rows = cursor.fetchall()
            Sandbox.listeners.remove(change)
            after = read(self.connection, sql)
        except Error as error:
            return repr(error)
        finally:
            if change in Sandbox.listeners:
                Sandbox.listeners.remove(change)
            change.undo()
        seen = Counter(map(repr, rows))
        lost, more = (before & after) - seen, seen - (before | after)
        key, columns = SERVED[name].key, [told[0] for told in cursor.description or ()]
        names = [row[columns.index(key)] for row in rows] if key in columns else []
        twice = len(names) - len(set(names)) if not SERVED[name].each else 0
        if lost or more or twice:
            return f"{lost.total()} lost, {more.total()} too many, {twice} twice"
        return ROWS


def lists(name: str) -> set[str]:
    """The endpoints of the table that have pages, as the sandbox names them."""
    return {
        f"GET {'/v1' if end.version == 1 else '/api/v2'}{end.path}"
        for end in SERVED[name].endpoints
        if end.page and not end.one
    }


def by_cursor(name: str) -> bool:
    """Whether cursors tell the table's pages, and not places."""
    return any(end.cursor for end in SERVED[name].endpoints if end.page)


def longest(heard: Sequence[Heard], ends: set[str]) -> dict[str, int]:
    """The most rows of one list, by these endpoints."""
    rows: Counter[tuple[str, str, str]] = Counter()
    for one in heard:
        given = dict(parse_qsl(one.query))
        start = int(given.pop("start", 0))
        given.pop("cursor", None)
        here = one.endpoint, one.path, str(given)
        rows[here] = start + one.rows if start else rows[here] + one.rows
    most: dict[str, int] = {}
    for (end, _, _), count in rows.items():
        if end in ends:
            most[end] = max(count, most.get(end, 0))
    return most
