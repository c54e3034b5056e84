"""A pipeline report from the file that `pipedrive-sql sync` writes: one HTML page.

    pipedrive-sql sync crm.db
    python examples/pipeline_report.py crm.db report.html

It needs nothing but Python, and asks Pipedrive nothing. The page holds its charts
itself, so it can be sent by mail. Values are those of one currency, the one most open
deals are in, unless `--currency` names another. Days are counted up to when the file
was brought up to date.
"""

import argparse
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

TABLES = ("deals", "pipelines", "stages", "users")
MONTHS = 12
SHOWN = 8  # owners, and deals that wait
TORN = 10  # times the next bar: what is longer is cut, so that others can be seen
STYLE = Path(__file__).with_suffix(".css")


class Bar(NamedTuple):
    """One bar of a chart, and what stands beside it."""

    label: str
    size: float
    note: str


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path, help="what `pipedrive-sql sync` has written")
    parser.add_argument("report", type=Path, help="the HTML file to write")
    parser.add_argument("--currency", help="as in EUR")
    asked = parser.parse_args()
    try:
        with closing(opened(asked.file)) as file:
            page = "\n".join(report(file, asked.currency))
    except (OSError, sqlite3.Error, ValueError) as error:
        print(f"Error: {asked.file}: {error}", file=sys.stderr)
        return 1
    asked.report.write_text(page, "utf-8")
    print(f"{asked.report} is written, {len(page) // 1024} KB")
    return 0


def opened(path: Path) -> sqlite3.Connection:
    """The file, only to be read. Raises ValueError if it lacks a table."""
    file = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    there = {name for (name,) in file.execute("SELECT name FROM sqlite_master")}
    if missing := [name for name in ("_sync", *TABLES) if name not in there]:
        file.close()
        tables = ",".join(TABLES)
        raise ValueError(
            f"there is no table {missing[0]}. Type:\n"
            f"  pipedrive-sql sync {path} --tables {tables}"
        )
    return file


# What is reported


def report(file: sqlite3.Connection, currency: str | None) -> Iterator[str]:
    """The page, piece by piece."""
    marks = ", ".join("?" * len(TABLES))
    synced = file.execute(
        f"SELECT table_name, as_of, error FROM _sync WHERE table_name IN ({marks})",
        TABLES,
    ).fetchall()
    for table, moment, _ in synced:
        if moment is None:
            raise ValueError(f"{table} was not read to its end. Sync the file again.")
    as_of = min(moment for _, moment, _ in synced)
    if currency is None:
        currency = one(
            file,
            "SELECT currency FROM deals GROUP BY currency "
            "ORDER BY sum(status = 'open') DESC, count(*) DESC LIMIT 1",
        )
    company = one(file, "SELECT value FROM _settings WHERE name = 'company'")
    given = {"now": as_of, "currency": currency}
    yield '<!doctype html><html lang="en"><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>Pipeline of {escape(str(company))}</title>"
    yield f"<style>{STYLE.read_text('utf-8')}</style>"
    yield f"<h1>Pipeline of <bdi>{escape(str(company))}</bdi></h1>"
    others = one(file, OTHERS, given)
    left_out = f"; {others:,} deals in other currencies are left out" if others else ""
    yield f"<p>As of {as_of} UTC, values in {escape(str(currency))}{left_out}.</p>"
    for table, moment, error in synced:
        if error:
            text = escape(f"{table} is as of {moment}: {error}")
            yield f'<p class="warning">{text}</p>'
    # Everything below reads the deals of one currency.
    file.execute(
        "CREATE TEMP TABLE given AS SELECT :now AS now, :currency AS currency", given
    )
    file.execute(deals(file))
    yield from tiles(file)
    yield '<div class="cards">'
    yield from (*by_stage(file), *conversion(file), *by_month(file))
    yield from (*by_age(file), *waiting(file), *owners(file))
    yield "</div><p>A bar with a torn end is cut, so that others can be seen.</p>"
    yield "</html>"


OTHERS = "SELECT count(*) FROM deals WHERE currency IS NOT :currency"
COLUMNS = (
    *("id", "title", "status", "value", "currency", "probability", "stage_id"),
    *("pipeline_id", "owner_id", "add_time", "update_time", "won_time", "close_time"),
)
DEALS = """
CREATE TEMP TABLE deal AS
SELECT d.id, d.title, d.status, coalesce(d.value, 0) AS value, d.won_time,
  d.stage_id, d.pipeline_id, coalesce(s.order_nr, 0) AS step, u.name AS owner,
  coalesce(d.probability, s.deal_probability, 100) / 100.0 AS chance,
  julianday(g.now) - julianday(d.add_time) AS age,
  julianday(g.now) - julianday(d.update_time) AS unchanged,
  d.status IN ('won', 'lost')
    AND coalesce(d.close_time >= date(g.now, '-1 year'), 0) AS closed_lately
FROM given g JOIN ({deals}) d ON d.currency IS g.currency
LEFT JOIN main.stages s ON s.id = d.stage_id
LEFT JOIN main.users u ON u.id = d.owner_id
"""


