"""Leads, their labels, and the collection of lead labels (all v1)."""

from .inputs import narrowed, saved_filters, searched
from .table import Column, Endpoint, Parameter, Table
from .values import Kind

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

COLUMNS = (
    Column("id", Kind.TEXT, "The lead's id, a UUID.", never_null=True),
    Column("title", Kind.TEXT, "What the lead is called.", searched="title"),
    Column("value", Kind.REAL, "What it may be worth.", at="value.amount"),
    Column(
        "currency",
        Kind.TEXT,
        "The currency of `value`.",
        at="value.currency",
        references="currencies.code",
    ),
    Column("owner_id", Kind.INTEGER, "The user who owns it.", references="users.id"),
    Column(
        "creator_user_id",
        Kind.INTEGER,
        "The user who created it.",
        at="creator_id",
        references="users.id",
    ),
    Column(
        "person_id", Kind.INTEGER, "The person it is with.", references="persons.id"
    ),
    Column(
        "org_id",
        Kind.INTEGER,
        "The organization it is with.",
        at="organization_id",
        references="organizations.id",
    ),
    Column("expected_close_date", Kind.DATE, "When its deal is expected to close."),
    Column(
        "next_activity_id",
        Kind.INTEGER,
        "The next activity planned.",
        references="activities.id",
    ),
    Column("label_ids", Kind.JSON, "The ids of its labels; see lead_label_links."),
    Column("was_seen", Kind.BOOLEAN, "Whether somebody opened it in Pipedrive."),
    Column(
        "source_name",
        Kind.TEXT,
        "Where it comes from: API, Web forms and so on.",
        references="lead_sources.name",
    ),
    Column(
        "source_deal_id",
        Kind.INTEGER,
        "The deal it was converted from.",
        references="deals.id",
    ),
    Column("origin", Kind.TEXT, "How it was created, as in ManuallyCreated."),
    Column("origin_id", Kind.TEXT, "What created it, as set by that origin."),
    Column("channel", Kind.INTEGER, "The option id of its marketing channel."),
    Column("channel_id", Kind.TEXT, "What tells its marketing channel further."),
    Column("visible_to", Kind.INTEGER, "Who may see it: 1 the owner, up to 7 all."),
    Column("is_archived", Kind.BOOLEAN, "Whether it is archived."),
    Column("add_time", Kind.TIMESTAMP, "When it was added.", never_null=True),
    Column("update_time", Kind.TIMESTAMP, "When it last changed."),
    Column(
        "smart_bcc_email",
        Kind.TEXT,
        "The address that files e-mails under it.",
        at="cc_email",
    ),
)

FILTERS = (
    Parameter("owner_id", "owner_id"),
    Parameter("person_id", "person_id"),
    Parameter("organization_id", "org_id"),
    *saved_filters("leads"),
)

# Leads have the custom fields of deals, flat on the row.
TABLES = (
    Table(
        "leads",
        "Leads that are not archived.",
        key="id",
        fields="deal",
        search=searched("lead", "/leads/search", whole=False),
        columns=(*COLUMNS, *narrowed("leads")),
        endpoints=(
            Endpoint(
                "/leads/{id}",
                price=2,
                version=1,
                one=True,
                parameters=(Parameter("id", "id", pattern=UUID),),
                only=(("is_archived", False),),
            ),
            Endpoint(
                "/leads",
                price=20,
                version=1,
                parameters=(*FILTERS, Parameter("updated_since", "update_time", ">=")),
                # Of the keys of `sort`, only this one is never null and a time.
                sorts=("add_time",),
            ),
        ),
    ),
    Table(
        "leads_archived",
        "Leads that were archived.",
        key="id",
        fields="deal",
        columns=(*COLUMNS, *narrowed("leads_archived", searched=False)),
        endpoints=(
            # No /leads/{id}: that it serves archived leads is not documented.
            Endpoint(
                "/leads/archived",
                price=40,
                version=1,
                parameters=FILTERS,
                sorts=("add_time",),
            ),
        ),
    ),
    Table(
        "lead_label_links",
        "Which lead has which label, one row each.",
        key="",
        source="leads",
        each="label_ids",
        columns=(
            Column("lead_id", Kind.TEXT, "The lead.", at="^.id", references="leads.id"),
            Column("position", Kind.INTEGER, "Its place in the list, from 0.", at="#"),
            Column(
                "lead_label_id",
                Kind.TEXT,
                "The label.",
                at=".",
                references="lead_labels.id",
            ),
        ),
    ),
    Table(
        "lead_labels",
        "The labels that leads can have.",
        key="id",
        columns=(
            Column("id", Kind.TEXT, "The label's id, a UUID.", never_null=True),
            Column("name", Kind.TEXT, "The label."),
            Column("color", Kind.TEXT, "Its colour: blue, dark-gray and so on."),
            Column("add_time", Kind.TIMESTAMP, "When it was added."),
            Column("update_time", Kind.TIMESTAMP, "When it last changed."),
        ),
        endpoints=(Endpoint("/leadLabels", price=10, version=1, page=0),),
    ),
    Table(
        "lead_sources",
        "Where leads can come from; the same list in every account.",
        key="name",
        columns=(
            Column(
                "name",
                Kind.TEXT,
                "The source, as in leads.source_name.",
                never_null=True,
            ),
        ),
        endpoints=(Endpoint("/leadSources", price=2, version=1, page=0),),
    ),
)
