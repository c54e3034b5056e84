"""The sample company: the same rows for the same seed, in realistic proportions."""

from __future__ import annotations

import gc
from random import Random
from typing import Any

from . import blanks, blanks_v1
from .comments import add_comments
from .company import Company
from .conversions import add_conversions
from .installments import add_sample as add_installments
from .product_parts import add_product_parts
from .relationships import add_relationships
from .sample_contacts import add_organizations, add_persons
from .sample_deals import add_deal_products, add_deals, add_products
from .sample_filters import add_filters
from .sample_history import add_history
from .sample_mailbox import add_mailbox
from .sample_office import PERMISSION_SETS, fill_office, furnish_office
from .sample_projects import add_projects
from .sample_rare import add_rare_values
from .sample_values import add_custom_fields
from .sample_work import add_activities, add_leads, add_notes
from .times import stamp_v1
from .words import FIRST_NAMES, LAST_NAMES, PIPELINES, STAGE_CHANCES, STAGES

FOUNDED = "2021-03-01 09:00:00"
FOUNDED_V2 = "2021-03-01T09:00:00Z"

CURRENCIES = (
    ("EUR", "Euro", 2, "€"),
    ("USD", "US Dollar", 2, "$"),
    ("GBP", "Pound Sterling", 2, "£"),
    ("JPY", "Yen", 0, "¥"),
    ("KWD", "Kuwaiti Dinar", 3, "KD"),
    ("TRY", "Turkish Lira", 2, "₺"),
    ("UAH", "Ukrainian Hryvnia", 2, "₴"),
    ("CNY", "Chinese Yuan", 2, "元"),
)
ACTIVITY_TYPES = ("call", "meeting", "task", "deadline", "email", "lunch")
LEAD_SOURCES = (
    *("Manually created", "Deal", "Web forms", "Prospector", "Leadbooster"),
    *("Live chat", "Import", "Website visitors", "Workflow automation", "API"),
)
LEAD_LABELS = (("Hot", "red"), ("Warm", "yellow"), ("Cold", "blue"))


def furnish(company: Company) -> Company:
    """What an account has on its first day."""
    furnish_office(company)
    add_user(company, "Sam Sandbox", admin=True)
    add_pipeline(company, PIPELINES[0], STAGES[0])
    for number, (code, name, points, symbol) in enumerate(CURRENCIES, 1):
        company["currencies"].add(
            {
                "id": number,
                "code": code,
                "name": name,
                "decimal_points": points,
                "symbol": symbol,
                "active_flag": True,
                "is_custom_flag": False,
            }
        )
    for key in ACTIVITY_TYPES:
        add_activity_type(company, key.capitalize(), key, custom=False)
    for number, (name, color) in enumerate(LEAD_LABELS, 1):
        time = "2021-03-01T09:00:00.000Z"
        key = f"f08b42a{number}-4e75-11ea-9643-03698ef1cfd6"
        label = {"id": key, "name": name, "color": color}
        company["lead_labels"].add({**label, "add_time": time, "update_time": time})
    return company


