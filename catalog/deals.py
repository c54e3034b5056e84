"""Deals: the open, won and lost ones, the archived ones and the deleted ones."""

from .inputs import narrowed, saved_filters, searched
from .rollups import (
    ACTIVITIES,
    ACTIVITIES_NEXT_AND_LAST,
    ATTACHED,
    EMAIL_TIMES,
    EMAILS,
    SMART_BCC,
)
from .table import Brought, Column, Endpoint, Form, Parameter, Table
from .values import Kind

INCLUDED = Brought.INCLUDED

COLUMNS = (
    Column("id", Kind.INTEGER, "The deal's id.", never_null=True),
    Column("title", Kind.TEXT, "What the deal is called.", searched="title"),
    Column("status", Kind.TEXT, "open, won, lost or deleted."),
    Column("value", Kind.REAL, "What the deal is worth, in `currency`."),
    Column(
        "currency",
        Kind.TEXT,
        "The currency of `value`, `acv`, `arr` and `mrr`.",
        references="currencies.code",
    ),
    Column("owner_id", Kind.INTEGER, "The user who owns it.", references="users.id"),
    Column(
        "creator_user_id",
        Kind.INTEGER,
        "The user who created it.",
        references="users.id",
    ),
    Column(
        "person_id", Kind.INTEGER, "The person it is with.", references="persons.id"
    ),
    Column(
        "org_id",
        Kind.INTEGER,
        "The organization it is with.",
        references="organizations.id",
    ),
    Column(
        "pipeline_id",
        Kind.INTEGER,
        "The pipeline it is in.",
        references="pipelines.id",
    ),
    Column("stage_id", Kind.INTEGER, "The stage it is in.", references="stages.id"),
    Column("probability", Kind.REAL, "The chance to win it, in percent."),
    Column("expected_close_date", Kind.DATE, "When it is expected to close."),
    Column("add_time", Kind.TIMESTAMP, "When it was added.", never_null=True),
    Column("update_time", Kind.TIMESTAMP, "When it last changed.", never_null=True),
    Column("stage_change_time", Kind.TIMESTAMP, "When it came into its stage."),
    Column("close_time", Kind.TIMESTAMP, "When it was won or lost."),
    Column("won_time", Kind.TIMESTAMP, "When it was won."),
    Column("lost_time", Kind.TIMESTAMP, "When it was lost."),
    Column("local_close_date", Kind.DATE, "`close_time` in the account's own zone."),
    Column("local_won_date", Kind.DATE, "`won_time` in the account's own zone."),
    Column("local_lost_date", Kind.DATE, "`lost_time` in the account's own zone."),
    Column("lost_reason", Kind.TEXT, "Why it was lost."),
    Column("label_ids", Kind.JSON, "The ids of its labels.", form=Form.IDS),
    Column("labels", Kind.JSON, "Its labels.", at="label_ids", form=Form.LABELS),
    Column("acv", Kind.REAL, "Annual contract value; null without products."),
    Column("arr", Kind.REAL, "Annual recurring revenue; null without products."),
    Column("mrr", Kind.REAL, "Monthly recurring revenue; null without products."),
    Column("origin", Kind.TEXT, "How it was created, as in ManuallyCreated."),
    Column("origin_id", Kind.TEXT, "What created it, as set by that origin."),
    Column("channel", Kind.INTEGER, "The option id of its marketing channel."),
    Column("channel_id", Kind.TEXT, "What tells its marketing channel further."),
    Column("visible_to", Kind.INTEGER, "Who may see it: 1 the owner, up to 7 all."),
    Column("is_archived", Kind.BOOLEAN, "Whether it is archived."),
    Column("archive_time", Kind.TIMESTAMP, "When it was archived."),
    Column("is_deleted", Kind.BOOLEAN, "Whether it is deleted."),
    *ACTIVITIES_NEXT_AND_LAST,
    Column(
        "first_won_time",
        Kind.TIMESTAMP,
        "When it was won for the first time.",
        brought=INCLUDED,
    ),
    Column(
        "products_count", Kind.INTEGER, "How many products it has.", brought=INCLUDED
    ),
    *ATTACHED,
    EMAILS,
    *ACTIVITIES,
    Column(
        "participants_count",
        Kind.INTEGER,
        "How many persons take part in it.",
        brought=INCLUDED,
    ),
    *EMAIL_TIMES,
    SMART_BCC,
    Column(
        "source_lead_id",
        Kind.TEXT,
        "The lead it was converted from.",
        brought=INCLUDED,
        references="leads.id",
    ),
)

