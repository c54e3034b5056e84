"""/api/v2/dealFields and so on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import bodies
from .endpoint import Call, Endpoint, Reader, Reply, success
from .fields import CREATABLE, Field
from .pages import limit_of, write_cursor
from .pages import position as cursor_position
from .parameters import CURSOR, some_of
from .refusal import forbidden, invalid, missing

SETTINGS = ("ui_visibility", "important_fields", "required_fields")
MOST_OPTIONS = 10_000


def _list(entity: str) -> Callable[[Call], Reply]:
    """By place in the list: field codes are no numbers to page by."""

    def answer(call: Call) -> Reply:
        fields = call.company.field_list(entity)
        start = cursor_position(call, "id", False)
        first = int(start[1]) if start else 0
        last = first + limit_of(call)
        wanted = _wanted(call, entity)
        rows = [field.v2(entity, wanted) for field in fields[first:last]]
        cursor = None
        if last < len(fields):
            cursor = write_cursor("id", last, False, last)
        return success(rows, additional_data={"next_cursor": cursor})

    return answer


def _wanted(call: Call, entity: str) -> list[str] | None:
    """Projects' fields come with everything, as in the spec's example."""
    return list(SETTINGS) if entity == "project" else call.query.get("include_fields")


def _find(call: Call, entity: str) -> Field:
    field = call.company.field(entity, call.path["field_code"])
    if field is None:
        raise missing()
    return field


def _custom(call: Call, entity: str) -> Field:
    field = _find(call, entity)
    if not field.custom:
        raise forbidden("System fields cannot be changed so")
    return field


def _one(entity: str) -> Callable[[Call], Reply]:
    def answer(call: Call) -> Reply:
        return success(_find(call, entity).v2(entity, _wanted(call, entity)))

    return answer


def _body(entity: str) -> dict[str, bodies.Checker]:
    accepted: dict[str, bodies.Checker] = {
        "field_name": bodies.filled,
        "ui_visibility": _anything,
    }
    if entity != "product":
        accepted |= {"important_fields": _anything, "required_fields": _anything}
    if entity == "deal":
        accepted["description"] = bodies.text
    return accepted


def _anything(key: str, value: Any) -> Any:
    if not isinstance(value, dict):
        raise invalid(key, "must be an object")
    return value


def _add(entity: str) -> Callable[[Call], Reply]:
    body = _body(entity) | {
        "field_type": bodies.one_of(*sorted(CREATABLE)),
        "options": bodies.records(label=bodies.filled),
    }

    def answer(call: Call) -> Reply:
        values = bodies.read_body(body, call.body, ("field_name", "field_type"))
        kind = values["field_type"]
        labels = [option["label"] for option in values.get("options") or ()]
        if kind in {"enum", "set"} and not labels:
            raise invalid("options", f"is required for {kind}")
        if labels and kind not in {"enum", "set"}:
            raise invalid("options", f"is not allowed for {kind}")
        field = call.company.add_field(entity, values["field_name"], kind, labels)
        _stamp(call, field, new=True)
        _apply(field, values)
        return success(field.v2(entity, _shown(entity)))

    return answer


def _change(entity: str) -> Callable[[Call], Reply]:
    body = _body(entity)

    def answer(call: Call) -> Reply:
        field = _find(call, entity)
        values = bodies.read_body(body, call.body)
        if not field.custom and "field_name" in values:
            raise forbidden("System fields cannot be renamed")
        field.name = values.get("field_name") or field.name
        _stamp(call, field)
        _apply(field, values)
        return success(field.v2(entity, _shown(entity)))

    return answer


def _shown(entity: str) -> list[str]:
    return list(SETTINGS if entity != "product" else SETTINGS[:1])


def _apply(field: Field, values: dict[str, Any]) -> None:
    field.description = values.get("description") or field.description
    field.settings |= {k: values[k] for k in SETTINGS if values.get(k) is not None}


def _stamp(call: Call, field: Field, *, new: bool = False) -> None:
    time = call.company.tick()
    field.update_time = f"{time[:10]} {time[11:19]}"
    if new:
        field.add_time = field.update_time


def _drop(entity: str) -> Callable[[Call], Reply]:
    def answer(call: Call) -> Reply:
        field = _custom(call, entity)
        call.company.drop_field(entity, field)
        return success(field.v2(entity))

    return answer


# Options: all of an array or nothing


def _items(call: Call, field: Field, **accepted: bodies.Checker) -> list[Any]:
    if field.options is None or field.type not in {"enum", "set"}:
        raise invalid("field_code", "has no options")
    items: list[Any] = bodies.records(**accepted)("options", call.body)
    if not items or any(item[key] is None for item in items for key in accepted):
        raise invalid("options", f"must have {' and '.join(accepted)}")
    return items


def _add_options(entity: str) -> Callable[[Call], Reply]:
    def answer(call: Call) -> Reply:
        field = _custom(call, entity)
        items = _items(call, field, label=bodies.filled)
        assert field.options is not None
        if len(field.options) + len(items) > MOST_OPTIONS:
            raise invalid("options", f"must be at most {MOST_OPTIONS}")
        added = [call.company.new_option(item["label"]) for item in items]
        field.options += added
        _stamp(call, field)
        return success(added, additional_data=None)

    return answer


def _change_options(entity: str) -> Callable[[Call], Reply]:
    def answer(call: Call) -> Reply:
        field = _custom(call, entity)
        items = _items(call, field, id=bodies.whole, label=bodies.filled)
        options = _chosen(field, [item["id"] for item in items])
        for option, item in zip(options, items, strict=True):
            option["label"] = item["label"]
        _stamp(call, field)
        return success(options, additional_data=None)

    return answer


def _drop_options(entity: str) -> Callable[[Call], Reply]:
    """Rows keep the ids; the labels stay in v1's options_deleted only."""

    def answer(call: Call) -> Reply:
        field = _custom(call, entity)
        items = _items(call, field, id=bodies.whole)
        options = _chosen(field, [item["id"] for item in items])
        assert field.options is not None
        field.options = [o for o in field.options if o not in options]
        field.options_deleted += [{"id": o["id"], "label": o["label"]} for o in options]
        _stamp(call, field)
        return success(options, additional_data=None)

    return answer


