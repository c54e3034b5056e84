"""Installments and discounts of deals (v2)."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

from . import bodies
from .collection import DELETED, Row, shelf_of
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .items import found_item
from .pages import ids_of, page_v2
from .parameters import CURSOR, integers, sorts
from .refusal import forbidden, invalid, missing


def _checked(call: Call) -> None:
    if not call.switches.has_installments:
        raise forbidden("Installments are not available in your plan")


def _with_number(call: Call, name: str, blank: str) -> Row:
    """The row of a deal's collection whose id is in the path."""
    deal = found_item(call, "deal")
    text = call.path[blank]
    row = call.company[name].get(int(text) if text.isdigit() else text)
    if row is None or row["deal_id"] != deal["id"]:
        raise missing()
    return row


def list_installments(call: Call) -> Reply:
    """Of up to a hundred deals; those that do not exist have none."""
    _checked(call)
    deals = ids_of(call, "deal_ids")
    if not deals:
        raise invalid("deal_ids", "is required")
    company, rows = call.company, call.company["deal_installments"]
    ids = [
        row["id"]
        for key in dict.fromkeys(deals)
        if (deal := company["deals"].get(key)) and shelf_of(deal) != DELETED
        for row in rows.children("deal_id", key)
    ]
    return page_v2(call, rows, ids=ids)


def _positive(key: str, value: Any) -> int | float:
    number = bodies.number(key, value)
    if number <= 0:
        raise invalid(key, "must be a positive number")
    return number


_INSTALLMENT: dict[str, bodies.Checker] = {
    "description": bodies.filled,
    "amount": _positive,
    "billing_date": bodies.day,
}


def add_installment(call: Call) -> Reply:
    """Only where there are one-time products and nothing else."""
    _checked(call)
    deal = found_item(call, "deal")
    values = bodies.read_body(_INSTALLMENT, call.body, tuple(_INSTALLMENT))
    if not may_have_installments(call.company, deal["id"]):
        raise invalid("id", "is a deal without one-time products, or with others")
    rows = call.company["deal_installments"]
    return success(rows.add({"id": rows.next_id(), **values, "deal_id": deal["id"]}))


def may_have_installments(company: Company, deal: int) -> bool:
    products = list(company["deal_products"].children("deal_id", deal))
    once = all(row["billing_frequency"] == "one-time" for row in products)
    return bool(products) and once


def change_installment(call: Call) -> Reply:
    _checked(call)
    row = _with_number(call, "deal_installments", "installment_id")
    values = bodies.read_body(_INSTALLMENT, call.body)
    changes = {key: value for key, value in values.items() if value is not None}
    return success(call.company["deal_installments"].change(row["id"], changes))


def delete_installment(call: Call) -> Reply:
    _checked(call)
    row = _with_number(call, "deal_installments", "installment_id")
    call.company["deal_installments"].remove(row["id"])
    return success({"id": row["id"]})


_DISCOUNT: dict[str, bodies.Checker] = {
    "description": bodies.filled,
    "amount": _positive,
    "type": bodies.one_of("percentage", "amount"),
}


def list_discounts(call: Call) -> Reply:
    deal = found_item(call, "deal")
    rows = call.company["deal_discounts"].children("deal_id", deal["id"])
    return success(sorted(rows, key=lambda row: (row["created_at"], row["id"])))


def add_discount(call: Call) -> Reply:
    deal = found_item(call, "deal")
    values = bodies.read_body(_DISCOUNT, call.body, tuple(_DISCOUNT))
    company, now = call.company, call.company.tick()
    random = Random(f"{company.seed} {now}")
    row = discount_row(random, deal["id"], company.me, now) | values
    return success(company["deal_discounts"].add(row), status=201)


def discount_row(random: Random, deal: int, user: int, time: str) -> Row:
    return {
        "id": str(UUID(int=random.getrandbits(128), version=4)),
        "description": "Discount",
        "amount": 10,
        "type": "percentage",
        "deal_id": deal,
        "created_at": time,
        "created_by": user,
        "updated_at": time,
        "updated_by": user,
    }


def change_discount(call: Call) -> Reply:
    row = _with_number(call, "deal_discounts", "discount_id")
    values = bodies.read_body(_DISCOUNT, call.body)
    changes = {key: value for key, value in values.items() if value is not None}
    changes |= {"updated_at": call.company.tick(), "updated_by": call.company.me}
    return success(call.company["deal_discounts"].change(row["id"], changes))


def delete_discount(call: Call) -> Reply:
    row = _with_number(call, "deal_discounts", "discount_id")
    call.company["deal_discounts"].remove(row["id"])
    return success({"id": row["id"]})


def add_sample(company: Company, random: Random) -> None:
    """Installments of deals that may have them, and discounts of one deal in ten."""
    users = list(company["users"].rows)
    installments, discounts = company["deal_installments"], company["deal_discounts"]
    for deal in company["deals"].rows.values():
        if random.random() < 0.1:
            for number in range(random.randint(1, 3)):
                row = discount_row(random, deal["id"], random.choice(users), "")
                row |= {"description": f"{number + 1}. Rabatt €", "amount": 2.5}
                if number:
                    row |= {"type": "amount", "amount": 100}
                row |= {"created_at": deal["add_time"]}
                row |= {"updated_at": deal["update_time"]}
                discounts.add(row)
        if random.random() < 0.3 and may_have_installments(company, deal["id"]):
            for number in range(random.randint(1, 4)):
                installments.add(
                    {
                        "id": installments.next_id(),
                        "amount": random.choice((10, 99.5, 1000)),
                        "billing_date": f"2026-0{number + 1}-10",
                        "deal_id": deal["id"],
                        "description": f"Part {number + 1}",
                    }
                )


_INSTALLMENTS = "/deals/{id}/installments"
_DISCOUNTS = "/deals/{id}/discounts"
_SORTS = sorts("id", "billing_date", "deal_id")
_BULK = {**CURSOR, **_SORTS, "deal_ids": integers}
ENDPOINTS = (
    Endpoint("GET", 2, "/deals/installments", 10, list_installments, _BULK),
    Endpoint("POST", 2, _INSTALLMENTS, 5, add_installment),
    Endpoint("PATCH", 2, f"{_INSTALLMENTS}/{{installment_id}}", 5, change_installment),
    Endpoint("DELETE", 2, f"{_INSTALLMENTS}/{{installment_id}}", 3, delete_installment),
    Endpoint("GET", 2, _DISCOUNTS, 10, list_discounts),
    Endpoint("POST", 2, _DISCOUNTS, 5, add_discount),
    Endpoint("PATCH", 2, f"{_DISCOUNTS}/{{discount_id}}", 5, change_discount),
    Endpoint("DELETE", 2, f"{_DISCOUNTS}/{{discount_id}}", 3, delete_discount),
)
