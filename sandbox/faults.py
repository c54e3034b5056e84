"""What goes wrong, by rule: which requests, and what happens to them.

A rule in words: what happens, and then what else there is to say of it, in any order:

    503 every=7
    cut-body path=/deals times=2
    429 method=POST header=retry-after:3 header=x-ratelimit-remaining:0
    answer delay=0.5 query=cursor
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl

import orjson

HOW = {
    "status": "STATUS (a number, with body=TEXT) in place of doing what was asked",
    "html": "a page of HTML, with status=N (200), in place of the answer",
    "null": "null in place of the answer",
    "hang": "no answer, until the client leaves",
    "answer": "the right answer, but for its delay and its headers",
    "cut-head": "the connection is closed before the answer",
    "reset-head": "the same by a reset (RST)",
    "cut-body": "the connection is closed half way through the body",
    "reset-body": "the same by a reset (RST)",
    "length": "content-length is wrong by=N; when it is too long the connection closes",
    "broken": "the JSON ends half way, and content-length agrees",
    "drip": "the body comes size=BYTES (100) at a time, with a pause=SECONDS (0.05)",
    "same-cursor": "a page names itself as the next one",
    "skip-page": "a page names the page after the next one",
    "duplicate-row": "a page has its first row twice",
    "overlap": "a page begins with the last row of the page before",
    "change": "after the answer a row=first of it (last, ID) gets another name",
    "delete": "after the answer a row=first of it (last, ID) is deleted",
    "add": "after the answer a row is added that is like the first of it",
}
"""What may happen. Up to "hang" nothing is done; after that all is done."""

INSTEAD = ("status", "html", "null", "hang")
_NUMBERS: dict[str, Callable[[str], int | float]] = {
    **dict.fromkeys(("after", "every", "times", "status", "by", "size"), int),
    **dict.fromkeys(("delay", "pause"), float),
}
_OWN = {
    "body": ("status",),
    "status": ("status", "html"),
    "by": ("length",),
    "size": ("drip",),
    "pause": ("drip",),
    "row": ("change", "delete"),
}
"""Options that have no meaning elsewhere."""


@dataclass(slots=True)
class Fault:
    """What happens (`how`, a key of HOW) to which requests.

    They are those of `method` whose path ends with `path`, where * stands for
    anything, and that have `query` ("cursor", "status=won"). Of these the first
    `after` go well, then each `every`-th is hit, until it were `times` (None: no end).
    `delay` is waited for first, in seconds; `headers` are set and `drop` left out.
    The rest is what single ways of failing take. Raises ValueError if it makes no
    sense.
    """

    how: str = "status"
    path: str = ""
    method: str = ""
    query: str = ""
    after: int = 0
    every: int = 1
    times: int | None = None
    delay: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    status: int = 503
    body: bytes | None = None
    by: int = -1
    size: int = 100
    pause: float = 0.05
    row: str = "first"
    hits: int = field(default=0, init=False)
    met: int = field(default=0, init=False, repr=False)
    before: dict[str, Any] = field(default_factory=dict, init=False, repr=False)
    """The last row of the latest page of each path, for "overlap"."""

    def __post_init__(self) -> None:
        if self.how not in HOW:
            raise ValueError(
                f"{self.how!r} is nothing that can happen: a status, or one of "
                f"{', '.join(HOW)}"
            )
        if not 100 <= self.status <= 599:
            raise ValueError(f"{self.status} is no status from 100 to 599")
        if self.after < 0 or self.every < 1 or (self.times or 1) < 1 or self.size < 1:
            raise ValueError(
                "after is at least 0; every, times and size are at least 1"
            )
        if self.delay < 0 or self.pause < 0:
            raise ValueError("delay and pause are seconds from 0 on")
        if self.by == 0:
            raise ValueError("by=0 is the right length")

    @classmethod
    def read(cls, text: str) -> Fault:
        """The rule that is written there. Raises ValueError."""
        first, *rest = shlex.split(text) or [""]
        told: dict[str, Any] = {"how": first}
        if first.isdecimal():
            told = {"how": "status", "status": int(first)}
        elif first == "html":
            told["status"] = 200
        for word in rest:
            name, _, value = word.partition("=")
            _check(name, told["how"], text)
            if name == "header":
                key, _, content = value.partition(":")
                told.setdefault("headers", {})[key] = content.strip()
            elif name == "drop":
                told["drop"] = (*told.get("drop", ()), value)
            elif name == "body":
                told["body"] = value.encode()
            else:
                told[name] = _number(name, value)
        return cls(**told)

    @classmethod
    def sent(cls, content: bytes) -> Fault:
        """The rule of a request's body: a JSON object, or words. Raises ValueError."""
        text = content.decode().strip()
        return cls.of(orjson.loads(text)) if text.startswith("{") else cls.read(text)

    @classmethod
    def of(cls, told: dict[str, Any]) -> Fault:
        """The rule of a JSON object with the names above. Raises ValueError."""
        known = {one.name for one in fields(cls) if one.init}
        if unknown := set(told) - known:
            raise ValueError(
                f"{min(unknown)!r} is not one of {', '.join(sorted(known))}"
            )
        made = dict(told)
        if isinstance(made.get("body"), str):
            made["body"] = made["body"].encode()
        try:
            return cls(**made | {"drop": tuple(made.get("drop", ()))})
        except TypeError as error:
            raise ValueError(str(error)) from error

    def as_json(self) -> dict[str, Any]:
        """What `of` reads, without what goes without saying; and how often it hit."""
        told = {
            one.name: value
            for one in fields(self)
            if one.init
            and (value := getattr(self, one.name)) != getattr(_PLAIN, one.name)
        }
        if self.body is not None:
            told["body"] = self.body.decode("utf-8", "replace")
        return {"how": self.how, **told, "hits": self.hits}

    def hit(self, method: str, path: str, query: str) -> bool:
        """Whether this request is hit; counts those that the rule is about."""
        if self.method and self.method != method:
            return False
        if self.path and not fnmatchcase(path, f"*{self.path}"):
            return False
        if self.query:
            pairs = parse_qsl(query, keep_blank_values=True)
            if self.query not in {w for k, v in pairs for w in (k, f"{k}={v}")}:
                return False
        self.met += 1
        late = self.met - self.after
        if late < 1 or late % self.every:
            return False
        self.hits += 1
        return True


class Faults:
    """The rules in force; the first one that hits a request is the one that counts."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._rules.append(fault)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._rules.clear()

    def find(self, method: str, path: str, query: str) -> Fault | None:
        """What happens to this request."""
        for fault in list(self._rules):
            if fault.hit(method, path, query):
                if fault.hits == fault.times:
                    self._rules.remove(fault)
                return fault
        return None

    def as_json(self) -> list[dict[str, Any]]:
        """The rules that will hit again."""
        return [fault.as_json() for fault in self._rules]


def _check(name: str, how: str, text: str) -> None:
    known = {one.name for one in fields(Fault) if one.init} - {"how", "headers"}
    if name not in known | {"header"}:
        raise ValueError(
            f"{text!r}: there is no {name!r}; a rule takes header, "
            f"{', '.join(sorted(known))}"
        )
    if how in HOW and how not in _OWN.get(name, (how,)):
        raise ValueError(f"{text!r}: {name}= means nothing for {how}")


def _number(name: str, value: str) -> str | int | float:
    kind = _NUMBERS.get(name)
    if kind is None:
        return value
    try:
        return kind(value)
    except ValueError:
        raise ValueError(f"{name}={value}: that is not a number") from None


_PLAIN = Fault()
