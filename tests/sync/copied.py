"""What a file must hold, made from the company itself and not from our own tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from pipedrive_sql.sandbox import Company, Sandbox

from ..front_door import connected
from ..same_answers.plain import COPIED, Copier
from ..same_answers.schema import QUESTION, Column, columns_of

# What changes only when the row itself does: not counts, not the names of others.
OWN = {
    "deals": "title, status, value, person_id, org_id, stage_id, update_time",
    "deals_archived": "title, status, value, archive_time, update_time",
    "persons": "name, email, org_id, update_time",
    "organizations": "name, update_time",
    "activities": "subject, done, deal_id, person_id, org_id, update_time",
    "notes": "content, deal_id, person_id, org_id, update_time",
    "leads": "title, value, person_id, org_id, update_time",
}


def differences(sandbox: Sandbox, path: Path) -> list[str]:
    """Tables and columns of the file whose values are not those of the company."""
    found = []
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
        tables = [row[0] for row in file.execute("SELECT table_name FROM _sync")]
        for table, columns in _columns(sandbox, tables).items():
            some = ", ".join(column.quoted for column in columns)
            ours = sorted(file.execute(f"SELECT {some} FROM {table}"), key=repr)
            theirs = sorted(Copier(sandbox.company, table, columns).rows(), key=repr)
            if len(ours) != len(theirs):
                found.append(f"{table}: {len(ours)} rows, not {len(theirs)}")
            for place, column in enumerate(columns):
                if [row[place] for row in ours] != [row[place] for row in theirs]:
                    found.append(f"{table}.{column.name}")
    return found


def stale(sandbox: Sandbox, path: Path) -> Iterator[str]:
    """Rows of the company that are not in the file, or not as they are now."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
        for table, columns in _columns(sandbox, list(OWN)).items():
            names = ["id", *OWN[table].split(", ")]
            some = [column for column in columns if column.name in names]
            rows = ", ".join(column.quoted for column in some)
            ours = set(file.execute(f"SELECT {rows} FROM {table}"))
            for row in Copier(sandbox.company, table, some).rows():
                if row not in ours:
                    yield f"{table}: {row}"


def gone(company: Company, keys: Mapping[str, set[Any]]) -> dict[str, set[Any]]:
    """Which of these keys are in no list, and in no archive, by table."""
    return {
        table: {key for key in some if not _is_there(company, table, key)}
        for table, some in keys.items()
    }


def _is_there(company: Company, table: str, key: Any) -> bool:
    row = company[table].get(key)
    return row is not None and company[table].shelf(row) != "deleted"


def _columns(sandbox: Sandbox, tables: Sequence[str]) -> dict[str, list[Column]]:
    with connected(sandbox) as live:
        every = columns_of(live.execute(QUESTION))
    unknown = set(tables) - set(COPIED)
    assert not unknown, f"no copy is made of {unknown}"
    return {name: every[name] for name in tables}
