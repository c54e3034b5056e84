"""Every table through every fault of an answer: the right rows, or the right error.

A 404 below a parent says that the parent is gone, and is not here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.errors import (
    AccountClosed,
    Blocked,
    DailyBudgetSpent,
    Error,
    RateLimited,
    Refused,
    TokenRefused,
    Unavailable,
)
from pipedrive_sql.sandbox import Sandbox

from .matrix import (
    ALIKE,
    ROWS,
    Known,
    opened,
    outcome,
    side_by_side,
    under,
)

SOON = "header=retry-after:0"
UNHURRIED = f"{SOON} header=x-ratelimit-limit:10000"  # else it keeps to the least plan

PARTS = 4  # of all tables, for each fault: so none is waited for at the end
EACH = 12  # so many tables share a connection for faults that are final

Outcomes = set[str | type[Error]]

# What may come of each fault; all that is named must come of it for some table.
ANSWERS: dict[str, Outcomes] = {
    f"503 {SOON}": {Unavailable},
    f"503 after=1 times=1 {SOON}": {ROWS},
    f"503 after=1 {SOON}": {ROWS, Unavailable},
    "401 after=1": {ROWS, TokenRefused},
    f"524 body='error code: 524' {SOON}": {Unavailable},
    f"html status=502 times=1 {SOON}": {ROWS},
    f"429 times=2 {UNHURRIED}": {ROWS},
    f"429 {UNHURRIED}": {RateLimited},
    "401": {TokenRefused},
    "402": {AccountClosed},
    "403": {Refused},
    "html times=1": {ROWS},
    "null times=1": {ROWS},
    "broken times=1": {ROWS},
    "cut-head times=1": {ROWS},
    "reset-head times=1": {ROWS},
    "cut-body times=1": {ROWS},
    "reset-body times=1": {ROWS},
    "length by=10 times=1": {ROWS},
    "length by=-1 times=1": {ROWS},
    "answer delay=0.001 header=content-type:text/html": {ROWS},
    "answer drop=content-type drop=date": {ROWS},
    "duplicate-row": {ROWS},
    "drip size=500 pause=0.001 times=1": {ROWS},
}
# After these a connection sends nothing more.
FINAL: dict[str, Outcomes] = {
    "429 header=x-daily-ratelimit-token-remaining:0": {DailyBudgetSpent},
    "html status=403": {Blocked},
}

pytestmark = pytest.mark.unofficial


@pytest.fixture(scope="module")
def answers(known: Known, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of each fault of answers, and of those that are final."""
    folder, statements = tmp_path_factory.mktemp("answers"), known.statements

    def one() -> tuple[Sandbox, Connection]:
        sandbox = Sandbox(company=known.company)
        return sandbox, opened(sandbox)

    def ask(job: tuple[str, int], sandbox: Sandbox, connection: Connection) -> Any:
        rule, part = job
        some = dict(list(statements.items())[part::PARTS])
        return under(rule, sandbox, connection, some, known.right)

    jobs = [(rule, part) for rule in ANSWERS for part in range(PARTS)]
    found: dict[str, Any] = {}
    for (rule, _), told in side_by_side(jobs, one, ask):
        found.setdefault(rule, {}).update(told)
    with Sandbox(company=known.company) as sandbox:
        return found | {rule: final(rule, sandbox, folder, known) for rule in FINAL}


def final(rule: str, sandbox: Sandbox, folder: Path, known: Known) -> dict[str, Any]:
    """What comes of each table: of some on a connection of their own, of the others on
    one that has met the fault before, and then sends nothing.
    """
    found: dict[str, Any] = {}
    alone = list(known.statements.items())[::EACH]
    for name, sql in alone:
        with opened(sandbox, folder) as connection:
            found |= under(rule, sandbox, connection, {name: sql}, known.right)
            if len(found) < len(alone):
                continue
            sandbox.reset()
            for other in known.statements.keys() - found.keys():
                sql, right = known.statements[other], known.right[other]
                found[other] = outcome(connection, sql, right)
            assert sandbox.heard == []
    return found


@pytest.mark.parametrize("rule", ANSWERS | FINAL)
def test_every_table_under(answers: dict[str, Any], rule: str) -> None:
    allowed = (ANSWERS | FINAL)[rule]
    found = dict(answers[rule])
    if rule == "duplicate-row":
        assert all(found.pop(name).startswith("0 rows lost") for name in ALIKE)
    assert {name: what for name, what in found.items() if what not in allowed} == {}
    assert set(found.values()) == allowed
