"""/v1/filters: saved filters, whose conditions conditions.py applies."""

from __future__ import annotations

from typing import Any

from . import blanks_v1, bodies
from .collection import LIVE, Row
from .conditions import TYPES, compiled, field_of
from .endpoint import Call, Endpoint, Reply, success
from .pages import whole_v1
from .parameters import boolean, integers, one_of
from .refusal import INFO, Refusal, bad_request, invalid, missing
from .times import to_v1

MOST_CONDITIONS = 16
_BRIEF = tuple(key for key in blanks_v1.FILTER if key != "conditions")


def list_filters(call: Call) -> Reply:
    """Active ones, without their conditions."""
    kind = call.query.get("type")
    rows = [
        {key: row[key] for key in _BRIEF}
        for row in call.company["filters"].on(LIVE)
        if kind in (None, row["type"])
    ]
    return whole_v1(call, rows)


def _find(call: Call) -> Row:
    text = call.path["id"]
    row = call.company["filters"].get(int(text)) if text.isdigit() else None
    if row is None or not row["active_flag"]:
        raise missing("Filter not found")
    return row


def one(call: Call) -> Reply:
    return _shown(call, _find(call))


def _shown(call: Call, row: Row) -> Reply:
    """The whole filter; each condition has its field's code when asked for."""
    if not call.query.get("include_field_code"):
        return success(row)
    groups = [
        group
        | {
            "conditions": [
                condition | {"field_code": field_of(call.company, condition).code}
                for condition in group["conditions"]
            ]
        }
        for group in row["conditions"]["conditions"]
    ]
    return success(row | {"conditions": row["conditions"] | {"conditions": groups}})


def add(call: Call) -> Reply:
    accepted: dict[str, bodies.Checker] = {
        "name": bodies.filled,
        "type": bodies.one_of(*TYPES),
        "conditions": _skeleton,
    }
    values = bodies.read_body(accepted, call.body, ("name", "type", "conditions"))
    company = call.company
    compiled(company, values["type"], values["conditions"])
    now = to_v1(company.tick())
    row = blanks_v1.FILTER | {
        "id": company["filters"].next_id(),
        "temporary_flag": False,
        "user_id": company.me,
        "add_time": now,
        "update_time": now,
        "visible_to": "1",
    }
    return _shown(call, company["filters"].add(row | values))


def change(call: Call) -> Reply:
    row = _find(call)
    accepted: dict[str, bodies.Checker] = {
        "name": bodies.filled,
        "conditions": _skeleton,
    }
    values = bodies.read_body(accepted, call.body, ("conditions",))
    compiled(call.company, row["type"], values["conditions"])
    changes = {key: value for key, value in values.items() if value is not None}
    changes["update_time"] = to_v1(call.company.tick())
    return _shown(call, call.company["filters"].change(row["id"], changes))


def delete(call: Call) -> Reply:
    row = _find(call)
    call.company["filters"].change(row["id"], {"active_flag": False})
    return success({"id": row["id"]})


def delete_many(call: Call) -> Reply:
    """The answer has the ids that were there."""
    if "ids" not in call.query:
        raise invalid("ids", "is required")
    filters = call.company["filters"]
    gone = []
    for key in call.query["ids"]:
        row = filters.get(key)
        if row is not None and row["active_flag"]:
            filters.change(key, {"active_flag": False})
            gone.append(key)
    return success({"id": gone})


def _skeleton(key: str, value: Any) -> Row:
    """One outer AND with one AND and one OR group in it, nothing deeper."""
    groups = value.get("conditions") if isinstance(value, dict) else None
    if not isinstance(groups, list) or value.get("glue") != "and":
        raise bad_request("Conditions must be glued with 'and'")
    if sorted(str(g.get("glue")) for g in groups if isinstance(g, dict)) != [
        "and",
        "or",
    ]:
        raise bad_request("Conditions must have one 'and' and one 'or' group")
    checked = [{"glue": g["glue"], "conditions": _conditions(g)} for g in groups]
    if sum(len(group["conditions"]) for group in checked) > MOST_CONDITIONS:
        error = f"Filter is allowed to have at most {MOST_CONDITIONS} conditions"
        info = f"{INFO} for more information about Pipedrive API."
        envelope = {"error_info": info, "data": None, "additional_data": None}
        raise Refusal(400, {"success": False, "error": error, **envelope})
    return {"glue": "and", "conditions": checked}


def _conditions(group: Row) -> list[Row]:
    found = group.get("conditions")
    if not isinstance(found, list):
        raise bad_request("Each group must have conditions")
    checked = []
    for condition in found:
        if not isinstance(condition, dict) or "operator" not in condition:
            raise bad_request("Each condition must have object, field_id and operator")
        checked.append(
            {
                "object": condition.get("object"),
                "field_id": str(condition.get("field_id")),
                "operator": condition["operator"],
                "value": condition.get("value"),
                "extra_value": condition.get("extra_value"),
                "json_value_flag": bool(condition.get("json_value_flag")),
            }
        )
    return checked


_CODES = {"include_field_code": boolean}
ENDPOINTS = (
    Endpoint("GET", 1, "/filters", 20, list_filters, {"type": one_of(*TYPES)}),
    Endpoint("POST", 1, "/filters", 10, add, _CODES),
    Endpoint("DELETE", 1, "/filters", 10, delete_many, {"ids": integers}),
    Endpoint("GET", 1, "/filters/{id}", 2, one, _CODES),
    Endpoint("PUT", 1, "/filters/{id}", 10, change, _CODES),
    Endpoint("DELETE", 1, "/filters/{id}", 6, delete),
)
