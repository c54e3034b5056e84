"""Measures what the project promises, and prints it as tables: `python -m bench`."""

from __future__ import annotations

import argparse
import sys

from . import prices, work
from .served import served
from .table import Cells, table


def main() -> int:
    """Print both tables; 1 if a figure does not hold."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "part", nargs="?", choices=("prices", "work"), help="only this table"
    )
    part = parser.parse_args().part
    lines: list[Cells] = []
    if part != "work":
        with served(deals=10_000) as sandbox:
            lines += (found := list(prices.prices(sandbox)))
        print(table(prices.HEADS, found), end="\n\n", flush=True)
    if part != "prices":
        with served(deals=100_000) as sandbox:
            lines += (found := list(work.work(sandbox)))
        print(table(work.HEADS, found))
    return int(any("NO" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())
