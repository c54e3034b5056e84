"""What a file costs: its first run, one after nothing changed, one after a little."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.served import Served
from bench.writer import Writer

from ..front_door import asked, opened
from .conftest import Mirrored
from .copied import differences, stale

DEALS = 2100
PAGE = 500
OVERLAP = 120  # seconds, and the company's clock goes on by one with each write
# What a page of each list costs (x-token-cost of the specs).
PRICES = {
    **dict.fromkeys(("deals", "persons", "organizations", "activities"), 10),
    **{"deals_archived": 20, "products": 10, "pipelines": 5, "stages": 5},
    **{"leads": 20, "leads_archived": 40, "lead_labels": 10, "notes": 20},
    **{"users": 20, "activity_types": 20},
}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirrored]:
    """A company with more deals than a few pages hold, and no file yet."""
    with opened(seed=7, deals=DEALS) as door:
        yield Mirrored(door, tmp_path_factory.mktemp("figures") / "crm.db")


def pages(mirrored: Mirrored, table: str) -> int:
    """The pages of a table's list; that of deals has the deleted ones, too."""
    company = mirrored.door.sandbox.company
    rows = len(company.rows(table))
    if table == "deals":
        rows += len(company.rows("deals_deleted"))
    return max(1, -(-rows // PAGE))


def test_the_figures_of_the_file(large: Mirrored) -> None:
    sandbox = large.door.sandbox
    first = large.sync()
    assert not first.failed
    lists = [heard for heard in sandbox.heard if "Fields" not in heard.endpoint]
    assert first.tokens == sum(heard.tokens for heard in lists)
    least = sum(price * pages(large, table) for table, price in PRICES.items())
    assert first.tokens <= 1.1 * least
    assert differences(sandbox, large.path) == []

    nothing = large.sync()
    assert not nothing.failed
    assert nothing.requests <= len(asked(sandbox)) <= 25

    with Writer(Served(sandbox.url, sandbox.token)) as writer:
        for part in (0.01, 0.2):
            changed = writer.change(part)
            report = large.sync()
            assert not report.failed
            most = -(-(changed + OVERLAP) // PAGE) * PRICES["deals"]
            assert nothing.tokens <= report.tokens
            assert report.tokens <= nothing.tokens - PRICES["deals"] + most
    assert list(stale(sandbox, large.path)) == []
