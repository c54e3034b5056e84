"""Activities, with their participants and attendees."""

from .addresses import address_columns
from .inputs import narrowed, saved_filters
from .leads import UUID
from .table import Brought, Column, Endpoint, Parameter, Table
from .values import Kind

ACTIVITY_ID = Column(
    "activity_id",
    Kind.INTEGER,
    "The activity.",
    at="^.id",
    references="activities.id",
)
POSITION = Column("position", Kind.INTEGER, "Its place in the list, from 0.", at="#")

COLUMNS = (
    Column("id", Kind.INTEGER, "The activity's id.", never_null=True),
    Column("subject", Kind.TEXT, "What it is about."),
    Column(
        "type",
        Kind.TEXT,
        "The kind of activity: call, meeting and so on.",
        references="activity_types.key_string",
    ),
    Column("done", Kind.BOOLEAN, "Whether it is done."),
    Column("due_date", Kind.DATE, "The day it is due, in UTC."),
    Column("due_time", Kind.TIME, "The time it is due, in UTC."),
    Column("duration", Kind.TIME, "How long it takes, HH:MM:SS."),
    Column("marked_as_done_time", Kind.TIMESTAMP, "When it was marked as done."),
    Column("owner_id", Kind.INTEGER, "The user who owns it.", references="users.id"),
    Column(
        "creator_user_id",
        Kind.INTEGER,
        "The user who created it.",
        references="users.id",
    ),
    Column("deal_id", Kind.INTEGER, "The deal it is on.", references="deals.id"),
    Column("lead_id", Kind.TEXT, "The lead it is on.", references="leads.id"),
    Column("person_id", Kind.INTEGER, "The person it is on.", references="persons.id"),
    Column(
        "org_id",
        Kind.INTEGER,
        "The organization it is on.",
        references="organizations.id",
    ),
    Column(
        "project_id",
        Kind.INTEGER,
        "The project it is on.",
        references="projects.id",
    ),
    Column("participants", Kind.JSON, "Its persons; see activity_participants."),
    Column("priority", Kind.INTEGER, "The option id of its priority."),
    Column("busy", Kind.BOOLEAN, "Whether the owner is busy in that time."),
    Column("note", Kind.TEXT, "What the owner noted, in HTML."),
    Column("public_description", Kind.TEXT, "What attendees may read."),
    *address_columns("location"),
    Column("conference_meeting_client", Kind.TEXT, "The app of the video call."),
    Column("conference_meeting_url", Kind.TEXT, "The link of the video call."),
    Column("conference_meeting_id", Kind.TEXT, "The id of the video call."),
    Column("add_time", Kind.TIMESTAMP, "When it was added.", never_null=True),
    Column("update_time", Kind.TIMESTAMP, "When it last changed.", never_null=True),
    Column("is_deleted", Kind.BOOLEAN, "Whether it is deleted."),
    Column(
        "attendees",
        Kind.JSON,
        "Who is invited; see activity_attendees.",
        brought=Brought.INCLUDED,
    ),
)

TABLES = (
    Table(
        "activities",
        "Calls, meetings, tasks and other activities that are not deleted.",
        key="id",
        columns=(*COLUMNS, *narrowed("activities", searched=False)),
        endpoints=(
            Endpoint(
                "/activities/{id}",
                price=1,
                one=True,
                parameters=(Parameter("id", "id"),),
                only=(("is_deleted", False),),
                include_fields=True,
            ),
            # person_id is left out: it looks at the primary participant, and that
            # the column person_id is always that person is not documented.
            Endpoint(
                "/activities",
                price=10,
                parameters=(
                    Parameter("ids", "id", many=100),
                    Parameter("owner_id", "owner_id"),
                    Parameter("deal_id", "deal_id"),
                    Parameter("lead_id", "lead_id", pattern=UUID),
                    Parameter("org_id", "org_id"),
                    Parameter("done", "done"),
                    Parameter("updated_since", "update_time", ">="),
                    Parameter("updated_until", "update_time", "<"),
                    *saved_filters("activity"),
                ),
                # Pipedrive can also sort by due_date, which may be null.
                sorts=("id", "add_time", "update_time"),
                only=(("is_deleted", False),),
                include_fields=True,
            ),
        ),
    ),
    Table(
        "activity_participants",
        "The persons who take part in activities, one row each.",
        key="",
        source="activities",
        each="participants",
        columns=(
            ACTIVITY_ID,
            POSITION,
            Column("person_id", Kind.INTEGER, "The person.", references="persons.id"),
            Column(
                "is_primary",
                Kind.BOOLEAN,
                "Whether it is the main participant.",
                at="primary",
            ),
        ),
    ),
    Table(
        "activity_attendees",
        "Who is invited to activities, one row each.",
        key="",
        source="activities",
        each="attendees",
        columns=(
            ACTIVITY_ID,
            POSITION,
            Column("email", Kind.TEXT, "The address the invitation went to."),
            Column("name", Kind.TEXT, "The attendee's name."),
            Column("status", Kind.TEXT, "The answer: accepted and so on."),
            Column("is_organizer", Kind.BOOLEAN, "Whether the attendee invites."),
            Column("person_id", Kind.INTEGER, "The person.", references="persons.id"),
            Column("user_id", Kind.INTEGER, "The user.", references="users.id"),
        ),
    ),
)
