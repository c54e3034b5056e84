"""Variations and the image of a product, and the picture of a person (v2)."""

from __future__ import annotations

import hashlib
from random import Random
from typing import Any

from . import bodies
from .collection import Row
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .items import found_item
from .pages import page_v2
from .parameters import CURSOR
from .products import PRICES
from .refusal import missing

_VARIATION: dict[str, bodies.Checker] = {
    "name": bodies.filled,
    "prices": PRICES,
}


def list_variations(call: Call) -> Reply:
    product = found_item(call, "product")["id"]
    variations = call.company["product_variations"]
    ids = [row["id"] for row in variations.children("product_id", product)]
    return page_v2(call, variations, ids=ids)


def _prices(key: int, given: list[Row] | None, currency: str) -> list[Row]:
    """Without any: a price of 0 in the user's own currency."""
    return [
        {
            "product_variation_id": key,
            "price": price.get("price") or 0,
            "currency": price["currency"],
            "cost": price.get("cost") or 0,
            "direct_cost": price.get("direct_cost") or 0,
            "notes": price.get("notes") or "",
        }
        for price in given or [{"currency": currency}]
    ]


def vary(company: Company, product: int, name: str, prices: Any) -> Row:
    """A new variation of a product."""
    variations = company["product_variations"]
    key = variations.next_id()
    row = {"id": key, "name": name, "product_id": product}
    return variations.add(row | {"prices": _prices(key, prices, company.currency)})


def add(call: Call) -> Reply:
    product = found_item(call, "product")["id"]
    values = bodies.read_body(_VARIATION, call.body, ("name",))
    row = vary(call.company, product, values["name"], values.get("prices"))
    return success(row, status=201)


def _find(call: Call) -> Row:
    product = found_item(call, "product")["id"]
    for row in call.company["product_variations"].children("product_id", product):
        if str(row["id"]) == call.path["product_variation_id"]:
            return row
    raise missing()


def change(call: Call) -> Reply:
    row, company = _find(call), call.company
    values = bodies.read_body(_VARIATION, call.body)
    if "prices" in values:
        values["prices"] = _prices(row["id"], values["prices"], company.currency)
    return success(company["product_variations"].change(row["id"], values))


def delete(call: Call) -> Reply:
    row = _find(call)
    call.company["product_variations"].remove(row["id"])
    return success({"id": row["id"]})


# Images


def image(call: Call) -> Reply:
    """The one image of a product; a product without it has nothing here."""
    product = found_item(call, "product")["id"]
    for row in call.company["product_images"].children("product_id", product):
        return success(row)
    raise missing()


def delete_image(call: Call) -> Reply:
    product = found_item(call, "product")["id"]
    images = call.company["product_images"]
    for row in list(images.children("product_id", product)):
        images.remove(row["id"])
        return success({"id": row["id"]})
    raise missing()


def picture_row(company: Company, person: Row) -> Row:
    """The picture of a person who has one, by its picture_id."""
    key = person["picture_id"]
    name = hashlib.sha1(f"picture {key}".encode()).hexdigest()
    where = f"https://pictures.example/{name}"
    return {
        "id": key,
        "item_type": "person",
        "item_id": person["id"],
        "added_by_user_id": person["owner_id"],
        "active_flag": True,
        "file_size": 1000 + key % 500_000,
        "pictures": {"128": f"{where}_128.jpg", "512": f"{where}_512.jpg"},
    }


def picture(call: Call) -> Reply:
    person = found_item(call, "person")
    if person["picture_id"] is None:
        raise missing()
    return success(picture_row(call.company, person))


def add_product_parts(company: Company) -> None:
    """Variations of each third product and an image of each fourth."""
    random = Random(f"variations {company.seed}")
    images = company["product_images"]
    for index, product in enumerate(company["products"].rows.values()):
        if index % 3 == 0:
            for name in random.sample(("Red", "XL", "Größe 42", "Upgraded"), 2):
                price = random.choice((0, 5, 19.99, 1000))
                prices = [
                    {"currency": "EUR", "price": price, "notes": "sale"},
                    {"currency": "USD", "price": price, "cost": 2, "direct_cost": 0.5},
                ]
                vary(company, product["id"], name, prices[: random.randint(0, 2)])
        if index % 4 == 0:
            key = images.next_id()
            images.add(
                {
                    "id": key,
                    "product_id": product["id"],
                    "company_id": str(company.id),
                    "public_url": f"https://images.example/{key}.png",
                    "add_time": product["add_time"][:10],
                    "mime_type": "image/png",
                    "name": f"product {key}.png",
                }
            )


_ALL = "/products/{id}/variations"
_ONE = _ALL + "/{product_variation_id}"
ENDPOINTS = (
    Endpoint("GET", 2, _ALL, 10, list_variations, CURSOR),
    Endpoint("POST", 2, _ALL, 5, add),
    Endpoint("PATCH", 2, _ONE, 5, change),
    Endpoint("DELETE", 2, _ONE, 3, delete),
    Endpoint("GET", 2, "/products/{id}/images", 10, image),
    Endpoint("DELETE", 2, "/products/{id}/images", 6, delete_image),
    Endpoint("GET", 2, "/persons/{id}/picture", 1, picture),
)
