"""A request under way, and how its statement waits for it."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, wait
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

    def watch(self) -> None:
        """Look whether the statement that asked shall go on; raises what says no."""
        self._meter.watch()

    def _ready(self, seconds: float) -> bool:
        try:
            self._future.exception(seconds)
        except TimeoutError:
            return self._future.done()
        return True


def first(
    pending: Collection[Pending[_Answer]], meter: Meter | None = None
) -> list[Pending[_Answer]]:
    """Those that are done, once there are some; in their order. None of none.

    Raises what the `watch` of the statement's meter raises, or that of the meter that
    asked for each.
    """
    while pending and not any(one.done for one in pending):
        for look in [meter.watch] if meter else [one.watch for one in pending]:
            look()
        wait([one._future for one in pending], _SLICE, FIRST_COMPLETED)
    return [one for one in pending if one.done]
