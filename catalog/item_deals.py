"""The deals of products, and the products of persons (v1): deal_products costs less."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .items import PERSON, PRODUCT
from .pipeline_deals import COLUMNS
from .table import Column, Endpoint, Parameter, Shape, Table
from .values import Kind

_NESTED = {"owner_id", "creator_user_id", "person_id", "org_id"}

# What stands under "deal" and "product": v1's key, the kind, and what it is here.
_OF_DEAL = {
    "company_id": Column("deal_company_id", Kind.INTEGER, "The company's account."),
    "first_add_time": Column("deal_first_add_time", Kind.TIMESTAMP, "When added."),
}
_PRODUCT = (
    ("id", "id", Kind.INTEGER, "The product.", "products.id"),
    ("name", "name", Kind.TEXT, "What it is called.", ""),
    ("code", "code", Kind.TEXT, "The product code.", ""),
    ("description", "description", Kind.TEXT, "What it is.", ""),
    ("unit", "unit", Kind.TEXT, "The unit it is sold in.", ""),
    ("tax", "tax", Kind.REAL, "The tax, in percent.", ""),
    ("category", "category", Kind.TEXT, "The category.", ""),
    ("first_char", "first_char", Kind.TEXT, "The first letter of its name.", ""),
    ("owner_id", "owner_id", Kind.INTEGER, "The user who owns it.", "users.id"),
    ("visible_to", "visible_to", Kind.INTEGER, "Who may see it.", ""),
    ("files_count", "files_count", Kind.INTEGER, "How many files it has.", ""),
    ("add_time", "add_time", Kind.TIMESTAMP, "When it was added.", ""),
    ("update_time", "update_time", Kind.TIMESTAMP, "When it last changed.", ""),
    ("is_active", "active_flag", Kind.BOOLEAN, "Whether not deleted.", ""),
    ("is_linkable", "selectable", Kind.BOOLEAN, "Whether deals can have it.", ""),
    ("company_id", "company_id", Kind.INTEGER, "The company's account.", ""),
    ("deal_id", "deal_id", Kind.INTEGER, "The deal that has it.", "deals.id"),
)
_NOT_BESIDE_A_PRODUCT = {
    *("stage_order_nr", "weighted_value", "weighted_value_currency"),
    *("formatted_value", "formatted_weighted_value", "rotten_time"),
    *("acv", "acv_currency", "arr", "arr_currency", "mrr", "mrr_currency"),
    *("origin", "origin_id", "channel", "channel_id", "is_archived"),
    *("owner_name", "person_name", "org_name", "is_person_hidden", "is_org_hidden"),
    *("next_activity_subject", "next_activity_type", "next_activity_duration"),
    *("next_activity_note", "smart_bcc_email"),
}


def _of_product() -> Iterator[Column]:
    """A deal's columns, where v1 nests what it refers to."""
    for column in COLUMNS:
        if column.name in _NESTED:
            column = replace(column, at=f"{column.at or column.name}.value")
        if column.name == "id":
            column = replace(column, references="deals.id")
        yield replace(column, never_null=False)


def _under(name: str, columns: Iterable[Column]) -> Iterator[Column]:
    """Columns of what stands under a key, with the key before their names."""
    for column in columns:
        at = f"{name}.{column.at or column.name}"
        plain = column.name.removeprefix(f"{name}_")
        yield replace(column, name=f"{name}_{plain}", at=at, never_null=False)


def _deal_of_person() -> Iterator[Column]:
    kept = (c for c in COLUMNS if c.name not in _NOT_BESIDE_A_PRODUCT)
    for column in _under("deal", kept):
        if column.name == "deal_id":
            column = replace(column, references="deals.id")
        yield column
    for key, column in _OF_DEAL.items():
        yield replace(column, at=f"deal.{key}")


def _product_of_person() -> Iterator[Column]:
    for name, key, kind, about, references in _PRODUCT:
        at = f"product.{key}"
        yield Column(f"product_{name}", kind, about, at=at, references=references)


TABLES = (
    Table(
        "product_deals",
        "The deals that have a product, one row each.",
        key="",
        parent="products",
        parent_key="product_id",
        columns=(PRODUCT.key, *_of_product()),
        apart=("id",),
        endpoints=(
            Endpoint(
                "/products/{id}/deals",
                price=20,
                version=1,
                parameters=(
                    Parameter("id", "product_id"),
                    # Without it, deals of every status but deleted.
                    Parameter("status", "status", values=("open", "won", "lost")),
                ),
                echo=True,
            ),
        ),
    ),
    Table(
        "person_products",
        "The products in the deals of a person, one row for each in each deal.",
        key="",
        parent="persons",
        parent_key="person_id",
        columns=(PERSON.key, *_deal_of_person(), *_product_of_person()),
        endpoints=(PERSON.endpoint("products", 20, version=1, shape=Shape.GROUPS),),
    ),
)
