"""Values of custom fields: one pool per type, drawn from by every sample row.

Rows share the objects of a pool, so that a hundred thousand rows stay small.
About half of a pool is None.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from .company import Company
from .fields import ADDRESS, Field
from .words import CITIES, COMPANY_NAMES, FIRST_NAMES, ODD_TEXTS, TOPICS

LABELS = {
    "varchar": "{} source",
    "text": "Summary",
    "double": "Score",
    "phone": "Hotline",
    "date": "Kick-off date",
    "daterange": "Project period",
    "time": "Best call time",
    "timerange": "Delivery window",
    "set": "Interests",
    "enum": "{} type",
    "varchar_auto": "Vendor",
    "address": "Delivery address",
    "monetary": "Budget",
    "org": "Reseller",
    "people": "Decision maker",
    "user": "Presales engineer",
}
ODD_FIELDS = (
    ("{} source", "enum"),  # the same label twice
    ("{} SOURCE", "double"),
    ("Title", "varchar"),  # system columns' names
    ("Name", "varchar"),
    ("Status", "enum"),
    ("id", "double"),
    ("", "varchar"),
    ("🚀 !!!", "double"),
    ("---", "date"),
    ("Источник", "enum"),
    ("来源", "varchar"),
    ("Say \"hi\" 'now'; --", "text"),
    ("Budget currency", "varchar"),  # the name that the parts of Budget would take
    ("{} type id", "double"),
    ("Order", "varchar"),  # a word of SQL
    ("2nd choice", "set"),
)
CHOICES = ("Inbound", "Outbound", "inbound", "Партнёр", "展示会", "Fair, trade", "🎪")


def add_custom_fields(company: Company, entity: str) -> None:
    """All 16 creatable types, then (fewer for products) labels that clash."""
    fields = [(label, kind) for kind, label in LABELS.items()]
    fields += ODD_FIELDS if entity != "product" else ODD_FIELDS[:7]
    for label, kind in fields:
        labels = CHOICES if kind in {"enum", "set"} else ()
        field = company.add_field(
            entity, label.format(entity.capitalize()), kind, labels
        )
        if field.options:
            gone = company.new_option("Retired")
            field.options_deleted.append({"id": gone["id"], "label": gone["label"]})


Pool = tuple[str, list[Any], int]
"""A field's code, what its values are drawn from, and how many these are."""


def pools(company: Company, entity: str, random: Random) -> list[Pool]:
    """The pool of each custom field of `entity`."""
    found = []
    for code, field in company.custom(entity).items():
        values = _half_empty(_values(company, field, random), random)
        found.append((code, values, len(values)))
    return found


def draw(values: list[Pool], random: Any) -> dict[str, Any]:
    """The custom_fields of one row; what is None is left out."""
    return {
        code: value
        for code, pool, size in values
        if (value := pool[int(random() * size)]) is not None
    }


def _half_empty(values: list[Any], random: Random) -> list[Any]:
    share = random.uniform(0.4, 0.6)
    return values + [None] * round(len(values) * (1 - share) / share)


def _values(company: Company, field: Field, random: Random) -> list[Any]:
    kind = field.type
    if kind in {"enum", "set"}:
        return _choices(field, random)
    if kind in {"org", "people", "user"}:
        name = {"org": "organizations", "people": "persons", "user": "users"}[kind]
        keys: list[Any] = list(company[name].rows)  # deleted ones too
        return random.sample(keys, min(len(keys), 200)) or [1]
    if kind in {"date", "daterange"}:
        return _dates(kind, random)
    if kind in {"time", "timerange"}:
        return _times(kind, random)
    if kind in {"double", "monetary"}:
        return _numbers(kind, random)
    if kind == "address":
        return [address(random, custom=True) for _ in range(100)]
    if kind == "phone":
        return [f"+372 5{random.randrange(10**6):06d}" for _ in range(150)] + ["112"]
    texts = [*ODD_TEXTS, *TOPICS, *COMPANY_NAMES, *FIRST_NAMES]
    if kind == "text":
        return [
            f"{a}\n{b} — {c}"
            for a, b, c in zip(texts, texts[3:], texts[7:], strict=False)
        ] + ["x" * 3000]
    return [*texts, ""]


def _choices(field: Field, random: Random) -> list[Any]:
    known = [option["id"] for option in field.options or ()]
    known += [option["id"] for option in field.options_deleted]
    if field.type == "enum":
        return known * 4 + [999_999]  # one value that no option has
    return [random.sample(known, random.randint(1, 4)) for _ in range(60)]


def _dates(kind: str, random: Random) -> list[Any]:
    days = [date(2023, 1, 1) + timedelta(random.randrange(1600)) for _ in range(200)]
    if kind == "date":
        found = [day.isoformat() for day in days]
        found[::25] = ["2026-02-29"] * len(found[::25])  # a day that there is not
        return [*found, "1899-12-31", "9999-12-31"]
    return [
        {
            "value": day.isoformat(),
            "until": (day + timedelta(random.randrange(90))).isoformat(),
        }
        for day in days
    ] + [{"value": "2026-02-29", "until": "2026-03-01"}]


def _times(kind: str, random: Random) -> list[Any]:
    values = []
    for _ in range(100):
        hour, minute = random.randrange(20), random.choice((0, 15, 30, 59))
        value = {"value": f"{hour:02d}:{minute:02d}:00"}
        if kind == "timerange":
            value["until"] = f"{hour + random.randint(1, 3):02d}:{minute:02d}:00"
        zone = random.choice(((193, "Europe/Tallinn"), (40, "America/New_York")))
        values.append({**value, "timezone_id": zone[0], "timezone_name": zone[1]})
    return values


def _numbers(kind: str, random: Random) -> list[Any]:
    numbers: list[Any] = [0, 1, -1, 200, 0.1, 0.30000000000000004, -2.5, 1e-7, 1e15]
    numbers += [random.randrange(-500, 5000) for _ in range(60)]
    numbers += [round(random.uniform(-50, 9999), 2) for _ in range(60)]
    if kind == "double":
        return [*numbers, 9007199254740993, -9007199254740993]
    return [
        {"value": number, "currency": random.choice(("EUR", "USD", "JPY", "KWD"))}
        for number in numbers
    ]


def address(random: Random, *, custom: bool = False) -> dict[str, Any]:
    """An address as v2 shows it; about a third is not geocoded."""
    city, region, country, street = random.choice(CITIES)
    number = str(random.randint(1, 200))
    value = f"{street} {number}, {city}, {country}"
    found = dict.fromkeys(code for code, _ in ADDRESS)
    if random.random() > 0.3:
        found |= {
            "street_number": number,
            "route": street,
            "locality": city,
            "admin_area_level_1": region,
            "country": country,
            "postal_code": f"{random.randrange(10**5):05d}",
            "formatted_address": value,
        }
        if number[-1] in "357":  # some are told as exactly as this
            found |= {
                "subpremise": "12-3",
                "sublocality": "Old Town",
                "admin_area_level_2": f"{city} District",
            }
    if not custom:
        del found["formatted_address"]
    return {"value": value, **found}
