"""Lists of v1 whose rows v2 has too: the same rows, in the shapes of v1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .front_door import Door, Row, ids, opened


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with opened(deals=60) as found:
        yield found


@pytest.mark.parametrize(
    ("old", "new", "query"),
    [
        ("deals/archived", "deals/archived", {}),
        ("projects", "projects", {}),
        ("projects", "projects", {"status": "open,deleted"}),
        ("projects", "projects", {"phase_id": 2}),
        ("projects/boards", "boards", {}),
        ("projects/phases", "phases", {"board_id": 1}),
        ("projectTemplates", "projectTemplates", {}),
        ("tasks", "tasks", {}),
        ("tasks", "tasks", {"project_id": 4}),
        ("tasks", "tasks", {"assignee_id": 2}),
    ],
)
def test_a_twin_lists_the_same_rows(
    door: Door, old: str, new: str, query: dict[str, Any]
) -> None:
    found = door.rows(f"/v1/{old}", **query)
    assert found
    assert sorted(ids(found)) == sorted(ids(door.rows(f"/api/v2/{new}", **query)))


@pytest.mark.parametrize(
    "path",
    ["projects", "projects/boards", "projects/phases", "projectTemplates", "tasks"],
)
def test_one_row_is_that_of_the_list(door: Door, path: str) -> None:
    query = {"board_id": 1} if path.endswith("phases") else {}
    for row in door.rows(f"/v1/{path}", **query):
        answer = door("GET", f"/v1/{path}/{row['id']}")
        assert (answer["data"], answer["additional_data"]) == (row, None)
    door.refused(404, "GET", f"/v1/{path}/99999")


def test_pages_by_cursor_bring_every_row_once() -> None:
    with opened(deals=60, page_cap=2) as door:
        for path in ("/v1/projects", "/v1/tasks"):
            found = ids(door.rows(path))
            name = path.rpartition("/")[2]
            assert found == ids(door.sandbox.company.rows(name))


@pytest.mark.unofficial  # null in place of an array
def test_an_empty_list_is_null(door: Door) -> None:
    assert door("GET", "/v1/projects", phase_id=99)["data"] is None
    assert door("GET", "/v1/projects/phases", board_id=3)["data"] is None


def test_archived_projects_come_when_asked_for(door: Door) -> None:
    plain = set(ids(door.rows("/v1/projects")))
    every = set(ids(door.rows("/v1/projects", include_archived="true")))
    archived = set(ids(door.rows("/api/v2/projects/archived")))
    assert archived
    assert (every - plain, plain & archived) == (archived, set())


def test_a_project_has_one_person_and_its_custom_fields_flat(door: Door) -> None:
    new = {row["id"]: row for row in door.rows("/api/v2/projects")}
    custom: set[str] = set()
    for row in door.rows("/v1/projects"):
        twin = new[row["id"]]
        assert row["person_id"] == next(iter(twin["person_ids"]), None)
        assert row["labels"] == twin["label_ids"]
        assert "custom_fields" not in row
        custom |= set(row) & set(twin["custom_fields"])
        assert row["add_time"] == twin["add_time"].replace("T", " ")[:-1]
    assert len(custom) > 5


def test_tasks_are_done_or_not(door: Door) -> None:
    done = ids(door.rows("/v1/tasks", done=1))
    assert done == ids(door.rows("/api/v2/tasks", is_done="true"))
    assert {row["done"] for row in door.rows("/v1/tasks", done=0)} == {0}


@pytest.mark.unofficial  # described so, and typed as an integer
def test_tasks_without_a_parent(door: Door) -> None:
    found = door.rows("/v1/tasks", parent_task_id="null")
    every = door.rows("/v1/tasks")
    assert found == [row for row in every if row["parent_task_id"] is None] != every


def test_boards_have_times_without_milliseconds(door: Door) -> None:
    (first, *_) = door.rows("/v1/projects/boards")
    assert first["add_time"] == "2021-03-01 09:00:00"
    (first, *_) = door.rows("/v1/projectTemplates")
    assert first["add_time"] == "2021-03-01 09:00:00.000"


# Deals


def test_an_archived_deal_has_whole_people(door: Door) -> None:
    new = {row["id"]: row for row in door.rows("/api/v2/deals/archived")}
    for row in door.rows("/v1/deals/archived"):
        twin = new[row["id"]]
        assert row["user_id"]["value"] == row["user_id"]["id"] == twin["owner_id"]
        assert (row["person_id"] or {}).get("value") == twin["person_id"]
        assert (row["org_id"] or {}).get("value") == twin["org_id"]
        assert (row["is_archived"], row["deleted"]) == (True, False)


def archived(door: Door, **query: Any) -> list[Row]:
    found = door.rows("/v1/deals/archived", **query)
    assert all(row["is_archived"] for row in found)
    return found


def test_archived_deals_are_narrowed(door: Door) -> None:
    every = archived(door)
    me = door.sandbox.company.me
    owners = {row["id"]: row["user_id"]["id"] for row in every}
    mine = [key for key, owner in owners.items() if owner == me]
    assert ids(archived(door, user_id=me)) == mine
    assert ids(archived(door, owned_by_you=1, user_id=2)) == mine
    for name in ("stage_id", "pipeline_id", "status"):
        value = every[0][name]
        wanted = [row["id"] for row in every if row[name] == value]
        assert ids(archived(door, **{name: value})) == wanted
    person = next(row["person_id"]["value"] for row in every if row["person_id"])
    assert all(
        row["person_id"]["value"] == person for row in archived(door, person_id=person)
    )
    newest = sorted(every, key=lambda row: row["add_time"], reverse=True)
    assert ids(archived(door, sort="add_time DESC, id ASC")) == ids(newest)


def test_archived_deals_with_a_product() -> None:
    with opened(empty=True) as door:
        product = door.add("/api/v2/products", name="A")["id"]
        deals = [door.add("/api/v2/deals", title=title)["id"] for title in "ABC"]
        part = {"product_id": product, "item_price": 5, "quantity": 1}
        door.add(f"/api/v2/deals/{deals[1]}/products", **part)
        for key in deals:
            door("PATCH", f"/api/v2/deals/{key}", {"is_archived": True})
        assert ids(archived(door, product_id=product)) == [deals[1]]
        door("DELETE", f"/api/v2/deals/{deals[2]}")
        assert ids(archived(door)) == deals[:2]
        assert ids(archived(door, status="deleted")) == [deals[2]]


# Followers, files, searches


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("deals", "deal_id"),
        ("persons", "person_id"),
        ("organizations", "org_id"),
        ("products", "product_id"),
    ],
)
def test_followers_have_ids_and_say_whom_they_follow(
    door: Door, name: str, column: str
) -> None:
    seen = 0
    for parent in door.rows(f"/api/v2/{name}"):
        new = door.rows(f"/api/v2/{name}/{parent['id']}/followers")
        old = door.rows(f"/v1/{name}/{parent['id']}/followers")
        assert [row["user_id"] for row in old] == [row["user_id"] for row in new]
        assert all(row[column] == parent["id"] for row in old)
        seen += len({row["id"] for row in old})
    assert seen
    door.refused(404, "GET", f"/v1/{name}/99999/followers")


def test_a_file_has_as_many_bytes_as_it_says(door: Door) -> None:
    for row in door.rows("/v1/files", limit=3)[:3]:
        answer = door.send("GET", f"/v1/files/{row['id']}/download")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert len(answer.content) == row["file_size"] > 0
    door.refused(404, "GET", "/v1/files/99999/download")


def test_leads_are_found_by_both_searches() -> None:
    with opened(deals=300, page_cap=2) as door:
        wanted: list[Row] = []
        cursor: dict[str, Any] = {}
        while True:
            answer = door("GET", "/api/v2/leads/search", term="an", **cursor)
            wanted += answer["data"]["items"]
            cursor = {"cursor": answer["additional_data"]["next_cursor"]}
            if cursor["cursor"] is None:
                break
        found: list[Row] = []
        while True:
            answer = door("GET", "/v1/leads/search", term="an", start=len(found))
            found += answer["data"]["items"]
            pagination = answer["additional_data"]["pagination"]
            if not pagination["more_items_in_collection"]:
                break
            assert pagination["next_start"] == len(found)
        assert found == wanted
        assert len(found) > 2
        key = next(h["item"]["person"]["id"] for h in found if h["item"]["person"])
        some = door("GET", "/v1/leads/search", term="an", person_id=key)
        assert {h["item"]["person"]["id"] for h in some["data"]["items"]} == {key}


@pytest.mark.unofficial
def test_a_search_needs_a_term(door: Door) -> None:
    assert "at least 2 characters" in door.refused(400, "GET", "/v1/leads/search")
