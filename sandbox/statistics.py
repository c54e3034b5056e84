"""How deals moved through a pipeline in a period (v1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

from .collection import LIVE, Row
from .company import Company
from .endpoint import Call, Endpoint, Reader, Reply, success
from .parameters import date, integer
from .refusal import invalid, missing


def _deals(company: Company, pipeline: int, user: int) -> list[Row]:
    deals = company["deals"].on(LIVE)
    return [
        row
        for row in deals
        if row["pipeline_id"] == pipeline and row["owner_id"] == user
    ]


def _within(rows: list[Row], column: str, start: str, end: str) -> list[Row]:
    return [row for row in rows if start <= (row[column] or "")[:10] <= end]


def conversion(company: Company, pipeline: int, start: str, end: str, user: int) -> Row:
    """Rates in percent, from each stage to the next, and to won and lost."""
    rows = _within(_deals(company, pipeline, user), "add_time", start, end)
    stages = [
        row["id"]
        for row in company["stages"].children("pipeline_id", pipeline)
        if not row["is_deleted"]
    ]
    reached = [
        sum(row["stage_id"] in stages[place:] for row in rows)
        for place in range(len(stages))
    ]
    steps = pairwise(zip(stages, reached, strict=True))
    return {
        "stage_conversions": [
            {
                "from_stage_id": here,
                "to_stage_id": there,
                "conversion_rate": _percent(after, before),
            }
            for (here, before), (there, after) in steps
        ],
        "won_conversion": _percent(_count(rows, "won"), len(rows)),
        "lost_conversion": _percent(_count(rows, "lost"), len(rows)),
    }


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def _count(rows: list[Row], status: str) -> int:
    return sum(row["status"] == status for row in rows)


def movement(company: Company, pipeline: int, start: str, end: str, user: int) -> Row:
    """Which deals were added, moved, won and lost, and how old they are in days."""
    rows = _deals(company, pipeline, user)
    added = _within(rows, "add_time", start, end)
    ages: dict[int, list[int]] = defaultdict(list)
    for row in added:
        begun = datetime.fromisoformat(row["add_time"])
        ages[row["stage_id"]].append((company.now - begun).days)
    every = [age for some in ages.values() for age in some]
    moved = _within(rows, "stage_change_time", start, end)
    return {
        "movements_between_stages": {"count": len(moved)},
        "new_deals": _summed(added),
        "deals_left_open": _summed([r for r in added if r["status"] == "open"]),
        "won_deals": _summed(_within(rows, "won_time", start, end)),
        "lost_deals": _summed(_within(rows, "lost_time", start, end)),
        "average_age_in_days": {
            "across_all_stages": _average(every),
            "by_stages": [
                {"stage_id": stage, "value": _average(some)}
                for stage, some in sorted(ages.items())
            ],
        },
    }


def _average(ages: list[int]) -> int:
    return round(sum(ages) / len(ages)) if ages else 0


def _summed(rows: list[Row]) -> Row:
    values: dict[str, int] = defaultdict(int)
    for row in rows:
        values[row["currency"]] += int(row["value"] or 0)
    return {
        "count": len(rows),
        "deals_ids": [row["id"] for row in rows],
        "values": dict(values),
        "formatted_values": {code: f"{code} {n:,}" for code, n in values.items()},
    }


def _answer(
    report: Callable[[Company, int, str, str, int], Row],
) -> Callable[[Call], Reply]:
    """One's own deals unless a user is given."""

    def answer(call: Call) -> Reply:
        company, query, text = call.company, call.query, call.path["id"]
        if not text.isdigit() or company["pipelines"].get(int(text)) is None:
            raise missing("Pipeline not found")
        for name in ("start_date", "end_date"):
            if name not in query:
                raise invalid(name, "is required")
        user = query.get("user_id", company.me)
        start, end = query["start_date"], query["end_date"]
        return success(report(company, int(text), start, end, user))

    return answer


_QUERY: dict[str, Reader] = {"start_date": date, "end_date": date, "user_id": integer}
_CONVERSION = "/pipelines/{id}/conversion_statistics"
_MOVEMENT = "/pipelines/{id}/movement_statistics"
ENDPOINTS = (
    Endpoint("GET", 1, _CONVERSION, 40, _answer(conversion), _QUERY),
    Endpoint("GET", 1, _MOVEMENT, 40, _answer(movement), _QUERY),
)
