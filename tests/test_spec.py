"""The catalog says what the official specs say: paths, prices, parameters, columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import pytest

from pipedrive_sql.catalog import TABLES
from pipedrive_sql.catalog.table import Brought, Column, Endpoint, Form, Shape, Table

from .official import needs_specs, spec

pytestmark = needs_specs

# Parameters that serve no comparison: how much, from where, and in what dress.
PAGING = {"limit", "cursor", "start", "sort", "sort_by", "sort_direction"}
DRESS = {
    *("include_fields", "custom_fields", "include_option_labels", "include_labels"),
    "include_body",
}

# Filters of Pipedrive that the catalog leaves alone, for the reason given there.
LEFT_OUT = {
    # Beside filter_id, `status` is ignored.
    "deals_deleted": {"filter_id", "ids"},
    "activities": {"person_id"},
    "notes": {"start_date", "end_date"},
    "currencies": {"term"},
    # How the same teams are sorted and shown.
    "teams": {"order_by", "skip_users"},
    # Named otherwise in rows, or not told how they compare.
    "goals": {
        *("type.name", "title", "assignee.id", "period.start", "period.end"),
        *("expected_outcome.target", "expected_outcome.currency_id"),
        *("type.params.pipeline_id", "type.params.stage_id"),
        "type.params.activity_type_id",
    },
    # Everyone's deals are asked for, which makes the others void.
    "pipeline_deals": {
        *("filter_id", "user_id", "get_summary", "totals_convert_currency"),
    },
    "stage_deals": {"filter_id", "user_id"},
    # They look at no more than 2,000 hits.
    "deals_search": {"person_id", "organization_id", "status"},
    "persons_search": {"organization_id"},
    "leads_search": {"person_id", "organization_id"},
    "projects_search": {"person_id", "organization_id"},
    "item_search": {"search_for_related_items"},
    "item_search_related": {"item_types"},
    "deal_flow": {"items"},
    "person_flow": {"items"},
    "organization_flow": {"items"},
}

# Columns that no schema and no example of the spec has; all seen in live answers.
BEYOND_THE_SPEC = {
    "notes": {"lead", "pinned_to_lead_flag"},
    # Named by the parameter that asks for it.
    "deal_timeline": {"totals_converted"},
    "deal_timeline_archived": {"totals_converted"},
    "goals": {"stage_id", "currency_id"},
    # Asked for with include_fields; the spec does not say where they stand.
    "deals_search": {"cc_email"},
    "persons_search": {"picture"},
    "products_search": {"price"},
    "leads_search": {"was_seen"},
}

SEARCHED = ("deals", "persons", "organizations", "products", "leads", "projects")

# Keys of the schemas and examples that are no columns.
NO_COLUMNS = {
    # Custom fields become columns of their own.
    "deals": {"custom_fields"},
    "deals_archived": {"custom_fields"},
    "deals_deleted": {"custom_fields"},
    "persons": {"custom_fields"},
    "products": {"custom_fields"},
    "organizations": {"custom_fields", "org_id"},  # org_id: a slip in the example
    "person_fields": {"description"},  # in an example, but persons' fields have none
    "deal_files": {"people_name"},  # person_name once more
    "person_files": {"people_name"},
    "organization_files": {"people_name"},
    "deal_participants": {"related_item_type", "related_item_id"},  # the deal's
    "projects": {"custom_fields"},
    "projects_archived": {"custom_fields"},
    "project_tasks": {"project_id"},
    "project_activities": {"project_id"},
    # A search of one kind finds that kind, and all of an item is in its columns.
    **{f"{kind}_search": {"type", "item"} for kind in SEARCHED},
    "item_search": {"stage", "deal"},
    "item_search_related": {"stage", "deal"},
    "item_search_field": {"name"},  # the field that was looked in
}

JSON_TYPES = {
    "INTEGER": {"integer", "number"},
    "REAL": {"number", "integer"},
    "TEXT": {"string"},
    "BOOLEAN": {"boolean"},
    "DATE": {"string"},
    "TIME": {"string"},
    "TIMESTAMP": {"string"},
    "JSON": {"array", "object"},
}
# Typed otherwise in the spec, and read by conversion: v1 sends visible_to as text.
OTHER_TYPES: Mapping[str, set[str | None]] = {
    "visible_to": {"string", None},
    "object_id": {"string"},
    "company_id": {"string"},
    "label_ids": {"string"},
    "deal_label_ids": {"string"},
    "deal_visible_to": {"string"},
    "product_visible_to": {"string", None},
    "is_active": {"string"},
    # Numbers in strings: counts and types of roles, seconds of calls.
    "assignment_count": {"string"},
    "sub_role_count": {"string"},
    "type": {"string"},
    "duration": {"string"},
    "field_id": {"string"},
    # Codes of products are numbers in the schema and texts in the example.
    "code": {"integer"},
}


def operation(endpoint: Endpoint) -> Mapping[str, Any]:
    """The spec's GET of the endpoint's path."""
    found: Mapping[str, Any] = spec(endpoint.version)["paths"][endpoint.path]["get"]
    return found


def parameters(endpoint: Endpoint) -> dict[str, Mapping[str, Any]]:
    return {p["name"]: p for p in operation(endpoint).get("parameters", ())}


def answer(endpoint: Endpoint) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The properties of a row by the schema, and a row by the example."""
    responses = operation(endpoint)["responses"]
    found = responses.get("200") or responses[200]
    content: Mapping[str, Any] = found["content"]["application/json"]
    data = properties(content["schema"]).get("data", {})
    examples = [e["value"] for e in content.get("examples", {}).values()]
    chosen: Mapping[str, Any] = content.get("example") or next(iter(examples), {})
    example: Any = chosen.get("data")
    # Related items are shown as those found are, of which the example has more.
    for step in filter(None, [endpoint.within.replace("related_items", "items")]):
        example = (example[0] if isinstance(example, list) else example)[step]
        data = properties(data.get("items", data)).get(step, {})
    if endpoint.shape is Shape.PAIRS:
        return {"name": {"type": "string"}, "value": {}}, {}
    if endpoint.shape is Shape.CONDITIONS:
        group = properties(data["properties"]["conditions"]["items"])
        rows = properties(group["conditions"]["items"])
        return {**rows, "glue": group["glue"], "position": {"type": "integer"}}, {}
    if endpoint.shape is Shape.HITS:
        hit = properties(data["items"])
        keys = {key for found in example for key in found.get("item", found)}
        return {**hit, **properties(hit["item"])}, dict.fromkeys(keys)
    row = example[0] if isinstance(example, list) else example
    if endpoint.shape is Shape.GROUPS:
        groups = properties(data["items"])
        return properties(next(iter(groups.values()))), next(iter((row or {}).values()))
    if isinstance(row, int | str):  # a bare value stands under `value`
        return {"value": data.get("items", {})}, {"value": row}
    return properties(data.get("items", data)), row or {}


