"""What SQLite asks about one table: comparisons it can offer, order, limit."""

from __future__ import annotations

from dataclasses import dataclass, field

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Constraint:
    """One comparison `column operator ?` that SQLite offers and can use now.

    `index` is SQLite's own number of it and is kept from first to last.
    `many` says that the value is a whole IN list. `collation` is the one the
    comparison is made with. `value` is what is written in the statement, None where
    a parameter or another table gives it. `operator` is one of COMPARISONS, "is null",
    "is not null", "like", "glob", "match", "limit", "offset"; others are never built.
    """

    index: int
    column: str
    operator: str
    many: bool = False
    collation: str = "BINARY"
    value: object = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Order:
    """One term of ORDER BY (or of GROUP BY, DISTINCT, which ask the same)."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Everything SQLite offers for one scan. `constraints` holds usable ones only,
    and `others` says how many comparisons of the WHERE clause are not among them.
    `given` are the columns used that only the statement can give (Brought.GIVEN).
    `few` says that only the first row is wanted, though there is no LIMIT.
    """

    constraints: tuple[Constraint, ...] = ()
    order: tuple[Order, ...] = ()
    others: int = 0
    given: tuple[str, ...] = ()
    few: bool = False

    def equals(self, column: str) -> tuple[Constraint, ...]:
        """The equality comparisons on this column."""
        return tuple(
            c for c in self.constraints if c.column == column and c.operator == "="
        )
