"""What a statement would ask of Pipedrive, step by step, and what it did ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from textwrap import wrap

from ..client.usage import Usage
from ..planner.cost import NONE, Cost, Span, so_many
from ..planner.explain import Division

_WIDTH = 100  # columns of a terminal
_LABELS = 11  # columns before a step's lines

Row = tuple[
    str,
    str | None,
    str | None,
    str | None,
    int | None,
    int | None,
    int | None,
    int | None,
    str | None,
    int | None,
    int | None,
    int | None,
    int | None,
]
COLUMNS = (
    "step",
    "request",
    "pipedrive",
    "sqlite",
    "requests_at_least",
    "requests_at_most",
    "tokens_at_least",
    "tokens_at_most",
    "basis",
    "requests",
    "tokens",
    "rows",
    "rows_kept",
)


@dataclass(frozen=True, slots=True)
class Actual:
    """What a step has cost: requests, API tokens, rows that they brought, and rows that
    came from the store.
    """

    requests: int = 0
    tokens: int = 0
    rows: int = 0
    kept: int = 0

    def __str__(self) -> str:
        told = "no request"
        if self.requests:
            told = (
                f"{so_many(self.requests, 'request')}, "
                f"{so_many(self.tokens, 'token')}, {so_many(self.rows, 'row')}"
            )
        kept = f"; {so_many(self.kept, 'row')} from the store"
        return told + (kept if self.kept else "")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of SQLite's plan; `request` is None where nothing is asked for it."""

    name: str
    depth: int = 0
    table: str = ""
    request: str | None = None
    division: Division | None = None
    cost: Cost | None = None
    actual: Actual | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A row for each step, in the order in which SQLite takes them: `columns`.

    `tokens` is the price of all of them, `ceiling` what a statement may cost, `left`
    what Pipedrive said last of the company's tokens for the day, and `others_left` the
    same of attached accounts that are read, by their schemas. `mirror` tells of tables
    that are answered from a file, and what is asked before. `usage` is the bill of
    a statement that was run, else None, and so are the figures of its steps.
    """

    steps: tuple[Step, ...]
    ceiling: int | None = None
    left: int | None = None
    others_left: Mapping[str, int | None] = field(default_factory=dict)
    mirror: tuple[str, ...] = ()
    usage: Usage | None = None
    columns: tuple[str, ...] = COLUMNS

    @property
    def tokens(self) -> Span:
        """The API tokens of all steps."""
        return sum((step.cost.tokens for step in self.steps if step.cost), NONE)

    @property
    def requests(self) -> Span:
        """The requests of all steps, each page one."""
        return sum((step.cost.requests for step in self.steps if step.cost), NONE)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The steps as rows."""
        return tuple(map(_row, self.steps))

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.steps)

    def __str__(self) -> str:
        lines: list[str] = []
        for step in self.steps:
            lines += _drawn(step)
        lines += _lines("mirror", self.mirror, 0)
        lines += _lines("total", [self._total], 0)
        left = [_left_today(self.left)]
        left += [f"{s}: {_left_today(n)}" for s, n in self.others_left.items()]
        lines += _lines("left today", left, 0)
        return "\n".join(lines)

    @property
    def _total(self) -> str:
        text = _spanned(self.tokens, "token")
        if self.usage is not None:
            text = (
                f"{so_many(self.usage.tokens, 'token')} in "
                f"{so_many(self.usage.requests, 'request')}; expected: {text}"
            )
        if self.ceiling is None:
            return f"{text}; no ceiling"
        return f"{text}; the ceiling is {self.ceiling:,}"

    def ran(self, actual: Sequence[Actual | None], usage: Usage) -> Explanation:
        """The same with the figures of a run, one for each step."""
        pairs = zip(self.steps, actual, strict=True)
        steps = tuple(replace(step, actual=figures) for step, figures in pairs)
        return replace(self, steps=steps, usage=usage)


def _row(step: Step) -> Row:
    cost, actual = step.cost, step.actual
    return (
        "  " * step.depth + step.name,
        step.request,
        "\n".join(_met(step.division)) or None,
        "\n".join(_left(step.division)) or None,
        cost.requests.low if cost else None,
        cost.requests.high if cost else None,
        cost.tokens.low if cost else None,
        cost.tokens.high if cost else None,
        cost.basis if cost else None,
        actual.requests if actual else None,
        actual.tokens if actual else None,
        actual.rows if actual else None,
        actual.kept if actual else None,
    )


def _left_today(tokens: int | None) -> str:
    return "not told by Pipedrive yet" if tokens is None else so_many(tokens, "token")


def _drawn(step: Step) -> Iterator[str]:
    yield "  " * step.depth + step.name
    if step.request is None or step.cost is None:
        return
    texts = [
        ("request", [step.request]),
        ("Pipedrive", _met(step.division)),
        ("SQLite", _left(step.division)),
        ("price", [f"{_price(step.cost)}  ({step.cost.basis})"]),
        ("actual", [str(step.actual)] if step.actual else []),
    ]
    for label, some in texts:
        yield from _lines(label, some, step.depth + 1)


def _lines(label: str, texts: Sequence[str], depth: int) -> Iterator[str]:
    """The texts in a column behind their label."""
    indent = "  " * depth
    width = _LABELS + 2 - len(indent) % 2
    for text in texts:
        for line in wrap(
            text, _WIDTH - len(indent) - width, break_on_hyphens=False
        ) or [""]:
            yield f"{indent}{label:<{width}}{line}"
            label = ""


def _met(division: Division | None) -> list[str]:
    if division is None:
        return []
    found = [
        f"{r.condition}  (exactly{f': {r.why}' if r.why else ''})"
        for r in division.exact
    ]
    return found + [f"{r.condition}  (a superset: {r.why})" for r in division.wider]


def _left(division: Division | None) -> list[str]:
    if division is None:
        return []
    found = [f"{r.condition}  ({r.why})" for r in division.left]
    if division.more:
        found.append(f"{so_many(division.more, 'condition')} beside these")
    return found


def _price(cost: Cost) -> str:
    """Such as "1 request, 10 tokens"."""
    tokens = _spanned(cost.tokens, "token")
    if cost.tokens.high == 0 or not (cost.requests.low or cost.requests.high):
        return tokens
    return f"{_spanned(cost.requests, 'request')}, {tokens}"


def _spanned(span: Span, noun: str) -> str:
    if span.high is None:
        return f"{so_many(span.low, noun)} or more" if span.low else "not known"
    if span.low == span.high:
        return so_many(span.low, noun)
    return f"{span.low:,} to {so_many(span.high, noun)}"
