"""How a statement names a table: "deals" of the first account, "acme.deals" of another.

The first account's tables are in SQLite's `temp` schema. A name without a schema means
them, as SQLite looks there first and every account has the same tables.
"""

from __future__ import annotations

from sqlglot import exp

HOME = "temp"
"""The schema of the first account's tables."""

LIVE = "live"
"""The schema of those that a file stands before."""


def named(node: exp.Expr) -> str:
    """The table's name in lower case, also where it is called as a function.

    After IN sqlglot takes a table for a column or a function.
    """
    if isinstance(node, exp.Dot):
        return joined(node.this.name.lower(), node.expression.name.lower())
    inner = node.this if isinstance(node.this, exp.Func) else node
    schema = node.text("db" if isinstance(node, exp.Table) else "table")
    return joined(schema.lower(), inner.name.lower())


def joined(schema: str, table: str) -> str:
    """A table of a schema as statements name it.

    >>> joined("temp", "deals"), joined("live", "deals"), joined("acme", "deals")
    ('deals', 'deals', 'acme.deals')
    """
    return table if schema in ("", HOME, LIVE) else f"{schema}.{table}"


def parted(name: str) -> tuple[str, str]:
    """The schema, and the table's name in it.

    >>> parted("deals"), parted("acme.deals")
    (('temp', 'deals'), ('acme', 'deals'))
    """
    schema, _, table = name.rpartition(".")
    return schema or HOME, table
