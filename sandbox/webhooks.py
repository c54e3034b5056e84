"""/v1/webhooks (for admins), and the add-ons of the subscription."""

from __future__ import annotations

import orjson

from .collection import LIVE
from .endpoint import Call, Endpoint, Reply, success

ADDONS = ("leadbooster_v2", "prospector", "smart_docs_v2", "projects")


def list_webhooks(call: Call) -> Reply:
    """All of them, with `status` beside `success`."""
    rows = list(call.company["webhooks"].on(LIVE))
    content = {"status": "ok", "success": True, "data": rows}
    return Reply(orjson.dumps(content), len(rows))


def list_addons(call: Call) -> Reply:
    return success([{"code": code} for code in ADDONS])


ENDPOINTS = (
    Endpoint("GET", 1, "/webhooks", 10, list_webhooks),
    Endpoint("GET", 1, "/billing/subscriptions/addons", 20, list_addons),
)
