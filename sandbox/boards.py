"""/api/v2/boards, /phases and /projectTemplates: what projects are ordered by."""

from __future__ import annotations

from typing import Any

from . import bodies
from .collection import LIVE, Collection, Row
from .endpoint import Call, Endpoint, Reader, Reply, success
from .pages import one_v2, page_v2
from .parameters import CURSOR, integer
from .projects import with_projects
from .refusal import invalid, missing
from .times import to_milliseconds


def found_row(call: Call, collection: Collection) -> Row:
    """The row whose id is in the path."""
    text = call.path["id"]
    row = collection.get(int(text)) if text.isdigit() else None
    if row is None:
        raise missing()
    return row


def sorted_boards(call: Call) -> list[Row]:
    return sorted(call.company["boards"].on(LIVE), key=lambda row: row["order_nr"])


def list_boards(call: Call) -> Reply:
    return success(sorted_boards(call), additional_data=None)


def board_phases(call: Call) -> list[Row]:
    """The phases of the board that the query must name."""
    board = call.query.get("board_id")
    if board is None:
        raise invalid("board_id", "is required")
    if call.company["boards"].get(board) is None:
        raise missing()
    rows = call.company["phases"].children("board_id", board)
    return sorted(rows, key=lambda row: row["order_nr"])


def list_phases(call: Call) -> Reply:
    return success(board_phases(call), additional_data=None)


def one_board(call: Call) -> Reply:
    return success(found_row(call, call.company["boards"]))


def one_phase(call: Call) -> Reply:
    return success(found_row(call, call.company["phases"]))


_BOARD: dict[str, bodies.Checker] = {
    "name": bodies.filled,
    "order_nr": bodies.whole,
}
_PHASE: dict[str, bodies.Checker] = {**_BOARD, "board_id": bodies.whole}


def add_board(call: Call) -> Reply:
    values = bodies.read_body(_BOARD, call.body, ("name",))
    return _added(call, call.company["boards"], values, len(call.company["boards"]))


def add_phase(call: Call) -> Reply:
    values = bodies.read_body(_PHASE, call.body, ("name", "board_id"))
    bodies.must_exist(call.company, values, board_id="boards")
    others = call.company["phases"].children("board_id", values["board_id"])
    return _added(call, call.company["phases"], values, len(list(others)))


def _added(call: Call, collection: Collection, values: Row, others: int) -> Reply:
    _check_place(values, others + 1)
    now = to_milliseconds(call.company.tick())
    row = {"id": collection.next_id(), "order_nr": others + 1}
    row |= {key: value for key, value in values.items() if value is not None}
    return success(collection.add({**row, "add_time": now, "update_time": now}))


def change_board(call: Call) -> Reply:
    values = bodies.read_body(_BOARD, call.body)
    return _changed(call, call.company["boards"], values)


def change_phase(call: Call) -> Reply:
    values = bodies.read_body(_PHASE, call.body)
    bodies.must_exist(call.company, values, board_id="boards")
    return _changed(call, call.company["phases"], values)


def _changed(call: Call, collection: Collection, values: Row) -> Reply:
    row = found_row(call, collection)
    _check_place(values, len(collection) + 1)
    changes = {key: value for key, value in values.items() if value is not None}
    changes["update_time"] = to_milliseconds(call.company.tick())
    return success(collection.change(row["id"], changes))


def _check_place(values: Row, most: int) -> None:
    place = values.get("order_nr")
    if place is not None and not 1 <= place <= most:
        raise invalid("order_nr", f"must be between 1 and {most}")


def delete_board(call: Call) -> Reply:
    row = found_row(call, call.company["boards"])
    for phase in list(call.company["phases"].children("board_id", row["id"])):
        call.company["phases"].remove(phase["id"])
    call.company["boards"].remove(row["id"])
    return success({"id": row["id"]})


def delete_phase(call: Call) -> Reply:
    row = found_row(call, call.company["phases"])
    call.company["phases"].remove(row["id"])
    return success({"id": row["id"]})


def list_templates(call: Call) -> Reply:
    return page_v2(call, call.company["project_templates"])


def one_template(call: Call) -> Reply:
    collection = call.company["project_templates"]
    return one_v2(call, collection, found_row(call, collection))


_ANSWERS: tuple[tuple[str, str, int, Any, dict[str, Reader]], ...] = (
    ("GET", "/boards", 10, list_boards, {}),
    ("POST", "/boards", 5, add_board, {}),
    ("GET", "/boards/{id}", 10, one_board, {}),
    ("PATCH", "/boards/{id}", 5, change_board, {}),
    ("DELETE", "/boards/{id}", 3, delete_board, {}),
    ("GET", "/phases", 10, list_phases, {"board_id": integer}),
    ("POST", "/phases", 5, add_phase, {}),
    ("GET", "/phases/{id}", 10, one_phase, {}),
    ("PATCH", "/phases/{id}", 5, change_phase, {}),
    ("DELETE", "/phases/{id}", 3, delete_phase, {}),
    ("GET", "/projectTemplates", 10, list_templates, CURSOR),
    ("GET", "/projectTemplates/{id}", 1, one_template, {}),
)
ENDPOINTS = tuple(
    Endpoint(method, 2, path, price, with_projects(answer), query)
    for method, path, price, answer, query in _ANSWERS
)
