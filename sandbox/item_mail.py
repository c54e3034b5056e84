"""/v1/deals/{id}/mailMessages and so on: the e-mails of an item (v1)."""

from __future__ import annotations

from collections.abc import Callable

from .collection import Row
from .company import Company
from .endpoint import Call, Endpoint, Reader, Reply
from .items import COLUMNS, ITEMS, found_item_v1
from .pages import page_v1
from .parameters import START, flag
from .times import to_v1

LINKS = ("deal_id", "person_id", "org_id", "body")
"""Keys of the company's own rows that the rows of mailMessages do not have."""


def message_row(company: Company, row: Row, body: bool = False) -> Row:
    """A message as the lists of items serve it; with its `body` if asked."""
    data = {key: value for key, value in row.items() if key not in LINKS}
    data |= {
        "nylas_id": f"nylas{row['id']}",
        "s3_bucket": "pipedrive-mail-live-fr",
        "s3_bucket_path": f"mail/{company.id}/{row['id']}/body",
        "external_deleted_flag": False,
        "mua_message_id": f"{row['id']}@mailer.example",
        "template_id": row["id"] % 3 or None,
        "item_type": "mailMessage",
        "timestamp": row["message_time"],
        "company_id": company.id,
    }
    if body:
        data["body"] = row["body"]
    time = to_v1(row["message_time"])
    return {"object": "mailMessage", "timestamp": time, "data": data}


def messages_of(company: Company, entity: str, key: int) -> list[Row]:
    """The messages of an item, the newest first."""
    rows = company["mail_messages"].children(COLUMNS[entity], key)
    return sorted(rows, key=lambda row: (row["message_time"], row["id"]), reverse=True)


def _of_item(entity: str) -> Callable[[Call], Reply]:
    def answer(call: Call) -> Reply:
        company = call.company
        rows = messages_of(company, entity, found_item_v1(call, entity)["id"])
        body = bool(call.query.get("include_body"))
        return page_v1(call, rows, lambda row: message_row(company, row, body))

    return answer


_QUERY: dict[str, Reader] = {**START, "include_body": flag}
ENDPOINTS = tuple(
    Endpoint("GET", 1, f"/{name}/{{id}}/mailMessages", 20, _of_item(entity), _QUERY)
    for entity, name in ITEMS.items()
    if entity != "product"
)
