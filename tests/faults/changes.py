"""What happens to the rows of a list between two of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import orjson

from pipedrive_sql.sandbox import Company
from pipedrive_sql.sandbox.collection import Collection, Row
from pipedrive_sql.sandbox.heard import Heard
from pipedrive_sql.sandbox.item_deals import attached_to

_ITEMS = {"deals": "deal", "persons": "person", "organizations": "organization"}
_FOLLOWED = {**_ITEMS, "products": "product", "users": "user"}
_V1 = {
    "callLogs": "call_logs",
    "files": "files",
    "leads": "leads",
    "leads/archived": "leads",
    "mailbox/mailThreads": "mail_threads",
    "notes": "notes",
    "notes/{id}/comments": "note_comments",
    "permissionSets/{id}/assignments": "users",
    "persons/{id}/products": "deal_products",
    "pipelines/{id}/deals": "deals",
    "products/{id}/deals": "deals",
    "products/{id}/files": "files",
    "recents": "deals",
    "roles": "roles",
    "roles/{id}/assignments": "users",
    "stages/{id}/deals": "deals",
    **{f"{name}/{{id}}/changelog": "changes" for name in _ITEMS},
    **{f"{name}/{{id}}/files": "files" for name in _ITEMS},
    **{f"{name}/{{id}}/flow": "activities" for name in _ITEMS},
    **{f"{name}/{{id}}/mailMessages": "mail_messages" for name in _ITEMS},
}
_V2 = {
    "activities": "activities",
    "deals": "deals",
    "deals/archived": "deals",
    "deals/installments": "deal_installments",
    "deals/products": "deal_products",
    "organizations": "organizations",
    "persons": "persons",
    "pipelines": "pipelines",
    "products": "products",
    "products/{id}/variations": "product_variations",
    "projectTemplates": "project_templates",
    "projects": "projects",
    "projects/archived": "projects",
    "projects/{id}/changelog": "project_changes",
    "stages": "stages",
    "tasks": "tasks",
    **{f"{name}/{{id}}/followers": "followers" for name in _FOLLOWED},
    **{
        f"{name}/{{id}}/followers/changelog": "follower_changes"
        for name in _FOLLOWED
        if name != "users"
    },
}
BEHIND = {
    **{f"GET /v1/{path}": name for path, name in _V1.items()},
    **{f"GET /api/v2/{path}": name for path, name in _V2.items()},
}
"""Lists, and the collections whose rows they show."""

_CALLED = ("title", "name", "subject", "content", "new_value")  # what may change
_BY_ITEM = {"followers", "follower_changes", "changes"}
_SOFT = {"notes": "active_flag", "files": "active_flag", "note_comments": "active_flag"}


class Change:
    """Listens to a sandbox, and changes its company, for a while.

    It does `acts` once, to rows of a page of one of the lists `ends` that is not the
    last one. `done` are the lists that were changed, at most one.
    """

    def __init__(self, company: Company, ends: set[str], acts: Sequence[str]) -> None:
        self.done: set[str] = set()
        self._company = company
        self._ends = ends & BEHIND.keys()
        self._acts = acts
        self._before: list[tuple[Collection, Any, Row | None]] = []

    def __call__(self, heard: Heard) -> None:
        if heard.endpoint not in self._ends or self.done:
            return
        answer = orjson.loads(heard.answer)
        more = answer["additional_data"]
        if not (more.get("next_cursor") or "next_start" in more.get("pagination", {})):
            return
        rows = self._company[BEHIND[heard.endpoint]]
        keys = [key for key in self._keys(heard, answer["data"]) if key in rows.rows]
        if keys:
            self.done.add(heard.endpoint)
            for act in self._acts:
                what, _, which = act.partition(" ")
                self._do(what, rows, keys[-1 if which == "last" else 0])

    def undo(self) -> None:
        """Let all be as before."""
        for rows, key, before in reversed(self._before):
            if before is None:
                rows.remove(key)
            elif key in rows.rows:
                rows.change(key, before)
            else:
                rows.add(before)
        self._before.clear()

    def _keys(self, heard: Heard, data: list[Row]) -> list[Any]:
        """The keys of the rows that an answer shows, or of some of them."""
        behind, company = BEHIND[heard.endpoint], self._company
        if "{id}" in heard.endpoint:
            path = heard.path.removeprefix("/api/v2/").removeprefix("/v1/")
            parent, key = path.split("/")[:2]
            if behind in _BY_ITEM:
                item = _FOLLOWED[parent], int(key)
                return [row["id"] for row in company[behind].children("item", item)]
            if behind == "project_changes":
                children = company[behind].children("project_id", int(key))
                return [row["id"] for row in children]
            if behind == "deal_products":
                return [row["id"] for row in attached_to(company, int(key))]
            if behind == "note_comments":
                children = company[behind].children("note_id", int(key))
                return [row["id"] for row in children]
            if behind == "activities":
                return [
                    row["data"]["id"] for row in data if row["object"] == "activity"
                ]
            if behind == "users":
                return [row["user_id"] for row in data]
            if behind == "mail_messages":
                return [row["data"]["id"] for row in data]
        if heard.path == "/v1/recents":
            return [row["id"] for row in data if row["item"] == "deal"]
        if behind == "roles":
            above = {row["parent_role_id"] for row in company[behind].on("live")}
            return [row["id"] for row in data if row["id"] not in above]
        return [row["id"] for row in data]

    def _do(self, what: str, rows: Collection, key: Any) -> None:
        row = rows.rows[key].copy()
        if what == "add":
            new = rows.next_id() if isinstance(key, int) else str(uuid4())
            self._before.append((rows, new, None))
            rows.add(row | {"id": new})
            return
        self._before.append((rows, key, row))
        flag = "is_deleted" if "is_deleted" in row else _SOFT.get(rows.name, "")
        called = next((name for name in _CALLED if name in row), None)
        if what == "change" and called is not None:
            rows.change(key, {called: f"{row[called]} (changed)"})
        elif what == "delete" and flag:
            rows.change(key, {flag: not row[flag]})
        elif what == "delete":
            rows.remove(key)
