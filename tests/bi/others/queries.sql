-- DBeaver: the data of a table.
SELECT x.* FROM stages x
LIMIT 0, 200
--> x: GET /api/v2/stages
--> 5 tokens

-- DBeaver: filtered and sorted in the grid.
SELECT x.* FROM deals x
WHERE status = 'won'
ORDER BY x.update_time DESC
LIMIT 0, 200
--> x: GET /api/v2/deals?status={status}&sort_by=update_time&sort_direction=desc
--> 10 tokens

-- DBeaver: how many rows there are.
SELECT COUNT(*) FROM (
select * from deals
) dbvrcnt
--> deals: GET /api/v2/deals
--> 30 tokens

-- Grafana: a time series by day, as seconds.
SELECT cast((strftime('%s', add_time) / 86400) as int) * 86400 as time, count(*) AS n
FROM deals
WHERE cast(strftime('%s', add_time) as int) >= 1750000000000 / 1000 and cast(strftime('%s', add_time) as int) < 1790000000000 / 1000
GROUP BY 1
ORDER BY 1 ASC
--> deals: GET /api/v2/deals
--> 30 tokens

-- Grafana: the filter that its macro writes, a text in double quotes among it.
SELECT add_time as time, value
FROM deals
WHERE CAST(CASE WHEN typeof(add_time) = 'integer' THEN add_time ELSE strftime("%s", add_time) END AS INTEGER) BETWEEN 1750000000 AND 1790000000
--> refused: There is no column "%s".

-- Grafana: a variable's values, then a panel that uses some of them.
SELECT name FROM users ORDER BY name ASC
--> users: GET /v1/users
--> 20 tokens

-- The panel.
SELECT u.name AS metric, sum(d.value) AS value
FROM deals d JOIN users u ON u.id = d.owner_id
WHERE u.name IN ('Sam Sandbox','Zoë Иванова') AND d.status = 'won'
GROUP BY 1
--> d: GET /api/v2/deals?status={status}
--> u: GET /v1/users/{id}
--> 24 tokens

-- Grafana: dates made times.
WITH converted AS (
   SELECT value,  expected_close_date || 'T00:00:00Z' AS datetime FROM deals
)
SELECT datetime, value FROM converted ORDER BY datetime ASC, value ASC
--> deals: GET /api/v2/deals
--> 30 tokens

-- Redash and others: a limit around a statement.
SELECT * FROM (SELECT id, title, update_time FROM deals ORDER BY update_time DESC) AS q LIMIT 10
--> deals: GET /api/v2/deals?sort_by=update_time&sort_direction=desc
--> 10 tokens

-- The same with a filter that Pipedrive has.
SELECT * FROM (SELECT id, title, update_time FROM deals WHERE status = 'open') AS q ORDER BY update_time DESC LIMIT 10
--> deals: GET /api/v2/deals?status={status}&sort_by=update_time&sort_direction=desc
--> 10 tokens
