"""The official OpenAPI specs as a judge of requests and answers.

    problems = official.problems(heard)   # one Heard of a Sandbox(record=True)

The specs are read from ../shared/openapi (or PIPEDRIVE_SQL_SHARED) and changed in two
ways before they judge: every value may be null, since what they say of nulls is not
what Pipedrive sends, and the corrections below, each with its reason.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from werkzeug.datastructures import MultiDict

from pipedrive_sql.sandbox import Heard

SHARED = Path(
    os.environ.get(
        "PIPEDRIVE_SQL_SHARED", Path(__file__).parent.parent.parent / "shared"
    )
)
SPECS = SHARED / "openapi"
needs_specs = pytest.mark.skipif(
    not SPECS.exists(), reason=f"the official specs are not in {SPECS}"
)

ROWS = 25  # of a page that are judged; the others come from the same hand
# Enums in the spec, though described as lists.
LISTED = {"include_fields", "sort", "status", "fields", "item_types"}
JSON = "application/json"
HOST = "https://api.pipedrive.com"
OAUTH, OAUTH_HOST = "/oauth/", "https://oauth.pipedrive.com"
ELSEWHERE = {"POST /oauth/revoke"}  # Handling user app uninstallation
FORM = "application/x-www-form-urlencoded"


def problems(heard: Heard) -> list[str]:
    """What the spec has against a request and its answer; nothing if all is well.

    Nothing either for what reached no operation: refused at the gate, told to fail;
    and for what is documented elsewhere.
    """
    if not heard.endpoint or heard.endpoint in ELSEWHERE:
        return []
    version = 2 if "/api/v2/" in heard.endpoint else 1
    request = _request(heard, version)
    found: list[str] = []
    if heard.status < 400:
        found += _of_query(heard)
        found += _said(_judge(version).validate_request, request)
    if _declared(heard):
        kind = _kind(heard)
        data = _shortened(heard.answer) if kind == JSON else heard.answer
        answer = MockResponse(data, heard.status, content_type=kind)
        found += _said(_judge(version).validate_response, request, answer)
    elif heard.status < 400:
        found.append(f"status {heard.status} is not declared")
    if heard.status >= 400:
        found += _of_refusal(heard)
    return [f"{heard}: {problem}" for problem in found]


def price(heard: Heard) -> int:
    """The spec's x-token-cost of what was asked."""
    return int(_operation(heard.endpoint)["x-token-cost"])


@cache
def operations(version: int) -> dict[str, dict[str, Any]]:
    """Each operation of a version by its name: `GET /api/v2/deals`."""
    prefix = "/api/v2" if version == 2 else "/v1"
    return {
        f"{method.upper()} {'' if path.startswith(OAUTH) else prefix}{path}": operation
        | {"parameters": item.get("parameters", []) + operation.get("parameters", [])}
        for path, item in spec(version)["paths"].items()
        for method, operation in item.items()
        if method in {"get", "post", "put", "patch", "delete"}
    }


@cache
def spec(version: int) -> dict[str, Any]:
    """The spec as it is published."""
    text = (SPECS / f"v{version}.yaml").read_bytes()
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded


@cache
def _judge(version: int) -> OpenAPI:
    text = json.dumps(spec(version), default=str)
    relaxed = json.loads(text)
    _let_null(relaxed)
    _correct(relaxed, version)
    config = Config(
        spec_validator_cls=None,  # the specs are what they are
        extra_format_validators={"date-time": _TIMES[version]},
    )
    return OpenAPI.from_dict(relaxed, config)


def _let_null(node: Any) -> None:
    """Every schema with a type may be null, and every enum has null."""
    if isinstance(node, dict):
        if isinstance(node.get("type"), str):
            node["nullable"] = True
            if isinstance(node.get("enum"), list):
                node["enum"].append(None)
        for key, value in node.items():
            if key not in {"example", "examples"}:
                _let_null(value)
    elif isinstance(node, list):
        for value in node:
            _let_null(value)


_RFC_3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
_TIMES: dict[int, Callable[[Any], Any]] = {
    # v1's own examples of date-time are "2019-10-04 16:24:55"
    1: re.compile(rf"{_RFC_3339}|\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d").fullmatch,
    2: re.compile(_RFC_3339).fullmatch,
}


