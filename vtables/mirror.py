"""A file of `pipedrive-sql sync` that statements are answered from.

The file is attached as it is, and views in the `temp` schema have the names of the live
tables, so that statements read it at SQLite's speed. The live tables behind them are
`live.deals` and so on. Before a statement runs, those of its tables that are older than
`max_age` are brought up to date; what other processes publish is seen, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
from cachetools import LRUCache

from ..catalog.fields import Field
from ..catalog.table import Brought, Table
from ..client.usage import Meter
from ..errors import OperationalError
from ..file.families import DELETED, SHELVES, can_be_listed
from ..file.identity import check_identity, identity
from ..file.layout import Stored, layout, stored
from ..file.memory import Memory
from ..file.privacy import Privacy, rules
from ..file.records import Records, Synced
from ..file.sync import Sync
from ..file.wishes import Wishes
from ..planner.table_names import HOME, LIVE
from .module import quoted
from .version import Version

if TYPE_CHECKING:
    from .live import Live

_KEPT = 1_000  # statements whose tables are remembered
_SWEPT = timedelta(days=1, hours=1)  # since a table was read whole, to speak of it
_WAIT = 30.0  # seconds for another process that brings the file up to date


class Mirror:
    """One file behind the tables of the first account.

    `columns` has those of each table that is answered from it, by table. Tables that
    the file does not have, or not with all columns, stay live. `max_age` None: nothing
    is brought up to date. What was archived may be in its table for `archive_age` more.
    """

    def __init__(
        self,
        live: Live,
        file: Path,
        max_age: timedelta | None,
        archive_age: timedelta | None,
    ) -> None:
        self.file = file
        self.max_age = max_age
        self.archive_age = archive_age
        self.columns: dict[str, tuple[str, ...]] = {}
        self._live = live
        self._who: Mapping[str, str] = {}
        self._looked: dict[str, str] = {}
        self._memory = Memory()
        self._fields: Mapping[str, Sequence[Field]] = {}
        self._fields_of: datetime | None = None  # when they were read
        self._reads: LRUCache[str, frozenset[str]] = LRUCache(_KEPT)
        self._views: list[str] = []
        live.quietly(f"ATTACH ':memory:' AS {LIVE}")
        self._version = Version(live, file)

    def check(self) -> None:
        """See that the file is that of the first account's company and user.

        Costs 2 API tokens. Raises OperationalError.
        """
        home, meter = self._live.home, self._live.run.meter
        self._who = identity(home.store.tables, home.client, meter)
        check_identity(self.file, self._records.settings, self._who)

    def choose(self, tables: Iterable[Table]) -> None:
        """Decide which tables are answered from the file."""
        found = {table.name: table for table in tables}
        records = self._records
        synced = records.synced
        privacy = Privacy(rules(records.settings.get("privacy", "")), found, b"")
        self.hide()
        self.columns = {}
        for name, table in found.items():
            wanted = layout(table, privacy.dropped(name)).columns
            further = any(c.brought is Brought.FURTHER for c in table.columns)
            complete = name in synced and bool(synced[name].complete)
            if complete and not further:
                known = set(map(_told, records.columns(name)))
                if all(_told(stored(column)) in known for column in wanted):
                    self.columns[name] = tuple(column.name for column in wanted)

    def show(self) -> None:
        """Give the tables and views of the file their names in the `temp` schema."""
        live = self._live
        local = live.quietly("SELECT lower(name) FROM sqlite_schema")
        taken = {str(name) for (name,) in local} | live.modules.keys()
        taken -= self.columns.keys()
        names = [n for n in self._version.names if n.lower() not in taken]
        with live.as_owner():
            self.hide()
            for name in names:
                columns = ", ".join(map(quoted, self.columns.get(name, ()))) or "*"
                live.quietly(
                    f"CREATE TEMP VIEW {quoted(name)} AS "
                    f"SELECT {columns} FROM {self._version.schema}.{quoted(name)}"
                )
                self._views.append(name)
        self._reads.clear()

    def hide(self) -> None:
        """Take those names away."""
        for name in self._views:
            self._live.quietly(f"DROP VIEW IF EXISTS {HOME}.{quoted(name)}")
        self._views.clear()

    def bring(self, text: str, bindings: apsw.Bindings, meter: Meter) -> None:
        """See that the tables that a statement reads are not older than they may be.

        What is asked for it goes on the statement's bill. Raises what Sync does, and
        the errors of tables that could not be read.
        """
        if self._live.database.in_transaction:
            return  # it goes on seeing what it saw
        self._renew()
        old = self._old(text, bindings)
        if not old:
            return
        # Somebody may have interrupted while nothing ran: SQLite forgets it now.
        self._live.quietly("SELECT 1").fetchall()
        with self._sync(old, meter) as sync:
            report = sync.run()
        for outcome in report.outcomes:
            if outcome.error is not None:
                raise outcome.error
            self._looked[outcome.table] = outcome.as_of or ""
        self._renew()

    def told(self, text: str, bindings: apsw.Bindings) -> Iterator[str]:
        """For each table of the file that a statement reads: how old it is, and whether
        what changed is asked for before.
        """
        synced, old = self._records.synced, self._old(text, bindings)
        for name in sorted(self._tables_of(text, bindings) & synced.keys()):
            as_of = self._as_of(name, synced) or "never"
            first = "; what changed is asked for first" if name in old else ""
            yield f"{name} of {self.file.name}, as of {as_of}{first}"

    def notices(self) -> list[str]:
        """What a user should know about the rows of the file."""
        settings, synced = self._records.settings, self._records.synced
        left_out = []
        if since := settings.get("since"):
            left_out.append(f"rows that did not change since {since}")
        if privacy := settings.get("privacy"):
            left_out.append(f"what its privacy rules name ({privacy})")
        told = [f"{self.file} is without {each}." for each in left_out]
        swept = {n: one.swept for n, one in synced.items() if one.swept}
        first = min(swept, key=lambda name: swept[name], default="")
        if first and self._live.home.client.now() - _moment(swept[first]) > _SWEPT:
            told.append(
                f"{first} of {self.file} was last read whole on {swept[first]} UTC: "
                "rows that were deleted since may still be there. Read it whole again: "
                f"pipedrive-sql sync {self.file}."
            )
        return told

    def close(self) -> None:
        """Let go of the file, but for what SQLite has attached."""
        self._version.close()

    @property
    def _records(self) -> Records:
        return self._version.records

    def _renew(self) -> None:
        """See the version of the file that was published last."""
        if self._version.renew():
            self.show()

    def _sync(self, tables: Collection[str], meter: Meter) -> Sync:
        """The run that brings these tables up to date, and no others."""
        home = self._live.home
        known = home.store.tables
        synced = self._records.synced
        others = [n for n in known if n not in synced and can_be_listed(known[n])]
        wishes = Wishes(
            tables=tuple(tables),
            exclude=tuple(others),
            sweep=None,
            only_changes=True,
            moves=self._may_have_moved(tables, synced),
            wait=_WAIT,
        )
        if self._fields_of != home.metadata.read:
            self._fields, self._fields_of = home.metadata.fields(), home.metadata.read
        sync = Sync(
            home.client,
            known,
            self._fields,
            self.file,
            wishes,
            who=self._who,
            meter=meter,
            memory=self._memory,
        )
        if sync.changes_columns:
            sync.close()
            raise OperationalError(
                f"The fields of the account are not those that {self.file} has any "
                "more. Read them anew: connection.refresh(), or .refresh in the shell."
            )
        return sync

    def _may_have_moved(
        self, tables: Collection[str], synced: Mapping[str, Synced]
    ) -> bool:
        """Whether the lists of what was archived have to be asked for, too."""
        shelves = {n for s in SHELVES.values() if set(tables) & set(s) for n in s[1:]}
        archives = shelves - DELETED
        return any(self._is_old(n, synced, self.archive_age) for n in archives)

    def _is_old(
        self, name: str, synced: Mapping[str, Synced], age: timedelta | None
    ) -> bool:
        """Whether a table is older than that; one that is not there is no matter."""
        if age is None or name not in synced:
            return False
        as_of = self._as_of(name, synced)
        # Whoever wants no age at all asks always, whatever clocks say.
        if not (age and as_of):
            return True
        return self._live.home.client.now() - _moment(as_of) >= age

    def _old(self, text: str, bindings: apsw.Bindings) -> list[str]:
        """The tables that a statement reads and that are older than they may be."""
        if self.max_age is None or not (read := self._tables_of(text, bindings)):
            return []
        synced = self._records.synced
        return [n for n in sorted(read) if self._is_old(n, synced, self.max_age)]

    def _as_of(self, name: str, synced: Mapping[str, Synced]) -> str:
        """What a table shows is at least as new; "" where it was never read."""
        return max(synced[name].as_of or "", self._looked.get(name, ""))

    def _tables_of(self, text: str, bindings: apsw.Bindings) -> frozenset[str]:
        """The tables of the file that a statement reads, through views, too."""
        if text not in self._reads:
            self._reads[text] = self._read_by(text, bindings)
        return self._reads[text]

    def _read_by(self, text: str, bindings: apsw.Bindings) -> frozenset[str]:
        """SQLite tells it while it prepares the statement."""
        found: set[str] = set()
        database = self._live.database
        before = database.authorizer

        def noted(
            action: int,
            first: str | None,
            second: str | None,
            schema: str | None,
            view: str | None,
        ) -> int:
            if action == apsw.SQLITE_READ and schema == self._version.schema and first:
                found.add(first.lower())
            if before is None:
                return apsw.SQLITE_OK
            return before(action, first, second, schema, view)

        cursor = database.cursor()
        cursor.exec_trace = lambda *_: False  # prepared, and not run
        database.authorizer = noted
        try:
            cursor.execute(text, bindings or None, can_cache=False)
        except apsw.ExecTraceAbort:
            return frozenset(found)
        finally:
            database.authorizer = before
            cursor.close(True)
        return frozenset()


def _told(one: Stored) -> tuple[str, str, str, bool]:
    """What makes a column of the file the one that is wanted."""
    return one.name, one.role, one.type, bool(one.gone)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