def fill(company: Company, deals: int, persons: int | None = None) -> Company:
    """`deals` deals in the list; archived and deleted ones come on top.

    `persons` persons, or else half as many as deals; at least ten of them.
    """
    persons = max(deals // 2 if persons is None else persons, 10)
    furnish(company)
    company.contact_sync = True
    random = Random(company.seed)
    collecting = gc.isenabled()
    gc.disable()  # a million new containers, none of them garbage
    try:
        _add_team(company, random)
        for entity in ("deal", "person", "organization", "product"):
            add_custom_fields(company, entity)
        add_organizations(company, max(deals // 4, 5), random)
        add_persons(company, persons, random)
        add_products(company, 40 + deals // 1000, random)
        add_deals(company, deals, random)
        add_deal_products(company, random)
        add_leads(company, max(deals // 10, 5), random)
        add_activities(company, min(2 * deals, 20_000), random)
        add_notes(company, min(deals // 4, 10_000), random)
        add_filters(company)
        fill_office(company)
        add_history(company)
        add_comments(company)
        add_relationships(company)
        add_product_parts(company)
        add_conversions(company)
        add_mailbox(company)
        add_projects(company, max(deals // 20, 6), Random(f"projects {company.seed}"))
        add_installments(company, Random(f"installments {company.seed}"))
        add_rare_values(company)
    finally:
        if collecting:
            gc.enable()
    return company


def add_user(company: Company, name: str, *, admin: bool = False) -> dict[str, Any]:
    users = company["users"]
    number = users.next_id()
    access = [
        {"app": app, "admin": admin, "permission_set_id": key}
        for (app, of_admins), key in PERMISSION_SETS.items()
        if of_admins == admin
    ]
    return users.add(
        blanks_v1.USER
        | {
            "id": number,
            "name": name,
            "email": f"user{number}@{company.domain}.example",
            "last_login": stamp_v1(company.now),
            "created": FOUNDED,
            "modified": FOUNDED,
            "has_created_company": number == company.me,
            "access": access,
            "is_you": number == company.me,
        }
    )


def add_pipeline(company: Company, name: str, stages: tuple[str, ...]) -> None:
    pipelines, steps = company["pipelines"], company["stages"]
    times = {"add_time": FOUNDED_V2, "update_time": FOUNDED_V2}
    number = pipelines.next_id()
    pipelines.add(
        blanks.PIPELINE
        | times
        | {"id": number, "name": name, "order_nr": number}
        | {"is_deal_probability_enabled": number == 1}
    )
    for place, step in enumerate(stages, 1):
        steps.add(
            blanks.STAGE
            | times
            | {
                "id": steps.next_id(),
                "order_nr": place,
                "name": step,
                "deal_probability": STAGE_CHANCES[place - 1],
                "pipeline_id": number,
                "is_deal_rot_enabled": place == 2,
                "days_to_rotten": 30 if place == 2 else None,
                "update_time": None if place == 3 else FOUNDED_V2,
            }
        )


def add_activity_type(
    company: Company, name: str, key: str, *, custom: bool, icon: str | None = None
) -> dict[str, Any]:
    types = company["activity_types"]
    number = types.next_id()
    row = types.add(
        blanks_v1.ACTIVITY_TYPE
        | {
            "id": number,
            "order_nr": number,
            "name": name,
            "key_string": key,
            "icon_key": icon or key,
            "is_custom_flag": custom,
            "add_time": FOUNDED,
            "update_time": FOUNDED,
        }
    )
    show_activity_types(company)
    return row


def show_activity_types(company: Company) -> None:
    """The options of the activity field `type`: key strings, not numbers."""
    field = company.field("activity", "type")
    assert field is not None
    field.options = [
        {"id": kind["key_string"], "label": kind["name"]}
        for kind in company["activity_types"].on("live")
    ]


def _add_team(company: Company, random: Random) -> None:
    names = zip(
        random.sample(FIRST_NAMES, 13), random.sample(LAST_NAMES, 13), strict=True
    )
    for first, last in names:
        add_user(company, f"{first} {last}")
    for number in (5, 9):
        company["users"].change(number, {"active_flag": False})
    company["users"].change(9, {"is_deleted": True})
    for name, stages in zip(PIPELINES[1:], STAGES[1:], strict=True):
        add_pipeline(company, name, stages)
    add_activity_type(company, "Видеозвонок", "video_call", custom=True, icon="camera")
    gone = add_activity_type(company, "Fax", "fax", custom=True, icon="document")
    company["activity_types"].change(gone["id"], {"active_flag": False})
    add_pipeline(company, "Old pipeline", ("Only stage",))
    last_stage = company["stages"].next_id() - 1
    company["stages"].change(last_stage, {"is_deleted": True})
    company["pipelines"].change(4, {"is_deleted": True})
