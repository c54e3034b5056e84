"""The products of deals, one deal at a time or in bulk (v2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from . import blanks, bodies
from .collection import Collection, Row
from .endpoint import Call, Endpoint, Reply, success
from .pages import ids_of, page_v2
from .parameters import CURSOR, integers, sorts
from .products import FREQUENCIES, check_cycles
from .refusal import invalid, missing

BULK = 100  # the most rows of one bulk POST or DELETE
PER_YEAR = {
    "annually": 1,
    "semi-annually": 2,
    "quarterly": 4,
    "monthly": 12,
    "weekly": 52,
}


def sum_of(row: Row) -> int | float:
    """What a deal product comes to: quantity, discount, and tax if exclusive."""
    total = row["quantity"] * row["item_price"]
    if row["discount_type"] == "percentage":
        total *= 1 - row["discount"] / 100
    else:
        total -= row["discount"]
    if row["tax_method"] == "exclusive":
        total *= 1 + row["tax"] / 100
    total = round(total, 2)
    return int(total) if total == int(total) else total


def recurring(rows: Iterable[Row]) -> Row:
    """acv, arr and mrr of a deal with these products; null without products."""
    rows = [row for row in rows if row["is_enabled"]]
    if not rows:
        return {"acv": None, "arr": None, "mrr": None}
    yearly = sum(row["sum"] * PER_YEAR.get(row["billing_frequency"], 0) for row in rows)
    once = sum(row["sum"] for row in rows if row["billing_frequency"] == "one-time")
    return {
        "acv": round(yearly + once, 2),
        "arr": round(yearly, 2),
        "mrr": round(yearly / 12, 2),
    }


_ATTACHED: dict[str, bodies.Checker] = {
    "product_id": bodies.whole,
    "item_price": bodies.number,
    "quantity": bodies.number,
    "tax": bodies.number,
    "comments": bodies.text,
    "discount": bodies.number,
    "is_enabled": bodies.boolean,
    "tax_method": bodies.one_of("exclusive", "inclusive", "none"),
    "discount_type": bodies.one_of("percentage", "amount"),
    "product_variation_id": bodies.whole,
    "billing_frequency": bodies.one_of(*FREQUENCIES),
    "billing_frequency_cycles": bodies.whole,
    "billing_start_date": bodies.day,
}
_REQUIRED = ("product_id", "item_price", "quantity")


def _attached(call: Call) -> Collection:
    return call.company["deal_products"]


def _deal(call: Call) -> Row:
    text = call.path["id"]
    row = call.company["deals"].get(int(text)) if text.isdigit() else None
    if row is None or row["is_deleted"]:
        raise missing()
    return row


def list_of_deal(call: Call) -> Reply:
    deal = _deal(call)
    rows = _attached(call).children("deal_id", deal["id"])
    return page_v2(call, _attached(call), ids=[row["id"] for row in rows])


def list_of_deals(call: Call) -> Reply:
    """Up to a hundred deals; those that do not exist have no rows."""
    deals = ids_of(call, "deal_ids")
    if not deals:
        raise invalid("deal_ids", "is required")
    attached = _attached(call)
    ids = [
        row["id"]
        for deal in dict.fromkeys(deals)
        if (found := call.company["deals"].get(deal)) and not found["is_deleted"]
        for row in attached.children("deal_id", deal)
    ]
    return page_v2(call, attached, ids=ids)


def attach(call: Call) -> Reply:
    row = _attach(call, _deal(call), call.body)
    _recount(call, row["deal_id"])
    return success(row, status=201)


def attach_many(call: Call) -> Reply:
    """All of `data` or nothing."""
    deal = _deal(call)
    body = call.body if isinstance(call.body, dict) else {}
    given = body.get("data")
    if not isinstance(given, list) or not 1 <= len(given) <= BULK:
        raise invalid("data", f"must be an array of 1 to {BULK} items")
    drafts = [_drafted(call, deal, item) for item in given]
    rows = [_added(call, deal, draft) for draft in drafts]
    _recount(call, deal["id"])
    return success(rows, status=201)


def _attach(call: Call, deal: Row, body: Any) -> Row:
    return _added(call, deal, _drafted(call, deal, body))


def _drafted(call: Call, deal: Row, body: Any) -> Row:
    values = bodies.read_body(_ATTACHED, body, _REQUIRED)
    bodies.must_exist(call.company, values, product_id="products")
    product = call.company["products"].rows[values["product_id"]]
    row = blanks.DEAL_PRODUCT | {
        "deal_id": deal["id"],
        "name": product["name"],
        "currency": deal["currency"],
    }
    row |= {key: value for key, value in values.items() if value is not None}
    check_cycles(row)
    row["sum"] = sum_of(row)
    return row


def _added(call: Call, deal: Row, row: Row) -> Row:
    attached = _attached(call)
    others = attached.children("deal_id", deal["id"])
    now = call.company.tick()
    return attached.add(
        row
        | {
            "id": attached.next_id(),
            "order_nr": max((r["order_nr"] for r in others), default=0) + 1,
            "add_time": now,
            "update_time": now,
        }
    )


def _find_attached(call: Call) -> Row:
    deal = _deal(call)
    text = call.path["product_attachment_id"]
    row = _attached(call).get(int(text)) if text.isdigit() else None
    if row is None or row["deal_id"] != deal["id"]:
        raise missing()
    return row


def change_attached(call: Call) -> Reply:
    row = _find_attached(call)
    values = bodies.read_body(_ATTACHED, call.body)
    bodies.must_exist(call.company, values, product_id="products")
    if values.get("product_id") is not None:
        values["name"] = call.company["products"].rows[values["product_id"]]["name"]
    cleared = {k: blanks.DEAL_PRODUCT[k] for k, v in values.items() if v is None}
    changes = values | cleared | {"update_time": call.company.tick()}
    check_cycles(row | changes)
    changes["sum"] = sum_of(row | changes)
    row = _attached(call).change(row["id"], changes)
    _recount(call, row["deal_id"])
    return success(row)


def detach(call: Call) -> Reply:
    row = _find_attached(call)
    _attached(call).remove(row["id"])
    _recount(call, row["deal_id"])
    return success({"id": row["id"]})


def detach_many(call: Call) -> Reply:
    """The ones named, or without `ids` the first hundred."""
    deal = _deal(call)
    attached = _attached(call)
    ids = [row["id"] for row in attached.children("deal_id", deal["id"])]
    wanted = ids_of(call)
    if wanted is not None:
        ids = [key for key in ids if key in wanted]
    gone, rest = ids[:BULK], ids[BULK:]
    for key in gone:
        attached.remove(key)
    _recount(call, deal["id"])
    more = {"more_items_in_collection": bool(rest)}
    return success({"ids": gone}, additional_data=more)


def _recount(call: Call, deal: int) -> None:
    """The deal's recurring value follows its products, and so does update_time."""
    rows = list(_attached(call).children("deal_id", deal))
    changes = recurring(rows) | {"update_time": call.company.tick()}
    call.company["deals"].change(deal, changes)


_SORTS = sorts("id", "add_time", "update_time", "order_nr")
ENDPOINTS = (
    Endpoint(
        "GET",
        2,
        "/deals/products",
        10,
        list_of_deals,
        {
            **CURSOR,
            **sorts("id", "deal_id", "add_time", "update_time", "order_nr"),
            "deal_ids": integers,
        },
    ),
    Endpoint("GET", 2, "/deals/{id}/products", 10, list_of_deal, CURSOR | _SORTS),
    Endpoint("POST", 2, "/deals/{id}/products", 5, attach),
    Endpoint("DELETE", 2, "/deals/{id}/products", 15, detach_many, {"ids": integers}),
    Endpoint("POST", 2, "/deals/{id}/products/bulk", 25, attach_many),
    Endpoint(
        "PATCH",
        2,
        "/deals/{id}/products/{product_attachment_id}",
        5,
        change_attached,
    ),
    Endpoint("DELETE", 2, "/deals/{id}/products/{product_attachment_id}", 3, detach),
)
