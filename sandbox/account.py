"""The short v1 lists of an account: activity types, lead labels, currencies."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from . import bodies
from .collection import LIVE, Row
from .endpoint import Call, Endpoint, Reply, success
from .pages import whole_v1
from .parameters import plain
from .refusal import missing
from .sample import LEAD_SOURCES, add_activity_type, show_activity_types
from .times import to_milliseconds, to_v1

COLORS = (
    *("blue", "brown", "dark-gray", "gray", "green"),
    *("orange", "pink", "purple", "red", "yellow"),
)
ICONS = (
    *("task", "email", "meeting", "deadline", "call", "lunch", "calendar"),
    *("downarrow", "document", "smartphone", "camera", "scissors", "cogs", "bubble"),
    *("uparrow", "checkbox", "signpost", "shuffle", "addressbook", "linegraph"),
    *("picture", "car", "world", "search", "clip", "sound", "brush", "key"),
    *("padlock", "pricetag", "suitcase", "finish", "plane", "loop", "wifi"),
    *("truck", "cart", "bulb", "bell", "presentation"),
)

# Activity types


def list_types(call: Call) -> Reply:
    """Deleted ones too, with active_flag false."""
    rows = call.company["activity_types"].on(LIVE)
    return whole_v1(call, sorted(rows, key=lambda row: (row["order_nr"], row["id"])))


_TYPE: dict[str, bodies.Checker] = {
    "name": bodies.filled,
    "icon_key": bodies.one_of(*ICONS),
    "color": bodies.text,
}


def add_type(call: Call) -> Reply:
    values = bodies.read_body(_TYPE, call.body, ("name", "icon_key"))
    company = call.company
    now = to_v1(company.tick())
    key = "_".join(values["name"].lower().split())
    taken = {row["key_string"] for row in company["activity_types"].on(LIVE)}
    if key in taken:
        key += f"_{len(taken) + 1}"
    row = add_activity_type(
        company, values["name"], key, custom=True, icon=values["icon_key"]
    )
    changes: Row = {"add_time": now, "update_time": now}
    if values.get("color") is not None:
        changes["color"] = values["color"]
    return success(company["activity_types"].change(row["id"], changes))


def change_type(call: Call) -> Reply:
    accepted = _TYPE | {"order_nr": bodies.whole}
    values = bodies.read_body(accepted, call.body)
    return _write_type(call, {k: v for k, v in values.items() if v is not None})


def delete_type(call: Call) -> Reply:
    """The row stays, inactive; the answer is the row."""
    return _write_type(call, {"active_flag": False})


def _write_type(call: Call, changes: Row) -> Reply:
    types = call.company["activity_types"]
    row = types.get(int(call.path["id"])) if call.path["id"].isdigit() else None
    if row is None:
        raise missing("Activity type not found")
    changes["update_time"] = to_v1(call.company.tick())
    row = types.change(row["id"], changes)
    show_activity_types(call.company)
    return success(row)


# Lead labels and sources


def list_labels(call: Call) -> Reply:
    return whole_v1(call, list(call.company["lead_labels"].on(LIVE)))


_LABEL: dict[str, bodies.Checker] = {
    "name": bodies.filled,
    "color": bodies.one_of(*COLORS),
}


def add_label(call: Call) -> Reply:
    values = bodies.read_body(_LABEL, call.body, ("name", "color"))
    company = call.company
    now = to_milliseconds(company.tick())
    key = str(uuid5(NAMESPACE_URL, f"{company.domain} label {now}"))
    times = {"add_time": now, "update_time": now}
    return success(company["lead_labels"].add({"id": key, **values, **times}))


def _label(call: Call) -> Row:
    row = call.company["lead_labels"].get(call.path["id"])
    if row is None:
        raise missing("lead label not found")
    return row


def change_label(call: Call) -> Reply:
    row = _label(call)
    values = bodies.read_body(_LABEL, call.body)
    changes = {key: value for key, value in values.items() if value is not None}
    changes["update_time"] = to_milliseconds(call.company.tick())
    return success(call.company["lead_labels"].change(row["id"], changes))


def delete_label(call: Call) -> Reply:
    """Leads lose the label."""
    row = _label(call)
    leads = call.company["leads"]
    for lead in [
        lead for lead in leads.rows.values() if row["id"] in lead["label_ids"]
    ]:
        rest = [label for label in lead["label_ids"] if label != row["id"]]
        leads.change(lead["id"], {"label_ids": rest})
    call.company["lead_labels"].remove(row["id"])
    return success({"id": row["id"]})


def list_sources(call: Call) -> Reply:
    return whole_v1(call, [{"name": name} for name in LEAD_SOURCES])


# Currencies


def list_currencies(call: Call) -> Reply:
    """All, or those with `term` in their name or code."""
    term = call.query.get("term", "").casefold()
    rows = [
        row
        for row in call.company["currencies"].on(LIVE)
        if term in row["name"].casefold() or term in row["code"].casefold()
    ]
    return whole_v1(call, rows)


ENDPOINTS = (
    Endpoint("GET", 1, "/activityTypes", 20, list_types),
    Endpoint("POST", 1, "/activityTypes", 10, add_type),
    Endpoint("PUT", 1, "/activityTypes/{id}", 10, change_type),
    Endpoint("DELETE", 1, "/activityTypes/{id}", 6, delete_type),
    Endpoint("GET", 1, "/leadLabels", 10, list_labels),
    Endpoint("POST", 1, "/leadLabels", 10, add_label),
    Endpoint("PATCH", 1, "/leadLabels/{id}", 10, change_label),
    Endpoint("DELETE", 1, "/leadLabels/{id}", 6, delete_label),
    Endpoint("GET", 1, "/leadSources", 2, list_sources),
    Endpoint("GET", 1, "/currencies", 20, list_currencies, {"term": plain}),
)
