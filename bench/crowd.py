"""A sandbox with more deals than memory holds: `python -m bench.crowd COUNT`.

The deals of a small company come again and again under other ids, each made when it is
asked for. They can be listed, narrowed and sorted, not written.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence

from pipedrive_sql.sandbox import Company, Sandbox
from pipedrive_sql.sandbox.collection import (
    LIVE,
    Collection,
    Key,
    Order,
    Row,
)

SAMPLE = 2_000  # deals of the small company


class Rows(dict[Key, Row]):
    """Rows of the ids 1 to `count`: those of a sample, over and over."""

    def __init__(self, sample: list[Row], count: int) -> None:
        super().__init__()
        self._sample = sample
        self._count = count

    def sampled(self, key: Key) -> Row:
        """The row that the one of this id is made from."""
        if not isinstance(key, int) or not 1 <= key <= self._count:
            raise KeyError(key)
        return self._sample[(key - 1) % len(self._sample)]

    def __missing__(self, key: Key) -> Row:
        return self.sampled(key) | {"id": key}

    def get(self, key: Key, default: Row | None = None) -> Row | None:  # type: ignore[override]
        try:
            return self[key]
        except KeyError:
            return default


class Crowd(Collection):
    """As many rows as wanted, from the listed ones of a collection."""

    def __init__(self, sample: Collection, count: int) -> None:
        super().__init__(
            sample.name,
            optional=sample.optional,
            parents=tuple(sample.parents),
            custom=sample.codes is not None,
            nulls_first=sample.nulls_first,
        )
        self.recode(sample.codes or [])
        self._whole = sample
        self._made = Rows(list(sample.on(LIVE)), count)
        self.rows = self._made
        self._ids[LIVE] = list(range(1, count + 1))

    def encoded(self, key: Key) -> tuple[bytes, int]:
        """From the bytes of the sampled row, which begin with its id."""
        whole, cut = self._whole.encoded(own := self._made.sampled(key)["id"])
        old, new = b'{"id":%d' % own, b'{"id":%d' % key
        assert whole.startswith(old)
        return new + whole[len(old) :], cut + len(new) - len(old)

    def order(self, by: str, shelves: Sequence[str] = (LIVE,)) -> Order:
        """All rows are listed ones."""
        return super().order(by, (LIVE,) if LIVE in shelves else ())


def main() -> None:
    """Serve so many deals until interrupted; the first line tells where."""
    company = Company.sample(deals=SAMPLE)
    company.collections["deals"] = Crowd(company["deals"], int(sys.argv[1]))
    with Sandbox(company=company) as sandbox:
        print(f"listening on {sandbox.url} (token {sandbox.token})", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
