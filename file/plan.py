"""What a run would do for a family, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from ..planner import price
from ..store.answers import Key
from .families import Step
from .gathering import CHANGES, Wanted
from .published import Published
from .wishes import Planned


def planned(wanted: Wanted, published: Published) -> Planned:
    """The price of a family, from the rows that its tables had."""
    low = high = 0
    tokens_low = tokens_high = 0
    known = True
    notes: list[str] = []
    for step in wanted.family.steps:
        how, since = wanted.how[step.name]
        least, most = _requests(step, how, published, wanted.parents)
        low += least
        tokens_low += least * step.endpoint.price
        if most is None:
            known = False
        else:
            high += most
            tokens_high += most * step.endpoint.price
        if how == CHANGES:
            notes.append(f"{step.name} since {since}")
    basis = "; ".join(notes) or ("" if known else "not read before")
    if wanted.family.parent:
        basis = f"a request for {_size(wanted)} of {wanted.family.parent}"
    return Planned(
        wanted.family.tables,
        wanted.word,
        (low, high if known else None),
        (tokens_low, tokens_high if known else None),
        basis,
    )


def _requests(
    step: Step, how: str, published: Published, known: Sequence[Key]
) -> tuple[int, int | None]:
    """Requests, at least and at most; `known` are its parents, if they are."""
    name = step.brings[0].table
    if step.parameter is not None and known:
        return ceil(len(known) / step.parameter.many), None
    if step.parameter is not None:
        parents = published.synced.get(step.parent)
        if parents is None:
            return 0, None
        return 0, ceil(parents.rows / step.parameter.many)
    row = published.synced.get(name)
    if row is None or not row.complete:
        return 1, None if step.endpoint.page else 1
    pages = price.pages_of(step.endpoint, row.rows)
    return (1 if how == CHANGES else pages), pages


def _size(wanted: Wanted) -> str:
    parameter = wanted.family.steps[0].parameter
    many = parameter.many if parameter is not None else 1
    return f"{many} rows" if many > 1 else "each row"
