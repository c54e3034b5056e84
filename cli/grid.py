"""Rows drawn as a grid of cells: box, table and markdown."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import apsw
import apsw.unicode

Value = str | int | float | bytes | None


@dataclass(frozen=True, slots=True)
class Frame:
    """The characters that a grid is drawn with: left, line, cross and right."""

    top: str
    middle: str
    bottom: str
    wall: str


BOX = Frame("╭─┬╮", "├─┼┤", "╰─┴╯", "│")
TABLE = Frame("+-++", "+-++", "+-++", "|")

NUMBERS = ({int}, {float}, {int, float})

# Control characters would move the cursor or ring the bell: show their pictures.
PICTURES = {code: chr(0x2400 + code) for code in range(32)} | {127: "␡"}
PICTURES |= {code: "�" for code in range(0x80, 0xA0)}
del PICTURES[ord("\n")]
PICTURES[ord("\t")] = " "


def draw(
    columns: Sequence[str],
    rows: Iterable[Sequence[Value]],
    frame: Frame = BOX,
    *,
    null: str = "NULL",
    quote: bool = False,
    width: int = 0,
) -> Iterator[str] | None:
    """The lines of a grid, or None if it cannot be made to fit.

    `width` is the most display columns a line may take, 0 for no bound. Texts that
    are too long for it are broken into several lines. Columns of numbers stand to the
    right. `quote` shows values as SQL literals.

    >>> print(*draw(("id", "title"), [(1, "naïve"), (20, None)]), sep="\\n")
    ╭────┬───────╮
    │ id │ title │
    ├────┼───────┤
    │  1 │ naïve │
    │ 20 │ NULL  │
    ╰────┴───────╯
    """
    rows = list(rows)
    numeric = [
        {type(value) for value in values} - {type(None)} in NUMBERS
        for values in zip(*rows, strict=True)
    ]
    cells = [[_lines(value, null, quote) for value in row] for row in rows]
    heads = [_lines(name, null, False) for name in columns]
    widths = [
        max(map(_width, (line for row in column for line in row)))
        for column in zip(heads, *cells, strict=True)
    ]
    if width and not _narrow(widths, width):
        return None
    return _picture(heads, cells, widths, numeric or [False] * len(heads), frame)


def draw_markdown(
    columns: Sequence[str], rows: Iterable[Sequence[Value]], null: str = ""
) -> Iterator[str]:
    """The lines of a Markdown table.

    >>> print(*draw_markdown(("a", "b"), [(1, "x|y")]), sep="\\n")
    | a | b    |
    |---|------|
    | 1 | x\\|y |
    """
    cells = [
        ["<br>".join(_lines(value, null, False)).replace("|", "\\|") for value in row]
        for row in (columns, *rows)
    ]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    for number, row in enumerate(cells):
        texts = (_pad(text, width) for text, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(texts)} |"
        if number == 0:
            yield f"|{'|'.join('-' * (width + 2) for width in widths)}|"


def text(value: Value, null: str = "") -> str:
    """A value as a person reads it, with line breaks but no control characters."""
    if value is None:
        return null
    if isinstance(value, bytes):
        return f"[{len(value):,} bytes]"
    if isinstance(value, str):
        return value.replace("\r\n", "\n").translate(PICTURES)
    return str(value)


def _lines(value: Value, null: str, quote: bool) -> list[str]:
    if quote:
        return [apsw.format_sql_value(value).translate(PICTURES)]
    return text(value, null).split("\n")


def _width(line: str) -> int:
    return len(line) if line.isascii() else max(apsw.unicode.text_width(line), 0)


def _pad(line: str, width: int, right: bool = False) -> str:
    space = " " * (width - _width(line))
    return space + line if right else line + space


# Narrower than this a column of text cannot be read.
NARROWEST = 12


def _narrow(widths: list[int], width: int) -> bool:
    """Take from the widest columns until the grid fits; False if it cannot."""
    excess = sum(widths) + 3 * len(widths) + 1 - width
    while excess > 0:
        widest = max(widths)
        if widest <= NARROWEST:
            return False
        index = widths.index(widest)
        others = [*(w for w in widths if w < widest), NARROWEST]
        step = min(excess, max(1, widest - max(others)))
        widths[index] -= step
        excess -= step
    return True


def _wrap(line: str, width: int) -> Iterator[str]:
    while _width(line) > width:
        if line.isascii():
            head = line[:width]
        else:
            head = apsw.unicode.text_width_substr(line, width)[1] or line[0]
        # Break at a space, if that leaves the line at least half full.
        at = head.rfind(" ")
        if at > len(head) // 2:
            head = head[: at + 1]
        yield head
        line = line[len(head) :]
    yield line


def _picture(
    heads: list[list[str]],
    cells: list[list[list[str]]],
    widths: list[int],
    numeric: list[bool],
    frame: Frame,
) -> Iterator[str]:
    def bar(characters: str) -> str:
        left, line, cross, right = (*characters,)
        return left + cross.join(line * (width + 2) for width in widths) + right

    def level(row: list[list[str]]) -> Iterator[str]:
        wrapped = [
            [part for line in lines for part in _wrap(line, width)]
            for lines, width in zip(row, widths, strict=True)
        ]
        for parts in zip_longest(*wrapped, fillvalue=""):
            cells = map(_pad, parts, widths, numeric)
            yield (
                frame.wall + frame.wall.join(f" {cell} " for cell in cells) + frame.wall
            )

    yield bar(frame.top)
    yield from level(heads)
    yield bar(frame.middle)
    for row in cells:
        yield from level(row)
    yield bar(frame.bottom)
