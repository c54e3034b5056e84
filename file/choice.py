"""Which tables a run is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from ..catalog.table import Table
from ..errors import UnknownTable
from .families import CORE, can_be_listed, completed, takes_a_request_each


def chosen(
    tables: Mapping[str, Table],
    wanted: Sequence[str],
    exclude: Sequence[str],
    present: Sequence[str],
) -> list[str]:
    """The names of the tables, with those that they cannot do without.

    `wanted` are names, "core" or "all", which are all but those that take a request
    for each row of another table; none: those that are `present`, or the core ones.
    Raises UnknownTable.
    """
    names: set[str] = set()
    for name in wanted or (present or ("core",)):
        if name == "core":
            names.update(CORE)
        elif name == "all":
            names.update(
                name
                for name, table in tables.items()
                if can_be_listed(table) and not takes_a_request_each(tables, name)
            )
        elif wanted or name in tables:  # a later version may have others
            names.add(_known(tables, name))
    left_out = {_known(tables, name) for name in exclude}
    return [
        name for name in completed(tables, names - left_out) if name not in left_out
    ]


def _known(tables: Mapping[str, Table], name: str) -> str:
    found = tables.get(name)
    if found is None:
        near = get_close_matches(name, tables, n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise UnknownTable(
            f"There is no table {name!r} to write into the file.{hint} All tables: "
            "SELECT name FROM pipedrive_tables.",
            table=name,
        )
    if not can_be_listed(found):
        raise UnknownTable(
            f"{name} cannot be in a file: its rows depend on what a statement gives. "
            f"Ask for it live: SELECT * FROM {name}(...).",
            table=name,
        )
    return name
