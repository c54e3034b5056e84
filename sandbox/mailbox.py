"""/v1/mailbox: the threads of the token's own mailbox, and their messages (v1)."""

from __future__ import annotations

from .collection import LIVE, Row
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .envelopes import service
from .item_mail import LINKS
from .pages import page_v1, whole_v1
from .parameters import START, flag, one_of
from .refusal import invalid, missing

FOLDERS = ("inbox", "drafts", "sent", "archive")


def list_threads(call: Call) -> Reply:
    """Those in a folder, the latest first; a thread may be in several."""
    if "folder" not in call.query:
        raise invalid("folder", "is required")
    threads = call.company["mail_threads"].on(LIVE)
    found = [row for row in threads if call.query["folder"] in row["folders"]]
    return page_v1(call, sorted(found, key=_last, reverse=True))


def _last(row: Row) -> tuple[str, int]:
    return row["last_message_timestamp"], row["id"]


def _thread(call: Call) -> Row:
    text = call.path["id"]
    row = call.company["mail_threads"].get(int(text)) if text.isdigit() else None
    if row is None:
        raise missing("Mail thread not found")
    return row


def one_thread(call: Call) -> Reply:
    return success(_thread(call))


def list_messages(call: Call) -> Reply:
    """All of a thread, the first one first; without pages, without bodies."""
    return whole_v1(call, messages_of(call.company, _thread(call)))


def messages_of(company: Company, thread: Row) -> list[Row]:
    """The messages of a thread as they are served."""
    rows = company["mail_messages"].on(LIVE)
    return [_shown(row) for row in rows if row["mail_thread_id"] == thread["id"]]


def _shown(row: Row) -> Row:
    return {key: value for key, value in row.items() if key not in LINKS}


def one_message(call: Call) -> Reply:
    """In the envelope of the e-mail service; with its body if asked."""
    text = call.path["id"]
    row = call.company["mail_messages"].get(int(text)) if text.isdigit() else None
    if row is None or row["mail_thread_id"] not in call.company["mail_threads"].rows:
        raise missing("Mail message not found")
    shown = _shown(row)
    if call.query.get("include_body"):
        shown["body"] = row["body"]
    return service(shown, "email-api", 2000, "Success")


_FOLDER = {"folder": one_of(*FOLDERS), **START}
_BODY = {"include_body": flag}
_MESSAGES = "/mailbox/mailThreads/{id}/mailMessages"
ENDPOINTS = (
    Endpoint("GET", 1, "/mailbox/mailThreads", 20, list_threads, _FOLDER),
    Endpoint("GET", 1, "/mailbox/mailThreads/{id}", 20, one_thread),
    Endpoint("GET", 1, _MESSAGES, 20, list_messages),
    Endpoint("GET", 1, "/mailbox/mailMessages/{id}", 2, one_message, _BODY),
)
