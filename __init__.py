"""Pipedrive as SQL: every collection is an SQLite virtual table."""

from pipedrive_sql.connection import connect

__all__ = ["connect"]
