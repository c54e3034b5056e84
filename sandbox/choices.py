"""What can be chosen in the fields that every account has: ids and labels."""

from __future__ import annotations

from typing import Any

Options = list[dict[str, Any]]

STATUS: Options = [
    {"id": "open", "label": "Open"},
    {"id": "won", "label": "Won"},
    {"id": "lost", "label": "Lost"},
    {"id": "deleted", "label": "Deleted"},
]
PROJECT_STATUS: Options = [
    {"id": "open", "label": "Open"},
    {"id": "completed", "label": "Completed"},
    {"id": "canceled", "label": "Canceled"},
    {"id": "deleted", "label": "Deleted"},
]
VISIBLE: Options = [
    {"id": 1, "label": "Item owner"},
    {"id": 3, "label": "Item owner's visibility group"},
    {"id": 5, "label": "Item owner's visibility group and sub-groups"},
    {"id": 7, "label": "All users"},
]
CHANNELS: Options = [
    {"id": 52, "label": "Billboards"},
    {"id": 53, "label": "Web"},
    {"id": 54, "label": "Fair"},
]
YES_NO: Options = [{"id": 1, "label": "Yes"}, {"id": 0, "label": "No"}]
PRIORITIES: Options = [
    {"id": 261, "label": "Low"},
    {"id": 262, "label": "Medium"},
    {"id": 263, "label": "High"},
]
INDUSTRIES: Options = [
    {"id": 1, "label": "Agriculture"},
    {"id": 2, "label": "Manufacturing"},
    {"id": 3, "label": "Software"},
    {"id": 4, "label": "Health"},
    {"id": 5, "label": "Finance"},
]
MARKETING: Options = [
    {"id": "no_consent", "label": "No consent"},
    {"id": "subscribed", "label": "Subscribed"},
    {"id": "unsubscribed", "label": "Unsubscribed"},
    {"id": "archived", "label": "Archived"},
]
BILLING: Options = [
    {"id": "one-time", "label": "One-time"},
    {"id": "annually", "label": "Annually"},
    {"id": "semi-annually", "label": "Semi-annually"},
    {"id": "quarterly", "label": "Quarterly"},
    {"id": "monthly", "label": "Monthly"},
    {"id": "weekly", "label": "Weekly"},
]
CATEGORIES: Options = [
    {"id": 31, "label": "Software"},
    {"id": 32, "label": "Hardware"},
    {"id": 33, "label": "Services"},
]

OPTIONS: dict[str, Options] = {
    "status": STATUS,
    "visible_to": VISIBLE,
    "channel": CHANNELS,
    "priority": PRIORITIES,
    "industry": INDUSTRIES,
    "marketing_status": MARKETING,
    "billing_frequency": BILLING,
    "category": CATEGORIES,
    "is_archived": YES_NO,
}

LABELS: dict[str, Options] = {
    "deal": [
        {"id": 1, "label": "Hot", "color": "red"},
        {"id": 2, "label": "Warm", "color": "yellow"},
        {"id": 3, "label": "Cold", "color": "blue"},
        {"id": 4, "label": "Ünïcode 🏷", "color": "green"},
    ],
    "person": [
        {"id": 11, "label": "Customer", "color": "green"},
        {"id": 12, "label": "Hot lead", "color": "red"},
        {"id": 13, "label": "Cold lead", "color": "blue"},
    ],
    "organization": [
        {"id": 21, "label": "Customer", "color": "green"},
        {"id": 22, "label": "Partner", "color": "purple"},
        {"id": 23, "label": "Competitor", "color": "dark-gray"},
    ],
    "project": [
        {"id": 31, "label": "Internal", "color": "blue"},
        {"id": 32, "label": "For a customer", "color": "green"},
        {"id": 33, "label": "срочно", "color": "red"},
    ],
}


def options_of(entity: str, code: str, kind: str) -> Options | None:
    """The options of a built-in field, or None."""
    if (entity, code) == ("project", "status"):
        return PROJECT_STATUS
    if code == "label_ids":
        return LABELS.get(entity, [])
    if code.startswith("pinned_to_"):
        return YES_NO
    return OPTIONS.get(code) if kind not in {"int", "varchar"} else None
