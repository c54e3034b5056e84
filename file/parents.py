"""The rows that children are asked for by."""

from __future__ import annotations

from collections.abc import Mapping

import apsw

from ..catalog.table import Table
from ..store.answers import Key
from .families import Step
from .layout import quoted


def parents(
    database: apsw.Connection, schema: str, tables: Mapping[str, Table], step: Step
) -> list[Key]:
    """The keys of a step's parents in one schema, in order.

    Without those that have no children, where parents count these or name them.
    """
    parent, child = tables[step.parent], tables[step.brings[0].table]
    table, key = f"{schema}.{quoted(parent.name)}", quoted(parent.key)
    some = ""
    names = {
        row[1] for row in database.execute(f"PRAGMA {schema}.table_info({parent.name})")
    }
    if child.parent_count in names:
        none = "NULL" if parent.column(child.parent_count).references else "0"
        some = f" WHERE {quoted(child.parent_count)} IS NOT {none}"
    rows = database.execute(f"SELECT {key} FROM {table}{some} ORDER BY {key}")
    return [row[0] for row in rows]
