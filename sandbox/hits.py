"""What a search finds in a company, the best first, and what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from .collection import LIVE, Row
from .found import KINDS, Kind, note_texts
from .past import View

RELATED = 100  # rows of each kind that come with one hit
_BRIEF = ("custom_fields", "notes")  # texts that are shown only where they match

Sees = Callable[[Row], bool] | None
"""Whether who asks may see a row; None: every one."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that was found; `brief` has the texts that are shown where they match."""

    score: float
    kind: str
    row: Row
    brief: dict[str, list[str]]

    def shown(self, view: View) -> Row:
        """`{"result_score", "item"}`"""
        item = KINDS[self.kind].shown(view, self.row)
        return {"result_score": self.score, "item": item | self.brief}


def hits(
    view: View,
    kinds: Iterable[str],
    term: str,
    fields: Collection[str] | None = None,
    exact: bool = False,
    sees: Sees = None,
) -> list[Hit]:
    """What matches in `fields` (all of them), the best first."""
    found = []
    wanted = term.casefold()
    for name in kinds:
        kind = KINDS[name]
        codes = kind.codes(view)
        for row in _candidates(view, kind, wanted, fields):
            if sees is not None and not sees(row):
                continue
            texts = kind.texts(row, codes)
            if kind.noted:
                texts["notes"] = kind.notes(view, row)
            matching = _matching(texts, wanted, fields, exact)
            if any(matching.values()):
                brief = {key: matching[key] for key in _BRIEF if key in matching}
                found.append(Hit(_score(matching, wanted), name, row, brief))
    found.sort(key=lambda hit: (-hit.score, hit.kind, str(hit.row["id"])))
    return found


def related_items(view: View, page: Sequence[Hit], sees: Sees) -> list[Row]:
    """The newest deals and leads of found people and organizations, and people."""
    seen = {(hit.kind, hit.row["id"]) for hit in page}
    related = []
    for hit in page:
        for kind, row in _related(view, hit):
            if (kind, row["id"]) not in seen and (sees is None or sees(row)):
                seen.add((kind, row["id"]))
                related.append(Hit(0, kind, row, {}).shown(view))
    return related


def _candidates(
    view: View, kind: Kind, wanted: str, fields: Collection[str] | None
) -> Iterator[Row]:
    """The rows that have `wanted` anywhere in their texts or notes."""
    codes = kind.codes(view)
    rows, piece = view[kind.collection], wanted.encode()

    def line(row: Row) -> bytes:
        return _line(chain.from_iterable(kind.texts(row, codes).values()))

    noted = set()
    if kind.noted and (fields is None or "notes" in fields):
        notes = view["notes"]
        for note in notes.on(LIVE):
            if piece in notes.line(note, lambda note: _line(note_texts([note]))):
                noted.add(note[kind.noted])
    for row in kind.rows(view):
        if piece in rows.line(row, line) or row["id"] in noted:
            yield row


def _line(texts: Iterable[str]) -> bytes:
    """Texts as they are compared, in one piece; in bytes they are a third the size."""
    return "\0".join(texts).casefold().encode()


def _matching(
    texts: Mapping[str, list[str]],
    wanted: str,
    fields: Collection[str] | None,
    exact: bool,
) -> dict[str, list[str]]:
    def fits(text: str) -> bool:
        folded = text.casefold()
        return folded == wanted if exact else wanted in folded

    return {
        name: [text for text in some if fits(text)]
        for name, some in texts.items()
        if fields is None or name in fields
    }


def _score(matching: Mapping[str, list[str]], wanted: str) -> float:
    """Whole values count most, names more than notes."""
    score = 0.0
    for name, some in matching.items():
        weight = 0.1 if name in _BRIEF else 1.0
        score += sum(weight * len(wanted) / max(len(text), 1) for text in some)
    return round(score, 4)


_COLUMNS = {
    "person": (("deal", "person_id"), ("lead", "person_id")),
    "organization": (
        ("deal", "org_id"),
        ("lead", "organization_id"),
        ("person", "org_id"),
    ),
}


def _related(view: View, hit: Hit) -> list[tuple[str, Row]]:
    found = []
    for kind, column in _COLUMNS.get(hit.kind, ()):
        rows = view[KINDS[kind].collection]
        children = rows.children(column, hit.row["id"])
        own = [row for row in children if rows.shelf(row) == LIVE]
        own.sort(key=lambda row: row["id"])
        own.sort(key=lambda row: str(row["add_time"]), reverse=True)
        found += [(kind, row) for row in own[:RELATED]]
    return found
