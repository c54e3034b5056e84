"""The rows of one statement on their way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import apsw.shell

from .grid import Value


class Result:
    """The rows of one statement on their way out, in the shell's mode.

    `before` is called before the first of them is written.
    """

    def __init__(
        self,
        shell: apsw.shell.Shell,
        columns: list[str],
        before: Callable[[], None],
    ) -> None:
        self.count = 0
        self.rows: list[Sequence[Value]] = []
        self._shell = shell
        self._columns = columns
        self._before = before
        self._output: Callable[[Any, Any], None] = shell.output
        self._collects = getattr(shell.output, "all_at_once", False)
        self._is_json = shell.output in (shell.output_json, shell.output_jsonl)

    def add(self, row: apsw.shell.Shell.Row) -> None:
        """Write a row, or keep it if the mode needs all rows to draw one."""
        if not self.count and not self._collects:
            self._before()
            self._output(True, self._columns)
        self.count += 1
        if self._collects:
            self.rows.append(row.row)
        else:
            self._output(False, row if self._is_json else row.row)

    def end(self, done: bool) -> None:
        """Write what came, also if the statement was stopped."""
        if not self._columns or not (done or self.count):
            return
        self._before()
        if self._collects:
            self._output(self._columns, self.rows)
        elif self.count == 0:
            self._output(True, self._columns)
            if self._output == self._shell.output_json:
                self._shell.write(self._shell.stdout, "[]\n")


def plan_tree(rows: Iterable[Sequence[Value]]) -> str:
    """The rows of EXPLAIN QUERY PLAN (id, parent, unused, detail) as a tree.

    >>> print(plan_tree([(2, 0, 0, "SCAN a"), (5, 0, 0, "LIST"), (7, 5, 0, "SCAN b")]))
    QUERY PLAN
    |--SCAN a
    `--LIST
       `--SCAN b
    <BLANKLINE>
    """
    children: dict[Value, list[Sequence[Value]]] = {}
    for row in rows:
        children.setdefault(row[1], []).append(row)

    def branch(parent: Value, indent: str) -> Iterable[str]:
        last = len(children.get(parent, ())) - 1
        for number, (key, _, _, detail) in enumerate(children.get(parent, ())):
            yield f"{indent}{'`--' if number == last else '|--'}{detail!s}\n"
            yield from branch(key, indent + ("   " if number == last else "|  "))

    return "QUERY PLAN\n" + "".join(branch(0, ""))
