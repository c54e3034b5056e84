"""What hangs on deals, persons, organizations, products, leads, by column names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from pipedrive_sql.sandbox import Company
from pipedrive_sql.sandbox.files import file_row, product_file_row
from pipedrive_sql.sandbox.history import flow
from pipedrive_sql.sandbox.item_deals import attached_to, attachment_row, deals_with
from pipedrive_sql.sandbox.item_mail import message_row
from pipedrive_sql.sandbox.permitted import permitted
from pipedrive_sql.sandbox.pipeline_deals import listed_deal
from pipedrive_sql.sandbox.product_parts import picture_row
from pipedrive_sql.sandbox.relationships import relationship_row, relationships_of
from pipedrive_sql.sandbox.sample import LEAD_SOURCES

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


def pictures(company: Company, entity: str, row: Row) -> Iterator[Row]:
    if row["picture_id"] is not None:
        whole = picture_row(company, row)
        for size in ("128", "512"):
            whole[f"picture_{size}_url"] = whole["pictures"][size]
        yield with_flags(whole)


def variations(company: Company, entity: str, row: Row) -> Iterator[Row]:
    for variation in company["product_variations"].rows.values():
        if variation["product_id"] == row["id"]:
            yield dict(variation)


def variation_prices(company: Company, entity: str, row: Row) -> Iterator[Row]:
    for variation in variations(company, entity, row):
        for position, price in enumerate(variation["prices"]):
            yield price | {"position": position}


def images(company: Company, entity: str, row: Row) -> Iterator[Row]:
    for image in company["product_images"].rows.values():
        if image["product_id"] == row["id"]:
            yield dict(image)


def deals_of_product(company: Company, entity: str, row: Row) -> Iterator[Row]:
    for deal in deals_with(company, row["id"], "all_not_deleted"):
        yield renamed(listed_deal(company, deal))


def products_of_person(company: Company, entity: str, row: Row) -> Iterator[Row]:
    for attached in attached_to(company, row["id"]):
        for parts in attachment_row(company, attached).values():
            product = with_flags(parts["product"])
            product["is_linkable"] = product["selectable"]
            yield {
                f"{part}_{name.removeprefix(f'{part}_')}": value
                for part, whole in (
                    ("deal", renamed(parts["deal"])),
                    ("product", product),
                )
                for name, value in whole.items()
            } | {"product_deal_id": product["deal_id"]}


def renamed(deal: Row) -> Row:
    """A deal of v1 by the names of v2."""
    label = deal["label"]
    told = {
        "owner_id": deal["user_id"],
        "is_active": deal["active"],
        "is_deleted": deal["deleted"],
        "is_org_hidden": deal.get("org_hidden"),
        "is_person_hidden": deal.get("person_hidden"),
        "smart_bcc_email": deal.get("cc_email"),
        "label_ids": [int(key) for key in label.split(",")] if label else None,
    }
    return deal | told


def relationships(company: Company, entity: str, row: Row) -> Iterator[Row]:
    for related in relationships_of(company, row["id"]):
        whole = relationship_row(company, related, row["id"])
        told = {"is_active": True}
        for end in ("owner", "linked"):
            for name, value in whole[f"rel_{end}_org_id"].items():
                told[f"rel_{end}_{name}"] = value
            told[f"rel_{end}_org_id"] = told[f"rel_{end}_value"]
            told[f"rel_{end}_smart_bcc_email"] = told[f"rel_{end}_cc_email"]
            told[f"rel_{end}_is_active"] = told[f"rel_{end}_active_flag"]
        yield whole | told


def comments(company: Company) -> list[Row]:
    """The comments on the notes that are listed."""
    listed = {note["id"] for note in company.rows("notes")}
    found = company["note_comments"].on("live")
    return [with_flags(row) for row in found if row["note_id"] in listed]


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
    "pictures": (pictures, ("person",)),
    "products": (products_of_person, ("person",)),
    "relationships": (relationships, ("organization",)),
    "variations": (variations, ("product",)),
    "variation_prices": (variation_prices, ("product",)),
    "images": (images, ("product",)),
    "deals": (deals_of_product, ("product",)),
}
LISTED: dict[str, Callable[[Company], list[Row]]] = {
    f"{entity}_{kind}": partial(of_all, entity, of)
    for kind, (of, entities) in KINDS.items()
    for entity in entities
}
LISTED["note_comments"] = comments
LISTED["lead_sources"] = lambda company: [{"name": name} for name in LEAD_SOURCES]
LISTED["files"] = lambda company: [
    with_flags(file_row(company, row)) for row in company["files"].on("live")
]
