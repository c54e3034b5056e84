"""Which Pipedrive to ask, and as whom. No token shows in a repr.

What is said of it counts in this order: arguments, a profile named by an argument, the
environment, the profile that the environment names, the profile "default". A profile
named by an argument brings its own token, never that of the environment, which may be
another company's; "default" serves only where there is no other token.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..errors import InterfaceError
from . import profiles
from .address import ANY_COMPANY, DOMAIN_VARIABLE, URL_VARIABLE, company, host, is_local
from .credentials import ApiToken, Credentials
from .keeping import kept
from .oauth import OAuth
from .profiles import Profile
from .token_command import Printed

TOKEN_VARIABLE = "PIPEDRIVE_API_TOKEN"


@dataclass(frozen=True, slots=True)
class Account:
    """`url` is the host without a path, such as "https://acme.pipedrive.com".

    `profile` is the one that its settings come from, if any; `named` says that an
    argument names it, so that it goes before the environment.
    """

    url: str
    credentials: Credentials
    profile: Profile | None = None
    named: bool = False

    @property
    def local(self) -> bool:
        """Whether it is a sandbox on this machine."""
        return is_local(self.url)


def account(
    api_token: str | None = None,
    company_domain: str | None = None,
    api_url: str | None = None,
    environment: Mapping[str, str] = os.environ,
    *,
    profile: str | None = None,
) -> Account:
    """The account that arguments, else a profile or the environment, name.

    Raises InterfaceError, before anything is sent, for a missing token, a company
    domain that is none, plain http to another machine, and a profile that is not there
    or wrong; SignedOut for one that is not signed in.
    """
    if profile is not None:
        chosen = profiles.profile(profile, environment)
        credentials = _given(api_token) or _of(chosen, environment)
        whose = _account(credentials, company_domain, api_url, {}, chosen)
        return replace(whose, named=True)
    token = _given(api_token) or _given(environment.get(TOKEN_VARIABLE))
    found = _unnamed(environment, token is None)
    if token is None and found is None:
        raise InterfaceError(
            "No API token: Pipedrive answers only with one. "
            f"Set {TOKEN_VARIABLE} (Pipedrive shows it under Personal preferences > "
            "API), type pipedrive-sql login, or pass api_token=; to look around "
            "without an account, use --demo or demo=True."
        )
    if token is None:
        assert found is not None
        token = _of(found, environment)
    return _account(token, company_domain, api_url, environment, found)


def _given(token: str | None) -> Credentials | None:
    text = (token or "").strip()
    return ApiToken(text) if text else None


def _unnamed(environment: Mapping[str, str], needed: bool) -> Profile | None:
    """The profile that counts where no argument names one."""
    named = environment.get(profiles.PROFILE_VARIABLE)
    if named:
        return profiles.profile(named, environment)
    return profiles.default(environment) if needed else None


def _of(profile: Profile, environment: Mapping[str, str]) -> Credentials:
    """What lets a profile in."""
    if profile.token_command is not None:
        return Printed(profile)
    return kept(profile.name, environment)


def _account(
    credentials: Credentials,
    company_domain: str | None,
    api_url: str | None,
    environment: Mapping[str, str],
    profile: Profile | None,
) -> Account:
    """The account at the first address that is told, in the order of this module."""
    ways = [
        (company_domain, api_url),
        (environment.get(DOMAIN_VARIABLE), environment.get(URL_VARIABLE)),
    ]
    if profile is not None:
        ways.append((profile.company_domain, profile.api_url))
    url = None
    for domain, address in ways:
        if address or domain:
            url = host(address) if address else company(domain or "")
            break
    if isinstance(credentials, OAuth):
        if url not in (None, credentials.api_domain):
            raise InterfaceError(
                f"The profile is signed in to {credentials.api_domain}, and its tokens "
                f"are not sent to {url}. Leave the address out, or sign in there: "
                f"pipedrive-sql login --profile NAME"
            )
        url = credentials.api_domain
    return Account(url or ANY_COMPANY, credentials, profile)
