"""The page of what everyday questions cost, from the record of a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from math import inf
from pathlib import Path
from statistics import median
from typing import Any

from .lookups import ROWS, Lookup
from .table import Cells, table
from .tokens import Figure, Paid

RECORD = Path(__file__).parent / "costs.json"
PAGE = Path(__file__).parent.parent / "docs" / "costs.md"
HEADS = ("what", "wanted", "measured", "holds")

_LEAST_GAIN = 5.0  # times fewer tokens than who loads every table, in the median
_INTRODUCTION = """\
# What questions cost

{number} questions that people ask of Pipedrive, on a company of {deals:,} deals, in API
tokens: the unit of Pipedrive's daily budget. Written by the benchmark from its run of
{date}: `python -m bench tokens`; how it measures is in `bench/README.md`.

- **knowing nothing**: a connection of its own, to which the account's tables are new.
- **knowing the sizes**: one that remembers from earlier statements how many rows
  tables have, and has none of them at hand.
- **best**: the best way in hindsight, found by trying every order of the tables and
  every way that Pipedrive offers to get at each, counted on the company's rows.
- **every table**: loading each table that is named, as pipelines into a warehouse do.
- **row by row**: of joins, a request for each row that has to be looked up, as drivers
  do that join by key.

`x 1.3` says how many times as much that is: as the best for ours, as ours (knowing
nothing) for the others.

## What holds
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run measured, and when."""

    date: str
    deals: int
    figures: tuple[Figure, ...]
    lookups: tuple[Lookup, ...]


def write(run: Run) -> None:
    """Record the run, and write the page of it."""
    text = json.dumps(asdict(run), ensure_ascii=False, indent=1)
    RECORD.write_text(text + "\n", "utf-8")
    PAGE.write_text(page(run), "utf-8")


def recorded() -> Run:
    """The run that was recorded last."""
    found = json.loads(RECORD.read_text("utf-8"))
    return Run(
        found["date"],
        found["deals"],
        tuple(_figure(one) for one in found["figures"]),
        tuple(
            Lookup(**one | {"paid": Paid(**one["paid"])}) for one in found["lookups"]
        ),
    )


def _figure(one: dict[str, Any]) -> Figure:
    paid = {name: Paid(**one[name]) for name in ("fresh", "remembered", "best")}
    return Figure(**one | paid)


def page(run: Run) -> str:
    """The page as Markdown."""
    number, deals = len(run.figures), run.deals
    parts = [
        _INTRODUCTION.format(number=number, deals=deals, date=run.date),
        table(HEADS, verdicts(run)),
        "\n## Question by question",
    ]
    for group, figures in groupby(run.figures, key=lambda figure: figure.group):
        parts += [f"\n### {group}\n", table(LINE_HEADS, map(_line, figures))]
    parts.append(f"\n## Look-ups among {ROWS:,} persons and deals\n")
    parts.append(table(_LOOKUP_HEADS, map(_lookup, run.lookups)))
    parts.append("\n## The statements, and the best way to their rows")
    for group, figures in groupby(run.figures, key=lambda figure: figure.group):
        statements = "\n\n".join(map(_statement, figures))
        parts.append(f"\n### SQL: {group}\n\n```sql\n{statements}\n```")
    return "\n".join(parts) + "\n"


def verdicts(run: Run) -> Iterator[Cells]:
    """A line for each promise."""
    single = [figure for figure in run.figures if not figure.joins]
    joins = [figure for figure in run.figures if figure.joins]
    for what, figures, knowing, most in (
        ("single tables, knowing the sizes", single, True, 1.0),
        ("single tables, knowing nothing", single, False, None),
        ("joins, knowing the sizes", joins, True, 1.2),
        ("joins, knowing nothing", joins, False, 2.0),
    ):
        ratios = [_to_best(figure, knowing) for figure in figures]
        above = sum(ratio > (most or 1.0) for ratio in ratios)
        yield (
            f"{what}: tokens to the best in hindsight",
            f"at most {most} each" if most else "",
            f"at most {max(ratios):.2f}; {above} of {len(figures)} above",
            _holds(not above) if most else "",
        )
    below = [f for f in run.figures for k in (True, False) if _to_best(f, k) < 1]
    yield (
        "ours below the best in hindsight",
        "none: it would not be the best",
        str(len(below)),
        _holds(not below),
    )
    gains = [
        _times(f.every_table, f.fresh.tokens) for f in run.figures if f.every_table
    ]
    gain = median(gains)
    yield (
        "tokens for every table to ours, median",
        f"at least {_LEAST_GAIN:.0f}",
        f"{gain:.1f}",
        _holds(gain >= _LEAST_GAIN),
    )
    for lookup in run.lookups:
        yield (
            f"{lookup.what} of {ROWS:,}",
            f"at most {lookup.most} tokens",
            str(lookup.paid.tokens),
            _holds(lookup.paid.tokens <= lookup.most),
        )


LINE_HEADS = (
    *("question", "knowing nothing", "", "knowing the sizes", ""),
    *("best", "every table", "", "row by row", ""),
)


def _line(figure: Figure) -> Cells:
    ours, others = figure.fresh.tokens, (figure.every_table, figure.row_by_row)
    return (
        figure.what,
        _paid(figure.fresh),
        f"x {_to_best(figure, False):.1f}",
        _paid(figure.remembered),
        f"x {_to_best(figure, True):.1f}",
        _paid(figure.best),
        *(cell for other in others for cell in _other(other, ours)),
    )


def _other(tokens: int | None, ours: int) -> Cells:
    return (f"{tokens:,}", f"x {_times(tokens, ours):,.0f}") if tokens else ("", "")


_LOOKUP_HEADS = ("what", "SQL", "rows", "tokens", "at most", "requests")


def _lookup(lookup: Lookup) -> Cells:
    return (
        lookup.what,
        f"`{lookup.sql}`",
        str(lookup.rows),
        str(lookup.paid.tokens),
        str(lookup.most),
        _requests(lookup.paid),
    )


def _statement(figure: Figure) -> str:
    best = [f"{number} of {kind}" for kind, number in figure.best.requests.items()]
    comment = [f"-- {figure.what}", *(f"--   best: {one}" for one in best)]
    return "\n".join([*comment, f"{figure.sql};"])


def _requests(paid: Paid) -> str:
    """`2 of GET /api/v2/deals?status, 1 of GET /v1/users`"""
    named = (f"{number} of `{kind}`" for kind, number in paid.requests.items())
    return ", ".join(named)


def _paid(paid: Paid) -> str:
    """`400 in 40`: tokens and requests."""
    return f"{paid.tokens:,} in {paid.number:,}" if paid.tokens else "0"


def _to_best(figure: Figure, knowing: bool) -> float:
    ours = figure.remembered if knowing else figure.fresh
    return _times(ours.tokens, figure.best.tokens)


def _times(one: int, other: int) -> float:
    if not other:
        return inf if one else 1.0
    return one / other


def _holds(held: bool) -> str:
    return "yes" if held else "NO"


def dearer(run: Run) -> list[Cells]:
    """The lines of those questions where ours is not the best, for the terminal."""
    return [
        _line(figure)
        for figure in run.figures
        if _to_best(figure, True) != 1 or _to_best(figure, False) != 1
    ]
