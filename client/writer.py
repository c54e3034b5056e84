"""The one thing that is ever written to Pipedrive: saved filters, made and deleted."""

from __future__ import annotations

import msgspec
from urllib3 import BaseHTTPResponse

from ..catalog.table import Endpoint
from ..errors import BadAnswer
from ..planner.conditions import Compiled
from .refusals import refusal
from .transport import Client, waits
from .usage import Meter

# Source: spec v1, POST /filters and DELETE /filters/{id}, with their x-token-cost.
ADD = Endpoint("/filters", price=10, version=1, page=0)
DELETE = Endpoint("/filters/{id}", price=6, version=1, page=0)


class _Made(msgspec.Struct):
    id: int


class _Added(msgspec.Struct):
    success: bool
    data: _Made


class Writer(Client):
    """A client that can also make and delete saved filters, and write nothing else."""

    def add_filter(self, name: str, filter: Compiled, meter: Meter) -> int:
        """Make a saved filter; its id.

        Its deletion is put aside in the bill (`Meter.held`), so that the ceiling has
        room for it. Sent once, but for a 429, which did nothing. Raises RequestError's
        classes, and BudgetExceeded before sending.
        """
        body = {"name": name, "type": filter.type, "conditions": filter.conditions}
        meter.held += DELETE.price
        try:
            text = msgspec.json.encode(body)
            return self._ask("POST", ADD, "/v1/filters", (), meter, self._added, text)
        except BaseException:
            meter.held -= DELETE.price
            raise

    def delete_filter(self, number: int, meter: Meter) -> None:
        """Delete a saved filter; one that is not there is deleted.

        Raises RequestError's classes, and BudgetExceeded before sending.
        """
        path = f"/v1/filters/{number}"
        meter.held = max(0, meter.held - DELETE.price)
        self._ask("DELETE", DELETE, path, (), meter, self._deleted)

    def _added(
        self, endpoint: Endpoint, path: str, response: BaseHTTPResponse
    ) -> int | None:
        if waits(response):
            return None
        if response.status not in (200, 201):
            raise refusal(self.account.url, path, response, "POST")
        try:
            return msgspec.json.decode(response.data, type=_Added).data.id
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadAnswer(
                f"Pipedrive's answer to POST {path} cannot be read ({error}), so it is "
                "not known which filter was made. Try again; if it stays, report it.",
                status=response.status,
                path=path,
            ) from error

    def _deleted(
        self, endpoint: Endpoint, path: str, response: BaseHTTPResponse
    ) -> bool | None:
        if waits(response):
            return None
        if response.status in (200, 404, 410):
            return True
        raise refusal(self.account.url, path, response, "DELETE")