def _correct(loaded: dict[str, Any], version: int) -> None:
    """Where a spec contradicts its own descriptions and examples."""
    for path, item in loaded["paths"].items():
        operation = item.get("get", {})
        for parameter in operation.get("parameters", ()):
            if parameter["name"] in LISTED:
                parameter["schema"].pop("enum", None)
        if path.startswith("/deals/timeline"):
            # described as a group for each interval, and typed as one object
            data = next(_schemas(operation["responses"], "data"))
            data["anyOf"] = [dict(data), {"type": "array", "items": dict(data)}]
            del data["type"]
        if path.endswith("/search"):
            # amounts of money have decimals, and codes of products are texts
            for value in _schemas(operation["responses"], "value"):
                value["type"] = "number"
            for code in _schemas(operation["responses"], "code"):
                code["type"] = "string"
        if path == "/files/{id}/download":
            # a file as it is, where the spec has a text in base64
            for answer in operation["responses"].values():
                answer["content"]["application/octet-stream"]["schema"] = {}
        if path == "/deals/{id}/discounts/{discount_id}":
            # ids of discounts are UUIDs everywhere else
            next(_schemas(item["delete"]["responses"], "id"))["type"] = "string"
        if version == 1 and path.partition("/{")[0].endswith("Fields"):
            # v1 lists the types that can be created, and serves all the others too
            for types in _enums(operation["responses"], "field_type"):
                types += _field_types()


def _schemas(node: Any, name: str) -> Iterator[dict[str, Any]]:
    """The schemas of the properties called `name`, the outer ones first."""
    if isinstance(node, dict):
        found = node.get("properties", {}).get(name)
        if found:
            yield found
        for value in node.values():
            yield from _schemas(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from _schemas(value, name)


def _enums(node: Any, name: str, within: bool = False) -> Iterator[list[Any]]:
    """The enums of the properties called `name`."""
    if isinstance(node, dict):
        if within and isinstance(node.get("enum"), list):
            yield node["enum"]
        for key, value in node.items():
            yield from _enums(value, name, within or key == name)
    elif isinstance(node, list):
        for value in node:
            yield from _enums(value, name, within)


@cache
def _field_types() -> list[str]:
    answers = operations(2)["GET /api/v2/dealFields"]["responses"]
    return next(_enums(answers, "field_type"))


def _request(heard: Heard, version: int) -> MockRequest:
    path = heard.path.removeprefix("/api") if version == 1 else heard.path
    signing_in = heard.path.startswith(OAUTH)
    key = {"authorization": "Basic MDow"} if signing_in else {"x-api-token": "0" * 40}
    return MockRequest(
        OAUTH_HOST if signing_in else HOST,
        heard.method.lower(),
        path,
        args=MultiDict(_pairs(heard)),
        headers=key,
        data=heard.body or None,
        content_type=FORM if signing_in else JSON,
    )


def _pairs(heard: Heard) -> list[tuple[str, str]]:
    return parse_qsl(heard.query, keep_blank_values=True)


def _shortened(answer: bytes) -> bytes:
    whole = json.loads(answer)
    if isinstance(whole.get("data"), list):
        whole["data"] = whole["data"][:ROWS]
    return json.dumps(whole).encode()


def _said(judge: Any, *asked: Any) -> Iterator[str]:
    try:
        judge(*asked)
    except OpenAPIError as error:
        causes = getattr(error.__cause__, "schema_errors", None) or [error.__cause__]
        for cause in causes:
            place = "/".join(map(str, getattr(cause, "absolute_path", ())))
            yield f"{place or type(error).__name__}: {cause or error}".splitlines()[0]


def _operation(endpoint: str) -> dict[str, Any]:
    version = 2 if "/api/v2/" in endpoint else 1
    return operations(version)[endpoint]


def _of_query(heard: Heard) -> Iterator[str]:
    """Parameters that are not declared, and words that a LISTED one does not have."""
    declared = {p["name"]: p for p in _operation(heard.endpoint)["parameters"]}
    for name, value in _pairs(heard):
        if name not in declared:
            yield f"query: {name} is not declared"
        elif name in LISTED and (known := declared[name]["schema"].get("enum")):
            for word in value.split(","):
                if word.split()[0] not in known:
                    yield f"query: {word!r} of {name} is not one of {known}"


def _declared(heard: Heard) -> bool:
    return str(heard.status) in {
        str(s) for s in _operation(heard.endpoint)["responses"]
    }


def _kind(heard: Heard) -> str:
    """The one media type that its answers are declared to have; JSON if none is."""
    responses = _operation(heard.endpoint)["responses"]
    declared = responses.get(heard.status) or responses[str(heard.status)]
    return next(iter(declared.get("content", {})), JSON)


def _of_refusal(heard: Heard) -> Iterator[str]:
    """The envelope that all errors share (core-api-concepts-http-status-codes)."""
    body = json.loads(heard.answer)
    if body.get("success") is not False or not isinstance(body.get("error"), str):
        yield f"not the envelope of an error: {body}"
