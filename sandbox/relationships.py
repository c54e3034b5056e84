"""/v1/organizationRelationships."""

from __future__ import annotations

from random import Random

from . import bodies
from .collection import Row
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .pages import whole_v1
from .parameters import numbers
from .refusal import invalid, missing
from .times import to_v1

TYPES = ("parent", "related")
_ENDS = ("rel_owner_org_id", "rel_linked_org_id")


def _organization(company: Company, key: int) -> Row:
    """An organization as v1 refers to it."""
    row = company["organizations"].complete(company["organizations"].rows[key])
    return {
        "name": row["name"],
        "people_count": row["people_count"],
        "owner_id": row["owner_id"],
        "address": (row["address"] or {}).get("value"),
        "active_flag": not row["is_deleted"],
        "cc_email": row["smart_bcc_email"],
        "value": key,
    }


def relationship_row(company: Company, row: Row, base: int | None = None) -> Row:
    """A relationship as it is served; `base` is the organization it is seen from."""
    whole = row | {end: _organization(company, row[end]) for end in _ENDS}
    if base is None:
        return whole
    owner, linked = (row[end] for end in _ENDS)
    other = linked if base == owner else owner
    kind = row["type"]
    if kind == "parent":
        kind = "daughter" if base == owner else "parent"
    return whole | {
        "calculated_type": kind,
        "calculated_related_org_id": other,
        "related_organization_name": company["organizations"].rows[other]["name"],
    }


def relationships_of(company: Company, key: int) -> list[Row]:
    """Those of an organization, on either side."""
    found = company["organization_relationships"]
    owned = found.children("rel_owner_org_id", key)
    linked = found.children("rel_linked_org_id", key)
    return sorted([*owned, *linked], key=lambda row: int(row["id"]))


def list_relationships(call: Call) -> Reply:
    base = call.query.get("org_id")
    if base is None:
        raise invalid("org_id", "is required")
    company = call.company
    row = company["organizations"].get(base)
    if row is None or row["is_deleted"]:
        raise missing("Organization not found")
    rows = [relationship_row(company, r, base) for r in relationships_of(company, base)]
    return whole_v1(call, rows)


def _find(call: Call) -> Row:
    text = call.path["id"]
    rows = call.company["organization_relationships"]
    row = rows.get(int(text)) if text.isdigit() else None
    if row is None:
        raise missing("Organization relationship not found")
    return row


def one(call: Call) -> Reply:
    row = _find(call)
    whole = relationship_row(call.company, row, call.query.get("org_id"))
    whole.pop("related_organization_name", None)
    return success(whole)


def _read(call: Call, required: tuple[str, ...]) -> Row:
    accepted: dict[str, bodies.Checker] = {
        "org_id": bodies.whole,
        "type": bodies.one_of(*TYPES),
        **dict.fromkeys(_ENDS, bodies.whole),
    }
    values = bodies.read_body(accepted, call.body, required)
    bodies.must_exist(call.company, values, **dict.fromkeys(_ENDS, "organizations"))
    values.pop("org_id", None)
    return {key: value for key, value in values.items() if value is not None}


def relate(company: Company, kind: str, owner: int, linked: int, time: str) -> Row:
    """A new relationship; the owner of a `parent` one is the parent."""
    rows = company["organization_relationships"]
    return rows.add(
        {
            "id": rows.next_id(),
            "type": kind,
            "rel_owner_org_id": owner,
            "rel_linked_org_id": linked,
            "add_time": time,
            "update_time": time,
            "active_flag": "true",
        }
    )


def add(call: Call) -> Reply:
    values = _read(call, ("type", *_ENDS))
    time = to_v1(call.company.tick())
    owner, linked = (values[end] for end in _ENDS)
    row = relate(call.company, values["type"], owner, linked, time)
    return success(relationship_row(call.company, row))


def change(call: Call) -> Reply:
    row = _find(call)
    changes = _read(call, ()) | {"update_time": to_v1(call.company.tick())}
    row = call.company["organization_relationships"].change(row["id"], changes)
    return success(relationship_row(call.company, row))


def delete(call: Call) -> Reply:
    row = _find(call)
    call.company["organization_relationships"].remove(row["id"])
    return success({"id": row["id"]})


def add_relationships(company: Company) -> None:
    """About one for each fourth organization of the sample company, up to 500."""
    random = Random(f"relationships {company.seed}")
    rows = [row["id"] for row in company["organizations"].on("live")]
    for _ in range(min(len(rows) // 4 + 2, 500)):
        owner, linked = random.sample(rows, 2)
        time = to_v1(company["organizations"].rows[owner]["update_time"])
        relate(company, random.choice(TYPES), owner, linked, time)


_ORG = numbers("org_id")
ENDPOINTS = (
    Endpoint("GET", 1, "/organizationRelationships", 20, list_relationships, _ORG),
    Endpoint("POST", 1, "/organizationRelationships", 10, add),
    Endpoint("GET", 1, "/organizationRelationships/{id}", 2, one, _ORG),
    Endpoint("PUT", 1, "/organizationRelationships/{id}", 10, change),
    Endpoint("DELETE", 1, "/organizationRelationships/{id}", 6, delete),
)
