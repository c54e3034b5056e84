"""Every endpoint of the sandbox against the official specs: shapes, prices, names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipedrive_sql.sandbox import Heard
from pipedrive_sql.sandbox.routes import ENDPOINTS

from . import official
from .front_door import Door, opened

pytestmark = official.needs_specs
VALUES: dict[str, Any] = {
    "deal_ids": "1,2,3,4,5",
    "ids": "1,2,3",
    "term": "an",
    "search_by_email": 1,
    "status": "open",
    "sort": "update_time DESC",
    "sort_direction": "desc",
    "sort_by": "id",
    "limit": 20,
    "start": 1,
    "updated_since": "2025-01-01T00:00:00Z",
    "updated_until": "2026-09-01T00:00:00Z",
    "start_date": "2025-01-01",
    "end_date": "2026-01-01",
    "type": "deals",
    "done": "true",
    "order_by": "name",
    "app": "sales",
    "is_active": "true",
    "type.name": "deals_won",
    "assignee.type": "person",
    "expected_outcome.tracking_metric": "sum",
    "period.start": "2025-01-01",
    "period.end": "2026-01-01",
    "include_body": 1,
    "items": "change,note",
    "interval": "month",
    "amount": 3,
    "field_key": "add_time",
    "totals_convert_currency": "USD",
    "board_id": 1,
    "is_done": "true",
    "is_milestone": "true",
    "folder": "inbox",
    "since_timestamp": "2026-09-10 00:00:00",
    "entity_type": "person",
    "field": "name",
    "match": "middle",
    "exact_match": "true",
    "fields": "custom_fields,name",
    "item_types": "deal,person,file",
    "search_for_related_items": "true",
}
"""A value for each parameter; flags are true, and other ones are the id 1."""

NEEDED = (
    *("deal_ids", "term", "period.start", "period.end", "board_id"),
    *("start_date", "interval", "amount", "field_key", "end_date"),
    *("folder", "since_timestamp", "entity_type", "field"),
)
NAMED_BY_TEXT = {"/goals/": "goals", "/permissionSets/": "permission_sets"}


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with opened(deals=60, record=True) as found:
        yield found


def asked(door: Door) -> list[Heard]:
    return [heard for heard in door.sandbox.heard if heard.endpoint]


def test_there_are_as_many_endpoints_as_the_sandbox_says() -> None:
    assert len({endpoint.name for endpoint in ENDPOINTS}) == len(ENDPOINTS) > 100


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.name)
def test_an_endpoint_is_that_of_the_spec(endpoint: Any) -> None:
    operation = official.operations(endpoint.version)[endpoint.name]
    declared = {p["name"] for p in operation["parameters"] if p["in"] == "query"}
    assert set(endpoint.query) == declared
    assert endpoint.price == operation["x-token-cost"]


def path_of(door: Door, endpoint: Any) -> str:
    """The endpoint's path with rows that are there in its blanks."""
    company = door.sandbox.company
    path: str = endpoint.name.partition(" ")[2]
    if "Fields/{id}" in path:
        entity = endpoint.path[1:].partition("Fields")[0]
        return path.replace("{id}", str(company.fields_v1(entity)[0]["id"]))
    if "/convert/status/" in path:
        done = company["conversions"].rows.values()
        row = next(row for row in done if row["source"] in endpoint.path)
        path = path.replace("{conversion_id}", row["id"])
        return path.replace("{id}", str(row[f"{row['source']}_id"]))
    if "{commentId}" in path:
        row = next(company["note_comments"].on("live"))
        path = path.replace("{commentId}", row["uuid"])
        return path.replace("{id}", row["object_id"])
    if "/picture" in path:
        shown = (row for row in company.rows("persons") if row["picture_id"])
        return path.replace("{id}", str(next(shown)["id"]))
    for part, name in NAMED_BY_TEXT.items():
        if part in path:
            return path.replace("{id}", company.rows(name)[0]["id"])
    if "/leads/" in path:
        return path.replace("{id}", company.rows("leads")[0]["id"])
    if "/mailbox/" in path:
        name = endpoint.path.split("/")[2].replace("mailM", "mail_m")
        name = name.replace("mailT", "mail_t")
        return path.replace("{id}", str(company.rows(name)[0]["id"]))
    if "/callLogs/" in path:
        return path.replace("{id}", company.rows("call_logs")[0]["id"])
    if "/deals/{id}/products" in path:
        return path.replace("{id}", str(company.rows("deal_products")[0]["deal_id"]))
    return path.replace("{id}", "1").replace("{field_code}", "add_time")


