"""The deals of a pipeline and of a stage, in the shape of v1 (deprecated there)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from .collection import LIVE, Row
from .company import Company
from .conditions import saved_filter
from .deal_reports import deal_v1
from .endpoint import Call, Endpoint, Reader, Reply
from .flat import flattened
from .pages import page_v1
from .parameters import START, flag, numbers, plain
from .refusal import missing
from .times import stamp_v1, to_v1


def listed_deal(company: Company, row: Row) -> Row:
    """A deal with all the keys that these lists have, custom ones flat."""
    whole = company["deals"].complete(row)
    following = company["activities"].get(whole["next_activity_id"]) or {}
    last = company["activities"].get(whole["last_activity_id"]) or {}
    stage = company["stages"].get(row["stage_id"]) or {}
    sign = row["currency"] or ""
    return (
        deal_v1(company, row)
        | {key: row[key] for key in _SAME}
        | {key: whole[key] and to_v1(whole[key]) for key in _TIMES}
        | {f"{key}_currency": row["currency"] for key in ("acv", "arr", "mrr")}
        | {
            "next_activity_id": whole["next_activity_id"],
            "next_activity_date": following.get("due_date"),
            "next_activity_time": following.get("due_time"),
            "next_activity_subject": following.get("subject"),
            "next_activity_type": following.get("type"),
            "next_activity_duration": following.get("duration"),
            "next_activity_note": following.get("note"),
            "last_activity_id": whole["last_activity_id"],
            "last_activity_date": last.get("due_date"),
            "stage_order_nr": stage.get("order_nr"),
            "formatted_value": f"{sign} {row['value'] or 0:,}",
            "formatted_weighted_value": f"{sign} {row['value'] or 0:,}",
            "rotten_time": _rotten_time(company, row, stage),
            "org_hidden": False,
            "person_hidden": False,
        }
        | flattened(company.custom("deal"), row["custom_fields"])
    )


def _rotten_time(company: Company, row: Row, stage: Row) -> str | None:
    """When an open deal had been left alone for as long as its stage allows."""
    days = stage.get("days_to_rotten")
    if row["status"] != "open" or days is None:
        return None
    time = datetime.fromisoformat(row["update_time"]) + timedelta(days)
    return stamp_v1(time) if time <= company.now else None


_SAME = ("origin", "origin_id", "channel", "channel_id", "acv", "arr", "mrr")
_TIMES = (
    *("stage_change_time", "first_won_time"),
    *("last_incoming_mail_time", "last_outgoing_mail_time"),
)


def open_deals(company: Company, parent: str, key: Any) -> list[Row]:
    """The open deals whose `parent` (pipeline_id, stage_id) is `key`."""
    deals = company["deals"].on(LIVE)
    return [row for row in deals if row[parent] == key and row["status"] == "open"]


def _of(collection: str, parent: str) -> Callable[[Call], Reply]:
    def answer(call: Call) -> Reply:
        company, query = call.company, call.query
        text = call.path["id"]
        if not text.isdigit() or company[collection].get(int(text)) is None:
            raise missing(f"{collection.removesuffix('s').capitalize()} not found")
        rows = open_deals(company, parent, int(text))
        if query.get("stage_id") is not None:
            rows = [row for row in rows if row["stage_id"] == query["stage_id"]]
        if not query.get("everyone"):
            if "user_id" not in query and "filter_id" in query:
                test = saved_filter(call, query["filter_id"], "deals")
                rows = [row for row in rows if test(row)]
            else:
                owner = query.get("user_id", company.me)
                rows = [row for row in rows if row["owner_id"] == owner]
        return page_v1(call, rows, lambda row: listed_deal(company, row))

    return answer


_QUERY: dict[str, Reader] = {
    **numbers("filter_id", "user_id"),
    "everyone": flag,
    **START,
}
_MORE: dict[str, Reader] = {
    **numbers("stage_id"),
    "get_summary": flag,
    "totals_convert_currency": plain,
}
_PIPELINE = _of("pipelines", "pipeline_id")
ENDPOINTS = (
    Endpoint("GET", 1, "/pipelines/{id}/deals", 20, _PIPELINE, {**_QUERY, **_MORE}),
    Endpoint("GET", 1, "/stages/{id}/deals", 20, _of("stages", "stage_id"), _QUERY),
)
