"""/v1/deals/archived, with whole users, persons and organizations in its rows."""

from __future__ import annotations

from .collection import ARCHIVED, DELETED, Row
from .company import Company
from .conditions import saved_filter
from .endpoint import Call, Endpoint, Reader, Reply
from .leads import in_order
from .pages import page_v1
from .parameters import START, flag, numbers, one_of, sort_v1
from .participants import organization_stub, person_stub, user_stub
from .pipeline_deals import listed_deal
from .times import to_v1

CHOICES = ("person_id", "org_id", "pipeline_id", "stage_id")
SORTED = (
    *("id", "title", "value", "currency", "status", "probability"),
    *("stage_id", "pipeline_id", "person_id", "org_id", "expected_close_date"),
    *("add_time", "update_time", "close_time", "won_time", "lost_time"),
)
"""Keys of v1 that rows have under the same name."""


def nested_deal(company: Company, row: Row) -> Row:
    """The row of a pipeline's list, with objects where that has ids."""
    person = company["persons"].get(row["person_id"])
    organization = company["organizations"].get(row["org_id"])
    return listed_deal(company, row) | {
        "creator_user_id": _user(company, row["creator_user_id"]),
        "user_id": _user(company, row["owner_id"]),
        "person_id": person and person_stub(person) | {"owner_id": person["owner_id"]},
        "org_id": organization and organization_stub(company, organization),
        "deleted": row["is_deleted"],
    }


def archived_deal(company: Company, row: Row) -> Row:
    return nested_deal(company, row) | {"archive_time": to_v1(row["archive_time"])}


def _user(company: Company, key: int) -> Row:
    return user_stub(company, key) | {"has_pic": False}


def list_archived(call: Call) -> Reply:
    """filter_id makes the choices void; owned_by_you goes before user_id."""
    company, query = call.company, call.query
    rows = _of_status(company, query.get("status"))
    if "filter_id" in query:
        test = saved_filter(call, query["filter_id"], "deals")
        rows = [row for row in rows if test(row)]
    else:
        owner = company.me if query.get("owned_by_you") else query.get("user_id")
        if owner is not None:
            rows = [row for row in rows if row["owner_id"] == owner]
        for name in CHOICES:
            if name in query:
                rows = [row for row in rows if row[name] == query[name]]
        if "product_id" in query:
            having = _deals_with(company, query["product_id"])
            rows = [row for row in rows if row["id"] in having]
    rows = in_order(call, rows, query.get("sort", [("id", False)]))
    return page_v1(call, rows, lambda row: archived_deal(company, row))


def _of_status(company: Company, status: str | None) -> list[Row]:
    """Deleted ones only by their own word."""
    deals = company["deals"]
    if status == "deleted":
        return [row for row in deals.on(DELETED) if row["is_archived"]]
    rows = deals.on(ARCHIVED)
    if status in (None, "all_not_deleted"):
        return list(rows)
    return [row for row in rows if row["status"] == status]


def _deals_with(company: Company, product: int) -> set[int]:
    attached = company["deal_products"].rows.values()
    return {row["deal_id"] for row in attached if row["product_id"] == product}


_QUERY: dict[str, Reader] = {
    **START,
    **numbers("user_id", "filter_id", "product_id", *CHOICES),
    "status": one_of("open", "won", "lost", "deleted", "all_not_deleted"),
    "sort": sort_v1(*SORTED),
    "owned_by_you": flag,
}
ENDPOINTS = (Endpoint("GET", 1, "/deals/archived", 40, list_archived, _QUERY),)
