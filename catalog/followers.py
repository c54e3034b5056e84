"""Who follows deals, persons, organizations and products, and who did."""

from .items import DEAL, ORGANIZATION, PERSON, PRODUCT, Item
from .table import Column, Table
from .values import Kind


def followers(item: Item) -> Table:
    """The table of those who follow items of this kind."""
    return Table(
        f"{item.name}_followers",
        f"The users who follow {item.table}, one row each.",
        key="",
        parent=item.table,
        parent_key=item.column,
        parent_count="followers_count" if item.counts else "",
        columns=(
            item.key,
            Column(
                "user_id",
                Kind.INTEGER,
                "The user who follows it.",
                references="users.id",
            ),
            Column("add_time", Kind.TIMESTAMP, "Since when."),
        ),
        apart=("user_id",),
        endpoints=(item.endpoint("followers", 10),),
    )


def followers_changelog(item: Item) -> Table:
    """The table of who began and ceased to follow them."""
    return Table(
        f"{item.name}_followers_changelog",
        f"Which users began and ceased to follow {item.table}, one row each time.",
        key="",
        parent=item.table,
        parent_key=item.column,
        columns=(
            item.key,
            Column("action", Kind.TEXT, "added or removed."),
            Column(
                "follower_user_id",
                Kind.INTEGER,
                "The user who began or ceased to follow it.",
                references="users.id",
            ),
            Column(
                "actor_user_id",
                Kind.INTEGER,
                "The user who did it.",
                references="users.id",
            ),
            Column("time", Kind.TIMESTAMP, "When."),
        ),
        endpoints=(item.endpoint("followers/changelog", 10),),
    )


TABLES = tuple(
    table(item)
    for item in (DEAL, PERSON, ORGANIZATION, PRODUCT)
    for table in (followers, followers_changelog)
)
