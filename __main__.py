"""`python -m pipedrive_sql` and the command `pipedrive-sql`."""

import signal
import sys


def main() -> int:
    """Run the command line; Ctrl-C ends the process as it ends any other command."""
    try:
        from .cli import main as run

        return run()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
        raise


if __name__ == "__main__":
    sys.exit(main())
