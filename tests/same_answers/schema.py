"""What the live connection says that there is: its tables and their columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

QUESTION = """
select table_name, name, type, "references", field_key, filters from pipedrive_columns
where not is_hidden
"""


@dataclass(frozen=True)
class Column:
    """One row of pipedrive_columns. `field_key` is of custom fields only; `filters`
    are the comparisons that Pipedrive filters by, as in "=, >=".
    """

    table: str
    name: str
    type: str
    references: str = ""
    field_key: str = ""
    filters: str = ""

    @property
    def quoted(self) -> str:
        """The name as SQL: bare where it is a plain word."""
        return quoted(self.name)


def quoted(name: str) -> str:
    """A name as SQL.

    >>> quoted("title"), quoted("órden"), quoted("order")
    ('title', '"órden"', '"order"')
    """
    plain = name.isascii() and name.isidentifier() and name not in KEYWORDS
    return name if plain else f'"{name}"'


# Words of SQL that are names of columns somewhere.
KEYWORDS = {"order", "group", "references", "default", "index", "select", "from"}


def columns_of(rows: Iterable[Iterable[Any]]) -> dict[str, list[Column]]:
    """The answer to QUESTION by table."""
    found: dict[str, list[Column]] = {}
    for row in rows:
        column = Column(*(value or "" for value in row))
        found.setdefault(column.table, []).append(column)
    return found
