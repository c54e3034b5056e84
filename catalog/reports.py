"""What changed lately, and how deals moved through pipelines (v1)."""

from .table import Column, Endpoint, Parameter, Shape, Table
from .values import Kind

DAY = r"\d{4}-\d\d-\d\d"
_ITEMS = (
    *("activity", "activityType", "deal", "file", "filter", "note", "person"),
    *("organization", "pipeline", "product", "stage", "user"),
)
_PIPELINE = Column(
    "pipeline_id",
    Kind.INTEGER,
    "The pipeline.",
    at="?.id",
    references="pipelines.id",
    never_null=True,
)
_PERIOD = (
    Column("start_date", Kind.DATE, "The first day.", at="?.start_date", hidden=True),
    Column("end_date", Kind.DATE, "The last day.", at="?.end_date", hidden=True),
    Column(
        "user_id",
        Kind.INTEGER,
        "Whose deals; without it your own.",
        at="?.user_id",
        references="users.id",
        hidden=True,
    ),
)
_GIVEN = (
    Parameter("id", "pipeline_id"),
    Parameter("start_date", "start_date", pattern=DAY, required=True),
    Parameter("end_date", "end_date", pattern=DAY, required=True),
    Parameter("user_id", "user_id"),
)
_CONVERSION = "/pipelines/{id}/conversion_statistics"
_MOVEMENT = "/pipelines/{id}/movement_statistics"


def _group(name: str, words: str) -> tuple[Column, ...]:
    return (
        Column(f"{name}_count", Kind.INTEGER, f"How many {words}.", at=f"{name}.count"),
        Column(
            f"{name}_ids",
            Kind.JSON,
            f"The ids of those {words}.",
            at=f"{name}.deals_ids",
        ),
        Column(
            f"{name}_values",
            Kind.JSON,
            f"What those {words} are worth, by currency.",
            at=f"{name}.values",
        ),
        Column(
            f"{name}_formatted_values",
            Kind.JSON,
            "The same, written with the currency.",
            at=f"{name}.formatted_values",
        ),
    )


TABLES = (
    Table(
        "recents",
        "What changed since a time, a month ago at most:"
        " recents('2026-09-01 00:00:00').",
        key="",
        columns=(
            Column(
                "item", Kind.TEXT, "What it is: deal, note, activityType and so on."
            ),
            Column("item_id", Kind.INTEGER, "Its id.", at="id"),
            Column("data", Kind.JSON, "All of it, with the names of v1."),
            Column(
                "since_timestamp",
                Kind.TIMESTAMP,
                "Since when, in UTC: YYYY-MM-DD HH:MM:SS.",
                at="?.since_timestamp",
                hidden=True,
            ),
        ),
        # Whether a thing that changed twice comes twice is not documented.
        apart=("item", "item_id", "data"),
        endpoints=(
            Endpoint(
                "/recents",
                20,
                version=1,
                echo=True,
                parameters=(
                    Parameter(
                        "since_timestamp",
                        "since_timestamp",
                        pattern=rf"{DAY} \d\d:\d\d:\d\d",
                        required=True,
                    ),
                    Parameter("items", "item", values=_ITEMS),
                ),
            ),
        ),
    ),
    Table(
        "pipeline_conversion_statistics",
        "How many deals of a pipeline were won and lost in a period:"
        " pipeline_conversion_statistics('2026-01-01', '2026-03-31').",
        key="",
        parent="pipelines",
        parent_key="pipeline_id",
        columns=(
            _PIPELINE,
            Column("won_conversion", Kind.REAL, "Won deals, in percent."),
            Column("lost_conversion", Kind.REAL, "Lost deals, in percent."),
            Column(
                "stage_conversions",
                Kind.JSON,
                "From stage to stage; see pipeline_stage_conversions.",
            ),
            *_PERIOD,
        ),
        endpoints=(
            Endpoint(
                _CONVERSION,
                40,
                version=1,
                page=0,
                shape=Shape.ROW,
                echo=True,
                parameters=_GIVEN,
            ),
        ),
    ),
    Table(
        "pipeline_stage_conversions",
        "How many deals went from stage to stage in a period:"
        " pipeline_stage_conversions('2026-01-01', '2026-03-31').",
        key="",
        parent="pipelines",
        parent_key="pipeline_id",
        columns=(
            _PIPELINE,
            Column(
                "from_stage_id",
                Kind.INTEGER,
                "From this stage.",
                references="stages.id",
            ),
            Column(
                "to_stage_id", Kind.INTEGER, "To this stage.", references="stages.id"
            ),
            Column("conversion_rate", Kind.REAL, "In percent."),
            *_PERIOD,
        ),
        endpoints=(
            Endpoint(
                _CONVERSION,
                40,
                version=1,
                page=0,
                within="stage_conversions",
                echo=True,
                parameters=_GIVEN,
            ),
        ),
    ),
    Table(
        "pipeline_movement_statistics",
        "Which deals of a pipeline were new, moved, won and lost in a period:"
        " pipeline_movement_statistics('2026-01-01', '2026-03-31').",
        key="",
        parent="pipelines",
        parent_key="pipeline_id",
        columns=(
            _PIPELINE,
            Column(
                "movements_between_stages_count",
                Kind.INTEGER,
                "How many deals moved between stages.",
                at="movements_between_stages.count",
            ),
            *_group("new_deals", "deals are new"),
            *_group("deals_left_open", "new deals are still open"),
            *_group("won_deals", "deals were won"),
            *_group("lost_deals", "deals were lost"),
            Column(
                "average_age_in_days",
                Kind.REAL,
                "How old the deals are.",
                at="average_age_in_days.across_all_stages",
            ),
            Column(
                "average_age_in_days_by_stage",
                Kind.JSON,
                "The same for each stage: stage_id and value.",
                at="average_age_in_days.by_stages",
            ),
            *_PERIOD,
        ),
        endpoints=(
            Endpoint(
                _MOVEMENT,
                40,
                version=1,
                page=0,
                shape=Shape.ROW,
                echo=True,
                parameters=_GIVEN,
            ),
        ),
    ),
)
