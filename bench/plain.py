"""The company's rows in a plain SQLite database, where they can be counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import apsw
import sqlglot

from pipedrive_sql import Connection

Answer = list[tuple[Any, ...]]

_DIGITS = 9  # of a sum: the order of adding changes the last ones


class Plain:
    """Tables as they are at Pipedrive, each read once as a whole.

    `tables` are their names, each with a condition for rows that are enough: of some
    tables only the children of few parents are worth bringing.
    """

    def __init__(self, live: Connection, tables: Mapping[str, str]) -> None:
        self.database = apsw.Connection(":memory:")
        for name, condition in tables.items():
            self._copy(live, name, condition)

    def _copy(self, live: Connection, name: str, condition: str) -> None:
        columns = live.execute(
            "select name, type from pipedrive_columns "
            "where table_name = ? and not is_hidden order by rowid",
            (name,),
        ).fetchall()
        declared = ", ".join(f'"{column}" {type_}' for column, type_ in columns)
        self.database.execute(f"create table {name} ({declared})")
        where = f" where {condition}" if condition else ""
        blanks = ", ".join("?" * len(columns))
        with self.database:
            self.database.executemany(
                f"insert into {name} values ({blanks})",
                live.execute(f"select * from {name}{where}"),
            )
        for column, _ in columns:
            if column == "id" or column.endswith("_id"):
                self.database.execute(
                    f'create index "{name} {column}" on {name} ("{column}")'
                )

    def number(self, sql: str) -> int:
        """The only value of an answer; 0 for NULL."""
        return int(self.database.execute(sql).fetchall()[0][0] or 0)

    def answer(self, sql: str) -> Answer:
        """All rows of an answer."""
        return list(self.database.execute(sql))

    def confirms(self, sql: str, answer: Answer) -> bool:
        """Whether that may be the answer, in whatever order.

        Which of equal rows a LIMIT leaves is open.
        """
        ours, full = _counted(answer), _counted(self.answer(sql))
        if ours == full:
            return True
        return ours.total() == full.total() and ours <= _counted(
            self.answer(_unlimited(sql))
        )

    @contextmanager
    def only(self, rows: Mapping[str, Iterable[str]]) -> Iterator[None]:
        """While it lasts, each of these tables has only the rows of some conditions."""
        for name, conditions in rows.items():
            some = " or ".join(f"({condition})" for condition in conditions)
            self.database.execute(
                f'create temp table "some {name}" as '
                f"select * from {name} where {some} order by rowid"
            )
        for name in rows:  # from now on the name stands for these rows
            self.database.execute(f'alter table temp."some {name}" rename to {name}')
        try:
            yield
        finally:
            for name in rows:
                self.database.execute(f"drop table temp.{name}")


def _unlimited(sql: str) -> str:
    """The statement without its LIMIT."""
    tree = sqlglot.parse_one(sql, read="sqlite")
    for clause in ("limit", "offset"):
        tree.set(clause, None)
    return tree.sql("sqlite")


def _counted(answer: Answer) -> Counter[tuple[str, ...]]:
    return Counter(map(_spelled, answer))


def _spelled(row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(
        f"{value:.{_DIGITS}g}" if isinstance(value, float) else repr(value)
        for value in row
    )
