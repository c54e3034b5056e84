"""Saved filters of the sample company, one or more for each type."""

from __future__ import annotations

from typing import Any

from . import blanks_v1
from .company import Company

FOUNDED = "2022-06-01 10:00:00"

# name, type, AND conditions, OR conditions; a condition has entity, code, operator
# and value
_FILTERS: tuple[tuple[str, str, tuple[Any, ...], tuple[Any, ...]], ...] = (
    ("All open deals", "deals", (("deal", "status", "=", "open"),), ()),
    (
        "Hot deals",
        "deals",
        (("deal", "status", "=", "open"), ("deal", "value", ">=", "10000")),
        (("deal", "label_ids", "=", "1"), ("deal", "probability", ">", "50")),
    ),
    ("Won deals", "deals", (("deal", "status", "=", "won"),), ()),
    (
        "Deals of people @example",
        "deals",
        (
            ("person", "name", "LIKE '%$%'", "a"),
            ("deal", "org_id", "IS NOT NULL", None),
        ),
        (),
    ),
    ("Deals without value", "deals", (("deal", "value", "=", "0"),), ()),
    ("Everyone's people", "people", (("person", "name", "IS NOT NULL", None),), ()),
    ("People without company", "people", (("person", "org_id", "IS NULL", None),), ()),
    ("Software houses", "org", (("organization", "industry", "=", "3"),), ()),
    ("Big companies", "org", (("organization", "employee_count", ">", "1000"),), ()),
    ("To do", "activity", (("activity", "done", "=", "0"),), ()),
    ("Taxed products", "products", (("product", "tax", ">", "0"),), ()),
    ("Unseen leads", "leads", (("lead", "was_seen", "=", "0"),), ()),
)


def add_filters(company: Company) -> None:
    """Twelve filters, then one on a custom field and one that has been deleted."""
    for number, (name, kind, every, some) in enumerate(_FILTERS, 1):
        _add(company, number, name, kind, every, some)
    source = next(f for f in company.custom("deal").values() if f.type == "enum")
    option = str((source.options or [{"id": 0}])[0]["id"])
    condition = ("deal", source.code, "=", option)
    _add(company, 13, f"{source.name}: Inbound", "deals", (condition,), ())
    _add(company, 14, "Deleted filter", "deals", (condition,), ())
    company["filters"].change(14, {"active_flag": False})


def _add(
    company: Company,
    number: int,
    name: str,
    kind: str,
    every: tuple[Any, ...],
    some: tuple[Any, ...],
) -> None:
    groups = [
        {"glue": glue, "conditions": [_condition(company, *one) for one in group]}
        for glue, group in (("and", every), ("or", some))
    ]
    company["filters"].add(
        blanks_v1.FILTER
        | {
            "id": number,
            "name": name,
            "type": kind,
            "user_id": company.me,
            "add_time": FOUNDED,
            "update_time": FOUNDED,
            "conditions": {"glue": "and", "conditions": groups},
        }
    )


def _condition(
    company: Company, entity: str, code: str, operator: str, value: str | None
) -> dict[str, Any]:
    field = company.field(entity, code)
    assert field is not None, (entity, code)
    return {
        "object": entity,
        "field_id": str(field.number),
        "operator": operator,
        "value": value,
        "extra_value": None,
        "json_value_flag": False,
    }
