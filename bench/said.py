"""Conditions as saved filters and the field search can say them."""

from __future__ import annotations

from collections.abc import Sequence

from .needs import Term


def sql(term: Term) -> str:
    """The term as SQL.

    >>> sql(Term("status", "in", ("'won'", "'lost'")))
    '"status" in (\'won\', \'lost\')'
    """
    if term.operator == "in":
        return f'"{term.column}" in ({", ".join(term.values)})'
    return f'"{term.column}" {term.operator} {" ".join(term.values)}'


def saved(term: Term, operators: Sequence[str]) -> str:
    """The term as a saved filter says it, or what it implies; nothing if it cannot."""
    said = term.operator in operators and (term.operator != "glob" or _glob(term))
    if not said:
        return f'"{term.column}" is not null' if "is not null" in operators else ""
    if not term.column.endswith("_time") or not term.values:
        return sql(term)
    # Days of an unknown zone: one more on each side.
    low, high = (f"date({term.values[0]}, '{days} days')" for days in ("-1", "+2"))
    above, below = f"{term.column} >= {low}", f"{term.column} < {high}"
    if term.operator == "=":
        return f"{above} and {below}"
    return above if term.operator.startswith(">") else below


def _glob(term: Term) -> str:
    """The one text of a pattern `text*` or `*text*`, else nothing."""
    text = term.values[0].strip("'")
    inner = text.strip("*")
    plain = not set(inner) & set("*?[]")
    return inner if plain and text.endswith("*") and len(inner) > 1 else ""


def found(term: Term) -> str:
    """What the search finds for a term, as a condition; nothing if it cannot tell."""
    if term.operator in ("=", "glob"):
        wanted = term.operator == "=" or _glob(term)
        return sql(term) if wanted else ""
    if term.operator == "like" and not set(term.values[0]) & set("%_"):
        return sql(term)
    return ""
