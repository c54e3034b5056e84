-- The names of the tables in the file: live tables stand beside it.
SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name
--> nothing

-- get_temp_table_names()
SELECT name FROM sqlite_temp_master WHERE type='table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name
--> every table

-- get_view_names()
SELECT name FROM sqlite_master WHERE type='view' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name
--> nothing

-- get_table_names(schema="temp")
SELECT name FROM "temp".sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name
--> every table

-- get_schema_names()
PRAGMA database_list
--> (0, 'main', '')
--> (1, 'temp', '')

-- has_table("deals")
PRAGMA main.table_info("deals")
--> nothing

-- Asked for again where the first says nothing.
PRAGMA temp.table_info("deals")
--> every column of deals

-- get_columns("stages")
PRAGMA main.table_xinfo("stages")
--> nothing

-- Again.
PRAGMA temp.table_xinfo("stages")
--> every column of stages

-- get_pk_constraint("stages")
-- with ["stages"]
SELECT sql FROM  (SELECT * FROM sqlite_master UNION ALL   SELECT * FROM sqlite_temp_master) WHERE name = ? AND type in ('table', 'view')
--> ('CREATE VIRTUAL TABLE "stages" USING "stages"',)

-- get_foreign_keys("stages")
PRAGMA temp.foreign_key_list("stages")
--> nothing

-- get_indexes("stages")
PRAGMA temp.index_list("stages")
--> nothing

-- The isolation level.
PRAGMA read_uncommitted
--> (0,)
