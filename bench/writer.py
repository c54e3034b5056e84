"""People at work: rows of an account are added, changed, archived, merged, deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, Self

import httpx

from .served import Served

_LISTS = {
    "deals": "/api/v2/deals",
    "persons": "/api/v2/persons",
    "organizations": "/api/v2/organizations",
    "activities": "/api/v2/activities",
    "notes": "/v1/notes",
    "leads": "/v1/leads",
}
_TEXTS = {
    "deals": "title",
    "persons": "name",
    "organizations": "name",
    "activities": "subject",
    "notes": "content",
    "leads": "title",
}
_OFTEN = 8  # one change of each kind in so many steps is a rare one
_LEFT = 0.7  # of the rows of each table, whatever happens

Key = int | str


class Writer:
    """Writes to the account of a sandbox, the same for the same seed.

    `gone` are the keys of rows that were there at the beginning and are no more, by
    table; `done` counts what was done.
    """

    def __init__(self, served: Served, seed: int = 1) -> None:
        self._dice = Random(seed)
        self._http = httpx.Client(
            base_url=served.url, headers={"x-api-token": served.token}, timeout=60
        )
        self._there = {name: self._keys(path) for name, path in _LISTS.items()}
        self._first = {name: set(keys) for name, keys in self._there.items()}
        self._archived: list[Key] = []
        self.gone: dict[str, set[Key]] = {name: set() for name in _LISTS}
        self.done: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._http.close()

    def step(self) -> None:
        """Do one thing."""
        table = self._dice.choice(list(_LISTS))
        how = self._dice.choice([self._change] * _OFTEN + [*self._rare(table)])
        how(table)
        self.done[how.__name__.strip("_")] += 1

    def change(self, part: float) -> int:
        """Change so much of the deals, each once; how many these are."""
        keys = self._there["deals"]
        some = self._dice.sample(keys, round(len(keys) * part))
        for key in some:
            self._set("deals", key, {"value": self._dice.randrange(10_000)})
        return len(some)

    def _rare(self, table: str) -> list[Callable[[str], None]]:
        found: list[Callable[[str], None]] = [self._add, self._add, self._delete]
        if table in ("deals", "persons", "organizations"):
            found.append(self._merge)
        if table == "deals":
            found += [self._archive, self._archive, self._bring_back]
        if table in ("deals", "leads"):
            found.append(self._convert)
        return found

    # What is done

    def _change(self, table: str) -> None:
        changes: dict[str, Any] = {_TEXTS[table]: self._text()}
        if table == "deals" and self._dice.random() < 0.5:
            changes["status"] = self._dice.choice(["open", "won", "lost"])
            changes["label_ids"] = []
        if table == "persons" and self._dice.random() < 0.5:
            changes["emails"] = [{"value": f"{self._text()}@example.com"}]
        self._set(table, self._one(table), changes)

    def _add(self, table: str) -> None:
        row: dict[str, Any] = {_TEXTS[table]: self._text()}
        if table in ("notes", "leads"):
            row["person_id"] = self._one("persons")
        if table == "deals":
            row["org_id"] = self._one("organizations")
        answer = self._send("POST", _LISTS[table], row)
        self._there[table].append(answer["id"])

    def _delete(self, table: str) -> None:
        if (key := self._last_one(table)) is not None:
            self._send("DELETE", f"{_LISTS[table]}/{key}")

    def _archive(self, table: str) -> None:
        key = self._one(table)
        self._there[table].remove(key)
        self._archived.append(key)
        self._set(table, key, {"is_archived": True})

    def _bring_back(self, table: str) -> None:
        if self._archived:
            key = self._archived.pop(self._dice.randrange(len(self._archived)))
            self._there[table].append(key)
            self._set(table, key, {"is_archived": False})

    def _merge(self, table: str) -> None:
        if (key := self._last_one(table)) is not None:
            body = {"merge_with_id": self._one(table)}
            self._send("PUT", f"/v1/{table}/{key}/merge", body)

    def _convert(self, table: str) -> None:
        if (key := self._last_one(table)) is not None:
            into = "lead" if table == "deals" else "deal"
            self._send("POST", f"/api/v2/{table}/{key}/convert/{into}", {})

    # How

    def _text(self) -> str:
        return f"changed {self._dice.randrange(10**9)}"

    def _one(self, table: str) -> Key:
        return self._dice.choice(self._there[table])

    def _last_one(self, table: str) -> Key | None:
        """A row that is about to go; None where few are left."""
        keys = self._there[table]
        if len(keys) <= _LEFT * len(self._first[table]):
            return None
        key = keys.pop(self._dice.randrange(len(keys)))
        if key in self._first[table]:
            self.gone[table].add(key)
        return key

    def _set(self, table: str, key: Key, changes: dict[str, Any]) -> None:
        method = "PUT" if table == "notes" else "PATCH"
        self._send(method, f"{_LISTS[table]}/{key}", changes)

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._http.request(method, path, json=body)
        if answer.status_code >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json()["data"]

    def _keys(self, path: str) -> list[Key]:
        """The keys of all rows of a list."""
        found: list[Key] = []
        query: dict[str, Any] = {"limit": 500}
        while True:
            answer = self._http.get(path, params=query).raise_for_status().json()
            found += [row["id"] for row in answer["data"] or ()]
            more = answer["additional_data"]
            if more.get("next_cursor"):
                query["cursor"] = more["next_cursor"]
            elif "next_start" in more.get("pagination", {}):
                query["start"] = more["pagination"]["next_start"]
            else:
                return found
