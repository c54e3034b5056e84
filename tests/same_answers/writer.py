"""Hypothesis writes SELECT statements from the live schema.

Every strategy gives SQL with named blanks (`:p0`), whose values stand in the Writer.
What shrinks: fewer sources, fewer terms, plainer values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from .schema import Column
from .values import like, values_of

OPERATORS = ("=", "<>", "<", "<=", ">", ">=", "is", "is not", "==")
WINDOWS = (">=", "<", ">", "<=", "=", "between", "in")
TELLING = re.compile(r"(^|_)id$|_time$|^(status|done|type|currency|key_string)$|^is_")


@dataclass(frozen=True)
class Table:
    """A table with some values of each of its columns, from the plain copy.

    `unique` are the columns that together name a row.
    """

    name: str
    columns: tuple[Column, ...]
    values: Mapping[str, Sequence[Any]]
    unique: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class Source:
    """A table under an alias."""

    alias: str
    table: Table

    def column(self, column: Column) -> str:
        return f"{self.alias}.{column.quoted}"

    def unique(self) -> list[str]:
        return [f"{self.alias}.{name}" for name in self.table.unique]


@dataclass
class Writer:
    """Draws the parts of one statement, and keeps the values of its blanks."""

    draw: st.DrawFn
    tables: Mapping[str, Table]
    values: dict[str, Any] = field(default_factory=dict)
    aliases: int = 0
    later: list[str] = field(default_factory=list)  # conditions of comma joins

    def pick(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def chance(self, one_in: int) -> bool:
        return bool(self.draw(st.integers(0, one_in - 1)) == one_in - 1)

    # Sources

    @property
    def often(self) -> list[Table]:
        """The tables, those that Pipedrive filters more often than the others."""
        every = list(self.tables.values())
        filtered = [t for t in every if sum(c.filters != "" for c in t.columns) > 1]
        return filtered * 4 + every

    def source(self, table: Table | None = None) -> Source:
        self.aliases += 1
        chosen = table or self.draw(st.sampled_from(self.often))
        return Source("abcdefghijklmnop"[self.aliases - 1], chosen)

    def related(self, to: Source) -> tuple[Source, str]:
        """Another source and the condition that joins the two."""
        links = []
        for column in to.table.columns:
            name, _, key = column.references.rpartition(".")
            if name in self.tables:
                links.append((column.name, name, key))
        for name, table in self.tables.items():
            for column in table.columns:
                target, _, key = column.references.rpartition(".")
                if target == to.table.name:
                    links.append((key, name, column.name))
        if not links or self.chance(8):
            return self.arbitrary(to)
        own, name, other = self.draw(st.sampled_from(links))
        source = self.source(self.tables[name])
        sides = [f"{to.alias}.{own}", f"{source.alias}.{other}"]
        if self.chance(2):
            sides.reverse()
        return source, " = ".join(sides)

    def arbitrary(self, to: Source) -> tuple[Source, str]:
        """Itself or a small table, by any two columns."""
        small = [t for t in self.tables.values() if t.rows * to.table.rows <= 2500]
        table = self.draw(st.sampled_from([*small, to.table] if small else [to.table]))
        source = self.source(table)
        left, right = self.column(to), self.column(source)
        if self.chance(2):
            right = next((c for c in table.columns if c.name == left.name), right)
        operator = self.pick("=", "=", "=", "<", "is", "<>")
        text = f"{to.column(left)} {operator} {source.column(right)}"
        return source, text

    def joined(self) -> tuple[str, list[Source]]:
        """A FROM clause of one to three tables."""
        first = self.source()
        text, sources = f"{first.table.name} {first.alias}", [first]
        for _ in range(self.pick(0, 1, 1, 2)):
            other, condition = self.related(self.draw(st.sampled_from(sources)))
            how = self.pick("join", "join", "left join", "right join", "full join", ",")
            if how in ("join", "left join") and self.chance(3):
                condition += f" and {self.comparison([other])}"
            if how == ",":
                how = "cross join" if self.chance(2) else "join"
                self.later.append(condition)
                text += f" {how} {other.table.name} {other.alias}"
            else:
                text += f" {how} {other.table.name} {other.alias} on {condition}"
            sources.append(other)
        return text, sources

    # Columns and values

    def column(self, source: Source) -> Column:
        """A column, most often one that holds something and may be filtered by."""
        every = source.table.columns
        filled = [c for c in every if any(source.table.values[c.name])]
        telling = [c for c in filled if TELLING.search(c.name)]
        chosen: Sequence[Column] = self.pick(telling, telling, filled, every)
        return self.draw(st.sampled_from(chosen or every))

    def chosen(self, sources: Sequence[Source]) -> tuple[Source, Column]:
        source = self.draw(st.sampled_from(sources))
        return source, self.column(source)

    def value(self, source: Source, column: Column) -> str:
        """A literal or a blank for a value to compare the column with."""
        real = source.table.values[column.name]
        return self.literal(self.draw(values_of(real, column.type)))

    def literal(self, value: Any) -> str:
        if isinstance(value, bytes) or self.chance(3):
            name = f"p{len(self.values)}"
            self.values[name] = value
            return f":{name}"
        return self.spelled(value)

    def spelled(self, value: Any) -> str:
        """The value as it stands in the text."""
        if value is None:
            return "null"
        if isinstance(value, bytes):
            return f"x'{value.hex()}'"
        if isinstance(value, str):
            return "'" + value.replace("'", "''") + "'" if "\0" not in value else "''"
        return repr(value)

    # Conditions

    def where(self, sources: Sequence[Source], depth: int = 2) -> str:
        terms = [*self.later]
        self.later = []
        if self.chance(4) if terms else not self.chance(6):
            terms.append(self.condition(sources, depth))
        return f" where {' and '.join(terms)}" if terms else ""

    def condition(self, sources: Sequence[Source], depth: int) -> str:
        if depth and self.chance(3):
            word = self.pick("and", "or")
            left = self.condition(sources, depth - 1)
            right = self.condition(sources, depth - 1)
            return f"({left} {word} {right})"
        if depth and self.chance(8):
            return f"not ({self.condition(sources, depth - 1)})"
        if depth and self.chance(5):
            return self.nested(sources)
        return self.comparison(sources)

    def filters(self, source: Source) -> str:
        """Comparisons that Pipedrive may filter by, as many as make a request."""
        columns = [c for c in source.table.columns if c.filters]
        if not columns:
            return self.comparison([source])
        chosen = [
            self.draw(st.sampled_from(columns)) for _ in range(self.pick(1, 2, 3))
        ]
        return " and ".join(self.filter(source, column) for column in chosen)

    def filter(self, source: Source, column: Column) -> str:
        name = source.column(column)
        window = ">=" in column.filters
        operators = ("=", "in", "=", "in", "=", ">=")
        operator = self.pick(*(WINDOWS if window else operators))
        if operator == "in":
            size = self.pick(1, 2, 4, 12, 40)
            values = ", ".join(self.value(source, column) for _ in range(size))
            return f"{name} in ({values})"
        low = self.value(source, column)
        if operator == "between":
            return f"{name} between {low} and {self.value(source, column)}"
        return f"{name} {operator} {low}"

    def comparison(self, sources: Sequence[Source]) -> str:
        source, column = self.chosen(sources)
        name = source.column(column)
        form = self.pick(
            *("equal", "equal", "plain", "plain", "plain", "in", "in", "between"),
            *("null", "like", "glob", "turned", "nocase", "wrapped", "columns", "pair"),
        )
        if form == "equal":
            return f"{name} = {self.value(source, column)}"
        if form == "in":
            size = self.pick(0, 1, 2, 3, 5, 12, 30)
            values = ", ".join(self.value(source, column) for _ in range(size))
            return f"{name} {self.pick('in', 'in', 'not in')} ({values})"
        if form == "between":
            low, high = self.value(source, column), self.value(source, column)
            return f"{name} {self.pick('between', 'not between')} {low} and {high}"
        if form == "null":
            return f"{name} {self.pick('is null', 'is not null')}"
        if form in ("like", "glob"):
            pattern = like(source.table.values[column.name], form == "glob")
            word = self.pick(form, f"not {form}")
            return f"{name} {word} {self.literal(self.draw(pattern))}"
        if form == "columns":
            other, second = self.chosen(sources)
            operator = self.draw(st.sampled_from(OPERATORS))
            return f"{name} {operator} {other.column(second)}"
        if form == "pair":
            other, second = self.chosen(sources)
            pairs = ", ".join(
                f"({self.value(source, column)}, {self.value(other, second)})"
                for _ in range(self.pick(1, 2, 3))
            )
            return f"({name}, {other.column(second)}) in (values {pairs})"
        if form == "wrapped":
            name = self.pick(
                *(f"lower({name})", f"{name} || ''", f"+{name}", f"{name} + 0"),
                *(f"substr({name}, 1, 10)", f"coalesce({name}, 0)", f"date({name})"),
                *(f"cast({name} as text)", f"cast({name} as integer)"),
            )
        operator = self.draw(st.sampled_from(OPERATORS))
        value = self.value(source, column)
        if form == "turned":
            return f"{value} {operator} {name}"
        collated = " collate nocase" if form == "nocase" else ""
        return f"{name} {operator} {value}{collated}"

    def nested(self, sources: Sequence[Source]) -> str:
        """A condition over a subquery, often one that looks at the outer row."""
        source = self.draw(st.sampled_from(sources))
        inner, link = self.related(source)
        table = f"{inner.table.name} {inner.alias}"
        extra = f" and {self.comparison([inner])}" if self.chance(2) else ""
        form = self.pick("exists", "not exists", "in", "not in", "scalar")
        if form in ("exists", "not exists"):
            return f"{form} (select 1 from {table} where {link}{extra})"
        column = self.column(source)
        twin = next((c for c in inner.table.columns if c.name == column.name), None)
        second = twin or self.column(inner)
        if form in ("in", "not in"):
            limits = f" where {self.comparison([inner])}" if self.chance(2) else ""
            found = f"select {inner.column(second)} from {table}{limits}"
            return f"{source.column(column)} {form} ({found})"
        aggregate = self.pick("count(*)", f"max({inner.column(second)})")
        operator = self.draw(st.sampled_from(OPERATORS))
        right = self.pick("1", source.column(column))
        return (
            f"(select {aggregate} from {table} where {link}{extra}) {operator} {right}"
        )

    # Results

    def shown(self, sources: Sequence[Source]) -> list[str]:
        """A few columns, or all of one source."""
        if self.chance(6):
            source = self.draw(st.sampled_from(sources))
            return [source.column(column) for column in source.table.columns]
        pairs = [self.chosen(sources) for _ in range(self.pick(1, 2, 3))]
        names = [source.column(column) for source, column in pairs]
        if self.chance(8):
            names.append(f"typeof({names[0]})")
        if self.chance(12):
            names.append(f"case when {self.comparison(sources)} then 1 else 0 end")
        return names

    def direction(self) -> str:
        return str(self.pick("", "", " desc", " desc", " nulls last"))

    def ordered(self, shown: list[str], unique: Sequence[str]) -> tuple[str, int, bool]:
        """ORDER BY and LIMIT; how many columns it is by; whether it is total."""
        if self.chance(2):
            return "", 0, False
        count = min(self.pick(0, 1, 1, 2), len(shown))
        terms = [f"{shown[place]}{self.direction()}" for place in range(count)]
        if unique and self.chance(2):
            terms += [f"{name}{self.direction()}" for name in unique]
            text = f" order by {', '.join(terms)}"
            if self.chance(2):
                text += f" limit {self.pick(0, 1, 2, 5, 8, 20, -1)}"
                text += f" offset {self.pick(1, 3, 7, 10)}" if self.chance(3) else ""
            return text, 0, True
        return (f" order by {', '.join(terms)}" if terms else ""), count, False
