"""Values to compare columns with: real ones, near misses, and nonsense."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

ODD: tuple[Any, ...] = (
    *(None, "", "abc", "%", "a_b", "O'Hara", "é", " 5 ", "5abc", "0x5", "1e0", "NaN"),
    *("5", "5.0", "05", "true", "null", "[]", "won", "Won", "open,won", "deleted"),
    *(0, 1, -1, 5, 5.0, 5.5, 2**53, 2**53 + 1, 2**63 - 1, -(2**63), 1e20, 1e-7),
    *("2026", "2025-13-45", "0000-00-00", "9999-12-31", "2025-06-31 25:61:61"),
    *(b"5", b"open"),
)

ODD_TIMES = (
    "2025-06",
    "2025-06-01",
    "2025-06-01 12",
    "2025-06-01T12:00:00Z",
    "2025-06-01 12:00:00.500",
    "2025-06-01 12:00:00+02:00",
    " 2025-06-01",
    "2025-6-1",
)


@st.composite
def near(draw: st.DrawFn, values: Sequence[Any]) -> Any:
    """A value like one of `values`, but spelled otherwise or just beside it."""
    value = draw(st.sampled_from(values))
    if isinstance(value, int | float):
        spelled = [f"{value}", f"{value}.0", f" {value}", f"0{value}", f"+{value}"]
        beside = [value + 1, value - 1, value + 0.5, -value, float(value)]
        return draw(st.sampled_from([*beside, *spelled]))
    text = value if isinstance(value, str) else "?"
    spelled = [text.upper(), text.lower(), f"{text} ", f" {text}", text[:-1], text[1:]]
    spelled += [f"{text}0", f"{text},{text}", text.encode()]  # type: ignore[list-item]
    if text[4:5] == "-" and text[7:8] == "-":
        day, time = text[:10], text[11:]
        spelled += [day, day[:7], day[:4], f"{day}T{time}Z", f"{day} {time[:5]}"]
        spelled += [f"{text}.000", f"{text}.5", f"{text}Z", f"{day} 24:00:00"]
        spelled += [f"{day} 12:00", f"{day} 23:59:59", f"{day} 00:00:00"]
    return draw(st.sampled_from(spelled))


def like(values: Sequence[Any], glob: bool) -> st.SearchStrategy[str]:
    """A pattern that finds some of `values`."""
    many, one = ("*", "?") if glob else ("%", "_")
    texts = [str(value) for value in values if value is not None] or ["a"]

    def shape(drawn: tuple[str, int, int, int]) -> str:
        text, first, length, form = drawn
        part = text[first % (len(text) or 1) :][: length + 1]
        return [
            f"{part}{many}",
            f"{many}{part}",
            f"{many}{part}{many}",
            text,
            text.upper(),
            f"{one}{text[1:]}",
            many,
            "",
        ][form]

    numbers = st.integers(0, 7)
    return st.tuples(st.sampled_from(texts), numbers, numbers, numbers).map(shape)


def values_of(real: Sequence[Any], type_: str) -> st.SearchStrategy[Any]:
    """Mostly real values of the column, then near misses, then nonsense."""
    known: list[Any] = [value for value in real if value is not None] or [1, "a"]
    odd: tuple[Any, ...] = ODD
    if type_ in ("DATE", "TIME", "TIMESTAMP"):
        odd = (*ODD_TIMES, *ODD_TIMES, *ODD)
    exact = st.sampled_from(known)
    return st.one_of(exact, exact, exact, near(known), st.sampled_from(odd))
