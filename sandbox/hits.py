"""What a search finds in a company, the best first, and what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .collection import LIVE, Row
from .company import Company
from .found import KINDS

RELATED = 100  # rows of each kind that come with one hit
_BRIEF = ("custom_fields", "notes")  # texts that are shown only where they match


def hits(
    company: Company,
    kinds: Iterable[str],
    term: str,
    fields: Iterable[str] | None = None,
    exact: bool = False,
) -> list[Row]:
    """`{"result_score", "item"}` of what matches, the best first."""
    found: list[tuple[float, str, str, Row]] = []
    wanted = term.casefold()
    for kind in kinds:
        for row in KINDS[kind].rows(company):
            texts = KINDS[kind].texts(company, row)
            if fields is not None:
                texts = {name: some for name, some in texts.items() if name in fields}
            matching = _matching(texts, wanted, exact)
            if any(matching.values()):
                item = _item(company, kind, row, matching)
                found.append((_score(matching, wanted), kind, str(row["id"]), item))
    found.sort(key=lambda hit: (-hit[0], hit[1], hit[2]))
    return [{"result_score": score, "item": item} for score, _, _, item in found]


def related_items(company: Company, page: list[Row]) -> list[Row]:
    """The newest deals and leads of found people and organizations, and people."""
    seen = {(hit["item"]["type"], hit["item"]["id"]) for hit in page}
    related = []
    for hit in page:
        for kind, row in _related(company, hit["item"]):
            if (kind, row["id"]) not in seen:
                seen.add((kind, row["id"]))
                item = _item(company, kind, row, {})
                related.append({"result_score": 0, "item": item})
    return related


def _matching(
    texts: Mapping[str, list[str]], wanted: str, exact: bool
) -> dict[str, list[str]]:
    def fits(text: str) -> bool:
        folded = text.casefold()
        return folded == wanted if exact else wanted in folded

    return {name: [t for t in some if fits(t)] for name, some in texts.items()}


def _score(matching: Mapping[str, list[str]], wanted: str) -> float:
    """Whole values count most, names more than notes."""
    score = 0.0
    for name, some in matching.items():
        weight = 0.1 if name in _BRIEF else 1.0
        score += sum(weight * len(wanted) / max(len(text), 1) for text in some)
    return round(score, 4)


def _item(company: Company, kind: str, row: Row, matching: Mapping[str, Any]) -> Row:
    shown = KINDS[kind].shown(company, row)
    return shown | {name: matching[name] for name in _BRIEF if name in matching}


def _related(company: Company, item: Row) -> list[tuple[str, Row]]:
    columns = {
        "person": (("deal", "person_id"), ("lead", "person_id")),
        "organization": (
            ("deal", "org_id"),
            ("lead", "organization_id"),
            ("person", "org_id"),
        ),
    }
    found = []
    for kind, column in columns.get(item["type"], ()):
        rows = company[KINDS[kind].collection].on(LIVE)
        own = [row for row in rows if row[column] == item["id"]]
        own.sort(key=lambda row: str(row["add_time"]), reverse=True)
        found += [(kind, row) for row in own[:RELATED]]
    return found
