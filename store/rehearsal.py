"""A statement run ahead of itself, to see what one of its scans will ask for."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..client.usage import Cause, Claim, Meter

# A scan: its table, plan and columns, and the how many-eth of such it is.
Role = tuple[str, str, tuple[str, ...], int]
# What a scan is asked for: a key, or the values of its plan's inputs.
Wanted = int | str | tuple[object, ...]


class Stopped(Exception):
    """What comes next in the rehearsal would have to be paid for."""


class Unpaid(Meter):
    """The meter of a rehearsal: nothing is asked on it."""

    __slots__ = ()

    def claim(self, price: int, what: str, cause: Cause | None) -> Claim:
        """Raises Stopped."""
        raise Stopped


@dataclass(slots=True)
class Rehearsal:
    """One rehearsal for the scan `role`.

    `wanted` are the values that it was asked for and did not know, in their order.
    Lists that the statement has begun are read on, billed to `payer`, once there are
    more than `enough` of them. `ended` says that nothing stood in the way, `dry` are
    other scans that did not know all they were asked for.
    """

    role: Role
    enough: float
    payer: Meter
    wanted: dict[Wanted, None] = field(default_factory=dict)
    ended: bool = False
    dry: set[Role] = field(default_factory=set)

    @property
    def reads_on(self) -> bool:
        """Whether lists that are read anyway are read on."""
        return len(self.wanted) > self.enough
