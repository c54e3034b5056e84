"""Leads, activities and notes of the sample company."""

from __future__ import annotations

from random import Random
from uuid import UUID

from . import blanks, blanks_v1
from .company import Company
from .sample_contacts import Times, kinds
from .sample_values import address, draw, pools
from .times import day_text, time_text, to_milliseconds, to_v1
from .words import COMPANY_NAMES, NOTES, ODD_TEXTS, SUBJECTS, TOPICS


def add_leads(company: Company, count: int, random: Random) -> None:
    users = list(company["users"].rows)
    people = list(company["persons"].rows)
    organizations = list(company["organizations"].rows)
    labels = list(company["lead_labels"].rows)
    values = pools(company, "deal", random)
    found = kinds(count, random, archived=max(count // 6, 1))
    times = Times(company, len(found), random)
    rnd, choice = random.random, random.choice
    for index, kind in enumerate(found):
        added, updated = times.of(index)
        person = choice(people) if rnd() < 0.7 else None
        title = f"{choice(COMPANY_NAMES)} {choice(TOPICS)}"
        amount = choice((0, 999, 1500.5, random.randrange(10**5)))
        key = str(UUID(int=random.getrandbits(128), version=4))
        custom = draw(values, rnd)
        if index == 0:
            custom = {**custom, **_impossible_day(company)}
        company["leads"].add(
            blanks_v1.LEAD
            | {
                "id": key,
                "title": choice(ODD_TEXTS) if rnd() < 0.05 else title,
                "owner_id": choice(users),
                "creator_id": choice(users),
                "label_ids": random.sample(labels, int(rnd() * 3)),
                "person_id": person,
                "organization_id": choice(organizations)
                if person is None or rnd() < 0.3
                else None,
                "source_name": "API" if rnd() < 0.5 else "Manually created",
                "origin": "API" if rnd() < 0.5 else "ManuallyCreated",
                "is_archived": kind == "archived",
                "was_seen": rnd() < 0.6,
                "value": {"amount": amount, "currency": choice(("EUR", "USD"))}
                if rnd() < 0.7
                else None,
                "expected_close_date": day_text(added) if rnd() < 0.4 else None,
                "add_time": to_milliseconds(time_text(added)),
                "update_time": to_milliseconds(time_text(updated)),
                "visible_to": choice(("3", "7")),
                "cc_email": f"{company.domain}+lead{index}@pipedrivemail.com",
                "custom_fields": custom,
            }
        )


def _impossible_day(company: Company) -> dict[str, str]:
    dates = [f.code for f in company.custom("deal").values() if f.type == "date"]
    return {dates[0]: "2026-02-29"}


def add_activities(company: Company, count: int, random: Random) -> None:
    users = list(company["users"].rows)
    deals = list(company["deals"].rows.values())
    people = list(company["persons"].rows)
    leads = list(company["leads"].rows)
    types = [row["key_string"] for row in company["activity_types"].on("live")]
    addresses = [address(random) for _ in range(40)]
    found = kinds(count, random, deleted=max(count // 50, 1))
    times = Times(company, len(found), random)
    rnd = random.random
    add = company["activities"].add
    for index, kind in enumerate(found):
        added, updated = times.of(index)
        update_time = time_text(updated)
        deal = deals[int(rnd() * len(deals))] if rnd() < 0.7 else None
        person = deal["person_id"] if deal else people[int(rnd() * len(people))]
        done = rnd() < 0.6
        row = blanks.ACTIVITY | {
            "id": index + 1,
            "subject": SUBJECTS[int(rnd() * len(SUBJECTS))],
            "type": types[int(rnd() * len(types))],
            "owner_id": users[int(rnd() * len(users))],
            "creator_user_id": users[int(rnd() * len(users))],
            "is_deleted": kind == "deleted",
            "add_time": time_text(added),
            "update_time": update_time,
            "deal_id": deal["id"] if deal else None,
            "person_id": person,
            "org_id": deal["org_id"] if deal else None,
            "due_date": day_text(updated + int(rnd() * 5e6)) if rnd() < 0.95 else None,
            "due_time": ("", None, "09:00", "15:30:00", "23:59")[int(rnd() * 5)],
            "duration": ("", None, "00:30", "01:00:00")[int(rnd() * 4)],
            "busy": rnd() < 0.4,
            "done": done,
            "marked_as_done_time": update_time if done else None,
            "priority": (None, None, 261, 262, 263)[int(rnd() * 5)],
        }
        if person is not None:
            row["participants"] = [{"person_id": person, "primary": True}]
            if rnd() < 0.1:
                other = people[int(rnd() * len(people))]
                if other != person:
                    more = {"person_id": other, "primary": False}
                    row["participants"] = [more, *row["participants"]]
        if deal is None and rnd() < 0.2 and leads:
            row["lead_id"] = leads[int(rnd() * len(leads))]
        if rnd() < 0.15:
            row |= {
                "note": NOTES[int(rnd() * len(NOTES))],
                "public_description": "" if rnd() < 0.5 else "See you there",
                "location": addresses[int(rnd() * len(addresses))],
                "conference_meeting_client": "google_meet",
                "conference_meeting_url": "https://meet.example/abc-xyz",
                "conference_meeting_id": "abc-xyz",
                "attendees": [
                    {
                        "email": "some@example.com",
                        "name": "Some Name",
                        "status": "accepted",
                        "is_organizer": True,
                        "person_id": person,
                        "user_id": None,
                    }
                ],
            }
        add(row)


def add_notes(company: Company, count: int, random: Random) -> None:
    users = list(company["users"].rows)
    deals = list(company["deals"].rows.values())
    leads = list(company["leads"].rows)
    people = list(company["persons"].rows)
    found = kinds(count, random, deleted=count // 50)
    times = Times(company, len(found), random)
    rnd, choice = random.random, random.choice
    for index, kind in enumerate(found):
        added, updated = times.of(index)
        row = blanks_v1.NOTE | {
            "id": index + 1,
            "active_flag": kind == "live",
            "add_time": to_v1(time_text(added)),
            "content": choice(NOTES),
            "last_update_user_id": choice(users) if rnd() < 0.5 else None,
            "update_time": to_v1(time_text(updated)),
            "user_id": choice(users),
        }
        if rnd() < 0.6:
            deal = choice(deals)
            row["deal_id"] = deal["id"]
            row["org_id"] = deal["org_id"]
            row["pinned_to_deal_flag"] = rnd() < 0.1
        elif rnd() < 0.3:
            row["lead_id"] = choice(leads)
        else:
            row["person_id"] = choice(people)
            row["pinned_to_person_flag"] = rnd() < 0.1
        company["notes"].add(row)
