"""The limits and the faults of `pipedrive-sql sandbox`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..sandbox import Fault

PLANS = ("lite", "growth", "premium", "ultimate")

RULES = """\
rules of --fault, and of POST /_sandbox/faults (GET lists them, DELETE ends them all):
  what happens, then to which requests (to all of them, each time, unless told)
  503 every=7
  cut-body path=/deals times=2
  429 method=GET query=cursor header=retry-after:3
  answer delay=0.5 after=10

  what happens, in place of what was asked:
    STATUS         a status such as 503, with body=TEXT if wanted
    html           a page of HTML, with status=N (200)
    null           null
    hang           no answer, until the client leaves
  what happens to the answer:
    answer         nothing, but for its delay and its headers
    cut-head       the connection is closed before it; reset-head: by a reset
    cut-body       the connection is closed half way; reset-body: by a reset
    length         content-length is wrong by=N (-1)
    broken         the JSON ends half way
    drip           it comes size=BYTES (100) at a time, with a pause=SECONDS (0.05)
    same-cursor    a page names itself as the next one
    skip-page      a page names the page after the next one, which no client can see
    duplicate-row  a page has its first row twice
    overlap        a page begins with the last row of the page before
  what happens after the answer:
    change         its row=first (last, ID) gets another name
    delete         its row=first (last, ID) is deleted
    add            a row is added that is like its first
  which requests, and when:
    path=END       those whose path ends so; * stands for anything
    method=GET     those of this method
    query=PART     those with a parameter, as in query=cursor or query=status=won
    after=N        the first N of them go well
    every=N        of those that follow each N-th is hit
    times=N        N times in all
    delay=SECONDS  they wait first
    header=NAME:VALUE and drop=NAME set a header of the answer, and leave one out
"""


def add_trouble(parser: argparse.ArgumentParser) -> None:
    """Their options."""
    add = parser.add_argument_group("limits and faults").add_argument
    add("--plan", choices=PLANS, help="put the limits of a plan in force (none)")
    add(
        "--seats",
        type=_seats,
        metavar="N",
        default=1,
        help="how many users the plan is paid for (%(default)s)",
    )
    add(
        "--fault",
        action="append",
        default=[],
        metavar="RULE",
        dest="faults",
        help='let requests fail, as in "503 every=7"; may be given again; see below',
    )


def faults(options: argparse.Namespace) -> list[Fault]:
    """The rules of these options. Raises ValueError for one that makes no sense."""
    from ..sandbox import Fault

    return [Fault.read(text) for text in options.faults]


def _seats(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)