def deals(file: sqlite3.Connection) -> str:
    """The deals, and of those that were archived the closed ones, if they are there."""
    columns = ", ".join(COLUMNS)
    found = f"SELECT {columns} FROM main.deals"
    asked = "SELECT 1 FROM sqlite_master WHERE name = 'deals_archived'"
    if one(file, asked):
        found += f" UNION ALL SELECT {columns} FROM main.deals_archived"
        found += " WHERE status IN ('won', 'lost')"
    return DEALS.format(deals=found)


def tiles(file: sqlite3.Connection) -> Iterator[str]:
    """The figures on top."""
    number, value, weighted, age = file.execute(
        "SELECT count(*), total(value), total(value * chance), avg(age) "
        "FROM deal WHERE status = 'open'"
    ).fetchone()
    won, won_value, lost = file.execute(
        "SELECT total(status = 'won'), total(value) FILTER (WHERE status = 'won'), "
        "total(status = 'lost') FROM deal WHERE closed_lately"
    ).fetchone()
    yield '<div class="tiles">'
    for figure, about in (
        (f"{number:,}", "open deals"),
        (money(value), "their value"),
        (money(weighted), "weighted by chance"),
        (f"{age or 0:,.0f} days", "their average age"),
        (money(won_value), "won in 12 months"),
        (share(won, won + lost), f"won of {won + lost:,.0f} closed"),
    ):
        yield f"<div><b>{figure}</b><span>{about}</span></div>"
    yield "</div>"


def by_stage(file: sqlite3.Connection) -> Iterator[str]:
    """What is open in each stage."""
    yield "<section><h2>Open value by stage</h2>"
    yield "<p>Every stage of the pipelines with open deals.</p>"
    rows = file.execute(
        "SELECT p.name, s.name, total(d.value), count(d.id) FROM main.stages s "
        "JOIN main.pipelines p ON p.id = s.pipeline_id "
        "LEFT JOIN deal d ON d.status = 'open' AND d.stage_id = s.id "
        "WHERE p.id IN (SELECT pipeline_id FROM deal WHERE status = 'open') "
        "GROUP BY s.id ORDER BY p.order_nr, p.id, s.order_nr"
    ).fetchall()
    found = [Bar(stage, v, f"{money(v)} · {n:,}") for _, stage, v, n in rows]
    yield from chart(found, [row[0] for row in rows])
    yield "</section>"


def conversion(file: sqlite3.Connection) -> Iterator[str]:
    """How many closed deals came how far."""
    yield "<section><h2>Conversion between stages</h2>"
    yield "<p>Deals closed in 12 months: how many came so far, and which part of "
    yield "those in the stage before. A deal that was lost came to the stage it was "
    yield "lost in, one that was won through all.</p>"
    found, groups, before, pipeline = [], [], 0, None
    for name, stage, reached in file.execute(
        "SELECT p.name, s.name, count(d.id) FROM main.stages s "
        "JOIN main.pipelines p ON p.id = s.pipeline_id "
        "JOIN deal d ON d.pipeline_id = p.id AND d.closed_lately "
        "  AND (d.status = 'won' OR d.step >= s.order_nr) "
        "GROUP BY s.id ORDER BY p.order_nr, p.id, s.order_nr"
    ):
        part = f"{share(reached, before)} · " if name == pipeline else ""
        found.append(Bar(stage, reached, f"{part}{reached:,}"))
        groups.append(name)
        before, pipeline = reached, name
    yield from chart(found, groups)
    yield "</section>"


def by_month(file: sqlite3.Connection) -> Iterator[str]:
    """What was won in each of the last months."""
    rows = file.execute(
        "WITH RECURSIVE back(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM back "
        f"  WHERE n < {MONTHS - 1}), "
        "month(first) AS (SELECT date(now, 'start of month', -n || ' months') "
        "  FROM back, given) "
        "SELECT first, total(d.value), count(d.id) FROM month "
        "LEFT JOIN deal d ON d.status = 'won' "
        "  AND date(d.won_time, 'start of month') = first GROUP BY first ORDER BY first"
    ).fetchall()
    found = [
        Bar(first, value, f"{n:,} deal{'s' * (n != 1)}") for first, value, n in rows
    ]
    yield '<section class="wide"><h2>Won by month</h2>'
    yield "<p>Value and number of the deals won in each month, in UTC.</p>"
    yield from month_chart(found)
    yield "</section>"


def by_age(file: sqlite3.Connection) -> Iterator[str]:
    """How long deals have been open."""
    yield "<section><h2>Age of open deals</h2><p>Days since they were added.</p>"
    spans = [(0, 30), (30, 90), (90, 180), (180, 365), (365, 730), (730, 100_000)]
    found = []
    for first, end in spans:
        number, value = file.execute(
            "SELECT count(*), total(value) FROM deal "
            "WHERE status = 'open' AND age >= ? AND age < ?",
            (first, end),
        ).fetchone()
        label = f"{first} to {end} days" if end < 100_000 else f"over {first} days"
        found.append(Bar(label, number, f"{number:,} · {money(value)}"))
    yield from chart(found)
    yield "</section>"


