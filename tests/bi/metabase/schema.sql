-- What the driver says of itself.
select cast(datetime('now') as text);
--> a row of today

-- The tables, as the JDBC driver asks.
SELECT
  NULL AS TABLE_CAT,
  NULL AS TABLE_SCHEM,
  NAME AS TABLE_NAME,
  TYPE AS TABLE_TYPE,
  NULL AS REMARKS
FROM
  (
    SELECT
      'sqlite_schema' AS NAME,
      'SYSTEM TABLE' AS TYPE    UNION ALL
    SELECT
      NAME,
      UPPER(TYPE) AS TYPE
    FROM
      sqlite_schema
    WHERE
      NAME NOT LIKE 'sqlite\_%' ESCAPE '\'
      AND UPPER(TYPE) IN ('TABLE', 'VIEW')
    UNION ALL
    SELECT
      NAME,
      'GLOBAL TEMPORARY' AS TYPE
    FROM
      sqlite_temp_master
  )
 WHERE TABLE_NAME LIKE '%' ESCAPE '\' AND TABLE_TYPE IN ('TABLE','VIEW','GLOBAL TEMPORARY') ORDER BY TABLE_TYPE, TABLE_NAME;
--> every table

-- Only what the file itself holds: live tables stand beside it.
select name from sqlite_master where type = 'table'
--> nothing

-- The columns.
PRAGMA table_xinfo('deals')
--> every column of deals

-- Do its keys count up by themselves?
SELECT LIKE('%autoincrement%', LOWER(sql)) FROM sqlite_schema WHERE LOWER(name) = LOWER('deals') AND TYPE IN ('table', 'view')
--> nothing

-- The key.
pragma table_info('deals');
--> every column of deals

-- The foreign keys: SQLite keeps none for virtual tables.
pragma foreign_key_list('deals');
--> nothing

-- The indexes.
pragma index_list('deals');
--> nothing
