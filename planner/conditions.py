"""A WHERE clause as the conditions of a saved filter, as far as they can say it.

A saved filter has conditions that all must hold and a group of which one must hold,
16 in all, nothing deeper (spec v1, POST /filters). What they say is what SQL means, or
less: rows that are too many SQLite leaves out.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from ..catalog.conditions import NumberedField, filter_type, keys
from ..catalog.table import Table
from .operators import Said, Term, said

MOST = 16  # conditions of a filter
_Fields = Mapping[str, NumberedField]


class Condition(NamedTuple):
    """One condition on the field of this number, which is in that column."""

    column: str
    number: int
    said: Said

    def __str__(self) -> str:
        operator, value, _ = self.said
        if value is None or "$" in operator:
            return f"{self.column} {operator.replace('$', value or '')}"
        return f"{self.column} {operator} {value!r}"


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a saved filter is made of: `type`, and conditions on fields of `object`.

    `terms` are the positions of the terms that are said, whole or in part;
    `alternative` is the position of the alternatives that are said, None for none.
    """

    type: str
    object: str
    every: tuple[Condition, ...]
    some: tuple[Condition, ...] = ()
    terms: frozenset[int] = frozenset()
    alternative: int | None = None

    @property
    def conditions(self) -> dict[str, Any]:
        """`conditions` as Pipedrive takes and gives them: two groups, one may be [].

        {"glue": "and", "conditions": [{"glue": "and", "conditions": [{"object": "deal",
        "field_id": "12455", "operator": "=", "value": "7", "extra_value": None}]},
        {"glue": "or", "conditions": []}]}
        """
        groups = (("and", self.every), ("or", self.some))
        return {
            "glue": "and",
            "conditions": [
                {"glue": glue, "conditions": [self._condition(one) for one in group]}
                for glue, group in groups
            ],
        }

    @property
    def key(self) -> str:
        """A text that is equal for what chooses the same rows of one account."""
        return f"{self.type} {json.dumps(self.conditions, ensure_ascii=False)}"

    @property
    def share(self) -> float:
        """The part of a table's rows that is expected to be left, from 0 to 1."""
        return self.share_beside(())

    def share_beside(self, columns: Collection[str]) -> float:
        """The same of the rows that conditions on these columns leave."""
        left = min(1.0, sum(one.said.share for one in self.some)) if self.some else 1.0
        for one in self.every:
            left *= 1.0 if one.column in columns else one.said.share
        return left

    def __str__(self) -> str:
        parts = [str(one) for one in self.every]
        if self.some:
            parts.append(f"({' or '.join(map(str, self.some))})")
        return " and ".join(parts)

    def _condition(self, one: Condition) -> dict[str, Any]:
        return {
            "object": self.object,
            "field_id": str(one.number),
            "operator": one.said.operator,
            "value": one.said.value,
            "extra_value": None,
        }


def compiled(
    table: Table,
    terms: Sequence[Term],
    alternatives: Sequence[Sequence[Term]],
    fields: _Fields,
) -> Compiled | None:
    """What can be said of a WHERE clause; None if nothing can.

    All of `terms` must hold, and of each of `alternatives` one term. `fields` are the
    v1 fields, by key, of the entity that `filter_type(table).object` names. Of the
    alternatives, and of the terms with "in", the first that fits whole is said.
    """
    kind = filter_type(table)
    if kind is None:
        return None
    found = {
        place: conditions
        for place, term in enumerate(terms)
        if (conditions := _conditions(term, fields))
    }
    equalities = sum(c[0].said.operator == "=" for c in found.values())
    choices, alternative, listed = _choices(
        terms, alternatives, fields, MOST - equalities
    )
    every = dict.fromkeys(choices if len(choices) == 1 else ())
    some = choices if len(choices) > 1 else ()
    covered = set() if listed is None else {listed}
    for place in sorted(found, key=lambda place: (_rank(found[place]), place)):
        more = [one for one in found[place] if one not in every]
        if place != listed and len(every) + len(some) + len(more) <= MOST:
            every |= dict.fromkeys(more)
            covered.add(place)
    if not every and not some:
        return None
    return Compiled(
        kind.type, kind.object, tuple(every), some, frozenset(covered), alternative
    )


def _rank(conditions: Sequence[Condition]) -> float:
    """Equalities first, then whatever leaves fewer rows."""
    first = conditions[0].said
    return 0 if first.operator == "=" else first.share


def _choices(
    terms: Sequence[Term],
    alternatives: Sequence[Sequence[Term]],
    fields: _Fields,
    most: int,
) -> tuple[tuple[Condition, ...], int | None, int | None]:
    """The OR group: its conditions, and the place of the alternatives or the term."""
    for place, some in enumerate(alternatives):
        if choices := _any(some, fields, most):
            return choices, place, None
    for place, term in enumerate(terms):
        if choices := _any(_values(term), fields, most):
            return choices, None, place
    return (), None, None


def _any(some: Sequence[Term], fields: _Fields, most: int) -> tuple[Condition, ...]:
    """One condition for each; nothing where one of them cannot be said, or too many."""
    if len(some) > 10 * most:
        return ()
    found = [_conditions(term, fields)[:1] for term in some]
    choices = tuple(dict.fromkeys(chain.from_iterable(found)))
    return choices if all(found) and len(choices) <= most else ()


def _values(term: Term) -> tuple[Term, ...]:
    """`x in (1, 2)` as `x = 1`, `x = 2`."""
    values = term.value
    if term.operator != "in" or not isinstance(values, set | frozenset):
        return ()
    known = sorted((value for value in values if value is not None), key=repr)
    return tuple(Term(term.column, "=", value, term.collation) for value in known)


def _conditions(term: Term, fields: _Fields) -> tuple[Condition, ...]:
    """Conditions that hold wherever the term does; each of them by itself, too."""
    known = next((fields[key] for key in keys(term.column) if key in fields), None)
    if known is None or known.number is None:
        return ()
    name, number = term.column.name, known.number
    return tuple(Condition(name, number, one) for one in said(term, known))
