"""Users' own, roles, teams, goals, webhooks, the mailbox: by column names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pipedrive_sql.sandbox import Company
from pipedrive_sql.sandbox.calls import call_row
from pipedrive_sql.sandbox.conditions import field_of
from pipedrive_sql.sandbox.filter_helpers import HELPERS, OPERATORS
from pipedrive_sql.sandbox.mailbox import messages_of
from pipedrive_sql.sandbox.members import CONNECTIONS, SETTINGS, permissions_of
from pipedrive_sql.sandbox.permission_sets import set_row
from pipedrive_sql.sandbox.pipeline_deals import listed_deal
from pipedrive_sql.sandbox.roles import pipelines_of, role_row
from pipedrive_sql.sandbox.webhooks import ADDONS

from .items import with_flags

Row = dict[str, Any]


def me(company: Company) -> Iterator[Row]:
    user = company["users"].rows[company.me]
    yield user | {
        "is_active": user["active_flag"],
        "company_id": company.id,
        "company_name": company.name,
        "company_domain": company.domain,
        "company_country": "EE",
        "company_industry": "IT Services",
        "language_code": "en",
        "language_country_code": "US",
    }


def followers(company: Company) -> Iterator[Row]:
    for row in company["followers"].rows.values():
        kind, user = row["item"]
        if kind == "user":
            time = row["add_time"]
            yield {"user_id": user, "follower_id": row["user_id"], "add_time": time}


def permissions(company: Company) -> Iterator[Row]:
    for user in company.rows("users"):
        for name, granted in permissions_of(user).items():
            yield {"user_id": user["id"], "permission": name, "is_granted": granted}


def role_assignments(company: Company) -> Iterator[Row]:
    for user in company.rows("users"):
        role = company["roles"].rows[user["role_id"]]
        yield {
            "user_id": user["id"],
            "role_id": role["id"],
            "parent_role_id": role["parent_role_id"],
            "name": role["name"],
            "is_active": role["active_flag"],
            "type": 1,
        }


def user_role_settings(company: Company) -> Iterator[Row]:
    for user in company.rows("users"):
        role = company["roles"].rows[user["role_id"]]
        yield {"user_id": user["id"], **role["settings"]}


def pairs(of: Row, name: str = "name", value: str = "value") -> Iterator[Row]:
    """A row for each key; true and false as JSON has them."""
    for key, held in of.items():
        told = str(held).lower() if isinstance(held, bool) else held
        yield {name: key, value: told}


def roles(company: Company) -> Iterator[Row]:
    for row in company.rows("roles"):
        shown = role_row(company, row)
        yield shown | row["settings"] | {"is_active": row["active_flag"]}


def role_settings(company: Company) -> Iterator[Row]:
    for row in company.rows("roles"):
        yield {"role_id": row["id"], **row["settings"]}


def role_pipelines(company: Company) -> Iterator[Row]:
    for row in company.rows("roles"):
        for visible in (False, True):
            for key in pipelines_of(company, row, visible)["pipeline_ids"]:
                yield {
                    "role_id": row["id"],
                    "pipeline_id": key,
                    "is_visible": visible,
                }


def permission_sets(company: Company) -> Iterator[Row]:
    for row in company.rows("permission_sets"):
        yield set_row(company, row) | {"contents": row["contents"]}


def set_contents(company: Company) -> Iterator[Row]:
    for row in company.rows("permission_sets"):
        for permission in row["contents"]:
            yield {"permission_set_id": row["id"], "permission": permission}


def set_assignments(company: Company) -> Iterator[Row]:
    sets = {row["id"]: row["name"] for row in company.rows("permission_sets")}
    for user in company.rows("users"):
        for access in user["access"]:
            key = access["permission_set_id"]
            name = sets[key]
            yield {"permission_set_id": key, "user_id": user["id"], "name": name}


def teams(company: Company) -> Iterator[Row]:
    for row in company.rows("teams"):
        yield row | {
            "user_ids": row["users"],
            "is_active": row["active_flag"],
            "is_deleted": row["deleted_flag"],
            "creator_user_id": row["created_by_user_id"],
        }


def team_users(company: Company) -> Iterator[Row]:
    for row in company.rows("teams"):
        for position, user in enumerate(row["users"]):
            yield {"team_id": row["id"], "position": position, "user_id": user}


# The sample's saved filters in SQL, as a person would write them.
IN_SQL = {
    "All open deals": "status = 'open'",
    "Hot deals": (
        "status = 'open' and value >= 10000 and "
        "('Hot' in (select value from json_each(labels)) or probability > 50) "
        "/* not documented: a set is each of its members */"
    ),
    "Won deals": "status = 'won'",
    "Deals of people @example": (
        "person_id in (select id from persons where name like '%a%') "
        "and org_id is not null"
    ),
    "Deals without value": "value = 0",
    "Everyone's people": "name is not null",
    "People without company": "org_id is null",
    "Software houses": "industry = 'Software'",
    "Big companies": "employee_count > 1000",
    "To do": "done = 0",
    "Taxed products": "tax > 0",
    "Unseen leads": "was_seen = 0",
    "Deal type: Inbound": "deal_type_7dd2 = 'Inbound'",
}


def filters(company: Company) -> Iterator[Row]:
    for row in company.rows("filters"):
        groups = [
            {"glue": glue, "conditions": list(_conditions(company, row, glue))}
            for glue in ("and", "or")
        ]
        yield row | {
            "is_active": row["active_flag"],
            "is_temporary": row["temporary_flag"],
            "conditions": {"glue": "and", "conditions": groups},
            "sql": IN_SQL[row["name"]],
        }


def _conditions(company: Company, row: Row, glue: str) -> Iterator[Row]:
    for group in row["conditions"]["conditions"]:
        for condition in group["conditions"] if group["glue"] == glue else ():
            yield condition | {"field_code": field_of(company, condition).code}


def filter_conditions(company: Company) -> Iterator[Row]:
    for row in company.rows("filters"):
        for glue in ("and", "or"):
            for position, found in enumerate(_conditions(company, row, glue)):
                yield found | {
                    "filter_id": row["id"],
                    "glue": glue,
                    "position": position,
                    "is_json_value": found["json_value_flag"],
                }


def goals(company: Company) -> Iterator[Row]:
    for row in company.rows("goals"):
        params, outcome = row["type"]["params"], row["expected_outcome"]
        yield row | {
            "type": row["type"]["name"],
            "pipeline_ids": params.get("pipeline_id"),
            "stage_id": params.get("stage_id"),
            "activity_type_ids": params.get("activity_type_id"),
            "assignee_type": row["assignee"]["type"],
            "assignee_id": row["assignee"]["id"],
            "start_date": row["duration"]["start"],
            "end_date": row["duration"]["end"],
            "target": outcome["target"],
            "tracking_metric": outcome["tracking_metric"],
            "currency_id": outcome.get("currency_id"),
        }


def mail_threads(company: Company) -> Iterator[Row]:
    for row in company.rows("mail_threads"):
        yield with_flags(row) | {
            "from_parties": row["parties"]["from"],
            "to_parties": row["parties"]["to"],
            "is_externally_deleted": row["external_deleted_flag"],
            "is_all_sent": row["all_messages_sent_flag"],
        }


def mail_messages(company: Company) -> Iterator[Row]:
    for thread in company.rows("mail_threads"):
        for row in messages_of(company, thread):
            yield with_flags(row) | {
                "body": company["mail_messages"].rows[row["id"]]["body"],
            }


def call_logs(company: Company) -> Iterator[Row]:
    for row in company.rows("call_logs"):
        if row["user_id"] == company.me:
            yield call_row(row)


def open_deals(parent: str) -> Callable[[Company], Iterator[Row]]:
    """The open deals of the pipelines or stages that are listed."""

    def found(company: Company) -> Iterator[Row]:
        parents = {row["id"] for row in company.rows(parent)}
        for row in company.rows("deals"):
            if row["status"] == "open" and row[f"{parent[:-1]}_id"] in parents:
                shown = listed_deal(company, row)
                label = shown["label"] or ""
                yield shown | {
                    "owner_id": shown["user_id"],
                    "label_ids": [int(one) for one in label.split(",") if one],
                    "is_active": shown["active"],
                    "is_deleted": shown["deleted"],
                    "is_person_hidden": shown["person_hidden"],
                    "is_org_hidden": shown["org_hidden"],
                    "smart_bcc_email": shown["cc_email"],
                }

    return found


ITERATED: dict[str, Callable[[Company], Iterator[Row]]] = {
    "users_me": me,
    "user_followers": followers,
    "user_permissions": permissions,
    "user_role_assignments": role_assignments,
    "user_role_settings": user_role_settings,
    "user_connections": lambda company: pairs(CONNECTIONS),
    "user_settings": lambda company: pairs(SETTINGS),
    "roles": roles,
    "role_assignments": role_assignments,
    "role_settings": role_settings,
    "role_pipelines": role_pipelines,
    "permission_sets": permission_sets,
    "permission_set_contents": set_contents,
    "permission_set_assignments": set_assignments,
    "teams": teams,
    "team_users": team_users,
    "filters": filters,
    "filter_conditions": filter_conditions,
    "filter_operators": lambda company: pairs(OPERATORS, "field_type", "operators"),
    "filter_helpers": lambda company: pairs(HELPERS),
    "goals": goals,
    "webhooks": lambda company: iter(company.rows("webhooks")),
    "billing_addons": lambda company: ({"code": code} for code in ADDONS),
    "mail_threads": mail_threads,
    "mail_messages": mail_messages,
    "call_logs": call_logs,
    "pipeline_deals": open_deals("pipelines"),
    "stage_deals": open_deals("stages"),
}


def _listed(of: Callable[[Company], Iterator[Row]]) -> Callable[[Company], list[Row]]:
    return lambda company: list(of(company))


LISTED = {name: _listed(of) for name, of in ITERATED.items()}
