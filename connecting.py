"""connect(): an open account, made of what the caller says and what is settled."""

from __future__ import annotations

import contextlib
import os
from typing import Literal

from .client.account import Account, account
from .client.credentials import ApiToken
from .client.profiles import Profile
from .client.progress import Callback
from .connection import Connection
from .errors import InterfaceError
from .notebook import progress_line
from .opening import (
    Age,
    ceiling_of,
    client_of,
    demo_sandbox,
    guard_of,
    limits_of,
    local_database,
    mirror_of,
)
from .planner.options import Options
from .vtables.untrusted import TIMEOUT


def connect(
    database: str = ":memory:",
    *,
    api_token: str | None = None,
    company_domain: str | None = None,
    api_url: str | None = None,
    profile: str | None = None,
    demo: bool = False,
    max_tokens: int | Literal["default"] | None = "default",
    cache_ttl: float | None = None,
    cache_dir: str | os.PathLike[str] | None = None,
    analysis: bool = True,
    search: Literal["off", "prove", "like"] = "prove",
    temporary_filters: bool = False,
    summaries: Literal["off", "count", "sum"] = "count",
    max_rows: int | None = None,
    untrusted: bool = False,
    progress: Callback | Literal[False] | None = None,
    timeout: float | None = None,
    plan: str | None = None,
    seats: int | None = None,
    reserve: float | None = None,
    state_dir: str | os.PathLike[str] | None = None,
    mirror: str | os.PathLike[str] | None = None,
    max_age: Age = "5m",
    archive_age: Age = "0s",
) -> Connection:
    """Open Pipedrive as a database.

    `database` is a local SQLite file whose tables can be joined with Pipedrive's.
    `api_token`, `company_domain` ("acme", "acme.pipedrive.com" or a URL) and `api_url`
    default to the variables PIPEDRIVE_API_TOKEN, PIPEDRIVE_COMPANY_DOMAIN and
    PIPEDRIVE_API_URL. `profile` is whom `pipedrive-sql login --profile NAME` signed in
    (docs/signin.md); it defaults to PIPEDRIVE_PROFILE, and where nothing else says
    whose Pipedrive is meant, to "default". `demo` starts a sandbox with a sample
    company instead.

    `max_tokens` is what one statement may cost in API tokens, None for no ceiling: it
    is refused before its first request if it is known to cost more, else stopped before
    the request that would pass it. `cache_ttl` is for how many seconds rows are used
    again by later statements, 0 for never. Both are the profile's unless given, else
    5,000 and 60.

    `cache_dir` is where the account's fields are kept for a day; the user's own cache
    folder (or PIPEDRIVE_CACHE_DIR) unless given, and nowhere for a sandbox.

    `analysis`, `search`, `temporary_filters` and `summaries` let the planner do more or
    less (planner.options.Options); whatever they are, the rows are the same.

    `max_rows` is how many rows one statement may give, None for no ceiling: behind the
    last, CeilingExceeded is raised. `untrusted` is for SQL that others write, such as
    an agent or the visitors of a page: it may only read, with ceilings on all that it
    needs, 10,000 rows unless `max_rows` says another; docs/untrusted.md has them. It
    opens `database` for reading only.

    `timeout` is how many seconds a statement may take from its beginning, whatever it
    waits for, None for any time, or for 60 with `untrusted`; then StatementTimeout is
    raised.

    `progress` is called with a Progress for statements that take longer than a second,
    at most ten times a second, and once more when such a statement has ended. What it
    raises ends the statement. It may not use the connection. None shows a line of text
    in notebooks, and nothing elsewhere; False shows nothing.

    `plan` ("lite", "growth", "premium", "ultimate") and `seats` tell the limits of the
    company where Pipedrive's answers do not. `reserve` is the part of its API tokens
    for the day that is kept for other programs, a tenth unless told: what would use
    them is refused. What this machine has asked is noted in `state_dir`: the user's own
    state folder (or PIPEDRIVE_STATE_DIR) unless given, and nowhere for a sandbox. See
    docs/limits.md.

    `mirror` is a file of `pipedrive-sql sync` that statements are answered from. Tables
    in it that a statement reads and that are older than `max_age` ("90s", "5m", "2h",
    a timedelta) are first brought up to date, at the price of what changed; "0s" always
    asks, None never. Then those that were archived meanwhile are asked for, too, unless
    that was done in the latest `archive_age`. What the file does not have is asked of
    Pipedrive as ever, and `live.deals` is the live table. See docs/mirror.md.

    Reads the fields of the account, at 10 API tokens each for deals, persons,
    organizations, products and projects, unless they are kept. Raises InterfaceError
    for arguments that cannot work and OperationalError where Pipedrive refuses or does
    not answer.
    """
    options = Options(analysis, search, temporary_filters, summaries)
    with contextlib.ExitStack() as opened:
        sandbox = opened.enter_context(demo_sandbox()) if demo else None
        if sandbox is not None:
            whose = Account(sandbox.url, ApiToken(sandbox.token))
        else:
            whose = account(api_token, company_domain, api_url, profile=profile)
        settled = whose.profile or Profile()
        ceiling = ceiling_of(max_tokens, [whose])
        if min(ceiling or 0, max_rows or 0, cache_ttl or 0) < 0:
            raise InterfaceError(
                f"max_tokens={max_tokens}, max_rows={max_rows} and "
                f"cache_ttl={cache_ttl} cannot be negative."
            )
        guard = guard_of(ceiling, max_rows, temporary_filters) if untrusted else None
        allowed = limits_of(whose, plan, seats, reserve, state_dir)
        opened.callback(allowed.close)
        client = client_of(whose, options, allowed)
        opened.callback(client.close)
        local = local_database(database, guard)
        opened.callback(local.close)
        connection = Connection(
            local,
            client,
            options,
            max_tokens,
            cache_ttl,
            cache_dir,
            sandbox,
            progress_line() if progress is None else progress or None,
            max_rows,
            guard,
            state_dir,
            mirror_of(mirror, max_age, archive_age),
        )
        if timeout is None:
            timeout = settled.timeout
        if untrusted and timeout is None:
            timeout = TIMEOUT
        connection.timeout = timeout
        opened.pop_all()
    return connection
