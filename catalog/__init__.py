"""What exists in Pipedrive: every table, its columns and how it is served.

`TABLES` is the catalog. One more table is one literal in the file of its family.
"""

from . import (
    activities,
    boards,
    company,
    deals,
    field_options,
    field_tables,
    files,
    followers,
    history,
    item_mail,
    leads,
    members,
    notes,
    office,
    organizations,
    permitted_users,
    persons,
    pipelines,
    products,
    project_items,
    projects,
    roles,
    tasks,
    users,
)
from .table import Table

TABLES: tuple[Table, ...] = (
    *deals.TABLES,
    *persons.TABLES,
    *organizations.TABLES,
    *activities.TABLES,
    *products.TABLES,
    *pipelines.TABLES,
    *leads.TABLES,
    *notes.TABLES,
    *users.TABLES,
    *members.TABLES,
    *roles.TABLES,
    *office.TABLES,
    *followers.TABLES,
    *history.TABLES,
    *permitted_users.TABLES,
    *files.TABLES,
    *item_mail.TABLES,
    *projects.TABLES,
    *boards.TABLES,
    *tasks.TABLES,
    *project_items.TABLES,
    *company.TABLES,
    *field_tables.TABLES,
    *field_options.TABLES,
)
