"""`pipedrive-sql login`, `logout` and `whoami`."""

from __future__ import annotations

import getpass
import os
import sys
import webbrowser
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from ..client import keeping, profiles
from ..client.account import TOKEN_VARIABLE, Account, account
from ..client.address import ANY_COMPANY, OAUTH_SERVER, company, host, is_local
from ..client.authorization import App, Asking
from ..client.credentials import ApiToken
from ..client.me import Me, me
from ..client.oauth import Grant, OAuth
from ..client.secrets import Secrets
from ..errors import InterfaceError, OperationalError, RequestError
from .callback import Callback, code_of
from .report import Asked

CLIENT_VARIABLE = "PIPEDRIVE_CLIENT_ID"
SECRET_VARIABLE = "PIPEDRIVE_CLIENT_SECRET"


def login(options: Namespace) -> Iterator[str]:
    """Sign a profile in; tells what happens, line by line.

    Raises InterfaceError for what cannot be, OperationalError if it does not come to
    pass; then what was kept before stays.
    """
    name = options.profile or os.environ.get(profiles.PROFILE_VARIABLE)
    name = name or profiles.DEFAULT
    profiles.check_name(name)
    if name in profiles.names() and profiles.profile(name).token_command is not None:
        raise InterfaceError(
            f"Profile {name!r} has a token_command, which goes before a sign-in. Take "
            "it out of its settings first."
        )
    if options.api_token is None:
        yield from _by_oauth(options, name)
    else:
        yield from _by_token(options, name)


def logout(options: Namespace) -> Iterator[str]:
    """Take the consent back at Pipedrive, and forget the secrets of a profile.

    They are forgotten also if Pipedrive cannot be told, which then raises
    OperationalError.
    """
    name = options.profile or os.environ.get(profiles.PROFILE_VARIABLE)
    name = name or profiles.DEFAULT
    credentials = keeping.kept(name)
    failed = None
    if isinstance(credentials, OAuth) and not options.here_only:
        try:
            credentials.revoke()
        except RequestError as error:
            failed = error
    keeping.forget(name)
    if failed is not None:
        raise OperationalError(
            f"The secrets of profile {name!r} are gone from here, but Pipedrive could "
            f"not be told: {failed} Remove the app in Pipedrive, too, under Tools and "
            "apps."
        ) from failed
    yield f"Profile {name!r} is signed out; its settings stay."
    if isinstance(credentials, ApiToken):
        yield (
            "The API token itself stays good. To end it, make a new one in Pipedrive "
            "under Personal preferences > API."
        )


def whoami(options: Namespace) -> Iterator[str]:
    """Who the options sign in as; asks Pipedrive, for 2 API tokens."""
    whose = account(
        company_domain=options.company_domain,
        api_url=options.api_url,
        profile=options.profile,
    )
    found = me(whose)
    if options.json:
        asked = Asked.of(whose)
        asked.identify(found)
        yield asked.json()
        return
    yield f"user:     {_person(found)}"
    yield f"company:  {_firm(found)}"
    yield f"asked at: {whose.url}"
    if whose.profile is not None:
        yield f"profile:  {whose.profile.name}"
    credentials = whose.credentials
    if isinstance(credentials, OAuth):
        until = datetime.fromtimestamp(credentials.ends, UTC)
        yield "by:       OAuth"
        yield f"token:    until {until:%Y-%m-%d %H:%M:%S} UTC, then refreshed"
        yield f"scopes:   {', '.join(credentials.scopes)}"
    else:
        yield "by:       API token"


def secret(told: str | None, variable: str, what: str) -> str:
    """A secret from the keyboard or standard input ("-"), else of the environment."""
    if told is None:
        found = os.environ.get(variable, "")
        if not found:
            raise InterfaceError(
                f"There is no {what}. Set {variable}, or be asked for it: give it as -"
            )
        return found.strip()
    if sys.stdin.isatty():
        return getpass.getpass(f"{what[0].upper()}{what[1:]} (not shown): ").strip()
    return sys.stdin.readline().strip()


