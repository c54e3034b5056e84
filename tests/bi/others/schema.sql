-- DB Browser: all that there is, with its text.
SELECT type,name,sql,tbl_name FROM sqlite_temp_master;
--> every table

-- The shell's .tables
SELECT name FROM pragma_table_list WHERE schema = 'temp' AND type IN ('table', 'virtual') ORDER BY 1
--> every table

-- Every column of every table, as catalogs ask.
SELECT m.name, p.name, p.type, p."notnull", p.pk FROM sqlite_temp_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY m.name, p.cid
--> every table
