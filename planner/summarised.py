"""When deals are counted by Pipedrive's summary in place of being read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

from .choice import Choice
from .counted import Counted
from .filters import take
from .options import Options
from .plan import Road
from .summary import PARAMETERS, TABLE, Summary

_LARGEST_SHARE = 20  # an unknown list may cost a twentieth of reading the deals


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when SQLite asks.

    `used` are the columns that it reads, `statement` what the whole statement counts.
    `counts` are rows of tables, `whole` is what all deals cost, in API tokens, None
    where nobody has counted them. `sees_all` is whether the token's user sees every
    deal, None if nobody has asked.
    """

    used: frozenset[str]
    statement: Counted | None
    options: Options
    counts: Mapping[str, float]
    whole: float | None = None
    sees_all: bool | None = None


def summarised(choice: Choice, known: Known) -> Choice:
    """The choice, with the summary beside its list where that may be cheaper."""
    found, why_not = _decided(choice, known)
    if found is None:
        return replace(choice, not_summarised=why_not) if why_not else choice
    expected = found.tokens(known.counts)
    estimate = choice.estimate
    if found.instead is not None and expected is not None:
        estimate = replace(estimate, tokens=expected)
    return replace(choice, plan=replace(choice.plan, summary=found), estimate=estimate)


def _decided(choice: Choice, known: Known) -> tuple[Summary | None, str]:
    """The summary, or else why not; no word on what nobody expects it for."""
    plan, statement = choice.plan, known.statement
    if plan.table.name != TABLE or statement is None or statement.table != TABLE:
        return None, ""
    if why_not := _unfit(choice, statement, known):
        return None, why_not
    given = tuple(item for item in plan.inputs if item.parameter is not None)
    names = {item.column.name for item in given}
    found = Summary(
        given,
        tuple(name for name in PARAMETERS if name in known.used - names),
        "currency" in known.used,
        "value" in known.used,
    )
    return _priced(found, choice, known)


def _unfit(choice: Choice, statement: Counted, known: Known) -> str:
    """Why the summary cannot answer the statement."""
    plan = choice.plan
    others = sorted(known.used - {*PARAMETERS, "currency", "value"})
    limited = any(item.operator in ("limit", "offset") for item in plan.inputs)
    narrowed = [item for item in plan.inputs if item.parameter is not None]
    fits = all(i.column.name in PARAMETERS and i.operator == "=" for i in narrowed)
    listed = plan.road is Road.LIST and not choice.order_consumed
    if known.options.summaries == "off":
        return "summaries are switched off"
    if others:
        return f"it does not know {' and '.join(others)}"
    if "value" in statement.plain:
        return "of values it knows only the sum"
    if "value" in known.used and known.options.summaries != "sum":
        return "its sums may differ in the last digit: summaries='sum' allows that"
    if statement.named & set(plan.table.names):
        return "a result is called like a column of deals"
    if not listed or limited or not fits:
        return "the deals come by another road"
    if known.sees_all is False:
        return (
            "it may count deals that the token's user does not see: only admins of "
            "the deals app are sure to see all"
        )
    return ""


def _priced(found: Summary, choice: Choice, known: Known) -> tuple[Summary | None, str]:
    """The summary where it may be cheaper, else why not."""
    if known.whole is None:
        return found, ""
    expected = found.tokens(known.counts)
    least = found.least if expected is None else expected
    if known.whole <= least:
        more = " or more" if expected is None else ""
        return None, f"it costs {least:,} tokens{more}, all deals {known.whole:,.0f}"
    listed = _listed(choice, known, known.whole)
    if listed <= least:
        return found, ""  # the deals are expected to cost less, but may cost more
    if expected is None and found.tokens_of_lists * _LARGEST_SHARE > listed:
        unknown = [name for name in found.lists if name not in known.counts]
        return None, f"it is not known yet how many {' and '.join(unknown)} there are"
    return replace(found, instead=listed), ""


def _listed(choice: Choice, known: Known, whole: float) -> int:
    """What reading the deals is expected to cost."""
    plan, rows = choice.plan, known.counts.get(TABLE)
    assert plan.endpoint is not None
    taken = take(plan.table, plan.endpoint, choice.question, rows or 1, known.counts)
    share = min(taken.rows / rows, 1) if rows else 1
    pages = max(1, ceil(whole / plan.endpoint.price * share))
    return round(pages * plan.endpoint.price * taken.unions)
