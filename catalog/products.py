"""Products, their prices, and the products that deals have."""

from .inputs import narrowed, saved_filters, searched
from .table import Column, Endpoint, Parameter, Table
from .values import Kind

PRICE = (
    Column("currency", Kind.TEXT, "The currency.", references="currencies.code"),
    Column("price", Kind.REAL, "What one unit is sold for."),
    Column("cost", Kind.REAL, "What one unit costs."),
    Column("direct_cost", Kind.REAL, "What one unit costs directly."),
    Column("notes", Kind.TEXT, "Notes on this price."),
)

TABLES = (
    Table(
        "products",
        "Products that are not deleted.",
        key="id",
        fields="product",
        search=searched("product", "/products/search"),
        columns=(
            Column("id", Kind.INTEGER, "The product's id.", never_null=True),
            Column("name", Kind.TEXT, "What it is called.", searched="name"),
            Column("code", Kind.TEXT, "The product code.", searched="code"),
            Column("description", Kind.TEXT, "What it is."),
            Column("category", Kind.TEXT, "The category."),
            Column("unit", Kind.TEXT, "The unit it is sold in."),
            Column("tax", Kind.REAL, "The tax, in percent."),
            Column("prices", Kind.JSON, "A price a currency; see product_prices."),
            Column(
                "billing_frequency",
                Kind.TEXT,
                "one-time, weekly, monthly, quarterly, semi-annually or annually.",
            ),
            Column(
                "billing_frequency_cycles",
                Kind.INTEGER,
                "How many times it is billed; null is for ever.",
            ),
            Column("is_linkable", Kind.BOOLEAN, "Whether deals can have it."),
            Column(
                "owner_id", Kind.INTEGER, "The user who owns it.", references="users.id"
            ),
            Column(
                "visible_to", Kind.INTEGER, "Who may see it: 1 the owner, up to 7 all."
            ),
            Column("add_time", Kind.TIMESTAMP, "When it was added.", never_null=True),
            Column(
                "update_time",
                Kind.TIMESTAMP,
                "When it last changed.",
                never_null=True,
            ),
            Column("is_deleted", Kind.BOOLEAN, "Whether it is deleted."),
            *narrowed("products"),
        ),
        endpoints=(
            Endpoint(
                "/products/{id}",
                price=1,
                one=True,
                parameters=(Parameter("id", "id"),),
                only=(("is_deleted", False),),
            ),
            Endpoint(
                "/products",
                price=10,
                parameters=(
                    Parameter("ids", "id", many=100),
                    Parameter("owner_id", "owner_id"),
                    Parameter("updated_since", "update_time", ">="),
                    *saved_filters("products"),
                ),
                # Pipedrive can also sort by name, in an order of its own.
                sorts=("id", "add_time", "update_time"),
                only=(("is_deleted", False),),
                custom_fields=True,
            ),
        ),
    ),
    Table(
        "product_prices",
        "The prices of products, one row for each currency.",
        key="",
        source="products",
        each="prices",
        columns=(
            Column(
                "product_id",
                Kind.INTEGER,
                "The product.",
                at="^.id",
                references="products.id",
            ),
            Column("position", Kind.INTEGER, "Its place in the list, from 0.", at="#"),
            *PRICE,
        ),
    ),
    Table(
        "deal_products",
        "The products that deals have, one row for each line.",
        key="id",
        parent="deals",
        parent_key="deal_id",
        parent_count="products_count",
        columns=(
            Column("id", Kind.INTEGER, "The line's id.", never_null=True),
            Column(
                "deal_id",
                Kind.INTEGER,
                "The deal.",
                references="deals.id",
                never_null=True,
            ),
            Column(
                "product_id",
                Kind.INTEGER,
                "The product; null once it is gone.",
                references="products.id",
            ),
            Column(
                "product_variation_id",
                Kind.INTEGER,
                "The product's variation.",
                references="product_variations.id",
            ),
            Column("name", Kind.TEXT, "The product's name."),
            Column("order_nr", Kind.INTEGER, "Its place in the deal."),
            Column("quantity", Kind.REAL, "How many units."),
            Column("item_price", Kind.REAL, "The price of one unit."),
            Column(
                "currency",
                Kind.TEXT,
                "The currency of the prices.",
                references="currencies.code",
            ),
            Column("discount", Kind.REAL, "The discount; see `discount_type`."),
            Column("discount_type", Kind.TEXT, "percentage or amount."),
            Column("tax", Kind.REAL, "The tax, in percent."),
            Column("tax_method", Kind.TEXT, "exclusive, inclusive or none."),
            Column("sum", Kind.REAL, "What the line comes to."),
            Column("comments", Kind.TEXT, "Comments on the line."),
            Column("is_enabled", Kind.BOOLEAN, "Whether the line counts."),
            Column(
                "billing_frequency",
                Kind.TEXT,
                "one-time, weekly, monthly, quarterly, semi-annually or annually.",
            ),
            Column(
                "billing_frequency_cycles",
                Kind.INTEGER,
                "How many times it is billed; null is for ever.",
            ),
            Column("billing_start_date", Kind.DATE, "When billing starts."),
            Column("add_time", Kind.TIMESTAMP, "When it was added.", never_null=True),
            Column("update_time", Kind.TIMESTAMP, "When it last changed."),
        ),
        endpoints=(
            Endpoint(
                "/deals/products",
                price=10,
                parameters=(Parameter("deal_ids", "deal_id", many=100, required=True),),
                sorts=("id", "deal_id", "add_time"),
            ),
        ),
    ),
)
