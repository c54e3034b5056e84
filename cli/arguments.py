"""The options of the command line."""

import argparse
import sys
from collections.abc import Sequence
from datetime import timedelta
from importlib.metadata import version

from ..opening import MAX_TOKENS, span
from .which import check_pipedrive, which_pipedrive

MODES = (
    *("box", "table", "csv", "json", "jsonl"),
    *("markdown", "line", "list", "html", "insert"),
)
COMMANDS = (
    *("explain", "schema", "check", "sync", "refresh"),
    *("login", "logout", "whoami", "sandbox"),
)
SCHEMAS = ("ddl", "mermaid", "json")

DESCRIPTION = """\
Ask Pipedrive in SQL. Without SQL it opens a shell, or reads statements from standard
input when that is not a terminal. The first error ends the run.
"""

EXPLAINING = """\
Show what statements would ask of Pipedrive, step by step, and what that costs. Nothing
is asked for it, but the names of fields if they are not known yet.
"""

EPILOG = """\
commands, each with its own --help:
  pipedrive-sql explain   show what statements ask of Pipedrive, and their price
  pipedrive-sql schema    print the tables: CREATE TABLE, a diagram, or JSON
  pipedrive-sql check     see whether it can be used, and what it may do
  pipedrive-sql sync      write tables into a plain SQLite file, and keep it fresh
  pipedrive-sql refresh   ask anew for your account's fields, which are kept for a day
  pipedrive-sql login     sign in, by OAuth or with an API token; logout, whoami
  pipedrive-sql sandbox   run a Pipedrive to try things on, at 127.0.0.1

environment (an option goes before its variable):
  PIPEDRIVE_PROFILE         whom `pipedrive-sql login --profile NAME` signed in
  PIPEDRIVE_API_TOKEN       your API token: Pipedrive > Personal preferences > API
  PIPEDRIVE_COMPANY_DOMAIN  acme, acme.pipedrive.com or a URL
  PIPEDRIVE_API_URL         another host, such as a sandbox: http://127.0.0.1:8000
  PIPEDRIVE_CACHE_DIR       the folder where your account's fields are kept for a day
  PIPEDRIVE_STATE_DIR       the folder where what was asked today is noted

examples:
  pipedrive-sql --demo "select title, value from deals order by value desc limit 5"
  pipedrive-sql explain --demo "select count(*) from deals where status = 'won'"
  pipedrive-sql -f report.sql --mode csv --output report.csv
  pipedrive-sql --demo

exit status: 0 done, 1 an error of SQL or of Pipedrive, 2 wrong options; as shells show
signals: 130 after Ctrl-C, 141 when nobody reads the rows, 143 when ended.
"""


