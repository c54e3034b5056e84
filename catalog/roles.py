"""Roles and permission sets, and who has them (v1, for admins)."""

from dataclasses import replace

from .members import ASSIGNED_ROLE, VISIBILITY
from .table import Brought, Column, Endpoint, Parameter, Shape, Table
from .values import Kind

ROLE = Column(
    "role_id",
    Kind.INTEGER,
    "The role.",
    at="?.id",
    references="roles.id",
    never_null=True,
)
OF_ROLE = (Parameter("id", "role_id"),)
_SETTINGS = "/roles/{id}/settings"
_CONTENTS = "/permissionSets/{id}"
_SET = Column(
    "permission_set_id",
    Kind.TEXT,
    "The permission set.",
    at="?.id",
    references="permission_sets.id",
    never_null=True,
)

TABLES = (
    Table(
        "roles",
        "The roles of the account. Only admins may read them.",
        key="id",
        columns=(
            Column("id", Kind.INTEGER, "The role's id.", never_null=True),
            Column("name", Kind.TEXT, "What it is called."),
            Column(
                "parent_role_id",
                Kind.INTEGER,
                "The role above it.",
                references="roles.id",
            ),
            Column("level", Kind.INTEGER, "How deep it stands, from 1."),
            Column("assignment_count", Kind.INTEGER, "How many users have it."),
            Column("sub_role_count", Kind.INTEGER, "How many roles are below it."),
            Column("is_active", Kind.BOOLEAN, "Whether in use.", at="active_flag"),
            *(
                replace(c, brought=Brought.FURTHER, further=_SETTINGS)
                for c in VISIBILITY
            ),
        ),
        endpoints=(
            # No /roles/{id}: it does not tell the level.
            Endpoint("/roles", 20, version=1),
        ),
        further=(
            Endpoint(
                _SETTINGS,
                20,
                version=1,
                one=True,
                parameters=(Parameter("id", "id"),),
            ),
        ),
    ),
    Table(
        "role_assignments",
        "Which users have which role. Only admins may read it.",
        key="",
        parent="roles",
        parent_key="role_id",
        parent_count="assignment_count",
        columns=(
            ROLE,
            Column("user_id", Kind.INTEGER, "The user.", references="users.id"),
            *ASSIGNED_ROLE,
        ),
        apart=("user_id",),
        endpoints=(
            Endpoint(
                "/roles/{id}/assignments", 10, version=1, parameters=OF_ROLE, echo=True
            ),
        ),
    ),
    Table(
        "role_settings",
        "What roles set for new rows, one row for each role. Only admins may read it.",
        key="role_id",
        parent="roles",
        parent_key="role_id",
        columns=(ROLE, *VISIBILITY),
        endpoints=(
            Endpoint(
                "/roles/{id}/settings",
                20,
                version=1,
                page=0,
                parameters=OF_ROLE,
                shape=Shape.ROW,
                echo=True,
            ),
        ),
    ),
    Table(
        "role_pipelines",
        "Which pipelines roles see, and which not. Only admins may read it.",
        key="",
        parent="roles",
        parent_key="role_id",
        columns=(
            ROLE,
            Column(
                "pipeline_id",
                Kind.INTEGER,
                "The pipeline.",
                at="value",
                references="pipelines.id",
            ),
            Column(
                "is_visible",
                Kind.BOOLEAN,
                "Whether the role sees the pipeline.",
                at="?.visible",
                never_null=True,
            ),
        ),
        endpoints=(
            Endpoint(
                "/roles/{id}/pipelines",
                20,
                version=1,
                page=0,
                parameters=(
                    *OF_ROLE,
                    # Without it only the visible ones come.
                    Parameter(
                        "visible",
                        "is_visible",
                        values=("false", "true"),
                        required=True,
                    ),
                ),
                within="pipeline_ids",
                echo=True,
            ),
        ),
    ),
    Table(
        "permission_sets",
        "Sets of permissions that users can have. Only admins may read them.",
        key="id",
        columns=(
            Column("id", Kind.TEXT, "The set's id, a UUID.", never_null=True),
            Column("name", Kind.TEXT, "What it is called."),
            Column("description", Kind.TEXT, "What it is for."),
            Column("app", Kind.TEXT, "The app: sales, global, projects and so on."),
            Column("type", Kind.TEXT, "admin, manager, regular or custom."),
            Column("assignment_count", Kind.INTEGER, "How many users have it."),
            Column(
                "contents",
                Kind.JSON,
                "What it permits; see permission_set_contents.",
                brought=Brought.FURTHER,
                further=_CONTENTS,
            ),
        ),
        endpoints=(
            # No /permissionSets/{id}: it does not tell the type.
            Endpoint(
                "/permissionSets",
                20,
                version=1,
                page=0,
                parameters=(
                    Parameter(
                        "app",
                        "app",
                        values=(
                            "sales",
                            "projects",
                            "campaigns",
                            "global",
                            "account_settings",
                            "partnership",
                            "nova",
                        ),
                    ),
                ),
            ),
        ),
        further=(
            Endpoint(
                _CONTENTS, 2, version=1, one=True, parameters=(Parameter("id", "id"),)
            ),
        ),
    ),
    Table(
        "permission_set_contents",
        "What permission sets permit, one row each. Only admins may read it.",
        key="",
        parent="permission_sets",
        parent_key="permission_set_id",
        columns=(
            _SET,
            Column("permission", Kind.TEXT, "As in can_use_api.", at="value"),
        ),
        endpoints=(
            Endpoint(
                _CONTENTS,
                2,
                version=1,
                page=0,
                parameters=(Parameter("id", "permission_set_id"),),
                within="contents",
                echo=True,
            ),
        ),
    ),
    Table(
        "permission_set_assignments",
        "Which users have which permission set. Only admins may read it.",
        key="",
        parent="permission_sets",
        parent_key="permission_set_id",
        parent_count="assignment_count",
        columns=(
            _SET,
            Column("user_id", Kind.INTEGER, "The user.", references="users.id"),
            Column("name", Kind.TEXT, "What the set is called."),
        ),
        apart=("user_id",),
        endpoints=(
            Endpoint(
                "/permissionSets/{id}/assignments",
                20,
                version=1,
                parameters=(Parameter("id", "permission_set_id"),),
                echo=True,
            ),
        ),
    ),
)
