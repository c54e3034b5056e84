"""Which Pipedrive to ask, and as whom. The token never shows in a repr."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..errors import InterfaceError
from .credentials import ApiToken, Credentials

TOKEN_VARIABLE = "PIPEDRIVE_API_TOKEN"
DOMAIN_VARIABLE = "PIPEDRIVE_COMPANY_DOMAIN"
URL_VARIABLE = "PIPEDRIVE_API_URL"

_SUFFIX = ".pipedrive.com"
_COMPANY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_ANY_COMPANY = "https://api.pipedrive.com"


@dataclass(frozen=True, slots=True)
class Account:
    """`url` is the host without a path, such as "https://acme.pipedrive.com"."""

    url: str
    credentials: Credentials

    @property
    def local(self) -> bool:
        """Whether it is a sandbox on this machine."""
        return urlsplit(self.url).hostname in _LOOPBACK


def account(
    api_token: str | None = None,
    company_domain: str | None = None,
    api_url: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Account:
    """The account that arguments, else the environment, name.

    Raises InterfaceError, before anything is sent, for a missing token, a company
    domain that is none, and plain http to another machine.
    """
    token = (api_token or environment.get(TOKEN_VARIABLE, "")).strip()
    domain = company_domain or environment.get(DOMAIN_VARIABLE, "")
    url = api_url or (environment.get(URL_VARIABLE, "") if not company_domain else "")
    if not token:
        raise InterfaceError(
            "No API token: Pipedrive answers only with one. "
            f"Set {TOKEN_VARIABLE} (Pipedrive shows it under Personal preferences > "
            "API), or pass api_token=; to look around without an account, use "
            "--demo or demo=True."
        )
    credentials = ApiToken(token)
    if url:
        return Account(_host(url), credentials)
    return Account(_company(domain) if domain else _ANY_COMPANY, credentials)


def _company(domain: str) -> str:
    """https://NAME.pipedrive.com from "name", "name.pipedrive.com" or a URL."""
    text = domain.strip()
    host = (urlsplit(text).hostname or "") if "://" in text else text.rstrip("/")
    name = host.lower().removesuffix(_SUFFIX)
    if not _COMPANY.fullmatch(name):
        raise InterfaceError(
            f"{domain!r} is no Pipedrive company domain. It is the name before "
            f"{_SUFFIX} in your browser: set {DOMAIN_VARIABLE}=acme, or leave it out."
        )
    return f"https://{name}{_SUFFIX}"


def _host(url: str) -> str:
    parts = urlsplit(url.strip().rstrip("/"))
    local = parts.hostname in _LOOPBACK
    wanted = parts.scheme == "https" or (parts.scheme == "http" and local)
    if not wanted or not parts.hostname or parts.username or parts.path or parts.query:
        raise InterfaceError(
            f"{url!r} cannot be used as API address: it must be https://HOST, or "
            "http://127.0.0.1:PORT for a sandbox on this machine. "
            f"Check {URL_VARIABLE}."
        )
    return f"{parts.scheme}://{parts.netloc}"
