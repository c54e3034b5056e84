"""Addresses of Pipedrive: which ones a token may be sent to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..errors import InterfaceError

DOMAIN_VARIABLE = "PIPEDRIVE_COMPANY_DOMAIN"
URL_VARIABLE = "PIPEDRIVE_API_URL"
ANY_COMPANY = "https://api.pipedrive.com"
OAUTH_SERVER = "https://oauth.pipedrive.com"

_SUFFIX = ".pipedrive.com"
_COMPANY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def company(domain: str) -> str:
    """https://NAME.pipedrive.com from "name", "name.pipedrive.com" or a URL.

    Raises InterfaceError for what is none of them.
    """
    text = domain.strip()
    found = (urlsplit(text).hostname or "") if "://" in text else text.rstrip("/")
    name = found.lower().removesuffix(_SUFFIX)
    if not _COMPANY.fullmatch(name):
        raise InterfaceError(
            f"{domain!r} is no Pipedrive company domain. It is the name before "
            f"{_SUFFIX} in your browser: set {DOMAIN_VARIABLE}=acme, or leave it out."
        )
    return f"https://{name}{_SUFFIX}"


def host(url: str) -> str:
    """The scheme, host and port of an API address.

    Raises InterfaceError unless it is https, or http to this machine.
    """
    parts = urlsplit(url.strip().rstrip("/"))
    wanted = parts.scheme == "https" or (parts.scheme == "http" and is_local(url))
    if not wanted or not parts.hostname or parts.username or parts.path or parts.query:
        raise InterfaceError(
            f"{url!r} cannot be used as API address: it must be https://HOST, or "
            "http://127.0.0.1:PORT for a sandbox on this machine. "
            f"Check {URL_VARIABLE}."
        )
    return f"{parts.scheme}://{parts.netloc}"


def is_local(url: str) -> bool:
    """Whether the address is this machine's own."""
    return urlsplit(url.strip()).hostname in _LOOPBACK


def is_pipedrive(url: str) -> bool:
    """Whether it is https, and a host of Pipedrive's without anything behind it."""
    name = urlsplit(url).hostname or ""
    labels = name.removesuffix(_SUFFIX).split(".")
    return (
        url.rstrip("/").lower() == f"https://{name}"
        and name.endswith(_SUFFIX)
        and all(_COMPANY.fullmatch(label) for label in labels)
    )
