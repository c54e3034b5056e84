"""What a connection lets the planner do; none of it changes which rows come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Options:
    """`analysis`: the text of statements is read for hints. `search`: Pipedrive's
    search narrows where the documentation shows that it finds all ("prove"), also for
    LIKE with wildcards, where it does not ("like"), or never ("off").
    `temporary_filters`: conditions may be written to the account as a saved filter for
    the time of a statement. `summaries`: Pipedrive's own summary counts deals
    ("count"), sums them up, too, which may differ in the last digit ("sum"), or does
    neither ("off").
    """

    analysis: bool = True
    search: Literal["off", "prove", "like"] = "prove"
    temporary_filters: bool = False
    summaries: Literal["off", "count", "sum"] = "count"
