"""Persons who take part in deals, and who added them (v1)."""

from __future__ import annotations

from collections.abc import Iterator

from .collection import Row
from .company import Company
from .endpoint import Call, Endpoint, Reply
from .items import cursor_page, found_item_v1
from .pages import page_v1
from .parameters import CURSOR, START
from .rollups import OPTIONAL
from .times import to_v1

MOST = 100  # participants of one deal, for the sake of their ids
_COUNTS = tuple(name for name in OPTIONAL["persons"] if name.endswith("_count"))


def participants(company: Company, deal: Row) -> Iterator[tuple[int, Row, int]]:
    """Id, person, and who added it: the main contact first, then the others."""
    people = [deal["person_id"], *company.participants.get(deal["id"], ())]
    for place, key in enumerate(dict.fromkeys(people)):
        person = company["persons"].get(key)
        if person is not None:
            yield deal["id"] * MOST + place, person, deal["creator_user_id"]


def participant_row(company: Company, deal: Row, key: int, person: Row, by: int) -> Row:
    """A participant as it is served: with the whole person in the shape of v1."""
    return {
        "id": key,
        "person_id": {
            **person_stub(person),
            "owner_id": person["owner_id"],
            "company_id": company.id,
        },
        "add_time": to_v1(deal["add_time"]),
        "active_flag": not person["is_deleted"],
        "related_item_data": {"deal_id": deal["id"], "title": deal["title"]},
        "person": person_v1(company, person),
        "added_by_user_id": user_stub(company, by),
        "related_item_type": "deal",
        "related_item_id": deal["id"],
    }


def person_stub(person: Row) -> Row:
    return {
        "active_flag": not person["is_deleted"],
        "name": person["name"],
        "email": person["emails"],
        "phone": person["phones"],
        "value": person["id"],
    }


def organization_stub(company: Company, organization: Row) -> Row:
    whole = company["organizations"].complete(organization)
    return {
        "name": organization["name"],
        "people_count": whole["people_count"],
        "owner_id": organization["owner_id"],
        "address": (organization["address"] or {}).get("value"),
        "active_flag": not organization["is_deleted"],
        "cc_email": whole["smart_bcc_email"],
        "value": organization["id"],
    }


def user_stub(company: Company, key: int) -> Row:
    user = company["users"].rows[key]
    return {
        "id": key,
        "name": user["name"],
        "email": user["email"],
        "has_pic": 0,
        "pic_hash": None,
        "active_flag": user["active_flag"],
        "value": key,
    }


def person_v1(company: Company, person: Row) -> Row:
    whole = company["persons"].complete(person)
    organization = company["organizations"].get(person["org_id"])
    owner = user_stub(company, person["owner_id"])
    labels = person["label_ids"]
    return {
        "id": person["id"],
        "company_id": company.id,
        "owner_id": owner,
        "org_id": organization
        and organization_stub(company, organization)
        | {"label_ids": organization["label_ids"]},
        **{key: person[key] for key in ("name", "first_name", "last_name")},
        **{key: whole[key] for key in _COUNTS},
        "active_flag": not person["is_deleted"],
        "phone": person["phones"],
        "email": person["emails"],
        "first_char": person["name"][:1].lower(),
        "update_time": to_v1(person["update_time"]),
        "add_time": to_v1(person["add_time"]),
        "visible_to": str(person["visible_to"]),
        "picture_id": None,
        "sync_needed": False,
        "next_activity_date": None,
        "next_activity_time": None,
        "next_activity_id": whole["next_activity_id"],
        "last_activity_id": whole["last_activity_id"],
        "last_activity_date": None,
        "last_incoming_mail_time": None,
        "last_outgoing_mail_time": None,
        "label": labels[0] if labels else None,
        "label_ids": labels,
        "org_name": organization and organization["name"],
        "owner_name": owner["name"],
        "cc_email": whole["smart_bcc_email"],
    }


def list_participants(call: Call) -> Reply:
    company, deal = call.company, found_item_v1(call, "deal")
    rows = [
        {"id": key, "person": person, "by": by}
        for key, person, by in participants(company, deal)
    ]
    return page_v1(
        call,
        rows,
        lambda row: participant_row(company, deal, row["id"], row["person"], row["by"]),
    )


def changes(company: Company, deal: Row) -> list[Row]:
    """Who was added when; the last of several once was there twice."""
    found = list(participants(company, deal))
    log = [
        {
            "id": place + 1,
            "actor_user_id": by,
            "person_id": person["id"],
            "action": "added",
            "time": to_v1(deal["add_time"]),
        }
        for place, (_, person, by) in enumerate(found)
    ]
    if len(log) > 1:
        last = log[-1] | {"time": to_v1(deal["update_time"])}
        log.append(last | {"id": len(log) + 1, "action": "removed"})
        log.append(last | {"id": len(log) + 1})
    return log


def change_row(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != "id"}


def list_changes(call: Call) -> Reply:
    rows = changes(call.company, found_item_v1(call, "deal"))
    return cursor_page(call, rows, change_row, bare=True)


ENDPOINTS = (
    Endpoint("GET", 1, "/deals/{id}/participants", 10, list_participants, START),
    Endpoint("GET", 1, "/deals/{id}/participantsChangelog", 10, list_changes, CURSOR),
)
