"""SQLite's functions whose time is the product of two sizes, with a bound on it.

While such a function computes, nothing can interrupt it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import apsw

from ..catalog.values import SQLValue
from ..errors import CeilingExceeded

Value = SQLValue | bytes

WORK = 10_000_000  # comparisons of one call; about 40 ms

_FUNCTIONS = (
    ("instr", 2),
    ("replace", 3),
    ("trim", 2),
    ("ltrim", 2),
    ("rtrim", 2),
)


def bound(database: apsw.Connection, look: Callable[[], object]) -> None:
    """Put a bound on these functions in a database; `look` is called before each."""
    plain = apsw.Connection(":memory:")
    for name, arguments in _FUNCTIONS:
        places = ", ".join("?" * arguments)
        database.create_scalar_function(
            name,
            partial(_call, plain, look, name, f"SELECT {name}({places})"),
            arguments,
            deterministic=True,
            flags=apsw.SQLITE_INNOCUOUS,
        )


def _call(
    plain: apsw.Connection,
    look: Callable[[], object],
    name: str,
    sql: str,
    *values: Value,
) -> Value:
    look()
    first, second, *_ = (
        len(value) if isinstance(value, str | bytes) else 1 for value in values
    )
    if first * second > WORK:
        raise CeilingExceeded(
            f"The statement stops: {name}() of {first:,} by {second:,} characters "
            f"would take too long. SQL of others may compare {WORK:,} at once. "
            "Take a part of it: substr(x, 1, 1000).",
            unit="comparisons",
            ceiling=WORK,
        )
    found: Value = plain.execute(sql, values).get
    return found
