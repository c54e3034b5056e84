"""The options that say which Pipedrive is asked, and as whom; those to sign in."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import NoReturn

PORT = 8976  # of the callback URL, where nothing else is said
PATIENCE = 300  # seconds that a user has in the browser

LOGIN = """\
Sign in, so that later commands know whose Pipedrive to ask. By OAuth, with an app of
your own (its client id and secret; a private one is made in Pipedrive's Developer Hub),
or with an API token. Secrets go to the keyring of the system, or else to a file that
only you can read.
"""

LOGIN_EPILOG = """\
environment:
  PIPEDRIVE_CLIENT_ID, PIPEDRIVE_CLIENT_SECRET   the app
  PIPEDRIVE_SECRETS      keyring or file, in place of what the system has
  PIPEDRIVE_CONFIG_DIR   the folder of config.toml, in place of your own

examples:
  pipedrive-sql login
  pipedrive-sql login --profile acme --no-browser
  pipedrive-sql login --profile acme --api-token - < token.txt
"""

_SHOWN = (
    "would show it to everybody on this machine, and keep it in your shell's history"
)


def which_pipedrive(
    parser: argparse.ArgumentParser,
) -> Callable[..., argparse.Action]:
    """The options that all commands on an account share; adds one more to them."""
    add = parser.add_argument_group("which Pipedrive").add_argument
    add("--demo", action="store_true", help="a made-up company, no account needed")
    _add_account(add)
    add(
        "--cache-dir",
        metavar="DIR",
        help="where your account's fields are kept for a day (your cache folder)",
    )
    _add_verbose(add)
    limit = parser.add_argument_group("limits (docs/limits.md)").add_argument
    limit(
        "--plan",
        metavar="NAME",
        help="lite, growth, premium or ultimate, where Pipedrive does not tell (lite)",
    )
    limit("--seats", type=_count, metavar="N", help="how many the company has")
    limit(
        "--reserve",
        type=float,
        metavar="PART",
        help="of the company's API tokens for today, kept for other programs (0.1)",
    )
    return add


def check_pipedrive(parser: argparse.ArgumentParser, found: argparse.Namespace) -> None:
    """Leave with 2 if what is said of the account cannot go together."""
    if found.demo and (found.api_url or found.company_domain or found.profile):
        parser.error(
            "--demo brings its own company: leave out --api-url, --company-domain and"
            " --profile"
        )


def parse_login(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of `pipedrive-sql login`; leaves with 2 if they are wrong."""
    parser = argparse.ArgumentParser(
        prog="pipedrive-sql login",
        description=LOGIN,
        epilog=LOGIN_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--profile", metavar="NAME", help="what to call it (default)")
    add("--api-url", metavar="URL", help="a sandbox on this machine")
    add = parser.add_argument_group("by an API token").add_argument
    add(
        "--api-token",
        metavar="-",
        type=_dash,
        help="ask for it, or read it from standard input",
    )
    add("--company-domain", metavar="DOMAIN", help="acme, acme.pipedrive.com or a URL")
    add = parser.add_argument_group("by OAuth").add_argument
    add("--client-id", metavar="ID", help="the app's (PIPEDRIVE_CLIENT_ID)")
    add(
        "--client-secret",
        metavar="-",
        type=_dash,
        help="ask for it, or read it from standard input (PIPEDRIVE_CLIENT_SECRET)",
    )
    add(
        "--port",
        type=_port,
        default=PORT,
        metavar="N",
        help="where your browser comes back to, as the app's callback URL has it: "
        "http://localhost:N/callback (%(default)s)",
    )
    add("--redirect-uri", metavar="URL", help="the callback URL, if it is another")
    add("--no-browser", action="store_true", help="only print the page to open")
    add(
        "--paste",
        action="store_true",
        help="the browser is on another machine: paste the address that it ends at",
    )
    add(
        "--timeout",
        type=_count,
        default=PATIENCE,
        metavar="SECONDS",
        help="how long to wait for you (%(default)s)",
    )
    add(
        "--pkce",
        action="store_true",
        help="send a PKCE challenge, too; Pipedrive does not document it",
    )
    _add_verbose(add)
    found = parser.parse_args(arguments)
    if found.company_domain and not found.api_token:
        parser.error("--company-domain goes with --api-token: OAuth finds it out")
    return found


def parse_logout(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of `pipedrive-sql logout`; leaves with 2 if they are wrong."""
    parser = argparse.ArgumentParser(
        prog="pipedrive-sql logout",
        description="End a sign-in: Pipedrive takes the app's rights back, and the "
        "secrets of the profile are forgotten here.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--profile", metavar="NAME", help="which one (default)")
    add(
        "--here-only",
        action="store_true",
        help="do not tell Pipedrive: the app stays signed in elsewhere",
    )
    _add_verbose(add)
    return parser.parse_args(arguments)


def parse_whoami(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of `pipedrive-sql whoami`; leaves with 2 if they are wrong."""
    parser = argparse.ArgumentParser(
        prog="pipedrive-sql whoami",
        description="Show whose Pipedrive is asked, and as whom, for 2 API tokens.",
        allow_abbrev=False,
    )
    _add_account(parser.add_argument)
    parser.add_argument(
        "--json", action="store_true", help="one JSON object, as in check --json"
    )
    _add_verbose(parser.add_argument)
    return parser.parse_args(arguments)


def _add_verbose(add: Callable[..., argparse.Action]) -> None:
    add(
        *("-v", "--verbose"),
        action="count",
        default=0,
        help="a line on standard error for each request; with -vv what it asked, too",
    )


def _add_account(add: Callable[..., argparse.Action]) -> None:
    add("--profile", metavar="NAME", help="whom `pipedrive-sql login` signed in")
    add("--company-domain", metavar="DOMAIN", help="acme, acme.pipedrive.com or a URL")
    add("--api-url", metavar="URL", help="another host, such as a sandbox")
    add("--api-token", action=_NoToken, help=argparse.SUPPRESS)


class _NoToken(argparse.Action):
    """--api-token is known, so that nobody finds his token in an error message."""

    def __call__(self, parser: argparse.ArgumentParser, *given: object) -> NoReturn:
        parser.error(
            f"an API token among the arguments {_SHOWN}: set PIPEDRIVE_API_TOKEN, or "
            "type: pipedrive-sql login --api-token -"
        )


def _dash(text: str) -> str:
    if text != "-":
        # The text itself is a secret: argparse would repeat it.
        raise argparse.ArgumentTypeError(f"only - here: a secret {_SHOWN}")
    return text


def _port(text: str) -> int:
    number = _count(text)
    if number > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: they end at 65535")
    return number


def _count(text: str) -> int:
    """A whole number from 0 on."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)
