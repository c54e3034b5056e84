"""Searches as a way to rows: the same rows as without them, for fewer tokens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipedrive_sql import Connection, DataError
from pipedrive_sql.errors import MissingConstraint
from pipedrive_sql.sandbox import Sandbox

from .front_door import Door, asked, connected, opened

DEALS = 1_200  # three pages


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with opened(deals=DEALS) as found:
        yield found


@pytest.fixture
def live(door: Door) -> Iterator[Connection]:
    with connected(door.sandbox, cache_ttl=0) as connection:
        door.sandbox.reset()
        yield connection


def paths(sandbox: Sandbox) -> list[str]:
    """The paths asked, without versions and queries."""
    return [text.split("?")[0].split("/", 3)[-1] for text in asked(sandbox)]


COMPARISONS = (
    "title = ?",
    "title = upper(?) collate nocase",
    "title like upper(?)",
    "title glob ? || '*'",
    "title glob '*' || substr(?, 3)",
    "title in (?, 'No such deal')",
)


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_searches_find_what_the_list_has(door: Door, comparison: str) -> None:
    for title in titles(door, 4):
        sql = f"select id, title, value from deals where {comparison} order by id"
        with connected(door.sandbox, search="off") as off:
            expected = off.execute(sql, (title,)).fetchall()
        assert expected
        with connected(door.sandbox) as live:
            assert live.execute(sql, (title,)).fetchall() == expected, title


def titles(door: Door, count: int) -> list[str]:
    """Plain titles of deals that are not archived and not among the latest."""
    rows = sorted(door.rows("/api/v2/deals", limit=500), key=lambda r: r["update_time"])
    plain = [r["title"] for r in rows if r["title"].isascii() and len(r["title"]) > 8]
    return [title for title in plain if not set(title) & set("%_*?[")][:count]


def test_a_title_costs_one_search(door: Door, live: Connection) -> None:
    cursor = live.execute("select id from deals where title = ?", ("No such deal",))
    assert cursor.fetchall() == []
    assert paths(door.sandbox) == ["deals", "itemSearch/field"]
    assert cursor.usage.tokens == 30


@pytest.mark.parametrize(
    "sql",
    [
        "select id from persons where email = ?",
        "select person_id from person_emails where email = ?",
    ],
)
def test_an_address_is_found(door: Door, live: Connection, sql: str) -> None:
    person = min(
        (row for row in door.rows("/api/v2/persons", limit=500) if row["emails"]),
        key=lambda row: str(row["update_time"]),
    )
    address = next(
        (e["value"] for e in person["emails"] if e["primary"]),
        person["emails"][0]["value"],
    )
    door.sandbox.reset()
    cursor = live.execute(sql, (address,))
    assert (person["id"],) in cursor.fetchall()
    assert cursor.usage.tokens <= 50
    assert "itemSearch/field" in paths(door.sandbox)


@pytest.mark.parametrize(
    "sql",
    [
        "select id from deals where title = ' x'",
        "select id from deals where title = 'x  y'",
        "select id from deals where title = ''",
        "select id from deals where title = ?1 || char(10)",
        "select id from deals where title = replace(?1, 'x', zeroblob(0)) || 'é' || ?2",
        "select id from deals where title glob 'a*'",
        "select id from deals where title glob '*'",
        "select id from deals where title glob '[ab]*'",
        "select id from deals where title like '%abcdef%'",
        "select id from deals where title like 'abcdef' escape 'x'",
        "select id from deals where title > 'abcdef'",
        "select id from deals where title = 'abcdef' or value = 1",
        "select id from deals where lower(title) = 'abcdef'",
        "select id from deals where value = 5",
    ],
)
def test_what_a_search_may_miss_is_not_searched_for(
    door: Door, live: Connection, sql: str
) -> None:
    parameters = ("x", "y" * 300)[: 2 if "?2" in sql else int("?1" in sql)]
    live.execute(sql, parameters).fetchall()
    assert set(paths(door.sandbox)) <= {"deals"}


def test_options(door: Door) -> None:
    for search, sql, searched in (
        ("off", "select id from deals where title = 'No such deal'", False),
        ("prove", "select id from deals where title like '%no such%'", False),
        ("like", "select id from deals where title like '%no such%'", True),
    ):
        with connected(door.sandbox, search=search) as live:
            door.sandbox.reset()
            assert live.execute(sql).fetchall() == []
            found = any("earch" in path for path in paths(door.sandbox))
            assert found == searched, search


def test_a_short_list_is_read_once_its_length_is_known(
    door: Door, live: Connection
) -> None:
    sql = "select id from products where name = 'No such product'"
    assert live.execute(sql).usage.tokens == 10
    assert paths(door.sandbox) == ["products"]


def test_what_the_index_does_not_know_yet_is_found() -> None:
    with opened(deals=DEALS) as door, connected(door.sandbox, cache_ttl=0) as live:
        door.sandbox.search_lag = 300.0
        new = door.add("/api/v2/deals", title="Brand new deal")
        old = door.rows("/api/v2/deals", limit=1)[0]
        door("PATCH", f"/api/v2/deals/{old['id']}", {"title": "Renamed deal"})
        gone = door.rows("/api/v2/deals", limit=500)[400]
        door("DELETE", f"/api/v2/deals/{gone['id']}")
        sql = "select id from deals where title = ?"
        for title, expected in (
            ("Brand new deal", [(new["id"],)]),
            ("Renamed deal", [(old["id"],)]),
        ):
            door.sandbox.reset()
            assert live.execute(sql, (title,)).fetchall() == expected
            assert "itemSearch/field" in paths(door.sandbox)
        for title, row in ((old["title"], old), (gone["title"], gone)):
            found = live.execute(sql, (title,)).fetchall()
            assert (row["id"],) not in found


def test_a_search_that_finds_too_much_gives_way_to_the_list() -> None:
    with opened(empty=True) as door, connected(door.sandbox, cache_ttl=0) as live:
        for number in range(700):
            title = "The same for all" if number < 650 else f"Other {number}"
            door.add("/api/v2/deals", title=title)
        sql = "select count(*) from deals where title = 'The same for all'"
        cursor = live.execute(sql)
        assert cursor.fetchall() == [(650,)]
        assert cursor.usage.tokens <= 70  # the list is 20, a search of 650 is 140
        other = live.execute("select count(*) from deals where title = 'Other 690'")
        assert other.fetchall() == [(1,)]


def test_match_gives_whole_rows_of_what_is_found(door: Door, live: Connection) -> None:
    found = door("GET", "/api/v2/deals/search", term="licence", limit=100)
    items = [hit["item"] for hit in found["data"]["items"]]
    expected = {item["id"] for item in items if not item["is_archived"]}
    sql = "select id, add_time from deals where deals match 'licence'"
    rows = live.execute(sql).fetchall()
    assert {number for number, _ in rows} == expected or len(items) == 100
    assert all(moment for _, moment in rows)


def test_match_wants_two_characters(live: Connection) -> None:
    with pytest.raises(DataError, match="2 characters at least"):
        live.execute("select id from deals where deals match 'a'").fetchall()


def test_inputs_have_to_be_given(live: Connection) -> None:
    for where in ("filter_id > 3", "filter_id = 1 or id = 3", "filter_id is null"):
        with pytest.raises(MissingConstraint, match="filter_id"):
            live.execute(f"select id from deals where {where}").fetchall()


def test_a_saved_filter_narrows(door: Door, live: Connection) -> None:
    for filter_ in door("GET", "/v1/filters", type="deals")["data"]:
        listed = door.rows("/api/v2/deals", filter_id=filter_["id"], limit=500)
        expected = sorted(row["id"] for row in listed if not row["is_deleted"])
        for where, value in (("filter_id", filter_["id"]), ("filter", filter_["name"])):
            sql = f"select id, {where} from deals where {where} = ? order by id"
            rows = live.execute(sql, (value,)).fetchall()
            assert rows == [(number, value) for number in expected], filter_["name"]


def test_names_of_filters_have_to_be_right(door: Door, live: Connection) -> None:
    with pytest.raises(DataError) as caught:
        live.execute("select id from deals where filter = 'Hot deal'").fetchall()
    assert str(caught.value) == (
        "No saved filter of this type is called 'Hot deal'. There is: 'Hot deals', "
        "'Won deals'. All are in: SELECT id, name FROM filters WHERE type = 'deals'."
    )


def test_two_inputs_at_a_time_are_refused(live: Connection) -> None:
    sql = "select id from deals where filter_id = 1 and deals match 'licence'"
    with pytest.raises(MissingConstraint, match="one at a time"):
        live.execute(sql).fetchall()
