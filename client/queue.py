"""Where requests of one token stand until there is a place for them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


@dataclass(slots=True)
class Queue:
    """All requests of the process that wait for a place in the same window.

    Only the first one, who has the `turn`, asks for a place: were all of them to ask
    whenever one is free, most would ask in vain. `why` is what the first one waits
    for, "" for nothing.
    """

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    why: str = ""
