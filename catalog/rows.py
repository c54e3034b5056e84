"""Pages of JSON -> rows of SQL values.

Only the keys that the wanted columns stand on are decoded; the rest of the page is
skipped. Values are converted column by column, which lets a column whose values are
SQL values already pass without a look at each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, compress
from operator import attrgetter
from typing import Any

import msgspec

from .fields import Options
from .filter_sql import filter_sql
from .series import series
from .table import Column, Form, Table
from .values import CONVERSIONS, SQLValue, integer, json_text

Row = tuple[SQLValue, ...]
_Values = Sequence[Any]

_CUSTOM = "custom_fields"
_NUMBERED = frozenset({int, type(None)})
_SHAPES = 256  # of rows; to make one takes as long as to read a hundred rows


class RowReader:
    """Reads these columns of a table from pages.

    A page is the JSON array of rows as Pipedrive sends it. `read` gives a tuple a
    row, in the order of `columns`. Rows that do not hold what `only` names belong to
    another table and are left out.
    """

    def __init__(
        self,
        table: Table,
        columns: Sequence[Column],
        only: Sequence[tuple[str, bool | tuple[str, ...]]] = (),
    ) -> None:
        self._each = table.each
        # What identifies a row is often wanted as a column, too: it is read once.
        sources = {id(c): _Source(c, bool(table.each)) for c in columns}
        self._columns = [sources[id(column)] for column in columns]
        named = () if table.each or not only else table.columns
        keys = {column.name: column.steps[0] for column in named}
        self._only = [(keys.get(name, name), wanted) for name, wanted in only]
        tops = {s.top for s in self._columns if s.top} | ({self._each} - {""})
        tops |= {key for key, _ in self._only} | {s.beside for s in self._columns}
        tops.discard("")
        # Near the order in which they come: then the decoder finds each at once.
        places = {column.steps[0]: i for i, column in enumerate(table.columns)}
        ordered = sorted(tops, key=lambda name: (places.get(name, len(places)), name))
        self._tops = {name: i for i, name in enumerate(ordered)}
        customs = sorted({s.custom for s in self._columns if s.custom})
        self._customs = {name: f"c{i}" for i, name in enumerate(customs)}
        self._custom_type = _struct("CustomFields", self._customs, {})
        self._decoder = _decoder(self._row_type())

    def read(self, page: bytes) -> list[Row]:
        """The page's rows; an empty list for an empty page.

        Raises msgspec.DecodeError if the page is not an array of objects.
        """
        rows = self._decoder.decode(page)
        if not rows or not self._tops:
            return [()] * len(rows)
        tops = self._belonging(
            list(zip(*map(msgspec.structs.astuple, rows), strict=True))
        )
        if not tops:
            return []
        if not self._each:
            made = {s: self._values(s, tops) for s in dict.fromkeys(self._columns)}
            return self._joined(made, len(tops[0]))
        arrays = [
            v if isinstance(v, list) else [] for v in tops[self._tops[self._each]]
        ]
        elements = list(chain.from_iterable(arrays))
        if not elements:
            return []
        counts = list(map(len, arrays))
        made = {}
        for source in dict.fromkeys(self._columns):
            if source.place == "#":
                made[source] = list(chain.from_iterable(map(range, counts)))
            elif source.top:
                values = self._values(source, tops)
                pairs = zip(values, counts, strict=True)
                made[source] = list(chain.from_iterable([v] * n for v, n in pairs))
            else:
                made[source] = source.convert(elements)
        return self._joined(made, len(elements))

    def _joined(self, made: Mapping[_Source, _Values], count: int) -> list[Row]:
        """The columns as rows."""
        columns = [made[source] for source in self._columns]
        return list(zip(*columns, strict=True)) if columns else [()] * count

    def _belonging(self, tops: list[_Values]) -> list[_Values]:
        """The columns without the rows of other tables; no columns if none is left."""
        for key, wanted in self._only:
            values = tops[self._tops[key]]
            some = (*(wanted if isinstance(wanted, tuple) else (wanted,)), None)
            if not set(values).issubset(some):
                kept = [value in some for value in values]
                tops = [list(compress(column, kept)) for column in tops]
                if True not in kept:
                    return []
        return tops

    def _values(self, source: _Source, tops: Sequence[_Values]) -> _Values:
        values: _Values = tops[self._tops[source.top]]
        if source.custom:
            name = self._customs[source.custom]
            if set(map(type, values)) == {self._custom_type}:
                values = list(map(attrgetter(name), values))
            else:  # a row without custom fields has null or [] in their place
                values = [getattr(v, name, None) for v in values]
        if source.beside:
            values = list(zip(values, tops[self._tops[source.beside]], strict=True))
        return source.convert(values)

    def _row_type(self) -> type:
        fields = {name: f"t{number}" for name, number in self._tops.items()}
        custom = self._custom_type | list[Any] | None
        return _struct("Row", fields, {_CUSTOM: custom} if self._customs else {})


def _struct(name: str, fields: Mapping[str, str], kinds: Mapping[str, Any]) -> type:
    """A Struct with a field for each key of the JSON; one that is missing is None."""
    return _defined(name, tuple(fields.items()), tuple(kinds.items()))


@lru_cache(_SHAPES)
def _defined(
    name: str, fields: tuple[tuple[str, str], ...], kinds: tuple[tuple[str, Any], ...]
) -> type:
    of = dict(kinds)
    declared = [(f, of.get(key, Any), None) for key, f in fields]
    rename = {field: key for key, field in fields}
    return msgspec.defstruct(name, declared, rename=rename, gc=False)


@lru_cache(_SHAPES)
def _decoder(row: type) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(list[row])  # type: ignore[valid-type]


class _Source:
    """Where one column's value stands, and how it becomes a SQL value."""

    def __init__(self, column: Column, nested: bool) -> None:
        steps = column.steps
        self.place = column.at or column.name
        self.top = self.custom = ""
        if nested and steps[0] != "^":
            self._path = () if self.place in (".", "#") else steps
        else:
            steps = steps[1:] if nested else steps
            self.top, self._path = steps[0], steps[1:]
            if self.top == _CUSTOM and self._path:
                self.custom, self._path = self._path[0], self._path[1:]
        self.beside = "type" if column.form is Form.CONDITIONS else ""
        self._kind = column.kind
        self._form = column.form
        self._find = _find(column)
        self._convert = _conversion(column, self._find)

    def convert(self, values: _Values) -> _Values:
        for step in self._path:
            values = [v.get(step) if isinstance(v, dict) else None for v in values]
        if self._form is Form.PLAIN:
            found = series(self._kind, values)
            if found is not None:
                return found
        if self._form is Form.LABEL and _NUMBERED.issuperset(map(type, values)):
            return [None if v is None else self._find(v) for v in values]
        convert = self._convert
        # Lists are empty more often than not, and [] is no value.
        return [None if v is None or v == [] else convert(v) for v in values]


