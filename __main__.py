"""`python -m pipedrive_sql` and the command `pipedrive-sql`."""

import signal
import sys


def main() -> int:
    """Run the command line; signals end the process as they end any other command.

    What was begun is taken down before: a file that is half written, a temporary filter
    in the account. A second signal does not wait for that.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    try:
        from .cli import main as run

        return run()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
        raise


def _end(number: int, frame: object) -> None:
    """Leave with the status that shells show for the signal."""
    signal.signal(number, signal.SIG_DFL)
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
