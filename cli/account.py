"""The account that the options name: opened, and its fields asked for anew."""

from __future__ import annotations

import contextlib
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import Any

from ..connecting import connect
from ..connection import Connection
from .log import shown
from .price import price

FIELDS = """
    select entity, count(*), sum(is_custom) from pipedrive_fields
    group by entity order by entity
"""


@contextlib.contextmanager
def opened(
    options: Namespace, attached: Sequence[tuple[str, str]] = (), **more: Any
) -> Iterator[Connection]:
    """A connection to the Pipedrive of the options; it warns on standard error.

    `attached` are other accounts: profiles, each with a name for its schema.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(shown(options.verbose))
        connection = connect(
            profile=options.profile,
            company_domain=options.company_domain,
            api_url=options.api_url,
            demo=options.demo,
            cache_dir=options.cache_dir,
            plan=options.plan,
            seats=options.seats,
            reserve=options.reserve,
            **more,
        )
        stack.enter_context(contextlib.closing(connection))
        for other in attached:
            connection.attach_account(*other)
        for _, warning in connection.messages:
            print(f"Warning: {warning}", file=sys.stderr)
        yield connection


def refreshed(connection: Connection) -> Iterator[str]:
    """Ask for the fields, unless opening the connection just did; tell what came."""
    if not connection.usage.requests:
        connection.refresh()
    for entity, fields, custom in connection.execute(FIELDS):
        yield f"{entity}: {fields} fields, {custom} of them custom"
    usage = connection.usage
    yield price(usage, None, usage.seconds)
