"""Pipedrive's searches as a way to rows: which of them find all that is wanted.

Source: spec v2, /itemSearch/field (a value, its beginning or its middle; case counts)
and /deals/search with its likes (`exact_match`: whole values; case does not count).
Whatever is found, SQLite compares again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from ..catalog.table import Brought, Column, Search, Table
from ..catalog.values import Kind
from ..errors import DataError
from .options import Options
from .question import Constraint, Question
from .request import Request, request

# Very long terms are refused (their limit is not documented), and blanks around a term
# or in a row may be lost on the way.
_LONGEST = 255  # bytes of the encoded term
_SHORTEST = 2  # characters, unless whole values are compared

# How Pipedrive narrows, best first.
_OPERATORS = ("match", "=", "= nocase", "glob", "like")


@dataclass(frozen=True, slots=True)
class Finding:
    """The search that finds the rows of a scan.

    `place` is the position of the input that gives the term, `operator` one of "=",
    "= nocase", "like", "glob" and "match". `words` says that a LIKE with wildcards is
    looked for, too, though it is not documented that all its rows are found.
    """

    search: Search
    column: Column
    operator: str
    place: int
    words: bool = False

    def requests(self, value: object) -> tuple[Request, ...] | None:
        """The searches for this value, or for each of a set.

        None where it is not sure that searches find all. Raises DataError for a term
        of MATCH that Pipedrive refuses.
        """
        values = value if isinstance(value, set | frozenset) else {value}
        found = [self._request(one) for one in sorted(values, key=str)]
        if self.operator == "match" and None in found:
            raise DataError(
                f"{self.column.name} MATCH {value!r} cannot be searched for: "
                f"Pipedrive wants {_SHORTEST} characters at least, and not more than "
                f"{_LONGEST}."
            )
        return None if None in found else tuple(made for made in found if made)

    def __str__(self) -> str:
        blank = f"{{{self.column.name}}}"
        if self.operator == "match":
            made = self._of_rows(blank)
        elif self.operator in ("=", "glob"):
            made = self._of_field(blank, "exact" if self.operator == "=" else "{how}")
        else:
            made = self._of_rows(blank, exact=not self.words)
        return str(made)

    def _request(self, value: object) -> Request | None:
        if isinstance(value, int | float):
            value = str(value)  # as SQLite does for a text column
        if not isinstance(value, str):
            return None
        if self.operator == "match":
            return self._of_rows(value) if _fits(value, _SHORTEST) else None
        if self.operator == "=":
            return self._of_field(value, "exact") if _fits(value, 1) else None
        if self.operator == "glob":
            term, match = _glob(value)
            least = 1 if match == "exact" else _SHORTEST
            return self._of_field(term, match) if _fits(term, least) else None
        term, whole = (value, True) if self.operator != "like" else _like(value)
        if not whole and not self.words:
            return None
        if not _fits(term, 1 if whole else _SHORTEST):
            return None
        return self._of_rows(term, exact=whole)

    def _of_field(self, term: str, match: str) -> Request:
        return request(
            self.search.fields,
            {
                "term": (term,),
                "entity_type": (self.search.item,),
                "field": (self.column.field_key or self.column.searched,),
                "match": (match,),
            },
        )

    def _of_rows(self, term: str, *, exact: bool = False) -> Request:
        given: dict[str, tuple[str, ...]] = {"term": (term,)}
        if self.operator != "match":
            given["fields"] = (self.column.searched,)
        if exact:
            given["exact_match"] = ("true",)
        return request(self.search.rows, given)


def finding(
    table: Table, question: Question, options: Options
) -> tuple[Constraint, str] | None:
    """The comparison that a search serves best, and its operator; None for none."""
    served = [
        (constraint, operator)
        for constraint in question.constraints
        if (operator := _operator(table, constraint, options))
    ]
    return min(
        served,
        key=lambda pair: (_OPERATORS.index(pair[1]), pair[0].many),
        default=None,
    )


def _operator(table: Table, constraint: Constraint, options: Options) -> str:
    if table.search is None or not constraint.column:
        return ""
    column = table.column(constraint.column)
    if constraint.operator == "match":
        return "match" if column.brought is Brought.GIVEN else ""
    if not column.searched or not table.search.whole or options.search == "off":
        return ""
    assert column.kind is Kind.TEXT
    if constraint.operator in ("glob", "like"):
        return constraint.operator
    if constraint.operator != "=":
        return ""
    return {"BINARY": "=", "NOCASE": "= nocase"}.get(constraint.collation, "")


def _fits(term: str, least: int) -> bool:
    """Whether the term reaches Pipedrive as it is."""
    plain = term.isprintable() and " ".join(term.split()) == term
    return plain and len(term) >= least and len(quote(term)) <= _LONGEST


def _glob(pattern: str) -> tuple[str, str]:
    """A text that all which matches the pattern has, and where it has it.

    >>> _glob("abc"), _glob("abc*"), _glob("a*bcd?e"), _glob("*[ab]cd")
    (('abc', 'exact'), ('abc', 'beginning'), ('bcd', 'middle'), ('cd', 'middle'))
    """
    parts = re.split(r"\[\^?\]?[^\]]*(?:\]|\Z)|[*?]", pattern)
    if len(parts) == 1:
        return pattern, "exact"
    longest = max(parts, key=len)
    if len(parts[0]) >= max(_SHORTEST, len(longest) - 1):
        return parts[0], "beginning"
    return longest, "middle"


def _like(pattern: str) -> tuple[str, bool]:
    """The longest text in a LIKE pattern, and whether it is all of it.

    >>> _like("acme"), _like("%acme_inc%")
    (('acme', True), ('acme', False))
    """
    parts = re.split("[%_]", pattern)
    return max(parts, key=len), len(parts) == 1
