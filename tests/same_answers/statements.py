"""Whole statements: rows, groups, compounds, subqueries, common table expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from .writer import Source, Table, Writer

AGGREGATES = ("count", "sum", "avg", "min", "max", "total", "count")


@dataclass(frozen=True)
class Statement:
    """A statement, its values, and what its order says.

    `keys` are how many leading columns the order is by; `total` says that no two
    different rows can change places.
    """

    sql: str
    values: Mapping[str, Any]
    keys: int = 0
    total: bool = False

    def __str__(self) -> str:
        shown = ", ".join(f":{name} = {value!r}" for name, value in self.values.items())
        return f"{self.sql};" + (f"\n-- {shown}" if shown else "")


@st.composite
def of_one_table(draw: st.DrawFn, tables: Mapping[str, Table]) -> Statement:
    """`select ... from t where ... order by ... limit ...`"""
    writer = Writer(draw, tables)
    source = writer.source()
    if writer.chance(2):
        writer.later.append(writer.filters(source))
    return rows(writer, f"{source.table.name} {source.alias}", [source])


@st.composite
def of_filters(draw: st.DrawFn, tables: Mapping[str, Table]) -> Statement:
    """One table by the columns that Pipedrive filters and sorts by."""
    writer = Writer(draw, tables)
    pairs = [
        (table, column)
        for table in tables.values()
        for column in table.columns
        for _ in range(4 if "<" in column.filters else 1)
        if column.filters
    ]
    table, column = draw(st.sampled_from(pairs))
    source = writer.source(table)
    writer.later.append(writer.filter(source, column))
    if writer.chance(3):
        writer.later.append(writer.filters(source))
    return rows(writer, f"{table.name} {source.alias}", [source])


@st.composite
def of_joins(draw: st.DrawFn, tables: Mapping[str, Table]) -> Statement:
    """The same over one to three tables."""
    writer = Writer(draw, tables)
    text, sources = writer.joined()
    if writer.chance(4):
        writer.later.append(writer.filters(sources[0]))
    return rows(writer, text, sources)


def rows(writer: Writer, text: str, sources: list[Source]) -> Statement:
    shown = writer.shown(sources)
    where = writer.where(sources)
    if writer.chance(6):
        found = f"select distinct {', '.join(shown)} from {text}{where}"
        places = ", ".join(f"{n + 1}{writer.direction()}" for n in range(len(shown)))
        return Statement(f"{found} order by {places}", writer.values, total=True)
    unique = [name for source in sources for name in source.unique()]
    order, keys, total = writer.ordered(shown, unique)
    found = f"select {', '.join(shown)} from {text}{where}{order}"
    return Statement(found, writer.values, keys, total)


@st.composite
def of_groups(draw: st.DrawFn, tables: Mapping[str, Table]) -> Statement:
    """Aggregates, with GROUP BY and HAVING or without."""
    writer = Writer(draw, tables)
    text, sources = writer.joined()
    where = writer.where(sources, depth=1)
    chosen = [writer.chosen(sources) for _ in range(writer.pick(0, 1, 1, 2))]
    groups = [source.column(column) for source, column in chosen]
    shown = [*groups, *(aggregate(writer, sources) for _ in range(writer.pick(1, 2)))]
    found = f"select {', '.join(shown)} from {text}{where}"
    if groups:
        found += f" group by {', '.join(groups)}"
        if writer.chance(3):
            found += f" having {aggregate(writer, sources)} {writer.pick('>', '=')} 1"
        if writer.chance(2):
            found += f" order by {', '.join(g + writer.direction() for g in groups)}"
            return Statement(found, writer.values, keys=len(groups))
    return Statement(found, writer.values)


def aggregate(writer: Writer, sources: list[Source]) -> str:
    source, column = writer.chosen(sources)
    name = source.column(column)
    form = writer.pick("count(*)", "plain", "plain", "distinct", "filter")
    if form == "count(*)":
        return "count(*)"
    if form == "distinct":
        return f"count(distinct {name})"
    text = f"{writer.pick(*AGGREGATES)}({name})"
    if form == "filter":
        text += f" filter (where {writer.comparison(sources)})"
    return text


@st.composite
def of_parts(draw: st.DrawFn, tables: Mapping[str, Table]) -> Statement:
    """Compounds, subqueries in FROM, common table expressions, windows."""
    writer = Writer(draw, tables)
    form = writer.pick("compound", "derived", "with", "window", "scalar")
    if form == "compound":
        return compound(writer)
    if form == "window":
        return window(writer)
    inner = writer.source()
    where = writer.where([inner], depth=1)
    limit = ""
    if writer.chance(3):
        limit = f" order by {', '.join(inner.unique())} limit {writer.pick(1, 3, 10)}"
    if form == "scalar":
        return scalar(writer, inner, where)
    body = f"select * from {inner.table.name} {inner.alias}{where}{limit}"
    outer = Source("z", inner.table)
    if form == "derived":
        text, before = f"({body}) z", ""
    else:
        kind = writer.pick("", "materialized ", "not materialized ")
        text, before = "found z", f"with found as {kind}({body}) "
    if writer.chance(2):
        other, condition = writer.related(outer)
        text += f" {writer.pick('join', 'left join')} {other.table.name} {other.alias}"
        statement = rows(writer, f"{text} on {condition}", [outer, other])
    else:
        statement = rows(writer, text, [outer])
    return Statement(
        before + statement.sql, writer.values, statement.keys, statement.total
    )


def compound(writer: Writer) -> Statement:
    parts = []
    width = writer.pick(1, 2)
    for _ in range(writer.pick(2, 2, 3)):
        source = writer.source()
        shown = [source.column(writer.column(source)) for _ in range(width)]
        where = writer.where([source], depth=1)
        parts.append(
            f"select {', '.join(shown)} from {source.table.name} {source.alias}{where}"
        )
    text = parts[0]
    for part in parts[1:]:
        text += f" {writer.pick('union', 'union all', 'except', 'intersect')} {part}"
    if writer.chance(2):
        places = ", ".join(f"{n + 1}{writer.direction()}" for n in range(width))
        limit = f" limit {writer.pick(1, 4, 9)}" if writer.chance(2) else ""
        return Statement(f"{text} order by {places}{limit}", writer.values, total=True)
    return Statement(text, writer.values)


def window(writer: Writer) -> Statement:
    """A row's number, or a sum so far, over a total order."""
    source = writer.source()
    where = writer.where([source], depth=1)
    over = f"order by {', '.join(source.unique())}{writer.pick('', ' desc')}"
    if writer.chance(2):
        over = f"partition by {source.column(writer.column(source))} {over}"
    name = source.column(writer.column(source))
    what = writer.pick("row_number()", f"lag({name})", f"count({name})", f"max({name})")
    found = f"select {name}, {what} over ({over})"
    return Statement(
        f"{found} from {source.table.name} {source.alias}{where}", writer.values
    )


def scalar(writer: Writer, source: Source, where: str) -> Statement:
    """Subqueries among the results, one look for each row."""
    inner, link = writer.related(source)
    what = writer.pick("count(*)", f"max({inner.column(writer.column(inner))})")
    counted = f"(select {what} from {inner.table.name} {inner.alias} where {link})"
    unique = source.unique()
    found = f"select {', '.join(unique)}, {counted}"
    return Statement(
        f"{found} from {source.table.name} {source.alias}{where}"
        f" order by {', '.join(unique)}",
        writer.values,
        total=True,
    )
