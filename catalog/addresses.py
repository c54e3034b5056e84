"""Columns of an address: its text and the parts that Pipedrive found in it."""

from collections.abc import Mapping

from .table import Column
from .values import Kind

# The keys beside `value`, as in the spec's address objects.
PARTS: Mapping[str, str] = {
    "country": "Country",
    "admin_area_level_1": "State or region",
    "admin_area_level_2": "County or district",
    "locality": "City",
    "sublocality": "Part of the city",
    "route": "Street",
    "street_number": "House number",
    "subpremise": "Apartment or suite",
    "postal_code": "Postal code",
}


def address_columns(key: str, searched: str = "") -> tuple[Column, ...]:
    """`<key>` and `<key>_<part>` for the address object that stands at `key`.

    `searched` is the word by which searches know it, if they do.

    >>> [column.name for column in address_columns("location")][:3]
    ['location', 'location_country', 'location_admin_area_level_1']
    """
    return (
        Column(
            key,
            Kind.TEXT,
            "The address as one text.",
            at=f"{key}.value",
            searched=searched,
        ),
        *(
            Column(f"{key}_{part}", Kind.TEXT, f"{word}.", at=f"{key}.{part}")
            for part, word in PARTS.items()
        ),
    )
