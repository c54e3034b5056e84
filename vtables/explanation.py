"""What a statement would ask of Pipedrive, step by step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import apsw

from ..errors import ProgrammingError
from ..planner.explain import tokens
from ..planner.plan import Plan
from ..planner.statement import BLANK

if TYPE_CHECKING:
    from .live import Live

_INDEX = re.compile(
    r"^(?P<step>.*?) VIRTUAL TABLE INDEX \d+:(?P<plan>.*?)(?: \w+-JOIN)?$"
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Rows of (step, request, tokens), in the order in which SQLite takes the steps."""

    columns: tuple[str, str, str]
    rows: tuple[tuple[str, str | None, str | None], ...]

    def __iter__(self) -> Iterator[tuple[str, str | None, str | None]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        table = [self.columns, *([v or "" for v in row] for row in self.rows)]
        widths = [max(len(row[place]) for row in table) for place in range(3)]
        lines = [
            "  ".join(v.ljust(w) for v, w in zip(row, widths, strict=True)).rstrip()
            for row in table
        ]
        return "\n".join([lines[0], "  ".join("-" * w for w in widths), *lines[1:]])


def explain(live: Live, sql: str, parameters: apsw.Bindings) -> Explanation:
    """Explain a statement.

    Raises apsw.Error for one that SQLite cannot read, ProgrammingError for several.
    """
    text = f"EXPLAIN QUERY PLAN {sql}"

    def alone(cursor: apsw.Cursor, first: str, bindings: object) -> bool:
        if text.startswith(first) and not BLANK.fullmatch(text, len(first)):
            raise ProgrammingError(
                "One statement at a time: explain() was given more than one."
            )
        return True

    cursor = live.database.cursor()
    cursor.exec_trace = alone
    depths: dict[int, int] = {0: -1}
    rows: list[tuple[str, str | None, str | None]] = []
    with live.preparing(sql):
        steps = cursor.execute(text, parameters or None)
    for number, parent, _, detail in steps:
        depth = depths[number] = depths.get(parent, -1) + 1
        found = _INDEX.match(detail)
        step = "  " * depth + (found["step"] if found else detail)
        plan = _plan(live, found["plan"]) if found else None
        if plan is None:
            rows.append((step, None, None))
        else:
            rows.append((step, str(plan), tokens(plan, live.store.counts)))
    return Explanation(("step", "request", "tokens"), tuple(rows))


def _plan(live: Live, text: str) -> Plan | None:
    for module in live.modules.values():
        if text in module.choices:
            return module.plan(text)
    return None
