"""The fields of every entity, custom ones too.

v2 where Pipedrive has it; the fields of leads and notes are v1, under v2's names.
"""

from dataclasses import replace

from .table import Brought, Column, Endpoint, Parameter, Table
from .values import Kind

CODE = Column(
    "field_code",
    Kind.TEXT,
    "The key in rows; 40 hex digits for custom fields.",
    never_null=True,
)
NAME = Column("field_name", Kind.TEXT, "The label.")
TYPE = Column("field_type", Kind.TEXT, "The type: varchar, enum, monetary and so on.")
DESCRIPTION = Column("description", Kind.TEXT, "What it is for.")
OPTIONS = Column("options", Kind.JSON, "What can be chosen, as a list of objects.")
SUBFIELDS = Column("subfields", Kind.JSON, "The parts of its value.")
IS_CUSTOM = Column(
    "is_custom_field", Kind.BOOLEAN, "Whether the account added the field."
)
IS_OPTIONAL = Column(
    "is_optional_response_field",
    Kind.BOOLEAN,
    "Whether rows have it only with include_fields.",
)
UI_VISIBILITY = Column(
    "ui_visibility",
    Kind.JSON,
    "Where Pipedrive shows it.",
    brought=Brought.INCLUDED,
)
# Pipedrive takes these in this order only.
SHOWN = (
    UI_VISIBILITY,
    Column(
        "important_fields",
        Kind.JSON,
        "Where it is marked as important.",
        brought=Brought.INCLUDED,
    ),
    Column(
        "required_fields",
        Kind.JSON,
        "Where it has to be filled in.",
        brought=Brought.INCLUDED,
    ),
)
# Codes are hex or Pipedrive's own words; anything else would be another path.
FIELD_CODE = Parameter("field_code", "field_code", pattern=r"[\w-]+")

V1_CODE = Column(
    "field_code",
    Kind.TEXT,
    "The key in rows; 40 hex digits for custom fields.",
    at="key",
    never_null=True,
)
V1_NAME = Column("field_name", Kind.TEXT, "The label.", at="name")
V1_ID = Column("id", Kind.INTEGER, "The number that saved filters use.")
V1_IS_CUSTOM = Column(
    "is_custom_field",
    Kind.BOOLEAN,
    "Whether the account added the field.",
    at="edit_flag",
)
V1_IS_ACTIVE = Column(
    "is_active", Kind.BOOLEAN, "Whether the field is in use.", at="active_flag"
)
V1_IS_MANDATORY = Column(
    "is_mandatory",
    Kind.BOOLEAN,
    "Whether it has to be filled in.",
    at="mandatory_flag",
)
V1_BULK_EDIT = Column(
    "bulk_edit_allowed", Kind.BOOLEAN, "Whether many rows can be edited at once."
)