def queries(endpoint: Any) -> Iterator[dict[str, Any]]:
    """No parameter but what must be there, then each of the others alone."""
    needed = {n: VALUES[n] for n in NEEDED if n in endpoint.query}
    if "installments" in endpoint.path:
        needed["deal_ids"] = VALUES["deal_ids"].split(",")  # each by itself (spec)
    if endpoint.path == "/organizationRelationships":
        needed["org_id"] = 1
    yield needed
    for name in endpoint.query:
        if name in {"cursor", "filter_id"}:
            continue
        value = VALUES.get(name, 1)
        if name.startswith("include_") and name not in VALUES:
            value = "true"
        if name == "include_fields":
            declared = official.operations(endpoint.version)[endpoint.name]
            value = next(
                ",".join(p["schema"]["enum"])
                for p in declared["parameters"]
                if p["name"] == name
            )
        if endpoint.path.endswith("earch") and name == "fields":
            value = "custom_fields"
        if endpoint.path == "/tasks" and name == "done":
            value = 1
        if endpoint.path == "/recents" and name == "items":
            value = "deal"
        if name == "lead_id":
            value = "adf21080-0e10-11eb-879b-05d71fb426ec"
        yield {name: value} | needed


@pytest.mark.parametrize(
    "endpoint", [e for e in ENDPOINTS if e.method == "GET"], ids=lambda e: e.name
)
def test_what_is_read_has_the_shape_of_the_spec(door: Door, endpoint: Any) -> None:
    door.sandbox.reset()
    path = path_of(door, endpoint)
    for query in queries(endpoint):
        answer = door.send("GET", path, **query)
        assert answer.status_code == 200, answer.text
    for heard in asked(door):
        assert heard.endpoint == endpoint.name
        assert official.problems(heard) == []
        assert heard.tokens == official.price(heard)


def test_what_is_written_has_the_shape_of_the_spec() -> None:
    with opened(deals=30, record=True) as door:
        written = set(write_everything(door))
        assert written == {e.name for e in ENDPOINTS if e.method != "GET"}
        for heard in asked(door):
            assert official.problems(heard) == []
            assert heard.tokens == official.price(heard)


def write_everything(door: Door) -> Iterator[str]:
    """One request to each writing endpoint; the names of the endpoints."""

    def cycle(path: str, body: Any, change: Any, method: str = "PATCH") -> Any:
        row = door.add(path, **body)
        here = f"{path}/{row.get('id') or row['field_code']}"
        door(method, here, change)
        return row, here

    person = door.add("/api/v2/persons", name="P")["id"]
    where = {"value": "Narva mnt 1", "country": "Estonia"}
    gone = [
        cycle(
            "/api/v2/deals",
            {"title": "A", "value": 5, "person_id": person, "label_ids": [1]},
            {"status": "won", "custom_fields": {}},
        ),
        cycle(
            "/api/v2/persons",
            {"name": "A", "emails": [{"value": "a@b.example", "primary": True}]},
            {"job_title": "CEO", "postal_address": where},
        ),
        cycle("/api/v2/organizations", {"name": "A"}, {"address": where}),
        cycle(
            "/api/v2/activities",
            {"subject": "A", "participants": [{"person_id": person, "primary": True}]},
            {"done": True, "location": where},
        ),
        cycle("/api/v2/products", {"name": "A"}, {"prices": [PRICE]}),
        cycle("/api/v2/pipelines", {"name": "A"}, {"name": "B"}),
        cycle("/api/v2/stages", {"name": "A", "pipeline_id": 1}, {"name": "B"}),
        cycle("/v1/leads", {"title": "A", "person_id": person}, {"was_seen": True}),
        cycle("/v1/leadLabels", {"name": "A", "color": "red"}, {"color": "blue"}),
        cycle(
            "/v1/notes", {"content": "A", "person_id": person}, {"content": "B"}, "PUT"
        ),
        cycle(
            "/v1/activityTypes", {"name": "A", "icon_key": "car"}, {"name": "B"}, "PUT"
        ),
        cycle("/api/v2/boards", {"name": "A"}, {"name": "B"}),
        cycle("/api/v2/phases", {"name": "A", "board_id": 1}, {"order_nr": 1}),
        cycle("/api/v2/projects", {"title": "A", "deal_ids": [1]}, {"title": "B"}),
        cycle("/api/v2/tasks", {"title": "A", "project_id": 1}, {"done": 1}),
        cycle("/v1/filters", FILTER, {"conditions": FILTER["conditions"]}, "PUT"),
    ]
    cycle("/v1/users", {"email": "a@b.example"}, {"active_flag": False}, "PUT")
    attach(door)
    for entity in ("deal", "person", "organization", "product", "project"):
        options = [{"label": "a"}, {"label": "b"}]
        body = {"field_name": "A", "field_type": "set", "options": options}
        field, here = cycle(f"/api/v2/{entity}Fields", body, {"field_name": "B"})
        door("POST", f"{here}/options", [{"label": "c"}])
        first = field["options"][0]["id"]
        door("PATCH", f"{here}/options", [{"id": first, "label": "A"}])
        door("DELETE", f"{here}/options", [{"id": first}])
        door("DELETE", here)
        if entity == "project":
            continue  # v1 has no such fields
        old = {"name": "A", "field_type": "set", "options": options}
        field, here = cycle(f"/v1/{entity}Fields", old, {"name": "B"}, "PUT")
        door("DELETE", here)
        door("DELETE", f"/v1/{entity}Fields", ids="1")
    for _, here in gone:
        if "/api/v2/" in here and here.split("/")[3] in FOLLOWED:
            door.add(f"{here}/followers", user_id=2)
            door("DELETE", f"{here}/followers/2")
        door("DELETE", here)
    hang(door)
    door("DELETE", "/v1/files/1")
    door("DELETE", "/v1/filters", ids="1,2")
    yield from (h.endpoint for h in asked(door) if h.method != "GET")


