"""What became of a table's columns since they were written, and what follows from it.

A column is the same as long as it holds the same: the same place of what Pipedrive
sends, made in the same way, of the same type. So a field that was given another label
is a column that was renamed. Data of custom fields that are gone stay in the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from .layout import Layout, Stored, stored
from .records import Change


@dataclass(frozen=True, slots=True)
class Evolution:
    """`layout` is what the table has to become, `copied` the column of today for each
    of it that has one, by the new name. `whole` says that rows have to be read again,
    as columns are there that old rows have values of.
    """

    layout: Layout
    copied: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    whole: bool


def evolution(
    before: Sequence[Stored], layout: Layout, roles: Collection[str], seen: str
) -> Evolution:
    """From the columns that the file has to those of the layout.

    `roles` are those that Pipedrive has: a column that has one of them and is not in
    the layout is left out by the user, so its data go.
    """
    old = {(one.role, one.type): one for one in before}
    copied: list[tuple[str, str]] = []
    changes: list[Change] = []
    whole = False
    wanted = {(one.role, one.type) for one in map(stored, layout.columns)}
    lost = [one for key, one in old.items() if key not in wanted]
    retyped = {one.field_key for one in lost if one.field_key and not one.gone}
    for one in map(stored, layout.columns):
        known = old.get((one.role, one.type))
        if known is None:
            whole = True
            if one.field_key in retyped:
                former = next(o for o in lost if o.field_key == one.field_key)
                types = former.type, one.type
                changes.append(_change(layout, one, "retyped", *types))
            else:
                changes.append(_change(layout, one, "added", None, one.type))
            continue
        copied.append((one.name, known.name))
        if known.gone:
            whole = True
            changes.append(_change(layout, one, "restored", None, one.name))
        if known.name != one.name:
            changes.append(_change(layout, one, "renamed", known.name, one.name))
    came = {one.field_key for one in map(stored, layout.columns)}
    kept: list[Stored] = []
    taken = {one.name.casefold() for one in map(stored, layout.columns)}
    for one in lost:
        if not one.field_key or (one.role in roles and one.field_key not in came):
            continue
        name = next(n for n in _names(one.name) if n.casefold() not in taken)
        taken.add(name.casefold())
        kept.append(replace(one, name=name, gone=one.gone or seen))
        copied.append((name, one.name))
        if not one.gone and one.field_key not in came:
            changes.append(_change(layout, one, "removed", one.name, None))
    layout = replace(layout, kept=tuple(kept))
    return Evolution(layout, tuple(copied), tuple(changes), whole)


def _names(name: str) -> Iterator[str]:
    """The name itself, and others like it."""
    yield name
    yield f"{name}_old"
    number = 2
    while True:
        yield f"{name}_old_{number}"
        number += 1


def _change(
    layout: Layout, one: Stored, change: str, before: str | None, after: str | None
) -> Change:
    return Change(layout.name, one.name, change, before, after, one.field_key)
