"""Rows of one kind: by id, by parent, in every order, and as JSON bytes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

Row = dict[str, Any]
Key = Any  # int; str of leads and lead labels
Position = tuple[Any, Key]
"""A value of the sort field and an id: a place in an order."""

LIVE, ARCHIVED, DELETED = "live", "archived", "deleted"
CUSTOM = b',"custom_fields":'


@dataclass(slots=True)
class Order:
    """Ids sorted by `keys`, which stand at the same indexes."""

    keys: list[Any]
    ids: list[Key]


def shelf_of(row: Row) -> str:
    """Where a row stands: in the list, in the archive, or deleted."""
    if row.get("is_deleted"):
        return DELETED
    return ARCHIVED if row.get("is_archived") else LIVE


class Collection:
    """`optional` columns are sent only on request; a function there computes one.

    `parents` are the columns by which children can be found without a scan.
    """

    def __init__(
        self,
        name: str,
        *,
        optional: Mapping[str, Callable[[Row], Any] | None] | None = None,
        parents: Sequence[str] = (),
        custom: bool = False,
        shelf: Callable[[Row], str] = shelf_of,
        nulls_first: bool = True,
    ) -> None:
        self.name = name
        self.rows: dict[Key, Row] = {}
        self.optional = dict(optional or {})
        self.codes: list[str] | None = [] if custom else None
        self.nulls_first = nulls_first
        self.told: Callable[[Key, Row | None], None] | None = None
        """Is told of each row that changes: its id, and the row before, if any."""
        self.shelf = shelf
        self._unset: Row = {}  # every custom field, empty
        self._parents: dict[str, dict[Any, dict[Key, None]]] = {p: {} for p in parents}
        self._ids: dict[str, list[Key]] = {LIVE: [], ARCHIVED: [], DELETED: []}
        self._orders: dict[tuple[tuple[str, ...], str], Order] = {}
        self._bytes: dict[Key, tuple[bytes, int]] = {}
        self._lines: dict[Key, bytes] = {}
        self._last = 0

    def __len__(self) -> int:
        return len(self.rows)

    def next_id(self) -> int:
        """One more than the highest id ever given."""
        return self._last + 1

    def get(self, key: Key | None) -> Row | None:
        """The row of this id, on any shelf; None if there is none."""
        return None if key is None else self.rows.get(key)

    def on(self, *shelves: str) -> Iterator[Row]:
        """The rows of these shelves, by id."""
        for key in self.order("id", shelves).ids:
            yield self.rows[key]

    def add(self, row: Row) -> Row:
        """Take in a row with an id of its own; the row itself, not a copy."""
        if self.told is not None:
            self.told(row["id"], None)
        return self._put(row)

    def change(self, key: Key, changes: Row) -> Row:
        """Set columns of a row and put it where it then belongs."""
        row = self.rows[key]
        if self.told is not None:
            self.told(key, row.copy())
        self._take(key)
        row.update(changes)
        return self._put(row)

    def remove(self, key: Key) -> None:
        """Take the row out of the collection altogether."""
        if self.told is not None:
            self.told(key, self.rows[key])
        self._take(key)

    def _put(self, row: Row) -> Row:
        key: Key = row["id"]
        self.rows[key] = row
        if isinstance(key, int):
            self._last = max(self._last, key)
        ids = self._ids[self.shelf(row)]
        if not ids or key > ids[-1]:
            ids.append(key)
        else:
            insort(ids, key)
        for column, index in self._parents.items():
            if (value := row[column]) is not None:
                index.setdefault(value, {})[key] = None
        self._forget(key)
        return row

    def _take(self, key: Key) -> None:
        row = self.rows.pop(key)
        ids = self._ids[self.shelf(row)]
        del ids[bisect_left(ids, key)]
        for column, index in self._parents.items():
            if (value := row[column]) is not None:
                del index[value][key]
        self._forget(key)

    @property
    def parents(self) -> Iterable[str]:
        """The columns that `children` takes."""
        return self._parents

    def children(self, column: str, value: Any) -> Iterator[Row]:
        """The rows, on any shelf, whose `column` (one of `parents`) is `value`."""
        return (self.rows[key] for key in self._parents[column].get(value, ()))

    def order(self, by: str, shelves: Sequence[str] = (LIVE,)) -> Order:
        """The ids of `shelves`, sorted by column `by` and then by id."""
        if by == "id" and len(shelves) == 1:
            ids = self._ids[shelves[0]]
            return Order(ids, ids)
        place = (tuple(shelves), by)
        if place not in self._orders:
            ids = [key for shelf in shelves for key in self._ids[shelf]]
            self._orders[place] = self.sorted(ids, by)
        return self._orders[place]

    def sorted(self, ids: Iterable[Key], by: str) -> Order:
        """These ids in the order of column `by` and then of the id."""
        if by == "id":
            keys = sorted(ids)
            return Order(keys, keys)
        rows, first = self.rows, self.nulls_first
        pairs = sorted(
            ((rows[i][by] is not None) == first, rows[i][by], i) for i in ids
        )
        return Order(pairs, [pair[2] for pair in pairs])

    def seek(
        self, order: Order, by: str, start: Position | None, descending: bool
    ) -> Iterator[Key]:
        """Ids of `order` from `start` on (inclusive), up or down."""
        place: Any = None
        if start is not None:
            value, key = start
            place = key
            if by != "id":
                place = ((value is not None) == self.nulls_first, value, key)
        if descending:
            end = len(order.ids) if place is None else bisect_right(order.keys, place)
            return (order.ids[i] for i in range(end - 1, -1, -1))
        begin = 0 if place is None else bisect_left(order.keys, place)
        return (order.ids[i] for i in range(begin, len(order.ids)))

    def encoded(self, key: Key) -> tuple[bytes, int]:
        """The row as JSON without optional columns, and where custom_fields begin."""
        found = self._bytes.get(key)
        if found is None:
            row = self.rows[key]
            plain = row.copy()
            for column in self.optional:
                plain.pop(column, None)
            custom = plain.pop("custom_fields", None)
            whole = orjson.dumps(plain)[:-1]
            cut = len(whole)
            if self.codes is not None:
                whole += CUSTOM + orjson.dumps(self._unset | custom)
            found = self._bytes[key] = (whole + b"}", cut)
        return found

    def line(self, row: Row, make: Callable[[Row], bytes]) -> bytes:
        """What `make`, the same for all calls, makes of a row: once, then kept."""
        found = self._lines.get(row["id"])
        if found is None:
            found = self._lines[row["id"]] = make(row)
        return found

    def complete(self, row: Row) -> Row:
        """The row with all its optional columns and every custom field."""
        whole = dict(row)
        for column, compute in self.optional.items():
            whole[column] = compute(row) if compute else row.get(column)
        if self.codes is not None:
            whole["custom_fields"] = self._unset | row["custom_fields"]
        return whole

    def recode(self, codes: list[str]) -> None:
        """The custom fields of the kind have changed; values of lost ones go."""
        for code in set(self._unset) - set(codes):
            for row in self.rows.values():
                row["custom_fields"].pop(code, None)
        self.codes = codes
        self._unset = dict.fromkeys(codes)
        self._bytes.clear()
        self._lines.clear()

    def _forget(self, key: Key) -> None:
        self._bytes.pop(key, None)
        self._lines.pop(key, None)
        if self._orders:
            self._orders.clear()
