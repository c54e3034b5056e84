"""The pooled connections to one host: TLS, proxies, time limits."""

from __future__ import annotations

import ssl
from functools import cache
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import truststore
import urllib3

TIMEOUT = urllib3.Timeout(connect=10.0, read=60.0)
_CONNECTIONS = 8  # kept open; more are opened when needed


def pool(url: str, headers: dict[str, str]) -> urllib3.PoolManager:
    """Connections to the host of `url`, through the proxy that the system names.

    Requests are sent once and redirects are not followed.
    """
    parts = urlsplit(url)
    secure = _trusted() if parts.scheme == "https" else None
    proxy = getproxies().get(parts.scheme)
    if proxy and not proxy_bypass(parts.netloc):
        return urllib3.ProxyManager(
            proxy,
            headers=headers,
            timeout=TIMEOUT,
            retries=False,
            maxsize=_CONNECTIONS,
            ssl_context=secure,
        )
    return urllib3.PoolManager(
        headers=headers,
        timeout=TIMEOUT,
        retries=False,
        maxsize=_CONNECTIONS,
        ssl_context=secure,
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Whom this machine trusts; read once, because that takes its time."""
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