def _by_token(options: Namespace, name: str) -> Iterator[str]:
    """With an API token, which is tried before it is kept."""
    token = ApiToken(secret("-", TOKEN_VARIABLE, "API token"))
    keys = {}
    url = ANY_COMPANY
    if options.api_url:
        url = keys["api_url"] = host(options.api_url)
    elif options.company_domain:
        url = company(options.company_domain)
        keys["company_domain"] = options.company_domain
    found = me(Account(url, token))
    yield from _kept(name, token, keys, found)


def _by_oauth(options: Namespace, name: str) -> Iterator[str]:
    """With an app's OAuth, in the user's browser."""
    app = _app(options)
    if options.paste:
        asking = Asking(app, _redirect(options), options.pkce)
        yield f"Open this page and allow the app:\n\n{asking.url}\n"
        told = asking.exchange(_pasted(asking))
        grant = Grant.of(app, told)
        yield from _signed_in(name, grant)
        return
    with Callback(_redirect(options)) as callback:
        asking = Asking(app, callback.url, options.pkce)
        if options.no_browser:
            yield f"Open this page and allow the app:\n\n{asking.url}\n"
        else:
            # A browser in the terminal lasts until it has our last page.
            Thread(target=webbrowser.open, args=[asking.url], daemon=True).start()
            yield "Your browser will show a page of Pipedrive: allow the app there."
            yield f"If it does not, open:\n\n{asking.url}\n"
        told = asking.exchange(callback.wait(asking.state, options.timeout))
        lines = list(_signed_in(name, Grant.of(app, told)))
        callback.show("Signed in", f"{lines[0]} You can close this window.")
        yield from lines


def _signed_in(name: str, grant: Grant) -> Iterator[str]:
    """Keep the grant, once Pipedrive has told whose it is."""
    first = OAuth(grant, name, Secrets())
    found = me(Account(grant.api_domain, first))
    whole = replace(grant, user=found.id, company=found.company_id)
    yield from _kept(name, whole, {}, found)


def _kept(
    name: str, what: ApiToken | Grant, keys: dict[str, str], found: Me
) -> Iterator[str]:
    place = keeping.keep(name, what)
    profiles.settle(name, keys)
    yield f"Signed in as {_person(found)} at {_firm(found)}."
    yield f"Profile {name!r} in {profiles.folder()}; its secrets are in {place}."
    if name != profiles.DEFAULT:
        yield f"Use it: pipedrive-sql --profile {name}"


def _app(options: Namespace) -> App:
    client = options.client_id or os.environ.get(CLIENT_VARIABLE, "")
    if not client:
        raise InterfaceError(
            "OAuth needs an app of yours: make a private one in Pipedrive's Developer "
            f"Hub with the callback URL {_redirect(options)}, then set "
            f"{CLIENT_VARIABLE} and {SECRET_VARIABLE} (or give --client-id ID "
            "--client-secret -). With an API token instead: pipedrive-sql login "
            "--api-token -"
        )
    server = OAUTH_SERVER
    if options.api_url:
        server = host(options.api_url)
        if not is_local(server):
            raise InterfaceError(
                f"OAuth signs in at {OAUTH_SERVER} or at a sandbox on this machine, "
                f"not at {server}. Leave --api-url out."
            )
    return App(
        client, secret(options.client_secret, SECRET_VARIABLE, "client secret"), server
    )


def _redirect(options: Namespace) -> str:
    return options.redirect_uri or f"http://localhost:{options.port}/callback"


def _pasted(asking: Asking) -> str:
    """The code in the address that the browser ended at."""
    if sys.stdin.isatty():
        print("The address that the browser ends at: ", end="", flush=True)
    address = sys.stdin.readline().strip()
    given = {
        name: value[0] for name, value in parse_qs(urlsplit(address).query).items()
    }
    if given.get("state") != asking.state:
        raise OperationalError(
            "That is not the address that this sign-in ends at. Start again, and copy "
            "it whole."
        )
    return code_of(given)


def _person(found: Me) -> str:
    return f"{found.name} <{found.email}>"


def _firm(found: Me) -> str:
    return f"{found.company_name} ({found.company_domain}.pipedrive.com)"
