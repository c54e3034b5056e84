"""Long lists are read in parts side by side, with the rows of the list as a whole."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.sandbox import Fault, Sandbox

from .front_door import Door, asked, connected, opened

DEALS = 400
ROWS_A_PAGE = 4
SQL = "SELECT id, title, value, update_time FROM deals"


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with opened(deals=DEALS, page_cap=ROWS_A_PAGE) as door:
        yield door


@pytest.fixture
def known(door: Door) -> Iterator[Connection]:
    """A connection that has seen how long the list is, and keeps nothing else."""
    with connected(door.sandbox, cache_ttl=0) as connection:
        connection.execute(SQL).fetchall()
        door.sandbox.reset()
        yield connection
    door.sandbox.faults.clear()


def test_a_list_that_is_known_to_be_long_is_read_in_parts(
    known: Connection, door: Door
) -> None:
    expected = sorted(plain(door))
    door.sandbox.reset()
    rows = known.execute(SQL).fetchall()
    assert sorted(rows) == expected
    parts = {line for line in asked(door.sandbox) if "cursor" not in line}
    assert len([line for line in parts if "updated_until" in line]) == 8
    assert len([line for line in parts if "updated_since" in line]) == 8 + 1
    pages = -(-len(rows) // ROWS_A_PAGE)
    assert len(door.sandbox.heard) <= 1.05 * pages + 1


def test_requests_are_under_way_together(known: Connection, door: Door) -> None:
    """With 10 ms an answer, one after the other they would take a second."""
    with (
        Sandbox(
            company=door.sandbox.company, page_cap=ROWS_A_PAGE, latency=0.01
        ) as slow,
        connected(slow, cache_ttl=0) as connection,
    ):
        connection.execute("SELECT sum(value) FROM deals").fetchall()
        slow.reset()
        connection.execute("SELECT sum(value) FROM deals").fetchall()
        assert most_at_once(connection) > 3


# Statements, and how many of their requests are under way together, at least.
SIDE_BY_SIDE = {
    f"SELECT title FROM deals WHERE id IN ({','.join(map(str, range(1, 601, 2)))})": 3,
    "SELECT name FROM stages WHERE id IN (1, 2, 3, 4)": 4,
    "SELECT d.id, p.name FROM deals d JOIN persons p ON p.id = d.person_id "
    "WHERE d.status = 'won'": 3,
    "SELECT count(*) FROM deal_products": 4,
    "SELECT d.id, l.name FROM deals d JOIN deal_products l ON l.deal_id = d.id "
    "WHERE d.status = 'open'": 3,
    "SELECT d.id, f.user_id FROM deals d JOIN deal_followers f ON f.deal_id = d.id "
    "WHERE d.id < 30": 10,
    "SELECT name, conditions FROM filters": 4,
}


@pytest.fixture(scope="module")
def slow() -> Iterator[Sandbox]:
    with Sandbox(deals=2_000, page_cap=100, latency=0.02) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def remembered(slow: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a connection remembers that has read the larger tables."""
    folder = tmp_path_factory.mktemp("remembered")
    with connected(slow, cache_dir=folder) as connection:
        for table in ("deals", "persons"):
            connection.execute(f"SELECT id, add_time FROM {table}").fetchall()
    return folder


@pytest.mark.parametrize("sql", SIDE_BY_SIDE)
def test_keys_and_parents_that_are_known_are_asked_for_together(
    sql: str, slow: Sandbox, remembered: Path
) -> None:
    """That costs nothing: as much as one who may stop at each row pays for all."""
    with connected(slow, cache_dir=remembered) as connection:
        cursor = connection.execute(sql)
        rows, tokens = cursor.fetchall(), cursor.usage.tokens
        assert most_at_once(connection) >= SIDE_BY_SIDE[sql]
    with connected(slow, cache_dir=remembered) as connection:
        cursor = connection.execute(sql)
        assert sorted(cursor) == sorted(rows)
        assert cursor.usage.tokens == tokens


def test_who_stops_pays_for_few(slow: Sandbox) -> None:
    join = "FROM deals d JOIN persons p ON p.id = d.person_id"
    with connected(slow) as connection:
        slow.reset()
        connection.execute(f"SELECT d.id, p.name {join}").fetchmany(3)
        assert len([line for line in asked(slow) if "persons" in line]) == 2


def test_rows_in_order_are_in_order(known: Connection, door: Door) -> None:
    for order in ("id", "update_time DESC, id", "id DESC"):
        rows = known.execute(f"{SQL} ORDER BY {order}").fetchall()
        assert (
            rows == known.execute(f"SELECT * FROM ({SQL}) ORDER BY {order}").fetchall()
        )
        assert sorted(rows) == sorted(plain(door))


