"""The options of `pipedrive-sql sync`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from datetime import date, timedelta

from ..errors import InterfaceError
from ..file.privacy import KEY_VARIABLE, Rule, rules
from ..file.wishes import DAILY, JOBS, Wishes
from ..opening import span
from .which import check_pipedrive, which_pipedrive

DESCRIPTION = """\
Write the tables of an account into a plain SQLite file, or bring such a file up to
date at the price of what changed. Readers see the old version or the new one, whole.
Ended at any moment, the next run goes on from the last page.
"""

EPILOG = f"""\
What a file leaves out (--since, --privacy) stays so in later runs until told otherwise.

environment, besides that of pipedrive-sql:
  {KEY_VARIABLE}   the key of hashes, 16 characters or more: openssl rand -hex 16

examples:
  pipedrive-sql sync crm.db
  pipedrive-sql sync crm.db --plan-only
  pipedrive-sql sync crm.db --tables core,deal_products --sweep 7d
  pipedrive-sql sync crm.db --privacy drop=persons.email,hash=persons.phone
  pipedrive-sql sync crm.db --watch 15m

exit status: 0 all tables are up to date, 1 some are not, 2 wrong options.
"""

_SWEEPS = {"always": timedelta(0), "daily": DAILY, "weekly": 7 * DAILY, "never": None}


def parse_sync(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of `pipedrive-sql sync FILE`; leaves with 2 if they are wrong.

    `wishes` is what they ask for.
    """
    parser = argparse.ArgumentParser(
        prog="pipedrive-sql sync",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("file", metavar="FILE", help="the SQLite file, as in crm.db")
    add = parser.add_argument_group("what is in it").add_argument
    add(
        "--tables",
        type=_names,
        metavar="NAMES",
        default=(),
        help="tables with commas, or core or all (those in the file, or core)",
    )
    add(
        "--all",
        action="store_true",
        help="the same as --tables all: every table but those that take a request for "
        "each row of another one",
    )
    add("--exclude", type=_names, metavar="NAMES", default=(), help="but not these")
    add(
        "--since",
        type=_day,
        metavar="DATE",
        help="no rows that did not change since then, as in 2026-01-01, or none",
    )
    add(
        "--privacy",
        type=_rules,
        metavar="RULES",
        help="drop=TABLE.COLUMN and hash=TABLE.COLUMN with commas, or none",
    )
    add = parser.add_argument_group("how it is brought up to date").add_argument
    add("--plan-only", action="store_true", help="show what would be done, its price")
    add(
        "--sweep",
        type=_sweep,
        metavar="WHEN",
        default=DAILY,
        help="how often tables are read whole, which finds rows that are gone: always, "
        "daily (the default), weekly, never, or a time as in 7d",
    )
    add(
        "--accept-deletions",
        action="store_true",
        help="believe it where more than half of a table's rows are gone",
    )
    add(
        "--max-tokens",
        type=_count,
        metavar="N",
        help="what the run may cost in API tokens; the next one goes on (no ceiling)",
    )
    add(
        "--jobs",
        type=_jobs,
        metavar="N",
        default=JOBS,
        help="lists that are read at the same time (%(default)s)",
    )
    add(
        "--in-place",
        action=argparse.BooleanOptionalAction,
        help="write into the file, now and later, for programs that keep it open for "
        "long; else the new version takes its place",
    )
    add(
        "--wait",
        type=_span,
        metavar="TIME",
        default=timedelta(0),
        help="wait so long for another process that is at the file, as in 5m",
    )
    add(
        "--watch",
        type=_span,
        metavar="TIME",
        help="bring it up to date again and again, as in 15m, until interrupted",
    )
    add("--quiet", action="store_true", help="no table of what was done")
    which_pipedrive(parser)
    found = parser.parse_args(arguments)
    check_pipedrive(parser, found)
    if found.watch and found.plan_only:
        parser.error("give either --watch or --plan-only, not both")
    if found.all and found.tables:
        parser.error("give either --all or --tables, not both")
    found.wishes = Wishes(
        tables=("all",) if found.all else found.tables,
        exclude=found.exclude,
        since=found.since,
        max_tokens=found.max_tokens,
        jobs=found.jobs,
        sweep=found.sweep,
        privacy=found.privacy,
        hash_key=os.environ.get(KEY_VARIABLE, "").encode(),
        in_place=found.in_place,
        accept_deletions=found.accept_deletions,
        wait=found.wait.total_seconds(),
    )
    return found


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in text.split(",") if name.strip())


def _day(text: str) -> str:
    """A day, "" for none."""
    if text == "none":
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a day as in 2026-01-01"
        ) from None


def _rules(text: str) -> tuple[Rule, ...]:
    try:
        return () if text == "none" else rules(text)
    except InterfaceError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _sweep(text: str) -> timedelta | None:
    return _SWEEPS[text] if text in _SWEEPS else _span(text)


def _span(text: str) -> timedelta:
    try:
        return span(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def _jobs(text: str) -> int:
    found = _count(text)
    if not 1 <= found <= 16:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and 16")
    return found
