"""Products, deals, and the products of deals of the sample company."""

from __future__ import annotations

from random import Random
from typing import Any

from . import blanks
from .company import ZONE, Company
from .deal_products import recurring, sum_of
from .sample_contacts import Times, kinds
from .sample_values import draw, pools
from .times import day_text, time_text
from .words import COMPANY_NAMES, LOST_REASONS, ODD_TEXTS, PRODUCTS, TOPICS

MONTH = 29 * 86_400
SHIFT = int(ZONE.total_seconds())
FREQUENCIES = ("one-time",) * 6 + ("monthly", "annually", "quarterly", "weekly")


def add_products(company: Company, count: int, random: Random) -> None:
    users = list(company["users"].rows)
    values = pools(company, "product", random)
    found = kinds(count, random, deleted=2)
    times = Times(company, len(found), random)
    rnd, choice = random.random, random.choice
    for index, kind in enumerate(found):
        number = index + 1
        added, updated = times.of(index)
        name = PRODUCTS[index % len(PRODUCTS)]
        frequency = choice(FREQUENCIES)
        currencies = random.sample(("EUR", "USD", "JPY"), random.randint(1, 3))
        company["products"].add(
            blanks.PRODUCT
            | {
                "id": number,
                "name": name if index < len(PRODUCTS) else f"{name} v{number}",
                "code": choice((None, "", f"P-{number:03d}", str(number))),
                "description": choice((None, "", "<p>Good &amp; cheap</p>", "plain")),
                "unit": choice((None, "", "pcs", "h", "шт")),
                "tax": choice((0, 20, 22, 9.5)),
                "category": choice((None, "31", "32", "33")),
                "is_linkable": rnd() < 0.9,
                "is_deleted": kind == "deleted",
                "visible_to": choice((3, 7)),
                "owner_id": choice(users),
                "add_time": time_text(added),
                "update_time": time_text(updated),
                "billing_frequency": frequency,
                "billing_frequency_cycles": 52 if frequency == "weekly" else None,
                "prices": [
                    {
                        "product_id": number,
                        "price": choice((0, 5, 19.99, random.randrange(10, 5000))),
                        "currency": currency,
                        "cost": choice((0, 2, 7.5)),
                        "direct_cost": choice((None, 0, 1)),
                        "notes": choice(("", "this is a note")),
                    }
                    for currency in currencies
                ],
                "custom_fields": draw(values, rnd),
            }
        )


