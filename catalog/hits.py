"""What all searches have in common: their inputs, and columns of what they find."""

from .table import Column, Endpoint, Parameter, Shape, Table
from .values import Kind

PAGE = 100  # the spec says 500 of most of them; live they refuse more than 100
SCORE = Column(
    "score", Kind.REAL, "How well it matches; the best come first.", at="result_score"
)
TERM = Column(
    "term",
    Kind.TEXT,
    "What to look for: two characters at least, or one with exact_match.",
    at="?.term",
    hidden=True,
)
EXACT = Column(
    "exact_match",
    Kind.BOOLEAN,
    "Whether whole values must match; case does not count.",
    at="?.exact_match",
    hidden=True,
)
OWNER = Column(
    "owner_id", Kind.INTEGER, "Who owns it.", at="owner.id", references="users.id"
)
VISIBLE = Column("visible_to", Kind.INTEGER, "Who may see it: 1 up to 7, all.")
FOUND_CUSTOM = Column("custom_fields", Kind.JSON, "Values of custom fields that match.")
FOUND_NOTES = Column("notes", Kind.JSON, "Notes that match.")
ARCHIVED = Column("is_archived", Kind.BOOLEAN, "Whether it is archived.")
PERSON = (
    Column(
        "person_id",
        Kind.INTEGER,
        "The person it is with.",
        at="person.id",
        references="persons.id",
    ),
    Column("person_name", Kind.TEXT, "The person's name.", at="person.name"),
)
ORGANIZATION = (
    Column(
        "org_id",
        Kind.INTEGER,
        "The organization it is with.",
        at="organization.id",
        references="organizations.id",
    ),
    Column("org_name", Kind.TEXT, "Its name.", at="organization.name"),
    Column("org_address", Kind.TEXT, "Its address.", at="organization.address"),
)
MONEY = (
    Column("value", Kind.REAL, "What it is worth, in `currency`."),
    Column("currency", Kind.TEXT, "Its currency.", references="currencies.code"),
)
TYPE = Column("type", Kind.TEXT, "What was found: deal, person and so on.")
NAME = Column("name", Kind.TEXT, "What it is called.")
TITLE = Column("title", Kind.TEXT, "What it is called.")
EMAILS = Column("emails", Kind.JSON, "The e-mail addresses.")
PHONES = Column("phones", Kind.JSON, "The phones.")


BY_FIELD = Endpoint(
    "/itemSearch/field",
    20,
    page=PAGE,
    shape=Shape.HITS,
    parameters=(
        Parameter("term", "term", required=True),
        Parameter(
            "entity_type",
            "entity_type",
            pattern="deal|lead|person|organization|product|project",
            required=True,
        ),
        Parameter("field", "field", required=True),
        Parameter("match", "match", values=("exact", "beginning", "middle")),
    ),
)


def entity_search(path: str) -> Endpoint:
    """The search for rows of one kind."""
    return Endpoint(
        path,
        20,
        page=PAGE,
        shape=Shape.HITS,
        within="items",
        parameters=(
            Parameter("term", "term", required=True),
            Parameter("exact_match", "exact_match"),
            Parameter("fields", "fields"),
        ),
    )


def id_of(of: str, kind: Kind = Kind.INTEGER) -> Column:
    """The id of what was found, a row of the table `of`."""
    return Column("id", kind, "Its id.", references=f"{of}.id")


def places(*words: str) -> tuple[Column, Parameter]:
    """Where to look; a value with any other word would be refused."""
    about = f"Where to look, with commas between: {', '.join(words)}."
    word = f"({'|'.join(words)})"
    return (
        Column("fields", Kind.TEXT, about, at="?.fields", hidden=True),
        Parameter("fields", "fields", pattern=f"{word}(,{word})*"),
    )


def search(
    name: str,
    path: str,
    about: str,
    fields: tuple[Column, Parameter],
    columns: tuple[Column, ...],
    *,
    included: str = "",
    within: str = "items",
    fixed: tuple[tuple[str, str], ...] = (),
    more: tuple[Parameter, ...] = (),
) -> Table:
    """One search. What it filters besides looks at 2,000 hits only: SQLite does it."""
    chosen, parameter = fields
    typed = () if any(column.name == "type" for column in columns) else (TYPE,)
    return Table(
        name,
        about,
        key="",
        columns=(SCORE, *typed, *columns, TERM, chosen, EXACT),
        apart=("type", "id"),
        endpoints=(
            Endpoint(
                path,
                20,
                page=PAGE,
                shape=Shape.HITS,
                within=within,
                echo=True,
                fixed=(*fixed, *((("include_fields", included),) if included else ())),
                parameters=(
                    Parameter("term", "term", required=True),
                    Parameter("exact_match", "exact_match"),
                    parameter,
                    *more,
                ),
            ),
        ),
    )
