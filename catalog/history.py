"""What happened to deals, persons and organizations: their changelog and flow (v1)."""

from .items import DEAL, ORGANIZATION, PERSON, Item
from .table import Column, Table
from .values import Kind


def changelog(item: Item) -> Table:
    """The table of what changed in items of this kind."""
    return Table(
        f"{item.name}_changelog",
        f"Changes of {item.table}, one row for each value that changed.",
        key="",
        parent=item.table,
        parent_key=item.column,
        columns=(
            item.key,
            Column("field_key", Kind.TEXT, "The field, by its key in v1."),
            Column("old_value", Kind.TEXT, "The value before, as v1 has it."),
            Column("new_value", Kind.TEXT, "The value after, as v1 has it."),
            Column(
                "actor_user_id",
                Kind.INTEGER,
                "The user who changed it.",
                references="users.id",
            ),
            Column("time", Kind.TIMESTAMP, "When it changed."),
            Column("change_source", Kind.TEXT, "How: app, api and so on."),
            Column("change_source_user_agent", Kind.TEXT, "The browser or program."),
            Column(
                "is_bulk_update",
                Kind.BOOLEAN,
                "Whether many rows were changed at once.",
                at="is_bulk_update_flag",
            ),
        ),
        endpoints=(item.endpoint("changelog", 20, version=1, by_cursor=True),),
    )


def flow(item: Item) -> Table:
    """The table of all that happened to them."""
    return Table(
        f"{item.name}_flow",
        f"What happened to {item.table}: changes, activities, notes, files and mail.",
        key="",
        parent=item.table,
        parent_key=item.column,
        columns=(
            item.key,
            Column("object", Kind.TEXT, f"What: {item.name}Change, note, file, ..."),
            Column("timestamp", Kind.TIMESTAMP, "When."),
            Column(
                "object_id",
                Kind.INTEGER,
                "The id of the change, the note, the file and so on.",
                at="data.id",
            ),
            Column(
                "user_id",
                Kind.INTEGER,
                "The user whose it is.",
                at="data.user_id",
                references="users.id",
            ),
            Column(
                "field_key", Kind.TEXT, "The field that changed.", at="data.field_key"
            ),
            Column("old_value", Kind.TEXT, "The value before.", at="data.old_value"),
            Column("new_value", Kind.TEXT, "The value after.", at="data.new_value"),
            Column(
                "change_source",
                Kind.TEXT,
                "How it changed: app, api and so on.",
                at="data.change_source",
            ),
            Column("data", Kind.JSON, "The change, the note, the file, as v1 has it."),
        ),
        apart=("object", "object_id", "timestamp"),
        # Without all_changes, changes of custom fields are missing. `items` is left
        # out: how its words match those of `object` is not documented.
        endpoints=(
            item.endpoint("flow", 40, version=1, fixed=(("all_changes", "1"),)),
        ),
    )


TABLES = tuple(
    table(item) for item in (DEAL, PERSON, ORGANIZATION) for table in (changelog, flow)
)
