"""The tables of the file: columns with declared types, keys, indexes, comments.

They have the names and columns of the live ones. Nothing here is virtual or STRICT,
and views show columns only, so that every reader of SQLite finds the types it looks
for. A foreign key is declared where the table that it names is in the file too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import apsw
import msgspec

from ..catalog.fields import Options
from ..catalog.table import Brought, Column, Form, Table
from ..catalog.values import Kind

_KEPT = (Brought.ALWAYS, Brought.INCLUDED, Brought.CUSTOM)
_LABELLED = (Form.LABEL, Form.LABELS)
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
# Times that people narrow by; each index is paid for with every row that is written.
_NARROWED = frozenset(
    (
        *("add_time", "update_time", "close_time", "won_time", "lost_time", "due_date"),
        *("expected_close_date", "stage_change_time", "marked_as_done_time", "time"),
        *("archive_time", "start_time", "start_date", "end_date", "billing_date"),
    )
)


@dataclass(frozen=True, slots=True)
class Stored:
    """One column of a table of the file.

    `role` says what it holds, whatever it is called: where its value stands, and how it
    is made. `options` are the labels that its values are taken from, as JSON. `gone` is
    when Pipedrive had its field no more, "" while it has.
    """

    name: str
    type: str
    about: str
    references: str = ""
    field_key: str = ""
    role: str = ""
    options: str = ""
    gone: str = ""


@dataclass(frozen=True)
class Layout:
    """One table of the file. `key` is its primary key, () for rows without one.

    `owner` is, of a table over an array, the column that holds the key of the row that
    the array stands in, and `source` that row's table. `kept` are columns of fields
    that Pipedrive has no more.
    """

    table: Table
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    source: str = ""
    owner: str = ""
    kept: tuple[Stored, ...] = field(default=())

    @property
    def name(self) -> str:
        return self.table.name

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns that Pipedrive fills."""
        return tuple(column.name for column in self.columns)

    @property
    def stored(self) -> tuple[Stored, ...]:
        """Every column, in the order of the file, with the labels known by now."""
        known = zip(self.columns, self._plain, strict=True)
        return (*(plain or stored(one) for one, plain in known), *self.kept)

    @cached_property
    def _plain(self) -> tuple[Stored | None, ...]:
        """The columns that stay the same, as no labels are in them."""
        return tuple(
            None if one.form in _LABELLED else stored(one) for one in self.columns
        )

    def create(self, schema: str, known: Mapping[str, Layout]) -> str:
        """CREATE TABLE, with foreign keys to those of the `known` that it refers to."""
        lines = [f"  {self._line(one)}" for one in self.stored]
        if len(self.key) > 1:
            lines.append(f"  PRIMARY KEY ({listed(self.key)})")
        lines += [f"  {text}" for text in self._foreign_keys(known)]
        abouts = [f"  -- {_one_line(one.about)}" for one in self.stored]
        body = []
        for number, line in enumerate(lines):
            comma = "," if number < len(lines) - 1 else ""
            about = abouts[number] if number < len(abouts) else ""
            body.append(f"{line}{comma}{about}")
        # A comment before CREATE would not be kept.
        begin = f"CREATE TABLE {schema}.{quoted(self.name)} ("
        end = ") WITHOUT ROWID" if len(self.key) > 1 else ")"
        about = f" -- {_one_line(self.table.about)}"
        return "\n".join([begin + about, *body, end])

    def draft(self, schema: str) -> str:
        """CREATE TABLE for the columns that Pipedrive fills, with their key alone."""
        lines = [f"{quoted(one.name)} {one.type}" for one in self.stored]
        lines = lines[: len(self.columns)]
        if self.key:
            lines.append(f"PRIMARY KEY ({listed(self.key)})")
        name = f"{schema}.{quoted(self.name)}"
        return f"CREATE TABLE IF NOT EXISTS {name} ({', '.join(lines)})"

    def indexes(self, schema: str, known: Mapping[str, Layout]) -> Iterator[str]:
        """CREATE INDEX for each column that joins or that people narrow times by."""
        for one in self.stored:
            joins = target(one.references, known) is not None
            narrows = one.name in _NARROWED and not one.field_key
            if one.name in self.key[:1] or not (joins or narrows):
                continue
            name = quoted(f"{self.name}_{one.name}")
            where = f"{quoted(self.name)} ({quoted(one.name)})"
            yield f"CREATE INDEX IF NOT EXISTS {schema}.{name} ON {where}"

    def _line(self, one: Stored) -> str:
        line = f"{quoted(one.name)} {one.type}"
        return f"{line} PRIMARY KEY" if self.key == (one.name,) else line

    def _foreign_keys(self, known: Mapping[str, Layout]) -> Iterator[str]:
        for one in self.stored:
            found = target(one.references, known)
            if found is not None:
                yield (
                    f"FOREIGN KEY ({quoted(one.name)})"
                    f" REFERENCES {quoted(found.name)} ({quoted(found.key[0])})"
                )


def layout(table: Table, dropped: Collection[str] = ()) -> Layout:
    """How a table is laid out, without the columns of these names.

    Inputs are in no row, and columns that take a request for each row are left out.
    """
    columns = tuple(
        column
        for column in table.columns
        if column.brought in _KEPT and not column.hidden and column.name not in dropped
    )
    if table.each:
        owner = table.source_key
        return Layout(table, columns, (owner, "position"), table.source, owner)
    return Layout(table, columns, (table.key,) if table.key else ())


def stored(column: Column) -> Stored:
    """The column as the file has it."""
    role = f"{column.at or column.name} {column.form.value}"
    return Stored(
        column.name,
        # DuckDB takes every type with "time" in it for days with a time.
        Kind.TEXT.declared if column.kind is Kind.TIME else column.kind.declared,
        column.about,
        column.references,
        column.field_key,
        role,
        _told(column.options) if column.form in _LABELLED else "",
    )


def _told(options: Mapping[int | str, str]) -> str:
    """The labels as JSON, with null for ids that have none."""
    nameless = options.nameless if isinstance(options, Options) else {}
    return msgspec.json.encode([*options.items(), *nameless.items()]).decode()


def remember(column: Column, before: Iterable[Stored]) -> None:
    """Give a column the labels of options that were deleted, where the file has them.

    Else Pipedrive is asked for them once more, at a price.
    """
    if column.form not in _LABELLED:
        return
    role = stored(column).role
    known = next((o.options for o in before if o.role == role and o.options), "")
    if known and isinstance(column.options, Options):
        for key, label in options_of(known):
            if label is None:
                column.options.nameless[key] = None
            else:
                column.options.setdefault(key, label)


def options_of(text: str) -> Sequence[tuple[int | str, str | None]]:
    """The `options` of a Stored."""
    return msgspec.json.decode(text, type=list[tuple[int | str, str | None]])


def target(references: str, known: Mapping[str, Layout]) -> Layout | None:
    """The table of "table.column", if it is there and that column is its key."""
    name, _, column = references.partition(".")
    found = known.get(name)
    return found if found is not None and found.key == (column,) else None


def quoted(name: str) -> str:
    """A name as SQL.

    >>> quoted("title"), quoted("order")
    ('title', '"order"')
    """
    plain = _PLAIN.fullmatch(name) and name.upper() not in apsw.keywords
    return name if plain else '"' + name.replace('"', '""') + '"'


def listed(names: Iterable[str]) -> str:
    """Names as SQL, with commas between them."""
    return ", ".join(map(quoted, names))


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())
