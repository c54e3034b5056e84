"""/v1/notes/{id}/comments."""

from __future__ import annotations

from random import Random
from uuid import UUID

from . import bodies
from .collection import Row
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .pages import page_v1
from .parameters import START
from .refusal import missing
from .times import to_milliseconds

MOST = 1000  # comments of the sample company


def comment_row(row: Row) -> Row:
    return {key: value for key, value in row.items() if key not in {"id", "note_id"}}


def comments_of(company: Company, note: int) -> list[Row]:
    """The comments on a note that are not deleted, oldest first."""
    rows = company["note_comments"].children("note_id", note)
    return [row for row in rows if row["active_flag"]]


def _note(call: Call) -> int:
    text = call.path["id"]
    row = call.company["notes"].get(int(text)) if text.isdigit() else None
    if row is None or not row["active_flag"]:
        raise missing("Note not found")
    return int(text)


def _find(call: Call) -> Row:
    for row in comments_of(call.company, _note(call)):
        if row["uuid"] == call.path["commentId"]:
            return row
    raise missing("Comment not found")


def list_comments(call: Call) -> Reply:
    return page_v1(call, comments_of(call.company, _note(call)), comment_row)


def one(call: Call) -> Reply:
    return success(comment_row(_find(call)))


def comment(company: Company, note: int, user: int, content: str, time: str) -> Row:
    """A new comment on a note, at a time as leads have it."""
    comments = company["note_comments"]
    key = comments.next_id()
    random = Random(f"comment {company.seed} {key}")
    return comments.add(
        {
            "id": key,
            "note_id": note,
            "uuid": str(UUID(int=random.getrandbits(128), version=4)),
            "active_flag": True,
            "add_time": time,
            "update_time": time,
            "content": content,
            "object_id": str(note),
            "object_type": "note",
            "user_id": user,
            "updater_id": None,
            "company_id": company.id,
        }
    )


def add(call: Call) -> Reply:
    note, company = _note(call), call.company
    values = bodies.read_body({"content": bodies.filled}, call.body, ("content",))
    time = to_milliseconds(company.tick())
    return success(
        comment_row(comment(company, note, company.me, values["content"], time))
    )


def change(call: Call) -> Reply:
    row = _find(call)
    values = bodies.read_body({"content": bodies.filled}, call.body, ("content",))
    values["updater_id"] = call.company.me
    values["update_time"] = to_milliseconds(call.company.tick())
    return success(comment_row(call.company["note_comments"].change(row["id"], values)))


def delete(call: Call) -> Reply:
    """Soft; the answer is `"data": true`."""
    row = _find(call)
    call.company["note_comments"].change(row["id"], {"active_flag": False})
    return success(True)


def add_comments(company: Company) -> None:
    """Comments on every fourth note of the sample company."""
    random = Random(f"comments {company.seed}")
    users = list(company["users"].rows)
    for index, note in enumerate(company["notes"].rows.values()):
        if index % 4 or index > MOST:
            continue
        for place in range(random.randint(1, 3)):
            time = f"{note['update_time'].replace(' ', 'T')}.{place}50Z"
            text = random.choice(("Yes", "Нет", "<b>Call</b> them", "100%"))
            row = comment(company, note["id"], random.choice(users), text, time)
            if random.random() < 0.3:
                row["updater_id"] = random.choice(users)
            if random.random() < 0.1:
                company["note_comments"].change(row["id"], {"active_flag": False})


_ONE = "/notes/{id}/comments/{commentId}"
ENDPOINTS = (
    Endpoint("GET", 1, "/notes/{id}/comments", 20, list_comments, START),
    Endpoint("POST", 1, "/notes/{id}/comments", 10, add),
    Endpoint("GET", 1, _ONE, 2, one),
    Endpoint("PUT", 1, _ONE, 10, change),
    Endpoint("DELETE", 1, _ONE, 6, delete),
)
