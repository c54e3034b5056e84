"""A Request: an endpoint with its blanks filled. Plain data; nothing is sent here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import quote

from ..catalog.table import Endpoint

PREFIXES = {1: "/v1", 2: "/api/v2"}
_SORTING = ("sort_by", "sort_direction", "sort")


@dataclass(frozen=True, slots=True)
class Request:
    """`path` has its prefix and no blanks; `query` holds filters and order.

    Paging (`limit`, `cursor`, `start`) and the choice of fields are added by who
    sends it: two requests with the same path and query ask for the same rows.
    `given` are the values of its blanks, for rows that do not repeat them.
    """

    # A table over an array has its source's endpoints in its own terms.
    endpoint: Endpoint = field(compare=False)
    path: str
    query: tuple[tuple[str, str], ...] = ()
    given: tuple[tuple[str, str], ...] = ()

    @property
    def filters(self) -> frozenset[tuple[str, str]]:
        """The query without its order: what decides which rows come."""
        return frozenset(pair for pair in self.query if pair[0] not in _SORTING)

    def sorted_by(self, column: str, *, descending: bool) -> Request:
        """The request for the same rows in this order."""
        query = tuple(pair for pair in self.query if pair[0] not in _SORTING)
        sorting = _sorting(self.endpoint, column, descending)
        return replace(self, query=(*query, *sorting))

    @property
    def price(self) -> int:
        """API tokens for each page."""
        return self.endpoint.price

    @property
    def told(self) -> str:
        """Its path and query, as people read them."""
        query = "&".join(f"{name}={value}" for name, value in self.query)
        return self.path + (f"?{query}" if query else "")

    def __str__(self) -> str:
        return f"GET {self.told}"


def path_of(endpoint: Endpoint) -> str:
    """The endpoint's path with its prefix and its blanks."""
    return PREFIXES[endpoint.version] + endpoint.path


def request(
    endpoint: Endpoint,
    values: dict[str, tuple[str, ...]],
    sort: tuple[str, bool] | None = None,
) -> Request:
    """Fill the endpoint's blanks: `values` are texts by parameter name.

    `sort` is a column and whether it descends.
    """
    path = path_of(endpoint)
    query = list(endpoint.fixed)
    given: list[tuple[str, str]] = []
    for parameter in endpoint.parameters:
        told = any(name == parameter.name for name, _ in given)
        if parameter.name not in values or told:
            continue
        text = ",".join(values[parameter.name])
        given.append((parameter.name, text))
        if endpoint.in_path(parameter):
            path = path.replace("{" + parameter.name + "}", quote(text, safe=""))
        else:
            each = values[parameter.name] if parameter.repeated else (text,)
            query += [(parameter.name, value) for value in each]
    if sort is not None:
        query += _sorting(endpoint, *sort)
    return Request(endpoint, path, tuple(query), tuple(given) if endpoint.echo else ())


def _sorting(
    endpoint: Endpoint, column: str, descending: bool
) -> tuple[tuple[str, str], ...]:
    direction = "desc" if descending else "asc"
    if endpoint.version == 2:
        return (("sort_by", column), ("sort_direction", direction))
    return (("sort", f"{column} {direction.upper()}"),)