def attach(door: Door) -> None:
    deal = door.add("/api/v2/deals", title="A")["id"]
    product = door.add("/api/v2/products", name="A")["id"]
    door.add(
        f"/api/v2/deals/{deal}/products", product_id=product, item_price=5, quantity=1
    )
    part = {"description": "A", "amount": 5}
    for name, more in (
        ("installments", {"billing_date": "2026-01-01"}),
        ("discounts", {"type": "amount"}),
    ):
        here = f"/api/v2/deals/{deal}/{name}"
        row = door.add(here, **part, **more)
        door("PATCH", f"{here}/{row['id']}", {"amount": 7})
        door("DELETE", f"{here}/{row['id']}")
    door("POST", "/api/v2/projects/1/archive")
    here = f"/api/v2/deals/{deal}/products"
    item = {"product_id": 1, "item_price": 5, "quantity": 2}
    row = door.add(here, **item)
    door("PATCH", f"{here}/{row['id']}", {"quantity": 3})
    door("POST", f"{here}/bulk", {"data": [item, item]})
    door("DELETE", f"{here}/{row['id']}")
    door("DELETE", here)


def hang(door: Door) -> None:
    """What hangs on notes, organizations and products; leads become deals."""
    person = door.add("/api/v2/persons", name="P")["id"]
    note = door.add("/v1/notes", content="A", person_id=person)["id"]
    comment = door.add(f"/v1/notes/{note}/comments", content="A")["uuid"]
    door("PUT", f"/v1/notes/{note}/comments/{comment}", {"content": "B"})
    door("DELETE", f"/v1/notes/{note}/comments/{comment}")
    mother = door.add("/api/v2/organizations", name="A")["id"]
    daughter = door.add("/api/v2/organizations", name="B")["id"]
    ends = {"rel_owner_org_id": mother, "rel_linked_org_id": daughter}
    related = door.add("/v1/organizationRelationships", type="parent", **ends)["id"]
    here = f"/v1/organizationRelationships/{related}"
    door("PUT", here, {"type": "related"})
    door("DELETE", here)
    variation = door.add("/api/v2/products/1/variations", name="A")["id"]
    here = f"/api/v2/products/1/variations/{variation}"
    door("PATCH", here, {"prices": [PRICE]})
    door("DELETE", here)
    door("DELETE", "/api/v2/products/1/images")
    lead = door.add("/v1/leads", title="A", person_id=person)["id"]
    door("POST", f"/api/v2/leads/{lead}/convert/deal", {})
    deal = door.add("/api/v2/deals", title="A")["id"]
    door("POST", f"/api/v2/deals/{deal}/convert/lead")
    for name in ("deals", "persons", "organizations"):
        key = {"title": "A"} if name == "deals" else {"name": "A"}
        gone, kept = (door.add(f"/api/v2/{name}", **key)["id"] for _ in range(2))
        door("PUT", f"/v1/{name}/{gone}/merge", {"merge_with_id": kept})


FOLLOWED = ("deals", "persons", "organizations", "products")
PRICE = {"price": 5, "currency": "EUR", "cost": 1, "direct_cost": 2, "notes": "n"}
FILTER: dict[str, Any] = {
    "name": "A",
    "type": "deals",
    "conditions": {
        "glue": "and",
        "conditions": [
            {"glue": "and", "conditions": []},
            {"glue": "or", "conditions": []},
        ],
    },
}


# That the judge judges


def heard_of(door: Door, query: str = "", answer: bytes | None = None) -> Heard:
    """A true request, with something else said about it."""
    door.sandbox.reset()
    door("GET", "/api/v2/deals", limit=1)
    (true,) = asked(door)
    return Heard(
        true.method,
        true.path,
        query,
        true.status,
        true.tokens,
        true.rows,
        true.endpoint,
        true.headers,
        true.body,
        answer or true.answer,
    )


@pytest.mark.parametrize(
    ("query", "answer", "problem"),
    [
        ("type=call", None, "query: type is not declared"),
        ("owner_id=me", None, "ParameterValidationError"),
        ("sort_by=title", None, "'title' is not one of"),
        ("", b'{"success":true,"data":[{"id":"one"}]}', "'one' is not of type"),
        ("", b'{"success":true,"data":{}}', "is not of type 'array'"),
    ],
)
def test_the_judge_finds_what_is_wrong(
    door: Door, query: str, answer: bytes | None, problem: str
) -> None:
    found = official.problems(heard_of(door, query, answer))
    assert len(found) == 1 and problem in found[0], found
