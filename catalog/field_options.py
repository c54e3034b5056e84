"""The options of fields, as rows: what can be chosen in them."""

from .table import Column, Table
from .values import Kind

OF_FIELD = Column("field_code", Kind.TEXT, "The field.", at="^.field_code")
OF_V1_FIELD = Column("field_code", Kind.TEXT, "The field.", at="^.key")
# The options of note fields have no more than these.
OPTION = (
    Column("position", Kind.INTEGER, "Its place in the list, from 0.", at="#"),
    Column("option_id", Kind.INTEGER, "What rows hold; a word in places.", at="id"),
    Column("label", Kind.TEXT, "What Pipedrive shows."),
)
COLOR = Column("color", Kind.TEXT, "Its colour.")
V2_OPTION = (
    *OPTION,
    COLOR,
    Column("add_time", Kind.TIMESTAMP, "When it was added."),
    Column("update_time", Kind.TIMESTAMP, "When it last changed."),
)

TABLES = (
    Table(
        "deal_field_options",
        "What can be chosen in the fields of deals, one row each.",
        key="",
        source="deal_fields",
        each="options",
        columns=(OF_FIELD, *V2_OPTION),
    ),
    Table(
        "person_field_options",
        "What can be chosen in the fields of persons, one row each.",
        key="",
        source="person_fields",
        each="options",
        columns=(OF_FIELD, *V2_OPTION),
    ),
    Table(
        "organization_field_options",
        "What can be chosen in the fields of organizations, one row each.",
        key="",
        source="organization_fields",
        each="options",
        columns=(OF_FIELD, *V2_OPTION),
    ),
    Table(
        "product_field_options",
        "What can be chosen in the fields of products, one row each.",
        key="",
        source="product_fields",
        each="options",
        columns=(OF_FIELD, *V2_OPTION),
    ),
    Table(
        "activity_field_options",
        "What can be chosen in the fields of activities, one row each.",
        key="",
        source="activity_fields",
        each="options",
        columns=(OF_FIELD, *V2_OPTION),
    ),
    Table(
        "project_field_options",
        "What can be chosen in the fields of projects, one row each.",
        key="",
        source="project_fields",
        each="options",
        columns=(OF_FIELD, *V2_OPTION),
    ),
    Table(
        "lead_field_options",
        "What can be chosen in the fields of leads, one row each.",
        key="",
        source="lead_fields",
        each="options",
        columns=(OF_V1_FIELD, *OPTION, COLOR),
    ),
    Table(
        "note_field_options",
        "What can be chosen in the fields of notes, one row each.",
        key="",
        source="note_fields",
        each="options",
        columns=(OF_V1_FIELD, *OPTION),
    ),
)
