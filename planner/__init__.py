"""How to fetch: from what SQLite asks to the cheapest requests. Pure, no I/O."""
