"""Projects, what hangs on them, and the parts of deals, by column names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pipedrive_sql.sandbox import Company
from pipedrive_sql.sandbox.activities_v1 import activity_row
from pipedrive_sql.sandbox.deal_reports import summary
from pipedrive_sql.sandbox.participants import changes, participants, person_v1
from pipedrive_sql.sandbox.permitted import permitted
from pipedrive_sql.sandbox.project_items import plan, task_row

Row = dict[str, Any]


def of_projects(of: Callable[[Company, Row], Iterator[Row]]) -> Any:
    """The children of every listed project, with its key."""
    return lambda company: [
        child | {"project_id": row["id"]}
        for row in company.rows("projects")
        for child in of(company, row)
    ]


def of_deals(of: Callable[[Company, Row], Iterator[Row]]) -> Any:
    return lambda company: [
        child | {"deal_id": row["id"]}
        for row in company.rows("deals")
        for child in of(company, row)
    ]


def changed(company: Company, project: Row) -> Iterator[Row]:
    for row in company["project_changes"].rows.values():
        if row["project_id"] == project["id"]:
            yield row


def permitted_users(company: Company, project: Row) -> Iterator[Row]:
    for user in permitted(company, project | {"visible_to": 7}):
        yield {"user_id": user}


def groups(company: Company, project: Row) -> Iterator[Row]:
    for row in company["project_groups"].rows.values():
        if row["project_id"] == project["id"]:
            yield row


def tasks(company: Company, project: Row) -> Iterator[Row]:
    for row in company["tasks"].rows.values():
        if row["project_id"] == project["id"]:
            yield task_row(row) | {"is_done": row["is_done"]}


def activities(company: Company, project: Row) -> Iterator[Row]:
    for row in company["activities"].rows.values():
        if row["project_id"] == project["id"] and not row["is_deleted"]:
            old = activity_row(company, row)
            told = {name: row[name] for name in ("owner_id", "busy", "done")}
            yield old | told | {"is_active": True}


def parts(name: str) -> Callable[[Company, Row], Iterator[Row]]:
    """The rows of a collection that are of a deal."""

    def of(company: Company, deal: Row) -> Iterator[Row]:
        for row in company[name].rows.values():
            if row["deal_id"] == deal["id"]:
                yield row

    return of


def taking_part(company: Company, deal: Row) -> Iterator[Row]:
    for key, person, by in participants(company, deal):
        whole = person_v1(company, person)
        yield {
            "id": key,
            "deal_title": deal["title"],
            "person_id": person["id"],
            "person_name": person["name"],
            "email": primary(person["emails"]),
            "phone": primary(person["phones"]),
            "owner_id": person["owner_id"],
            "org_id": person["org_id"],
            "add_time": deal["add_time"],
            "added_by_user_id": by,
            "is_active": not person["is_deleted"],
            "person": whole,
        }


def primary(every: list[Row]) -> Any:
    first = [one for one in every if one["primary"]] + every
    return first[0]["value"] if first else None


def took_part(company: Company, deal: Row) -> Iterator[Row]:
    yield from changes(company, deal)


def summed(shelf: str) -> Callable[[Company], list[Row]]:
    def row(company: Company) -> list[Row]:
        found = summary(company, list(company["deals"].on(shelf)))
        short = {
            name.replace("_currency_converted", ""): value
            for name, value in found.items()
        }
        return [found | short]

    return row


LISTED: dict[str, Callable[[Company], list[Row]]] = {
    "project_changelog": of_projects(changed),
    "project_permitted_users": of_projects(permitted_users),
    "project_plan_items": of_projects(plan),
    "project_groups": of_projects(groups),
    "project_tasks": of_projects(tasks),
    "project_activities": of_projects(activities),
    "deal_installments": of_deals(parts("deal_installments")),
    "deal_discounts": of_deals(parts("deal_discounts")),
    "deal_participants": of_deals(taking_part),
    "deal_participants_changelog": of_deals(took_part),
    "deal_summary": summed("live"),
    "deal_summary_archived": summed("archived"),
}
