"""What Pipedrive counts and sums up of deals, persons and organizations alike.

Source: the values of `include_fields` in the spec.
"""

from .table import Brought, Column
from .values import Kind

INCLUDED = Brought.INCLUDED

ACTIVITIES_NEXT_AND_LAST = (
    Column(
        "next_activity_id",
        Kind.INTEGER,
        "The next activity planned.",
        brought=INCLUDED,
        references="activities.id",
    ),
    Column(
        "last_activity_id",
        Kind.INTEGER,
        "The last activity done.",
        brought=INCLUDED,
        references="activities.id",
    ),
)
OPEN_AND_CLOSED_DEALS = (
    Column(
        "open_deals_count",
        Kind.INTEGER,
        "How many open deals it has.",
        brought=INCLUDED,
    ),
    Column(
        "related_open_deals_count",
        Kind.INTEGER,
        "How many open deals are related to it.",
        brought=INCLUDED,
    ),
    Column(
        "closed_deals_count",
        Kind.INTEGER,
        "How many won and lost deals it has.",
        brought=INCLUDED,
    ),
    Column(
        "related_closed_deals_count",
        Kind.INTEGER,
        "How many won and lost deals are related to it.",
        brought=INCLUDED,
    ),
)
EMAILS = Column(
    "email_messages_count",
    Kind.INTEGER,
    "How many e-mails belong to it.",
    brought=INCLUDED,
)
ACTIVITIES = (
    Column(
        "activities_count",
        Kind.INTEGER,
        "How many activities it has.",
        brought=INCLUDED,
    ),
    Column(
        "done_activities_count",
        Kind.INTEGER,
        "How many of its activities are done.",
        brought=INCLUDED,
    ),
    Column(
        "undone_activities_count",
        Kind.INTEGER,
        "How many of its activities are not done.",
        brought=INCLUDED,
    ),
)
ATTACHED = (
    Column("files_count", Kind.INTEGER, "How many files it has.", brought=INCLUDED),
    Column("notes_count", Kind.INTEGER, "How many notes it has.", brought=INCLUDED),
    Column(
        "followers_count", Kind.INTEGER, "How many users follow it.", brought=INCLUDED
    ),
)
WON_AND_LOST_DEALS = (
    Column(
        "won_deals_count", Kind.INTEGER, "How many won deals it has.", brought=INCLUDED
    ),
    Column(
        "related_won_deals_count",
        Kind.INTEGER,
        "How many won deals are related to it.",
        brought=INCLUDED,
    ),
    Column(
        "lost_deals_count",
        Kind.INTEGER,
        "How many lost deals it has.",
        brought=INCLUDED,
    ),
    Column(
        "related_lost_deals_count",
        Kind.INTEGER,
        "How many lost deals are related to it.",
        brought=INCLUDED,
    ),
)
EMAIL_TIMES = (
    Column(
        "last_incoming_mail_time",
        Kind.TIMESTAMP,
        "When the last e-mail came in.",
        brought=INCLUDED,
    ),
    Column(
        "last_outgoing_mail_time",
        Kind.TIMESTAMP,
        "When the last e-mail went out.",
        brought=INCLUDED,
    ),
)
SMART_BCC = Column(
    "smart_bcc_email",
    Kind.TEXT,
    "The address that files e-mails under it.",
    brought=INCLUDED,
)
