"""Notes (v1), with the names of what they are attached to."""

from .leads import UUID
from .table import Column, Endpoint, Parameter, Table
from .values import Kind

YES_NO = ("0", "1")
ACTIVE = (("is_active", True),)

TABLES = (
    Table(
        "notes",
        "Notes on deals, leads, persons, organizations, projects and tasks.",
        key="id",
        columns=(
            Column("id", Kind.INTEGER, "The note's id.", never_null=True),
            Column("content", Kind.TEXT, "The note, in HTML."),
            Column(
                "user_id", Kind.INTEGER, "The user who wrote it.", references="users.id"
            ),
            Column("user_name", Kind.TEXT, "That user's name.", at="user.name"),
            Column("user_email", Kind.TEXT, "That user's address.", at="user.email"),
            Column(
                "last_update_user_id",
                Kind.INTEGER,
                "The user who changed it last.",
                references="users.id",
            ),
            Column(
                "deal_id", Kind.INTEGER, "The deal it is on.", references="deals.id"
            ),
            Column("deal_title", Kind.TEXT, "That deal's title.", at="deal.title"),
            Column("lead_id", Kind.TEXT, "The lead it is on.", references="leads.id"),
            Column("lead_title", Kind.TEXT, "That lead's title.", at="lead.title"),
            Column(
                "person_id",
                Kind.INTEGER,
                "The person it is on.",
                references="persons.id",
            ),
            Column("person_name", Kind.TEXT, "That person's name.", at="person.name"),
            Column(
                "org_id",
                Kind.INTEGER,
                "The organization it is on.",
                references="organizations.id",
            ),
            Column(
                "org_name",
                Kind.TEXT,
                "That organization's name.",
                at="organization.name",
            ),
            Column(
                "project_id",
                Kind.INTEGER,
                "The project it is on.",
                references="projects.id",
            ),
            Column(
                "project_title", Kind.TEXT, "That project's title.", at="project.title"
            ),
            Column(
                "task_id", Kind.INTEGER, "The task it is on.", references="tasks.id"
            ),
            Column("task_title", Kind.TEXT, "That task's title.", at="task.title"),
            Column(
                "is_pinned_to_deal",
                Kind.BOOLEAN,
                "Whether pinned to its deal.",
                at="pinned_to_deal_flag",
            ),
            Column(
                "is_pinned_to_lead",
                Kind.BOOLEAN,
                "Whether pinned to its lead.",
                at="pinned_to_lead_flag",
            ),
            Column(
                "is_pinned_to_person",
                Kind.BOOLEAN,
                "Whether pinned to its person.",
                at="pinned_to_person_flag",
            ),
            Column(
                "is_pinned_to_organization",
                Kind.BOOLEAN,
                "Whether pinned to its organization.",
                at="pinned_to_organization_flag",
            ),
            Column(
                "is_pinned_to_project",
                Kind.BOOLEAN,
                "Whether pinned to its project.",
                at="pinned_to_project_flag",
            ),
            Column(
                "is_pinned_to_task",
                Kind.BOOLEAN,
                "Whether pinned to its task.",
                at="pinned_to_task_flag",
            ),
            Column("add_time", Kind.TIMESTAMP, "When it was added.", never_null=True),
            Column("update_time", Kind.TIMESTAMP, "When it last changed."),
            Column("is_active", Kind.BOOLEAN, "Whether not deleted.", at="active_flag"),
        ),
        endpoints=(
            Endpoint(
                "/notes/{id}",
                price=2,
                version=1,
                one=True,
                parameters=(Parameter("id", "id"),),
                only=ACTIVE,
            ),
            # start_date and end_date are left out: which time they look at is not
            # documented.
            Endpoint(
                "/notes",
                price=20,
                version=1,
                parameters=(
                    Parameter("user_id", "user_id"),
                    Parameter("lead_id", "lead_id", pattern=UUID),
                    Parameter("deal_id", "deal_id"),
                    Parameter("person_id", "person_id"),
                    Parameter("org_id", "org_id"),
                    Parameter("project_id", "project_id"),
                    Parameter("task_id", "task_id"),
                    Parameter("updated_since", "update_time", ">="),
                    Parameter(
                        "pinned_to_deal_flag", "is_pinned_to_deal", values=YES_NO
                    ),
                    Parameter(
                        "pinned_to_lead_flag", "is_pinned_to_lead", values=YES_NO
                    ),
                    Parameter(
                        "pinned_to_person_flag", "is_pinned_to_person", values=YES_NO
                    ),
                    Parameter(
                        "pinned_to_organization_flag",
                        "is_pinned_to_organization",
                        values=YES_NO,
                    ),
                    Parameter(
                        "pinned_to_project_flag", "is_pinned_to_project", values=YES_NO
                    ),
                    Parameter(
                        "pinned_to_task_flag", "is_pinned_to_task", values=YES_NO
                    ),
                ),
                sorts=("id", "add_time"),
                only=ACTIVE,
            ),
        ),
    ),
    Table(
        "note_comments",
        "Comments on notes.",
        key="uuid",
        parent="notes",
        parent_key="note_id",
        columns=(
            Column("uuid", Kind.TEXT, "The comment's id, a UUID.", never_null=True),
            Column(
                "note_id",
                Kind.INTEGER,
                "The note it is on.",
                at="?.id",
                references="notes.id",
                never_null=True,
            ),
            Column("content", Kind.TEXT, "The comment, in HTML."),
            Column(
                "user_id", Kind.INTEGER, "The user who wrote it.", references="users.id"
            ),
            Column(
                "updater_id",
                Kind.INTEGER,
                "The user who changed it last.",
                references="users.id",
            ),
            Column("object_type", Kind.TEXT, "note."),
            Column("object_id", Kind.INTEGER, "The note once more."),
            Column("company_id", Kind.INTEGER, "The id of the company's account."),
            Column("add_time", Kind.TIMESTAMP, "When it was added."),
            Column("update_time", Kind.TIMESTAMP, "When it last changed."),
            Column("is_active", Kind.BOOLEAN, "Whether not deleted.", at="active_flag"),
        ),
        endpoints=(
            Endpoint(
                "/notes/{id}/comments",
                price=20,
                version=1,
                parameters=(Parameter("id", "note_id"),),
                only=ACTIVE,
                echo=True,
            ),
        ),
    ),
)