def _find(column: Column) -> Callable[[Any], str | None]:
    """The label of an option's id."""
    # Options that may have deleted ones are asked for by their `__missing__`.
    late = isinstance(column.options, Options)
    return column.options.__getitem__ if late else column.options.get


def _conversion(
    column: Column, find: Callable[[Any], str | None]
) -> Callable[[Any], SQLValue]:
    plain = CONVERSIONS[column.kind]

    def label(value: Any) -> SQLValue:
        return find(_option(value))

    def labels(value: Any) -> SQLValue:
        found = [find(_option(v)) for v in _listed(value)]
        return json_text([name for name in found if name is not None])

    def ids(value: Any) -> SQLValue:
        return json_text([_option(v) for v in _listed(value)])

    def primary(value: Any) -> SQLValue:
        if not isinstance(value, list):
            return plain(value)
        elements = [v for v in value if isinstance(v, dict)]
        first = next((v for v in elements if v.get("primary")), None)
        chosen = first or next(iter(elements), {})
        return None if chosen.get("value") is None else plain(chosen["value"])

    def conditions(value: Any) -> SQLValue:
        found, kind = value
        return filter_sql(kind, found, column.tables)

    made: dict[Form, Callable[[Any], SQLValue]] = {
        Form.PLAIN: plain,
        Form.CONDITIONS: conditions,
        Form.LABEL: label,
        Form.LABELS: labels,
        Form.IDS: ids,
        Form.PRIMARY: primary,
    }
    return made[column.form]


def _listed(value: Any) -> Iterable[Any]:
    """The elements of an array, or of v1's comma list."""
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        return [v for v in value.split(",") if v]
    return [value]


def _option(value: Any) -> Any:
    """An option's id as metadata has it: a number where it is one."""
    return None if value is None else integer(value)
