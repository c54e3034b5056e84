"""Organizations and persons of the sample company."""

from __future__ import annotations

from random import Random
from typing import Any

from . import blanks
from .company import Company
from .sample_values import address, draw, pools
from .times import time_text
from .words import COMPANY_KINDS, COMPANY_NAMES, FIRST_NAMES, LAST_NAMES, ODD_TEXTS

YEARS = 3 * 365 * 86_400


def kinds(live: int, random: Random, **others: int) -> list[str]:
    """`live` times "live" and as many of the others, shuffled."""
    found = ["live"] * live + [k for kind, n in others.items() for k in [kind] * n]
    random.shuffle(found)
    return found


class Times:
    """Add and update times: ids rise with add_time, and many update_times are equal."""

    def __init__(self, company: Company, count: int, random: Random) -> None:
        self.now = int(company.now.timestamp())
        self._step = YEARS / max(count, 1)
        self._random = random.random

    def of(self, index: int) -> tuple[int, int]:
        random = self._random
        added = int(self.now - YEARS + (index + random()) * self._step)
        updated = added + int((self.now - added) * random() ** 2)
        if random() < 0.3:  # touched by a nightly import, at one and the same second
            updated = min(updated - updated % 604_800 + 604_800, self.now)
        return added, updated


def add_organizations(company: Company, count: int, random: Random) -> None:
    users = list(company["users"].rows)
    values = pools(company, "organization", random)
    addresses: list[Any] = [address(random) for _ in range(300)] + [None] * 120
    found = kinds(count, random, deleted=max(count // 50, 1))
    times = Times(company, len(found), random)
    rnd, choice = random.random, random.choice
    add = company["organizations"].add
    for index, kind in enumerate(found):
        number = index + 1
        added, updated = times.of(index)
        name = f"{choice(COMPANY_NAMES)} {choice(COMPANY_KINDS)}"
        if rnd() < 0.1:
            name = name.upper() if rnd() < 0.5 else name.lower()
        elif rnd() < 0.05:
            name = choice(ODD_TEXTS)
        row = blanks.ORGANIZATION | {
            "id": number,
            "name": name,
            "owner_id": choice(users),
            "add_time": time_text(added),
            "update_time": time_text(updated),
            "address": choice(addresses),
            "is_deleted": kind == "deleted",
            "visible_to": 7 if rnd() < 0.8 else choice((1, 3, 5)),
            "custom_fields": draw(values, rnd),
        }
        if rnd() < 0.4:
            row["label_ids"] = random.sample((21, 22, 23), 1 + (rnd() < 0.2))
        if rnd() < 0.5:
            row |= {
                "website": f"https://org{number}.example",
                "linkedin": "" if rnd() < 0.3 else f"https://linkedin.com/org{number}",
                "industry": random.randint(1, 5),
                "annual_revenue": random.randrange(0, 10**8, 1000),
                "employee_count": random.randrange(5000),
            }
        if rnd() < 0.1:
            row |= {"files_count": 1, "followers_count": 2}
        add(row)


def add_persons(company: Company, count: int, random: Random) -> None:
    users = list(company["users"].rows)
    organizations = list(company["organizations"].rows)  # a few of them deleted
    values = pools(company, "person", random)
    addresses = [address(random) for _ in range(50)]
    found = kinds(count, random, deleted=max(count // 50, 1))
    times = Times(company, len(found), random)
    rnd, choice = random.random, random.choice
    add = company["persons"].add
    for index, kind in enumerate(found):
        number = index + 1
        added, updated = times.of(index)
        first: str = choice(FIRST_NAMES)
        last: str | None = choice(LAST_NAMES)
        if rnd() < 0.05:
            first, last = first.lower(), None
        row = blanks.PERSON | {
            "id": number,
            "name": f"{first} {last}" if last else first,
            "first_name": first,
            "last_name": last,
            "owner_id": choice(users),
            "org_id": choice(organizations) if rnd() < 0.8 else None,
            "add_time": time_text(added),
            "update_time": time_text(updated),
            "emails": _reached(random, f"person{number}@example.com", "P@EXAMPLE.com"),
            "phones": _reached(random, f"+372 5{number:06d}", "112"),
            "is_deleted": kind == "deleted",
            "visible_to": 7 if rnd() < 0.8 else 3,
            "picture_id": number + 1000 if rnd() < 0.1 else None,
            "custom_fields": draw(values, rnd),
        }
        if rnd() < 0.4:
            row["label_ids"] = random.sample((11, 12, 13), 1 + (rnd() < 0.3))
        row |= blanks.CONTACT_SYNC
        if rnd() < 0.3:
            row |= {
                "notes": "" if rnd() < 0.3 else "<b>Met</b> at the fair",
                "im": [{"value": first, "primary": True, "label": "skype"}],
                "birthday": choice(
                    ("0000-00-00", "1980-02-29", "2000-12-31", "-0001-11-30")
                ),
                "job_title": choice(("CEO", "ceo", "Бухгалтер", "VP, Sales", "")),
                "postal_address": choice(addresses),
            }
        row["marketing_status"] = choice(("no_consent", "subscribed", "unsubscribed"))
        if rnd() < 0.1:
            row |= {
                "files_count": 1,
                "email_messages_count": random.randint(1, 30),
                "last_incoming_mail_time": time_text(updated),
                "doi_status": 1,
            }
        add(row)


def _reached(random: Random, value: str, other: str) -> list[dict[str, Any]]:
    """Emails or phones: none, one, two, or one that is not primary and empty."""
    chance = random.random()
    if chance < 0.15:
        return []
    first = {"value": value, "primary": True, "label": "work"}
    if chance < 0.75:
        return [first]
    if chance < 0.97:
        return [{"value": other, "primary": False, "label": "home"}, first]
    return [{"value": "", "primary": chance < 0.985, "label": "work"}]
