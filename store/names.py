"""Names of saved filters -> their ids, which is what Pipedrive wants."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from ..errors import DataError
from ..planner.inputs import Input
from ..planner.plan import Plan
from ..planner.question import Constraint, Question
from ..planner.roads import choose
from .lists import Lists
from .projection import Projection
from .run import Run

_SHOWN = 10  # names in an error


def with_ids(run: Run, plan: Plan, values: Sequence[object]) -> Sequence[object]:
    """The values, with ids in place of names.

    Raises DataError for a name that no filter has, or several have.
    """
    if not any(item.parameter and item.parameter.named for item in plan.inputs):
        return values
    pairs = zip(plan.inputs, values, strict=True)
    return [_id(run, item, value) for item, value in pairs]


def _id(run: Run, item: Input, value: object) -> object:
    kind = item.parameter.named if item.parameter else ""
    if not kind or value is None:
        return value
    known = _filters(run, kind)
    found = [number for number, name in known if name == str(value)]
    if len(found) == 1:
        return found[0]
    if found:
        numbers = " or ".join(map(str, sorted(found)))
        raise DataError(
            f"{len(found)} saved filters are called {value!r}. "
            f"Say which: filter_id = {numbers}."
        )
    names = [name for _, name in known]
    near = get_close_matches(str(value), names) or sorted(names)[:_SHOWN]
    told = ", ".join(map(repr, near)) or "none"
    raise DataError(
        f"No saved filter of this type is called {value!r}. There is: {told}. "
        f"All are in: SELECT id, name FROM filters WHERE type = '{kind}'."
    )


def _filters(run: Run, kind: str) -> list[tuple[int, str]]:
    """The id and name of every filter of a type."""
    table = run.tables["filters"]
    wanted = (table.column("id"), table.column("name"))
    question = Question((Constraint(0, "type", "="),))
    plan = choose(table, question, run.counts).plan
    scan = plan.scan((kind,))
    assert scan is not None
    pages = Lists(Projection(run, table, wanted)).read(scan)
    return [(int(str(row[-2])), str(row[-1])) for page in pages for row in page]
