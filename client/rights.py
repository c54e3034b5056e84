"""Which tables a user may read, asked for as little as that costs.

Pipedrive gives rights by families of paths, which begin with the same word. Of each
family the cheapest request is sent: for a row that need not be there, where that is
possible, else for one row of a list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from ..catalog.table import Endpoint, Parameter, Table
from ..catalog.values import Kind
from ..errors import DataError, NotThere, Refused, RequestError
from ..planner.request import request
from .transport import Client
from .usage import Meter

# Ends of paths that have a right of their own, whatever they are of (`security` of the
# specs): recents:read, mail:read, base.
_APART = {"changelog": "changelog", "flow": "changelog", "recents": "changelog"}
_APART |= {"mailMessages": "mailMessages", "me": "users/me"}
_TEXTS = {"id": str(UUID(int=0)), "field_code": "id", "term": "zz"}


@dataclass(frozen=True, slots=True)
class Probe:
    """One request that tells of the rights to some tables; `name` is their family."""

    name: str
    endpoint: Endpoint
    path: str
    query: tuple[tuple[str, str], ...]
    tables: tuple[str, ...]

    @property
    def price(self) -> int:
        """In API tokens."""
        return self.endpoint.price


@dataclass(frozen=True, slots=True)
class Right:
    """What a probe came to: `may` is None where that is not known, and `why` in words.

    `tokens` are what it has cost.
    """

    probe: Probe
    may: bool | None
    why: str = ""
    tokens: int = 0


def probes(tables: Iterable[Table]) -> list[Probe]:
    """One for each family that can be asked without knowing what is in the account."""
    known = {table.name: table for table in tables}
    families: dict[str, dict[str, list[Probe]]] = {}
    for table in known.values():
        source = known[table.source] if table.source else table
        for endpoint in source.endpoints:
            family = families.setdefault(_family(endpoint), {})
            probe = _probe(source, endpoint)
            family.setdefault(table.name, []).extend([probe] if probe else [])
    found = []
    for name, members in families.items():
        possible = [probe for some in members.values() for probe in some]
        if possible:
            cheapest = min(possible, key=lambda probe: probe.price)
            found.append(replace(cheapest, name=name, tables=tuple(members)))
    return found


def right(client: Client, probe: Probe) -> Right:
    """Send a probe. What Pipedrive refuses is an answer; nothing is raised for it."""
    meter = Meter(0)
    may: bool | None = True
    why = ""
    try:
        client.get(probe.endpoint, probe.path, probe.query, meter)
    except Refused as error:
        may, why = False, str(error)
    except (DataError, NotThere) as error:
        # It is the row, or what was made up for it, that Pipedrive does not know.
        if not probe.endpoint.required:
            may, why = None, str(error)
    except RequestError as error:
        may, why = None, str(error)
    return Right(probe, may, why, meter.tokens)


def _family(endpoint: Endpoint) -> str:
    steps = endpoint.path.strip("/").split("/")
    return _APART.get(steps[-1], steps[0])


def _probe(table: Table, endpoint: Endpoint) -> Probe | None:
    """The request, if values can be made up for what it needs."""
    if endpoint.path.count("{") > 1:
        return None
    values: dict[str, tuple[str, ...]] = {}
    for parameter in endpoint.required:
        value = _value(table, parameter)
        if value is None:
            return None
        values[parameter.name] = (value,)
    made = request(endpoint, values)
    query = made.query
    if endpoint.page and not endpoint.one:
        query += (("limit", "1"),)
    return Probe("", endpoint, made.path, query, ())


def _value(table: Table, parameter: Parameter) -> str | None:
    """Of something that is perhaps not there."""
    if parameter.values:
        return parameter.values[0]
    kind = table.column(parameter.column).kind
    if kind is Kind.INTEGER:
        return "1"
    if kind is Kind.TIMESTAMP:
        return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
    return _TEXTS.get(parameter.name)