def properties(schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """All properties of an object, through allOf, oneOf and anyOf."""
    found: dict[str, Mapping[str, Any]] = {}
    for word in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(word, ()):
            for name, one in properties(part).items():
                found[name] = {**found.get(name, {}), **one}
    return {**found, **schema.get("properties", {})}


def endpoints() -> Iterator[Any]:
    for table in TABLES:
        for endpoint in table.endpoints:
            yield pytest.param(table, endpoint, id=f"{table.name}-{endpoint.path}")


every_endpoint = pytest.mark.parametrize(("table", "endpoint"), list(endpoints()))


@every_endpoint
def test_the_price_is_the_specs(table: Table, endpoint: Endpoint) -> None:
    assert endpoint.price == operation(endpoint)["x-token-cost"]


@every_endpoint
def test_only_declared_parameters_are_sent(table: Table, endpoint: Endpoint) -> None:
    sent = {p.name for p in endpoint.parameters} | {name for name, _ in endpoint.fixed}
    assert sent <= set(parameters(endpoint))


@every_endpoint
def test_every_filter_is_used_or_left_out_on_purpose(
    table: Table, endpoint: Endpoint
) -> None:
    used = {p.name for p in endpoint.parameters} | {name for name, _ in endpoint.fixed}
    unused = set(parameters(endpoint)) - used - PAGING - DRESS
    assert unused == (set() if endpoint.one else LEFT_OUT.get(table.name, set()))


@every_endpoint
def test_closed_sets_are_the_specs(table: Table, endpoint: Endpoint) -> None:
    declared = parameters(endpoint)
    for parameter in endpoint.parameters:
        allowed = declared[parameter.name]["schema"].get("enum")
        if parameter.name in ("fields", "visible", "is_active"):
            words = [] if allowed is None else allowed
            assert parameter.values or set(words) <= set(
                parameter.pattern.replace("(", "|").replace(")", "|").split("|")
            )
        elif allowed is None:
            # Statuses of projects are told in the description only.
            about = declared[parameter.name].get("description", "")
            assert all(f"`{value}`" in about for value in parameter.values), about
        elif parameter.pattern:
            assert parameter.pattern == "|".join(allowed)
        else:
            assert set(parameter.values) <= set(map(str, allowed)), parameter.name
            # "deleted" deals are a table of their own.
            left = set(map(str, allowed)) - set(parameter.values)
            deleted = {"deleted", "all_not_deleted"}  # the latter is the default
            assert left <= (deleted if parameter.name == "status" else set())


@every_endpoint
def test_uuids_are_told_from_other_texts(table: Table, endpoint: Endpoint) -> None:
    declared = parameters(endpoint)
    for parameter in endpoint.parameters:
        if declared[parameter.name]["schema"].get("format") == "uuid":
            assert parameter.pattern, parameter.name


@every_endpoint
def test_many_values_are_sent_only_where_the_spec_says_so(
    table: Table, endpoint: Endpoint
) -> None:
    declared = parameters(endpoint)
    for parameter in endpoint.parameters:
        if parameter.many > 1:
            about = declared[parameter.name]["description"]
            example = str(declared[parameter.name]["schema"].get("example"))
            several = "comma" in about or "array of integers" in about
            assert several or "," in example
            limit = f"{parameter.many} " in about
            assert limit or parameter.many <= len(parameter.values), about


@every_endpoint
def test_the_page_is_the_largest_one(table: Table, endpoint: Endpoint) -> None:
    if endpoint.one:
        assert "limit" not in parameters(endpoint)
        return
    declared = parameters(endpoint)
    if endpoint.page == 0:
        assert not {"limit", "cursor", "start"} & set(declared)
        return
    assert ("cursor" if endpoint.cursor else "start") in declared
    limit = declared["limit"]
    if "maximum" in limit["schema"]:
        assert endpoint.page == limit["schema"]["maximum"]
        return
    # v1 names its maximum of 500 in the guide on pagination only.
    about = limit["description"]
    if endpoint.shape is Shape.HITS or "upper limit" in about:
        # Live, searches refuse more than 100 whatever the spec says.
        assert endpoint.page == (50 if "upper limit is 50" in about else 100)
        return
    assert "maximum value of 500" in about or endpoint.version == 1
    assert endpoint.page == 500


@every_endpoint
def test_sorts_are_the_specs(table: Table, endpoint: Endpoint) -> None:
    declared = parameters(endpoint)
    keys = {table.column(name).steps[0] for name in endpoint.sorts}
    found = declared.get("sort_by") or declared.get("sort") or {"schema": {}}
    if "enum" in found["schema"]:
        assert keys <= set(found["schema"]["enum"])
    else:
        assert all(f"`{key}`" in found.get("description", "") for key in keys)


@every_endpoint
def test_include_fields_is_exactly_the_included_columns(
    table: Table, endpoint: Endpoint
) -> None:
    declared = parameters(endpoint).get("include_fields")
    if endpoint.shape is Shape.HITS:  # searches ask for all of them, at no price
        asked = dict(endpoint.fixed).get("include_fields", "").split(",")
        allowed = declared["schema"]["enum"] if declared else [""]
        assert table.name == "item_search_related" or asked == allowed
        return
    assert endpoint.include_fields == (declared is not None)
    mine = [c.steps[0] for c in table.columns if c.brought is Brought.INCLUDED]
    if declared is None:
        assert not mine or not endpoint.one
        return
    allowed = set(declared["schema"]["enum"])
    assert {name for name in allowed if "," not in name} == set(mine)
    # Where the spec lists the combinations, ours come in the order it knows.
    if any("," in name for name in allowed):
        sizes = range(1, len(mine) + 1)
        ours = {",".join(some) for size in sizes for some in combinations(mine, size)}
        assert ours == allowed


@every_endpoint
def test_custom_fields_are_chosen_only_where_the_spec_says_so(
    table: Table, endpoint: Endpoint
) -> None:
    assert endpoint.custom_fields == ("custom_fields" in parameters(endpoint))


@every_endpoint
def test_every_key_of_a_row_is_a_column(table: Table, endpoint: Endpoint) -> None:
    schema, example = answer(endpoint)
    asked_for = (Brought.INCLUDED, Brought.FURTHER)
    included = {c.steps[0] for c in table.columns if c.brought in asked_for}
    in_rows = [c for c in table.columns if c.brought is not Brought.GIVEN]
    columns = {column.steps[0] for column in in_rows} - {"?"}
    # "?" is what the request gave, so that the row need not repeat it.
    given = {column.name for column in table.columns if column.steps[0] == "?"}
    known = (set(schema) | set(example)) - (given - columns)
    assert known - columns <= NO_COLUMNS.get(table.name, set())
    assert columns - known - included <= BEYOND_THE_SPEC.get(table.name, set())


@every_endpoint
def test_kinds_fit_the_types_of_the_schema(table: Table, endpoint: Endpoint) -> None:
    schema, _ = answer(endpoint)
    for column in table.columns:
        if column.form in (Form.LABEL, Form.LABELS, Form.PRIMARY):
            continue
        found = at(schema, column)
        if found is not None and found != {}:
            allowed = JSON_TYPES[column.kind.name] | OTHER_TYPES.get(column.name, set())
            assert type_of(found) in allowed, column.name


def type_of(schema: Mapping[str, Any]) -> str | None:
    """The type, also where allOf has it; v1's numbers 0 and 1 are booleans."""
    parts = (schema, *schema.get("allOf", ()))
    if any(set(part.get("enum", ())) == {0, 1} for part in parts):
        return "boolean"
    return next((str(part["type"]) for part in parts if "type" in part), None)


def at(schema: Mapping[str, Any], column: Column) -> Mapping[str, Any] | None:
    """The schema of what the column reads, or None where the spec has none."""
    found: Mapping[str, Any] = {"properties": schema}
    for step in column.steps:
        inner = properties(found)
        if step not in inner:
            return None
        found = inner[step]
    return found


@pytest.mark.parametrize(
    "table", [t for t in TABLES if t.source], ids=lambda table: str(table.name)
)
def test_every_key_of_an_element_is_a_column(table: Table) -> None:
    source = next(t for t in TABLES if t.name == table.source)
    endpoint = next(e for e in source.endpoints if not e.one)
    schema, example = answer(endpoint)
    array = schema.get(table.each) or {}
    known = set(properties(array.get("items", {})))
    for element in example.get(table.each) or ():
        known |= set(element) if isinstance(element, dict) else set()
    columns = {column.steps[0] for column in table.columns} - {"^", "#", ""}
    # A price repeats what it is the price of.
    repeated = {"product_prices": {"product_id"}}
    repeated["product_variation_prices"] = {"product_variation_id"}
    parent = repeated.get(table.name, set())
    # The spec does not say what stands in the options of leads' fields.
    assert columns == known - parent or (not known and table.name.startswith("lead_"))
