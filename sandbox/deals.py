"""/api/v2/deals, /deals/archived."""

from __future__ import annotations

from typing import Any

from . import blanks, bodies
from .collection import ARCHIVED, DELETED, LIVE, Row
from .endpoint import Call, Endpoint, Reply
from .entity import TIMES as TIME_TESTS
from .entity import Entity, equal, kept
from .parameters import CURSOR, CUSTOM, TIMES, integers, numbers, plain, some_of, sorts
from .refusal import invalid
from .rollups import OPTIONAL

STATUSES = ("open", "won", "lost", "deleted")


def list_deals(call: Call) -> Reply:
    """Not archived, all but deleted; `status` may ask for deleted ones."""
    if "filter_id" in call.query:
        return DEALS.list_on(call, (LIVE,))
    statuses = _statuses(call)
    if statuses is None or DELETED not in statuses:
        return DEALS.list_on(call, (LIVE,))
    shelves = (DELETED,) if statuses == {DELETED} else (LIVE, DELETED)
    return DEALS.list_on(call, shelves)


def list_archived(call: Call) -> Reply:
    return DEALS.list_on(call, (ARCHIVED,))


def _statuses(call: Call) -> set[str] | None:
    """The statuses asked for; None where the filter is absent or has no meaning."""
    if "status" not in call.query:
        return None
    found = set(call.query["status"].split(","))
    if found <= set(STATUSES):
        return found
    if call.switches.invalid_status_returns_everything:
        return None
    raise invalid("status", f"must be any of: {', '.join(STATUSES)}")


def _by_status(call: Call, text: str) -> Any:
    statuses = _statuses(call)
    if statuses is None:
        return lambda row: True
    company = call.company
    return lambda row: (
        row["status"] in statuses and (not row["is_deleted"] or kept(company, row))
    )


def _build(call: Call, values: Row) -> Row:
    company = call.company
    _place(call, None, values)
    now = company.tick()
    row = blanks.DEAL | {
        "creator_user_id": company.me,
        "owner_id": company.me,
        "currency": company.currency,
        "add_time": now,
        "update_time": now,
    }
    row |= {key: value for key, value in values.items() if value is not None}
    return row | _closing(call, row, values, now) | _archiving(row, values, now)


def _alter(call: Call, row: Row, values: Row) -> Row:
    switches = call.switches
    leaving = values.get("is_archived") is False
    if row["is_archived"] and not (leaving or switches.archived_is_editable):
        raise invalid("id", "is an archived deal, which cannot be edited")
    if "is_deleted" in values and not switches.patch_can_delete:
        raise invalid("is_deleted", "is not allowed for this request, use DELETE")
    _place(call, row, values)
    now = call.company.tick()
    changes = dict(values)
    for key, blank in (("value", 0), ("label_ids", []), ("status", row["status"])):
        if key in changes and changes[key] is None:
            changes[key] = blank
    if changes.get("stage_id", row["stage_id"]) != row["stage_id"]:
        changes["stage_change_time"] = now
    changes |= _closing(call, row | changes, values, now)
    return changes | _archiving(row | changes, values, now)


def _place(call: Call, row: Row | None, values: Row) -> None:
    """Check references; give the deal a stage and the pipeline that goes with it."""
    company = call.company
    bodies.must_exist(
        company,
        values,
        owner_id="users",
        person_id="persons",
        org_id="organizations",
        pipeline_id="pipelines",
        stage_id="stages",
    )
    stages = company["stages"]
    stage = stages.get(values.get("stage_id"))
    if stage is None:
        pipeline = values.get("pipeline_id")
        if pipeline is None and row is not None:
            return
        if pipeline is None:
            pipeline = company["pipelines"].order("order_nr").ids[0]
        steps = [s for s in stages.children("pipeline_id", pipeline)]
        steps = [s for s in steps if not s["is_deleted"]]
        if not steps:
            raise invalid("pipeline_id", "refers to a pipeline without stages")
        stage = min(steps, key=lambda step: step["order_nr"])
        if row is not None and row["pipeline_id"] == pipeline:
            stage = stages.rows[row["stage_id"]]
    elif values.get("pipeline_id") not in (None, stage["pipeline_id"]):
        raise invalid("stage_id", "does not belong to the given pipeline")
    values |= {"stage_id": stage["id"], "pipeline_id": stage["pipeline_id"]}
    if values.get("probability") is not None:
        pipeline = company["pipelines"].rows[stage["pipeline_id"]]
        if not pipeline["is_deal_probability_enabled"]:
            raise invalid("probability", "is not enabled for the pipeline")


