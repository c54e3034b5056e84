"""How the sample company is run: roles, permission sets, teams, goals, webhooks."""

from __future__ import annotations

import hashlib
from random import Random

from .collection import Row
from .company import Company
from .followers import follow
from .goals import TYPES

ASSIGNED = "(Unassigned users)"
_SETTINGS = {
    "deal_default_visibility": 3,
    "lead_default_visibility": 3,
    "org_default_visibility": 7,
    "person_default_visibility": 7,
    "product_default_visibility": 7,
}
_DEFAULT_SETTINGS = _SETTINGS | {
    "deal_access_level": 3,
    "org_access_level": 7,
    "person_access_level": 7,
    "product_access_level": 7,
}
_ROLES: tuple[tuple[str, int, bool, tuple[int, ...]], ...] = (
    ("Admins", 1, True, ()),
    ("Sales managers", 2, True, (3,)),
    ("Продажи", 3, True, (2, 3)),
    ("Nobody's role", 1, False, (1, 2, 3)),
)
"""Name, parent, whether active, hidden pipelines; the first one has the id 2."""

# id, name, app, type, what it permits (spec: GET /permissionSets)
_SETS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    (
        "62cc4d7f-4038-4352-abf3-a8c1c822b631",
        "Deals admin",
        "sales",
        "admin",
        ("can_add_products", "can_delete_deals", "can_use_api", "can_use_import"),
    ),
    (
        "f07d229d-088a-4144-a40f-1fe64295d180",
        "Deals regular user",
        "sales",
        "regular",
        ("can_add_products", "can_use_api"),
    ),
    (
        "233b7976-39bd-43a9-b305-ef3a2b0998e5",
        "Global admin",
        "global",
        "admin",
        ("can_modify_labels", "can_see_security_dashboard"),
    ),
    (
        "ec8a42e5-1842-490d-9113-b3a3b4b1c0a9",
        "Global regular user",
        "global",
        "regular",
        (),
    ),
    (
        "982c5ce5-b8ba-4b47-b102-9da024f4b990",
        "Account settings",
        "account_settings",
        "admin",
        ("can_manage_billing",),
    ),
)
PERMISSION_SETS = {(app, kind == "admin"): key for key, _, app, kind, _ in _SETS}
"""The id of the set for each app, for admins and for others."""


def furnish_office(company: Company) -> None:
    """What every account has: the role of all who have no other, permission sets."""
    _add_role(company, ASSIGNED, 1, True, (), _DEFAULT_SETTINGS)
    for key, name, app, kind, contents in _SETS:
        company["permission_sets"].add(
            {
                "id": key,
                "name": name,
                "description": f"{name}: access to {app} data" if contents else "",
                "app": app,
                "type": kind,
                "contents": list(contents),
            }
        )


def fill_office(company: Company) -> None:
    """Roles for most users; teams, goals, webhooks; who follows whom."""
    random = Random(f"office {company.seed}")
    for name, parent, active, hidden in _ROLES:
        _add_role(company, name, parent, active, hidden, _SETTINGS)
    users = list(company["users"].rows)
    for place, user in enumerate(users):
        role = 2 if user == company.me else (1, 3, 4, 4, 4)[place % 5]
        company["users"].change(user, {"role_id": role})
    for user in users[:6]:
        others = [other for other in users if other != user]
        for other in random.sample(others, user % 4):
            time = f"2024-0{user}-1{other % 10}T10:00:00Z"
            follow(company, ("user", user), other, other, time)
    _add_teams(company, users)
    _add_goals(company, users, random)
    _add_webhooks(company)


def _add_role(
    company: Company,
    name: str,
    parent: int,
    active: bool,
    hidden: tuple[int, ...],
    settings: Row,
) -> None:
    company["roles"].add(
        {
            "id": company["roles"].next_id(),
            "parent_role_id": parent,
            "name": name,
            "active_flag": active,
            "settings": dict(settings),
            "hidden_pipelines": hidden,
        }
    )


def _add_teams(company: Company, users: list[int]) -> None:
    named = (("Closers", "Berlin office", 4), ("Coffee", "", 3), ("Пустая", None, 0))
    for number, (name, about, size) in enumerate(named, 1):
        company["teams"].add(
            {
                "id": number,
                "name": name,
                "description": about,
                "manager_id": users[number],
                "users": users[number : number + size],
                "active_flag": int(size != 3),
                "deleted_flag": 0,
                "add_time": f"2023-0{number}-07 09:06:09",
                "created_by_user_id": company.me,
            }
        )


def _add_goals(company: Company, users: list[int], random: Random) -> None:
    kinds = list(TYPES)
    for number in range(12):
        kind = kinds[number % len(kinds)]
        outcome: Row = {"target": (10, 100, 250)[number % 3]}
        outcome["tracking_metric"] = "sum" if number % 4 == 0 else "quantity"
        if number % 4 == 0:
            outcome["currency_id"] = 1
        assignee = ("person", "company", "team")[number % 3]
        params: Row = {"pipeline_id": [1, 2] if number % 2 else None}
        if kind.startswith("activities"):
            params = {"activity_type_id": [1, 2], "pipeline_id": None}
        elif kind == "deals_progressed":
            params["stage_id"] = 2
        key = hashlib.md5(f"goal {company.seed} {number}".encode()).hexdigest()
        company["goals"].add(
            {
                "id": key,
                "owner_id": company.me if number < 4 else random.choice(users),
                "title": f"Goal {number}: {TYPES[kind]}",
                "type": {"name": TYPES[kind], "params": params},
                "assignee": {
                    "id": {"company": company.id, "team": 1}.get(
                        assignee, company.me if number < 4 else random.choice(users)
                    ),
                    "type": assignee,
                },
                "interval": ("weekly", "monthly", "quarterly", "yearly")[number % 4],
                "duration": {
                    "start": "2025-01-01",
                    "end": None if number % 3 == 0 else "2026-12-31",
                },
                "expected_outcome": outcome,
                "is_active": number % 5 != 4,
                "report_ids": [hashlib.md5(key.encode()).hexdigest()],
            }
        )


def _add_webhooks(company: Company) -> None:
    kinds = (("change", "deal"), ("*", "*"), ("create", "person"), ("delete", "lead"))
    for number, (action, entity) in enumerate(kinds, 1):
        gone = number == 4
        company["webhooks"].add(
            {
                "id": number,
                "company_id": company.id,
                "owner_id": company.me,
                "user_id": number,
                "event_action": action,
                "event_object": entity,
                "subscription_url": f"https://hooks.example/{number}",
                "version": "2.0" if number > 1 else "1.0",
                "is_active": int(not gone),
                "add_time": f"2025-0{number}-25T08:25:27.000Z",
                "remove_time": "2025-09-01T00:00:00.000Z" if gone else None,
                "type": ("general", "application", "automation")[number % 3],
                "http_auth_user": "hook" if number == 2 else None,
                "http_auth_password": "hunter2" if number == 2 else None,
                "remove_reason": "3 days without success" if gone else None,
                "last_delivery_time": "2026-09-29T23:00:00.000Z"
                if number < 3
                else None,
                "last_http_status": (200, 204, None, 500)[number - 1],
                "admin_id": company.me,
                "name": f"Webhook {number}",
            }
        )
