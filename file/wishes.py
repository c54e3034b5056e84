"""What a run is asked to do, and what it has done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from ..errors import Error
from .privacy import Rule

DAILY = timedelta(days=1)
JOBS = 4


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a file is brought up to date.

    `tables` are names of tables, "core" or "all"; none: those that the file has, or the
    core ones. `since` leaves out rows that did not change since that day, where
    Pipedrive can tell; "" none, None as it was. `sweep` is how old the latest whole
    reading of a table may be; None: as old as may be. `privacy` None: as it was. `wait`
    is for how many seconds another process may hold the file. `in_place` says that a
    new version is written into the file and does not take its place; None: as it was.
    `max_tokens` is the ceiling of the run. `only_changes` leaves the file as it is, bit
    for bit, where nothing new was read; then only the report tells that somebody has
    looked. Without `moves`, lists of what was archived are asked for only where they
    are named, so that rows that moved there stay where they were until a later run.
    """

    tables: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    since: str | None = None
    max_tokens: int | None = None
    jobs: int = JOBS
    sweep: timedelta | None = DAILY
    privacy: tuple[Rule, ...] | None = None
    hash_key: bytes = field(default=b"", repr=False)
    in_place: bool | None = None
    accept_deletions: bool = False
    wait: float = 0.0
    only_changes: bool = False
    moves: bool = True


@dataclass(frozen=True, slots=True)
class Planned:
    """What is going to be done for some tables, and its price.

    `requests` and `tokens` are at least and at most, None where that is not known;
    `basis` says from what.
    """

    tables: tuple[str, ...]
    how: str
    requests: tuple[int, int | None]
    tokens: tuple[int, int | None]
    basis: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one table: `rows` it has now, `error` why it stayed as it was.

    `absent` says that the account has no such table, or no right to it. What Pipedrive
    had at `as_of`, by its clock, is in the file: that of the file itself for a table
    that stayed as it was for an error. `published` says that it was written anew.
    """

    table: str
    how: str
    rows: int
    error: Error | None = None
    absent: bool = False
    as_of: str | None = None
    published: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A run: its tables, its cost, and whether the file is a new version."""

    outcomes: tuple[Outcome, ...]
    requests: int
    tokens: int
    seconds: float
    published: bool
    changes: int

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The tables that stayed as they were though they should not."""
        return tuple(o for o in self.outcomes if o.error and not o.absent)
