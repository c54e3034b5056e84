"""The one thing that is ever written to Pipedrive: saved filters, made and deleted."""

from __future__ import annotations

import msgspec

from ..catalog.table import Endpoint
from ..errors import BadAnswer, Error, Unavailable
from ..planner.conditions import Compiled
from .asked import Asked
from .refusals import refusal
from .response import Response
from .transport import Client
from .usage import Meter

# Source: spec v1, POST /filters and DELETE /filters/{id}, with their x-token-cost.
ADD = Endpoint("/filters", price=10, version=1, page=0)
DELETE = Endpoint("/filters/{id}", price=6, version=1, page=0)

A_MOMENT = 0.7  # seconds that an answer may take once the statement was stopped


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
            asked = Asked("POST", ADD, "/v1/filters", (), meter, meter.cause, text)
            return self._start(asked, self._added).result()
        except BaseException:
            meter.held -= DELETE.price
            raise

    def delete_filter(self, number: int, meter: Meter, hurry: bool = False) -> None:
        """Delete a saved filter; one that is not there is deleted.

        In a `hurry`, as when the statement was stopped, the answer is waited for only
        a moment. Raises RequestError's classes, and BudgetExceeded before sending.
        """
        path = f"/v1/filters/{number}"
        meter.held = max(0, meter.held - DELETE.price)
        asked = Asked("DELETE", DELETE, path, (), meter, meter.cause)
        pending = self._start(asked, self._deleted)
        while not pending.within(A_MOMENT):
            try:
                meter.watch()
            except Error:
                hurry = True
            if hurry:
                raise Unavailable(
                    f"{asked.what} is not answered yet, and the statement has ended.",
                    status=None,
                    path=path,
                )

    def _added(self, asked: Asked, response: Response) -> int:
        if response.status not in (200, 201):
            raise refusal(self.account.url, asked.what, asked.path, response)
        try:
            return msgspec.json.decode(response.body, type=_Added).data.id
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadAnswer(
                f"Pipedrive's answer to {asked.what} cannot be read ({error}), so it "
                "is not known which filter was made. Try again; if it stays, report "
                "it.",
                status=response.status,
                path=asked.path,
            ) from error

    def _deleted(self, asked: Asked, response: Response) -> bool:
        if response.status in (200, 404, 410):
            return True
        raise refusal(self.account.url, asked.what, asked.path, response)
