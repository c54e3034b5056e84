"""The searches: over one kind of item (leads in v1, too), over all, by one field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from . import pages
from .collection import Row
from .company import Company
from .endpoint import Call, Endpoint, Reader, Reply, success
from .found import KINDS, searched_field, values_of
from .hits import Hit, hits, related_items
from .parameters import CURSOR, START, boolean, numbers, one_of, plain, some_of
from .past import View
from .refusal import invalid
from .rollups import OPTIONAL

DEFAULT = 100  # hits a page
MOST = 500  # what the spec says of all but itemSearch
LIVE_MOST = 100  # what the real one takes
NARROWED = 2000  # hits that person_id, organization_id and status look at
KEPT = 8  # searches that are not made again for their next page

Found = TypeVar("Found")


def _term(call: Call, exact: bool) -> str:
    term: str = call.query.get("term", "")
    least = 1 if exact else 2
    if len(term) < least:
        raise invalid("term", f"must be at least {least} characters long")
    return term


def _page(call: Call, found: Sequence[Found], most: int) -> tuple[Sequence[Found], Row]:
    """The hits of one page, and where the next begins."""
    limit: int = call.query.get("limit", DEFAULT)
    if call.switches.searches_give_a_hundred:
        most = min(most, LIVE_MOST)
    if not 1 <= limit <= most:
        if call.switches.bad_limit_is_refused:
            raise invalid("limit", f"must be between 1 and {most}")
        limit = min(max(limit, 1), most)
    limit = min(limit, call.page_cap or most)
    start = pages.position(call, "id", descending=False)
    first = int(start[1]) if start else 0
    last = first + limit
    cursor = pages.write_cursor("id", last, False, last) if last < len(found) else None
    return found[first:last], {"next_cursor": cursor}


def _view(call: Call) -> View:
    return View(call.company, call.switches, call.search_lag)


def _searched(call: Call, view: View, kinds: Iterable[str]) -> list[Hit]:
    """All hits; they are kept for the next page, until anything changes."""
    query = call.query
    exact = query.get("exact_match", False)
    term = _term(call, exact)
    fields = query.get("fields")
    named = None if fields is None else tuple(fields)
    if call.search_lag > 0:
        return hits(view, kinds, term, fields, exact, call.sees)
    latest, changes = call.company.searches, call.company.past.count
    asked = (tuple(kinds), term, named, exact, call.sees, call.switches)
    then, found = latest.pop(asked, (None, []))
    if then != changes:
        found = hits(view, kinds, term, fields, exact, call.sees)
    latest[asked] = changes, found
    if len(latest) > KEPT:
        latest.popitem(last=False)
    return found


def _shown(call: Call, view: View, page: Iterable[Hit]) -> list[Row]:
    """The hits as they are served, with what include_fields adds."""
    found = []
    for hit in page:
        shown = hit.shown(view)
        for included in call.query.get("include_fields", ()):
            kind, _, name = included.partition(".")
            if hit.kind == kind:
                shown["item"][name] = _included(call.company, hit.row, name)
        found.append(shown)
    return found


def _included(company: Company, row: Row, name: str) -> Any:
    if name == "cc_email":
        compute = OPTIONAL["deals"]["smart_bcc_email"]
        return compute(company, row) if compute else None
    if name == "picture":
        return {"id": row["picture_id"]} if row["picture_id"] else None
    if name == "price":
        return next((price["price"] for price in row["prices"]), None)
    return row[name]


def _of(kind: str) -> Callable[[Call], Reply]:
    def answer(call: Call) -> Reply:
        view = _view(call)
        page, additional = _page(call, _narrowed(call, view, kind), MOST)
        return _reply(page, {"items": _shown(call, view, page)}, additional)

    return answer


def leads_v1(call: Call) -> Reply:
    """The same hits, by start and limit."""
    view = _view(call)
    page, pagination = pages.window(call, _narrowed(call, view, "lead"))
    items = _shown(call, view, page)
    return _reply(page, {"items": items}, {"pagination": pagination})


def _narrowed(call: Call, view: View, kind: str) -> list[Hit]:
    """The hits of one kind that are of the person, organization and status."""
    found = _searched(call, view, [kind])
    wanted = {name: call.query[name] for name in _LINKS if name in call.query}
    if wanted:
        found = [
            hit
            for hit in found[:NARROWED]
            if all(_linked(hit.row, name) == key for name, key in wanted.items())
        ]
    return found[: call.switches.search_caps]


_LINKS = {
    "person_id": ("person_id", "person_ids"),
    "organization_id": ("org_id", "organization_id", "org_ids"),
    "status": ("status",),
}
"""Parameters of searches, and the columns that they are about."""


def _linked(row: Row, name: str) -> Any:
    """What a row is linked to: of several the first, which hits show."""
    value = next(row[column] for column in _LINKS[name] if column in row)
    return next(iter(value), None) if isinstance(value, list) else value


def _reply(page: Sequence[Found], data: Any, additional: Row) -> Reply:
    made = success(data, additional_data=additional)
    return Reply(made.content, len(page))


def everywhere(call: Call) -> Reply:
    """All kinds at once; related items come beside the page."""
    view = _view(call)
    kinds = call.query.get("item_types", list(KINDS))
    found = _searched(call, view, kinds)[: call.switches.search_caps]
    page, additional = _page(call, found, LIVE_MOST)
    related = []
    if call.query.get("search_for_related_items"):
        related = related_items(view, page, call.sees)
    data = {"items": _shown(call, view, page), "related_items": related}
    return _reply(page, data, additional)


def by_field(call: Call) -> Reply:
    """Values of one field, case sensitive; the item is the id and the value."""
    query = call.query
    for name in ("entity_type", "field"):
        if name not in query:
            raise invalid(name, "is required")
    match = query.get("match", "exact")
    term = _term(call, match == "exact")
    entity, code = query["entity_type"], query["field"]
    field = searched_field(call.company, entity, code)
    if field is None:
        raise invalid("field", "is not searchable")
    found = []
    for row in KINDS[entity].rows(_view(call)):
        text = next((t for t in values_of(row, field) if _fits(t, term, match)), None)
        if text is not None and (call.sees is None or call.sees(row)):
            found.append({"id": row["id"], code: text})
    rows = found[: call.switches.search_caps]
    if call.switches.field_search_is_scored:
        rows = [{"result_score": 1.0, "item": item} for item in rows]
    page, additional = _page(call, rows, MOST)
    return _reply(page, page, additional)


def _fits(text: str, term: str, match: str) -> bool:
    if match == "exact":
        return text == term
    return text.startswith(term) if match == "beginning" else term in text


def _query(*fields: str, **more: Reader) -> dict[str, Reader]:
    return {**_words(*fields), **CURSOR, **more}


def _words(*fields: str) -> dict[str, Reader]:
    return {"term": plain, "exact_match": boolean, "fields": some_of(*fields)}


_PERSON = numbers("person_id", "organization_id")
_STATUS = one_of("open", "won", "lost")
_LEAD: dict[str, Reader] = {
    **_words("custom_fields", "notes", "title"),
    **_PERSON,
    "include_fields": some_of("lead.was_seen"),
}
_ALL = ("address", "code", "custom_fields", "email", "name", "notes", "phone", "title")
ENDPOINTS = (
    Endpoint(
        "GET",
        2,
        "/deals/search",
        20,
        _of("deal"),
        _query("custom_fields", "notes", "title", **_PERSON, status=_STATUS)
        | {"include_fields": some_of("deal.cc_email")},
    ),
    Endpoint(
        "GET",
        2,
        "/persons/search",
        20,
        _of("person"),
        _query("custom_fields", "email", "notes", "phone", "name")
        | {**numbers("organization_id"), "include_fields": some_of("person.picture")},
    ),
    Endpoint(
        "GET",
        2,
        "/organizations/search",
        20,
        _of("organization"),
        _query("address", "custom_fields", "notes", "name"),
    ),
    Endpoint(
        "GET",
        2,
        "/products/search",
        20,
        _of("product"),
        _query("code", "custom_fields", "name")
        | {"include_fields": some_of("product.price")},
    ),
    Endpoint(
        "GET",
        2,
        "/projects/search",
        20,
        _of("project"),
        _query("custom_fields", "notes", "title", "description", **_PERSON),
    ),
    Endpoint("GET", 2, "/leads/search", 20, _of("lead"), {**_LEAD, **CURSOR}),
    Endpoint("GET", 1, "/leads/search", 40, leads_v1, {**_LEAD, **START}),
    Endpoint(
        "GET",
        2,
        "/itemSearch",
        20,
        everywhere,
        _query(
            *_ALL,
            "description",
            item_types=some_of(*KINDS),
            search_for_related_items=boolean,
            include_fields=some_of("deal.cc_email", "person.picture", "product.price"),
        ),
    ),
    Endpoint(
        "GET",
        2,
        "/itemSearch/field",
        20,
        by_field,
        {
            "term": plain,
            "entity_type": one_of(*[k for k, v in KINDS.items() if v.entity]),
            "match": one_of("exact", "beginning", "middle"),
            "field": plain,
            **CURSOR,
        },
    ),
)