def _chosen(field: Field, ids: list[int]) -> list[Any]:
    known = {option["id"]: option for option in field.options or ()}
    if not set(ids) <= set(known):
        raise missing("Option was not found")
    return [known[key] for key in ids]


def _endpoints(entity: str) -> tuple[Endpoint, ...]:
    path = f"/{entity}Fields"
    one = path + "/{field_code}"
    choices = SETTINGS if entity not in {"activity", "product"} else SETTINGS[:1]
    shown: dict[str, Reader] = {"include_fields": some_of(*choices)}
    if entity == "project":
        shown = {}
    reads = (
        Endpoint("GET", 2, path, 10, _list(entity), CURSOR | shown),
        Endpoint("GET", 2, one, 1, _one(entity), shown),
    )
    if entity == "activity":
        return reads
    return (
        *reads,
        Endpoint("POST", 2, path, 5, _add(entity)),
        Endpoint("PATCH", 2, one, 5, _change(entity)),
        Endpoint("DELETE", 2, one, 3, _drop(entity)),
        Endpoint("POST", 2, one + "/options", 5, _add_options(entity)),
        Endpoint("PATCH", 2, one + "/options", 5, _change_options(entity)),
        Endpoint("DELETE", 2, one + "/options", 3, _drop_options(entity)),
    )


ENDPOINTS = tuple(
    endpoint
    for entity in ("deal", "person", "organization", "product", "activity", "project")
    for endpoint in _endpoints(entity)
)
