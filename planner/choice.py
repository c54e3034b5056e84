"""A Choice: the plan for a question, and what SQLite has to know of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from .plan import Plan
from .price import Estimate
from .question import Question


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan, which constraint gives each of its inputs, and what it should cost.

    `question` is what it answers. `not_summarised` is why Pipedrive's summary does not
    count the deals of a statement that only counts.
    """

    plan: Plan
    arguments: tuple[int, ...]
    estimate: Estimate
    unique: bool = False
    order_consumed: bool = False
    question: Question = field(default_factory=Question)
    not_summarised: str = ""
