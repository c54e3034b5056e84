"""The tasks of projects, and who has to do them."""

from .inputs import given
from .table import Column, Endpoint, Parameter, Table
from .values import Kind

TABLES = (
    Table(
        "tasks",
        "The tasks of projects.",
        key="id",
        columns=(
            Column("id", Kind.INTEGER, "The task's id.", never_null=True),
            Column("title", Kind.TEXT, "What is to be done."),
            Column("description", Kind.TEXT, "More about it."),
            Column(
                "project_id",
                Kind.INTEGER,
                "The project it is of.",
                references="projects.id",
            ),
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
            Column("assignee_ids", Kind.JSON, "Who has to do it; see task_assignees."),
            Column("is_done", Kind.BOOLEAN, "Whether it is done."),
            Column("is_milestone", Kind.BOOLEAN, "Whether it is a milestone."),
            Column("start_date", Kind.DATE, "When it starts."),
            Column("due_date", Kind.DATE, "When it is due."),
            Column("priority", Kind.INTEGER, "Its priority, by number."),
            Column("add_time", Kind.TIMESTAMP, "When it was added."),
            Column("update_time", Kind.TIMESTAMP, "When it last changed."),
            Column("marked_as_done_time", Kind.TIMESTAMP, "When it was done."),
            given(
                "assignee_id",
                Kind.INTEGER,
                "Input: only the tasks of this user.",
                "users.id",
            ),
        ),
        endpoints=(
            Endpoint(
                "/tasks/{id}",
                price=1,
                one=True,
                parameters=(Parameter("id", "id"),),
            ),
            Endpoint(
                "/tasks",
                price=10,
                parameters=(
                    Parameter("is_done", "is_done"),
                    Parameter("is_milestone", "is_milestone"),
                    Parameter("project_id", "project_id"),
                    Parameter("parent_task_id", "parent_task_id"),
                    Parameter("assignee_id", "assignee_id"),
                ),
            ),
        ),
    ),
    Table(
        "task_assignees",
        "The users who have to do tasks, one row each.",
        key="",
        source="tasks",
        each="assignee_ids",
        columns=(
            Column(
                "task_id", Kind.INTEGER, "The task.", at="^.id", references="tasks.id"
            ),
            Column("position", Kind.INTEGER, "Its place in the list, from 0.", at="#"),
            Column("user_id", Kind.INTEGER, "The user.", at=".", references="users.id"),
        ),
    ),
)
