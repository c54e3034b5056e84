"""What a regular user sees of the rows of others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipedrive_sql.sandbox import Company, Switches

from .front_door import CURSOR_LISTS, Door, Row, ids, of, opened

OWNER, GROUP = 1, 3  # of visible_to
LISTS = {
    **{name: CURSOR_LISTS[name] for name in ("deals", "persons", "organizations")},
    "products": "/api/v2/products",
    "leads": "/v1/leads",
}


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with opened(deals=300, role="regular") as found:
        yield found


@pytest.fixture(scope="module")
def admin() -> Iterator[Door]:
    with opened(deals=60) as found:
        yield found


def is_hidden(row: Row) -> bool:
    """Whether user 1, one of those with odd ids, may not see it."""
    visible = int(row["visible_to"])
    if row["owner_id"] == 1 or visible > GROUP:
        return False
    return visible == OWNER or row["owner_id"] % 2 == 0


@pytest.mark.parametrize(("name", "path"), LISTS.items())
def test_lists_leave_out_what_the_user_may_not_see(
    door: Door, name: str, path: str
) -> None:
    rows = of(door, name)
    hidden = [row["id"] for row in rows if is_hidden(row)]
    assert hidden and len(hidden) < len(rows)
    assert {*ids(door.rows(path))} == {*ids(rows)} - {*hidden}
    assert door.send("GET", f"{path}/{hidden[0]}").status_code == 404


def test_ids_and_searches_leave_it_out_as_well(door: Door) -> None:
    hidden = next(row for row in of(door, "persons") if is_hidden(row))
    assert door.rows("/api/v2/persons", ids=hidden["id"]) == []
    assert door.send("GET", f"/v1/persons/{hidden['id']}/files").status_code == 404
    answer = door("GET", "/api/v2/persons/search", term=hidden["name"], fields="name")
    found = ids([hit["item"] for hit in answer["data"]["items"]])
    alike = [row for row in of(door, "persons") if row["name"] == hidden["name"]]
    assert {*found} & {*ids(alike)} == {*ids([r for r in alike if not is_hidden(r)])}


def test_permitted_users_are_those_who_see_it(door: Door) -> None:
    for row in of(door, "deals"):
        if not is_hidden(row):
            users = door("GET", f"/v1/deals/{row['id']}/permittedUsers")["data"]
            assert 1 in users


def test_an_admin_sees_everything(admin: Door) -> None:
    assert ids(admin.rows("/api/v2/deals")) == ids(of(admin, "deals"))


@pytest.mark.parametrize("counts_invisible", [False, True])
def test_whether_summaries_count_it_is_a_switch(counts_invisible: bool) -> None:
    company = Company.sample(deals=60)
    switches = Switches(summary_counts_invisible=counts_invisible)
    with opened(company=company, role="regular", switches=switches) as door:
        summary = door("GET", "/v1/deals/summary")["data"]
        rows = of(door, "deals") if counts_invisible else door.rows("/api/v2/deals")
    assert summary["total_count"] == len(rows)
    counts = {name: one["count"] for name, one in summary["values_total"].items()}
    assert counts == {
        currency: sum(row["currency"] == currency for row in rows)
        for currency in {row["currency"] for row in rows}
    }


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, {}),
        ({"status": "won"}, {"status": "won"}),
        ({"user_id": 3}, {"owner_id": 3}),
        ({"pipeline_id": 2}, {"pipeline_id": 2}),
        ({"stage_id": 1}, {"stage_id": 1}),
        ({"stage_id": 1, "status": "open"}, {"stage_id": 1, "status": "open"}),
        ({"filter_id": 3, "user_id": 9}, {"status": "won"}),  # user_id is dropped
        ({"filter_id": 3, "stage_id": 1}, {"status": "won", "stage_id": 1}),
    ],
)
def test_a_summary_is_of_live_deals_that_match(
    admin: Door, query: Row, wanted: Row
) -> None:
    summary = admin("GET", "/v1/deals/summary", **query)["data"]
    rows = of(admin, "deals")
    for column, value in wanted.items():
        rows = [row for row in rows if row[column] == value]
    sums: dict[str, float] = {}
    for row in rows:
        sums[row["currency"]] = sums.get(row["currency"], 0) + (row["value"] or 0)
    values = {name: one["value"] for name, one in summary["values_total"].items()}
    assert values == pytest.approx(sums)
    assert summary["total_count"] == len(rows)


def test_a_summary_takes_any_currency() -> None:
    with opened(empty=True) as door:
        door.add("/api/v2/deals", title="One", value=10, currency="GBP")
        door.add("/api/v2/deals", title="Two", value=2.5, currency="SEK")
        door.add("/api/v2/deals", title="Three", currency="SEK")
        totals = door("GET", "/v1/deals/summary")["data"]["values_total"]
    assert {name: (one["value"], one["count"]) for name, one in totals.items()} == {
        "GBP": (10, 1),
        "SEK": (2.5, 2),
    }
