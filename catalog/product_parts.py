"""Variations of products and their prices; images of products, pictures of persons."""

from .items import PERSON, PRODUCT
from .products import PRICE
from .table import Column, Endpoint, Parameter, Shape, Table
from .values import Kind

TABLES = (
    Table(
        "product_variations",
        "The variations of products, one row each.",
        key="id",
        parent="products",
        parent_key="product_id",
        columns=(
            Column("id", Kind.INTEGER, "The variation's id.", never_null=True),
            Column(
                "product_id",
                Kind.INTEGER,
                "The product.",
                references="products.id",
                never_null=True,
            ),
            Column("name", Kind.TEXT, "What it is called."),
            Column(
                "prices", Kind.JSON, "A price a currency; see product_variation_prices."
            ),
        ),
        endpoints=(
            Endpoint(
                "/products/{id}/variations",
                price=10,
                parameters=(Parameter("id", "product_id"),),
            ),
        ),
    ),
    Table(
        "product_variation_prices",
        "The prices of variations, one row for each currency.",
        key="",
        source="product_variations",
        each="prices",
        columns=(
            Column(
                "product_variation_id",
                Kind.INTEGER,
                "The variation.",
                at="^.id",
                references="product_variations.id",
            ),
            Column("position", Kind.INTEGER, "Its place in the list, from 0.", at="#"),
            Column(
                "product_id",
                Kind.INTEGER,
                "The product.",
                at="^.product_id",
                references="products.id",
                never_null=True,
            ),
            *PRICE,
        ),
    ),
    Table(
        "product_images",
        "The images of products, at most one each.",
        key="id",
        parent="products",
        parent_key="product_id",
        columns=(
            Column("id", Kind.INTEGER, "The image's id.", never_null=True),
            PRODUCT.key,
            Column("name", Kind.TEXT, "What the file is called."),
            Column("mime_type", Kind.TEXT, "Its type, as in image/png."),
            Column("public_url", Kind.TEXT, "Where it is; good for 7 days."),
            Column("company_id", Kind.INTEGER, "The id of the company's account."),
            Column("add_time", Kind.DATE, "The day it was added."),
        ),
        endpoints=(PRODUCT.endpoint("images", 10, page=0, shape=Shape.ROW),),
    ),
    Table(
        "person_pictures",
        "The pictures of persons, at most one each.",
        key="id",
        parent="persons",
        parent_key="person_id",
        parent_count="picture_id",
        columns=(
            Column("id", Kind.INTEGER, "The picture's id.", never_null=True),
            PERSON.key,
            Column("item_type", Kind.TEXT, "person."),
            Column("item_id", Kind.INTEGER, "The person once more."),
            Column("picture_128_url", Kind.TEXT, "128 pixels wide.", at="pictures.128"),
            Column("picture_512_url", Kind.TEXT, "512 pixels wide.", at="pictures.512"),
            Column("file_size", Kind.INTEGER, "Its size, in bytes."),
            Column(
                "added_by_user_id",
                Kind.INTEGER,
                "The user who added it.",
                references="users.id",
            ),
            Column("is_active", Kind.BOOLEAN, "Whether not deleted.", at="active_flag"),
        ),
        endpoints=(PERSON.endpoint("picture", 1, page=0, shape=Shape.ROW),),
    ),
)
