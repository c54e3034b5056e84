"""Projects of the sample company: boards, phases, templates, tasks, what happened."""

from __future__ import annotations

from random import Random
from typing import Any

from . import blanks
from .company import Company
from .sample_contacts import Times, kinds
from .sample_values import add_custom_fields, draw, pools
from .times import day_text, time_text
from .words import COMPANY_NAMES, NOTES, ODD_TEXTS, SUBJECTS, TOPICS

BOARDS = (
    ("Delivery", ("Kick-off", "Planning", "Implementation", "Review", "Done")),
    ("Внедрение", ("Начало", "Конец")),
    ("Empty board", ()),
)
FOUNDED = "2021-03-01T09:00:00.000Z"
STATUSES = ("open",) * 6 + ("completed",) * 3 + ("canceled",)
GROUPS = ("Design", "Build & test", "")
DAY = 86_400
AGENT = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/121.0.0.0"


def add_projects(company: Company, count: int, random: Random) -> None:
    """`count` projects in the list; archived and deleted ones come on top."""
    add_custom_fields(company, "project")
    for field in company.custom("project").values():
        field.options_deleted.clear()  # v1, which would tell them, has no such fields
    _add_boards(company)
    values = pools(company, "project", random)
    found = kinds(
        count, random, archived=max(count // 5, 2), deleted=max(count // 10, 1)
    )
    times = Times(company, len(found), random)
    draft = _Draft(company, random)
    for index, kind in enumerate(found):
        added, updated = times.of(index)
        row = draft.project(index + 1, added, updated)
        row["custom_fields"] = draw(values, random.random)
        if kind == "archived":
            row["archive_time"] = row["update_time"]
        elif kind == "deleted":
            row["status"] = "deleted"
        company["projects"].add(row)
        draft.groups(row)
        draft.tasks(row, added, updated)
        draft.changes(row)
    _join_activities(company, random)
    _join_notes(company, random)


def _add_boards(company: Company) -> None:
    times = {"add_time": FOUNDED, "update_time": FOUNDED}
    boards, phases = company["boards"], company["phases"]
    for number, (name, steps) in enumerate(BOARDS, 1):
        boards.add({"id": number, "name": name, "order_nr": number, **times})
        for place, step in enumerate(steps, 1):
            row = {"id": phases.next_id(), "name": step, "board_id": number}
            phases.add({**row, "order_nr": place, **times})
    for number, title in enumerate(("Office renovation", "Onboarding"), 1):
        company["project_templates"].add(
            {
                "id": number,
                "title": title,
                "description": ""
                if number == 1
                else "<p>What a new customer needs</p>",
                "projects_board_id": number,
                "owner_id": number,
                **times,
            }
        )


class _Draft:
    """What every project draws from."""

    def __init__(self, company: Company, random: Random) -> None:
        self.company = company
        self.random = random
        self.users = list(company["users"].rows)
        self.deals = list(company["deals"].rows)
        self.people = list(company["persons"].rows)
        self.organizations = list(company["organizations"].rows)
        self.phases = list(company["phases"].rows.values())

    def moment(self, seconds: int) -> str:
        """With milliseconds, as everything of projects is."""
        return f"{time_text(seconds)[:-1]}.{self.random.randrange(1000):03d}Z"

    def some(self, keys: list[int], most: int) -> list[int]:
        return self.random.sample(keys, self.random.randint(0, most))

    def project(self, number: int, added: int, updated: int) -> dict[str, Any]:
        random, rnd = self.random, self.random.random
        phase = random.choice(self.phases)
        title = f"{random.choice(COMPANY_NAMES)} {random.choice(TOPICS)}"
        return blanks.PROJECT | {
            "id": number,
            "title": random.choice(ODD_TEXTS) if rnd() < 0.1 else title,
            "description": random.choice((None, "", "plain", *NOTES[:3])),
            "status": random.choice(STATUSES),
            "board_id": phase["board_id"],
            "phase_id": phase["id"],
            "owner_id": random.choice(self.users),
            "start_date": day_text(added) if rnd() < 0.8 else None,
            "end_date": day_text(added + random.randrange(90) * DAY)
            if rnd() < 0.7
            else None,
            "deal_ids": self.some(self.deals, 3),
            "person_ids": self.some(self.people, 2),
            "org_ids": self.some(self.organizations, 1),
            "label_ids": self.some([31, 32, 33, 99], 2),
            "health_status": random.choice((None, 10, 50, 90)),
            "add_time": self.moment(added),
            "update_time": self.moment(updated),
            "status_change_time": self.moment(updated),
        }

    def groups(self, project: dict[str, Any]) -> None:
        groups = self.company["project_groups"]
        for place in range(self.random.randint(0, len(GROUPS))):
            groups.add(
                {
                    "id": groups.next_id(),
                    "project_id": project["id"],
                    "name": GROUPS[place],
                    "order_nr": place + 1,
                }
            )

    def tasks(self, project: dict[str, Any], added: int, updated: int) -> None:
        random, rnd, tasks = self.random, self.random.random, self.company["tasks"]
        roots: list[int] = []
        for _ in range(random.randint(0, 5)):
            done = rnd() < 0.4
            row = blanks.TASK | {
                "id": tasks.next_id(),
                "title": random.choice(SUBJECTS),
                "creator_id": random.choice(self.users),
                "description": random.choice((None, "", "<b>Now</b>")),
                "project_id": project["id"],
                "is_done": done,
                "is_milestone": rnd() < 0.2,
                "due_date": day_text(updated) if rnd() < 0.7 else None,
                "start_date": day_text(added) if rnd() < 0.5 else None,
                "parent_task_id": random.choice(roots)
                if roots and rnd() < 0.4
                else None,
                "assignee_ids": self.some(self.users, 3),
                "priority": random.choice((None, None, 1, 2)),
                "add_time": self.moment(added),
                "update_time": self.moment(updated),
                "marked_as_done_time": self.moment(updated) if done else None,
            }
            tasks.add(row)
            if row["parent_task_id"] is None:
                roots.append(row["id"])

    def changes(self, project: dict[str, Any]) -> None:
        random, log = self.random, self.company["project_changes"]
        pairs: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
            ({"title": "Old title"}, {"title": project["title"]}),
            (
                {"status": "canceled", "board_id": 2},
                {"status": "open", "board_id": project["board_id"]},
            ),
            ({"description": project["description"]}, {"description": None}),
        )
        for old, new in pairs[: random.randint(0, len(pairs))]:
            source = random.choice(("app", "api", None))
            log.add(
                {
                    "id": log.next_id(),
                    "project_id": project["id"],
                    "change_source": source,
                    "change_source_user_agent": AGENT if source == "app" else None,
                    "time": project["update_time"],
                    "new_values": new,
                    "old_values": old,
                    "actor_user_id": random.choice(self.users),
                }
            )


def _join_activities(company: Company, random: Random) -> None:
    """Activities without a deal and a lead may be of a project."""
    projects = list(company["projects"].rows)
    activities = company["activities"]
    for row in list(activities.rows.values()):
        free = row["deal_id"] is None and row["lead_id"] is None
        if free and random.random() < 0.3:
            activities.change(row["id"], {"project_id": random.choice(projects)})


def _join_notes(company: Company, random: Random) -> None:
    """Some notes on persons are on a project or a task as well."""
    projects, tasks = list(company["projects"].rows), list(company["tasks"].rows)
    for row in list(company["notes"].rows.values()):
        if row["person_id"] is None or random.random() > 0.3:
            continue
        changes: dict[str, Any] = {"project_id": random.choice(projects)}
        if random.random() < 0.4:
            changes = {"task_id": random.choice(tasks)}
        elif random.random() < 0.3:
            changes["pinned_to_project_flag"] = True
        company["notes"].change(row["id"], changes)
