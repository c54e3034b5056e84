"""Leads that become deals and deals that become leads (v2)."""

from __future__ import annotations

from random import Random
from uuid import UUID

from . import blanks_v1, bodies
from .collection import Row
from .company import Company
from .deals import DEALS
from .endpoint import Call, Endpoint, Reply, success
from .items import found_item
from .refusal import missing
from .times import to_milliseconds

STATUSES = ("not_started", "running", "completed", "failed", "rejected")
LENGTH = 20  # of the sample company's conversions, each way


def convert(
    company: Company, source: str, status: str, lead: str | None, deal: int | None
) -> Row:
    """Note a conversion of a `source` ("lead" or "deal")."""
    count = len(company["conversions"])
    random = Random(f"conversion {company.seed} {count}")
    key = str(UUID(int=random.getrandbits(128), version=4))
    row = {"id": key, "source": source, "status": status, "lead_id": lead}
    return company["conversions"].add(row | {"deal_id": deal})


def status_row(row: Row) -> Row:
    """What a status tells: what came of it is there once it is completed."""
    made = "deal_id" if row["source"] == "lead" else "lead_id"
    told = {"conversion_id": row["id"], "status": row["status"]}
    return told | ({made: row[made]} if row["status"] == "completed" else {})


def _status(call: Call, source: str) -> Reply:
    row = call.company["conversions"].get(call.path["conversion_id"])
    if row is None or row["source"] != source:
        raise missing()
    if str(row[f"{source}_id"]) != call.path["id"]:
        raise missing()
    return success(status_row(row), additional_data=None)


def status_of_lead(call: Call) -> Reply:
    return _status(call, "lead")


def status_of_deal(call: Call) -> Reply:
    return _status(call, "deal")


def to_deal(call: Call) -> Reply:
    """At once here: the lead goes, a deal comes."""
    company = call.company
    lead = company["leads"].get(call.path["id"])
    if lead is None:
        raise missing()
    accepted = {"stage_id": bodies.whole, "pipeline_id": bodies.whole}
    where = bodies.read_body(accepted, call.body or {})
    value = lead["value"] or {}
    values = where | {
        "title": lead["title"],
        "value": value.get("amount"),
        "currency": value.get("currency"),
    }
    deal = DEALS.build(call, values) | {
        "id": company["deals"].next_id(),
        "owner_id": lead["owner_id"],  # of someone who has left, too
        "person_id": lead["person_id"],
        "org_id": lead["organization_id"],
        "source_lead_id": lead["id"],
        "custom_fields": dict(lead["custom_fields"]),
    }
    company["deals"].add(deal)
    company["leads"].remove(lead["id"])
    row = convert(company, "lead", "completed", lead["id"], deal["id"])
    return success({"conversion_id": row["id"]}, additional_data=None)


def to_lead(call: Call) -> Reply:
    """At once here: the deal is marked as deleted, a lead comes."""
    company, deal = call.company, found_item(call, "deal")
    now = company.tick()
    random = Random(f"converted {company.seed} {deal['id']}")
    key = str(UUID(int=random.getrandbits(128), version=4))
    company["leads"].add(
        blanks_v1.LEAD
        | {
            "id": key,
            "title": deal["title"],
            "owner_id": deal["owner_id"],
            "creator_id": company.me,
            "person_id": deal["person_id"],
            "organization_id": deal["org_id"],
            "value": {"amount": deal["value"], "currency": deal["currency"]},
            "source_name": "Deal",
            "source_deal_id": deal["id"],
            "add_time": to_milliseconds(now),
            "update_time": to_milliseconds(now),
            "custom_fields": dict(deal["custom_fields"]),
        }
    )
    gone = {"is_deleted": True, "status": "deleted", "update_time": now}
    company["deals"].change(deal["id"], gone)
    row = convert(company, "deal", "completed", key, deal["id"])
    return success({"conversion_id": row["id"]}, additional_data=None)


def add_conversions(company: Company) -> None:
    """One of each status and more, of leads and deals that are still there."""
    leads, deals = list(company["leads"].rows), list(company["deals"].rows)
    for place in range(min(LENGTH, len(leads), len(deals))):
        status = STATUSES[place % len(STATUSES)]
        done = status == "completed"
        convert(company, "lead", status, leads[place], deals[place] if done else None)
        convert(company, "deal", status, leads[place] if done else None, deals[place])


_STATUS = "/convert/status/{conversion_id}"
ENDPOINTS = (
    Endpoint("POST", 2, "/leads/{id}/convert/deal", 40, to_deal),
    Endpoint("GET", 2, "/leads/{id}" + _STATUS, 1, status_of_lead),
    Endpoint("POST", 2, "/deals/{id}/convert/lead", 40, to_lead),
    Endpoint("GET", 2, "/deals/{id}" + _STATUS, 1, status_of_deal),
)