TABLES = (
    Table(
        "deal_fields",
        "The fields of deals.",
        key="field_code",
        columns=(
            CODE,
            NAME,
            TYPE,
            DESCRIPTION,
            IS_CUSTOM,
            IS_OPTIONAL,
            OPTIONS,
            SUBFIELDS,
            *SHOWN,
        ),
        endpoints=(
            Endpoint(
                "/dealFields/{field_code}",
                price=1,
                one=True,
                parameters=(FIELD_CODE,),
                include_fields=True,
            ),
            Endpoint("/dealFields", price=10, include_fields=True),
        ),
    ),
    Table(
        "person_fields",
        "The fields of persons.",
        key="field_code",
        columns=(CODE, NAME, TYPE, IS_CUSTOM, IS_OPTIONAL, OPTIONS, SUBFIELDS, *SHOWN),
        endpoints=(
            Endpoint(
                "/personFields/{field_code}",
                price=1,
                one=True,
                parameters=(FIELD_CODE,),
                include_fields=True,
            ),
            Endpoint("/personFields", price=10, include_fields=True),
        ),
    ),
    Table(
        "organization_fields",
        "The fields of organizations.",
        key="field_code",
        columns=(CODE, NAME, TYPE, IS_CUSTOM, IS_OPTIONAL, OPTIONS, SUBFIELDS, *SHOWN),
        endpoints=(
            Endpoint(
                "/organizationFields/{field_code}",
                price=1,
                one=True,
                parameters=(FIELD_CODE,),
                include_fields=True,
            ),
            Endpoint("/organizationFields", price=10, include_fields=True),
        ),
    ),
    Table(
        "product_fields",
        "The fields of products.",
        key="field_code",
        columns=(
            CODE,
            NAME,
            TYPE,
            IS_CUSTOM,
            IS_OPTIONAL,
            OPTIONS,
            SUBFIELDS,
            UI_VISIBILITY,
        ),
        endpoints=(
            Endpoint(
                "/productFields/{field_code}",
                price=1,
                one=True,
                parameters=(FIELD_CODE,),
                include_fields=True,
            ),
            Endpoint("/productFields", price=10, include_fields=True),
        ),
    ),
    Table(
        "activity_fields",
        "The fields of activities.",
        key="field_code",
        columns=(
            CODE,
            NAME,
            TYPE,
            DESCRIPTION,
            IS_CUSTOM,
            IS_OPTIONAL,
            OPTIONS,
            SUBFIELDS,
            UI_VISIBILITY,
        ),
        endpoints=(
            Endpoint(
                "/activityFields/{field_code}",
                price=1,
                one=True,
                parameters=(FIELD_CODE,),
                include_fields=True,
            ),
            Endpoint("/activityFields", price=10, include_fields=True),
        ),
    ),
    Table(
        "project_fields",
        "The fields of projects.",
        key="field_code",
        columns=(
            CODE,
            NAME,
            TYPE,
            IS_CUSTOM,
            IS_OPTIONAL,
            OPTIONS,
            SUBFIELDS,
            *(replace(column, brought=Brought.ALWAYS) for column in SHOWN),
        ),
        endpoints=(
            Endpoint(
                "/projectFields/{field_code}",
                price=1,
                one=True,
                parameters=(FIELD_CODE,),
            ),
            Endpoint("/projectFields", price=10),
        ),
    ),
    Table(
        "lead_fields",
        "The fields of leads; the custom ones are those of deals.",
        key="field_code",
        columns=(
            V1_CODE,
            V1_NAME,
            TYPE,
            V1_ID,
            V1_IS_CUSTOM,
            V1_IS_ACTIVE,
            V1_IS_MANDATORY,
            V1_BULK_EDIT,
            Column("order_nr", Kind.INTEGER, "Its place among the fields."),
            Column(
                "is_index_visible",
                Kind.BOOLEAN,
                "Not used by Pipedrive any more.",
                at="index_visible_flag",
            ),
            Column(
                "is_details_visible",
                Kind.BOOLEAN,
                "Not used by Pipedrive any more.",
                at="details_visible_flag",
            ),
            Column(
                "is_add_visible",
                Kind.BOOLEAN,
                "Not used by Pipedrive any more.",
                at="add_visible_flag",
            ),
            Column(
                "is_important",
                Kind.BOOLEAN,
                "Not used by Pipedrive any more.",
                at="important_flag",
            ),
            Column(
                "is_searchable",
                Kind.BOOLEAN,
                "Whether search looks into it.",
                at="searchable_flag",
            ),
            Column("filtering_allowed", Kind.BOOLEAN, "Whether filters can use it."),
            Column(
                "is_sortable",
                Kind.BOOLEAN,
                "Whether lists can be sorted by it.",
                at="sortable_flag",
            ),
            Column(
                "is_subfield", Kind.BOOLEAN, "Whether it is a part of another field."
            ),
            OPTIONS,
            Column("options_deleted", Kind.JSON, "What could be chosen once."),
            SUBFIELDS,
            Column(
                "created_by_user_id",
                Kind.INTEGER,
                "The user who created it.",
                references="users.id",
            ),
            Column(
                "last_updated_by_user_id",
                Kind.INTEGER,
                "The user who changed it last.",
                references="users.id",
            ),
            Column("add_time", Kind.TIMESTAMP, "When it was added."),
            Column("update_time", Kind.TIMESTAMP, "When it last changed."),
        ),
        endpoints=(Endpoint("/leadFields", price=20, version=1),),
    ),
    Table(
        "note_fields",
        "The fields of notes.",
        key="field_code",
        columns=(
            V1_CODE,
            V1_NAME,
            TYPE,
            V1_ID,
            V1_IS_CUSTOM,
            V1_IS_ACTIVE,
            V1_IS_MANDATORY,
            V1_BULK_EDIT,
            OPTIONS,
        ),
        endpoints=(Endpoint("/noteFields", price=20, version=1, page=0),),
    ),
)
