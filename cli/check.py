"""`pipedrive-sql check`: whether it can be used, and what it may do."""

from __future__ import annotations

import contextlib
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from platform import python_version

import apsw

from ..catalog import TABLES
from ..client import profiles
from ..client.account import TOKEN_VARIABLE, Account, account
from ..client.certificate import certificate, shown
from ..client.credentials import ApiToken, Credentials
from ..client.me import me_by
from ..client.network import proxy
from ..client.plans import PLANS, burst
from ..client.quota import Quota
from ..client.rights import Probe, probes, right
from ..client.transport import Client
from ..errors import Error
from ..opening import cache_folder, demo_sandbox, limits_of
from .report import Asked, Kept, Limits, Network, Readable, Report, Versions

FEW = 5  # API tokens that are spent without a question
SKEW = 60  # seconds between two clocks, from which on it is a problem
SOON = 14  # days that a certificate still has, from which on it is a problem
TOLD = "the limit that Pipedrive tells"  # client.terms


def check(options: Namespace) -> Report:
    """Look at everything, each by itself; what goes wrong is told in the report."""
    report = Report(versions=_versions(), kept=_kept(options, None))
    with contextlib.ExitStack() as opened:
        try:
            whose = _whose(options, opened)
        except Error as error:
            report.problems.append(str(error))
            return report
        report.kept = _kept(options, whose)
        report.asked = Asked.of(whose)
        report.network = Network(proxy=_proxy(whose))
        _look_at_certificate(report, whose, report.network)
        limits = limits_of(whose, options.plan, options.seats, options.reserve, None)
        client = Client(whose, limits)
        opened.callback(client.close)
        try:
            _look_at_user(report, client, report.asked, report.network)
            if report.ok:
                _look_at_tables(report, client, options)
            report.limits = _limits(client)
        except Error as error:
            report.problems.append(str(error))
        report.tokens = client.log.total.tokens
    return report


def _whose(options: Namespace, opened: contextlib.ExitStack) -> Account:
    """The account of the options; that of a sandbox is closed with `opened`."""
    if options.demo:
        found = opened.enter_context(demo_sandbox())
        return Account(found.url, ApiToken(found.token))
    return account(
        company_domain=options.company_domain,
        api_url=options.api_url,
        profile=options.profile,
    )


def _versions() -> Versions:
    return Versions(
        pipedrive_sql=version("pipedrive-sql"),
        python=python_version(),
        sqlite=apsw.sqlite_lib_version(),
        apsw=apsw.apsw_version(),
    )


def _kept(options: Namespace, whose: Account | None) -> Kept:
    folder = profiles.folder()
    secrets = f"the keyring of the system, or {folder / 'secrets.json'}"
    if options.demo:
        secrets = "made up with the company"
    elif whose is not None and whose.profile is None:
        secrets = f"the variable {TOKEN_VARIABLE}"
    elif whose is not None and whose.profile and whose.profile.token_command:
        secrets = f"the token_command of profile {whose.profile.name!r}"
    kept = Kept(settings=str(folder / "config.toml"), secrets=secrets)
    if whose is not None:
        cache = cache_folder(options.cache_dir, whose)
        kept.cache = str(cache) if cache else None
    return kept


def _proxy(whose: Account) -> str | None:
    found = proxy(whose.url)
    return shown(found) if found else None


def _look_at_certificate(report: Report, whose: Account, network: Network) -> None:
    if not whose.url.startswith("https:"):
        return
    try:
        found = certificate(whose.url)
    except Error as error:
        report.problems.append(str(error))
        return
    network.tls_version = found.version
    network.tls_cipher = found.cipher
    network.certificate_issuer = found.issuer
    network.certificate_subject = found.subject
    network.certificate_until = found.until
    if found.until and (found.until - datetime.now(UTC)).days < SOON:
        report.problems.append(
            f"The certificate of {whose.url} ends on {found.until:%Y-%m-%d}. Whoever "
            "runs that host has to renew it."
        )


def _look_at_user(
    report: Report, client: Client, asked: Asked, network: Network
) -> None:
    try:
        found = me_by(client)
    except Error as error:
        report.problems.append(str(error))
        return
    report.ok = True
    asked.identify(found)
    network.milliseconds = client.log.total.seconds * 1000
    ahead = (datetime.now(UTC) - client.now()).total_seconds()
    network.clock_ahead_seconds = round(ahead, 1)
    if abs(ahead) > SKEW and not client.account.local:
        report.problems.append(
            f"This machine's clock is {abs(ahead):,.0f} s "
            f"{'ahead of' if ahead > 0 else 'behind'} Pipedrive's, so that times of "
            "changes are compared with a wrong now. Set it right."
        )


def _look_at_tables(report: Report, client: Client, options: Namespace) -> None:
    asked = probes(TABLES)
    report.tables_cost = sum(probe.price for probe in asked)
    if not options.tables or not _may_spend(options, report.tables_cost, asked):
        return
    found: dict[str, Readable] = {}
    for probe in asked:
        told = right(client, probe)
        for name in probe.tables:
            found[name] = Readable(name=name, may=told.may, why=told.why)
    report.tables = [
        found.get(table.name)
        or Readable(name=table.name, may=None, why="It cannot be asked by itself.")
        for table in TABLES
    ]


def _may_spend(options: Namespace, cost: int, asked: Sequence[Probe]) -> bool:
    """Whether so many API tokens may be spent; asks who sits at the terminal."""
    if options.yes or cost <= FEW:
        return True
    if options.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(
        f"To see which tables may be read takes {len(asked)} requests and {cost} API "
        "tokens. Ask? [y/N] ",
        end="",
        file=sys.stderr,
        flush=True,
    )
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _limits(client: Client) -> Limits:
    quota = client.limits.quota()
    return Limits(
        plans=_plans(quota, client.account.credentials),
        burst=quota.burst,
        burst_basis=quota.burst_basis,
        window_seconds=quota.seconds,
        searches=quota.searches,
        day_budget=quota.left.budget,
        day_left=quota.left.remaining,
        day_reserved=quota.reserved,
        day_spent_here=quota.spent,
        day_renewed=quota.renewed,
    )


def _plans(quota: Quota, credentials: Credentials) -> list[str]:
    """Those that have the limit which Pipedrive tells; names have changed over time."""
    if quota.burst_basis != TOLD:
        return []
    kind = credentials.kind
    return [
        p.name.capitalize() for p in PLANS.values() if burst(p, kind) == quota.burst
    ]
