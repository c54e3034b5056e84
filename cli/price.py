"""What a statement cost, in one line."""

from typing import Protocol


class Cost(Protocol):
    """The part of a usage that is shown: requests, and Pipedrive's API tokens."""

    @property
    def requests(self) -> int: ...

    @property
    def tokens(self) -> int: ...


def price(cost: Cost, rows: int | None, seconds: float) -> str:
    """One line; `rows` is None for a statement that gives none.

    >>> from types import SimpleNamespace
    >>> price(SimpleNamespace(requests=2, tokens=1011), rows=3, seconds=0.0841)
    '3 rows · 2 requests · 1,011 tokens · 84 ms'
    """
    parts = [] if rows is None else [_counted(rows, "row")]
    parts += [_counted(cost.requests, "request"), _counted(cost.tokens, "token")]
    return " · ".join([*parts, duration(seconds)])


def duration(seconds: float) -> str:
    """A time that a person reads at a glance.

    >>> [duration(s) for s in (0.00042, 0.0841, 1.25, 75)]
    ['0.4 ms', '84 ms', '1.2 s', '1 min 15 s']
    """
    if seconds < 0.01:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
