"""/v1/filters/helpers: what filters may be made of, from the spec's example."""

from __future__ import annotations

from typing import Any

from .endpoint import Call, Endpoint, Reply, success

_EQUAL = {"=": "is", "!=": "is not"}
_EMPTY = {"IS NULL": "is empty", "IS NOT NULL": "is not empty"}
_NUMBER = {
    ">": "is more than",
    "<": "is less than",
    ">=": "is more or equal to",
    "<=": "is less or equal to",
}
_MOMENT = {
    ">": "is later than",
    "<": "is earlier than",
    ">=": "is exactly or later than",
    "<=": "is exactly or earlier than",
}
_CLOCK = {
    "<": "is before",
    ">": "is after",
    ">=": "is exactly or after than",
    "<=": "is exactly or before than",
}
_RANGE = {
    "=": "starts at",
    "!=": "does not start at",
    "ends_at": "ends at",
    "does_not_end_at": "does not end at",
    "<": "starts before",
    "<=": "starts exactly on or before",
    "ends_before": "ends before",
    "ends_e_before": "ends exactly on or before",
    ">": "starts after",
    "ends_after": "ends after",
    ">=": "starts exactly or after",
    "ends_e_after": "ends exactly or after",
    "includes": "does include",
}
_LIKE = {
    "LIKE '%$%'": "contains",
    "LIKE '$%'": "starts with",
    "NOT LIKE '$%'": "does not start with",
}
_REFERENCE = {**_EQUAL, **_EMPTY}

OPERATORS: dict[str, Any] = {
    **{key: _EQUAL | _NUMBER | _EMPTY for key in ("int", "double", "monetary")},
    "time": {**_EQUAL, **_CLOCK, **_EMPTY},
    "date": {**_EQUAL, **_MOMENT, **_EMPTY},
    "entered_stage": {**_EQUAL, **_MOMENT},
    **{key: _RANGE | _EMPTY for key in ("timerange", "daterange")},
    "varchar": {**_REFERENCE, **_LIKE},
    "stage": {**_EQUAL, "has_been": "has been"},
    "title": {"=": "is", **_LIKE},
    "set": {
        **_EQUAL,
        "contains": "contains",
        "not_contains": "does not contain",
        **_EMPTY,
    },
    # This one is a list of objects with one key each.
    "enum": [{key: name} for key, name in _REFERENCE.items()],
    **dict.fromkeys(("deal", "product", "person", "organization"), _REFERENCE),
    "user": {**_REFERENCE, "belongs_to_team": "belongs to team"},
    **dict.fromkeys(("status", "visible_to", "currency", "pipeline"), _EQUAL),
}


def _words(*keys: str) -> dict[str, str]:
    return {key: key.replace("_", " ") for key in keys}


HELPERS: dict[str, Any] = {
    "operators": OPERATORS,
    "deprecated_operators": {
        "NOT LIKE '%$%'": "does not contain",
        "LIKE '%$'": "ends with",
        "NOT LIKE '%$'": "does not end with",
    },
    "relative_dates": {
        "Relative date intervals": _words(
            *("last_quarter", "this_quarter", "last_month", "this_month"),
            *("last_week", "this_week", "next_week", "next_month"),
        ),
        "Relative dates": _words(
            *(f"{number}_months_ago" for number in range(6, 0, -1)),
            *("3_weeks_ago", "2_weeks_ago", "1_week_ago", "yesterday"),
            *("before_today", "today", "now", "later_or_today", "before_tomorrow"),
            *("tomorrow", "later_or_tomorrow", "in_1_week", "in_2_weeks"),
            "in_3_weeks",
            *(f"in_{number}_months" for number in range(2, 7)),
        ),
        "Deal specific": {"rotten_time": "Rotten time"},
    },
    "address_field_components": {
        "subpremise": "Apartment/suite no",
        "street_number": "House number",
        "route": "Street/road name",
        "sublocality": "District/sublocality",
        "locality": "City/town/village/locality",
        "admin_area_level_1": "State/county",
        "admin_area_level_2": "Region",
        "country": "Country",
        "postal_code": "ZIP/Postal code",
        "formatted_address": "Full/combined address",
    },
}


def helpers(call: Call) -> Reply:
    """One nested object, the same for every account."""
    return success(HELPERS)


ENDPOINTS = (Endpoint("GET", 1, "/filters/helpers", 20, helpers),)
