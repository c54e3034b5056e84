"""Hidden columns that a statement gives, by which Pipedrive narrows a table.

`where filter_id = 7`, `where filter = 'Hot deals'`, `where deals match 'acme'`: no row
holds them. Source: parameter `filter_id` of the lists, and the searches.
"""

from .hits import BY_FIELD, entity_search
from .table import Brought, Column, Parameter, Search
from .values import Kind


def narrowed(name: str, *, searched: bool = True) -> tuple[Column, ...]:
    """The inputs of the table of that name, which searches may know or not."""
    saved = (
        given(
            "filter_id",
            Kind.INTEGER,
            "Input: only the rows of this saved filter.",
            "filters.id",
        ),
        given("filter", Kind.TEXT, "Input: the same, by the filter's name."),
    )
    found = given(name, Kind.TEXT, "Input: MATCH 'term' gives what searches find.")
    return (*saved, found) if searched else saved


def given(name: str, kind: Kind, about: str, references: str = "") -> Column:
    """A column that the statement gives."""
    return Column(
        name,
        kind,
        about,
        brought=Brought.GIVEN,
        references=references,
        hidden=True,
    )


def saved_filters(kind: str) -> tuple[Parameter, ...]:
    """The parameters of a list for saved filters of this type ("deals", "org")."""
    return (
        Parameter("filter_id", "filter_id", alone=True),
        Parameter("filter_id", "filter", alone=True, named=kind),
    )


def searched(item: str, path: str, *, whole: bool = True) -> Search:
    """The searches for rows that they call `item`; `path` finds those alone."""
    return Search(item, entity_search(path), BY_FIELD, whole)
