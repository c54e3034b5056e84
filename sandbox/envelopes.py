"""The envelope of the services behind v1 that have one of their own."""

from __future__ import annotations

from typing import Any

from .endpoint import Reply, success


def service(data: Any, name: str, code: int, text: str) -> Reply:
    """Goals and single mail messages: the service's own code and name beside `data`."""
    return success(data, statusCode=code, statusText=text, service=name)
