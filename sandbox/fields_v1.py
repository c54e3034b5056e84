"""/v1/dealFields and so on: the fields with the numeric ids that filters use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import bodies
from .endpoint import Call, Endpoint, Reply, success
from .fields import CREATABLE, Field
from .pages import page_v1, whole_v1
from .parameters import START, integer, integers
from .refusal import Refusal, forbidden, invalid, missing
from .times import to_v1

Answer = Callable[[Call], Reply]


def _paged(entity: str) -> Answer:
    return lambda call: page_v1(call, call.company.fields_v1(entity))


def _whole(entity: str) -> Answer:
    return lambda call: whole_v1(call, call.company.fields_v1(entity))


def _shown(call: Call, entity: str, number: int, status: int = 200) -> Reply:
    rows = call.company.fields_v1(entity)
    return success(next(row for row in rows if row["id"] == number), status=status)


def _find(call: Call, entity: str) -> Field:
    number = integer("id", call.path["id"])
    for field in call.company.field_list(entity):
        if field.number == number:
            return field
    if entity == "product":
        raise Refusal(410, {"success": False, "error": "The field is not found"})
    raise missing()


def _one(entity: str) -> Answer:
    return lambda call: _shown(call, entity, _find(call, entity).number)


_FLAG: dict[str, bodies.Checker] = {"add_visible_flag": bodies.boolean}


def _add(entity: str) -> Answer:
    kinds = CREATABLE if entity == "product" else CREATABLE | {"visible_to"}
    body = _FLAG | {
        "name": bodies.filled,
        "field_type": bodies.one_of(*sorted(kinds)),
        "options": bodies.records(label=bodies.filled),
    }

    def answer(call: Call) -> Reply:
        values = bodies.read_body(body, call.body, ("name", "field_type"))
        kind, options = values["field_type"], values.get("options") or []
        if bool(options) != (kind in {"enum", "set"}):
            raise invalid("options", "must be given for enum and set, and for no other")
        labels = [option["label"] for option in options]
        field = call.company.add_field(entity, values["name"], kind, labels)
        field.add_time = field.update_time = to_v1(call.company.tick())
        status = 201 if entity == "product" else 200
        return _shown(call, entity, field.number, status)

    return answer


def _change(entity: str) -> Answer:
    body = _FLAG | {
        "name": bodies.filled,
        "options": bodies.records(id=bodies.whole, label=bodies.filled),
    }

    def answer(call: Call) -> Reply:
        field = _custom(call, entity)
        values = bodies.read_body(body, call.body)
        if values.get("options") is not None:
            _replace_options(call, field, values["options"])
        field.name = values.get("name") or field.name
        field.update_time = to_v1(call.company.tick())
        return _shown(call, entity, field.number)

    return answer


def _replace_options(call: Call, field: Field, given: list[dict[str, Any]]) -> None:
    """All that stay must be given, with their ids; new ones have a label only."""
    if field.type not in {"enum", "set"}:
        raise invalid("options", f"is not allowed for {field.type}")
    known = {option["id"]: option for option in field.options or ()}
    kept = [
        known[item["id"]] | {k: v for k, v in item.items() if v is not None}
        for item in given
        if item["id"] in known
    ]
    new = [item["label"] for item in given if item["id"] is None and item["label"]]
    if len(kept) + len(new) != len(given):
        raise invalid("options", "must have ids of the field, or labels of new options")
    stay = {option["id"] for option in kept}
    field.options_deleted += [
        {"id": key, "label": option["label"]}
        for key, option in known.items()
        if key not in stay
    ]
    field.options = kept + [call.company.new_option(label) for label in new]


def _custom(call: Call, entity: str) -> Field:
    field = _find(call, entity)
    if not field.custom:
        raise forbidden("System fields cannot be changed so")
    return field


def _drop(entity: str) -> Answer:
    def answer(call: Call) -> Reply:
        field = _custom(call, entity)
        call.company.drop_field(entity, field)
        return success({"id": field.number})

    return answer


def _drop_many(entity: str) -> Answer:
    """Those of the ids that are custom fields; the answer has them."""

    def answer(call: Call) -> Reply:
        if "ids" not in call.query:
            raise invalid("ids", "is required")
        wanted = set(call.query["ids"])
        custom = call.company.custom(entity).values()
        gone = [field for field in custom if field.number in wanted]
        for field in gone:
            call.company.drop_field(entity, field)
        return success({"id": [field.number for field in gone]})

    return answer


def _endpoints(entity: str) -> tuple[Endpoint, ...]:
    path = f"/{entity}Fields"
    one = path + "/{id}"
    return (
        Endpoint("GET", 1, path, 20, _paged(entity), START),
        Endpoint("POST", 1, path, 10, _add(entity)),
        Endpoint("DELETE", 1, path, 10, _drop_many(entity), {"ids": integers}),
        Endpoint("GET", 1, one, 2, _one(entity)),
        Endpoint("PUT", 1, one, 10, _change(entity)),
        Endpoint("DELETE", 1, one, 6, _drop(entity)),
    )


ENDPOINTS = (
    *_endpoints("deal"),
    *_endpoints("person"),
    *_endpoints("organization"),
    *_endpoints("product"),
    Endpoint("GET", 1, "/activityFields", 20, _whole("activity")),
    Endpoint("GET", 1, "/leadFields", 20, _paged("lead"), START),
    Endpoint("GET", 1, "/noteFields", 20, _whole("note")),
)