def add_deals(company: Company, count: int, random: Random) -> None:
    draft = _Draft(company, random)
    archived = max(count // 20, 2)
    found = kinds(count, random, archived=archived, deleted=max(count // 50, 2))
    times = Times(company, len(found), random)
    add = company["deals"].add
    for index, kind in enumerate(found):
        number = index + 1
        row = draft.deal(number, *times.of(index))
        if kind == "archived":
            row |= {"is_archived": True, "archive_time": row["update_time"]}
        elif kind == "deleted":
            gone = times.now - int(random.random() * MONTH)
            row |= {"is_deleted": True, "status": "deleted"}
            row["update_time"] = max(time_text(gone), row["add_time"])
        add(row)
        if draft.rnd() < 0.1:
            _invite(company, number, draft)


class _Draft:
    """What every deal draws from."""

    def __init__(self, company: Company, random: Random) -> None:
        self.company = company
        self.random = random
        self.rnd = random.random
        self.users = [row["id"] for row in company["users"].on("live")]
        self.organizations = list(company["organizations"].rows)
        self.people = [(r["id"], r["org_id"]) for r in company["persons"].rows.values()]
        self.values = pools(company, "deal", random)
        stages = list(company["stages"].on("live"))
        self.stages = [(row["id"], row["pipeline_id"]) for row in stages]
        self.stages += [s for s in self.stages if s[1] == 1] * 2

    def value(self) -> Any:
        chance = self.rnd()
        if chance < 0.62:
            return int(self.rnd() ** 3 * 90_000) + 100
        if chance < 0.80:
            return round(self.rnd() ** 3 * 20_000, 2)
        if chance < 0.92:
            return (200, 200.5, 1000, 999.99)[int(self.rnd() * 4)]
        return (0, 0, -1, -250.75, None, 0.01, 12_345_678_901)[int(self.rnd() * 7)]

    def title(self) -> str:
        rnd = self.rnd
        if rnd() < 0.04:
            return ODD_TEXTS[int(rnd() * len(ODD_TEXTS))]
        name = COMPANY_NAMES[int(rnd() * len(COMPANY_NAMES))]
        topic = TOPICS[int(rnd() * len(TOPICS))]
        title = f"{name} {topic}"
        return title.upper() if rnd() < 0.05 else title

    def deal(self, number: int, added: int, updated: int) -> dict[str, Any]:
        rnd = self.rnd
        stage, pipeline = self.stages[int(rnd() * len(self.stages))]
        person, organization = None, None
        if rnd() < 0.85:
            person, organization = self.people[int(rnd() * len(self.people))]
        if rnd() < 0.1:
            organization = self.organizations[int(rnd() * len(self.organizations))]
        update_time = time_text(updated)
        row = blanks.DEAL | {
            "id": number,
            "title": self.title(),
            "creator_user_id": self.users[int(rnd() * len(self.users))],
            "owner_id": self.users[int(rnd() ** 2 * len(self.users))],
            "value": self.value(),
            "person_id": person,
            "org_id": organization,
            "stage_id": stage,
            "pipeline_id": pipeline,
            "currency": ("EUR", "EUR", "EUR", "USD", "JPY")[int(rnd() * 5)],
            "add_time": time_text(added),
            "update_time": update_time,
            "stage_change_time": update_time if rnd() < 0.7 else None,
            "visible_to": 7 if rnd() < 0.8 else 3,
            "origin": "ManuallyCreated" if rnd() < 0.7 else "API",
            "custom_fields": draw(self.values, rnd),
        }
        chance = rnd()
        if chance > 0.55:
            closed = added + int((updated - added) * rnd())
            self._close(row, "won" if chance < 0.8 else "lost", closed)
        elif rnd() < 0.1:
            row["first_won_time"] = update_time  # won once, and opened again
        if rnd() < 0.6:
            row["expected_close_date"] = day_text(added + int(rnd() * 1e7))
        if rnd() < 0.35:
            row["label_ids"] = ([1], [2], [3], [4], [1, 3], [4, 2, 99])[int(rnd() * 6)]
        if rnd() < 0.2:
            row["probability"] = (0, 10, 50, 90, 100)[int(rnd() * 5)]
        if rnd() < 0.1:
            row |= {"channel": 52, "channel_id": "Jun23 Billboards", "origin_id": ""}
        if rnd() < 0.1:
            row |= {
                "files_count": int(rnd() * 4),
                "followers_count": int(rnd() * 3),
                "email_messages_count": int(rnd() * 40),
                "last_incoming_mail_time": update_time,
                "last_outgoing_mail_time": update_time if rnd() < 0.5 else None,
            }
        return row

    def _close(self, row: dict[str, Any], status: str, closed: int) -> None:
        time, day = time_text(closed), day_text(closed + SHIFT)
        row["status"] = status
        row["close_time"] = row[f"{status}_time"] = time
        row["local_close_date"] = row[f"local_{status}_date"] = day
        if status == "won":
            row["first_won_time"] = time
        elif self.rnd() < 0.7:
            row["lost_reason"] = LOST_REASONS[int(self.rnd() * len(LOST_REASONS))]


def _invite(company: Company, deal: int, draft: _Draft) -> None:
    """Persons who take part in a deal besides its main contact."""
    people = draft.random.sample(draft.people, draft.random.randint(1, 3))
    company.participants[deal] = [person for person, _ in people]
    for person, _ in people:
        company.participations.setdefault(person, []).append(deal)


def add_deal_products(company: Company, random: Random) -> None:
    """About 30 % of the deals have one to four products."""
    products = list(company["products"].rows.values())
    rnd = random.random
    number = 0
    add = company["deal_products"].add
    for deal in company["deals"].rows.values():
        if rnd() > 0.3:
            continue
        rows = []
        for place in range(1, 2 + int(rnd() * 4)):
            number += 1
            product = products[int(rnd() * len(products))]
            row = blanks.DEAL_PRODUCT | {
                "id": number,
                "tax": product["tax"],
                "deal_id": deal["id"],
                "name": product["name"],
                "product_id": product["id"],
                "order_nr": place,
                "add_time": deal["add_time"],
                "update_time": deal["update_time"],
                "comments": "" if rnd() < 0.8 else "<i>gift</i>",
                "currency": deal["currency"],
                "quantity": 1 + int(rnd() * 5) if rnd() < 0.9 else 0.5,
                "item_price": product["prices"][0]["price"],
                "billing_frequency": product["billing_frequency"],
                "billing_frequency_cycles": product["billing_frequency_cycles"],
            }
            if rnd() < 0.3:
                row |= {"discount": 10 if rnd() < 0.5 else 2.5}
            if rnd() < 0.1:
                row |= {"discount_type": "amount", "tax_method": "exclusive"}
            if rnd() < 0.05:
                row |= {"is_enabled": False}
            if rnd() < 0.02:
                row |= {"product_id": None}  # the product has been purged
            row["sum"] = sum_of(row)
            rows.append(add(row))
        deal.update(recurring(rows))
