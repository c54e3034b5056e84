"""SQLite's plan of a statement line by line, and how its scans start."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import apsw

from ..errors import ProgrammingError
from ..planner.choice import Choice
from ..planner.statement import BLANK, analyse
from .unread import Start

if TYPE_CHECKING:
    from .live import Live
    from .module import Module

LOOP = ("SCAN ", "SEARCH ", "MULTI-INDEX OR")
"""What lines begin with whose parts run again and again."""

_INDEX = re.compile(
    r"^(?P<step>.*?) VIRTUAL TABLE INDEX (?P<number>\d+):(?P<plan>.*?)(?: \w+-JOIN)?$"
)
_INSTRUCTIONS = 100_000  # of SQLite, after which the run without rows is stopped


@dataclass(slots=True)
class Line:
    """One line of SQLite's plan: the scan of a live table, or something else.

    `once` says that it is started once, and not for rows of another step.
    """

    name: str
    depth: int
    parent: int
    once: bool
    module: Module | None = None
    choice: Choice | None = None
    number: int = 0

    @property
    def alias(self) -> str:
        """The name that the statement has for the table."""
        return self.name.split()[1] if " " in self.name else ""


def query_plan(live: Live, sql: str, parameters: apsw.Bindings) -> list[Line]:
    """SQLite's plan, with what each of its scans would ask."""
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
    often: set[int] = set()  # lines whose parts run again and again
    loops: set[int] = set()  # lines that have a loop among their parts
    found = []
    with live.preparing(sql):
        steps = cursor.execute(text, parameters or None).fetchall()
    for number, parent, _, detail in cast("list[tuple[int, int, int, str]]", steps):
        depth = depths[number] = depths.get(parent, -1) + 1
        if parent in often or "CORRELATED" in detail:
            often.add(number)
        line = _line(live, sql, detail, depth, parent)
        line.once = number not in often and parent not in loops
        if detail.startswith(LOOP):
            loops.add(parent)
        found.append(line)
    return found


def scan_starts(live: Live, sql: str, parameters: apsw.Bindings) -> list[Start] | None:
    """How SQLite starts scans if they bring no rows; None where it cannot be tried.

    That is so for a statement that changes something, or has much to do without them.
    Raises apsw.InterruptError if it is interrupted meanwhile.
    """
    too_much = False

    def enough() -> bool:
        nonlocal too_much
        too_much = True
        return True

    def harmless(cursor: apsw.Cursor, first: str, bindings: object) -> bool:
        return cursor.is_readonly

    cursor = live.database.cursor()
    cursor.exec_trace = harmless
    live.starts = []
    live.database.set_progress_handler(enough, _INSTRUCTIONS, id=cursor)
    try:
        with live.preparing(sql):
            for _ in cursor.execute(sql, parameters or None):
                pass
        return live.starts
    except apsw.ExecTraceAbort:
        return None
    except apsw.InterruptError:
        if not too_much:
            raise
        return None
    finally:
        live.database.set_progress_handler(None, id=cursor)
        live.starts = None
        cursor.close(True)


def _line(live: Live, sql: str, detail: str, depth: int, parent: int) -> Line:
    found = _INDEX.match(detail)
    if found is None:
        return Line(detail, depth, parent, True)
    line = Line(found["step"], depth, parent, True, number=int(found["number"]))
    alias = found["step"].split()[1].lower()
    tables = analyse(sql).aliases.get(alias, frozenset((alias,)))
    likely = [live.modules[name] for name in sorted(tables) if name in live.modules]
    for module in (*likely, *live.modules.values()):
        choice = module.asked(line.number, found["plan"])
        if choice is not None:
            line.module, line.choice = module, choice
            break
    return line
