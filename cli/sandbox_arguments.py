"""The options of `pipedrive-sql sandbox`."""

import argparse
from collections.abc import Sequence

from .app import add_app
from .arguments import count, seconds
from .trouble import RULES, add_trouble

SANDBOX_EPILOG = """\
The first line on standard output tells the address and the token, the second the app
that may sign in by OAuth. Then, elsewhere:
  PIPEDRIVE_API_URL=http://127.0.0.1:PORT PIPEDRIVE_API_TOKEN=TOKEN pipedrive-sql
  PIPEDRIVE_CLIENT_ID=ID PIPEDRIVE_CLIENT_SECRET=SECRET \\
    pipedrive-sql login --api-url http://127.0.0.1:PORT
"""

FEATURES = ("projects", "installments")
"""What not every plan includes, and a sandbox can do without."""


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
    add("--port", type=count, default=0, help="0, the default: any free one")
    add("--host", default="127.0.0.1", help="the address to listen at (%(default)s)")
    add("--seed", type=int, default=7, help="the same seed, the same company")
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--deals",
        type=count,
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
        type=count,
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
        type=count,
        metavar="N",
        default=0,
        help="wait so long before each answer",
    )
    add(
        "--search-lag",
        type=seconds,
        metavar="SECONDS",
        default=0.0,
        help="searches find what was there so long ago (0, at most 3600)",
    )
    add(
        "--daily-tokens",
        type=count,
        metavar="N",
        help="the day's API tokens, after which every answer is 429 (the plan's)",
    )
    add_trouble(parser)
    add_app(parser)
    found = parser.parse_args(arguments)
    if found.empty and found.persons is not None:
        parser.error("give either --empty or --persons, not both")
    return found


def _features(text: str) -> frozenset[str]:
    """Names of FEATURES with commas between them."""
    found = frozenset(text.split(","))
    if unknown := found.difference(FEATURES):
        raise argparse.ArgumentTypeError(
            f"{min(unknown)!r} is not one of {', '.join(FEATURES)}"
        )
    return found
