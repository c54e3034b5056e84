"""What hangs on deals, persons, organizations, products, leads, by column names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from pipedrive_sql.sandbox import Company
from pipedrive_sql.sandbox.files import file_row, product_file_row
from pipedrive_sql.sandbox.history import flow
from pipedrive_sql.sandbox.item_mail import message_row
from pipedrive_sql.sandbox.permitted import permitted

Row = dict[str, Any]
Of = Callable[[Company, str, Row], Iterator[Row]]

PLURALS = {
    "deal": "deals",
    "person": "persons",
    "organization": "organizations",
    "product": "products",
    "lead": "leads",
}
OWNERS = {name: f"{name}_id" for name in PLURALS} | {"organization": "org_id"}


def on_item(company: Company, name: str, entity: str, key: int) -> Iterator[Row]:
    """The rows of a collection that have an item, as followers have."""
    for row in company[name].rows.values():
        if row["item"] == (entity, key):
            yield dict(row)


def followers(company: Company, entity: str, row: Row) -> Iterator[Row]:
    yield from on_item(company, "followers", entity, row["id"])


def followers_changelog(company: Company, entity: str, row: Row) -> Iterator[Row]:
    yield from on_item(company, "follower_changes", entity, row["id"])


def changelog(company: Company, entity: str, row: Row) -> Iterator[Row]:
    for change in on_item(company, "changes", entity, row["id"]):
        yield change | {"is_bulk_update": change["is_bulk_update_flag"]}


def happened(company: Company, entity: str, row: Row) -> Iterator[Row]:
    kept = ("user_id", "field_key", "old_value", "new_value", "change_source")
    for event in flow(company, entity, row["id"], custom=True):
        data = event["data"]
        told = {name: data.get(name) for name in kept}
        yield event | told | {"object_id": data["id"]}


def files(company: Company, entity: str, row: Row) -> Iterator[Row]:
    shown = product_file_row if entity == "product" else file_row
    for file in company["files"].rows.values():
        if file[OWNERS[entity]] == row["id"] and file["active_flag"]:
            yield with_flags(shown(company, file))


def mail_messages(company: Company, entity: str, row: Row) -> Iterator[Row]:
    for message in company["mail_messages"].rows.values():
        if message[OWNERS[entity]] == row["id"]:
            whole = message_row(company, message, body=True)
            yield with_flags(whole.pop("data")) | whole


def permitted_users(company: Company, entity: str, row: Row) -> Iterator[Row]:
    for user in permitted(company, row):
        yield {"user_id": user}


def with_flags(row: Row) -> Row:
    """The row with is_read for read_flag, has_body for has_body_flag, from_parties."""
    told = {}
    for name, value in row.items():
        plain = name.removesuffix("_flag")
        if plain != name:
            told[plain if plain.startswith("has_") else f"is_{plain}"] = value
        elif name in ("from", "to", "cc", "bcc"):
            told[f"{name}_parties"] = value
    told["is_mail_link_tracking_enabled"] = row.get("mail_link_tracking_enabled_flag")
    return row | told


def of_all(entity: str, of: Of, company: Company) -> list[Row]:
    """The children of every listed row of an entity, with its key."""
    return [
        child | {OWNERS[entity]: row["id"]}
        for row in company.rows(PLURALS[entity])
        for child in of(company, entity, row)
    ]


KINDS: dict[str, tuple[Of, tuple[str, ...]]] = {
    "followers": (followers, ("deal", "person", "organization", "product")),
    "followers_changelog": (
        followers_changelog,
        ("deal", "person", "organization", "product"),
    ),
    "changelog": (changelog, ("deal", "person", "organization")),
    "flow": (happened, ("deal", "person", "organization")),
    "files": (files, ("deal", "person", "organization", "product")),
    "mail_messages": (mail_messages, ("deal", "person", "organization")),
    "permitted_users": (permitted_users, tuple(PLURALS)),
}
LISTED: dict[str, Callable[[Company], list[Row]]] = {
    f"{entity}_{kind}": partial(of_all, entity, of)
    for kind, (of, entities) in KINDS.items()
    for entity in entities
}
LISTED["files"] = lambda company: [
    with_flags(file_row(company, row)) for row in company["files"].on("live")
]
