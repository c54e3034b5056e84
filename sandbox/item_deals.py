"""/v1/products/{id}/deals and /v1/persons/{id}/products."""

from __future__ import annotations

from .collection import ARCHIVED, DELETED, LIVE, Row, shelf_of
from .company import Company
from .deals_v1 import nested_deal
from .endpoint import Call, Endpoint, Reader, Reply
from .entity import kept
from .items import found_item_v1
from .pages import page_v1
from .parameters import START, one_of
from .pipeline_deals import listed_deal
from .times import to_v1

OPEN = ("open", "won", "lost")


def deals_with(company: Company, product: int, status: str) -> list[Row]:
    """The deals that have a product, each once; deleted ones if `status` says so."""
    found = company["deal_products"].children("product_id", product)
    keys = dict.fromkeys(row["deal_id"] for row in found)
    deals = [company["deals"].rows[key] for key in sorted(keys)]
    if status == "deleted":
        return [d for d in deals if shelf_of(d) == DELETED and kept(company, d)]
    live = [deal for deal in deals if shelf_of(deal) in (LIVE, ARCHIVED)]
    return [deal for deal in live if status in (deal["status"], "all_not_deleted")]


def deals_of_product(call: Call) -> Reply:
    company = call.company
    product = found_item_v1(call, "product")["id"]
    status = call.query.get("status", "all_not_deleted")
    rows = deals_with(company, product, status)
    return page_v1(call, rows, lambda row: nested_deal(company, row))


def attached_to(company: Company, person: int) -> list[Row]:
    """The products in the deals of a person, that are listed."""
    return [
        attached
        for deal in company["deals"].children("person_id", person)
        if shelf_of(deal) == LIVE
        for attached in company["deal_products"].children("deal_id", deal["id"])
        if attached["product_id"] is not None
    ]


def attachment_row(company: Company, attached: Row) -> Row:
    """`{"<deal id>": {deal, product}}`, the oddest shape of v1."""
    key = attached["deal_id"]
    deal = listed_deal(company, company["deals"].rows[key])
    more = {
        "company_id": company.id,
        "first_add_time": deal["add_time"],
        "visible_to": deal["visible_to"],
    }
    keys = {name for name in deal if name in OF_DEAL}
    shown = {name: deal[name] for name in keys} | more
    product = company["products"].rows[attached["product_id"]]
    return {str(key): {"deal": shown, "product": _product(company, product, key)}}


def _product(company: Company, row: Row, deal: int) -> Row:
    files = company["files"].children("product_id", row["id"])
    same = ("id", "name", "code", "description", "unit", "tax", "category", "owner_id")
    return {key: row[key] for key in same} | {
        "company_id": company.id,
        "active_flag": not row["is_deleted"],
        "selectable": row["is_linkable"],
        "first_char": row["name"][:1].lower(),
        "visible_to": str(row["visible_to"]),
        "files_count": sum(file["active_flag"] for file in files),
        "add_time": to_v1(row["add_time"]),
        "update_time": to_v1(row["update_time"]),
        "deal_id": deal,
    }


def products_of_person(call: Call) -> Reply:
    company = call.company
    rows = attached_to(company, found_item_v1(call, "person")["id"])
    return page_v1(call, rows, lambda row: attachment_row(company, row))


OF_DEAL = {
    *("id", "creator_user_id", "user_id", "person_id", "org_id", "stage_id", "title"),
    *("value", "currency", "add_time", "update_time", "stage_change_time", "active"),
    *("deleted", "status", "probability", "next_activity_date", "next_activity_time"),
    *("next_activity_id", "last_activity_id", "last_activity_date", "lost_reason"),
    *("close_time", "pipeline_id", "won_time", "first_won_time", "lost_time", "label"),
    *("products_count", "files_count", "notes_count", "followers_count"),
    *("email_messages_count", "activities_count", "done_activities_count"),
    *("undone_activities_count", "participants_count", "expected_close_date"),
    *("last_incoming_mail_time", "last_outgoing_mail_time"),
}
"""The keys of a deal beside a product, but for those that are made here."""

_STATUS: Reader = one_of(*OPEN, "deleted", "all_not_deleted")
ENDPOINTS = (
    Endpoint(
        "GET",
        1,
        "/products/{id}/deals",
        20,
        deals_of_product,
        {**START, "status": _STATUS},
    ),
    Endpoint("GET", 1, "/persons/{id}/products", 20, products_of_person, START),
)
