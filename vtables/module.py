"""One table as an SQLite virtual table: SQLite's questions become the planner's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import apsw

from ..catalog.table import Brought, Column, Table
from ..catalog.values import Kind
from ..planner.choice import Choice
from ..planner.plan import Plan
from ..planner.question import Constraint, Order, Question
from ..planner.roads import choose
from ..planner.summarised import Known, summarised
from ..planner.temporary import sayable
from .attached import AttachedCursor
from .cursor import Cursor
from .unread import Unread

if TYPE_CHECKING:
    from ..planner.statement import Statement
    from .live import Live
    from .schema import Schema

# SQLite's mask of used columns has 64 bits; the last stands for all behind it.
LAST_BIT = 63

_OPERATORS = {
    apsw.SQLITE_INDEX_CONSTRAINT_EQ: "=",
    apsw.SQLITE_INDEX_CONSTRAINT_NE: "!=",
    apsw.SQLITE_INDEX_CONSTRAINT_LT: "<",
    apsw.SQLITE_INDEX_CONSTRAINT_LE: "<=",
    apsw.SQLITE_INDEX_CONSTRAINT_GT: ">",
    apsw.SQLITE_INDEX_CONSTRAINT_GE: ">=",
    apsw.SQLITE_INDEX_CONSTRAINT_ISNULL: "is null",
    apsw.SQLITE_INDEX_CONSTRAINT_ISNOTNULL: "is not null",
    apsw.SQLITE_INDEX_CONSTRAINT_LIKE: "like",
    apsw.SQLITE_INDEX_CONSTRAINT_GLOB: "glob",
    apsw.SQLITE_INDEX_CONSTRAINT_MATCH: "match",
    apsw.SQLITE_INDEX_CONSTRAINT_LIMIT: "limit",
    apsw.SQLITE_INDEX_CONSTRAINT_OFFSET: "offset",
}
# Comparisons that give an input its value.
_GIVE = (
    apsw.SQLITE_INDEX_CONSTRAINT_EQ,
    apsw.SQLITE_INDEX_CONSTRAINT_MATCH,
)


class Module:
    """The module and the one virtual table of it: they are created together."""

    def __init__(self, live: Live, schema: Schema, table: Table) -> None:
        self.live = live
        self.schema = schema
        self.table = table
        self.choices: dict[str, Choice] = {}
        self._asked: list[tuple[frozenset[int], Choice]] = []
        self._known: dict[tuple[str, Question, str, frozenset[int]], int] = {}
        self._numbers: dict[str, int] = {}

    def Create(self, *arguments: Any) -> tuple[str, Module]:
        """The declaration of the table, and the table."""
        return declaration(self.table), self

    Connect = Create

    def Disconnect(self) -> None:
        """Nothing is held."""

    Destroy = Disconnect

    def Open(self) -> Cursor | Unread:
        """A cursor for one scan of one statement."""
        if self.live.starts is not None:
            return Unread(self, self.live.starts)
        run = self.live.run.on(self.schema.store.answers)
        return AttachedCursor(self, run) if self.table.schema else Cursor(self, run)

    def BestIndexObject(self, info: apsw.IndexInfo) -> bool:
        """Choose a plan; its text is SQLite's index string.

        False for an order of a join in which a value for an input is not known yet.
        """
        if self._waits(info):
            return False
        choice = choose(
            self.table,
            self._question(info),
            self.schema.store.counts,
            self.live.options,
        )
        choice = summarised(choice, self._told(choice, info))
        options, others = self.live.options, self._hints.alternatives
        choice = sayable(self.table, choice, options, others)
        for place, index in enumerate(choice.arguments, 1):
            info.set_aConstraintUsage_argvIndex(index, place)
        for item, index in zip(choice.plan.inputs, choice.arguments, strict=True):
            if item.many:
                info.set_aConstraintUsage_in(index, True)
            if item.column.brought is Brought.GIVEN:
                info.set_aConstraintUsage_omit(index, True)
        info.idxStr = self._text_of(choice)
        info.idxNum = self._number_of(info.idxStr, choice, frozenset(info.colUsed))
        info.orderByConsumed = choice.order_consumed and info.nOrderBy > 0
        info.estimatedCost = choice.estimate.cost
        info.estimatedRows = max(1, round(choice.estimate.rows))
        if choice.unique:
            info.idxFlags = apsw.SQLITE_INDEX_SCAN_UNIQUE
        return True

    def plan(self, text: str) -> Plan:
        """The plan that SQLite was given this index string for."""
        return self.choices[text].plan

    def choice(self, number: int) -> Choice:
        """What SQLite was given this number for."""
        return self._asked[number][1]

    def asked(self, number: int, text: str) -> Choice | None:
        """The choice, if SQLite was given both this number and this text for it."""
        known = self.choices.get(text)
        if known is None or number >= len(self._asked):
            return None
        choice = self.choice(number)
        return choice if choice.plan == known.plan else None

    def used(self, number: int, run: Any) -> tuple[int, ...]:
        """The columns that a scan uses, by the number SQLite was given for them."""
        used = self._asked[number][0]
        found = sorted(n for n in used if n < LAST_BIT)
        if LAST_BIT in used:
            names = self.table.names[LAST_BIT:]
            uses = run.statement.uses(self.table.name, names)
            found += [n for n, name in enumerate(names, LAST_BIT) if name in uses]
        return tuple(found)

    def rowid(self, key: Any) -> int:
        """A number that stays with this key as long as the connection lives."""
        if isinstance(key, int):
            return key
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def _waits(self, info: apsw.IndexInfo) -> bool:
        """Whether an input is given, by a table that SQLite would read later."""
        for index in range(info.nConstraint):
            column = info.get_aConstraint_iColumn(index)
            gives = info.get_aConstraint_op(index) in _GIVE
            later = gives and not info.get_aConstraint_usable(index)
            if later and column >= 0 and self.table.columns[column].hidden:
                return True
        return False

    @property
    def _hints(self) -> Statement:
        """What the text of the statement tells, as this account sees it."""
        return self.live.hints.within(self.schema.name)

    def _told(self, choice: Choice, info: apsw.IndexInfo) -> Known:
        endpoint, counts = choice.plan.endpoint, self.schema.store.counts
        return Known(
            frozenset(self.table.names[n] for n in info.colUsed),
            self._hints.counted,
            self.live.options,
            counts,
            counts.tokens(self.table.name, endpoint) if endpoint else None,
            self.schema.store.answers.sees_all,
        )

    def _question(self, info: apsw.IndexInfo) -> Question:
        constraints = []
        others = 0
        for index in range(info.nConstraint):
            found = self._constraint(info, index)
            if found is None:
                others += 1
            else:
                constraints.append(found)
        order = []
        for place in range(info.nOrderBy):
            column = self._column(info.get_aOrderBy_iColumn(place))
            name = column.name if column else ""
            order.append(Order(name, info.get_aOrderBy_desc(place)))
        given = tuple(
            column.name
            for place, column in enumerate(self.table.columns[:LAST_BIT])
            if column.brought is Brought.GIVEN and place in info.colUsed
        )
        few = self.live.hints.extreme
        return Question(tuple(constraints), tuple(order), others, given, few)

    def _constraint(self, info: apsw.IndexInfo, index: int) -> Constraint | None:
        operator = _OPERATORS.get(info.get_aConstraint_op(index))
        if operator is None or not info.get_aConstraint_usable(index):
            return None
        if operator in ("limit", "offset"):
            return Constraint(index, "", operator)
        column = self._column(info.get_aConstraint_iColumn(index))
        if column is None:
            return None
        rows_hold = column.brought is not Brought.GIVEN
        whole = (
            self.live.hints.listed and rows_hold and info.get_aConstraintUsage_in(index)
        )
        many = operator == "=" and whole
        collation = info.get_aConstraint_collation(index)
        value = info.get_aConstraint_rhs(index)
        return Constraint(index, column.name, operator, many, collation, value)

    def _column(self, number: int) -> Column | None:
        """The column; for -1 (the row's number) the key, if that is the same."""
        if number >= 0:
            return self.table.columns[number]
        key = next((c for c in self.table.columns if c.name == self.table.key), None)
        return key if key and key.kind is Kind.INTEGER else None

    def _number_of(self, text: str, choice: Choice, used: frozenset[int]) -> int:
        """A number for what is used and what was asked: plans may be alike."""
        asked = (text, choice.question, choice.not_summarised, used)
        if asked not in self._known:
            self._known[asked] = len(self._asked)
            self._asked.append((used, choice))
        return self._known[asked]

    def _text_of(self, choice: Choice) -> str:
        """The plan as text, made unlike that of every other plan of the table."""
        text = plain = f"{self.schema.label}{choice.plan}"
        turn = 1
        while (known := self.choices.get(text)) and known.plan != choice.plan:
            turn += 1
            text = f"{plain} #{turn}"
        self.choices[text] = choice
        return text


def declaration(table: Table) -> str:
    """CREATE TABLE as SQLite wants it from a module.

    The key shows in pragma_table_info. SQLite lists no foreign keys of virtual tables.
    """
    columns = []
    for column in table.columns:
        key = " PRIMARY KEY" if column.name == table.key else ""
        needed = " NOT NULL" if column.never_null else ""
        hidden = " HIDDEN" if column.hidden else ""
        kind = column.kind.declared
        columns.append(f"{quoted(column.name)} {kind}{hidden}{key}{needed}")
    return f"CREATE TABLE {quoted(table.name)}({', '.join(columns)})"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
