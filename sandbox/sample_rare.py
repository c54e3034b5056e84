"""What few rows of the sample company have, so that no column is empty in all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from .collection import ARCHIVED, DELETED, LIVE, Row
from .company import Company
from .times import stamp_v1
from .words import LOST_REASONS

CAMPAIGN = {"channel": 52, "channel_id": "Jun23 Billboards"}
NEWER = {
    "color": "blue",
    "add_time": "2022-06-01T10:00:00Z",
    "update_time": "2022-06-02T10:00:00Z",
}
"""What only some options tell besides id and label."""
SHELVES = (LIVE, ARCHIVED, DELETED)


def add_rare_values(company: Company) -> None:
    """Comes last: rows change in place, and no number is drawn."""
    _deals(company)
    _leads(company)
    for name in ("deals", "leads", "products", "projects"):
        _custom_values(company, name)
    _contacts(company)
    _products_of_deals(company)
    _activities(company)
    _files(company)
    _threads(company)
    _users(company)
    _filters(company)
    _fields(company)


def _each(company: Company, name: str, step: int, first: int = 0) -> Iterator[Row]:
    """Every `step`th row of each shelf, from the row at `first` on."""
    for shelf in SHELVES:
        rows = list(company[name].on(shelf))
        yield from rows[first % max(len(rows), 1) :: step]


def _deals(company: Company) -> None:
    for row in _each(company, "deals", 11):
        row["origin_id"] = f"form-{row['id'] % 5}"
    for row in company["conversions"].rows.values():
        if row["source"] == "lead" and row["deal_id"] is not None:
            company["deals"].rows[row["deal_id"]]["source_lead_id"] = row["lead_id"]
    gone = list(company["deals"].on(DELETED))
    for row in gone[::3]:  # lost first, then deleted
        time = row["add_time"]
        day = company.local_date(time)
        row |= {"lost_time": time, "local_lost_date": day, "close_time": time}
        row |= {"local_close_date": day, "lost_reason": LOST_REASONS[0]}
        row |= {"probability": 10, "source_lead_id": next(iter(company["leads"].rows))}
    for row in gone[1::3]:  # archived first
        row |= {"is_archived": True, "archive_time": row["update_time"], **CAMPAIGN}
        row["last_incoming_mail_time"] = row["last_outgoing_mail_time"] = row[
            "add_time"
        ]


def _leads(company: Company) -> None:
    for row in _each(company, "leads", 4):
        row |= {"origin_id": "form-1", **CAMPAIGN}
    for row in company["conversions"].rows.values():
        if row["source"] == "deal" and row["lead_id"] is not None:
            company["leads"].rows[row["lead_id"]]["source_deal_id"] = row["deal_id"]
    for row in _each(company, "leads", 30):
        row["source_deal_id"] = next(iter(company["deals"].rows))


def _custom_values(company: Company, name: str) -> None:
    """What no row of a list has is lent to its first one by a row elsewhere."""
    lists = [list(company[name].on(shelf)) for shelf in SHELVES]
    drawn = [_values(rows) for rows in lists]
    fullest: Row = {}
    for values in drawn:
        for code, some in values.items():
            for value in some:
                if len(_parts(value)) > len(_parts(fullest.get(code))):
                    fullest[code] = value
    for rows, values in zip(lists, drawn, strict=True):
        for code, value in fullest.items():
            own = (_parts(other) for other in values.get(code, ()))
            if rows and not _parts(value) <= set().union(*own):
                rows[0]["custom_fields"] |= {code: value}


def _values(rows: list[Row]) -> dict[str, Iterable[Any]]:
    """Every custom value of these rows once, by code; rows share most of them."""
    found: defaultdict[str, dict[int, Any]] = defaultdict(dict)
    for row in rows:
        for code, value in row["custom_fields"].items():
            found[code][id(value)] = value
    return {code: some.values() for code, some in found.items()}


def _parts(value: Any) -> set[str]:
    """What there is of a custom value: of an address, its known parts."""
    if isinstance(value, dict):
        return {key for key, part in value.items() if part}
    return set() if value is None else {""}


def _contacts(company: Company) -> None:
    reached = (row for row in company["persons"].on(LIVE) if _was_written(row))
    for row in list(reached)[::2]:
        row["last_outgoing_mail_time"] = row["last_incoming_mail_time"]


def _was_written(person: Row) -> bool:
    return person.get("last_incoming_mail_time") is not None


def _products_of_deals(company: Company) -> None:
    for row in _each(company, "deal_products", 2):
        if row["billing_frequency"] != "one-time":
            row["billing_start_date"] = row["add_time"][:10]
        product = row["product_id"]
        if product is not None:
            varied = company["product_variations"].children("product_id", product)
            row["product_variation_id"] = next((one["id"] for one in varied), None)


def _activities(company: Company) -> None:
    """Colleagues attend, and projects have activities of deals and leads."""
    activities, users = company["activities"], list(company["users"].rows.values())
    live = list(activities.on(LIVE))
    for row in [row for row in live if row["attendees"]][::3]:
        user = users[row["id"] % len(users)]
        invited = {
            "email": user["email"],
            "name": user["name"],
            "status": "noreply",
            "is_organizer": False,
            "person_id": None,
            "user_id": user["id"],
        }
        row["attendees"] = [*row["attendees"], invited]
    projects = [row["id"] for row in company["projects"].on(LIVE)]
    for column in ("deal_id", "lead_id", "org_id", "location"):
        having = (row for row in live if row[column] and not row["project_id"])
        for row, project in zip(list(having)[::7], projects, strict=False):
            activities.change(row["id"], {"project_id": project})


def _files(company: Company) -> None:
    """Files on everything at once."""
    files = company["files"]
    products = list(company["products"].rows)
    projects = [row["id"] for row in company["projects"].on(LIVE)]
    full = (
        row
        for row in files.on(LIVE)
        if row["deal_id"] and row["person_id"] and row["org_id"]
    )
    for row in list(full)[::5]:
        key = row["id"]
        more = {"product_id": products[key % len(products)]}
        files.change(key, {**more, "project_id": projects[key % len(projects)]})


def _threads(company: Company) -> None:
    for row in company["mail_threads"].on(LIVE):
        if row["snippet_draft"]:
            row["drafts_parties"] = row["parties"]["to"]
        if row["has_sent_flag"]:
            row["snippet_sent"] = row["snippet"]


def _users(company: Company) -> None:
    for key, row in company["users"].rows.items():
        if key == company.me or key % 4 == 0:
            row["phone"] = f"+372 60000{key:02d}"
            row["icon_url"] = f"https://icons.example/{key}.png"


def _filters(company: Company) -> None:
    for key, row in company["filters"].rows.items():
        row["temporary_flag"] = None if key % 2 else False
        if key % 3 == 1:
            row["last_used_time"] = stamp_v1(company.now)
            row["custom_view_id"] = key
    company["filters"].rows[1]["filter_code"] = "all_open_deals"


def _fields(company: Company) -> None:
    """Descriptions, colours of options, and when options were added."""
    for entity, code in (("deal", "probability"), ("activity", "priority")):
        field = company.field(entity, code)
        assert field is not None
        field.description = "What its owner expects."
        if field.options:
            field.options = [option | NEWER for option in field.options]
    for entity in ("deal", "person", "organization", "product", "project"):
        for field in company.custom(entity).values():
            for option in (field.options or [])[:2]:
                option |= NEWER
