"""A plain SQLite file of an account's tables, and how it is kept fresh."""
