"""The answers that are not 200: each with Pipedrive's own body."""

from __future__ import annotations

from typing import Any

import orjson

from .switches import Switches

JSON = "application/json; charset=utf-8"
INFO = "Please check developers.pipedrive.com"


HTML = b"<!DOCTYPE html><html><head><title>Pipedrive</title></head><body></body></html>"
KIND_OF_HTML = "text/html; charset=UTF-8"


class Refusal(Exception):
    """Ends a request with `status` and a `body`: JSON, or bytes of another `kind`."""

    def __init__(
        self,
        status: int,
        body: dict[str, Any] | bytes,
        headers: dict[str, str] | None = None,
        kind: str = JSON,
    ) -> None:
        super().__init__(body.get("error") if isinstance(body, dict) else status)
        self.status = status
        self.content = body if isinstance(body, bytes) else orjson.dumps(body)
        self.headers = headers or {}
        self.kind = kind


def unauthorized(correlation: str) -> Refusal:
    """401 of the gateway, the same for every path."""
    return Refusal(
        401,
        {
            "success": False,
            "error": "unauthorized access",
            "errorCode": 401,
            "error_info": INFO,
        },
        {"x-401-by-gw": "true", "x-correlation-id": correlation},
    )


def mismatch() -> Refusal:
    """403 of an OAuth app without the scope, or at a wrong path (FAQ of OAuth)."""
    body = {"success": False, "error": "Scope and URL mismatch", "errorCode": 403}
    return Refusal(403, {**body, "error_info": INFO})


def out_of_tokens() -> Refusal:
    """429 when the day's budget is spent; its body is not documented."""
    return Refusal(429, _envelope("request over limit", INFO))


def too_many(seconds: int | None, switches: Switches) -> Refusal:
    """429 of the burst limit; that it says when to ask again is not documented."""
    headers = {} if seconds is None else {"retry-after": str(seconds)}
    if switches.too_many_is_json:
        return Refusal(429, _envelope("request over limit", INFO), headers)
    return Refusal(429, b"Too Many Requests", headers, "text/plain; charset=utf-8")


def blocked() -> Refusal:
    """403 of a client that went on after 429: a page of HTML (rate limiting)."""
    return Refusal(403, HTML, kind=KIND_OF_HTML)


def missing(error: str = "Entity was not found") -> Refusal:
    """404 of an entity (core-api-concepts-http-status-codes)."""
    return Refusal(404, _envelope(error, "Object was not found."))


def unknown_path() -> Refusal:
    return Refusal(404, _envelope("Unknown method .", INFO))


def wrong_method() -> Refusal:
    return Refusal(405, _envelope("Method Not Allowed", INFO))


def forbidden(error: str) -> Refusal:
    return Refusal(403, _envelope(error, INFO))


def invalid(key: str, problem: str) -> Refusal:
    """400 for one key of the query or the body; `problem` says what it must be."""
    body = _envelope(f"Validation failed: {key}: Parameter '{key}' {problem}", INFO)
    return Refusal(400, {**body, "code": "ERR_SCHEMA_VALIDATION_FAILED"})


def bad_request(error: str) -> Refusal:
    return Refusal(400, _envelope(error, INFO))


def _envelope(error: str, info: str) -> dict[str, Any]:
    return {
        "success": False,
        "error": error,
        "error_info": info,
        "data": None,
        "additional_data": None,
    }
