"""Views for people: names where tables have ids.

They hold columns of tables alone, never expressions: those have no declared type, and
tools that look for one would take numbers and times for text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .layout import Layout, quoted, target

_NAMES = ("name", "title", "subject")
_MOST_JOINS = 50  # SQLite joins at most 64 tables
# Arrays of a row's own, and tables that nothing refers to people by, need no view.
_PLAIN = frozenset(("users", "pipelines", "lead_labels", "activity_types"))

# v_pipeline: the open deals as a pipeline shows them.
_PIPELINE = (
    *("pipeline_id", "stage_id", "stages.order_nr", "id", "title", "value", "currency"),
    *("probability", "stages.deal_probability", "owner_id", "person_id", "org_id"),
    *("expected_close_date", "add_time", "stage_change_time", "update_time"),
)

Renamed = Mapping[tuple[str, str], Sequence[str]]


def views(layouts: Mapping[str, Layout], renamed: Renamed) -> Iterator[tuple[str, str]]:
    """The name of each view, and what it selects.

    `renamed` are the names that columns had before, by table and the name of today;
    they stay in the views.
    """
    for layout in layouts.values():
        if layout.owner or layout.name in _PLAIN:
            continue
        refers = any(target(one.references, layouts) for one in layout.stored)
        if refers or any(table == layout.name for table, _ in renamed):
            yield f"v_{layout.name}", _View(layout, layouts).whole(renamed)
    if {"deals", "stages", "pipelines"} <= set(layouts):
        yield "v_pipeline", _View(layouts["deals"], layouts).pipeline()


class _View:
    """A SELECT over one table and those that it refers to."""

    def __init__(self, layout: Layout, layouts: Mapping[str, Layout]) -> None:
        self._layout = layout
        self._layouts = layouts
        self._own = {one.name.casefold() for one in layout.stored}
        self._shown: dict[str, str] = {}  # folded names -> columns
        self._lines: list[str] = []
        self._joins: dict[str, str] = {}  # columns that refer to others -> alias
        self._from: list[str] = []

    def whole(self, renamed: Renamed) -> str:
        """Every column, with names in place of ids."""
        for one in self._layout.stored:
            self._show(one.name, one.references)
        for one in self._layout.stored:
            for before in renamed.get((self._layout.name, one.name), ()):
                if before.casefold() not in self._shown:
                    self._add(f"t.{quoted(one.name)}", before)
        return self._text("")

    def pipeline(self) -> str:
        """The open deals and their places in their pipelines."""
        references = {one.name: one.references for one in self._layout.stored}
        self._join("stage_id", references["stage_id"])
        for name in _PIPELINE:
            table, _, column = name.rpartition(".")
            if table and column in self._layouts[table].names:
                alias = self._joins["stage_id"]
                self._add(f"{alias}.{quoted(column)}", f"stage_{column}")
            elif not table and name in references:
                self._show(name, references[name])
        return self._text(" WHERE t.status = 'open'")

    def _text(self, where: str) -> str:
        columns = ",\n  ".join(self._lines)
        joins = "".join(f"\n  {join}" for join in self._from)
        return f"SELECT\n  {columns}\nFROM {quoted(self._layout.name)} t{joins}{where}"

    def _show(self, name: str, references: str) -> None:
        """A column, or the name of what it refers to."""
        is_key = self._layout.key == (name,)
        found = None if is_key else target(references, self._layouts)
        label = _label(found) if found else ""
        shown = name.removesuffix("_id")
        if not found or not label or shown == name or len(self._joins) >= _MOST_JOINS:
            self._add(f"t.{quoted(name)}", name)
            return
        if shown.casefold() in self._own or shown.casefold() in self._shown:
            shown = f"{shown}_name"
        if shown.casefold() in self._own or shown.casefold() in self._shown:
            self._add(f"t.{quoted(name)}", name)
            return
        self._join(name, references)
        self._add(f"{self._joins[name]}.{quoted(label)}", shown)

    def _join(self, name: str, references: str) -> None:
        found = target(references, self._layouts)
        if found is None or name in self._joins:
            return
        alias = self._joins[name] = f"t{len(self._joins) + 1}"
        self._from.append(
            f"LEFT JOIN {quoted(found.name)} {alias} "
            f"ON {alias}.{quoted(found.key[0])} = t.{quoted(name)}"
        )

    def _add(self, column: str, name: str) -> None:
        self._shown[name.casefold()] = column
        self._lines.append(f"{column} AS {quoted(name)}")


def _label(layout: Layout) -> str:
    """The column that names a row, "" for none; custom fields may be called so, too."""
    own = {one.name for one in layout.stored if not one.field_key}
    return next((name for name in _NAMES if name in own), "")
