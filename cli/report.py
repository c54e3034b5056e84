"""What `pipedrive-sql check` has found, for programs as JSON and for people as text.

The keys of the JSON are the names here, and stay; None is what is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from ..client.account import Account
from ..client.me import Me
from ..client.oauth import OAuth


class Told(msgspec.Struct, kw_only=True):
    """What is shown as one JSON object, too."""

    def json(self) -> str:
        return msgspec.json.format(msgspec.json.encode(self)).decode()


class Versions(msgspec.Struct, kw_only=True):
    pipedrive_sql: str
    python: str
    sqlite: str
    apsw: str


class Kept(msgspec.Struct, kw_only=True):
    """Where things are: settings, secrets in words, fields and counts of rows."""

    settings: str
    secrets: str
    cache: str | None = None


class Asked(Told, kw_only=True):
    """Which Pipedrive, and as whom; `by` is "api token" or "oauth". `token_until` is
    when the access token of OAuth ends; it is refreshed before.
    """

    url: str
    by: str
    profile: str | None = None
    scopes: tuple[str, ...] | None = None
    user_id: int | None = None
    user_name: str | None = None
    user_email: str | None = None
    company_id: int | None = None
    company_name: str | None = None
    company_domain: str | None = None
    token_until: datetime | None = None

    @classmethod
    def of(cls, whose: Account) -> Asked:
        """What is known without asking."""
        found = cls(
            url=whose.url,
            by=whose.credentials.kind,
            profile=whose.profile.name if whose.profile else None,
        )
        if isinstance(whose.credentials, OAuth):
            found.scopes = tuple(whose.credentials.scopes)
            found.token_until = datetime.fromtimestamp(whose.credentials.ends, UTC)
        return found

    def identify(self, found: Me) -> None:
        """Pipedrive has told whose the credentials are."""
        self.user_id, self.user_name = found.id, found.name
        self.user_email = found.email
        self.company_id, self.company_name = found.company_id, found.company_name
        self.company_domain = found.company_domain


class Network(msgspec.Struct, kw_only=True):
    """`milliseconds` took one answer. `clock_ahead_seconds` is this machine's clock
    against Pipedrive's, exact to about a second.
    """

    proxy: str | None = None
    tls_version: str | None = None
    tls_cipher: str | None = None
    certificate_issuer: str | None = None
    certificate_subject: str | None = None
    certificate_until: datetime | None = None
    milliseconds: float | None = None
    clock_ahead_seconds: float | None = None


class Limits(msgspec.Struct, kw_only=True):
    """Requests in `window_seconds`, with who says so, and the day's API tokens of the
    company. `plans` are those that have such a limit, where Pipedrive told it.
    """

    plans: list[str]
    burst: int | None
    burst_basis: str
    window_seconds: float
    searches: int | None
    day_budget: int | None
    day_left: int | None
    day_reserved: int | None
    day_spent_here: int
    day_renewed: datetime


class Readable(msgspec.Struct, kw_only=True):
    """One table. `may` is None where it was not asked, or the answer does not tell."""

    name: str
    may: bool | None
    why: str = ""


class Report(Told, kw_only=True):
    """`ok` says whether statements can be run; `problems` what is in the way, or will
    be. `tokens` are what the check itself has cost, `tables_cost` what asking for the
    tables costs.
    """

    ok: bool = False
    problems: list[str] = []
    tokens: int = 0
    versions: Versions
    kept: Kept
    asked: Asked | None = None
    network: Network | None = None
    limits: Limits | None = None
    tables_cost: int = 0
    tables: list[Readable] | None = None

    def lines(self) -> Iterator[str]:
        """The same for people."""
        for title, rows in (
            ("account", self._asked()),
            ("network", self._network()),
            ("limits", self._limits()),
            ("tables", self._tables()),
            ("kept", self._kept()),
        ):
            told = [(name, text) for name, text in rows if text]
            if told:
                yield title
            for name, text in told:
                first, *more = text.split("\n")
                yield f"  {name:<13}{first}"
                yield from (f"  {'':<13}{line}" for line in more)
        version = self.versions
        yield "versions"
        yield (
            f"  pipedrive-sql {version.pipedrive_sql}, Python {version.python}, SQLite "
            f"{version.sqlite}, APSW {version.apsw}"
        )
        yield from (f"Problem: {problem}" for problem in self.problems)
        yield "It can be used." if self.ok else "It cannot be used."

    def _asked(self) -> Iterator[tuple[str, str]]:
        found = self.asked
        if found is None:
            return
        yield "address", found.url
        yield "profile", found.profile or ""
        yield "signed in by", {"oauth": "OAuth", "api token": "API token"}[found.by]
        yield "scopes", ", ".join(found.scopes or ())
        if found.user_id is not None:
            yield "user", f"{found.user_name} <{found.user_email}>, id {found.user_id}"
            yield (
                "company",
                f"{found.company_name} ({found.company_domain}.pipedrive.com), "
                f"id {found.company_id}",
            )

    def _network(self) -> Iterator[tuple[str, str]]:
        found = self.network
        if found is None:
            return
        yield "proxy", found.proxy or "none"
        if found.tls_version is None:
            plain = self.asked is not None and self.asked.url.startswith("http:")
            yield "TLS", "none: a sandbox on this machine" if plain else ""
        else:
            until = found.certificate_until
            ends = f" until {until:%Y-%m-%d}" if until else ""
            issuer = found.certificate_issuer or "an issuer that is not told"
            yield "TLS", f"{found.tls_version}, certificate by {issuer}{ends}"
        if found.milliseconds is not None:
            yield "answers in", f"{found.milliseconds:,.0f} ms"
        if (ahead := found.clock_ahead_seconds) is not None:
            which = "ahead of" if ahead > 0 else "behind"
            right = abs(ahead) < 2
            yield "clock", "right" if right else f"{abs(ahead):,.0f} s {which} theirs"

    def _limits(self) -> Iterator[tuple[str, str]]:
        found = self.limits
        if found is None:
            return
        yield "plan", " or ".join(found.plans) or "not told"
        if found.burst is not None:
            yield (
                "in a moment",
                f"{found.burst} requests, and {found.searches} searches, in "
                f"{found.window_seconds:g} s ({found.burst_basis})",
            )
        if found.day_left is None:
            yield "left today", "not told"
            return
        of = "" if found.day_budget is None else f" of {found.day_budget:,}"
        kept = f", {found.day_reserved:,} of them kept" if found.day_reserved else ""
        yield (
            "left today",
            f"{found.day_left:,}{of} API tokens{kept}; anew at "
            f"{found.day_renewed:%Y-%m-%d %H:%M} UTC",
        )

    def _tables(self) -> Iterator[tuple[str, str]]:
        if self.tables is None:
            cost = f"{self.tables_cost} API tokens: --yes"
            yield "not asked", f"which may be read; costs {cost}" if self.ok else ""
            return
        readable = [table.name for table in self.tables if table.may]
        yield "may be read", f"{len(readable)} of {len(self.tables)}"
        reasons: dict[tuple[bool | None, str], list[str]] = {}
        for table in self.tables:
            if not table.may:
                reasons.setdefault((table.may, table.why), []).append(table.name)
        for (may, why), names in reasons.items():
            name = "may not" if may is False else "not known"
            yield name, f"{', '.join(names)}\n{why}"

    def _kept(self) -> Iterator[tuple[str, str]]:
        yield "settings", self.kept.settings
        yield "secrets", self.kept.secrets
        yield "cache", self.kept.cache or "nowhere"
