"""The logger `pipedrive_sql`: a line per request at INFO, what was asked at DEBUG.

The package installs no handler. Values that a person wrote or that are personal (search
terms, names, e-mail addresses) appear as their length only; ids, dates, limits and
Pipedrive's own words appear as they are. Headers and bodies are never logged.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from ..catalog.table import Endpoint
from ..planner.cost import so_many
from ..planner.request import path_of

LOGGER = logging.getLogger("pipedrive_sql")

# Their values are words of Pipedrive's: names of fields, orders, closed sets.
_WORDS = re.compile(
    r"(custom_fields|direction|entity_types?|fields?|include_\w+|item_types?|match"
    r"|sort|sort_by|sort_direction|status|type)"
)
_WORD = re.compile(r"[\w,. ]*")
_NUMBERS = re.compile(r"(limit|start|(\w+_)?(ids?|since|until|date))")
_NUMBER = re.compile(
    r"\d+(,\d+)*"
    r"|\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?Z?)?"
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
# What stands in a statement: names in quotes stay, all else that is found does not.
_NAME = r'"\w+"|\[[^\]]*\]|`[^`]*`'
_COMMENT = r"--[^\n]*|/\*.*?(?:\*/|\Z)"
_LITERAL = (
    r"[xX]?'(?:[^']|'')*(?:'|\Z)"
    r'|"(?:[^"]|"")*(?:"|\Z)'  # SQLite may take it for a text
    r"|(?<![\w?.$@:#])(?:\d[\w.]*|\.\d\w*)(?:(?<=[eE])[+-]\d+)?"
)
_PART = re.compile(
    f"(?P<name>{_NAME})|(?P<comment>{_COMMENT})|(?:{_LITERAL})", re.DOTALL
)


def request(
    endpoint: Endpoint,
    path: str,
    query: Sequence[tuple[str, str]] = (),
    *,
    method: str = "GET",
    status: int | None,
    milliseconds: float,
    tokens: int,
    attempt: int = 1,
    why: str = "",
) -> None:
    """Log one attempt at a request, once it has ended.

    `path` is the endpoint's with its blanks filled; `status` is None without an answer;
    `why` says in words what went wrong or comes next, without values of the user's.
    The record has `method`, `endpoint`, `status`, `milliseconds`, `tokens` and
    `attempt` as attributes, too.
    """
    if not LOGGER.isEnabledFor(logging.INFO):
        return
    template = path_of(endpoint)
    if LOGGER.isEnabledFor(logging.DEBUG):
        LOGGER.debug("%s %s", method, _asked(template, path, query))
    LOGGER.info(
        "%s %s %s in %.0f ms, %s, attempt %d%s",
        method,
        template,
        status or "no answer",
        milliseconds,
        so_many(tokens, "token"),
        attempt,
        f": {why}" if why else "",
        extra={
            "method": method,
            "endpoint": template,
            "status": status,
            "milliseconds": milliseconds,
            "tokens": tokens,
            "attempt": attempt,
        },
    )


def statement(number: int, text: str) -> None:
    """Log the text of a statement that begins, without its literals and comments."""
    if LOGGER.isEnabledFor(logging.DEBUG):
        LOGGER.debug("statement %d: %s", number, _without_literals(text))


def _asked(template: str, path: str, query: Sequence[tuple[str, str]]) -> str:
    steps = zip(template.split("/"), path.split("/"), strict=True)
    filled = [value if step == value else _shown("id", value) for step, value in steps]
    said = "&".join(f"{name}={_shown(name, value)}" for name, value in query)
    return "/".join(filled) + (f"?{said}" if said else "")


def _shown(name: str, value: str) -> str:
    """The value of a parameter, or how long it is.

    >>> [_shown("ids", "1,2"), _shown("updated_since", "2026-09-01T10:00:00Z")]
    ['1,2', '2026-09-01T10:00:00Z']
    >>> [_shown("term", "007"), _shown("owner_id", "Ann"), _shown("status", "won")]
    ['(3 characters)', '(3 characters)', 'won']
    """
    plain = (_NUMBERS.fullmatch(name) and _NUMBER.fullmatch(value)) or (
        _WORDS.fullmatch(name) and _WORD.fullmatch(value)
    )
    return value if plain else f"({so_many(len(value), 'character')})"


def _without_literals(text: str) -> str:
    """The statement in one line, with a question mark for each literal.

    >>> _without_literals("select id -- Ann's\\nfrom deals where x1 = 'a' or y > -1.5")
    'select id from deals where x1 = ? or y > -?'
    """

    def mark(found: re.Match[str]) -> str:
        if found["name"]:
            return found[0]
        return " " if found["comment"] else "?"

    return " ".join(_PART.sub(mark, text).split())
