-- Is the database there?
SELECT 1
--> (1,)

-- The schemas.
PRAGMA database_list
--> (0, 'main', '')
--> (1, 'temp', '')

-- The tables of the database.
SELECT name FROM sqlite_master WHERE type='table' ORDER BY name
--> nothing

-- The tables of a schema.
SELECT name FROM "temp".sqlite_master WHERE type='table' ORDER BY name
--> every table

-- The views.
SELECT name FROM sqlite_master WHERE type='view' ORDER BY name
--> nothing

-- The columns of a table.
PRAGMA main.table_xinfo("deals")
--> nothing

-- Asked for again where the first says nothing.
PRAGMA temp.table_xinfo("deals")
--> every column of deals

-- The columns of a table of a schema.
PRAGMA "temp".table_xinfo("deals")
--> every column of deals

-- Its key, from its text.
-- with ["deals"]
SELECT sql FROM  (SELECT * FROM sqlite_master UNION ALL   SELECT * FROM sqlite_temp_master) WHERE name = ? AND type = 'table'
--> ('CREATE VIRTUAL TABLE "deals" USING "deals"',)

-- Its foreign keys.
PRAGMA temp.foreign_key_list("deals")
--> nothing

-- Its indexes.
PRAGMA temp.index_list("deals")
--> nothing
