"""/api/v2/products."""

from __future__ import annotations

from . import blanks, bodies
from .choices import BILLING, CATEGORIES
from .collection import Row
from .endpoint import Call
from .entity import Entity, equal, since
from .parameters import TIMES, integers, numbers, sorts
from .refusal import invalid

FREQUENCIES = tuple(option["id"] for option in BILLING)
MOST_CYCLES = 208
PRICES = bodies.records(
    price=bodies.number,
    currency=bodies.filled,
    cost=bodies.number,
    direct_cost=bodies.number,
    notes=bodies.text,
)


def _build(call: Call, values: Row) -> Row:
    company = call.company
    now = company.tick()
    row = blanks.PRODUCT | {
        "owner_id": company.me,
        "add_time": now,
        "update_time": now,
    }
    row |= {key: value for key, value in values.items() if value is not None}
    key = company["products"].next_id()
    row["prices"] = _prices(key, values.get("prices"), company.currency)
    return row | _checked(call, row, values)


def _alter(call: Call, row: Row, values: Row) -> Row:
    if "prices" in values:
        values["prices"] = _prices(row["id"], values["prices"], call.company.currency)
    return values | _checked(call, row | values, values)


def _checked(call: Call, row: Row, values: Row) -> Row:
    """References and cycles; a category is written as a number and read as text."""
    bodies.must_exist(call.company, values, owner_id="users")
    check_cycles(row)
    category = values.get("category")
    if category is None:
        return {}
    if category not in {option["id"] for option in CATEGORIES}:
        raise invalid("category", f"has no option {category}")
    return {"category": str(category)}


def check_cycles(row: Row) -> None:
    cycles, frequency = row["billing_frequency_cycles"], row["billing_frequency"]
    if frequency == "one-time" and cycles is not None:
        raise invalid("billing_frequency_cycles", "must be null for one-time")
    if frequency == "weekly" and cycles is None:
        raise invalid("billing_frequency_cycles", "must not be null for weekly")
    if cycles is not None and not 1 <= cycles <= MOST_CYCLES:
        raise invalid("billing_frequency_cycles", f"must be 1 to {MOST_CYCLES}")


def _prices(product: int, given: list[Row] | None, currency: str) -> list[Row]:
    """Without any: a price of 0 in the user's own currency."""
    prices = given or [{"price": 0, "currency": currency}]
    currencies = [price["currency"] for price in prices]
    if len(set(currencies)) < len(currencies):
        raise invalid("prices", "must have one price per currency")
    return [
        {
            "product_id": product,
            "price": price["price"] or 0,
            "currency": price["currency"],
            "cost": price.get("cost") or 0,
            "direct_cost": price.get("direct_cost"),
            "notes": price.get("notes") or "",
        }
        for price in prices
    ]


PRODUCTS = Entity(
    "products",
    "product",
    body={
        "name": bodies.filled,
        "code": bodies.text,
        "description": bodies.text,
        "unit": bodies.text,
        "tax": bodies.number,
        "category": bodies.number,
        "owner_id": bodies.whole,
        "is_linkable": bodies.boolean,
        "visible_to": bodies.visible_to,
        "prices": PRICES,
        "billing_frequency": bodies.one_of(*FREQUENCIES),
        "billing_frequency_cycles": bodies.whole,
    },
    required=("name",),
    build=_build,
    alter=_alter,
    plain={},
    lasting={
        "owner_id": equal("owner_id"),
        "updated_since": since("update_time"),
    },
    filter_type="products",
    created=201,
)

ENDPOINTS = (
    *PRODUCTS.endpoints(
        10,
        {
            **numbers("filter_id", "owner_id"),
            **sorts("id", "name", "add_time", "update_time"),
            "ids": integers,
            "updated_since": TIMES["updated_since"],
        },
        labels=False,
        selector_on_one=False,
    ),
)
