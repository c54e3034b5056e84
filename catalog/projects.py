"""Projects, archived ones too, and what hangs on them in arrays."""

from .inputs import given, narrowed, saved_filters, searched
from .items import Item
from .table import Column, Endpoint, Form, Parameter, Table
from .values import Kind

PROJECT = Item("project", "projects", "project_id")

COLUMNS = (
    Column("id", Kind.INTEGER, "The project's id.", never_null=True),
    Column("title", Kind.TEXT, "What the project is called.", searched="title"),
    Column("description", Kind.TEXT, "What it is about."),
    Column("status", Kind.TEXT, "open, completed or canceled."),
    Column("board_id", Kind.INTEGER, "The board it is on.", references="boards.id"),
    Column("phase_id", Kind.INTEGER, "The phase it is in.", references="phases.id"),
    Column("owner_id", Kind.INTEGER, "The user who owns it.", references="users.id"),
    Column("start_date", Kind.DATE, "When it starts."),
    Column("end_date", Kind.DATE, "When it ends."),
    Column("deal_ids", Kind.JSON, "The ids of its deals; see project_deals."),
    Column("person_ids", Kind.JSON, "The ids of its persons; see project_persons."),
    Column("org_ids", Kind.JSON, "The ids of its organizations; see project_orgs."),
    Column("label_ids", Kind.JSON, "The ids of its labels.", form=Form.IDS),
    Column("labels", Kind.JSON, "Its labels.", at="label_ids", form=Form.LABELS),
    Column("health_status", Kind.INTEGER, "How it stands, as Pipedrive counts it."),
    Column("add_time", Kind.TIMESTAMP, "When it was added."),
    Column("update_time", Kind.TIMESTAMP, "When it last changed."),
    Column("status_change_time", Kind.TIMESTAMP, "When its status last changed."),
    Column("archive_time", Kind.TIMESTAMP, "When it was archived."),
)
# Without a status the lists give every project that is not deleted.
KNOWN = ("open", "completed", "canceled")
FILTERS = (
    Parameter("status", "status", many=3, values=KNOWN),
    Parameter("phase_id", "phase_id"),
    *saved_filters("projects"),
)
# Rows hold several of each, so these are no comparisons of columns.
LINKED = (
    given("deal_id", Kind.INTEGER, "Input: only projects of this deal.", "deals.id"),
    given(
        "person_id",
        Kind.INTEGER,
        "Input: only projects of this person.",
        "persons.id",
    ),
    given(
        "org_id",
        Kind.INTEGER,
        "Input: only projects of this organization.",
        "organizations.id",
    ),
)
PROJECT_ID = Column(
    "project_id", Kind.INTEGER, "The project.", at="^.id", references="projects.id"
)
POSITION = Column("position", Kind.INTEGER, "Its place in the list, from 0.", at="#")

TABLES = (
    Table(
        "projects",
        "Projects that are neither archived nor deleted.",
        key="id",
        fields="project",
        search=searched("project", "/projects/search", whole=False),
        columns=(*COLUMNS, *LINKED, *narrowed("projects")),
        endpoints=(
            Endpoint(
                "/projects/{id}",
                price=1,
                one=True,
                parameters=(Parameter("id", "id"),),
                only=(("archive_time", False), ("status", KNOWN)),
            ),
            Endpoint(
                "/projects",
                price=10,
                parameters=(*FILTERS, *(Parameter(c.name, c.name) for c in LINKED)),
            ),
        ),
    ),
    Table(
        "projects_archived",
        "Projects that were archived.",
        key="id",
        fields="project",
        columns=(*COLUMNS, *narrowed("projects_archived", searched=False)),
        # No /projects/{id}: that it serves archived projects is not documented.
        endpoints=(Endpoint("/projects/archived", price=10, parameters=FILTERS),),
    ),
    Table(
        "project_deals",
        "The deals of projects, one row each.",
        key="",
        source="projects",
        each="deal_ids",
        columns=(
            PROJECT_ID,
            POSITION,
            Column("deal_id", Kind.INTEGER, "The deal.", at=".", references="deals.id"),
        ),
    ),
    Table(
        "project_persons",
        "The persons of projects, one row each.",
        key="",
        source="projects",
        each="person_ids",
        columns=(
            PROJECT_ID,
            POSITION,
            Column(
                "person_id",
                Kind.INTEGER,
                "The person.",
                at=".",
                references="persons.id",
            ),
        ),
    ),
    Table(
        "project_orgs",
        "The organizations of projects, one row each.",
        key="",
        source="projects",
        each="org_ids",
        columns=(
            PROJECT_ID,
            POSITION,
            Column(
                "org_id",
                Kind.INTEGER,
                "The organization.",
                at=".",
                references="organizations.id",
            ),
        ),
    ),
    Table(
        "project_labels",
        "The labels of projects, one row each.",
        key="",
        fields="project",
        source="projects",
        each="label_ids",
        columns=(
            PROJECT_ID,
            POSITION,
            Column("label_id", Kind.INTEGER, "The label's id.", at="."),
            Column("label", Kind.TEXT, "The label.", at=".", form=Form.LABEL),
        ),
    ),
    Table(
        "project_changelog",
        "Changes of projects, one row for each time that values changed.",
        key="",
        parent="projects",
        parent_key="project_id",
        columns=(
            PROJECT.key,
            Column("time", Kind.TIMESTAMP, "When they changed."),
            Column(
                "actor_user_id",
                Kind.INTEGER,
                "The user who changed them.",
                references="users.id",
            ),
            Column("old_values", Kind.JSON, "The values before, by key."),
            Column("new_values", Kind.JSON, "The values after, by key."),
            Column("change_source", Kind.TEXT, "How: app, api and so on."),
            Column("change_source_user_agent", Kind.TEXT, "The browser or program."),
        ),
        endpoints=(PROJECT.endpoint("changelog", 10),),
    ),
    Table(
        "project_permitted_users",
        "The users who may see projects, one row each.",
        key="",
        parent="projects",
        parent_key="project_id",
        columns=(
            PROJECT.key,
            Column(
                "user_id",
                Kind.INTEGER,
                "A user who may see it.",
                at="value",
                references="users.id",
            ),
        ),
        apart=("user_id",),
        endpoints=(PROJECT.endpoint("permittedUsers", 5, page=0),),
    ),
)
