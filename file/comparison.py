"""Whether what was staged of a family says anything that the file does not have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import apsw

from .families import Family
from .layout import Layout, listed, quoted
from .published import SCHEMA


class Comparison:
    """Compares the tables of the `staged` schema with those that are published."""

    def __init__(
        self, database: apsw.Connection, staged: str, layouts: Mapping[str, Layout]
    ) -> None:
        self._database = database
        self._staged = staged
        self._layouts = layouts

    def differs(self, family: Family, whole: Collection[str]) -> bool:
        """Whether rows have to be written; their columns are the same.

        The `whole` tables are staged with all their rows, others with some.
        """
        return any(
            self._finds(text)
            for name in family.tables
            for text in self._differences(self._layouts[name], name in whole)
        )

    def _finds(self, rows: str) -> bool:
        return bool(self._database.execute(f"SELECT EXISTS ({rows})").get)

    def _differences(self, layout: Layout, whole: bool) -> Iterator[str]:
        """What selects a row that is on one side alone."""
        names, table = listed(layout.names), quoted(layout.name)
        if not layout.key:
            # Rows that are alike count.
            counts = f"SELECT {names}, count(*) FROM {{}}.{table} GROUP BY {names}"
            yield f"{counts.format(self._staged)} EXCEPT {counts.format(SCHEMA)}"
            yield f"{counts.format(SCHEMA)} EXCEPT {counts.format(self._staged)}"
            return
        key = " AND ".join(f"s.{quoted(k)} = t.{quoted(k)}" for k in layout.key)
        same = f"({_named('s', layout)}) IS ({_named('t', layout)})"
        yield (
            f"SELECT 1 FROM {self._staged}.{table} s WHERE NOT EXISTS "
            f"(SELECT 1 FROM {SCHEMA}.{table} t WHERE {key} AND {same})"
        )
        gone = (
            f"SELECT 1 FROM {SCHEMA}.{table} t WHERE NOT EXISTS "
            f"(SELECT 1 FROM {self._staged}.{table} s WHERE {key})"
        )
        if whole:
            yield gone
        elif layout.owner:
            source = self._layouts[layout.source]
            yield (
                f"{gone} AND t.{quoted(layout.owner)} IN (SELECT "
                f"{quoted(source.key[0])} FROM {self._staged}.{quoted(source.name)})"
            )


def _named(alias: str, layout: Layout) -> str:
    return ", ".join(f"{alias}.{quoted(name)}" for name in layout.names)
