"""What a run is about: whose file it is, which tables, their columns, how each is read.

Nothing is asked for it but who the token belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from ..catalog.table import Table
from ..errors import InterfaceError
from ..store.answers import Key
from .choice import chosen
from .evolution import Evolution, evolution
from .families import CHANGED, DELETED, SHELVES, Family, Step, families
from .gathering import CHANGES, WHOLE, Wanted
from .layout import layout, remember, stored
from .privacy import Privacy, rules
from .published import Published
from .staging import Staging
from .wishes import Wishes

FORM = "%Y-%m-%d %H:%M:%S"

# What changed a moment before a run began may not have been in its lists yet, and
# two rows may have changed in the same second.
_OVERLAP = timedelta(minutes=2)
# How far the clock that dates Pipedrive's answers may be before that of its rows.
_CLOCKS = timedelta(hours=1)

_KEPT = ("since", "privacy", "privacy_mark")


class Scope:
    """The families of a `run` that began at `started`, by Pipedrive's clock.

    `who` is whose token it is. `anew` says that what is left out of the file has
    changed, so that all of it is read again.
    """

    def __init__(
        self,
        tables: Mapping[str, Table],
        published: Published,
        wishes: Wishes,
        who: Mapping[str, str],
        run: str,
        started: datetime,
    ) -> None:
        self.tables = tables
        self.published = published
        self.wishes = wishes
        self.who = who
        self.run = run
        self.started = started.strftime(FORM)
        before = published.settings
        wished = wishes.privacy
        told = (
            before.get("privacy", "") if wished is None else ",".join(map(str, wished))
        )
        self.privacy = Privacy(rules(told), tables, wishes.hash_key)
        since = before.get("since", "") if wishes.since is None else wishes.since
        mark = self.privacy.mark
        left_out = {"since": since, "privacy": told, "privacy_mark": mark}
        place = "in place" if wishes.in_place else "replaced"
        if wishes.in_place is None:
            place = before.get("written", place)
        self.settings = {**who, **left_out, "written": place}
        self.anew = any(before.get(name, "") != left_out[name] for name in _KEPT)
        self.families = self._families()
        self.evolutions = {
            name: self.evolution(name) for f in self.families for name in f.tables
        }
        self.layouts = {name: e.layout for name, e in self.evolutions.items()}

    def renew(self, staging: Staging, run: str, started: datetime) -> None:
        """Another run is about the same."""
        self.published.renew(staging)
        self.run, self.started = run, started.strftime(FORM)

    @property
    def in_place(self) -> bool:
        """Whether the new version is written into the file.

        Once so, it stays so: SQLite in a program that still has a replaced file open
        would take the journal of the new one for its own.
        """
        return self.settings["written"] == "in place"

    @property
    def left_out(self) -> tuple[str, ...]:
        """What is left out of all tables, and how."""
        return tuple(self.settings[name] for name in _KEPT)

    def evolution(self, name: str) -> Evolution:
        """What a table of the file, or one that comes into it, has to become."""
        wanted = layout(self.tables[name], self.privacy.dropped(name))
        before = self.published.columns(name)
        if not before:
            return Evolution(wanted, (), (), whole=True)
        for column in wanted.columns:
            remember(column, before)
        if before == [*wanted.stored]:
            same = tuple((one.name, one.name) for one in before)
            return Evolution(wanted, same, (), whole=False)
        full = layout(self.tables[name])
        roles = {stored(column).role for column in full.columns}
        return evolution(before, wanted, roles, self.started)

    def wanted(self, family: Family, parents: Sequence[Key] = ()) -> Wanted:
        """Whether a family is read whole, or what changed since the run before."""
        base = self.settings["since"] or None
        whole = self.anew or self._is_new(family) or self.is_due(family)
        how: dict[str, tuple[str, str | None]] = {}
        for step in family.steps:
            since = None if whole else self._since(step)
            how[step.name] = (CHANGES, since) if since else (WHOLE, base)
        return Wanted(family, self.run, self.started, how, parents)

    def is_due(self, family: Family) -> bool:
        """Whether its tables were read whole so long ago that they have to be again."""
        return any(
            self._age(row.swept) >= self.wishes.sweep
            for row in map(self.published.synced.get, family.tables)
            if row and row.swept and self.wishes.sweep is not None
        )

    def is_short(self, family: Family) -> bool:
        """Whether it is read in a page or so for each of its lists."""
        how = self.wanted(family).how
        return not family.parent and all(
            how[step.name][0] == CHANGES or self._is_small(step)
            for step in family.steps
        )

    def has_changed(self, family: Family) -> bool:
        """Whether the columns of its tables are not those of the file."""
        return any(
            [*self.layouts[name].stored] != self.published.columns(name)
            for name in family.tables
        )

    def _families(self) -> list[Family]:
        """The families of the wished tables."""
        wanted = self.wishes.tables
        if self.anew and self.published.exists:
            # What is left out now shall be left out everywhere.
            if both := set(self.wishes.exclude) & set(self.published.tables):
                raise InterfaceError(
                    "What is left out of the file changes in all its tables at once, "
                    f"so {min(both)} cannot be excluded. Run it without --exclude."
                )
            wanted = (*wanted, *self.published.tables)
        tried = list(self.published.synced)  # also those not read to their end
        names = chosen(self.tables, wanted, self.wishes.exclude, tried)
        if not self.wishes.moves:
            named = {*wanted, *(DELETED), *(n for n in names if n not in tried)}
            moved = {shelf for shelves in SHELVES.values() for shelf in shelves[1:]}
            names = [name for name in names if name not in moved - named]
        return families(self.tables, names)

    def _is_new(self, family: Family) -> bool:
        """Whether the file does not have all its rows, or not all their columns."""
        rows = map(self.published.synced.get, family.tables)
        return any(
            row is None or not row.complete or self.evolutions[row.table].whole
            for row in rows
        )

    def _is_small(self, step: Step) -> bool:
        """Whether all rows of a list cost no more than those that changed."""
        row = self.published.synced.get(step.brings[0].table)
        page = step.endpoint.page
        return not page or bool(row and row.complete and row.rows <= page)

    def _since(self, step: Step) -> str | None:
        """From when on changes are asked for; None where all rows cost no more."""
        name = step.brings[0].table
        row = self.published.synced[name]
        if self._is_small(step) or not step.is_dated or row.as_of is None:
            return None
        latest = self.published.latest(name, CHANGED)
        if latest is None:
            return None
        as_of = _moment(row.as_of)
        since = max(min(as_of, _moment(latest)), as_of - _CLOCKS)
        return (since - _OVERLAP).strftime(FORM)

    def _age(self, moment: str) -> timedelta:
        return _moment(self.started) - _moment(moment)


def _moment(text: str) -> datetime:
    """A time as the file has it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
