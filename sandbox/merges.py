"""Two deals, persons or organizations that become one (v1).

The one in the path goes; what it has and the other one lacks, and all that hangs on it,
is the other one's then (the tutorials on merging two deals, persons, organizations).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from . import bodies
from .changes import record
from .collection import DELETED, Collection, Row, shelf_of
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .items import COLUMNS, ITEMS, found_item_v1
from .participants import person_v1
from .pipeline_deals import listed_deal
from .refusal import bad_request, missing
from .times import to_milliseconds, to_v1

# What an empty value of the one that stays is filled with. Times and states stay: an
# open deal has no won_time because of that.
_FILLED = {
    "deal": (
        *("person_id", "org_id", "value", "probability", "expected_close_date"),
        *("label_ids", "origin_id", "channel", "channel_id", "source_lead_id"),
    ),
    "person": (
        *("org_id", "emails", "phones", "label_ids", "picture_id"),
        *("notes", "im", "birthday", "job_title", "postal_address"),
    ),
    "organization": (
        *("address", "label_ids", "website", "linkedin", "industry"),
        *("annual_revenue", "employee_count"),
    ),
}
_REFERRING = {
    "deal": ("deal_id",),
    "person": ("person_id",),
    "organization": (
        *("org_id", "organization_id", "rel_owner_org_id", "rel_linked_org_id"),
    ),
}
_ARRAYS = {"deal": "deal_ids", "person": "person_ids", "organization": "org_ids"}
"""Columns of projects."""


def merge(company: Company, entity: str, gone: Row, kept: Row) -> Row:
    """Make one row of two; the one that is kept, as it is then."""
    time = company.tick()
    changes: Row = {
        key: gone[key]
        for key in _FILLED[entity]
        if key in gone and kept.get(key) in (None, "", [], 0)
    }
    changes["custom_fields"] = gone["custom_fields"] | kept["custom_fields"]
    changes["update_time"] = time
    record(company, entity, kept, changes)
    rows = company[ITEMS[entity]]
    _hang_over(company, entity, gone["id"], kept["id"], time)
    if company.switches.merged_rows_are_deleted:
        status = {"status": "deleted"} if entity == "deal" else {}
        rows.change(gone["id"], {"is_deleted": True, "update_time": time} | status)
    else:
        rows.remove(gone["id"])
    return rows.change(kept["id"], changes)


def _hang_over(company: Company, entity: str, gone: int, kept: int, time: str) -> None:
    """Give the one that is kept what refers to the other one."""
    for collection in company.collections.values():
        for column in collection.parents:
            if column in _REFERRING[entity]:
                for row in list(collection.children(column, gone)):
                    _change(company, collection, row, {column: kept}, time)
    for project in list(company["projects"].rows.values()):
        ids = project[_ARRAYS[entity]]
        if gone in ids:
            ids = list(dict.fromkeys(kept if i == gone else i for i in ids))
            changes = {_ARRAYS[entity]: ids}
            _change(company, company["projects"], project, changes, time)
    _followers(company, entity, gone, kept)
    if entity == "deal":
        _participants(company.participants, company.participations, gone, kept)
    if entity == "person":
        _participants(company.participations, company.participants, gone, kept)
        _attendance(company, gone, kept, time)
    if entity == "organization":
        related = company["organization_relationships"]
        for row in list(related.rows.values()):
            if row["rel_owner_org_id"] == row["rel_linked_org_id"]:
                related.remove(row["id"])


def _change(
    company: Company, collection: Collection, row: Row, changes: Row, time: str
) -> None:
    before = row.get("update_time")
    if before is not None and company.switches.merges_change_what_hangs_on_them:
        form = to_v1 if " " in before else to_milliseconds if "." in before else str
        changes["update_time"] = form(time)
    collection.change(row["id"], changes)


def _followers(company: Company, entity: str, gone: int, kept: int) -> None:
    followers = company["followers"]
    there = {r["user_id"] for r in followers.children("item", (entity, kept))}
    for row in list(followers.children("item", (entity, gone))):
        if row["user_id"] in there:
            followers.remove(row["id"])
        else:
            followers.change(row["id"], {"item": (entity, kept)})


def _participants(
    own: dict[int, list[int]], others: dict[int, list[int]], gone: int, kept: int
) -> None:
    """`own` are by what is merged, `others` by what stands in its lists."""
    for key in own.pop(gone, []):
        if key not in own.setdefault(kept, []):
            own[kept].append(key)
        others[key] = list(dict.fromkeys(kept if i == gone else i for i in others[key]))


def _attendance(company: Company, gone: int, kept: int, time: str) -> None:
    """Activities of others that the person takes part in."""
    activities = company["activities"]
    for row in list(activities.rows.values()):
        people = row["participants"]
        if any(one["person_id"] == gone for one in people):
            there = {
                kept if one["person_id"] == gone else one["person_id"]: one
                for one in reversed(people)
            }
            people = [one | {"person_id": key} for key, one in there.items()]
            changes = {"participants": people[::-1]}
            _change(company, activities, row, changes, time)


def _merge(entity: str, shown: Callable[[Company, Row, int], Row], call: Call) -> Reply:
    company, gone = call.company, found_item_v1(call, entity)
    accepted = {"merge_with_id": bodies.whole}
    number = bodies.read_body(accepted, call.body, ("merge_with_id",))["merge_with_id"]
    kept = company[ITEMS[entity]].get(number)
    hidden = kept is not None and call.sees is not None and not call.sees(kept)
    if kept is None or hidden or shelf_of(kept) == DELETED:
        raise missing(f"{entity.capitalize()} to merge with not found")
    if kept["id"] == gone["id"]:
        raise bad_request(f"Cannot merge {COLUMNS[entity]} {number} with itself")
    row = merge(company, entity, gone, kept)
    return success(shown(company, row, gone["id"]))


def _deal(company: Company, row: Row, gone: int) -> Row:
    return listed_deal(company, row) | {"merge_what_id": gone}


def _person(company: Company, row: Row, gone: int) -> Row:
    ids = {key: row[key] for key in ("owner_id", "org_id")}
    return person_v1(company, row) | ids | {"merge_what_id": gone}


def _organization(company: Company, row: Row, gone: int) -> Row:
    return {"id": row["id"]}


_SHOWN = {"deal": _deal, "person": _person, "organization": _organization}
ENDPOINTS = tuple(
    Endpoint(
        "PUT", 1, f"/{ITEMS[entity]}/{{id}}/merge", 40, partial(_merge, entity, shown)
    )
    for entity, shown in _SHOWN.items()
)
