"""/v1/files, and the files of deals, persons, organizations and products."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .collection import LIVE, Row
from .company import Company
from .endpoint import Call, Endpoint, Reader, Reply, success
from .items import COLUMNS, ITEMS, found_item_v1
from .leads import in_order
from .pages import page_v1
from .parameters import START, sort_v1
from .refusal import missing
from .times import to_v1

MOST = 100  # rows a page; a larger limit is served as this, without an error
NAMES = {
    "deal_name": ("deals", "deal_id", "title"),
    "person_name": ("persons", "person_id", "name"),
    "people_name": ("persons", "person_id", "name"),
    "org_name": ("organizations", "org_id", "name"),
    "product_name": ("products", "product_id", "name"),
    "lead_name": ("leads", "lead_id", "title"),
    "project_name": ("projects", "project_id", "title"),
}
OF_PRODUCT = (
    *(
        "id",
        "product_id",
        "add_time",
        "update_time",
        "file_name",
        "file_type",
        "file_size",
    ),
    *("active_flag", "inline_flag", "remote_location", "remote_id", "s3_bucket"),
    *("product_name", "url", "name", "description"),
)
"""The keys of a file in the list of a product."""


def file_row(company: Company, row: Row) -> Row:
    """A file as it is served: with the names of what it is on, "" for nothing."""
    names: Row = {}
    for name, (collection, column, label) in NAMES.items():
        parent = company[collection].get(row[column])
        names[name] = parent[label] if parent else ""
    url = f"https://{company.domain}.pipedrive.com/v1/files/{row['id']}/download"
    return row | names | {"url": url}


def product_file_row(company: Company, row: Row) -> Row:
    whole = file_row(company, row)
    return {key: whole[key] for key in OF_PRODUCT}


def files_of(company: Company, entity: str, key: int) -> list[Row]:
    """The files on an item that are not deleted."""
    rows = company["files"].children(COLUMNS[entity], key)
    return [row for row in rows if row["active_flag"]]


def _page(
    call: Call, rows: Iterable[Row], shown: Callable[[Company, Row], Row]
) -> Reply:
    if call.query.get("limit", 0) > MOST:
        call.query["limit"] = MOST
    rows = in_order(call, list(rows), call.query.get("sort", [("id", False)]))
    return page_v1(call, rows, lambda row: shown(call.company, row))


def list_files(call: Call) -> Reply:
    return _page(call, call.company["files"].on(LIVE), file_row)


def _of_item(entity: str) -> Callable[[Call], Reply]:
    shown = product_file_row if entity == "product" else file_row

    def answer(call: Call) -> Reply:
        key = found_item_v1(call, entity)["id"]
        return _page(call, files_of(call.company, entity, key), shown)

    return answer


def _find(call: Call) -> Row:
    text = call.path["id"]
    row = call.company["files"].get(int(text)) if text.isdigit() else None
    if row is None or not row["active_flag"]:
        raise missing("File not found")
    return row


def one(call: Call) -> Reply:
    return success(file_row(call.company, _find(call)))


def download(call: Call) -> Reply:
    """As many bytes as the file's size says: its name, again and again."""
    row = _find(call)
    line = f"{row['name']}\n".encode()
    size = row["file_size"]
    content = (line * (size // len(line) + 1))[:size]
    return Reply(content, kind="application/octet-stream")


def delete(call: Call) -> Reply:
    """Soft: it is gone for good after 30 days."""
    row = _find(call)
    changes = {"active_flag": False, "update_time": to_v1(call.company.tick())}
    call.company["files"].change(row["id"], changes)
    return success({"id": row["id"]})


_QUERY: dict[str, Reader] = {**START, "sort": sort_v1("id", "update_time")}
ENDPOINTS = (
    Endpoint("GET", 1, "/files", 20, list_files, _QUERY),
    Endpoint("GET", 1, "/files/{id}", 2, one),
    Endpoint("GET", 1, "/files/{id}/download", 20, download),
    Endpoint("DELETE", 1, "/files/{id}", 6, delete),
    *(
        Endpoint("GET", 1, f"/{name}/{{id}}/files", 20, _of_item(entity), _QUERY)
        for entity, name in ITEMS.items()
    ),
)
