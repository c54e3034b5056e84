"""Statements that count deals by what Pipedrive's summary tells, and near them."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from .statements import Statement
from .writer import Source, Table, Writer

TOLD_APART = ("status", "stage_id", "pipeline_id", "owner_id", "currency")
OTHERS = ("value", "person_id", "update_time", "is_archived", "score", "id")

CONDITION = "{condition}"


@st.composite
def of_counting(draw: st.DrawFn, tables: Mapping[str, Table]) -> Statement:
    """`select status, count(*) from deals group by status`, in many shapes."""
    return Counting(Writer(draw, tables), tables["deals"]).statement()


class Counting:
    """Draws the parts of one statement."""

    def __init__(self, writer: Writer, deals: Table) -> None:
        self.writer = writer
        self.columns = {column.name: column for column in deals.columns}
        self.source: Source = writer.source(deals)
        self.qualified = writer.chance(3)

    def statement(self) -> Statement:
        writer = self.writer
        where = self.where()
        groups = [self.group() for _ in range(writer.pick(0, 0, 0, 1, 1, 1, 2))]
        shown = [*groups, *(self.aggregate() for _ in range(writer.pick(1, 1, 2, 3)))]
        if writer.chance(5):
            shown[-1] += " as n"
        distinct = "distinct " if writer.chance(12) else ""
        found = f"select {distinct}{', '.join(shown)} from {self.table()}{where}"
        if groups:
            by = (
                [str(n + 1) for n in range(len(groups))] if writer.chance(4) else groups
            )
            found += f" group by {', '.join(by)}"
        if writer.chance(5):
            found += f" having {self.aggregate()} {writer.pick('>', '=', '<>')} 2"
        if writer.chance(2):
            return Statement(found, writer.values)
        places = [str(n + 1) for n in range(len(shown))]
        if writer.chance(2):
            places.reverse()
        found += f" order by {', '.join(p + writer.direction() for p in places)}"
        found += f" limit {writer.pick(1, 2, 5)}" if writer.chance(3) else ""
        return Statement(found, writer.values, total=True)

    def table(self) -> str:
        if self.writer.chance(6):
            inner = self.writer.pick("*", ", ".join(self.columns))
            where = self.where(qualified=False)
            return f"(select {inner} from deals{where}) {self.source.alias}"
        return f"deals {self.source.alias}" if self.qualified else "deals"

    def where(self, *, qualified: bool = True) -> str:
        outer, self.qualified = self.qualified, self.qualified and qualified
        count = self.writer.pick(0, 0, 1, 1, 1, 2, 3)
        conditions = [self.condition() for _ in range(count)]
        self.qualified = outer
        return f" where {' and '.join(conditions)}" if conditions else ""

    def name(self, name: str) -> str:
        column = self.columns[name]
        return self.source.column(column) if self.qualified else column.quoted

    def column(self) -> str:
        told = self.writer.pick(*(TOLD_APART * 12), *OTHERS)
        return self.name(told)

    def group(self) -> str:
        few = map(self.name, ("status", "status", "pipeline_id", "currency"))
        return str(self.writer.pick(*few, self.column()))

    def condition(self) -> str:
        writer = self.writer
        told = writer.pick(*(TOLD_APART * 12), *OTHERS)
        name, column = self.name(told), self.columns[told]

        def value() -> str:
            if writer.chance(5):
                return writer.value(self.source, column)
            real = self.source.table.values[told]
            return writer.literal(writer.draw(st.sampled_from(real)))

        form = writer.pick(
            "=", "=", "=", "=", "in", "in", "<>", ">", "null", "or", "is"
        )
        if form == "in":
            values = ", ".join(value() for _ in range(writer.pick(1, 2, 3)))
            return f"{name} {writer.pick('in', 'in', 'not in')} ({values})"
        if form == "null":
            return f"{name} is {writer.pick('null', 'not null')}"
        if form == "or":
            return f"({name} = {value()} or {name} = {value()})"
        return f"{name} {form} {value()}"

    def aggregate(self) -> str:
        form = self.writer.pick(
            *("count(*)", "count(*)", "count(*)", "count(*)", "count(1)"),
            *("count({column})", "count(distinct {column})", "count({column})"),
            *(f"count(*) filter (where {CONDITION})",) * 3,
            *(f"sum({CONDITION})", f"total({CONDITION})", f"avg({CONDITION})"),
            f"sum(case when {CONDITION} then 1 else 0 end)",
            f"count(case when {CONDITION} then 1 end)",
            f"100.0 * count(*) filter (where {CONDITION}) / count(*)",
            *("sum({value})", "sum({value})", "total({value})", "avg({value})"),
            f"sum(iif({CONDITION}, {{value}}, 0))",
            f"total({{value}}) filter (where {CONDITION})",
            *("sum({value} > 1000)", "total({value} * {value})", "sum({value} + 1)"),
            *("min({column})", "max({column})", "coalesce(sum({value}), 0) / count(*)"),
        )
        condition = self.condition() if CONDITION in form else ""
        return str(
            form.format(
                column=self.column(), value=self.name("value"), condition=condition
            )
        )
