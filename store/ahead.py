"""Which keys a join will ask for next: those in the outer table's page in hand.

For statements that cannot be run ahead (see `demand`). Nothing is parsed for it: the
scan whose current row holds the value just asked for, in a column that refers to the
same rows, is the outer one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..catalog.table import Column, Table
from .answers import Key
from .run import OpenScan


@dataclass(frozen=True, slots=True)
class Ahead:
    """The outer scan of a join, and the keys that it will come to.

    `place` is where its rows hold the key. `keys` are those of the rest of its page,
    each once. `passed` counts the rows that it has gone through.
    """

    scan: OpenScan
    place: int
    keys: tuple[Key, ...]
    passed: int


def ahead(
    scans: Sequence[OpenScan], own: OpenScan | None, identity: str, value: Key
) -> Ahead | None:
    """The outer scan for this key, None where there is none to be seen."""
    for scan in scans:
        if scan is own or scan.position >= len(scan.page):
            continue
        row = scan.page[scan.position]
        for place, column in enumerate(scan.columns):
            if row[place] == value and identity_of(scan.table, column) == identity:
                rest = scan.page[scan.position + 1 :]
                keys = dict.fromkeys(r[place] for r in rest)
                found = tuple(k for k in keys if isinstance(k, type(value)))
                return Ahead(scan, place, found, scan.passed + scan.position + 1)
    return None


def identity_of(table: Table, column: Column) -> str:
    """What rows a column's values name: "persons.id"."""
    if column.references:
        return column.references
    return f"{table.name}.{column.name}" if column.name == table.key else ""
