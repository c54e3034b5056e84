"""Measures what the project promises, and prints it as tables: `python -m bench`."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from . import (
    costs,
    limits,
    many,
    mirror,
    parallel,
    prices,
    sync,
    together,
    tokens,
    work,
)
from .lookups import ROWS, lookups
from .planning import planning
from .served import served
from .table import Cells, table

_DEALS = 20_000  # of the company that everyday questions are asked of
_PARTS = (
    "prices",
    "work",
    "tokens",
    "parallel",
    "together",
    "many",
    "memory",
    "limits",
    "mirror",
    "sync",
)


def main() -> int:
    """Print the tables; 1 if a figure does not hold."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=_PARTS, help="only this table")
    part = parser.parse_args().part
    lines: list[Cells] = []
    if part in (None, "tokens"):
        lines += _tokens()
    if part in (None, "prices"):
        with served(deals=10_000) as sandbox:
            lines += (found := list(prices.prices(sandbox)))
        print(table(prices.HEADS, found), end="\n\n", flush=True)
    if part in (None, "work"):
        with served(deals=100_000) as sandbox:
            lines += (found := list(work.work(sandbox)))
        print(table(work.HEADS, found), end="\n\n", flush=True)
    if part in (None, "parallel"):
        lines += (found := list(parallel.parallel()))
        print(table(parallel.HEADS, found), end="\n\n", flush=True)
    if part in (None, "together"):
        lines += (found := list(together.together()))
        print(table(together.HEADS, found), end="\n\n", flush=True)
    if part in (None, "many"):
        lines += (found := list(many.many()))
        print(table(many.HEADS, found), end="\n\n", flush=True)
    if part in (None, "memory"):
        lines += (found := list(work.longest()))
        print(table(work.HEADS, found), end="\n\n", flush=True)
    if part in (None, "limits"):
        lines += (found := list(limits.limits()))
        print(table(limits.HEADS, found), end="\n\n", flush=True)
    if part in (None, "mirror"):
        lines += (found := list(mirror.mirror()))
        print(table(mirror.HEADS, found), end="\n\n", flush=True)
    if part in (None, "sync"):
        lines += (found := list(sync.sync()))
        print(table(sync.HEADS, found))
    return int(any("NO" in line for line in lines))


def _tokens() -> list[Cells]:
    """Measure what everyday questions cost, and write the page of it."""
    with served(deals=_DEALS) as sandbox:
        figures = tuple(tokens.figures(sandbox))
        thought = planning(sandbox)
    with served(deals=ROWS, persons=ROWS) as sandbox:
        found = tuple(lookups(sandbox))
    run = costs.Run(f"{date.today():%-d %B %Y}", _DEALS, figures, found)
    costs.write(run)
    lines = [*costs.verdicts(run), *thought.verdicts()]
    print(table(costs.HEADS, lines), end="\n\n")
    print(table(costs.LINE_HEADS, costs.dearer(run)), end="\n\n", flush=True)
    return lines


if __name__ == "__main__":
    sys.exit(main())
