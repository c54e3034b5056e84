"""The app that may sign in to a sandbox, by the options of `pipedrive-sql sandbox`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..sandbox import App


def add_app(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add = parser.add_argument_group("signing in by OAuth").add_argument
    add("--client-id", metavar="ID", help="the app's (one made from the seed)")
    add("--client-secret", metavar="SECRET", help="the app's (one made from the seed)")
    add(
        "--scopes",
        type=lambda text: tuple(text.split(",")),
        metavar="SCOPES",
        help="what the app may ask, with commas between (everything)",
    )
    add(
        "--callback-url",
        metavar="URL",
        dest="redirect_uri",
        help="where users come back to (anywhere on this machine)",
    )
    add(
        "--token-seconds",
        type=_seconds,
        metavar="N",
        dest="expires_in",
        help="how long an access token lasts (3599)",
    )
    add(
        "--consent",
        choices=("ask", "allow", "deny"),
        help="what becomes of the page that asks the user: shown, the default, or "
        "answered at once",
    )


def app(options: argparse.Namespace) -> App:
    """The app of these options. Raises ValueError for a scope that is none."""
    from ..sandbox import App

    names = (
        *("client_id", "client_secret", "scopes", "redirect_uri", "expires_in"),
        "consent",
    )
    given: dict[str, Any] = {
        name: value for name in names if (value := getattr(options, name)) is not None
    }
    return replace(App.of(options.seed), **given)


def _seconds(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)
