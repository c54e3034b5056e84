"""The boards and phases that projects are on, and the templates they start from."""

from .table import Column, Endpoint, Parameter, Table
from .values import Kind

ADDED = Column("add_time", Kind.TIMESTAMP, "When it was added.")
UPDATED = Column("update_time", Kind.TIMESTAMP, "When it last changed.")

# No /boards/{id} and /phases/{id}: they cost as much as the lists, and that they
# leave out what is not active is not documented.
TABLES = (
    Table(
        "boards",
        "The boards that projects are on.",
        key="id",
        columns=(
            Column("id", Kind.INTEGER, "The board's id.", never_null=True),
            Column("name", Kind.TEXT, "What it is called."),
            Column("order_nr", Kind.INTEGER, "Its place among the boards."),
            ADDED,
            UPDATED,
        ),
        endpoints=(Endpoint("/boards", price=10, page=0),),
    ),
    Table(
        "phases",
        "The phases of boards, which projects go through.",
        key="id",
        parent="boards",
        parent_key="board_id",
        columns=(
            Column("id", Kind.INTEGER, "The phase's id.", never_null=True),
            Column("name", Kind.TEXT, "What it is called."),
            Column(
                "board_id",
                Kind.INTEGER,
                "The board.",
                references="boards.id",
                never_null=True,
            ),
            Column("order_nr", Kind.INTEGER, "Its place on the board."),
            ADDED,
            UPDATED,
        ),
        endpoints=(
            Endpoint(
                "/phases",
                price=10,
                page=0,
                parameters=(Parameter("board_id", "board_id", required=True),),
            ),
        ),
    ),
    Table(
        "project_templates",
        "The templates that projects can start from.",
        key="id",
        columns=(
            Column("id", Kind.INTEGER, "The template's id.", never_null=True),
            Column("title", Kind.TEXT, "What it is called."),
            Column("description", Kind.TEXT, "What it is for."),
            Column(
                "projects_board_id",
                Kind.INTEGER,
                "The board its projects are on.",
                references="boards.id",
            ),
            Column(
                "owner_id", Kind.INTEGER, "The user who owns it.", references="users.id"
            ),
            ADDED,
            UPDATED,
        ),
        endpoints=(
            Endpoint(
                "/projectTemplates/{id}",
                price=1,
                one=True,
                parameters=(Parameter("id", "id"),),
            ),
            Endpoint("/projectTemplates", price=10),
        ),
    ),
)
