"""The next version of the file: a copy of the published one, with what was staged.

It lies beside the file and is thrown away if a run ends before it is whole; what was
staged stays, and makes it again.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import apsw

from ..errors import OperationalError
from .altering import Altering
from .evolution import Evolution
from .layout import Layout, quoted
from .merging import Merging
from .records import Records
from .staging import Staging
from .views import views

SCHEMA = "building"
_LOOSE = 0.25  # of a file; so much of it may be free pages before it is packed again


class Building:
    """The file to be published; closing it removes it.

    `layouts` are the tables that a run brings up to date, with what changed `since`;
    `merging` brings staged rows into them, and `records` are what the file tells about
    itself.
    """

    def __init__(
        self, staging: Staging, layouts: Mapping[str, Layout], since: str
    ) -> None:
        self.path = staging.target.with_name(f"{staging.target.name}.building")
        self._database = staging.database
        self._layouts = layouts
        _remove(self.path)
        if staging.target.exists():
            try:
                shutil.copyfile(staging.target, self.path)
            except OSError:
                _remove(self.path)
                raise
        self._database.execute(f"ATTACH ? AS {SCHEMA}", (str(self.path),))
        # Whatever ends this run, this file is made again.
        self._database.execute(
            f"PRAGMA {SCHEMA}.journal_mode = OFF; PRAGMA {SCHEMA}.synchronous = OFF"
        )
        self.records = Records(self._database, SCHEMA)
        self.records.create()
        self.merging = Merging(self._database, SCHEMA, staging.schema, layouts, since)
        self._altering = Altering(self._database, SCHEMA, self.records.columns)
        self._attached = True

    def evolve(self, evolutions: Iterable[Evolution], seen: str) -> None:
        """Give tables the columns that they have to have."""
        for evolution in evolutions:
            self._altering.evolve(evolution, self._layouts)
            self.records.save_columns(evolution.layout)
            self.records.add_changes(seen, evolution.changes)

    def finish(self, tables: Mapping[str, Layout], *, pack: bool) -> None:
        """Keys, indexes, views, statistics, and a look at every page.

        `tables` are all those whose columns are known. With `pack` nothing is left of
        what was removed. Raises OperationalError.
        """
        execute = self._database.execute
        for layout in tables.values():
            same = tuple((one.name, one.name) for one in layout.stored)
            self._altering.rebuild(Evolution(layout, same, (), whole=False), tables)
            for index in layout.indexes(SCHEMA, tables):
                execute(index)
        for name, view in views(tables, self.records.renamed):
            execute(f"DROP VIEW IF EXISTS {SCHEMA}.{quoted(name)}")
            execute(f"CREATE VIEW {SCHEMA}.{quoted(name)} AS {view}")
        pages = execute(f"PRAGMA {SCHEMA}.page_count").get
        free = execute(f"PRAGMA {SCHEMA}.freelist_count").get
        if pack or free > pages * _LOOSE:
            execute(f"VACUUM {SCHEMA}")
        execute(f"PRAGMA {SCHEMA}.analysis_limit = 1000; ANALYZE {SCHEMA}")
        found = execute(f"PRAGMA {SCHEMA}.integrity_check(3)").fetchall()
        if found != [("ok",)]:
            told = "; ".join(str(row[0]) for row in found)
            raise OperationalError(
                f"The new version of {self.path.stem} is damaged ({told}), so the old "
                "one stays. The disk may be failing: check it, then run again."
            )
        self._detach()

    def count(self, table: str) -> int:
        """The rows of a table."""
        return int(
            self._database.execute(f"SELECT count(*) FROM {SCHEMA}.{quoted(table)}").get
        )

    def close(self) -> None:
        """Let go of it. What is not published yet is removed."""
        # One that broke off, as on a full disk, stays attached until the run is closed.
        with contextlib.suppress(apsw.Error):
            self._detach()
        _remove(self.path)

    def _detach(self) -> None:
        if self._attached:
            self._database.execute(f"DETACH {SCHEMA}")
            self._attached = False


def _remove(path: Path) -> None:
    for name in (path, path.with_name(f"{path.name}-journal")):
        with contextlib.suppress(FileNotFoundError):
            name.unlink()
