"""The client's own work: processor time, memory; and how fast the sandbox is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from time import perf_counter

from .scan import LIBRARIES, scan
from .served import Served, fetched, served
from .table import Cells

HEADS = ("what", "wanted", "measured", "holds")
RUNS = 5  # the least of them counts: the others were disturbed

_THREE = "id, title, value"
_TEN = """id, title, status, value, currency, person_id, org_id, stage_id, add_time,
update_time"""
_MIXED = """id, title, status, value, org_id, add_time, products_count, notes_count,
deal_type_7dd2, budget_5cda"""
SCANS = (
    ("sum of one column", "select sum(value) from deals"),
    ("three plain columns, fetched", f"select {_THREE} from deals"),
    ("ten plain columns, fetched", f"select {_TEN} from deals"),
    ("six plain, two extra, two custom columns", f"select {_MIXED} from deals"),
)
MOST_CPU = 3.0  # times that of decoding the same bytes
MOST_MEMORY = 300.0  # MB
MOST_DEALS = 500_000
LEAST_PAGES = 100.0  # a second

_LIST = "/api/v2/deals?limit=500"
_CURSOR = re.compile(rb'"next_cursor":"([^"]+)"')


def work(sandbox: Served) -> Iterator[Cells]:
    """A line for each figure, of a sandbox with 100,000 deals."""
    for what, sql in SCANS:
        yield from _scanned(what, sql, sandbox)
    speed = max(_pages_a_second(sandbox) for _ in range(RUNS))
    yield (
        "sandbox: pages of 500 whole deals a second",
        f"at least {LEAST_PAGES:.0f}",
        f"{speed:.0f}",
        _holds(speed >= LEAST_PAGES),
    )


def _scanned(what: str, sql: str, sandbox: Served) -> Iterator[Cells]:
    runs = [scan(sql, sandbox) for _ in range(RUNS)]
    decoded = {name: min(r.decoding[name] for r in runs) for name in LIBRARIES}
    fastest = min(decoded, key=decoded.__getitem__)
    unit = decoded[fastest]
    cpu = min(run.cpu for run in runs)
    yield (
        f"{what}: CPU / CPU of decoding the same {runs[0].size:.0f} MB with {fastest}",
        f"at most {MOST_CPU:.0f}",
        f"{cpu / unit:.1f} ({cpu:.2f} s / {unit:.2f} s)",
        _holds(cpu <= MOST_CPU * unit),
    )
    for name, seconds in decoded.items():
        if name != fastest:
            yield f"  decoding with {name}", "", f"{seconds / unit:.1f}", ""
    together = min(min(run.together.values()) for run in runs)
    yield "  decoding all pages in one go", "", f"{together / unit:.1f}", ""
    receiving = min(run.receiving for run in runs)
    yield "  receiving with httpx alone", "", f"{receiving / unit:.1f}", ""
    first = min(run.first for run in runs)
    yield "  first statement of a process and a day", "", f"{first / unit:.1f}", ""
    yield _memory("  highest memory", max(run.memory for run in runs))


def longest() -> Iterator[Cells]:
    """The line for the memory of a long scan, of a sandbox of its own."""
    with served(deals=MOST_DEALS) as sandbox:
        run = scan(f"select {_TEN} from deals", sandbox)
    yield _memory(f"highest memory, {MOST_DEALS:,} deals read twice", run.memory)


def _memory(what: str, most: float) -> Cells:
    return (
        what,
        f"under {MOST_MEMORY:.0f} MB",
        f"{most:.0f} MB",
        _holds(most < MOST_MEMORY),
    )


def _pages_a_second(sandbox: Served) -> float:
    """Over the list of all deals, with all custom fields."""
    cursors: list[str] = []

    def paths() -> Iterator[str]:
        yield _LIST
        while cursors:
            yield f"{_LIST}&cursor={cursors.pop()}"

    began, pages = perf_counter(), 0
    for body in fetched(sandbox, paths()):
        pages += 1
        found = _CURSOR.search(body, len(body) - 300)
        if found:
            cursors.append(found[1].decode())
    return pages / (perf_counter() - began)


def _holds(held: bool) -> str:
    return "yes" if held else "NO"
