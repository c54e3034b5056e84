"""What exists in Pipedrive: every table, its columns and how it is served.

`TABLES` is the catalog. One more table is one literal in the file of its family.
"""

from . import deals, organizations, persons, pipelines, users
from .table import Table

TABLES: tuple[Table, ...] = (
    *deals.TABLES,
    *persons.TABLES,
    *organizations.TABLES,
    *pipelines.TABLES,
    *users.TABLES,
)
