"""What belongs to one user: followers, permissions, roles; and your own settings."""

from .table import Column, Endpoint, Parameter, Shape, Table
from .users import COLUMNS
from .values import Kind

USER = Column(
    "user_id",
    Kind.INTEGER,
    "The user.",
    at="?.id",
    references="users.id",
    never_null=True,
)
OF_USER = (Parameter("id", "user_id"),)
VISIBILITY = (
    Column("deal_default_visibility", Kind.INTEGER, "Who sees new deals: 1 up to 7."),
    Column("lead_default_visibility", Kind.INTEGER, "Who sees new leads."),
    Column("org_default_visibility", Kind.INTEGER, "Who sees new organizations."),
    Column("person_default_visibility", Kind.INTEGER, "Who sees new persons."),
    Column("product_default_visibility", Kind.INTEGER, "Who sees new products."),
    Column("deal_access_level", Kind.INTEGER, "Access to deals; default role only."),
    Column(
        "org_access_level", Kind.INTEGER, "Access to organizations; default role only."
    ),
    Column(
        "person_access_level", Kind.INTEGER, "Access to persons; default role only."
    ),
    Column(
        "product_access_level", Kind.INTEGER, "Access to products; default role only."
    ),
)

ASSIGNED_ROLE = (
    Column(
        "parent_role_id",
        Kind.INTEGER,
        "The role above it.",
        references="roles.id",
    ),
    Column("name", Kind.TEXT, "What the role is called."),
    Column(
        "is_active",
        Kind.BOOLEAN,
        "Whether the role is in use.",
        at="active_flag",
    ),
    Column("type", Kind.INTEGER, "The type of the assignment."),
)

TABLES = (
    Table(
        "users_me",
        "The user of the API token, with the company: one row.",
        key="id",
        columns=(
            *COLUMNS,
            Column("company_id", Kind.INTEGER, "The company's id."),
            Column("company_name", Kind.TEXT, "The company's name."),
            Column("company_domain", Kind.TEXT, "The first part of its address."),
            Column("company_country", Kind.TEXT, "Its country: EE."),
            Column("company_industry", Kind.TEXT, "Its industry."),
            Column(
                "language_code",
                Kind.TEXT,
                "The language of the user: en.",
                at="language.language_code",
            ),
            Column(
                "language_country_code",
                Kind.TEXT,
                "The country of that language: US.",
                at="language.country_code",
            ),
        ),
        endpoints=(Endpoint("/users/me", 2, version=1, page=0, shape=Shape.ROW),),
    ),
    Table(
        "users_find",
        "Users by part of their name or e-mail address: users_find('smith').",
        key="",
        columns=(
            *COLUMNS,
            Column("term", Kind.TEXT, "What to look for.", at="?.term", hidden=True),
            Column(
                "search_by_email",
                Kind.BOOLEAN,
                "Whether to look at e-mail addresses only.",
                at="?.search_by_email",
                hidden=True,
            ),
        ),
        apart=("id",),
        endpoints=(
            Endpoint(
                "/users/find",
                40,
                version=1,
                page=0,
                echo=True,
                parameters=(
                    Parameter("term", "term", required=True),
                    Parameter("search_by_email", "search_by_email", values=("0", "1")),
                ),
            ),
        ),
    ),
    Table(
        "user_followers",
        "Who follows which user.",
        key="",
        parent="users",
        parent_key="user_id",
        columns=(
            USER,
            Column(
                "follower_id",
                Kind.INTEGER,
                "The user who follows.",
                at="user_id",
                references="users.id",
            ),
            Column("add_time", Kind.TIMESTAMP, "Since when."),
        ),
        apart=("follower_id",),
        endpoints=(
            Endpoint("/users/{id}/followers", 10, parameters=OF_USER, echo=True),
        ),
    ),
    Table(
        "user_permissions",
        "What users may do, one row for each permission.",
        key="",
        parent="users",
        parent_key="user_id",
        columns=(
            USER,
            Column("permission", Kind.TEXT, "As in can_use_api.", at="name"),
            Column("is_granted", Kind.BOOLEAN, "Whether the user may.", at="value"),
        ),
        endpoints=(
            Endpoint(
                "/users/{id}/permissions",
                10,
                version=1,
                page=0,
                parameters=OF_USER,
                shape=Shape.PAIRS,
                echo=True,
            ),
        ),
    ),
    Table(
        "user_role_assignments",
        "Which roles users have.",
        key="",
        parent="users",
        parent_key="user_id",
        columns=(
            USER,
            Column("role_id", Kind.INTEGER, "The role.", references="roles.id"),
            *ASSIGNED_ROLE,
        ),
        apart=("role_id",),
        endpoints=(
            Endpoint(
                "/users/{id}/roleAssignments",
                10,
                version=1,
                parameters=OF_USER,
                echo=True,
            ),
        ),
    ),
    Table(
        "user_role_settings",
        "What users' roles set for new rows, one row for each user.",
        key="user_id",
        parent="users",
        parent_key="user_id",
        columns=(USER, *VISIBILITY),
        endpoints=(
            Endpoint(
                "/users/{id}/roleSettings",
                10,
                version=1,
                page=0,
                parameters=OF_USER,
                shape=Shape.ROW,
                echo=True,
            ),
        ),
    ),
    Table(
        "user_connections",
        "Your accounts at other services, one row for each service.",
        key="name",
        columns=(
            Column("name", Kind.TEXT, "The service: google.", never_null=True),
            Column("value", Kind.TEXT, "Your id there, or false."),
        ),
        endpoints=(
            Endpoint("/userConnections", 20, version=1, page=0, shape=Shape.PAIRS),
        ),
    ),
    Table(
        "user_settings",
        "Your settings, one row for each.",
        key="name",
        columns=(
            Column("name", Kind.TEXT, "The setting: list_limit.", never_null=True),
            Column("value", Kind.TEXT, "Its value: 100, true, or text."),
        ),
        endpoints=(Endpoint("/userSettings", 2, version=1, page=0, shape=Shape.PAIRS),),
    ),
)