def parse(arguments: Sequence[str], *, explaining: bool = False) -> argparse.Namespace:
    """The options of `pipedrive-sql [SQL]`, or of `pipedrive-sql explain [SQL]`.

    Leaves with status 2 if they are wrong.
    """
    prog = "pipedrive-sql explain" if explaining else "pipedrive-sql"
    parser = argparse.ArgumentParser(
        prog=prog,
        usage=f"{prog} [options] [SQL]",
        description=EXPLAINING if explaining else DESCRIPTION,
        epilog="" if explaining else EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("sql", nargs="?", metavar="SQL", help="one or more statements, in quotes")
    add("-f", "--file", metavar="FILE", help="run the statements of a file")
    add("--version", action="version", version=f"%(prog)s {version('pipedrive-sql')}")

    add = which_pipedrive(parser)
    add(
        "--attach",
        type=_attached,
        metavar="PROFILE[=SCHEMA]",
        action="append",
        default=[],
        help="another account's tables, too, as SCHEMA.deals; any number of times",
    )
    add(
        "--database",
        metavar="FILE",
        default=":memory:",
        help="a SQLite file whose tables can be joined with Pipedrive's",
    )
    add(
        "--mirror",
        metavar="FILE",
        help="a file of `pipedrive-sql sync` to answer from, brought up to date first",
    )
    add(
        "--max-age",
        type=_age,
        metavar="TIME",
        default="5m",
        help="how old the tables of --mirror may be: 0s, 90s, 2h, or none for any age "
        "(%(default)s)",
    )
    add(
        "--archive-age",
        type=_age,
        metavar="TIME",
        default="0s",
        help="for how long deals and leads that were archived may be in their tables "
        "of --mirror: saves a request, or two (%(default)s)",
    )

    add = parser.add_argument_group("how Pipedrive is asked").add_argument
    add(
        "--search",
        choices=("prove", "like", "off"),
        default="prove",
        help="use its search where it finds all for sure (%(default)s), also for LIKE "
        "with wildcards, where it may not (like), or never",
    )
    add(
        "--temporary-filters",
        action="store_true",
        help="let it narrow by filters that are made for a statement and removed again",
    )
    add(
        "--summaries",
        choices=("count", "sum", "off"),
        default="count",
        help="let it count deals (%(default)s), also sum them up, which may differ in "
        "the last digit (sum), or neither",
    )

    add = parser.add_argument_group("what is shown").add_argument
    add("--mode", choices=MODES, metavar="MODE", help=_modes())
    add(
        "--header",
        action=argparse.BooleanOptionalAction,
        help="names of the columns in csv, html and list (on, but for list)",
    )
    add("--output", metavar="FILE", help="write the rows to a file: whole, or not")
    if not explaining:
        add(
            "--explain",
            action="store_true",
            help="show the requests and their price in place of running the statement",
        )
    add(
        "--analyze",
        action="store_true",
        help="run the statement, and show what its requests did cost, not its rows",
    )
    add(
        "--usage",
        action=argparse.BooleanOptionalAction,
        help="after each statement, its price on standard error (on at a terminal)",
    )
    add(
        "--progress",
        action=argparse.BooleanOptionalAction,
        help="how far a statement is that takes longer than a second, on standard error"
        " (on at a terminal, but with -v)",
    )
    add(
        "--max-tokens",
        type=_tokens,
        metavar="N",
        default="default",
        help="what a statement may cost in API tokens, or none (the profile's, or "
        f"{MAX_TOKENS})",
    )
    add(
        "--max-rows",
        type=_ceiling,
        metavar="N",
        help="how many rows a statement may give, or none (10,000 with --untrusted, "
        "else none)",
    )
    add(
        "--timeout",
        type=_time,
        metavar="SECONDS",
        help="how long a statement may take, or none (any time, but with --untrusted)",
    )
    add(
        "--untrusted",
        action="store_true",
        help="for SQL that others wrote: it may only read, within ceilings",
    )
    found, more = parser.parse_known_args(arguments)
    if found.sql in COMMANDS:
        parser.error(f"the command goes first: pipedrive-sql {found.sql} ...")
    if more:
        parser.error(f"unrecognized arguments: {' '.join(more)}")
    found.explain = explaining or found.explain
    if found.sql is not None and found.file is not None:
        parser.error("give either SQL or --file, not both")
    check_pipedrive(parser, found)
    if found.untrusted and found.temporary_filters:
        parser.error(
            "--temporary-filters write to the account, and with --untrusted SQL may "
            "only read: leave out one of them"
        )
    if found.untrusted and found.max_tokens is None:
        parser.error("--untrusted needs a ceiling on API tokens: --max-tokens N")
    found.interactive = found.sql is None and found.file is None and sys.stdin.isatty()
    if found.interactive and explaining:
        parser.error("it needs SQL, --file, or statements on standard input")
    for option in ("output", "explain", "analyze"):
        if found.interactive and getattr(found, option):
            parser.error(
                f"--{option} needs SQL, --file, or statements on standard input"
            )
    return found


def parse_schema(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of `pipedrive-sql schema`; leaves with 2 if they are wrong."""
    parser = _command("schema", "Print the tables, your account's custom fields too.")
    add = parser.add_argument
    add(
        "--format",
        choices=SCHEMAS,
        default=SCHEMAS[0],
        help="CREATE TABLE (the default), a Mermaid diagram of entities, or JSON",
    )
    add("--table", metavar="NAME", help="one table only")
    which_pipedrive(parser)
    found = parser.parse_args(arguments)
    check_pipedrive(parser, found)
    return found


def parse_check(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of `pipedrive-sql check`; leaves with 2 if they are wrong."""
    parser = _command(
        "check",
        "See whose Pipedrive is asked and as whom, what may be read, what is left of "
        "the day, and how the way there is. It leaves with 0 if it can be used, else "
        "with 1.",
    )
    add = parser.add_argument
    add("--json", action="store_true", help="one JSON object")
    add(
        "--yes",
        action="store_true",
        help="ask for each family of tables, whatever that costs",
    )
    add(
        "--no-tables",
        dest="tables",
        action="store_false",
        help="do not ask which tables may be read",
    )
    which_pipedrive(parser)
    found = parser.parse_args(arguments)
    check_pipedrive(parser, found)
    return found


def parse_refresh(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of `pipedrive-sql refresh`; leaves with 2 if they are wrong."""
    parser = _command(
        "refresh",
        "Ask Pipedrive anew for the fields of your account, and keep them for a day.",
    )
    which_pipedrive(parser)
    found = parser.parse_args(arguments)
    check_pipedrive(parser, found)
    return found


def _command(name: str, description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=f"pipedrive-sql {name}", description=description, allow_abbrev=False
    )


def _attached(text: str) -> tuple[str, str]:
    """A profile, and the schema for its tables: its own name unless told."""
    profile, _, schema = text.partition("=")
    return profile, schema or profile


def _modes() -> str:
    return f"{', '.join(MODES)} (box at a terminal, else csv)"


def _age(text: str) -> timedelta | None:
    """A time as in 5m, or none."""
    try:
        return None if text == "none" else span(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def seconds(text: str) -> float:
    """A number of seconds, up to an hour."""
    try:
        found = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not 0 <= found <= 3600:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 3600")
    return found


def _time(text: str) -> float | None:
    """A number of seconds above 0, or none."""
    found = None if text == "none" else seconds(text)
    if found == 0:
        raise argparse.ArgumentTypeError("0 is no time for a statement")
    return found


def _tokens(text: str) -> int | str | None:
    """A whole number, none, or "default"."""
    return text if text == "default" else _ceiling(text)


def _ceiling(text: str) -> int | None:
    """A whole number, or none."""
    return None if text == "none" else count(text)


def count(text: str) -> int:
    """A whole number from 0 on."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)
