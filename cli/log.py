"""The lines of the log on standard error, as -v and -vv ask for them."""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from collections.abc import Iterator

from ..client.log import LOGGER


@contextlib.contextmanager
def shown(verbose: int) -> Iterator[None]:
    """Show a line per request while the block lasts; what it asked, too, from 2 on."""
    if not verbose:
        yield
        return
    lines = logging.Formatter("%(asctime)s.%(msecs)03d %(message)s", "%H:%M:%S")
    lines.converter = time.gmtime  # as all times here
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(lines)
    before = LOGGER.level
    LOGGER.setLevel(logging.DEBUG if verbose > 1 else logging.INFO)
    LOGGER.addHandler(handler)
    try:
        yield
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(before)
