"""What v1 lists of one project: its plan, groups, tasks and activities."""

from .addresses import PARTS
from .projects import PROJECT
from .table import Column, Table
from .values import Kind

_TIMES = (
    Column("add_time", Kind.TIMESTAMP, "When it was added."),
    Column("update_time", Kind.TIMESTAMP, "When it last changed."),
    Column("marked_as_done_time", Kind.TIMESTAMP, "When it was done."),
)

TABLES = (
    Table(
        "project_plan_items",
        "Tasks and activities in the plans of projects, by phase and group.",
        key="",
        parent="projects",
        parent_key="project_id",
        columns=(
            PROJECT.key,
            Column("item_type", Kind.TEXT, "task or activity."),
            Column("item_id", Kind.INTEGER, "The id of the task or the activity."),
            Column(
                "phase_id",
                Kind.INTEGER,
                "The phase; null for none.",
                references="phases.id",
            ),
            Column(
                "group_id",
                Kind.INTEGER,
                "The group; null for none.",
                references="project_groups.id",
            ),
        ),
        apart=("item_type", "item_id"),
        endpoints=(PROJECT.endpoint("plan", 20, version=1, page=0),),
    ),
    Table(
        "project_groups",
        "The groups in the plans of projects.",
        key="id",
        parent="projects",
        parent_key="project_id",
        columns=(
            Column("id", Kind.INTEGER, "The group's id.", never_null=True),
            PROJECT.key,
            Column("name", Kind.TEXT, "What it is called."),
            Column("order_nr", Kind.INTEGER, "Its place in the plan."),
        ),
        endpoints=(PROJECT.endpoint("groups", 20, version=1, page=0),),
    ),
    Table(
        "project_tasks",
        "The tasks of projects as v1 lists them; the table tasks is cheaper.",
        key="id",
        parent="projects",
        parent_key="project_id",
        columns=(
            Column("id", Kind.INTEGER, "The task's id.", never_null=True),
            PROJECT.key,
            Column("title", Kind.TEXT, "What is to be done."),
            Column("description", Kind.TEXT, "More about it."),
            Column(
                "parent_task_id",
                Kind.INTEGER,
                "The task it is a part of.",
                references="tasks.id",
            ),
            Column(
                "creator_id",
                Kind.INTEGER,
                "The user who created it.",
                references="users.id",
            ),
            Column(
                "assignee_id",
                Kind.INTEGER,
                "The first who has to do it.",
                references="users.id",
            ),
            Column("assignee_ids", Kind.JSON, "All who have to do it."),
            Column("is_done", Kind.BOOLEAN, "Whether it is done.", at="done"),
            Column("due_date", Kind.DATE, "When it is due."),
            *_TIMES,
        ),
        endpoints=(PROJECT.endpoint("tasks", 20, version=1, page=0),),
    ),
    Table(
        "project_activities",
        "The activities of projects as v1 lists them.",
        key="id",
        parent="projects",
        parent_key="project_id",
        columns=(
            Column("id", Kind.INTEGER, "The activity's id.", never_null=True),
            PROJECT.key,
            Column("subject", Kind.TEXT, "What it is about."),
            Column(
                "type",
                Kind.TEXT,
                "call, meeting and so on.",
                references="activity_types.key_string",
            ),
            Column(
                "owner_id",
                Kind.INTEGER,
                "The user who has to do it.",
                at="user_id",
                references="users.id",
            ),
            Column(
                "update_user_id",
                Kind.INTEGER,
                "The user who changed it last.",
                references="users.id",
            ),
            Column(
                "deal_id", Kind.INTEGER, "The deal it is on.", references="deals.id"
            ),
            Column("lead_id", Kind.TEXT, "The lead it is on.", references="leads.id"),
            Column(
                "person_id",
                Kind.INTEGER,
                "The person it is with.",
                references="persons.id",
            ),
            Column(
                "org_id",
                Kind.INTEGER,
                "The organization it is with.",
                references="organizations.id",
            ),
            Column("due_date", Kind.DATE, "When it is due."),
            Column("due_time", Kind.TIME, "At what time it is due, in UTC."),
            Column("duration", Kind.TIME, "How long it takes."),
            Column("busy", Kind.BOOLEAN, "Whether it takes time.", at="busy_flag"),
            Column("done", Kind.BOOLEAN, "Whether it is done."),
            Column(
                "is_active",
                Kind.BOOLEAN,
                "Whether it is not deleted.",
                at="active_flag",
            ),
            *_TIMES,
            Column("location", Kind.TEXT, "The address as one text."),
            *(
                Column(f"location_{part}", Kind.TEXT, f"{word}.")
                for part, word in PARTS.items()
            ),
            Column("location_formatted_address", Kind.TEXT, "The whole address."),
            Column("public_description", Kind.TEXT, "What all invited people see."),
            Column("conference_meeting_client", Kind.TEXT, "The program of the call."),
            Column("conference_meeting_url", Kind.TEXT, "Where to join the call."),
            Column("conference_meeting_id", Kind.TEXT, "The call's own id."),
            Column("source_timezone", Kind.TEXT, "The zone it was made in."),
            Column("company_id", Kind.INTEGER, "The company's id."),
        ),
        endpoints=(PROJECT.endpoint("activities", 20, version=1, page=0),),
    ),
)
