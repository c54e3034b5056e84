"""Who answers at the other end of a TLS connection, and how it is reached."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import truststore

from ..errors import Unavailable
from .network import proxy

_PATIENCE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Certificate:
    """`version` and `cipher` are of the connection, such as "TLSv1.3".

    Of the certificate: the organization that issued it, whom it is for, and the moment
    in UTC when it ends; None where the system keeps that to itself.
    """

    version: str
    cipher: str
    issuer: str | None
    subject: str | None
    until: datetime | None


def certificate(url: str) -> Certificate:
    """Connect to the host of an https URL, through the system's proxy if it has one.

    Raises Unavailable if that cannot be, such as for a certificate that is not trusted.
    """
    parts = urlsplit(url)
    through = proxy(url)
    nearest = urlsplit(through) if through else parts
    connection = HTTPSConnection(
        nearest.hostname or "",
        nearest.port or (8080 if through else 443),
        timeout=_PATIENCE,
        context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )
    if through:
        connection.set_tunnel(parts.hostname or "", parts.port or 443)
    try:
        connection.connect()
        line = connection.sock
        assert isinstance(line, ssl.SSLSocket)
        return _told(line)
    except (OSError, HTTPException) as error:
        raise Unavailable(
            f"No secure connection to {parts.hostname} ({error}). Check the network"
            + (f", the proxy {shown(through)}" if through else "")
            + " and the certificates that this machine trusts.",
            status=None,
            path="",
        ) from error
    finally:
        connection.close()


def shown(proxy: str) -> str:
    """The address of a proxy without the password that may be in it."""
    parts = urlsplit(proxy)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _told(line: ssl.SSLSocket) -> Certificate:
    found = line.getpeercert() or {}
    cipher = line.cipher()
    ends = found.get("notAfter")
    return Certificate(
        line.version() or "",
        cipher[0] if cipher else "",
        _name(found.get("issuer"), "organizationName"),
        _name(found.get("subject"), "commonName"),
        datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
        if isinstance(ends, str)
        else None,
    )


def _name(parts: object, key: str) -> str | None:
    """One part of a distinguished name, as ssl has it: ((("commonName", "x"),),)."""
    if not isinstance(parts, tuple):
        return None
    found = {name: value for part in parts for name, value in part}
    return found.get(key) or found.get("commonName")
