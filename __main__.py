"""`python -m pipedrive_sql` and the command `pipedrive-sql`."""

import signal
import sys
from _thread import interrupt_main
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_AGAIN = 0.02  # seconds


def main() -> int:
    """Run the command line; signals end the process as they end any other command.

    What was begun is taken down before: a file that is half written, a temporary filter
    in the account. A second signal does not wait for that.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    sys.unraisablehook = _unraised
    try:
        from .cli import main as run

        return run()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
        raise


class _Ended(SystemExit):
    """A signal has come; the status is what shells show for it."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number


def _end(number: int, frame: object) -> None:
    """Leave."""
    signal.signal(number, signal.SIG_DFL)
    raise _Ended(number)


def _unraised(told: "UnraisableHookArgs") -> None:
    """What is raised while Python tidies up ends there. A signal comes again then, a
    moment later.
    """
    match told.exc_value:
        case _Ended(number=number):
            signal.signal(number, _end)
        case KeyboardInterrupt():
            number = signal.SIGINT
        case _:
            sys.__unraisablehook__(told)
            return
    Timer(_AGAIN, interrupt_main, [number]).start()


if __name__ == "__main__":
    sys.exit(main())