# Every filter of the lists but `ids`, `status` and saved filters.
FILTERS = (
    Parameter("owner_id", "owner_id"),
    Parameter("person_id", "person_id"),
    Parameter("org_id", "org_id"),
    Parameter("pipeline_id", "pipeline_id"),
    Parameter("stage_id", "stage_id"),
    Parameter("updated_since", "update_time", ">="),
    Parameter("updated_until", "update_time", "<"),
)
SAVED = saved_filters("deals")
IDS = Parameter("ids", "id", many=100)
# Without a status the lists give every deal that is not deleted.
STATUS = Parameter("status", "status", many=3, values=("open", "won", "lost"))
SORTS = ("id", "add_time", "update_time")

TABLES = (
    Table(
        "deals",
        "Deals that are neither archived nor deleted.",
        key="id",
        fields="deal",
        search=searched("deal", "/deals/search"),
        columns=(*COLUMNS, *narrowed("deals")),
        endpoints=(
            Endpoint(
                "/deals/{id}",
                price=1,
                one=True,
                parameters=(Parameter("id", "id"),),
                only=(("is_archived", False), ("is_deleted", False)),
                include_fields=True,
                custom_fields=True,
            ),
            Endpoint(
                "/deals",
                price=10,
                parameters=(IDS, STATUS, *FILTERS, *SAVED),
                sorts=SORTS,
                # Whether `ids` also gives deleted deals is not documented.
                only=(("is_archived", False), ("is_deleted", False)),
                include_fields=True,
                custom_fields=True,
            ),
        ),
    ),
    Table(
        "deals_archived",
        "Deals that were archived.",
        key="id",
        fields="deal",
        # That searches know archived deals is not documented.
        search=searched("deal", "/deals/search", whole=False),
        columns=(*COLUMNS, *narrowed("deals_archived")),
        endpoints=(
            # No /deals/{id}: that it serves archived deals is not documented.
            Endpoint(
                "/deals/archived",
                price=20,
                parameters=(IDS, STATUS, *FILTERS, *SAVED),
                sorts=SORTS,
                only=(("is_deleted", False),),
                include_fields=True,
                custom_fields=True,
            ),
        ),
    ),
    Table(
        "deals_deleted",
        "Deals deleted in the last 30 days.",
        key="id",
        fields="deal",
        columns=COLUMNS,
        endpoints=(
            # Neither /deals/{id} nor `ids`: that they serve deleted deals is not
            # documented.
            Endpoint(
                "/deals",
                price=10,
                parameters=FILTERS,
                sorts=SORTS,
                fixed=(("status", "deleted"),),
                include_fields=True,
                custom_fields=True,
            ),
        ),
    ),
    Table(
        "deal_labels",
        "The labels of deals, one row each.",
        key="",
        fields="deal",
        source="deals",
        each="label_ids",
        columns=(
            Column(
                "deal_id",
                Kind.INTEGER,
                "The deal.",
                at="^.id",
                references="deals.id",
            ),
            Column("position", Kind.INTEGER, "Its place in the list, from 0.", at="#"),
            Column("label_id", Kind.INTEGER, "The label's id.", at="."),
            Column("label", Kind.TEXT, "The label.", at=".", form=Form.LABEL),
        ),
    ),
)
