"""The options of the command line."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version

from ..opening import MAX_TOKENS
from .app import add_app
from .trouble import RULES, add_trouble
from .which import check_pipedrive, which_pipedrive

MODES = (
    *("box", "table", "csv", "json", "jsonl"),
    *("markdown", "line", "list", "html", "insert"),
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

SANDBOX_EPILOG = """\
The first line on standard output tells the address and the token, the second the app
that may sign in by OAuth. Then, elsewhere:
  PIPEDRIVE_API_URL=http://127.0.0.1:PORT PIPEDRIVE_API_TOKEN=TOKEN pipedrive-sql
  PIPEDRIVE_CLIENT_ID=ID PIPEDRIVE_CLIENT_SECRET=SECRET \\
    pipedrive-sql login --api-url http://127.0.0.1:PORT
"""

FEATURES = ("projects", "installments")
"""What not every plan includes, and a sandbox can do without."""


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
    found = parser.parse_args(arguments)
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


def parse_sandbox(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of `pipedrive-sql sandbox`; leaves with 2 if they are wrong."""
    parser = argparse.ArgumentParser(
        prog="pipedrive-sql sandbox",
        description="Run a Pipedrive with a made-up company until interrupted.",
        epilog=f"{SANDBOX_EPILOG}\n{RULES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--port", type=_count, default=0, help="0, the default: any free one")
    add("--host", default="127.0.0.1", help="the address to listen at (%(default)s)")
    add("--seed", type=int, default=7, help="the same seed, the same company")
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--deals",
        type=_count,
        metavar="N",
        default=300,
        help="the size of the company (%(default)s deals)",
    )
    size.add_argument(
        "--empty",
        action="store_true",
        help="only a user and a pipeline: fill it by its own API",
    )
    add(
        "--persons",
        type=_count,
        metavar="N",
        help="how many persons, at least ten (half as many as deals)",
    )
    add("--token", help="the API token to accept (one made from the seed)")
    add(
        "--role",
        choices=("admin", "regular"),
        default="admin",
        help="what the token's user is: a regular one may not read everything",
    )
    add(
        "--without",
        type=_features,
        metavar="FEATURES",
        default=frozenset(),
        help=f"what the plan lacks, with commas: {', '.join(FEATURES)}",
    )
    add(
        "--latency-ms",
        type=_count,
        metavar="N",
        default=0,
        help="wait so long before each answer",
    )
    add(
        "--search-lag",
        type=_seconds,
        metavar="SECONDS",
        default=0.0,
        help="searches find what was there so long ago (0, at most 3600)",
    )
    add(
        "--daily-tokens",
        type=_count,
        metavar="N",
        help="the day's API tokens, after which every answer is 429 (the plan's)",
    )
    add_trouble(parser)
    add_app(parser)
    found = parser.parse_args(arguments)
    if found.empty and found.persons is not None:
        parser.error("give either --empty or --persons, not both")
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


def _features(text: str) -> frozenset[str]:
    """Names of FEATURES with commas between them."""
    found = frozenset(text.split(","))
    if unknown := found.difference(FEATURES):
        raise argparse.ArgumentTypeError(
            f"{min(unknown)!r} is not one of {', '.join(FEATURES)}"
        )
    return found


def _seconds(text: str) -> float:
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
    found = None if text == "none" else _seconds(text)
    if found == 0:
        raise argparse.ArgumentTypeError("0 is no time for a statement")
    return found


def _tokens(text: str) -> int | str | None:
    """A whole number, none, or "default"."""
    return text if text == "default" else _ceiling(text)


def _ceiling(text: str) -> int | None:
    """A whole number, or none."""
    return None if text == "none" else _count(text)


def _count(text: str) -> int:
    """A whole number from 0 on."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)
