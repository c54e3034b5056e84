"""What a search looks at: the texts of each item, and the item as it is shown.

Shapes: the spec's searches (v2). Which texts are looked at: their parameter `fields`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .collection import ARCHIVED, LIVE, Collection, Row
from .company import Company
from .fields import SEARCHABLE, Field

Texts = dict[str, list[str]]
"""Texts by the word of the parameter `fields`."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of item: its collection, its texts, and how it is shown."""

    collection: str
    texts: Callable[[Company, Row], Texts]
    shown: Callable[[Company, Row], Row]
    archived: bool = False
    entity: str = ""

    def rows(self, company: Company) -> Iterator[Row]:
        """The rows to search; archived ones where items say whether they are."""
        shelves = (LIVE, ARCHIVED) if self.archived else (LIVE,)
        return company[self.collection].on(*shelves)


def custom_texts(company: Company, entity: str, row: Row) -> list[str]:
    """The values of searchable custom fields as text."""
    fields = company.custom(entity)
    found = []
    for code, value in row["custom_fields"].items():
        field = fields.get(code)
        if field is not None and field.type in SEARCHABLE and value is not None:
            found.append(field_text(value))
    return found


def field_text(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("value")
    return f"{value:g}" if isinstance(value, float) else str(value)


def searched_field(company: Company, entity: str, code: str) -> Field | None:
    """The field, if the search by field takes it."""
    field = company.field(entity, code)
    if field is None or (field.custom and field.type not in SEARCHABLE):
        return None
    return field


def _notes(company: Company, column: str, row: Row) -> list[str]:
    notes: Iterable[Row]
    collection: Collection = company["notes"]
    if column in collection.parents:
        notes = collection.children(column, row["id"])
    else:
        notes = (note for note in collection.on(LIVE) if note[column] == row["id"])
    return [n["content"] for n in notes if n["active_flag"] and n["content"]]


def _person(company: Company, key: int | None) -> Row | None:
    row = company["persons"].get(key)
    return {"id": row["id"], "name": row["name"]} if row else None


def _organization(company: Company, key: int | None) -> Row | None:
    row = company["organizations"].get(key)
    if row is None:
        return None
    return {"id": row["id"], "name": row["name"], "address": _address(row)}


def _address(row: Row) -> str | None:
    return (row["address"] or {}).get("value")


def _values(rows: Iterable[Row] | None) -> list[str]:
    return [row["value"] for row in rows or () if row["value"]]


def _deal_texts(company: Company, row: Row) -> Texts:
    return {
        "title": [row["title"]],
        "notes": _notes(company, "deal_id", row),
        "custom_fields": custom_texts(company, "deal", row),
    }


def _deal(company: Company, row: Row) -> Row:
    stage = company["stages"].get(row["stage_id"])
    return {
        "id": row["id"],
        "type": "deal",
        "title": row["title"],
        "value": row["value"],
        "currency": row["currency"],
        "status": row["status"],
        "visible_to": row["visible_to"],
        "owner": {"id": row["owner_id"]},
        "stage": {"id": stage["id"], "name": stage["name"]} if stage else None,
        "person": _person(company, row["person_id"]),
        "organization": _organization(company, row["org_id"]),
        "is_archived": row["is_archived"],
    }


def _person_texts(company: Company, row: Row) -> Texts:
    return {
        "name": [row["name"]],
        "email": _values(row["emails"]),
        "phone": _values(row["phones"]),
        "notes": _notes(company, "person_id", row),
        "custom_fields": custom_texts(company, "person", row),
    }


def _person_item(company: Company, row: Row) -> Row:
    return {
        "id": row["id"],
        "type": "person",
        "name": row["name"],
        "phones": _values(row["phones"]),
        "emails": _values(row["emails"]),
        "visible_to": row["visible_to"],
        "owner": {"id": row["owner_id"]},
        "organization": _organization(company, row["org_id"]),
    }


def _organization_texts(company: Company, row: Row) -> Texts:
    address = _address(row)
    return {
        "name": [row["name"]],
        "address": [address] if address else [],
        "notes": _notes(company, "org_id", row),
        "custom_fields": custom_texts(company, "organization", row),
    }


def _organization_item(company: Company, row: Row) -> Row:
    return {
        "id": row["id"],
        "type": "organization",
        "name": row["name"],
        "address": _address(row),
        "visible_to": row["visible_to"],
        "owner": {"id": row["owner_id"]},
    }


def _product_texts(company: Company, row: Row) -> Texts:
    return {
        "name": [row["name"]],
        "code": [row["code"]] if row["code"] else [],
        "custom_fields": custom_texts(company, "product", row),
    }


def _product(company: Company, row: Row) -> Row:
    return {
        "id": row["id"],
        "type": "product",
        "name": row["name"],
        "code": row["code"],
        "visible_to": row["visible_to"],
        "owner": {"id": row["owner_id"]},
    }


def _lead_texts(company: Company, row: Row) -> Texts:
    return {
        "title": [row["title"]],
        "notes": _notes(company, "lead_id", row),
        "custom_fields": custom_texts(company, "lead", row),
    }


def _lead(company: Company, row: Row) -> Row:
    person = company["persons"].get(row["person_id"]) or {}
    value = row["value"] or {}
    return {
        "id": row["id"],
        "type": "lead",
        "title": row["title"],
        "owner": {"id": row["owner_id"]},
        "person": _person(company, row["person_id"]),
        "organization": _organization(company, row["organization_id"]),
        "phones": _values(person.get("phones")),
        "emails": _values(person.get("emails")),
        "value": value.get("amount"),
        "currency": value.get("currency"),
        "visible_to": int(row["visible_to"]),
        "is_archived": row["is_archived"],
    }


def _project_texts(company: Company, row: Row) -> Texts:
    return {
        "title": [row["title"]],
        "description": [row["description"]] if row["description"] else [],
        "notes": _notes(company, "project_id", row),
        "custom_fields": custom_texts(company, "project", row),
    }


def _project(company: Company, row: Row) -> Row:
    phase = company["phases"].get(row["phase_id"])
    deal = company["deals"].get(next(iter(row["deal_ids"] or ()), None))
    return {
        "id": row["id"],
        "type": "project",
        "title": row["title"],
        "status": row["status"],
        "owner": {"id": row["owner_id"]},
        "board_id": row["board_id"],
        "phase": {"id": phase["id"], "name": phase["name"]} if phase else None,
        "person": _person(company, next(iter(row["person_ids"] or ()), None)),
        "organization": _organization(company, next(iter(row["org_ids"] or ()), None)),
        "deal": {"id": deal["id"], "title": deal["title"]} if deal else None,
        "deal_count": len(row["deal_ids"] or ()),
        "description": row["description"],
        "end_date": row["end_date"],
    }


def _file(company: Company, row: Row) -> Row:
    deal = company["deals"].get(row["deal_id"])
    return {
        "id": row["id"],
        "type": "file",
        "name": row["name"],
        "url": f"/files/{row['id']}/download",
        "deal": {"id": deal["id"], "title": deal["title"]} if deal else None,
        "person": _person(company, row["person_id"]),
        "organization": _organization(company, row["org_id"]),
    }


def attachment_name(row: Row) -> str:
    """What a mail message's attachment is called, "" for one without any."""
    return f"{row['subject']}.pdf" if row["has_real_attachments_flag"] else ""


def _attachment(company: Company, row: Row) -> Row:
    url = f"/files/{row['id']}/download"
    name = attachment_name(row)
    return {"id": row["id"], "type": "mail_attachment", "name": name, "url": url}


def _attachment_texts(company: Company, row: Row) -> Texts:
    name = attachment_name(row)
    return {"name": [name] if name else []}


KINDS = {
    "deal": Kind("deals", _deal_texts, _deal, True, "deal"),
    "person": Kind("persons", _person_texts, _person_item, entity="person"),
    "organization": Kind(
        "organizations", _organization_texts, _organization_item, entity="organization"
    ),
    "product": Kind("products", _product_texts, _product, entity="product"),
    "lead": Kind("leads", _lead_texts, _lead, True, "lead"),
    "project": Kind("projects", _project_texts, _project, entity="project"),
    "file": Kind("files", lambda company, row: {"name": [row["name"]]}, _file),
    "mail_attachment": Kind("mail_messages", _attachment_texts, _attachment),
}
