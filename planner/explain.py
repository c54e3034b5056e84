"""What a plan will cost, in words, before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping

from . import price
from .plan import Plan, Road


def tokens(plan: Plan, counts: Mapping[str, float]) -> str:
    """The API tokens of a plan's requests; `counts` are rows of tables, where known.

    "10 a page", "1 a key or 10 for 100 keys", "10 a row of deals, about 3,000 for 300".
    """
    endpoint = plan.endpoint
    if plan.road in (Road.NOTHING, Road.MISSING):
        return "0"
    if plan.road is Road.KEYS:
        parts = [f"{plan.one.price} a key"] if plan.one else []
        parts += [f"{endpoint.price} for {price.KEYS_A_BATCH} keys"] if endpoint else []
        return " or ".join(parts)
    assert endpoint is not None
    if plan.road is Road.CHILDREN:
        return _of_children(plan, counts)
    rows = counts.get(plan.table.source or plan.table.name)
    filtered = any(item.parameter is not None for item in plan.inputs)
    if not endpoint.page:
        return f"{endpoint.price}"
    if rows is None or filtered:
        return f"{endpoint.price} a page"
    whole = price.listing(endpoint, rows)
    return f"{endpoint.price} a page, about {whole:,} for {rows:,.0f} rows"


def _of_children(plan: Plan, counts: Mapping[str, float]) -> str:
    table, endpoint = plan.table, plan.endpoint
    assert endpoint is not None
    parameter = endpoint.serves(table.parent_key)
    many = parameter.many if parameter else 1
    each = f"{endpoint.price} for {many}" if many > 1 else f"{endpoint.price} a row"
    text = f"{each} of {table.parent}"
    parents = counts.get(table.parent)
    by_key = any(item.column.name == table.parent_key for item in plan.inputs)
    if parents is None or by_key:
        return text
    most = price.pages(parents, many) * endpoint.price
    return f"{text}, at most {most:,} for {parents:,.0f}"