def test_what_was_read_in_parts_serves_in_order(door: Door, tmp_path: Path) -> None:
    with connected(door.sandbox, cache_dir=tmp_path) as connection:
        connection.execute(SQL).fetchall()
    with connected(door.sandbox, cache_dir=tmp_path) as connection:
        door.sandbox.reset()
        connection.execute(SQL).fetchall()
        assert any("updated_until" in line for line in asked(door.sandbox))
        rows = connection.execute(f"{SQL} ORDER BY id").fetchall()
        assert [row[0] for row in rows] == sorted(row[0] for row in plain(door))
        first = connection.execute(f"{SQL} ORDER BY id LIMIT 3").fetchall()
        assert first == rows[:3]
        joined = "SELECT count(*), count(DISTINCT d.id) FROM persons p JOIN deals d"
        assert len(set(connection.execute(f"{joined} ON d.person_id = p.id"))) == 1


def test_the_first_rows_cost_what_they_cost_otherwise(
    known: Connection, door: Door
) -> None:
    known.execute(SQL).fetchmany(3)
    assert len(door.sandbox.heard) == 1
    known.execute(f"{SQL} LIMIT 3").fetchall()
    assert len(door.sandbox.heard) == 2


def test_tables_over_arrays_have_all_elements(known: Connection, door: Door) -> None:
    sql = "SELECT deal_id, label_id FROM deal_labels"
    expected = [
        (deal["id"], label)
        for deal in door.rows("/api/v2/deals")
        for label in deal["label_ids"]
    ]
    assert sorted(known.execute(sql).fetchall()) == sorted(expected)


@pytest.mark.unofficial
@pytest.mark.parametrize("rule", ["503 every=7", "cut-body every=9", "broken every=11"])
def test_faults_change_no_row(known: Connection, door: Door, rule: str) -> None:
    expected = sorted(plain(door))
    door.sandbox.faults.add(Fault.read(f"{rule} header=retry-after:0"))
    assert sorted(known.execute(SQL).fetchall()) == expected


def test_rows_without_a_time_are_not_lost() -> None:
    """Windows of time would leave them out, wherever in the list they stand."""
    with opened(deals=DEALS, page_cap=ROWS_A_PAGE) as door:
        deals = list(door.sandbox.company["deals"].on("live"))
        deals[53 * ROWS_A_PAGE]["update_time"] = None  # on a page seldom looked at
        everything = [deal["id"] for deal in door.rows("/api/v2/deals")]
        with connected(door.sandbox, cache_ttl=0) as connection:
            for _ in range(2):
                assert sorted(i for i, *_ in connection.execute(SQL)) == everything
        assert not any("updated_until" in line for line in asked(door.sandbox))


def test_rows_that_change_meanwhile_are_not_lost() -> None:
    with opened(deals=DEALS, page_cap=ROWS_A_PAGE) as door:
        everything = {deal["id"] for deal in door.rows("/api/v2/deals")}
        over = threading.Event()
        changed: list[int] = []

        def write() -> None:
            for number in sorted(everything) * 9:
                if over.is_set():
                    return
                door("PATCH", f"/api/v2/deals/{number}", {"title": f"changed {number}"})
                changed.append(number)

        with connected(door.sandbox, cache_ttl=0) as connection:
            connection.execute(SQL).fetchall()
            writer = threading.Thread(target=write)
            writer.start()
            try:
                for _ in range(5):
                    ids = [i for i, *_ in connection.execute(SQL).fetchall()]
                    assert len(ids) == len(set(ids))
                    assert set(ids) == everything
            finally:
                over.set()
                writer.join()
        assert len(changed) > 20


def plain(door: Door) -> list[tuple[Any, ...]]:
    """The company's own rows."""
    return [
        (
            deal["id"],
            deal["title"],
            deal["value"],
            deal["update_time"].replace("T", " ").removesuffix("Z"),
        )
        for deal in door.rows("/api/v2/deals")
    ]


def most_at_once(connection: Connection) -> int:
    """How many requests of the latest statement were under way at one moment."""
    sent = connection.execute(
        "SELECT julianday(time) * 86400000.0, milliseconds FROM pipedrive_requests "
        "WHERE statement = (SELECT max(statement) FROM pipedrive_requests) "
        "AND milliseconds IS NOT NULL"
    ).fetchall()
    times = [(end - took, end) for end, took in sent]
    return max(sum(int(a <= begin < b) for a, b in times) for begin, _ in times)
