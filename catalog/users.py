"""Users of the account, and what they have access to."""

from .table import Column, Endpoint, Parameter, Table
from .values import Kind

COLUMNS = (
    Column("id", Kind.INTEGER, "The user's id.", never_null=True),
    Column("name", Kind.TEXT, "The user's name."),
    Column("email", Kind.TEXT, "The user's e-mail address."),
    Column("phone", Kind.TEXT, "The user's phone."),
    Column("is_active", Kind.BOOLEAN, "Whether active.", at="active_flag"),
    Column("is_deleted", Kind.BOOLEAN, "Whether removed from the account."),
    Column("is_you", Kind.BOOLEAN, "Whether it is the token's own user."),
    Column("activated", Kind.BOOLEAN, "Whether the invitation was accepted."),
    Column("role_id", Kind.INTEGER, "The user's role.", references="roles.id"),
    Column(
        "default_currency",
        Kind.TEXT,
        "The currency for the user's new deals.",
        references="currencies.code",
    ),
    Column("locale", Kind.TEXT, "How dates and numbers are written: et_EE."),
    Column("lang", Kind.INTEGER, "The id of the user's language."),
    Column("timezone_name", Kind.TEXT, "The user's zone: Europe/Berlin."),
    Column("timezone_offset", Kind.TEXT, "The zone's distance: +03:00."),
    Column("icon_url", Kind.TEXT, "Where the user's picture is."),
    Column(
        "has_created_company",
        Kind.BOOLEAN,
        "Whether the user created the account.",
    ),
    Column("created", Kind.TIMESTAMP, "When the user was added."),
    Column("modified", Kind.TIMESTAMP, "When the user last changed."),
    Column("last_login", Kind.TIMESTAMP, "When the user last logged in."),
    Column("access", Kind.JSON, "Apps and rights; see user_access."),
)

TABLES = (
    Table(
        "users",
        "All users of the account, the deactivated ones too.",
        key="id",
        columns=COLUMNS,
        endpoints=(
            Endpoint(
                "/users/{id}",
                price=2,
                version=1,
                one=True,
                parameters=(Parameter("id", "id"),),
            ),
            Endpoint("/users", price=20, version=1, page=0),
        ),
    ),
    Table(
        "user_access",
        "What users have access to, one row for each app.",
        key="",
        source="users",
        each="access",
        columns=(
            Column(
                "user_id", Kind.INTEGER, "The user.", at="^.id", references="users.id"
            ),
            Column("position", Kind.INTEGER, "Its place in the list, from 0.", at="#"),
            Column("app", Kind.TEXT, "The app: global, sales, projects and so on."),
            Column("admin", Kind.BOOLEAN, "Whether the user is an admin there."),
            Column(
                "permission_set_id",
                Kind.TEXT,
                "The permission set.",
                references="permission_sets.id",
            ),
        ),
    ),
)
