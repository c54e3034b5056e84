"""The SQLite side: virtual tables. The one room that knows APSW's names for them."""
