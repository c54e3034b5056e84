"""Bytes laid into a temporary file are the same when they are read again."""

from __future__ import annotations

from random import Random

import pipedrive_sql
from pipedrive_sql.sandbox import Sandbox
from pipedrive_sql.store.pile import Pile, Place


def test_what_is_left_stays_when_other_bytes_go_and_come() -> None:
    random = Random(1)
    pile = Pile()
    kept: dict[Place, bytes] = {}
    most = 0
    for _ in range(2_000):
        data = random.randbytes(random.randint(2, 40_000))
        kept[pile.add(data)] = data
        if len(kept) > 30:
            gone = random.sample(sorted(kept), 15)
            pile.drop(gone)
            for place in gone:
                del kept[place]
        most = max(most, *(start + length for start, length in kept))
    assert {place: pile.get(place) for place in kept} == kept
    assert most < 5_000_000, "room that became free was not used again"
    pile.drop(kept)
    assert pile.add(b"first").start == 0
    pile.close()


def test_pages_that_moved_to_disk_are_read_again() -> None:
    with (
        Sandbox(deals=4_000) as sandbox,
        pipedrive_sql.connect(
            api_url=sandbox.url, api_token=sandbox.token
        ) as connection,
    ):
        first = connection.execute("SELECT * FROM deals").fetchall()
        assert connection.last_usage.requests >= 8
        assert connection.execute("SELECT * FROM deals").fetchall() == first
        assert connection.last_usage.requests == 0
