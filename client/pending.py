"""A request under way, and how its statement waits for it."""

from __future__ import annotations

from concurrent.futures import Future
from time import monotonic
from typing import Generic, TypeVar

from .usage import Claim, Meter

_Answer = TypeVar("_Answer")
_SLICE = 0.05  # seconds between two looks at whether the statement shall go on


class Pending(Generic[_Answer]):
    """An answer that will come."""

    def __init__(self, future: Future[_Answer], meter: Meter, claim: Claim) -> None:
        self._future = future
        self._meter = meter
        self._claim = claim

    @property
    def done(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self._future.done()

    def result(self, meter: Meter | None = None) -> _Answer:
        """The answer, waited for by the statement of this meter (that which asked).

        Raises what the request came to, and what the meter's `watch` raises; then the
        request is given up.
        """
        watch = (meter or self._meter).watch
        try:
            while not self._ready(_SLICE):
                watch()
        except BaseException:
            self.cancel()
            raise
        return self._future.result()

    def within(self, seconds: float) -> _Answer | None:
        """The answer if it comes so soon, whatever the statement is to do; else None.

        The request stays under way.
        """
        end = monotonic() + seconds
        while not self._ready(_SLICE):
            if monotonic() > end:
                return None
        return self._future.result()

    def withdraw(self) -> bool:
        """Give the request up if it was not sent yet; whether that is so."""
        if self._claim.held and not self._future.done():
            self._future.cancel()
            return True
        return False

    def cancel(self) -> None:
        """Give the request up; one that was not sent yet is not sent nor billed."""
        self._future.cancel()

    def _ready(self, seconds: float) -> bool:
        try:
            self._future.exception(seconds)
        except TimeoutError:
            return self._future.done()
        return True
