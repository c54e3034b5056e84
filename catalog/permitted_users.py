"""Which users may see a deal, a person, an organization, a product, a lead (v1)."""

from .items import DEAL, ORGANIZATION, PERSON, PRODUCT, Item
from .leads import UUID
from .table import Column, Endpoint, Parameter, Table
from .values import Kind

_USER = Column(
    "user_id",
    Kind.INTEGER,
    "A user who may see it.",
    at="value",
    references="users.id",
)


def permitted_users(item: Item) -> Table:
    """The table of who may see items of this kind."""
    return Table(
        f"{item.name}_permitted_users",
        f"The users who may see {item.table}, one row each.",
        key="",
        parent=item.table,
        parent_key=item.column,
        columns=(item.key, _USER),
        apart=("user_id",),
        endpoints=(item.endpoint("permittedUsers", 10, version=1, page=0),),
    )


TABLES = (
    *map(permitted_users, (DEAL, PERSON, ORGANIZATION, PRODUCT)),
    Table(
        "lead_permitted_users",
        "The users who may see leads, one row each.",
        key="",
        parent="leads",
        parent_key="lead_id",
        columns=(
            Column(
                "lead_id",
                Kind.TEXT,
                "The lead.",
                at="?.id",
                references="leads.id",
                never_null=True,
            ),
            _USER,
        ),
        apart=("user_id",),
        endpoints=(
            Endpoint(
                "/leads/{id}/permittedUsers",
                price=10,
                version=1,
                page=0,
                parameters=(Parameter("id", "lead_id", pattern=UUID),),
                echo=True,
            ),
        ),
    ),
)
