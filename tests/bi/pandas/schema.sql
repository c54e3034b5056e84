-- to_sql("deals", con): is there such a table in the file? Live tables stand beside it.
SELECT
    name
FROM
    sqlite_master
WHERE
    type IN ('table', 'view')
    AND name='deals';
--> nothing

-- read_sql_table("deals", engine): is there such a table?
PRAGMA main.table_info("deals")
--> nothing

-- Asked for again where the first says nothing.
PRAGMA temp.table_info("deals")
--> every column of deals

-- The names of the tables.
SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name
--> nothing

-- The columns.
PRAGMA temp.table_xinfo("stages")
--> every column of stages
