"""Columns that come only with include_fields, and how each is counted.

None means that the value is stored in the row. The rest is counted when asked for,
from the rows themselves, so it is always true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from .collection import LIVE, Row, shelf_of

if TYPE_CHECKING:
    from .company import Company

Rollup = Callable[["Company", Row], Any]

CLOSED = ("won", "lost")


def _followers(entity: str) -> Rollup:
    def count(company: Company, row: Row) -> int:
        item = entity, row["id"]
        return sum(1 for _ in company["followers"].children("item", item))

    return count


def _files(column: str) -> Rollup:
    def count(company: Company, row: Row) -> int:
        files = company["files"].children(column, row["id"])
        return sum(file["active_flag"] for file in files)

    return count


def _mail(column: str) -> Rollup:
    return lambda company, row: sum(
        1 for _ in company["mail_messages"].children(column, row["id"])
    )


def _bcc(kind: str) -> Rollup:
    return lambda company, row: f"{company.domain}+{kind}{row['id']}@pipedrivemail.com"


def _listed(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if shelf_of(row) == LIVE)


def _of(company: Company, column: str, row: Row) -> Iterator[Row]:
    """The listed activities whose `column` is this row's id."""
    return _listed(company["activities"].children(column, row["id"]))


def _due(row: Row) -> tuple[str, str, int]:
    return (row["due_date"] or "", row["due_time"] or "", row["id"])


def next_activity(company: Company, column: str, row: Row) -> int | None:
    """The undone activity of this row that is due first."""
    undone = [a for a in _of(company, column, row) if not a["done"]]
    return min(undone, key=_due)["id"] if undone else None


def _activities(column: str) -> dict[str, Rollup]:
    """The five columns about the activities whose `column` is this row's id."""

    def last(company: Company, row: Row) -> int | None:
        done = [a for a in _of(company, column, row) if a["done"]]
        return max(done, key=_due)["id"] if done else None

    return {
        "next_activity_id": lambda c, row: next_activity(c, column, row),
        "last_activity_id": last,
        "activities_count": lambda c, row: sum(1 for _ in _of(c, column, row)),
        "done_activities_count": lambda c, row: sum(
            a["done"] for a in _of(c, column, row)
        ),
        "undone_activities_count": lambda c, row: sum(
            not a["done"] for a in _of(c, column, row)
        ),
    }


def _notes(column: str) -> Rollup:
    def count(company: Company, row: Row) -> int:
        notes = company["notes"].children(column, row["id"])
        return sum(note["active_flag"] for note in notes)

    return count


def _deals(statuses: tuple[str, ...], of: Callable[..., Iterable[Row]]) -> Rollup:
    def count(company: Company, row: Row) -> int:
        return sum(deal["status"] in statuses for deal in _listed(of(company, row)))

    return count


def _deal_counts(
    own: Callable[..., Iterable[Row]], related: Callable[..., Iterable[Row]]
) -> dict[str, Rollup]:
    counts: dict[str, Rollup] = {}
    kinds = {"open": ("open",), "closed": CLOSED, "won": ("won",), "lost": ("lost",)}
    for name, statuses in kinds.items():
        counts[f"{name}_deals_count"] = _deals(statuses, own)
        counts[f"related_{name}_deals_count"] = _deals(statuses, related)
    return counts


def _of_person(company: Company, person: Row) -> Iterable[Row]:
    return company["deals"].children("person_id", person["id"])


def _of_persons_organization(company: Company, person: Row) -> Iterable[Row]:
    """Deals of the person's organization that are not the person's own."""
    if person["org_id"] is None:
        return ()
    deals = company["deals"].children("org_id", person["org_id"])
    return (deal for deal in deals if deal["person_id"] != person["id"])


def _of_organization(company: Company, organization: Row) -> Iterable[Row]:
    return company["deals"].children("org_id", organization["id"])


def _of_organizations_persons(company: Company, organization: Row) -> Iterable[Row]:
    """Deals of the organization's people that are not the organization's own."""
    people = company["persons"].children("org_id", organization["id"])
    deals = chain.from_iterable(_of_person(company, person) for person in people)
    return (deal for deal in deals if deal["org_id"] != organization["id"])


def _participating(company: Company, person: Row) -> Iterable[Row]:
    deals = company["deals"]
    for key in company.participations.get(person["id"], ()):
        if (deal := deals.get(key)) is not None:
            yield deal


def _people(company: Company, organization: Row) -> int:
    people = company["persons"].children("org_id", organization["id"])
    return sum(1 for _ in _listed(people))


def _products(company: Company, deal: Row) -> int:
    return sum(1 for _ in company["deal_products"].children("deal_id", deal["id"]))


def _participants(company: Company, deal: Row) -> int:
    main = {deal["person_id"]} - {None}
    return len(main | set(company.participants.get(deal["id"], ())))


OPTIONAL: dict[str, dict[str, Rollup | None]] = {
    "deals": {
        **_activities("deal_id"),
        "first_won_time": None,
        "products_count": _products,
        "files_count": _files("deal_id"),
        "notes_count": _notes("deal_id"),
        "followers_count": _followers("deal"),
        "email_messages_count": _mail("deal_id"),
        "participants_count": _participants,
        "last_incoming_mail_time": None,
        "last_outgoing_mail_time": None,
        "smart_bcc_email": _bcc("deal"),
        "source_lead_id": None,
    },
    "persons": {
        **_activities("person_id"),
        **_deal_counts(_of_person, _of_persons_organization),
        "participant_open_deals_count": _deals(("open",), _participating),
        "participant_closed_deals_count": _deals(CLOSED, _participating),
        "email_messages_count": _mail("person_id"),
        "files_count": _files("person_id"),
        "notes_count": _notes("person_id"),
        "followers_count": _followers("person"),
        "last_incoming_mail_time": None,
        "last_outgoing_mail_time": None,
        "marketing_status": None,
        "doi_status": None,
        "smart_bcc_email": _bcc("person"),
    },
    "organizations": {
        **_activities("org_id"),
        **_deal_counts(_of_organization, _of_organizations_persons),
        "email_messages_count": _mail("org_id"),
        "people_count": _people,
        "files_count": _files("org_id"),
        "notes_count": _notes("org_id"),
        "followers_count": _followers("organization"),
        "smart_bcc_email": _bcc("org"),
    },
    "activities": {"attendees": None},
}
