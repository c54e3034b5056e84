-- Has something changed?
PRAGMA schema_version
--> (0,)

-- The databases.
PRAGMA database_list;
--> (0, 'main', '')
--> (1, 'temp', '')

-- What the file holds: live tables stand beside it.
select name from sqlite_master where type='table'
--> nothing

-- All of it.
select * from sqlite_master WHERE type = 'table'
--> nothing

-- What stands beside it.
select name from sqlite_temp_master where type='table'
--> every table

-- The views.
select name from sqlite_master where type='view'
--> nothing

-- Is there such a table?
-- with ["deals"]
select 1 from sqlite_master where type='table' and name=?
--> nothing

-- Its text.
-- with {"n": "deals", "t": "view"}
select sql from sqlite_master where name = :n and type=:t
--> nothing

-- The columns.
PRAGMA table_xinfo([deals]);
--> every column of deals

-- The columns, from a function.
select name from pragma_table_info('deals') where pk > 0
--> ('id',)

-- The foreign keys.
PRAGMA foreign_key_list([deals])
--> nothing

-- The indexes.
select * from pragma_index_list('deals')
--> nothing

-- Tables that are searched in, or that are about others.
select name from sqlite_master where rootpage = 0 and ( sql like '%VIRTUAL TABLE%USING FTS%' ) or name in ('sqlite_stat1', 'sqlite_stat2', 'sqlite_stat3', 'sqlite_stat4')
--> nothing
