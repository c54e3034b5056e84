"""Threads of the mailbox and call logs of the sample company."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from random import Random
from typing import Any

from .collection import LIVE, Row
from .company import Company
from .words import NOTES, SUBJECTS

MOST = 60  # threads of the mailbox
CALLS = 70
_FOLDERS = (["inbox"], ["inbox", "sent"], ["archive"], ["sent"], ["drafts"])
_OUTCOMES = (
    *("connected", "no_answer", "left_message"),
    *("left_voicemail", "wrong_number", "busy"),
)


def add_mailbox(company: Company) -> None:
    """Own threads over the messages that items have; then calls."""
    random = Random(f"mailbox {company.seed}")
    threads: dict[int, list[Row]] = defaultdict(list)
    for message in company["mail_messages"].on(LIVE):
        threads[message["mail_thread_id"]].append(message)
    for place, (key, messages) in enumerate(list(threads.items())[:MOST]):
        _add_thread(company, key, messages, _FOLDERS[place % len(_FOLDERS)], random)
    _add_calls(company, random)


def _add_thread(
    company: Company, key: int, messages: list[Row], folders: list[str], random: Random
) -> None:
    first, last = messages[0], messages[-1]
    sent = [m["message_time"] for m in messages if m["sent_flag"]]
    received = [m["message_time"] for m in messages if not m["sent_flag"]]
    deal = company["deals"].get(first["deal_id"])
    lead = random.choice(list(company["leads"].rows)) if random.random() < 0.2 else None
    company["mail_threads"].add(
        {
            "id": key,
            "parties": {
                "to": _parties(messages, "to"),
                "from": _parties(messages, "from"),
            },
            "drafts_parties": [],
            "folders": folders,
            "account_id": first["account_id"],
            "user_id": company.me,
            "version": len(messages),
            "subject": first["subject"],
            "snippet": last["snippet"],
            "snippet_draft": "draft" if "drafts" in folders else None,
            "snippet_sent": "",
            "mail_tracking_status": random.choice((None, "opened", "not opened")),
            "message_count": len(messages),
            **{flag: int(random.random() < 0.5) for flag in _FLAGS},
            "deleted_flag": 0,
            "external_deleted_flag": 0,
            "has_draft_flag": int("drafts" in folders),
            "has_sent_flag": int(bool(sent)),
            "archived_flag": int("archive" in folders),
            "all_messages_sent_flag": int(not received),
            "last_message_timestamp": last["message_time"],
            "first_message_timestamp": first["message_time"],
            "last_message_sent_timestamp": max(sent, default=None),
            "last_message_received_timestamp": max(received, default=None),
            "add_time": first["add_time"],
            "update_time": last["update_time"],
            "deal_id": deal["id"] if deal else None,
            "deal_status": deal["status"] if deal else None,
            "lead_id": None if deal else lead,
        }
    )


_FLAGS = (
    *("read_flag", "has_attachments_flag", "has_inline_attachments_flag"),
    *("has_real_attachments_flag", "shared_flag", "synced_flag", "smart_bcc_flag"),
    *("first_message_to_me_flag", "mail_link_tracking_enabled_flag"),
)


def _parties(messages: list[Row], side: str) -> list[dict[str, Any]]:
    """Who was written to, or wrote: each with the time in milliseconds."""
    return [
        party
        | {
            "latest_sent": message is messages[-1],
            "message_time": 1_574_677_850_000 + message["id"] * 1000,
            "linked_organization_id": message["org_id"],
        }
        for message in messages
        for party in message[side]
    ]


def _add_calls(company: Company, random: Random) -> None:
    users = [company.me, company.me, *list(company["users"].rows)]
    deals = list(company["deals"].on(LIVE))
    leads = list(company["leads"].rows)
    activities = list(company["activities"].rows)
    for number in range(CALLS):
        key = hashlib.md5(f"call {company.seed} {number}".encode()).hexdigest()
        deal = random.choice(deals) if deals and number % 3 else None
        lead = random.choice(leads) if leads and deal is None else None
        day = f"2026-0{number % 9 + 1}-{number % 28 + 1:02d}"
        company["call_logs"].add(
            {
                "id": f"CA{key[:27]}",
                "activity_id": random.choice(activities) if number % 2 else None,
                "person_id": deal["person_id"] if deal else None,
                "org_id": deal["org_id"] if deal else None,
                "deal_id": deal["id"] if deal else None,
                "lead_id": lead,
                "subject": random.choice(SUBJECTS) if number % 4 else None,
                "duration": str(number * 7 % 600),
                "outcome": _OUTCOMES[number % len(_OUTCOMES)],
                "from_phone_number": "+37277774841" if number % 5 else None,
                "to_phone_number": f"+3724923{number:04d}",
                "has_recording": number % 7 == 0,
                "start_time": f"{day}T01:01:01.000Z",
                "end_time": f"{day}T01:11:01.500Z",
                "user_id": users[number % len(users)],
                "company_id": company.id,
                "note": random.choice(NOTES) or None,
            }
        )
