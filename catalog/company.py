"""What an account has set up: activity types, currencies, saved filters (all v1)."""

from .table import Brought, Column, Endpoint, Form, Parameter, Shape, Table
from .values import Kind

_CODES = (("include_field_code", "true"),)

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
            Column(
                "conditions",
                Kind.JSON,
                "What it filters by; see filter_conditions.",
                brought=Brought.FURTHER,
                further="/filters/{id}",
            ),
            Column(
                "sql",
                Kind.TEXT,
                "The same as SQL, for the WHERE of the filter's table.",
                at="conditions",
                form=Form.CONDITIONS,
                brought=Brought.FURTHER,
                further="/filters/{id}",
            ),
        ),
        further=(
            Endpoint(
                "/filters/{id}",
                price=2,
                version=1,
                one=True,
                parameters=(Parameter("id", "id"),),
                fixed=_CODES,
            ),
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
    Table(
        "filter_conditions",
        "The conditions of saved filters, one row each.",
        key="",
        parent="filters",
        parent_key="filter_id",
        columns=(
            Column(
                "filter_id",
                Kind.INTEGER,
                "The filter.",
                at="?.id",
                references="filters.id",
                never_null=True,
            ),
            Column("glue", Kind.TEXT, "The group it is in: and (all), or (any)."),
            Column("position", Kind.INTEGER, "Its place in the group, from 0."),
            Column("object", Kind.TEXT, "What it looks at: deal, person and so on."),
            Column("field_id", Kind.INTEGER, "The field's number in v1."),
            Column("field_code", Kind.TEXT, "The field's key."),
            Column("operator", Kind.TEXT, "=, >, IS NULL, LIKE '$%' and so on."),
            Column("value", Kind.TEXT, "What it compares with."),
            Column("extra_value", Kind.TEXT, "The second value, if there are two."),
            Column(
                "is_json_value",
                Kind.BOOLEAN,
                "Whether the value is a list as JSON.",
                at="json_value_flag",
            ),
        ),
        endpoints=(
            Endpoint(
                "/filters/{id}",
                price=2,
                version=1,
                page=0,
                parameters=(Parameter("id", "filter_id"),),
                fixed=_CODES,
                shape=Shape.CONDITIONS,
                within="conditions",
                echo=True,
            ),
        ),
    ),
    Table(
        "filter_operators",
        "Which operators conditions of filters have, by type of field.",
        key="field_type",
        columns=(
            Column(
                "field_type", Kind.TEXT, "As in varchar.", at="name", never_null=True
            ),
            Column("operators", Kind.JSON, "Operators and their names.", at="value"),
        ),
        endpoints=(
            Endpoint(
                "/filters/helpers",
                price=20,
                version=1,
                page=0,
                shape=Shape.PAIRS,
                within="operators",
            ),
        ),
    ),
    Table(
        "filter_helpers",
        "What conditions of filters may be made of, one row for each part.",
        key="name",
        columns=(
            Column("name", Kind.TEXT, "As in relative_dates.", never_null=True),
            Column("value", Kind.JSON, "All of that part."),
        ),
        endpoints=(
            Endpoint(
                "/filters/helpers", price=20, version=1, page=0, shape=Shape.PAIRS
            ),
        ),
    ),
)
