"""Which fields a request asks for, beside those Pipedrive always sends.

`include_fields` names them one by one. Custom fields all come unless
`custom_fields` names up to 15; neither changes the price, only the bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..catalog.table import Brought, Column, Endpoint, Table
from ..catalog.values import Kind

MOST_CUSTOM_FIELDS = 15  # spec v2, parameter custom_fields: "maximum of 15 keys"
_SHORT = (Kind.INTEGER, Kind.BOOLEAN, Kind.REAL, Kind.DATE, Kind.TIME)


@dataclass(frozen=True, slots=True)
class Selection:
    """`included` are keys for include_fields, in the table's order. `custom` are
    keys of custom fields, None for all of them. Pipedrive cannot be told to send
    none, so `stand_in`, the key of a short one, is then asked for.
    """

    included: tuple[str, ...] = ()
    custom: tuple[str, ...] | None = None
    stand_in: str = ""

    def covers(self, other: Selection) -> bool:
        """Whether rows brought with this selection have all that the other wants."""
        if not set(other.included) <= set(self.included):
            return False
        if self.custom is None:
            return True
        return other.custom is not None and set(other.custom) <= set(self.custom)

    def query(self, endpoint: Endpoint) -> tuple[tuple[str, str], ...]:
        """The selection as parameters of a request."""
        found = []
        if self.included and endpoint.include_fields:
            found.append(("include_fields", ",".join(self.included)))
        if self.included and endpoint.included_by:
            found.append(endpoint.included_by)
        custom = ",".join(self.custom or ()) or self.stand_in
        if custom and self.custom is not None and endpoint.custom_fields:
            found.append(("custom_fields", custom))
        return tuple(found)


def select(table: Table, wanted: Iterable[Column]) -> Selection:
    """The selection that brings the wanted columns of a table."""
    columns = list(wanted)
    included = {_key(c) for c in columns if c.brought is Brought.INCLUDED}
    keys_in_order = (_key(c) for c in table.columns) if included else ()
    ordered = [key for key in keys_in_order if key in included]
    keys = sorted({c.field_key for c in columns if c.brought is Brought.CUSTOM})
    chosen = any(endpoint.custom_fields for endpoint in table.endpoints)
    return Selection(
        tuple(dict.fromkeys(ordered)),
        tuple(keys) if chosen and len(keys) <= MOST_CUSTOM_FIELDS else None,
        _short_field(table),
    )


def _key(column: Column) -> str:
    return column.steps[1] if column.steps[0] == "^" else column.steps[0]


def _short_field(table: Table) -> str:
    custom = [c for c in table.columns if c.brought is Brought.CUSTOM]
    short = [c for c in custom if c.kind in _SHORT]
    return next((c.field_key for c in (short or custom)), "")
