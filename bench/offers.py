"""What Pipedrive offers to get at each table's rows, and for how many tokens.

Written from Pipedrive's documentation, not from the catalog: what the best way in
hindsight would be must not depend on what this project knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Tokens by operation: x-token-cost of Pipedrive's OpenAPI specs (v1.yaml, v2.yaml).
PRICES: Mapping[str, int] = {
    "GET /api/v2/deals": 10,
    "GET /api/v2/deals/{id}": 1,
    "GET /api/v2/deals/archived": 20,
    "GET /api/v2/deals/products": 10,
    "GET /api/v2/deals/search": 20,
    "GET /api/v2/deals/{id}/followers": 10,
    "GET /api/v2/persons": 10,
    "GET /api/v2/persons/{id}": 1,
    "GET /api/v2/organizations": 10,
    "GET /api/v2/organizations/{id}": 1,
    "GET /api/v2/activities": 10,
    "GET /api/v2/activities/{id}": 1,
    "GET /api/v2/products": 10,
    "GET /api/v2/products/{id}": 1,
    "GET /api/v2/pipelines": 5,
    "GET /api/v2/pipelines/{id}": 1,
    "GET /api/v2/stages": 5,
    "GET /api/v2/stages/{id}": 1,
    "GET /api/v2/itemSearch/field": 20,
    "GET /v1/deals/summary": 40,
    "GET /v1/deals/{id}/changelog": 20,
    "GET /v1/deals/{id}/files": 20,
    "GET /v1/deals/{id}/participants": 10,
    "GET /v1/leads": 20,
    "GET /v1/leads/{id}": 2,
    "GET /v1/leadLabels": 10,
    "GET /v1/notes": 20,
    "GET /v1/notes/{id}": 2,
    "GET /v1/users": 20,
    "GET /v1/users/{id}": 2,
    "GET /v1/activityTypes": 20,
    "POST /v1/filters": 10,
    "DELETE /v1/filters/{id}": 6,
}

SUMMARY = "GET /v1/deals/summary"
SEARCH = "GET /api/v2/itemSearch/field"
HITS = 100  # that one request of a search brings
PAGE = 500  # rows of a list's page
KEYS = 100  # `ids` of one request
TEMPORARY = PRICES["POST /v1/filters"] + PRICES["DELETE /v1/filters/{id}"]

# What a saved filter can say of a field: the operators that GET /filters/helpers has
# for its type. Those with "is not null" can say that much of any other comparison. How
# money is converted is not documented, nor are there operators for yes and no.
NULLS = ("is null", "is not null")
MONEY = NULLS
CHOICE = ("=", "in", "!=", *NULLS)
WORD = ("=", "in", "!=")
NUMBER = ("=", "in", "!=", "<", "<=", ">", ">=", *NULLS)
DATE = NUMBER
TIME = ("=", "<", "<=", ">", ">=", "is not null")  # by day, in an unknown zone
TEXT = ("=", "in", "glob", *NULLS)
TITLE = ("=", "in", "glob")


@dataclass(frozen=True, slots=True)
class Parent:
    """Rows that are listed by their parents only.

    `key` is the column that holds the parent's, `many` how many parents a request
    takes, `count` the column of the parent that says whether there are any.
    """

    table: str
    key: str
    many: int = 1
    count: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """How one table's rows can be had.

    `list` and `one` are operations of PRICES; `page` is 0 where all rows come at once.
    `filters` are columns that the list filters by, each with how many values a
    request takes; `since` and `until` say that it has these bounds of update_time;
    `ids` that it takes keys. `sorts` are orders it can have. `searched` are columns
    that the field search finds; `saved` the operators of saved filters by column.
    `inside` is the table whose rows these stand in, and the column with its key.
    """

    list: str
    one: str = ""
    page: int = PAGE
    key: str = "id"
    filters: Mapping[str, int] = field(default_factory=dict)
    since: bool = False
    until: bool = False
    ids: bool = False
    sorts: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    saved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parent: Parent | None = None
    inside: tuple[str, str] = ("", "")

    @property
    def price(self) -> int:
        """Tokens for a page of the list."""
        return PRICES[self.list]

    @property
    def fresh(self) -> int:
        """New rows on each page but the first.

        Where pages are told by their place, each has the last row of the one before: a
        row that is deleted meanwhile would else take one with it that nobody sees.
        """
        by_place = self.list.startswith("GET /v1/") and "changelog" not in self.list
        return self.page - 1 if by_place else self.page


_SORTS = ("id", "add_time", "update_time")
_TIMES = {"add_time": TIME, "update_time": TIME}
_DEALS = Offer(
    "GET /api/v2/deals",
    "GET /api/v2/deals/{id}",
    filters={
        **{"status": 3, "owner_id": 1, "person_id": 1, "org_id": 1},
        **{"pipeline_id": 1, "stage_id": 1},
    },
    since=True,
    until=True,
    ids=True,
    sorts=_SORTS,
    searched=("title", "deal_source_c821", "vendor", "summary", "来源"),
    saved={
        **{"status": WORD, "owner_id": CHOICE, "person_id": CHOICE, "org_id": CHOICE},
        **{"stage_id": WORD, "pipeline_id": NUMBER, "title": TITLE, "value": MONEY},
        **{"currency": TEXT, "creator_user_id": CHOICE, "probability": NUMBER},
        **{"origin": TEXT, "expected_close_date": DATE, "local_won_date": DATE},
        **{"local_lost_date": DATE, "local_close_date": DATE, "close_time": TIME},
        **{"won_time": TIME, "lost_time": TIME, "stage_change_time": TIME, **_TIMES},
        **{"products_count": NUMBER, "activities_count": NUMBER},
        **{"undone_activities_count": NUMBER},
        # Custom fields of the sandbox's sample company.
        **{"deal_type_7dd2": CHOICE, "deal_source_790b": CHOICE, "score": NUMBER},
        **{"kick_off_date": DATE, "reseller_id": CHOICE, "decision_maker_id": CHOICE},
        **{"vendor": TEXT, "deal_source_c821": TEXT, "presales_engineer_id": CHOICE},
    },
)
_PERSONS = Offer(
    "GET /api/v2/persons",
    "GET /api/v2/persons/{id}",
    filters={"owner_id": 1, "org_id": 1},
    since=True,
    until=True,
    ids=True,
    sorts=_SORTS,
    searched=("name", "email", "phone", "vendor"),
    saved={
        **{"name": TEXT, "first_name": TEXT, "last_name": TEXT, "owner_id": CHOICE},
        **{"org_id": CHOICE, "open_deals_count": NUMBER, "job_title": TEXT},
        **{"activities_count": NUMBER, "person_type_da13": CHOICE, **_TIMES},
    },
)
_PRODUCTS = Offer(
    "GET /api/v2/products",
    "GET /api/v2/products/{id}",
    filters={"owner_id": 1},
    since=True,
    ids=True,
    sorts=_SORTS,
    searched=("name", "code"),
    saved={"name": TEXT, "code": TEXT, "owner_id": CHOICE},
)

OFFERS: Mapping[str, Offer] = {
    "deals": _DEALS,
    "deals_archived": Offer("GET /api/v2/deals/archived", filters=_DEALS.filters),
    "deal_labels": Offer(_DEALS.list, inside=("deals", "deal_id")),
    "persons": _PERSONS,
    "person_emails": Offer(
        _PERSONS.list, inside=("persons", "person_id"), searched=("email",)
    ),
    "person_phones": Offer(
        _PERSONS.list, inside=("persons", "person_id"), searched=("phone",)
    ),
    "organizations": Offer(
        "GET /api/v2/organizations",
        "GET /api/v2/organizations/{id}",
        filters={"owner_id": 1},
        since=True,
        until=True,
        ids=True,
        sorts=_SORTS,
        searched=("name", "address", "vendor"),
        saved={
            **{"name": TEXT, "owner_id": CHOICE, "open_deals_count": NUMBER},
            **{"industry": CHOICE, "employee_count": NUMBER, **_TIMES},
        },
    ),
    "activities": Offer(
        "GET /api/v2/activities",
        "GET /api/v2/activities/{id}",
        filters={"owner_id": 1, "deal_id": 1, "lead_id": 1, "org_id": 1, "done": 1},
        since=True,
        until=True,
        ids=True,
        sorts=_SORTS,
        saved={
            **{"subject": TEXT, "type": NULLS, "owner_id": CHOICE, "due_date": DATE},
            **{"creator_user_id": CHOICE, "deal_id": CHOICE, "person_id": CHOICE},
            **{"org_id": CHOICE, "marked_as_done_time": TIME, **_TIMES},
        },
    ),
    "products": _PRODUCTS,
    "product_prices": Offer(_PRODUCTS.list, inside=("products", "product_id")),
    "deal_products": Offer(
        "GET /api/v2/deals/products",
        parent=Parent("deals", "deal_id", many=100, count="products_count"),
    ),
    "deal_participants": Offer(
        "GET /v1/deals/{id}/participants",
        parent=Parent("deals", "deal_id", count="participants_count"),
    ),
    "deal_followers": Offer(
        "GET /api/v2/deals/{id}/followers",
        parent=Parent("deals", "deal_id", count="followers_count"),
    ),
    "deal_files": Offer(
        "GET /v1/deals/{id}/files",
        page=100,
        parent=Parent("deals", "deal_id", count="files_count"),
    ),
    "deal_changelog": Offer(
        "GET /v1/deals/{id}/changelog", parent=Parent("deals", "deal_id")
    ),
    "leads": Offer(
        "GET /v1/leads",
        "GET /v1/leads/{id}",
        filters={"owner_id": 1, "person_id": 1, "org_id": 1},
        since=True,
        sorts=("id", "add_time", "update_time"),
        # No saved filters: what their conditions call a lead is not documented.
        searched=("title",),
    ),
    "lead_labels": Offer("GET /v1/leadLabels", page=0),
    "lead_label_links": Offer("GET /v1/leads", inside=("leads", "lead_id")),
    "notes": Offer(
        "GET /v1/notes",
        "GET /v1/notes/{id}",
        filters={
            **{"user_id": 1, "lead_id": 1, "deal_id": 1, "person_id": 1, "org_id": 1},
            **{"project_id": 1, "is_pinned_to_deal": 1},
        },
        since=True,
        sorts=("id", "add_time", "update_time"),
    ),
    "pipelines": Offer(
        "GET /api/v2/pipelines", "GET /api/v2/pipelines/{id}", sorts=_SORTS
    ),
    "stages": Offer(
        "GET /api/v2/stages", "GET /api/v2/stages/{id}", filters={"pipeline_id": 1}
    ),
    "users": Offer("GET /v1/users", "GET /v1/users/{id}", page=0),
    "activity_types": Offer("GET /v1/activityTypes", page=0),
}
