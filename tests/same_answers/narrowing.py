"""WHERE clauses in the words that searches and saved filters know, and near them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from .schema import Column
from .statements import Statement
from .values import like, near, values_of
from .writer import Source, Table, Writer

# Tables that Pipedrive searches or filters, most often those where it does both.
BOTH = ("deals", "persons", "products", "organizations")
BESIDES = ("deals_archived", "person_emails", "person_phones", "leads", "projects")
NARROWED = (*BOTH * 4, "deals", "deals", "activities", "activities", *BESIDES)
JOINED = ("stages", "users", "deal_products", "deal_labels")
SEARCHED = re.compile(r"^(title|name|code|email|phone|address|subject)$")
TIMED = ("DATE", "TIME", "TIMESTAMP")
ORDERED = ("=", "<", "<=", ">", ">=", "<>", "!=")


@st.composite
def of_narrowed(
    draw: st.DrawFn, tables: Mapping[str, Table], among: tuple[str, ...] = ()
) -> Statement:
    """One table of those that are narrowed in many ways, now and then beside another.

    `among` are the only tables to use, all of them if it is empty.
    """
    known = among or {*NARROWED, *JOINED}
    writer = Writer(draw, {name: tables[name] for name in tables if name in known})
    source = writer.source(tables[draw(st.sampled_from(among or NARROWED))])
    where = Narrowing(writer, source).clause()
    table = f"{source.table.name} {source.alias}"
    form = writer.pick(
        *("rows", "rows", "rows", "rows", "ordered", "ordered", "latest", "latest"),
        *("count", "derived", "join", "left join", "in", "exists"),
    )
    if form == "rows":
        found = f"select {', '.join(writer.shown([source]))} from {table} where {where}"
        return Statement(found, writer.values)
    if form == "ordered":
        return ordered(writer, source, f"from {table} where {where}")
    if form == "latest":
        times = [
            c for c in source.table.columns if c.name in ("add_time", "update_time")
        ]
        column = writer.pick(*(times or source.table.columns[:1]))
        name = source.column(column)
        found = f"select {name} from {table} where {where} order by {name}"
        found += f"{writer.pick(' desc', ' desc', '')} limit {writer.pick(1, 3, 8, 50)}"
        return Statement(found, writer.values, total=True)
    if form == "count":
        return Statement(f"select count(*) from {table} where {where}", writer.values)
    if form == "derived":
        inner = f"(select * from {table} where {where}) z"
        outer = Source("z", source.table)
        return ordered(writer, outer, f"from {inner}")
    other, link = writer.related(source)
    second = f"{other.table.name} {other.alias}"
    key = other.column(writer.column(other))
    if form == "join":
        found = f"select {key}, {', '.join(source.unique())} from {second} join {table}"
        return Statement(f"{found} on {link} where {where}", writer.values)
    if form == "left join":
        found = f"select {key}, {', '.join(source.unique())} from {second} left join"
        return Statement(f"{found} {table} on {link} and {where}", writer.values)
    if form == "exists":
        found = f"select {key} from {second} where exists (select 1 from {table}"
        return Statement(f"{found} where {link} and {where})", writer.values)
    column = writer.column(source)
    found = f"select {key} from {second} where {other.unique()[0]} in (select"
    found += f" {source.column(column)} from {table} where {where})"
    return Statement(found, writer.values)


@st.composite
def of_conditions(draw: st.DrawFn, tables: Mapping[str, Table]) -> Statement:
    """A comparison with a value of the column or just beside one, or some of them."""
    writer = Writer(draw, tables)
    source = writer.source(tables[draw(st.sampled_from((*BOTH, "activities")))])
    found = f"select {', '.join(source.unique())} from {source.table.name}"
    said = Said(writer, source)
    where = said.either() if writer.chance(2) else said.one()
    return Statement(f"{found} {source.alias} where {where}", writer.values)


@st.composite
def of_texts(draw: st.DrawFn, tables: Mapping[str, Table]) -> Statement:
    """A text that searches know, in any case, whole or in part."""
    writer = Writer(draw, tables)
    source = writer.source(tables[draw(st.sampled_from((*BOTH, "person_emails")))])
    texts = [c for c in source.table.columns if SEARCHED.match(c.name)]
    where = Narrowing(writer, source).text(draw(st.sampled_from(texts)))
    found = f"select {', '.join(source.unique())} from {source.table.name}"
    return Statement(f"{found} {source.alias} where {where}", writer.values)


def ordered(writer: Writer, source: Source, rest: str) -> Statement:
    """The rows in the order of their keys, perhaps only the first of them."""
    shown = ", ".join(writer.shown([source]))
    keys = [f"{name}{writer.direction()}" for name in source.unique()]
    limit = f" limit {writer.pick(1, 4, 10)}" if writer.chance(2) else ""
    found = f"select {shown} {rest} order by {', '.join(keys)}{limit}"
    return Statement(found, writer.values, total=True)


class Narrowing:
    """Draws conditions on one source."""

    def __init__(self, writer: Writer, source: Source) -> None:
        self.writer = writer
        self.source = source
        columns = [c for c in source.table.columns if any(source.table.values[c.name])]
        kinds = (
            *[[c for c in columns if SEARCHED.match(c.name)]] * 2,
            *[[c for c in columns if c.field_key]] * 2,
            [c for c in columns if c.filters],
            *[[c for c in columns if c.type in TIMED]] * 2,
            columns,
        )
        self.kinds = [kind for kind in kinds if kind]
        self.blanks = True

    def clause(self) -> str:
        """One to four conditions of which all must hold; often it is but one."""
        form = self.writer.pick("text", "text", "one", "one", "one", "some", "some")
        if form == "text":
            texts = [c for c in self.kinds[0] if c.type == "TEXT"]
            return self.text(self.writer.draw(st.sampled_from(texts or self.kinds[0])))
        if form == "one":
            return self.comparison()
        count = self.writer.pick(1, 2, 2, 3, 4)
        return " and ".join(self.condition() for _ in range(count))

    def condition(self) -> str:
        writer = self.writer
        if not writer.chance(4):
            return self.comparison()
        # OR groups are read only where their values stand in the text.
        self.blanks = writer.chance(10)
        found = self.group(deep=True)
        self.blanks = True
        return f"not {found}" if writer.chance(12) else found

    def group(self, *, deep: bool) -> str:
        """Alternatives, some of them with conditions of their own."""
        writer = self.writer
        if writer.chance(12):
            column = writer.draw(
                st.sampled_from(writer.draw(st.sampled_from(self.kinds)))
            )
            count = writer.pick(9, 17, 30)
            many = [
                f"{self.named(column)} = {self.value(column)}" for _ in range(count)
            ]
            return f"({' or '.join(many)})"
        some = [self.alternative(deep) for _ in range(writer.pick(2, 2, 3, 4))]
        return f"({' or '.join(some)})"

    def alternative(self, deep: bool) -> str:
        form = self.writer.pick("plain", "plain", "plain", "and", "or", "not")
        if form == "and":
            return f"({self.comparison()} and {self.comparison()})"
        if form == "or" and deep:
            return f"({self.group(deep=False)} and {self.comparison()})"
        if form == "not":
            return f"not {self.comparison()}"
        return self.comparison()

    # Comparisons

    def comparison(self) -> str:
        writer = self.writer
        column = writer.draw(st.sampled_from(writer.draw(st.sampled_from(self.kinds))))
        name = self.named(column)
        form = writer.pick(
            "one", "one", "one", "one", "in", "between", "null", "turned"
        )
        if form == "null":
            return f"{name} is {writer.pick('null', 'not null')}"
        if form == "in":
            values = [self.value(column) for _ in range(writer.pick(1, 2, 3, 5, 18))]
            word = writer.pick("in", "in", "in", "not in")
            return f"{name} {word} ({', '.join(values)})"
        if form == "between":
            return f"{name} between {self.value(column)} and {self.value(column)}"
        if form == "turned":
            return f"{self.value(column)} {writer.pick(*ORDERED)} {name}"
        if column.type == "TEXT":
            return self.text(column)
        return f"{name} {writer.pick('=', '=', *ORDERED)} {self.value(column)}"

    def text(self, column: Column) -> str:
        writer, name = self.writer, self.named(column)
        form = writer.pick(
            *("=", "=", "=", *("nocase",) * 6, *("like",) * 6, *("glob",) * 4),
            *("in", "in", "in"),
            *("<>", ">", "rtrim", "escape", "lower"),
        )
        if form in ("=", "<>", ">"):
            return f"{name} {form} {self.value(column)}"
        if form == "in":
            values = [self.told(self.cased(column, as_it_is=True)) for _ in range(3)]
            return f"{name} in ({', '.join(values)})"
        if form in ("nocase", "rtrim"):
            value = self.told(self.cased(column))
            return f"{name} = {value} collate {form}"
        if form == "escape":
            return f"{name} like {self.told(self.cased(column))} escape 'x'"
        if form == "lower":
            return f"lower({name}) = {self.told(str(self.cased(column)).lower())}"
        if form == "like" and not writer.chance(5):
            return f"{name} like {self.told(self.cased(column))}"
        if form == "glob" and writer.chance(2):
            return f"{name} glob {self.told(self.pattern(column))}"
        pattern = like(self.source.table.values[column.name], form == "glob")
        return f"{name} {form} {self.told(writer.draw(pattern))}"

    def pattern(self, column: Column) -> str:
        """A GLOB pattern that has more than stars in it."""
        text = str(self.cased(column, as_it_is=True))
        middle = len(text) // 2
        return str(
            self.writer.pick(
                f"{text[:middle]}*{text[middle + 1 :]}",
                f"{text[:-1]}?",
                f"?{text[1:]}",
                f"*{text[1:-1]}*",
                f"{text[:4]}*{text[-3:]}",
                f"[{text[:1]}x]{text[1:]}",
                f"{text[:3]}[^{text[3:4]}]*",
                f"*{text[middle:]}",
                f"{text[:middle].upper()}*",
            )
        )

    # Names and values

    def named(self, column: Column) -> str:
        return self.source.column(column)

    def cased(self, column: Column, *, as_it_is: bool = False) -> Any:
        """A text of the column, in any case."""
        known = [v for v in self.source.table.values[column.name] if isinstance(v, str)]
        text = self.writer.draw(st.sampled_from(known or ["abc"]))
        if as_it_is:
            return text
        return self.writer.pick(text, text, text.upper(), text.lower(), text.title())

    def value(self, column: Column) -> str:
        real = self.source.table.values[column.name]
        return self.told(self.writer.draw(values_of(real, column.type)))

    def told(self, value: Any) -> str:
        return self.writer.literal(value) if self.blanks else self.writer.spelled(value)


class Said:
    """Draws comparisons on one source that saved filters know."""

    def __init__(self, writer: Writer, source: Source) -> None:
        self.writer = writer
        self.source = source
        values = source.table.values
        columns = [c for c in source.table.columns if any(values[c.name])]
        chosen = [c for c in columns if c.field_key and c.type in ("TEXT", "INTEGER")]
        kinds = [[c for c in columns if c.type == t] for t in ("DATE", "REAL")]
        kinds += [[c for c in columns if c.type == "TIMESTAMP"], chosen, chosen]
        self.kinds = [kind for kind in kinds if kind]
        self.literal = writer.literal

    def either(self) -> str:
        """Two or three of which one must hold; some need more, some are not said."""
        # OR groups are read only where their values stand in the text.
        self.literal = self.writer.spelled
        some = [self.one() for _ in range(self.writer.pick(2, 2, 3))]
        form = self.writer.pick("plain", "plain", "and", "unsaid")
        if form == "and":
            some[0] = f"({some[0]} and {self.one()})"
        if form == "unsaid":
            some[0] = self.writer.comparison([self.source])
        return f"({' or '.join(some)})"

    def column(self) -> Column:
        kind = self.writer.draw(st.sampled_from(self.kinds))
        return self.writer.draw(st.sampled_from(kind))

    def one(self) -> str:
        writer, column = self.writer, self.column()
        name = self.source.column(column)
        if column.type == "TEXT" and writer.chance(2):
            pattern = Narrowing(writer, self.source).pattern(column)
            return f"{name} glob {self.literal(pattern)}"
        if writer.chance(6):
            return f"{name} is {writer.pick('null', 'null', 'not null')}"
        real = [v for v in self.source.table.values[column.name] if v is not None]
        drawn = st.one_of(st.sampled_from(real), st.sampled_from(real), near(real))
        if writer.chance(6):
            values = [self.literal(writer.draw(drawn)) for _ in range(3)]
            return f"{name} in ({', '.join(values)})"
        value = self.literal(writer.draw(drawn))
        equal = column.type in ("TEXT", "INTEGER") or writer.chance(4)
        operator = writer.pick("=", "=", "<>") if equal else writer.pick(*ORDERED)
        turned = writer.chance(2)
        return f"{value} {operator} {name}" if turned else f"{name} {operator} {value}"
