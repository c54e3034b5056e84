"""/v1/callLogs: calls of the token's own user (v1)."""

from __future__ import annotations

from .collection import LIVE, Row
from .endpoint import Call, Endpoint, Reply, success
from .pages import page_v1
from .parameters import START
from .refusal import Refusal, invalid

MOST = 50  # rows a page, the documented upper limit


def list_calls(call: Call) -> Reply:
    """Keys without a value are left out of a row."""
    limit = call.query.setdefault("limit", MOST)
    if limit > MOST:
        if call.switches.bad_limit_is_refused:
            raise invalid("limit", f"must be between 1 and {MOST}")
        call.query["limit"] = MOST
    calls = call.company["call_logs"].on(LIVE)
    own = [row for row in calls if row["user_id"] == call.company.me]
    return page_v1(call, own, call_row)


def call_row(row: Row) -> Row:
    return {key: value for key, value in row.items() if value is not None}


def one(call: Call) -> Reply:
    row = call.company["call_logs"].get(call.path["id"])
    if row is None:
        raise Refusal(410, {"success": False, "error": "The call log is not found"})
    return success(call_row(row))


ENDPOINTS = (
    Endpoint("GET", 1, "/callLogs", 20, list_calls, START),
    Endpoint("GET", 1, "/callLogs/{id}", 2, one),
)
