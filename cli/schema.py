"""`pipedrive-sql schema`: the tables as CREATE TABLE, as a diagram, as JSON."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import apsw

from ..connection import Connection
from ..errors import UnknownTable

# SQL leaves `references` and `key` to be quoted.
COLUMNS = """
    select table_name, name, type, about, "references", is_nullable, is_hidden, brought,
        field_key, filters, exact, is_sorted, tokens_a_row
    from pipedrive_columns where schema = 'temp' order by table_name, position
"""
TABLES = """
    select name, about, "key", parent, source from pipedrive_tables
    where schema = 'temp'
"""
# What the names of a diagram may be made of, letters of other scripts included.
NOT_IN_NAMES = re.compile(r"[^\w-]|[\u0080-\u00bf]")


@dataclass(frozen=True, slots=True)
class Column:
    """A row of pipedrive_columns; `references` is "table.column" or None."""

    name: str
    type: str
    about: str
    references: str | None
    is_nullable: bool
    is_hidden: bool
    brought: str
    field_key: str | None
    filters: str | None
    exact: str | None
    is_sorted: bool
    tokens_a_row: int

    @property
    def target(self) -> str:
        """The table that it refers to."""
        return (self.references or "").partition(".")[0]


@dataclass(frozen=True, slots=True)
class Table:
    """A row of pipedrive_tables with its columns."""

    name: str
    about: str
    key: str | None
    parent: str | None
    source: str | None
    columns: tuple[Column, ...]

    @property
    def plain(self) -> list[Column]:
        """The columns that `*` stands for."""
        return [column for column in self.columns if not column.is_hidden]

    @property
    def inputs(self) -> list[str]:
        """The columns that are arguments of a table-valued function."""
        return [column.name for column in self.columns if column.is_hidden]


class Schema:
    """Every table of the first account, as the connection's own tables tell."""

    def __init__(self, connection: Connection) -> None:
        columns: dict[str, list[Column]] = {}
        for table, *rest in connection.execute(COLUMNS):
            columns.setdefault(table, []).append(_column(rest))
        self.tables: dict[str, Table] = {}
        for name, about, key, parent, source in connection.execute(TABLES):
            own = tuple(columns[name])
            self.tables[name] = Table(name, about, key, parent, source, own)

    def text(self, form: str, name: str | None = None) -> str:
        """The whole schema, or one table of it; `form` is one of FORMS.

        Raises UnknownTable.
        """
        return FORMS[form](self, self._chosen(name))

    def ddl(self, tables: Sequence[Table]) -> str:
        """Plain CREATE TABLE statements, which any SQLite runs."""
        return "\n".join(_create(table, self.tables) for table in tables)

    def mermaid(self, tables: Sequence[Table]) -> str:
        """An entity-relationship diagram.

        Of all tables it has the keys and what refers to others; of one table every
        column, and the tables around it.
        """
        alone = len(tables) == 1
        lines = ["erDiagram"]
        for table in tables:
            lines += [f"    {table.name} {{", *_attributes(table, alone), "    }"]
        shown = {table.name for table in tables}
        for table in self.tables.values():
            for column in table.plain:
                known = column.target in self.tables
                if known and (
                    table.name in shown or (alone and column.target in shown)
                ):
                    one = "|o" if column.is_nullable else "||"
                    name = NOT_IN_NAMES.sub("_", column.name)
                    lines.append(
                        f'    {column.target} {one}--o{{ {table.name} : "{name}"'
                    )
        return "\n".join(lines) + "\n"

    def json(self, tables: Sequence[Table]) -> str:
        """An array of tables with all that is known of their columns."""
        return (
            json.dumps(list(map(asdict, tables)), indent=2, ensure_ascii=False) + "\n"
        )

    def _chosen(self, name: str | None) -> list[Table]:
        if name is None:
            return list(self.tables.values())
        if found := self.tables.get(name.lower()):
            return [found]
        near = difflib.get_close_matches(name.lower(), self.tables, n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise UnknownTable(
            f'There is no table "{name}".{hint} '
            "All tables: SELECT name FROM pipedrive_tables.",
            table=name,
        )


FORMS: Mapping[str, Callable[[Schema, Sequence[Table]], str]] = {
    "ddl": Schema.ddl,
    "mermaid": Schema.mermaid,
    "json": Schema.json,
}


def _column(row: Sequence[object]) -> Column:
    values = dict(zip(Column.__slots__, row, strict=True))
    for name in ("is_nullable", "is_hidden", "is_sorted"):
        values[name] = bool(values[name])
    return Column(**values)  # type: ignore[arg-type]  # as SQL declares them


def _create(table: Table, known: Mapping[str, Table]) -> str:
    lines = [f"-- {_one_line(table.about)}"]
    if table.inputs:
        lines.append(f"-- Called with: {table.name}({', '.join(table.inputs)}).")
    lines.append(f"CREATE TABLE {_quoted(table.name)} (")
    parts = [(_defined(column, table), column.about) for column in table.plain]
    parts += [(foreign, "") for foreign in _foreign_keys(table, known)]
    for number, (part, about) in enumerate(parts, 1):
        comma = "," if number < len(parts) else ""
        comment = f"  -- {_one_line(about)}" if about else ""
        lines.append(f"  {part}{comma}{comment}")
    return "\n".join([*lines, ");", ""])


def _defined(column: Column, table: Table) -> str:
    parts = [_quoted(column.name), column.type]
    if not column.is_nullable:
        parts.append("NOT NULL")
    if column.name == table.key:
        parts.append("PRIMARY KEY")
    return " ".join(parts)


def _foreign_keys(table: Table, known: Mapping[str, Table]) -> Iterator[str]:
    """Those that SQLite accepts: what they refer to has to be a primary key."""
    for column in table.plain:
        key = (column.references or "").partition(".")[2]
        if column.target in known and known[column.target].key == key:
            yield (
                f"FOREIGN KEY ({_quoted(column.name)})"
                f" REFERENCES {_quoted(column.target)} ({_quoted(key)})"
            )


def _attributes(table: Table, every: bool) -> Iterator[str]:
    for column in table.plain:
        marks = [
            mark
            for mark, holds in (
                ("PK", column.name == table.key),
                ("FK", column.references),
            )
            if holds
        ]
        if marks or every:
            about = _one_line(column.about).replace('"', "'")
            parts = [column.type, NOT_IN_NAMES.sub("_", column.name), ", ".join(marks)]
            yield f'        {" ".join(filter(None, parts))} "{about}"'


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(name: str) -> str:
    plain = (
        re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name.upper() not in apsw.keywords
    )
    return name if plain else '"' + name.replace('"', '""') + '"'
