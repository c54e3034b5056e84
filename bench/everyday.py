"""Questions that people really ask, from everyday.sql."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_suffix(".sql")
_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Everyday:
    """A question and its SQL.

    `needs` are plain SELECTs that say what has to be brought. `counted` are the
    columns by whose values deals/summary would have to be asked, where nothing but
    numbers of deals is wanted; else None.
    """

    group: str
    what: str
    sql: str
    needs: tuple[str, ...]
    counted: tuple[str, ...] | None


def _read() -> Iterator[Everyday]:
    """A question each: its comment, its statement, a blank line."""
    group = ""
    _, *blocks = _FILE.read_text("utf-8").strip().split("\n\n")
    for block in blocks:
        if block.startswith("-- # "):
            group = block.removeprefix("-- # ")
        else:
            yield _question(group, block)


def _question(group: str, block: str) -> Everyday:
    lines = block.splitlines()
    comment = [line for line in lines if line.startswith("--")]
    sql = "\n".join(lines[len(comment) :]).rstrip(";")
    # What goes on in a next line is set in.
    what, *said = re.sub(r"\n--   +", " ", "\n".join(comment)).splitlines()
    needs = [_behind("needs", one) for one in said if "needs: " in one]
    counted = [_behind("counted by", one) for one in said if "counted by: " in one]
    return Everyday(
        group,
        what.removeprefix("-- "),
        sql,
        tuple(one for one in needs or [sql] if one != _NOTHING),
        tuple(_columns(counted[0])) if counted else None,
    )


def _behind(name: str, line: str) -> str:
    return line.removeprefix(f"-- {name}: ")


def _columns(text: str) -> Iterator[str]:
    return (name for name in text.split(", ") if name != _NOTHING)


EVERYDAY = tuple(_read())

# Of these tables only the children of one deal are copied: no question is about more.
_OF_A_DEAL = ("deal_files", "deal_participants", "deal_changelog")
COPIED = {name: "deal_id = 4711" for name in _OF_A_DEAL}
