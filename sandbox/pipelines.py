"""/api/v2/pipelines and /api/v2/stages."""

from __future__ import annotations

from . import blanks, bodies
from .collection import LIVE, Row
from .endpoint import Call
from .entity import Entity, equal
from .parameters import numbers, sorts


def _build_pipeline(call: Call, values: Row) -> Row:
    company = call.company
    now = company.tick()
    places = [row["order_nr"] for row in company["pipelines"].on(LIVE)]
    row = blanks.PIPELINE | {"order_nr": max(places, default=0) + 1}
    return row | {"add_time": now, "update_time": now} | _given(values)


def _build_stage(call: Call, values: Row) -> Row:
    company = call.company
    bodies.must_exist(company, values, pipeline_id="pipelines")
    now = company.tick()
    steps = company["stages"].children("pipeline_id", values["pipeline_id"])
    places = [row["order_nr"] for row in steps]
    row = blanks.STAGE | {"order_nr": max(places, default=0) + 1}
    return row | {"add_time": now, "update_time": now} | _given(values)


def _alter(call: Call, row: Row, values: Row) -> Row:
    bodies.must_exist(call.company, values, pipeline_id="pipelines")
    return values


def _given(values: Row) -> Row:
    return {key: value for key, value in values.items() if value is not None}


PIPELINES = Entity(
    "pipelines",
    "pipeline",
    body={"name": bodies.filled, "is_deal_probability_enabled": bodies.boolean},
    required=("name",),
    build=_build_pipeline,
    alter=_alter,
)
STAGES = Entity(
    "stages",
    "stage",
    body={
        "name": bodies.filled,
        "pipeline_id": bodies.whole,
        "deal_probability": bodies.whole,
        "is_deal_rot_enabled": bodies.boolean,
        "days_to_rotten": bodies.whole,
    },
    required=("name", "pipeline_id"),
    build=_build_stage,
    alter=_alter,
    plain={"pipeline_id": equal("pipeline_id")},
)
ENDPOINTS = (
    *PIPELINES.endpoints(5, sorts("id", "update_time", "add_time"), labels=False),
    *STAGES.endpoints(
        5,
        {
            **numbers("pipeline_id"),
            **sorts("id", "update_time", "add_time", "order_nr"),
        },
        labels=False,
    ),
)
