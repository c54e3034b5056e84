"""The open deals of pipelines and of stages as v1 lists them; `deals` costs less."""

from .table import Column, Endpoint, Form, Parameter, Table
from .values import Kind


def _counts(*things: str) -> tuple[Column, ...]:
    return tuple(
        Column(
            f"{thing}_count",
            Kind.INTEGER,
            f"How many {thing.replace('_', ' ')} it has.",
        )
        for thing in things
    )


def _money(name: str, about: str) -> tuple[Column, ...]:
    return (
        Column(name, Kind.REAL, f"{about}; null without products."),
        Column(f"{name}_currency", Kind.TEXT, f"The currency of `{name}`."),
    )


COLUMNS = (
    Column("id", Kind.INTEGER, "The deal's id.", never_null=True),
    Column("title", Kind.TEXT, "What the deal is called."),
    Column("status", Kind.TEXT, "open."),
    Column("value", Kind.REAL, "What the deal is worth, in `currency`."),
    Column(
        "currency",
        Kind.TEXT,
        "The currency of `value`.",
        references="currencies.code",
    ),
    Column(
        "owner_id", Kind.INTEGER, "Who owns it.", at="user_id", references="users.id"
    ),
    Column("creator_user_id", Kind.INTEGER, "Who created it.", references="users.id"),
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
        "The pipeline.",
        references="pipelines.id",
        never_null=True,
    ),
    Column(
        "stage_id",
        Kind.INTEGER,
        "The stage.",
        references="stages.id",
        never_null=True,
    ),
    Column("stage_order_nr", Kind.INTEGER, "The place of its stage."),
    Column("probability", Kind.REAL, "The chance to win it, in percent."),
    Column("weighted_value", Kind.REAL, "`value` by the chance to win it."),
    Column("weighted_value_currency", Kind.TEXT, "The currency of `weighted_value`."),
    Column("formatted_value", Kind.TEXT, "`value` written with its currency."),
    Column(
        "formatted_weighted_value",
        Kind.TEXT,
        "`weighted_value` written with its currency.",
    ),
    Column("expected_close_date", Kind.DATE, "When it is expected to close."),
    Column("add_time", Kind.TIMESTAMP, "When it was added."),
    Column("update_time", Kind.TIMESTAMP, "When it last changed."),
    Column("stage_change_time", Kind.TIMESTAMP, "When it came into its stage."),
    Column("close_time", Kind.TIMESTAMP, "When it was won or lost."),
    Column("won_time", Kind.TIMESTAMP, "When it was won."),
    Column("first_won_time", Kind.TIMESTAMP, "When it was won for the first time."),
    Column("lost_time", Kind.TIMESTAMP, "When it was lost."),
    Column("rotten_time", Kind.TIMESTAMP, "When it had been idle for too long."),
    Column("lost_reason", Kind.TEXT, "Why it was lost."),
    Column("label_ids", Kind.JSON, "The ids of its labels.", at="label", form=Form.IDS),
    *_money("acv", "Annual contract value"),
    *_money("arr", "Annual recurring revenue"),
    *_money("mrr", "Monthly recurring revenue"),
    Column("origin", Kind.TEXT, "How it was created, as in ManuallyCreated."),
    Column("origin_id", Kind.TEXT, "What created it, as set by that origin."),
    Column("channel", Kind.INTEGER, "The option id of its marketing channel."),
    Column("channel_id", Kind.TEXT, "What tells its marketing channel further."),
    Column("visible_to", Kind.INTEGER, "Who may see it: 1 the owner, up to 7 all."),
    Column("is_active", Kind.BOOLEAN, "Whether it is open.", at="active"),
    Column("is_archived", Kind.BOOLEAN, "Whether it is archived."),
    Column("is_deleted", Kind.BOOLEAN, "Whether it is deleted.", at="deleted"),
    Column("owner_name", Kind.TEXT, "The name of the owner."),
    Column("person_name", Kind.TEXT, "The name of the person."),
    Column("org_name", Kind.TEXT, "The name of the organization."),
    Column("is_person_hidden", Kind.BOOLEAN, "Whether hidden.", at="person_hidden"),
    Column("is_org_hidden", Kind.BOOLEAN, "Whether hidden.", at="org_hidden"),
    Column(
        "next_activity_id",
        Kind.INTEGER,
        "The next activity planned.",
        references="activities.id",
    ),
    Column("next_activity_date", Kind.DATE, "When that is due."),
    Column("next_activity_time", Kind.TIME, "The time of day."),
    Column("next_activity_subject", Kind.TEXT, "Its subject."),
    Column("next_activity_type", Kind.TEXT, "Its type."),
    Column("next_activity_duration", Kind.TIME, "How long it takes."),
    Column("next_activity_note", Kind.TEXT, "Its note, HTML."),
    Column(
        "last_activity_id",
        Kind.INTEGER,
        "The last activity done.",
        references="activities.id",
    ),
    Column("last_activity_date", Kind.DATE, "When that was due."),
    *_counts("products", "files", "notes", "followers", "email_messages"),
    *_counts("activities", "done_activities", "undone_activities", "participants"),
    Column("last_incoming_mail_time", Kind.TIMESTAMP, "When its last e-mail came in."),
    Column("last_outgoing_mail_time", Kind.TIMESTAMP, "When its last e-mail went out."),
    Column(
        "smart_bcc_email",
        Kind.TEXT,
        "The address that files e-mails under it.",
        at="cc_email",
    ),
)
# Without it, only your own deals come.
_EVERYONES = (("everyone", "1"),)

TABLES = (
    Table(
        "pipeline_deals",
        "Open deals by pipeline. Pipedrive may stop serving it: use deals.",
        key="id",
        parent="pipelines",
        parent_key="pipeline_id",
        columns=COLUMNS,
        endpoints=(
            Endpoint(
                "/pipelines/{id}/deals",
                20,
                version=1,
                parameters=(
                    Parameter("id", "pipeline_id"),
                    Parameter("stage_id", "stage_id"),
                ),
                fixed=_EVERYONES,
            ),
        ),
    ),
    Table(
        "stage_deals",
        "Open deals by stage. Pipedrive may stop serving it: use deals.",
        key="id",
        parent="stages",
        parent_key="stage_id",
        columns=COLUMNS,
        endpoints=(
            Endpoint(
                "/stages/{id}/deals",
                20,
                version=1,
                parameters=(Parameter("id", "stage_id"),),
                fixed=_EVERYONES,
            ),
        ),
    ),
)
