"""A Request: an endpoint with its blanks filled. Plain data; nothing is sent here."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from ..catalog.table import Endpoint

PREFIXES = {1: "/v1", 2: "/api/v2"}


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
    def price(self) -> int:
        """API tokens for each page."""
        return self.endpoint.price

    def __str__(self) -> str:
        query = "&".join(f"{name}={value}" for name, value in self.query)
        return f"GET {self.path}" + (f"?{query}" if query else "")


def request(
    endpoint: Endpoint,
    values: dict[str, tuple[str, ...]],
    sort: tuple[str, bool] | None = None,
) -> Request:
    """Fill the endpoint's blanks: `values` are texts by parameter name.

    `sort` is a column and whether it descends.
    """
    path = PREFIXES[endpoint.version] + endpoint.path
    query = list(endpoint.fixed)
    given = []
    for parameter in endpoint.parameters:
        if parameter.name not in values:
            continue
        text = ",".join(values[parameter.name])
        given.append((parameter.name, text))
        if endpoint.in_path(parameter):
            path = path.replace("{" + parameter.name + "}", quote(text, safe=""))
        else:
            each = values[parameter.name] if parameter.repeated else (text,)
            query += [(parameter.name, value) for value in each]
    if sort is not None:
        column, descending = sort
        direction = "desc" if descending else "asc"
        if endpoint.version == 2:
            query += [("sort_by", column), ("sort_direction", direction)]
        else:
            query.append(("sort", f"{column} {direction.upper()}"))
    return Request(endpoint, path, tuple(query), tuple(given) if endpoint.echo else ())
