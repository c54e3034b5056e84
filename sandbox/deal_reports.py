"""/v1/deals/summary and /v1/deals/timeline, each also of archived deals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from .collection import ARCHIVED, LIVE, Row
from .company import Company
from .conditions import saved_filter
from .endpoint import Call, Endpoint, Reader, Reply, success
from .parameters import date as day
from .parameters import flag, integer, numbers, one_of, plain
from .refusal import invalid
from .times import to_v1

RATES = {
    **{"EUR": 1.0, "USD": 0.9, "GBP": 1.2, "JPY": 0.006},
    **{"KWD": 2.9, "TRY": 0.025, "UAH": 0.02, "CNY": 0.12},
}
"""What one unit is worth in the company's own currency."""
SIGNS = {"EUR": "€", "USD": "US$", "JPY": "¥"}
MOST = 400  # intervals of one timeline


def _chosen(call: Call, shelf: str, *, hidden: bool = False) -> list[Row]:
    """The deals that the common parameters leave; a filter drops user_id.

    `hidden` ones are those that the token's user may not see.
    """
    query = call.query
    wanted = {
        "user_id": "owner_id",
        "pipeline_id": "pipeline_id",
        "stage_id": "stage_id",
        "status": "status",
    }
    rows = list(call.company["deals"].on(shelf))
    if call.sees is not None and not hidden:
        rows = [row for row in rows if call.sees(row)]
    if "filter_id" in query:
        del wanted["user_id"]
        test = saved_filter(call, query["filter_id"], "deals")
        rows = [row for row in rows if test(row)]
    for name, column in wanted.items():
        if name in query:
            rows = [row for row in rows if row[column] == query[name]]
    return rows


def weighted(company: Company, deal: Row) -> float:
    """The value times the deal's own probability, else that of its stage."""
    return round((deal["value"] or 0) * _chance(company, deal) / 100, 2)


def _chance(company: Company, deal: Row) -> float:
    chance = deal["probability"]
    if chance is None:
        chance = company["stages"].rows[deal["stage_id"]]["deal_probability"]
    return float(chance)


def _weights(company: Company, rows: list[Row]) -> dict[str, float]:
    return _totals((row["currency"], weighted(company, row)) for row in rows)


def _text(currency: str, value: float) -> str:
    return f"{SIGNS.get(currency, currency)}{value:,}"


