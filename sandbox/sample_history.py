"""Followers, changes, files and e-mails of the sample company.

How many each row has was drawn with the row; the first rows always have some.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from . import blanks_v1
from .changes import ENTITIES, key_of
from .collection import LIVE, Row, shelf_of
from .company import Company
from .followers import follow, unfollow
from .items import COLUMNS, ITEMS
from .times import day_text, to_milliseconds, to_v1
from .words import NOTES, SUBJECTS

MOST = 2000  # items of each kind with changes; 2,000 more rows each of files and mail
FIRST = 6
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/130.0"
FILES = (
    ("contract.pdf", "pdf"),
    ("Angebot (final).docx", "docx"),
    ("фото.jpg", "img"),
    ("100%.csv", "csv"),
    ("budget", ""),
)


def add_history(company: Company) -> None:
    """All four kinds, from a random of their own."""
    random = Random(f"history {company.seed}")
    for entity in ITEMS:
        _follow(company, entity, random)
    for entity in ENTITIES:
        _change(company, entity, random)
    for entity in ITEMS:
        _attach(company, entity, random)
    for entity in ENTITIES:
        _write(company, entity, random)


def _drawn(company: Company, entity: str, count: str) -> Iterator[tuple[Row, int]]:
    """The rows of an entity, and how many children each gets."""
    for index, row in enumerate(company[ITEMS[entity]].rows.values()):
        number = row.pop(count, 0)
        yield row, number or (index % 3 + 1 if index < FIRST else 0)


def _follow(company: Company, entity: str, random: Random) -> None:
    users = list(company["users"].rows)
    for row, number in _drawn(company, entity, "followers_count"):
        if not number:
            continue
        item = entity, row["id"]
        for user in random.sample(users, number):
            follow(company, item, user, random.choice(users), row["add_time"])
        if random.random() < 0.3:
            gone = next(company["followers"].children("item", item))
            unfollow(company, gone, row["owner_id"], row["update_time"])


def _change(company: Company, entity: str, random: Random) -> None:
    users = list(company["users"].rows)
    changes = company["changes"]
    custom = list(company.custom(entity))
    label = "title" if entity == "deal" else "name"
    for index, row in enumerate(company[ITEMS[entity]].rows.values()):
        if index >= MOST or index % 3:
            continue
        values = [
            (label, "Old name", row[label]),
            (
                key_of(entity, "owner_id"),
                str(random.choice(users)),
                str(row["owner_id"]),
            ),
            (random.choice(custom), None, "200"),
            (random.choice(custom), "12", None),
        ]
        for key, old, new in values[: random.randint(1, 4)]:
            changes.add(
                {
                    "id": changes.next_id(),
                    "item": (entity, row["id"]),
                    "field_key": key,
                    "old_value": old,
                    "new_value": new,
                    "actor_user_id": random.choice(users),
                    "time": to_v1(row["update_time"]),
                    "change_source": random.choice(("app", "api", "workflow")),
                    "change_source_user_agent": random.choice((BROWSER, None)),
                    "is_bulk_update_flag": random.random() < 0.1,
                }
            )


def _links(row: Row, entity: str) -> Row:
    """Which items a file or a message of this row belongs to."""
    links: Row = {"deal_id": None, "person_id": None, "org_id": None}
    for column in links:
        links[column] = row.get(column)
    return links | {COLUMNS[entity]: row["id"]}


def _attach(company: Company, entity: str, random: Random) -> None:
    users, files = list(company["users"].rows), company["files"]
    leads = list(company["leads"].rows)
    activities = list(company["activities"].rows)
    for row, number in _drawn(company, entity, "files_count"):
        for _ in range(number if len(files) < len(ITEMS) * MOST else 0):
            name, kind = random.choice(FILES)
            key = files.next_id()
            files.add(
                blanks_v1.FILE
                | _links(row, entity)
                | {
                    "id": key,
                    "user_id": random.choice(users),
                    "lead_id": random.choice((None, random.choice(leads))),
                    "activity_id": random.choice((None, random.choice(activities))),
                    "add_time": to_v1(row["add_time"]),
                    "update_time": to_v1(row["update_time"]),
                    "file_name": f"{key:08x}_{name}",
                    "file_type": kind,
                    "file_size": random.randrange(10**7),
                    "active_flag": random.random() < 0.9,
                    "inline_flag": random.random() < 0.1,
                    "remote_location": "googledocs" if kind == "docx" else "s3",
                    "remote_id": f"remote{key}",
                    "cid": "" if key % 5 else f"cid{key}",
                    "mail_message_id": "" if key % 5 else str(key),
                    "mail_template_id": "" if key % 7 else str(key),
                    "log_id": None if key % 6 else key,
                    "s3_bucket": "" if key % 2 else "files",
                    "name": name,
                    "description": random.choice(("", "contract for client")),
                }
            )


def _write(company: Company, entity: str, random: Random) -> None:
    messages = company["mail_messages"]
    for row, number in _drawn(company, entity, "email_messages_count"):
        if number and shelf_of(row) == LIVE and len(messages) < len(ENTITIES) * MOST:
            thread = messages.next_id()
            for place in range(number % 4):
                _message(company, _links(row, entity), row, thread, place, random)


def _message(
    company: Company, links: Row, row: Row, thread: int, place: int, random: Random
) -> None:
    key = company["mail_messages"].next_id()
    user = random.choice(list(company["users"].rows.values()))
    person = company["persons"].get(links["person_id"])
    ours = _party(key * 2, user["name"], user["email"], None)
    reached = (person or {}).get("emails") or [{"value": "info@example.com"}]
    name = person["name"] if person else ""
    theirs = _party(key * 2 + 1, name, reached[0]["value"], links["person_id"])
    sent = place % 2
    subject = ("Re: " if place else "") + random.choice(SUBJECTS)
    body = random.choice(NOTES)
    # A thread is a day long, in the month after its item was added.
    day = day_text(random.randrange(1_600_000_000, 1_780_000_000))
    if place:
        day = company["mail_messages"].rows[key - 1]["message_time"][:10]
    time = to_milliseconds(f"{day}T0{place}:15:08Z")
    company["mail_messages"].add(
        links
        | {
            "id": key,
            "from": [ours if sent else theirs],
            "to": [theirs if sent else ours],
            "cc": [] if random.random() < 0.8 else [ours],
            "bcc": [] if random.random() < 0.9 else [ours],
            "body_url": f"https://mail.example/{key}",
            "account_id": f"account{user['id']}",
            "user_id": user["id"],
            "mail_thread_id": thread,
            "subject": subject,
            "snippet": body[:20],
            "body": body,
            "mail_tracking_status": random.choice((None, "opened", "not opened")),
            "draft": "" if random.random() < 0.9 else "<p>not yet</p>",
            **{flag: int(random.random() < 0.5) for flag in FLAGS},
            "deleted_flag": 0,
            "has_body_flag": int(bool(body)),
            "sent_flag": sent,
            "message_time": time,
            "add_time": time,
            "update_time": time,
        }
    )


FLAGS = (
    *("mail_link_tracking_enabled_flag", "read_flag", "draft_flag", "synced_flag"),
    *("sent_from_pipedrive_flag", "smart_bcc_flag", "has_attachments_flag"),
    *("has_inline_attachments_flag", "has_real_attachments_flag"),
)


def _party(key: int, name: str, email: str, person: int | None) -> dict[str, Any]:
    return {
        "id": key,
        "email_address": email,
        "name": name,
        "linked_person_id": person,
        "linked_person_name": name if person else "",
        "mail_message_party_id": key,
    }
