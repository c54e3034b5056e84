"""What must not stand in the file: columns left out, or replaced by a keyed hash.

A rule is about a field, wherever it stands: one for `persons.email` is also about the
JSON of `persons.emails` and about `person_emails`. A hash is the same for the same text
on the same key, so that rows can still be joined and counted by it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from ..catalog.rows import Row
from ..catalog.table import Column, Form, Table
from ..catalog.values import Kind, SQLValue
from ..errors import InterfaceError

KEY_VARIABLE = "PIPEDRIVE_HASH_KEY"
DIGITS = 32  # hex digits of a hash: 128 bits
_SHORTEST_KEY = 16


@dataclass(frozen=True, slots=True)
class Rule:
    """`how` is done to the field that `column` of `table` is made of."""

    how: Literal["drop", "hash"]
    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.how}={self.table}.{self.column}"


def rules(text: str) -> tuple[Rule, ...]:
    """Rules as they are typed.

    >>> [str(rule) for rule in rules("drop=persons.email,hash=persons.phone")]
    ['drop=persons.email', 'hash=persons.phone']

    Raises InterfaceError.
    """
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        how, _, name = part.partition("=")
        table, _, column = name.partition(".")
        if how not in ("drop", "hash") or not table or not column:
            raise InterfaceError(
                f"{part!r} is no rule of privacy: it is drop=TABLE.COLUMN or "
                "hash=TABLE.COLUMN, as in drop=persons.email,hash=persons.phone."
            )
        found.append(Rule("drop" if how == "drop" else "hash", table, column))
    return tuple(found)


class Privacy:
    """The rules of one file, over the account's tables. Raises InterfaceError."""

    def __init__(
        self, some: Sequence[Rule], tables: Mapping[str, Table], key: bytes = b""
    ) -> None:
        self.rules = tuple(some)
        self._key = key
        self._dropped: set[tuple[str, str]] = set()
        self._hashed: set[tuple[str, str]] = set()
        for rule in some:
            for table, column in _touched(rule, tables):
                if rule.how == "drop" or not _is_text(column):
                    self._dropped.add((table, column.name))
                else:
                    self._hashed.add((table, column.name))
        if self._hashed and len(key) < _SHORTEST_KEY:
            raise InterfaceError(
                "Hashes need a key, else who knows the e-mails can find them. Set "
                f"{KEY_VARIABLE} to a text of {_SHORTEST_KEY} characters or more that "
                "you keep, as in: openssl rand -hex 16"
            )

    @property
    def mark(self) -> str:
        """Tells one key from another, and nothing of it; "" where nothing is hashed."""
        return str(self._hash("which key"))[:8] if self._hashed else ""

    def dropped(self, table: str) -> set[str]:
        """The columns of the table that are left out."""
        return {column for name, column in self._dropped if name == table}

    def hides(self, table: str, names: Collection[str]) -> Callable[[Row], Row] | None:
        """What hashes the rows of these columns, None where nothing is hashed."""
        places = [n for n, name in enumerate(names) if (table, name) in self._hashed]
        if not places:
            return None

        def hidden(row: Row) -> Row:
            values = list(row)
            for place in places:
                values[place] = self._hash(values[place])
            return tuple(values)

        return hidden

    def _hash(self, value: SQLValue) -> SQLValue:
        if value is None:
            return None
        text = str(value).strip().casefold().encode()
        return hmac.new(self._key, text, sha256).hexdigest()[:DIGITS]


def _touched(rule: Rule, tables: Mapping[str, Table]) -> Iterable[tuple[str, Column]]:
    """Every column that the rule's field stands in."""
    table = tables.get(rule.table)
    column = (
        next((c for c in table.columns if c.name == rule.column), None)
        if table
        else None
    )
    if table is None or column is None or column.hidden:
        raise InterfaceError(
            f"{rule}: there is no column {rule.column} of {rule.table}. "
            "All columns: SELECT table_name, name FROM pipedrive_columns."
        )
    if rule.column in (table.key, *(table.source_key,)):
        raise InterfaceError(
            f"{rule}: {rule.column} is the key of {rule.table}, without which its rows "
            "cannot be told apart. Leave the table out: --exclude."
        )
    if table.each and column.steps[0] != "^":
        # A part of each element; the whole array stands in the source's row, too.
        yield table.name, column
        for other in tables[table.source].columns:
            if other.steps[0] == table.each:
                yield table.source, other
        return
    top = column.steps[:2] if column.steps[0] == "custom_fields" else column.steps[:1]
    for other in table.columns:
        if other.steps[: len(top)] == top:
            yield table.name, other
    for child in tables.values():
        if child.source == table.name and (child.each,) == top:
            for part in child.columns:
                same = part.kind is Kind.TEXT and part.at in ("value", ".")
                if same or (rule.how == "drop" and part.steps[0] not in ("^", "#")):
                    yield child.name, part


def _is_text(column: Column) -> bool:
    return column.kind is Kind.TEXT and column.form in (Form.PLAIN, Form.PRIMARY)