def waiting(file: sqlite3.Connection) -> Iterator[str]:
    """Open deals that nobody has touched for long."""
    yield '<section class="late"><h2>Longest without a change</h2>'
    yield "<p>Open deals, and the days since anything in them changed.</p>"
    found = [
        Bar(str(title), days, f"{days:,.0f} days · {money(value)}")
        for title, days, value in file.execute(
            "SELECT title, unchanged, value FROM deal WHERE status = 'open' "
            f"ORDER BY unchanged DESC, id LIMIT {SHOWN}"
        )
    ]
    yield from chart(found)
    yield "</section>"


def owners(file: sqlite3.Connection) -> Iterator[str]:
    """Who has what open, and has won what."""
    yield f'<section class="wide"><h2>Owners</h2><p>The {SHOWN} who won most in 12 '
    yield "months, and what they have open.</p><table><tr><th>owner</th>"
    for name in (
        "won",
        "deals won",
        "part of closed",
        "open",
        "deals open",
        "weighted",
    ):
        yield f'<th class="number">{name}</th>'
    yield "</tr>"
    for owner, won, deals_won, lost, value, deals_open, weighted in file.execute(
        "SELECT coalesce(owner, 'nobody'), "
        "total(value) FILTER (WHERE status = 'won' AND closed_lately) AS won, "
        "sum(status = 'won' AND closed_lately), "
        "sum(status = 'lost' AND closed_lately), "
        "total(value) FILTER (WHERE status = 'open') AS open, sum(status = 'open'), "
        "total(value * chance) FILTER (WHERE status = 'open') "
        f"FROM deal GROUP BY owner ORDER BY won DESC, open DESC LIMIT {SHOWN}"
    ):
        closed = deals_won + lost
        yield f"<tr><td><bdi>{escape(owner)}</bdi></td>"
        for text in (
            money(won),
            f"{deals_won:,}",
            share(deals_won, closed),
            money(value),
            f"{deals_open:,}",
            money(weighted),
        ):
            yield f'<td class="number">{text}</td>'
        yield "</tr>"
    yield "</table></section>"


# How it is drawn


def chart(bars: Sequence[Bar], groups: Iterable[str] = ()) -> Iterator[str]:
    """Bars from left to right, below the names of their groups."""
    end = longest(bars)
    of_bars = list(groups) or [""] * len(bars)
    for number, (bar, group) in enumerate(zip(bars, of_bars, strict=True)):
        if group and (number == 0 or of_bars[number - 1] != group):
            yield f"<h3><bdi>{escape(group)}</bdi></h3>"
        width = 100 * min(max(bar.size, 0), end) / end
        torn = ' class="torn"' if bar.size > end else ""
        label = escape(bar.label)
        yield f'<div class="row"><span title="{label}"><bdi>{label}</bdi></span>'
        yield f'<span><i{torn} style="width: {width:.1f}%"></i></span>'
        yield f"<span>{bar.note}</span></div>"
    if not bars:
        yield "<p>There are none.</p>"


def month_chart(bars: Sequence[Bar]) -> Iterator[str]:
    """Columns for months, as SVG."""
    end = longest(bars)
    yield f'<svg viewBox="0 0 {len(bars) * 90} 230" role="img">'
    for number, bar in enumerate(bars):
        height = 150 * min(max(bar.size, 0), end) / end
        middle = number * 90 + 45
        yield f"<g><title>{bar.label[:7]}: {bar.size:,.2f}, {bar.note}</title>"
        yield f'<rect x="{middle - 28}" y="{180 - height:.1f}" width="56" '
        yield f'height="{max(height, 1):.1f}" rx="3"/>'
        if bar.size > end:  # a gap tells that it is cut
            yield f'<path d="M{middle - 32} 48 l64 -12" stroke="var(--card)" '
            yield 'stroke-width="6"/>'
        yield f'<text x="{middle}" y="{172 - height:.1f}">{money(bar.size)}</text>'
        yield f'<text x="{middle}" y="200">{bar.label[:7]}</text>'
        yield f'<text x="{middle}" y="218">{bar.note}</text></g>'
    yield "</svg>"


def longest(bars: Sequence[Bar]) -> float:
    """What fills the width: the largest, but for a few that are far beyond the rest."""
    sizes = sorted((bar.size for bar in bars if bar.size > 0), reverse=True)
    for size, following in pairwise(sizes[: 2 + len(sizes) // 4]):
        if size > TORN * following:
            return following
    return sizes[0] if sizes else 1


def money(value: float) -> str:
    """A sum for people: 950, 12.3k, 4.56m, 12.3bn."""
    for unit, name in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(value) >= unit:
            return f"{value / unit:,.{1 if abs(value) < 100 * unit else 0}f}{name}"
    return f"{value:,.0f}"


def share(part: float, whole: float) -> str:
    """A part in percent."""
    return f"{100 * part / whole:.0f} %" if whole else "none"


def one(file: sqlite3.Connection, sql: str, given: dict[str, Any] | None = None) -> Any:
    """The only value of a statement, None without rows."""
    row = file.execute(sql, given or {}).fetchone()
    return row[0] if row else None


if __name__ == "__main__":
    sys.exit(main())