def _closing(call: Call, row: Row, values: Row, now: str) -> Row:
    """The times of closing that go with a status."""
    status = row["status"]
    for key, needed in (
        ("won_time", ("won",)),
        ("lost_time", ("lost",)),
        ("lost_reason", ("lost",)),
        ("close_time", ("won", "lost")),
    ):
        if values.get(key) is not None and status not in needed:
            raise invalid(key, f"can only be set if deal status is {needed[0]}")
    local = call.company.local_date
    times: Row = {}
    for name in ("won", "lost"):
        time = row[f"{name}_time"] if status == name else None
        if status == name and time is None:
            time = values.get("close_time") or now
        times |= {f"{name}_time": time, f"local_{name}_date": local(time)}
    closed = times["won_time"] or times["lost_time"]
    if closed is not None and values.get("close_time") is not None:
        closed = values["close_time"]
    times |= {"close_time": closed, "local_close_date": local(closed)}
    if status != "lost":
        times["lost_reason"] = None
    if times["won_time"] and row.get("first_won_time") is None:
        times["first_won_time"] = times["won_time"]
    return times


def _archiving(row: Row, values: Row, now: str) -> Row:
    if "is_archived" not in values and "archive_time" not in values:
        return {}
    archived = bool(row["is_archived"])
    time = values.get("archive_time") or now
    return {"is_archived": archived, "archive_time": time if archived else None}


DEALS = Entity(
    "deals",
    "deal",
    body={
        "title": bodies.filled,
        "owner_id": bodies.whole,
        "person_id": bodies.whole,
        "org_id": bodies.whole,
        "pipeline_id": bodies.whole,
        "stage_id": bodies.whole,
        "value": bodies.number,
        "currency": bodies.filled,
        "is_deleted": bodies.boolean,
        "is_archived": bodies.boolean,
        "archive_time": bodies.moment,
        "status": bodies.one_of("open", "won", "lost"),
        "probability": bodies.number,
        "lost_reason": bodies.text,
        "visible_to": bodies.visible_to,
        "close_time": bodies.moment,
        "won_time": bodies.moment,
        "lost_time": bodies.moment,
        "expected_close_date": bodies.day,
        "label_ids": bodies.integers,
    },
    required=("title",),
    build=_build,
    alter=_alter,
    plain={
        "owner_id": equal("owner_id"),
        "person_id": equal("person_id"),
        "org_id": equal("org_id"),
        "pipeline_id": equal("pipeline_id"),
        "stage_id": equal("stage_id"),
        "status": _by_status,
    },
    lasting=TIME_TESTS,
    filter_type="deals",
)

_QUERY = {
    **numbers(
        "filter_id", "owner_id", "person_id", "org_id", "pipeline_id", "stage_id"
    ),
    **TIMES,
    **sorts("id", "update_time", "add_time"),
    "ids": integers,
    "status": plain,
}
_FIELDS = tuple(OPTIONAL["deals"])
_LIST, *_OTHERS = DEALS.endpoints(10, _QUERY, optional=_FIELDS)

ENDPOINTS = (
    Endpoint("GET", 2, "/deals", 10, list_deals, _LIST.query),
    Endpoint(
        "GET",
        2,
        "/deals/archived",
        20,
        list_archived,
        {**CURSOR, **CUSTOM, **_QUERY, "include_fields": some_of(*_FIELDS)},
    ),
    *_OTHERS,
)