def _totals(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for currency, value in pairs:
        sums[currency] = sums.get(currency, 0) + value
    return {currency: round(value, 2) for currency, value in sums.items()}


def _converted(sums: dict[str, float], currency: str) -> float:
    total = sum(value * RATES.get(name, 1.0) for name, value in sums.items())
    return round(total / RATES[currency], 2)


def summary(company: Company, rows: list[Row]) -> Row:
    home = company.currency
    counts = Counter(row["currency"] for row in rows)
    sums = _totals((row["currency"], row["value"] or 0) for row in rows)
    weights = _weights(company, rows)
    total, weight = _converted(sums, home), _converted(weights, home)
    return {
        "values_total": {
            name: {
                "value": value,
                "count": counts[name],
                "value_converted": _converted({name: value}, home),
                "value_formatted": _text(name, value),
                "value_converted_formatted": _text(
                    home, _converted({name: value}, home)
                ),
            }
            for name, value in sums.items()
        },
        "weighted_values_total": {
            name: {
                "value": value,
                "count": counts[name],
                "value_formatted": _text(name, value),
            }
            for name, value in weights.items()
        },
        "total_count": len(rows),
        "total_currency_converted_value": total,
        "total_weighted_currency_converted_value": weight,
        "total_currency_converted_value_formatted": _text(home, total),
        "total_weighted_currency_converted_value_formatted": _text(home, weight),
    }


def _summary(shelf: str) -> Callable[[Call], Reply]:
    def answer(call: Call) -> Reply:
        hidden = call.switches.summary_counts_invisible
        return success(summary(call.company, _chosen(call, shelf, hidden=hidden)))

    return answer


# Timeline


def _ends(start: date, interval: str, amount: int) -> list[date]:
    """Where each interval begins, and the day after the last."""
    found = [start]
    for _ in range(amount):
        last = found[-1]
        if interval in ("day", "week"):
            found.append(last + timedelta(7 if interval == "week" else 1))
            continue
        months = last.year * 12 + last.month - 1 + (3 if interval == "quarter" else 1)
        found.append(date(months // 12, months % 12 + 1, 1))
    return found


def _timeline(shelf: str) -> Callable[[Call], Reply]:
    def answer(call: Call) -> Reply:
        query = call.query
        for name in _NEEDED:
            if name not in query:
                raise invalid(name, "is required")
        if not 1 <= query["amount"] <= MOST:
            raise invalid("amount", f"must be between 1 and {MOST}")
        key = query["field_key"]
        field = call.company.field("deal", key)
        if field is None or field.type != "date":
            raise invalid("field_key", "must be the key of a date field of deals")
        start = date.fromisoformat(query["start_date"])
        ends = _ends(start, query["interval"], query["amount"])
        rows = [r for r in _chosen(call, shelf) if r["status"] in ("open", "won")]
        periods = [
            _period(call, first, after, rows, key) for first, after in pairwise(ends)
        ]
        if call.switches.timeline_is_one_object:
            return success(periods[0])
        return success(periods)

    return answer


def _period(call: Call, first: date, after: date, rows: list[Row], key: str) -> Row:
    company = call.company
    low, high = first.isoformat(), after.isoformat()
    found = [row for row in rows if low <= (_day(row, key) or "") < high]
    last = after - timedelta(1)
    period: Row = {
        "period_start": f"{low} 00:00:00",
        "period_end": f"{last.isoformat()} 23:59:59",
        "deals": [deal_v1(company, row) for row in found],
        "totals": totals(company, found),
    }
    if call.query.get("exclude_deals"):
        del period["deals"]
    currency = call.query.get("totals_convert_currency")
    if currency is not None:
        period["totals_converted"] = {
            name: _converted(value, currency)
            for name, value in period["totals"].items()
            if isinstance(value, dict)
        }
    return period


def _day(row: Row, key: str) -> str | None:
    value = row[key] if key in row else row["custom_fields"].get(key)
    return str(value)[:10] if value else None


def totals(company: Company, rows: list[Row]) -> Row:
    def values(status: str | None = None) -> dict[str, float]:
        some = [row for row in rows if status in (None, row["status"])]
        return _totals((row["currency"], row["value"] or 0) for row in some)

    def weights(status: str | None = None) -> dict[str, float]:
        return _weights(
            company, [row for row in rows if status in (None, row["status"])]
        )

    return {
        "count": len(rows),
        "values": values(),
        "weighted_values": weights(),
        "open_count": sum(row["status"] == "open" for row in rows),
        "open_values": values("open"),
        "weighted_open_values": weights("open"),
        "won_count": sum(row["status"] == "won" for row in rows),
        "won_values": values("won"),
    }


def deal_v1(company: Company, row: Row) -> Row:
    """The keys of v1 that have a counterpart in v2."""
    whole = company["deals"].complete(row)
    times = {
        key: to_v1(row[key]) if row[key] else ""
        for key in ("add_time", "update_time", "won_time", "lost_time", "close_time")
    }
    same = ("id", "person_id", "org_id", "stage_id", "title", "value", "currency")
    more = ("status", "probability", "lost_reason", "pipeline_id", "is_archived")
    counts = [key for key in whole if key.endswith("_count")]
    names: dict[str, Any] = {
        "owner_name": company["users"].rows[row["owner_id"]]["name"],
        "person_name": (company["persons"].get(row["person_id"]) or {}).get("name"),
        "org_name": (company["organizations"].get(row["org_id"]) or {}).get("name"),
    }
    return {
        **{key: row[key] for key in (*same, *more)},
        **{key: whole[key] for key in counts},
        **times,
        **names,
        "creator_user_id": row["creator_user_id"],
        "user_id": row["owner_id"],
        "active": row["status"] == "open",
        "deleted": False,
        "visible_to": str(row["visible_to"]),
        "expected_close_date": row["expected_close_date"],
        "label": ",".join(map(str, row["label_ids"])) or None,
        "weighted_value": weighted(company, row),
        "weighted_value_currency": row["currency"],
        "cc_email": whole["smart_bcc_email"],
    }


_NEEDED = ("start_date", "interval", "amount", "field_key")
_SUMMARY: dict[str, Reader] = {
    **numbers("filter_id", "user_id", "pipeline_id", "stage_id"),
    "status": one_of("open", "won", "lost"),
}
_TIMELINE: dict[str, Reader] = {
    **numbers("user_id", "pipeline_id", "filter_id"),
    "start_date": day,
    "interval": one_of("day", "week", "month", "quarter"),
    "amount": integer,
    "field_key": plain,
    "exclude_deals": flag,
    "totals_convert_currency": one_of(*RATES),
}
ENDPOINTS = (
    Endpoint("GET", 1, "/deals/summary", 40, _summary(LIVE), _SUMMARY),
    Endpoint("GET", 1, "/deals/summary/archived", 80, _summary(ARCHIVED), _SUMMARY),
    Endpoint("GET", 1, "/deals/timeline", 20, _timeline(LIVE), _TIMELINE),
    Endpoint("GET", 1, "/deals/timeline/archived", 40, _timeline(ARCHIVED), _TIMELINE),
)
