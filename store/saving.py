"""Saved filters for the time of a statement: what makes them, and what they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from ..catalog.conditions import NumberedField
from ..client.metadata import Metadata
from ..client.temporary import PRICE, TemporaryFilters
from ..client.usage import Meter
from ..errors import RequestError
from ..planner.conditions import Compiled

_REFUSED = (400, 402, 403)  # not these conditions, no right, no more filters


class Saving:
    """The temporary filters of a connection, and the numbers of the account's fields.

    `price` is what one costs, in API tokens, without what it lists. `refused` is why
    Pipedrive makes none; then none is asked for again.
    """

    price = PRICE

    def __init__(self, filters: TemporaryFilters, metadata: Metadata) -> None:
        self.refused = ""
        self._filters = filters
        self._metadata = metadata

    @property
    def notices(self) -> list[str]:
        """What a user should know: filters that are left, or cannot be made."""
        told = [self.refused] if self.refused else []
        return [*told, *self._filters.notices]

    def price_of_fields(self, entity: str) -> int:
        """API tokens for `fields`: 0 once they are known."""
        return 0 if self._metadata.knows_v1(entity) else 20

    def fields(self, entity: str) -> Mapping[str, NumberedField]:
        """The fields of an entity by key, with their numbers in filters."""
        return self._metadata.v1(entity)

    @contextmanager
    def made(self, filter: Compiled, meter: Meter) -> Iterator[int | None]:
        """The id of a filter as long as the block lasts; None where it is refused.

        Raises RequestError's classes for all that is no refusal.
        """
        with ExitStack() as life:
            try:
                number = life.enter_context(self._filters.made(filter, meter))
            except RequestError as error:
                if error.status not in _REFUSED:
                    raise
                self.refused = f"No temporary filters are made any more. {error}"
                yield None
            else:
                yield number

    def sweep(self, meter: Meter) -> None:
        """Delete what a killed process has left."""
        self._filters.sweep(meter)

    def hurry(self) -> None:
        """The process is to end."""
        self._filters.hurry()

    def close(self) -> None:
        """Delete what is left."""
        self._filters.close()
