"""What everyday questions cost: ours, the best in hindsight, and what others pay."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

import pipedrive_sql

from .bills import Bill
from .everyday import COPIED, EVERYDAY, Everyday
from .hindsight import Hindsight
from .needs import Needs, read
from .offers import PRICES, SUMMARY
from .plain import Answer, Plain
from .rivals import every_table, row_by_row
from .served import Served

# Asked once for the account, not for a statement: its fields, the user's own rights,
# filters that a killed process left behind.
_ONCE = re.compile(r"GET (\S+Fields|/v1/users/me|/v1/filters)")
_LISTS = {
    "pipeline_id": "GET /api/v2/pipelines",
    "stage_id": "GET /api/v2/stages",
    "owner_id": "GET /v1/users",
}
_IDS = re.compile(r"/(\d+|[0-9a-f]{8}-[0-9a-f-]{27})(?=/|$)")


@dataclass(frozen=True, slots=True)
class Paid:
    """Tokens, and how often each kind of request was sent for them."""

    tokens: int
    requests: dict[str, int]

    @property
    def number(self) -> int:
        """How many requests there were."""
        return sum(self.requests.values())


@dataclass(frozen=True, slots=True)
class Figure:
    """What one question costs, in tokens.

    `fresh` is ours on a connection that knows nothing, `remembered` on one that knows
    how many rows the tables have; neither has any rows at hand. `best` is the best
    way in hindsight, `every_table` loads all tables that are named, and `row_by_row`
    sends a request for each row that it looks up (None where nothing is joined).
    """

    group: str
    what: str
    sql: str
    joins: bool
    fresh: Paid
    remembered: Paid
    best: Paid
    every_table: int
    row_by_row: int | None


def figures(
    sandbox: Served, questions: Sequence[Everyday] = EVERYDAY
) -> Iterator[Figure]:
    """A figure for each question, each of ours on a connection of its own.

    Raises ValueError where an answer is not that of a plain copy of the company, and
    where the best way in hindsight would not have brought all that the answer needs.
    """
    with TemporaryDirectory() as folder:
        knowing, learned = Path(folder, "knowing"), Path(folder, "learned")
        connected(sandbox, knowing).close()  # the account's fields
        shutil.copytree(knowing, learned)
        with connected(sandbox, learned, cache_ttl=600.0) as live:
            plain = Plain(live, named(questions))
        for question in questions:
            yield _figure(question, sandbox, plain, knowing, learned)


def connected(
    sandbox: Served, cache_dir: Path, cache_ttl: float = 0.0
) -> pipedrive_sql.Connection:
    """A connection that may take every road, and keeps no rows."""
    return pipedrive_sql.connect(
        api_url=sandbox.url,
        api_token=sandbox.token,
        cache_dir=cache_dir,
        cache_ttl=cache_ttl,
        max_tokens=None,
        temporary_filters=True,
    )


def named(questions: Sequence[Everyday]) -> dict[str, str]:
    """The tables of all questions, each with the condition for what is copied."""
    parts = [part for question in questions for part in needs_of(question).parts]
    return {part.table: COPIED.get(part.table, "") for part in parts}


def needs_of(question: Everyday) -> Needs:
    """What its answer is made of."""
    return sum(map(read, question.needs), Needs())


def _figure(
    question: Everyday, sandbox: Served, plain: Plain, knowing: Path, learned: Path
) -> Figure:
    needs = needs_of(question)
    fresh, answer = paid(question.sql, sandbox, knowing)
    remembered, again = paid(question.sql, sandbox, learned)
    for ours in (answer, again):
        if needs.parts and not plain.confirms(question.sql, ours):
            raise ValueError(f"Not the rows of a plain copy: {question.sql}")
    return Figure(
        question.group,
        question.what,
        question.sql,
        len(needs.parts) > 1,
        fresh,
        remembered,
        best(question, plain),
        every_table(needs, plain),
        row_by_row(needs, plain),
    )


def paid(sql: str, sandbox: Served, cache_dir: Path) -> tuple[Paid, Answer]:
    """What the sandbox heard of a statement on a connection of its own."""
    with TemporaryDirectory() as folder, httpx.Client(base_url=sandbox.url) as http:
        copied = Path(folder, "cache")
        shutil.copytree(cache_dir, copied)
        with connected(sandbox, copied) as connection:
            http.post("/_sandbox/reset").raise_for_status()
            answer = list(connection.execute(sql))
            heard = http.get("/_sandbox/usage").raise_for_status().json()["heard"]
    asked = [one for one in heard if not _ONCE.fullmatch(_line(one))]
    requests = Counter(map(_kind, asked))
    return Paid(sum(one["tokens"] for one in asked), dict(requests)), answer


def _line(heard: dict[str, Any]) -> str:
    return f"{heard['method']} {heard['path']}"


def _kind(heard: dict[str, Any]) -> str:
    """`GET /api/v2/deals?status`: without values, and without what pages a list."""
    names = {pair.partition("=")[0] for pair in heard["query"].split("&") if pair}
    for paging in ("limit", "cursor", "start", "include_fields", "custom_fields"):
        names.discard(paging)
    query = f"?{'&'.join(sorted(names))}" if names else ""
    return _IDS.sub("/{id}", _line(heard)) + query


def best(question: Everyday, plain: Plain) -> Paid:
    """The best way in hindsight.

    Raises ValueError if it would not bring all that the answer is made of.
    """
    needs = needs_of(question)
    found = Hindsight(needs, plain).best()
    if needs.parts:
        with plain.only(found.rows):
            brought = plain.answer(question.sql)
        if not plain.confirms(question.sql, brought):
            raise ValueError(f"Hindsight brings too little: {question.sql}")
    bills = found.bills
    if question.counted is not None:
        counted = _counted(question.counted, needs, plain)
        bills = min(bills, counted, key=lambda some: sum(b.tokens for b in some))
    requests: Counter[str] = Counter()
    for bill in bills:
        requests[bill.what] += bill.requests
    return Paid(sum(bill.tokens for bill in bills), dict(requests))


def _counted(columns: tuple[str, ...], needs: Needs, plain: Plain) -> tuple[Bill, ...]:
    """Pipedrive's own counts, one for each value of the columns.

    One more for all together shows that no value was forgotten and that no deal has
    moved from one to another meanwhile; each summary parts its counts by currency.
    """
    (part,) = needs.parts
    asked = [column for column in columns if column != "currency"]
    values = ", ".join(f'"{column}"' for column in asked) or "1"
    number = plain.number(
        f"select count(*) from (select distinct {values} from {part.rows})"
    )
    lists = [_LISTS[column] for column in asked if column != "status"]
    requests = max(1, number) + bool(asked)
    summaries = Bill(SUMMARY, requests, requests * PRICES[SUMMARY])
    return (summaries, *(Bill(name, 1, PRICES[name]) for name in lists))
