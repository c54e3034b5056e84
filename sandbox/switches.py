"""What Pipedrive's documentation leaves open, and what this sandbox chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Switches:
    """One field per undocumented behaviour; the default is the likeliest."""

    unknown_parameter_is_refused: bool = True
    """400 for a query parameter that the endpoint does not declare; else ignored."""

    bad_cursor_is_refused: bool = True
    """400 for a cursor that cannot be read; else the list starts from its first row."""

    bad_limit_is_refused: bool = True
    """400 for a limit of 0 or above the maximum; else it is moved into the range."""

    too_many_ids_are_refused: bool = True
    """400 for more than 100 ids; else the ones after the hundredth are ignored."""

    too_many_custom_fields_are_refused: bool = True
    """400 for more than 15 custom_fields keys; else the surplus is ignored."""

    invalid_status_returns_everything: bool = True
    """An unknown deal status drops the status filter; else it is a 400."""

    filter_id_keeps_times: bool = True
    """Beside filter_id, updated_since, updated_until and done still narrow."""

    missing_filter: Literal["refused", "empty"] = "refused"
    """filter_id of a missing, deleted or wrong-type filter: a 404, or no rows."""

    filters_ignore_case: bool = True
    """Saved filters compare text without case; else letter by letter."""

    filter_days: Literal["utc", "account", "midnight"] = "utc"
    """A saved filter compares the UTC day of a moment, its day in the account's zone,
    or the moment itself with the midnight that begins the day, in UTC."""

    nothing_is_unequal: bool = False
    """Empty values are unequal to every value (`!=`, NOT LIKE); else to none."""

    set_equals_any: bool = True
    """In saved filters a set equals each of its members; else only all of them."""

    ids_return_archived: bool = False
    """ids= brings archived rows as well."""

    ids_return_deleted: bool = False
    """ids= brings deleted rows as well."""

    get_one_returns_deleted: bool = True
    """Get-one of a row deleted less than 30 days ago returns it; else 404."""

    merged_rows_are_deleted: bool = False
    """What was merged into another row is there as a deleted one; else nothing is."""

    merges_change_what_hangs_on_them: bool = True
    """What referred to the merged row has a new update_time then; else the old one."""

    nulls_come_first: bool = True
    """A null in the sort field comes before every value when ascending."""

    empty_v1_list_is_null: bool = True
    """An empty v1 list is `"data": null`; else `[]`."""

    searches_give_a_hundred: bool = True
    """Searches refuse a limit above 100, as seen live; else above 500, as in the spec.

    itemSearch has 100 in the spec, too.
    """

    field_search_is_scored: bool = True
    """Hits of itemSearch/field are {result_score, item}; else the item alone."""

    searches_find_archived: bool = True
    """Archived deals and leads are found, since hits say whether they are."""

    search_caps: int | None = None
    """The most hits of any search; after them there is no further cursor."""

    summary_counts_invisible: bool = False
    """deals/summary counts what lists hide from a regular user, too."""

    labels_key: str = "labels"
    """The key that include_labels=true adds to a row."""

    oauth_checks_pkce: bool = False
    """/oauth/token wants the code_verifier of a code_challenge; else both mean nothing.
    """

    bad_client_status: int = 401
    """The status of invalid_client: 401, or 400 as another page has it."""

    patch_can_delete: bool = False
    """PATCH with is_deleted deletes or restores; else the key is refused."""

    archived_is_editable: bool = False
    """PATCH of an archived deal works although is_archived is not being lifted."""

    has_projects: bool = True
    """The projects add-on is bought; else a 403 for everything of projects."""

    has_installments: bool = True
    """The plan is Growth or above; else a 403 for installments."""

    timeline_is_one_object: bool = False
    """deals/timeline answers one object, as its schema says; else one an interval,
    as its description says."""

    window_is_told: bool = True
    """x-ratelimit-limit, -remaining and -reset come with every answer; else never."""

    day_is_told: Literal["always", "now and then", "never"] = "always"
    """When the headers of the day's budget come, which may be missing (staff)."""

    retry_after_is_told: bool = True
    """429 for too many requests in a moment tells in seconds when to ask again."""

    too_many_is_json: bool = True
    """The body of such a 429 is the usual envelope; else plain text."""

    searches_are_requests: bool = True
    """A search counts among all requests too; else only among searches."""

    projects_search_is_one: bool = True
    """projects/search counts among the searches."""

    refused_requests_count: bool = False
    """What was answered with 429 fills the window as well."""

    blocked_after: int | None = 100
    """How many 429s within ten seconds make an API token meet the page of a blocked
    client (403, HTML); None: no number does."""

    blocked_seconds: float = 60.0
    """For how long that lasts."""

    day_ends_at: int = 0
    """The hour in UTC at which the day's budget begins anew."""
