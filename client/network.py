"""Where requests are under way: one thread of the process, one pool for each host.

An event loop holds any number of requests in one thread, and every wait in it can be
given up at once. The thread ends with the last line.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import weakref
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from threading import RLock, Thread, current_thread
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import truststore
from yarl import URL

from .queue import Queue
from .response import Response

if TYPE_CHECKING:
    import aiohttp

_Result = TypeVar("_Result")
_CONNECT = 10.0  # seconds for a connection to be made
_LAST = 2.0  # seconds that the thread has to end: a name may still be looked up
_WHOLE = 4  # times the longest silence, for a whole answer
_CONNECTIONS = 64  # to one host; requests beyond wait for one of them


class Unreached(Exception):
    """There is no answer. `asked` says whether the request may have arrived, `late`
    whether the time was up.
    """

    def __init__(self, why: str, *, asked: bool, late: bool) -> None:
        super().__init__(why)
        self.asked = asked
        self.late = late


class Line:
    """The way to one host, through the proxy that the system names.

    Lines to the same host share their connections. Redirects are not followed, no
    cookies are kept, and nothing is sent twice.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._network, self.session = _enter(url)
        self._close = weakref.finalize(self, self._network.leave, url)

    def start(self, work: Coroutine[Any, Any, _Result]) -> Future[_Result]:
        """Let the work go on in the network's thread; to cancel the future ends it."""
        return asyncio.run_coroutine_threadsafe(work, self._network.loop)

    async def apart(self, work: Callable[[], _Result]) -> _Result:
        """Do what may wait for other requests, as a new token does, in a thread."""
        return await self._network.loop.run_in_executor(self._network.signing, work)

    def queue(self, token: str, *, search: bool) -> Queue:
        """Where requests wait for a place in the window of this token."""
        return self._network.queues.setdefault((token, search), Queue())

    async def exchange(
        self,
        method: str,
        target: str,
        headers: dict[str, str],
        body: bytes | None,
        silence: float,
        hear: Callable[[Response], None] = lambda head: None,
    ) -> Response:
        """Send one request in the network's thread, and read the answer to its end.

        `target` is path and query; `hear` gets the answer without its body as soon as
        that begins. Raises Unreached, also for an answer that stands
        still for `silence` seconds or takes four times as long as a whole.
        """
        import aiohttp

        address = URL(self._url + target, encoded=True)
        times = aiohttp.ClientTimeout(
            total=silence * _WHOLE, sock_connect=_CONNECT, sock_read=silence
        )
        try:
            async with self.session.request(
                method,
                address,
                headers=headers,
                data=body,
                allow_redirects=False,
                timeout=times,
                proxy=proxy(self._url),
            ) as answer:
                hear(Response(answer.status, answer.headers, b""))
                return Response(answer.status, answer.headers, await answer.read())
        except aiohttp.ClientConnectorError as error:
            raise Unreached(_why(error), asked=False, late=False) from error
        except aiohttp.ClientHttpProxyError as error:
            raise Unreached(str(error), asked=False, late=False) from error
        except aiohttp.ConnectionTimeoutError as error:
            raise Unreached("no connection", asked=False, late=True) from error
        except TimeoutError as error:
            raise Unreached("no answer", asked=True, late=True) from error
        except (aiohttp.ClientError, OSError) as error:
            why = str(error) or type(error).__name__
            raise Unreached(why, asked=True, late=False) from error

    def close(self) -> None:
        """Leave; the last one to a host closes its connections. Again does nothing."""
        self._close()


class _Network:
    """The thread and its loop, with a session and the count of lines of each host."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.loop = asyncio.new_event_loop()
        # Not the loop's own threads: names are looked up there, for new tokens too.
        self.signing = ThreadPoolExecutor(4, "pipedrive-sql-sign-in")
        self.queues: dict[tuple[str, bool], Queue] = {}
        self._sessions: dict[str, tuple[aiohttp.ClientSession, int]] = {}
        self._thread = Thread(target=self._run, name="pipedrive-sql", daemon=True)
        self._thread.start()

    def enter(self, url: str) -> aiohttp.ClientSession:
        known = self._sessions.get(url)
        session, lines = known or (self._opened(url), 0)
        self._sessions[url] = session, lines + 1
        return session

    def _opened(self, url: str) -> aiohttp.ClientSession:
        opening = asyncio.run_coroutine_threadsafe(_session(url), self.loop)
        try:
            return opening.result()
        except BaseException:  # Ctrl-C: nobody will close what is still opened
            opening.add_done_callback(
                lambda done: asyncio.run_coroutine_threadsafe(
                    done.result().close(), self.loop
                )
            )
            raise

    def leave(self, url: str) -> None:
        if current_thread() is self._thread:
            # A forgotten line was collected here, where nothing may be waited for.
            Thread(target=self.leave, args=(url,), daemon=True).start()
            return
        with _LOCK:
            session, lines = self._sessions.pop(url)
            if lines > 1:
                self._sessions[url] = session, lines - 1
                return
            last = not self._sessions
            if last:
                _forget(self)
        if self.process != os.getpid():
            return  # after a fork the thread is not here
        self._wait(session.close())
        if last:
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(_LAST)
            self.signing.shutdown(wait=False, cancel_futures=True)

    def _wait(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.get_loop().run_forever()


_LOCK = RLock()  # what is collected may leave in the midst of anything
_network: _Network | None = None


def _enter(url: str) -> tuple[_Network, aiohttp.ClientSession]:
    """The process's network, and its session with the host."""
    global _network
    with _LOCK:
        if _network is None or _network.process != os.getpid():
            _network = _Network()
        return _network, _network.enter(url)


def _forget(network: _Network) -> None:
    global _network
    if _network is network:
        _network = None


def _why(error: aiohttp.ClientConnectorError) -> str:
    """In the system's own words, where it has some."""
    number, words = error.os_error.errno, error.os_error.strerror
    if number is not None and number > 0:
        return os.strerror(number)
    return words or str(error.os_error)  # a name that is not found has a number below 0


def proxy(url: str) -> str | None:
    """The proxy that the system names; never for plain http, which it could read."""
    parts = urlsplit(url)
    if parts.scheme != "https" or proxy_bypass(parts.netloc):
        return None
    return getproxies().get("https")


async def _session(url: str) -> aiohttp.ClientSession:
    import aiohttp  # a third of a second, for the first request only

    secure = _trusted() if url.startswith("https:") else False
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=_CONNECTIONS, ssl=secure),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
    )
    # A request that met a closed connection may have been done: it is tried again
    # where that is known to be safe, and counted.
    session._retry_connection = False
    return session


@cache
def _trusted() -> ssl.SSLContext:
    """Whom this machine trusts; read once, because that takes its time."""
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
