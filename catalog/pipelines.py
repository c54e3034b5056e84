"""Pipelines and their stages."""

from .table import Column, Endpoint, Parameter, Table
from .values import Kind

# Whether lists and get-one agree on deleted rows is not documented; `only` makes
# them agree.
ACTIVE = (("is_deleted", False),)

TABLES = (
    Table(
        "pipelines",
        "Pipelines that are not deleted.",
        key="id",
        columns=(
            Column("id", Kind.INTEGER, "The pipeline's id.", never_null=True),
            Column("name", Kind.TEXT, "What it is called."),
            Column("order_nr", Kind.INTEGER, "Its place; the lowest is the default."),
            Column(
                "is_deal_probability_enabled",
                Kind.BOOLEAN,
                "Whether its deals have a probability.",
            ),
            Column("add_time", Kind.TIMESTAMP, "When it was added.", never_null=True),
            Column("update_time", Kind.TIMESTAMP, "When it last changed."),
            Column("is_deleted", Kind.BOOLEAN, "Whether it is deleted."),
        ),
        endpoints=(
            Endpoint(
                "/pipelines/{id}",
                price=1,
                one=True,
                parameters=(Parameter("id", "id"),),
                only=ACTIVE,
            ),
            Endpoint("/pipelines", price=5, sorts=("id", "add_time"), only=ACTIVE),
        ),
    ),
    Table(
        "stages",
        "The steps of a pipeline, those that are not deleted.",
        key="id",
        columns=(
            Column("id", Kind.INTEGER, "The stage's id.", never_null=True),
            Column("name", Kind.TEXT, "What it is called."),
            Column(
                "pipeline_id",
                Kind.INTEGER,
                "The pipeline it belongs to.",
                references="pipelines.id",
            ),
            Column(
                "order_nr", Kind.INTEGER, "Its place in the pipeline.", never_null=True
            ),
            Column(
                "deal_probability",
                Kind.INTEGER,
                "The chance to win a deal in this stage, in percent.",
            ),
            Column(
                "is_deal_rot_enabled",
                Kind.BOOLEAN,
                "Whether deals without change become rotten here.",
            ),
            Column("days_to_rotten", Kind.INTEGER, "After how many days they do."),
            Column("add_time", Kind.TIMESTAMP, "When it was added.", never_null=True),
            Column("update_time", Kind.TIMESTAMP, "When it last changed; may be null."),
            Column("is_deleted", Kind.BOOLEAN, "Whether it is deleted."),
        ),
        endpoints=(
            Endpoint(
                "/stages/{id}",
                price=1,
                one=True,
                parameters=(Parameter("id", "id"),),
                only=ACTIVE,
            ),
            Endpoint(
                "/stages",
                price=5,
                parameters=(Parameter("pipeline_id", "pipeline_id"),),
                sorts=("id", "add_time", "order_nr"),
                only=ACTIVE,
            ),
        ),
    ),
)
