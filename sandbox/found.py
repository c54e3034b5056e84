"""What a search looks at: the texts of each item, and the item as it is shown.

Shapes: the spec's searches (v2). Which texts are looked at: their parameter `fields`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .collection import ARCHIVED, LIVE, Row
from .company import Company
from .fields import SEARCHABLE, Field
from .past import View

Texts = dict[str, list[str]]
"""Texts by the word of the parameter `fields`."""
Codes = Collection[str]
"""Custom fields that are searched."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of item: its collection, its texts, and how it is shown.

    `noted` is the column by which notes refer to it, `entity` what has its fields.
    """

    collection: str
    texts: Callable[[Row, Codes], Texts]
    shown: Callable[[View, Row], Row]
    noted: str = ""
    archived: bool = False
    entity: str = ""

    def rows(self, view: View) -> Iterator[Row]:
        """The rows to search; archived ones where items say whether they are."""
        archived = self.archived and view.switches.searches_find_archived
        shelves = (LIVE, ARCHIVED) if archived else (LIVE,)
        return view[self.collection].on(*shelves)

    def codes(self, view: View) -> Codes:
        """The custom fields that are searched."""
        if not self.entity:
            return ()
        custom = view.custom(self.entity).values()
        return frozenset(field.code for field in custom if field.type in SEARCHABLE)

    def notes(self, view: View, row: Row) -> list[str]:
        """The texts of the notes on a row."""
        if not self.noted:
            return []
        return note_texts(view["notes"].children(self.noted, row["id"]))


def note_texts(notes: Iterable[Row]) -> list[str]:
    """What notes say, deleted and empty ones left out."""
    return [n["content"] for n in notes if n["active_flag"] and n["content"]]


def _custom(row: Row, codes: Codes) -> list[str]:
    """The values of searchable custom fields as text."""
    return [
        value if type(value) is str else field_text(value)  # most are
        for code, value in row["custom_fields"].items()
        if value is not None and code in codes
    ]


def field_text(value: Any) -> str:
    """A value as it is searched: of an object its own value, 7.0 as 7."""
    if isinstance(value, dict):
        value = value.get("value")
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


_ARRAYS = {"email": "emails", "phone": "phones"}
"""Fields whose rows have them under another name."""


def values_of(row: Row, field: Field) -> list[str]:
    """The texts of one field of a row: several of an array, none of null."""
    if field.custom:
        value = row["custom_fields"].get(field.code)
    else:
        value = row.get(_ARRAYS.get(field.code, field.code))
    values = value if isinstance(value, list) else [value]
    return [field_text(one) for one in values if one is not None]


def searched_field(company: Company, entity: str, code: str) -> Field | None:
    """The field, if the search by field takes it."""
    field = company.field(entity, code)
    if field is None or (field.custom and field.type not in SEARCHABLE):
        return None
    return field


def _person(view: View, key: int | None) -> Row | None:
    row = view["persons"].get(key)
    return {"id": row["id"], "name": row["name"]} if row else None


def _organization(view: View, key: int | None) -> Row | None:
    row = view["organizations"].get(key)
    if row is None:
        return None
    return {"id": row["id"], "name": row["name"], "address": _address(row)}


def _address(row: Row) -> str | None:
    return (row["address"] or {}).get("value")


def _values(rows: Iterable[Row] | None) -> list[str]:
    return [row["value"] for row in rows or () if row["value"]]


def _deal_texts(row: Row, codes: Codes) -> Texts:
    return {
        "title": [row["title"]],
        "custom_fields": _custom(row, codes),
    }


def _deal(view: View, row: Row) -> Row:
    stage = view["stages"].get(row["stage_id"])
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
        "person": _person(view, row["person_id"]),
        "organization": _organization(view, row["org_id"]),
        "is_archived": row["is_archived"],
    }


def _person_texts(row: Row, codes: Codes) -> Texts:
    return {
        "name": [row["name"]],
        "email": _values(row["emails"]),
        "phone": _values(row["phones"]),
        "custom_fields": _custom(row, codes),
    }


def _person_item(view: View, row: Row) -> Row:
    return {
        "id": row["id"],
        "type": "person",
        "name": row["name"],
        "phones": _values(row["phones"]),
        "emails": _values(row["emails"]),
        "visible_to": row["visible_to"],
        "owner": {"id": row["owner_id"]},
        "organization": _organization(view, row["org_id"]),
    }


def _organization_texts(row: Row, codes: Codes) -> Texts:
    address = _address(row)
    return {
        "name": [row["name"]],
        "address": [address] if address else [],
        "custom_fields": _custom(row, codes),
    }


def _organization_item(view: View, row: Row) -> Row:
    return {
        "id": row["id"],
        "type": "organization",
        "name": row["name"],
        "address": _address(row),
        "visible_to": row["visible_to"],
        "owner": {"id": row["owner_id"]},
    }


def _product_texts(row: Row, codes: Codes) -> Texts:
    return {
        "name": [row["name"]],
        "code": [row["code"]] if row["code"] else [],
        "custom_fields": _custom(row, codes),
    }


def _product(view: View, row: Row) -> Row:
    return {
        "id": row["id"],
        "type": "product",
        "name": row["name"],
        "code": row["code"],
        "visible_to": row["visible_to"],
        "owner": {"id": row["owner_id"]},
    }


def _lead_texts(row: Row, codes: Codes) -> Texts:
    return {
        "title": [row["title"]],
        "custom_fields": _custom(row, codes),
    }


def _lead(view: View, row: Row) -> Row:
    person = view["persons"].get(row["person_id"]) or {}
    value = row["value"] or {}
    return {
        "id": row["id"],
        "type": "lead",
        "title": row["title"],
        "owner": {"id": row["owner_id"]},
        "person": _person(view, row["person_id"]),
        "organization": _organization(view, row["organization_id"]),
        "phones": _values(person.get("phones")),
        "emails": _values(person.get("emails")),
        "value": value.get("amount"),
        "currency": value.get("currency"),
        "visible_to": int(row["visible_to"]),
        "is_archived": row["is_archived"],
    }


def _project_texts(row: Row, codes: Codes) -> Texts:
    return {
        "title": [row["title"]],
        "description": [row["description"]] if row["description"] else [],
        "custom_fields": _custom(row, codes),
    }


def _project(view: View, row: Row) -> Row:
    phase = view["phases"].get(row["phase_id"])
    deal = view["deals"].get(next(iter(row["deal_ids"] or ()), None))
    return {
        "id": row["id"],
        "type": "project",
        "title": row["title"],
        "status": row["status"],
        "owner": {"id": row["owner_id"]},
        "board_id": row["board_id"],
        "phase": {"id": phase["id"], "name": phase["name"]} if phase else None,
        "person": _person(view, next(iter(row["person_ids"] or ()), None)),
        "organization": _organization(view, next(iter(row["org_ids"] or ()), None)),
        "deal": {"id": deal["id"], "title": deal["title"]} if deal else None,
        "deal_count": len(row["deal_ids"] or ()),
        "description": row["description"],
        "end_date": row["end_date"],
    }


def _file(view: View, row: Row) -> Row:
    deal = view["deals"].get(row["deal_id"])
    return {
        "id": row["id"],
        "type": "file",
        "name": row["name"],
        "url": f"/files/{row['id']}/download",
        "deal": {"id": deal["id"], "title": deal["title"]} if deal else None,
        "person": _person(view, row["person_id"]),
        "organization": _organization(view, row["org_id"]),
    }


def attachment_name(row: Row) -> str:
    """What a mail message's attachment is called, "" for one without any."""
    return f"{row['subject']}.pdf" if row["has_real_attachments_flag"] else ""


def _attachment(view: View, row: Row) -> Row:
    url = f"/files/{row['id']}/download"
    name = attachment_name(row)
    return {"id": row["id"], "type": "mail_attachment", "name": name, "url": url}


def _attachment_texts(row: Row, codes: Codes) -> Texts:
    name = attachment_name(row)
    return {"name": [name] if name else []}


KINDS = {
    "deal": Kind("deals", _deal_texts, _deal, "deal_id", True, "deal"),
    "person": Kind(
        "persons", _person_texts, _person_item, "person_id", entity="person"
    ),
    "organization": Kind(
        "organizations",
        _organization_texts,
        _organization_item,
        "org_id",
        entity="organization",
    ),
    "product": Kind("products", _product_texts, _product, entity="product"),
    "lead": Kind("leads", _lead_texts, _lead, "lead_id", True, "lead"),
    "project": Kind(
        "projects", _project_texts, _project, "project_id", entity="project"
    ),
    "file": Kind("files", lambda row, codes: {"name": [row["name"]]}, _file),
    "mail_attachment": Kind("mail_messages", _attachment_texts, _attachment),
}
