"""What an account has set up: activity types, currencies, saved filters (all v1)."""

from .table import Column, Endpoint, Parameter, Table
from .values import Kind

TABLES = (
    Table(
        "activity_types",
        "The kinds of activities, the deactivated ones too.",
        key="id",
        columns=(
            Column("id", Kind.INTEGER, "The type's id.", never_null=True),
            Column("name", Kind.TEXT, "What it is called."),
            Column("key_string", Kind.TEXT, "What activities.type holds."),
            Column("icon_key", Kind.TEXT, "Its icon."),
            Column("color", Kind.TEXT, "Its colour in hex: FFFFFF."),
            Column("order_nr", Kind.INTEGER, "Its place when choosing."),
            Column("is_active", Kind.BOOLEAN, "Whether in use.", at="active_flag"),
            Column(
                "is_custom",
                Kind.BOOLEAN,
                "Whether the account added it.",
                at="is_custom_flag",
            ),
            Column("add_time", Kind.TIMESTAMP, "When it was added."),
            Column("update_time", Kind.TIMESTAMP, "When it last changed."),
        ),
        endpoints=(Endpoint("/activityTypes", price=20, version=1, page=0),),
    ),
    Table(
        "currencies",
        "The currencies of the world, and those that the account added.",
        key="id",
        columns=(
            Column("id", Kind.INTEGER, "The currency's id.", never_null=True),
            Column("code", Kind.TEXT, "The code used everywhere: EUR."),
            Column("name", Kind.TEXT, "What it is called."),
            Column("decimal_points", Kind.INTEGER, "Digits after the point."),
            Column("symbol", Kind.TEXT, "How it is written."),
            Column("is_active", Kind.BOOLEAN, "Whether in use.", at="active_flag"),
            Column(
                "is_custom",
                Kind.BOOLEAN,
                "Whether the account added it.",
                at="is_custom_flag",
            ),
        ),
        # `term` is left out: all currencies are one request already.
        endpoints=(Endpoint("/currencies", price=20, version=1, page=0),),
    ),
    Table(
        "filters",
        "Saved filters of all lists.",
        key="id",
        columns=(
            Column("id", Kind.INTEGER, "The filter's id.", never_null=True),
            Column("name", Kind.TEXT, "What it is called."),
            Column("type", Kind.TEXT, "What it filters: deals, people, org and so on."),
            Column(
                "user_id", Kind.INTEGER, "The user who owns it.", references="users.id"
            ),
            Column("is_active", Kind.BOOLEAN, "Whether in use.", at="active_flag"),
            Column("is_editable", Kind.BOOLEAN, "Whether you may change it."),
            Column(
                "is_temporary",
                Kind.BOOLEAN,
                "Whether it was made for one time.",
                at="temporary_flag",
            ),
            Column("visible_to", Kind.INTEGER, "Who may see it."),
            Column("filter_code", Kind.TEXT, "The code of a filter of Pipedrive's."),
            Column("custom_view_id", Kind.INTEGER, "The list's columns it goes with."),
            Column("add_time", Kind.TIMESTAMP, "When it was added."),
            Column("update_time", Kind.TIMESTAMP, "When it last changed."),
            Column("last_used_time", Kind.TIMESTAMP, "When it was last used."),
        ),
        endpoints=(
            # No /filters/{id}: it may serve filters that the list does not.
            Endpoint(
                "/filters",
                price=20,
                version=1,
                page=0,
                parameters=(
                    Parameter(
                        "type",
                        "type",
                        values=(
                            "deals",
                            "leads",
                            "org",
                            "people",
                            "products",
                            "activity",
                            "projects",
                        ),
                    ),
                ),
            ),
        ),
    ),
)
