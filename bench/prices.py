"""Requests and tokens of statements, as the sandbox heard them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import httpx

import pipedrive_sql

from .questions import QUESTIONS, Part, Question
from .served import Served
from .table import Cells

HEADS = (
    *("question", "at most", "tokens", "holds", "requests"),
    *("best in hindsight", "whole tables", "row by row"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    path: str
    tokens: int


def prices(sandbox: Served) -> Iterator[Cells]:
    """A line for each question, each asked on a connection of its own."""
    with pipedrive_sql.connect(api_url=sandbox.url, api_token=sandbox.token) as known:
        rows = {part.rows: 0 for q in QUESTIONS for part in _parts(q)}
        for name in rows:
            rows[name] = known.execute(f"select count(*) from {name}").fetchall()[0][0]
    for question in QUESTIONS:
        yield _line(question, rows, sandbox)


def _line(question: Question, rows: dict[str, int], sandbox: Served) -> Cells:
    heard = _asked(question.sql, sandbox)
    tokens = sum(request.tokens for request in heard)
    most = question.requests
    holds = tokens <= question.tokens and (most is None or len(heard) <= most)
    return (
        question.what,
        f"{question.tokens}" + (f" (requests: {most})" if most else ""),
        str(tokens),
        "yes" if holds else "NO",
        _requests(request.path for request in heard),
        _tokens(question.best, rows),
        _tokens(question.whole, rows),
        _tokens(question.row_by_row, rows),
    )


def _asked(sql: str, sandbox: Served) -> list[Asked]:
    """What the sandbox heard of a statement, without the account's fields."""
    with (
        httpx.Client(base_url=sandbox.url) as http,
        pipedrive_sql.connect(
            api_url=sandbox.url, api_token=sandbox.token
        ) as connection,
    ):
        http.post("/_sandbox/reset").raise_for_status()
        connection.execute(sql).fetchall()
        heard = http.get("/_sandbox/usage").raise_for_status().json()["heard"]
    asked = [Asked(request["path"], request["tokens"]) for request in heard]
    return [request for request in asked if not request.path.endswith("Fields")]


def _requests(paths: Iterable[str]) -> str:
    """`21: 20 deals, 1 persons/{id}`"""
    kinds = Counter(
        re.sub(r"\d+$", "{id}", path.removeprefix("/api/v2/")) for path in paths
    )
    listed = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    return f"{kinds.total()}: {listed}"


def _parts(question: Question) -> Iterator[Part]:
    yield from (*question.best, *question.whole, *question.row_by_row)


def _tokens(parts: Iterable[Part], rows: dict[str, int]) -> str:
    """What the requests of these parts cost, by plain arithmetic."""
    each = [-(-rows[part.rows] // part.at_once) * part.price for part in parts]
    return f"{sum(each):,}" if each else ""
