"""Tables of Markdown, which a terminal shows as well."""

from __future__ import annotations

from collections.abc import Iterable

Cells = tuple[str, ...]


def table(heads: Cells, lines: Iterable[Cells]) -> str:
    """The table, its columns as wide as they have to be."""
    cells = list(lines)
    columns = zip(heads, *cells, strict=True)
    widths = [max(map(len, column)) for column in columns]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        "| " + " | ".join(map(str.ljust, line, widths)) + " |"
        for line in (heads, rule, *cells)
    )
