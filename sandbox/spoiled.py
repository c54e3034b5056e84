"""What a fault makes of an answer's content, and of the company after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode

import orjson

from .endpoint import Reply
from .faults import Fault
from .refusal import HTML, INFO, JSON, KIND_OF_HTML
from .wire import Answer

NAMES = ("title", "name", "subject", "content")
"""What a row is called by, whatever it is."""
_NEEDED = ("type", "person_id", "organization_id", "deal_id", "board_id", "phase_id")
_NEEDED_V1 = (*_NEEDED, "org_id", "project_id")

Ask = Callable[[str, str, str, bytes], Reply | None]
"""Asks the sandbox itself (method, path, query, body); None if it refuses."""


def instead(fault: Fault) -> Answer:
    """The answer of a fault in whose place nothing is done."""
    if fault.how == "null":
        return Answer(200, b"null")
    if fault.how == "html":
        return Answer(fault.status, HTML, KIND_OF_HTML)
    content = fault.body
    if content is None:
        error = {"success": False, "error": "The sandbox was told to fail"}
        content = orjson.dumps({**error, "error_info": INFO, "data": None})
    return Answer(fault.status, content)


def spoil(fault: Fault, answer: Answer, path: str, query: str, ask: Ask) -> None:
    """Change the right answer, or the company after it, as the fault has it."""
    if fault.how == "broken":
        answer.content = answer.content[: len(answer.content) // 2]
        return
    if answer.status != 200 or answer.kind != JSON:
        return
    act = _ACTS.get(fault.how)
    if act is not None:
        whole = orjson.loads(answer.content)
        act(fault, whole, path, query, ask)
        answer.content = orjson.dumps(whole)


def _same_cursor(
    fault: Fault, whole: dict[str, Any], path: str, query: str, ask: Ask
) -> None:
    given = parse_qs(query)
    more = whole.get("additional_data")
    if not isinstance(more, dict):
        return
    if "pagination" in more:
        start = int(given.get("start", ["0"])[0])
        following = {"more_items_in_collection": True, "next_start": start}
        more["pagination"] = {**more["pagination"], **following}
    elif "cursor" in given:
        more["next_cursor"] = given["cursor"][0]


def _skip_page(
    fault: Fault, whole: dict[str, Any], path: str, query: str, ask: Ask
) -> None:
    more = whole.get("additional_data")
    if not isinstance(more, dict):
        return
    given = {name: values[0] for name, values in parse_qs(query).items()}
    pagination = more.get("pagination", {})
    if more.get("next_cursor"):
        given["cursor"] = more["next_cursor"]
    elif "next_start" in pagination:
        given["start"] = pagination["next_start"]
    else:
        return
    reply = ask("GET", path, urlencode(given), b"")
    if reply is None:
        return
    after = orjson.loads(reply.content)["additional_data"]
    if pagination:
        names = ("more_items_in_collection", "next_start")
        for name in names:
            pagination.pop(name, None)
        found = after["pagination"]
        pagination |= {name: found[name] for name in names if name in found}
    else:
        more["next_cursor"] = after["next_cursor"]


def _duplicate_row(
    fault: Fault, whole: dict[str, Any], path: str, query: str, ask: Ask
) -> None:
    if rows := _rows(whole):
        rows.append(rows[0])


def _overlap(
    fault: Fault, whole: dict[str, Any], path: str, query: str, ask: Ask
) -> None:
    rows = _rows(whole)
    if not rows:
        return
    last, given = rows[-1], parse_qs(query)
    if path in fault.before and ("cursor" in given or "start" in given):
        rows.insert(0, fault.before[path])
    fault.before[path] = last


def _change(
    fault: Fault, whole: dict[str, Any], path: str, query: str, ask: Ask
) -> None:
    row = _chosen(fault, whole)
    name = next((name for name in NAMES if name in row), None)
    if name is not None:
        body = orjson.dumps({name: f"{row[name]} (changed)"})
        for method in ("PATCH", "PUT"):
            if ask(method, f"{path}/{row['id']}", "", body):
                return


def _delete(
    fault: Fault, whole: dict[str, Any], path: str, query: str, ask: Ask
) -> None:
    row = _chosen(fault, whole)
    if "id" in row:
        ask("DELETE", f"{path}/{row['id']}", "", b"")


def _add(fault: Fault, whole: dict[str, Any], path: str, query: str, ask: Ask) -> None:
    row = _chosen(fault, whole)
    name = next((name for name in NAMES if name in row), None)
    if name is not None:
        needed = _NEEDED if path.startswith("/api/v2/") else _NEEDED_V1
        like = {key: row[key] for key in needed if row.get(key) is not None}
        for body in ({name: "Added", **like}, {name: "Added"}):
            if ask("POST", path, "", orjson.dumps(body)):
                return


_ACTS = {
    "same-cursor": _same_cursor,
    "skip-page": _skip_page,
    "duplicate-row": _duplicate_row,
    "overlap": _overlap,
    "change": _change,
    "delete": _delete,
    "add": _add,
}


def _rows(whole: dict[str, Any]) -> list[Any]:
    rows = whole.get("data")
    if isinstance(rows, dict) and "items" in rows:
        rows = rows["items"]  # what a search found
    return rows if isinstance(rows, list) else []


def _chosen(fault: Fault, whole: dict[str, Any]) -> dict[str, Any]:
    """The row that the fault means; {} if the answer has no rows."""
    rows = [row for row in _rows(whole) if isinstance(row, dict) and "id" in row]
    if not rows:
        return {}
    if fault.row in ("first", "last"):
        found: dict[str, Any] = rows[-1 if fault.row == "last" else 0]
        return found
    return rows[0] | {"id": fault.row}
