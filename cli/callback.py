"""The way back from the user's browser: a web server here, for one answer."""

from __future__ import annotations

import hmac
import html
import queue
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from ..errors import InterfaceError, OperationalError

_LOOPBACK = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "::1"}
_IDLE = 10.0  # seconds that a browser's connection may stay silent
_SHOWING = 5.0  # seconds for the last page to go out
_LOOK = 0.05  # seconds between two looks at whether to end


class Callback:
    """Listens at `url` until it is closed. Port 0 in `redirect_uri` takes any free one.

    Raises InterfaceError if it is not an address of this machine, or cannot be had.
    """

    def __init__(self, redirect_uri: str) -> None:
        parts = urlsplit(redirect_uri)
        place = _LOOPBACK.get(parts.hostname or "")
        if parts.scheme != "http" or place is None:
            raise InterfaceError(
                f"{redirect_uri!r} is not on this machine, so the browser cannot come "
                "back to this program by itself. Add --paste, and copy the address "
                "that it ends at."
            )
        self._path = parts.path or "/"
        self._arrived: queue.Queue[dict[str, str]] = queue.Queue(1)
        self._page: queue.Queue[tuple[str, str]] = queue.Queue(1)
        self._shown = threading.Event()
        self._state: bytes | None = None
        self._answering = False
        try:
            self._server = _Server((place, parts.port or 0), self)
        except OSError as error:
            raise InterfaceError(
                f"Cannot listen at {redirect_uri} ({error.strerror}). Choose another "
                "port with --port, and have it in the app's callback URL."
            ) from error
        port = self._server.server_address[1]
        self.url = f"http://{parts.hostname}:{port}{self._path}"
        threading.Thread(
            target=self._server.serve_forever, args=[_LOOK], daemon=True
        ).start()

    def wait(self, state: str, seconds: float) -> str:
        """The code that the browser brings back together with `state`.

        What comes with another state is turned away. Raises OperationalError if the
        user does not agree, or nothing comes in time.
        """
        self._state = state.encode()
        try:
            given = self._arrived.get(timeout=seconds)
        except queue.Empty:
            raise OperationalError(
                f"Nobody came back from the browser in {seconds:g} s. Try again; if "
                "the browser is on another machine, add --paste."
            ) from None
        return code_of(given)

    def show(self, title: str, text: str) -> None:
        """The last page that the browser gets."""
        self._page.put((title, text))
        self._shown.wait(_SHOWING)

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None and self._answering:
            self.show("Not signed in", str(error))
        self.close()

    def answered(self, address: str, write: Callable[[int, str, str], None]) -> None:
        """One request of a browser; `write` sends status, title and text."""
        parts = urlsplit(address)
        given = {name: value[0] for name, value in parse_qs(parts.query).items()}
        if parts.path != self._path:
            write(404, "Not found", "There is nothing here.")
        elif self._state is None or not hmac.compare_digest(
            given.get("state", "").encode(), self._state
        ):
            text = "This is not the sign-in that pipedrive-sql is waiting for."
            write(400, "Not this one", text)
        else:
            try:
                self._arrived.put_nowait(given)
            except queue.Full:
                write(409, "Once is enough", "This sign-in has been answered already.")
                return
            self._answering = True
            write(200, *self._page.get())
            self._shown.set()


def code_of(given: dict[str, str]) -> str:
    """The code among what came back. Raises OperationalError if there is none."""
    if "code" in given:
        return given["code"]
    error = given.get("error", "no code came back")
    if error in ("access_denied", "user_denied"):
        raise OperationalError(
            "Nobody is signed in: the app was not allowed in Pipedrive."
        )
    raise OperationalError(f"Nobody is signed in: Pipedrive says {error[:100]!r}.")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Else nobody signs in again for a minute; on Windows two programs could listen.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, address: tuple[str, int], callback: Callback) -> None:
        self.callback = callback
        if ":" in address[0]:
            import socket

            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _IDLE
    server_version = "pipedrive-sql"
    sys_version = ""

    def do_GET(self) -> None:
        self.server.callback.answered(self.path, self._write)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the address has the code in it."""

    def _write(self, status: int, title: str, text: str) -> None:
        page = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            f"<title>{html.escape(title)}</title></head><body>"
            f"<h1>{html.escape(title)}</h1><p>{html.escape(text)}</p></body></html>"
        ).encode()
        self.send_response(status)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(page)))
        self.send_header("cache-control", "no-store")
        self.send_header("referrer-policy", "no-referrer")
        self.send_header("content-security-policy", "default-src 'none'")
        self.end_headers()
        self.wfile.write(page)
