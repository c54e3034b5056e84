-- A big number.
SELECT COUNT(*) AS count 
FROM deals;
--> deals: GET /api/v2/deals
--> 30 tokens

-- A table of rows.
SELECT id AS id, title AS title, status AS status, value AS value 
FROM deals ORDER BY value DESC
 LIMIT 1000 OFFSET 0;
--> deals: GET /api/v2/deals
--> 30 tokens

-- The latest ten.
SELECT id AS id, title AS title, update_time AS update_time 
FROM deals ORDER BY update_time DESC
 LIMIT 10 OFFSET 0;
--> deals: GET /api/v2/deals?sort_by=update_time&sort_direction=desc
--> 10 tokens

-- The latest ten, as a table of dimensions.
SELECT id AS id, title AS title, update_time AS update_time 
FROM deals GROUP BY id, title, update_time ORDER BY update_time DESC
 LIMIT 10 OFFSET 0;
--> deals: GET /api/v2/deals?sort_by=id&sort_direction=asc
--> 30 tokens

-- A pie.
SELECT status AS status, COUNT(*) AS count 
FROM deals GROUP BY status ORDER BY count DESC
 LIMIT 100 OFFSET 0;
--> deals: GET /api/v2/deals
--> 30 tokens

-- A line by month.
SELECT DATETIME(add_time, 'start of month') AS add_time, sum(value) AS "SUM(value)" 
FROM deals 
WHERE add_time >= '2025-09-30 00:00:00' AND add_time < '2026-09-30 00:00:00' GROUP BY DATETIME(add_time, 'start of month')
 LIMIT 10000 OFFSET 0;
--> deals: GET /api/v2/deals
--> 30 tokens

-- A line for each of the five most frequent values.
SELECT DATETIME(add_time, 'start of month') AS __timestamp, DATETIME(add_time, 'start of month') AS add_time, status AS status, COUNT(*) AS count 
FROM deals JOIN (SELECT status AS status__, COUNT(*) AS mme_inner__ 
FROM deals 
WHERE add_time >= '2025-09-30 00:00:00' AND add_time < '2026-09-30 00:00:00' GROUP BY status ORDER BY mme_inner__ DESC
 LIMIT 5 OFFSET 0) AS series_limit ON status = status__ 
WHERE add_time >= '2025-09-30 00:00:00' AND add_time < '2026-09-30 00:00:00' GROUP BY DATETIME(add_time, 'start of month'), status, DATETIME(add_time, 'start of month')
 LIMIT 10000 OFFSET 0;
--> deals: GET /api/v2/deals
--> deals: GET /api/v2/deals
--> 30 tokens

-- By week.
SELECT DATETIME(add_time, 'start of day',             -strftime('%w', add_time) || ' days') AS __timestamp, status AS status, COUNT(*) AS count 
FROM deals 
WHERE add_time >= '2026-01-01 00:00:00' AND add_time < '2026-09-30 00:00:00' GROUP BY status, DATETIME(add_time, 'start of day',             -strftime('%w', add_time) || ' days')
 LIMIT 50000 OFFSET 0;
--> deals: GET /api/v2/deals
--> 30 tokens

-- By day, in a range of the time that Pipedrive filters by.
SELECT DATETIME(update_time, 'start of day') AS update_time, COUNT(*) AS count 
FROM deals 
WHERE update_time >= '2026-09-01 00:00:00' AND update_time < '2026-09-15 00:00:00' GROUP BY DATETIME(update_time, 'start of day')
 LIMIT 10000 OFFSET 0;
--> deals: GET /api/v2/deals?updated_since={>=update_time}&updated_until={<update_time}
--> 10 tokens

-- By hour.
SELECT DATETIME(STRFTIME('%Y-%m-%dT%H:00:00', add_time)) AS add_time, COUNT(*) AS count 
FROM deals GROUP BY DATETIME(STRFTIME('%Y-%m-%dT%H:00:00', add_time))
 LIMIT 1000 OFFSET 0;
--> deals: GET /api/v2/deals
--> 30 tokens

-- By quarter.
SELECT DATETIME(add_time, 'start of month', printf('-%d month', (strftime('%m', add_time) - 1) % 3)) AS add_time, AVG(value) AS "AVG(value)" 
FROM deals GROUP BY DATETIME(add_time, 'start of month', printf('-%d month', (strftime('%m', add_time) - 1) % 3))
 LIMIT 10000 OFFSET 0;
--> deals: GET /api/v2/deals
--> 30 tokens

-- By year.
SELECT DATETIME(won_time, 'start of year') AS won_time, sum(value) AS "SUM(value)" 
FROM deals 
WHERE status = 'won' GROUP BY DATETIME(won_time, 'start of year')
 LIMIT 10000 OFFSET 0;
--> deals: GET /api/v2/deals?status={status}
--> 10 tokens

-- Several values.
SELECT owner_id AS owner_id, sum(value) AS total 
FROM deals 
WHERE status IN ('won', 'lost') GROUP BY owner_id ORDER BY total DESC
 LIMIT 50 OFFSET 0;
--> deals: GET /api/v2/deals?status={status...}
--> 20 tokens

-- All but some values.
SELECT currency AS currency, count(DISTINCT org_id) AS orgs 
FROM deals 
WHERE (stage_id NOT IN (1, 2)) GROUP BY currency
 LIMIT 50 OFFSET 0;
--> deals: GET /api/v2/deals
--> 30 tokens

-- Contains.
SELECT id AS id, title AS title 
FROM deals 
WHERE lower(title) LIKE lower('%roll-out%') GROUP BY id, title
 LIMIT 100 OFFSET 0;
--> deals: GET /api/v2/deals?sort_by=id&sort_direction=asc
--> 30 tokens

-- Is null.
SELECT id AS id, title AS title 
FROM deals 
WHERE person_id IS NULL AND value >= 100 GROUP BY id, title
 LIMIT 100 OFFSET 0;
--> deals: GET /api/v2/deals?sort_by=id&sort_direction=asc
--> 30 tokens

-- The values that a filter offers.
SELECT status AS status 
FROM deals GROUP BY status ORDER BY status ASC
 LIMIT 1000 OFFSET 0;
--> deals: GET /api/v2/deals
--> 30 tokens

-- SQL in a filter and behind HAVING.
SELECT owner_id AS owner_id, COUNT(*) AS count 
FROM deals 
WHERE (value > 0) GROUP BY owner_id 
HAVING (COUNT(*) > 3)
 LIMIT 100 OFFSET 0;
--> deals: GET /api/v2/deals
--> 30 tokens

-- SQL as a metric.
SELECT owner_id AS owner_id, SUM(CASE WHEN status = 'won' THEN value END) / SUM(value) AS "won share" 
FROM deals GROUP BY owner_id
 LIMIT 20 OFFSET 0;
--> deals: GET /api/v2/deals
--> 30 tokens

-- A virtual dataset.
SELECT organization AS organization, sum(value) AS "SUM(value)" 
FROM (SELECT d.id, d.title, d.value, d.won_time, d.add_time, o.name AS organization
FROM deals d LEFT JOIN organizations o ON o.id = d.org_id
WHERE d.status = 'won'
) AS virtual_table GROUP BY organization ORDER BY "SUM(value)" DESC
 LIMIT 100 OFFSET 0;
--> d: GET /api/v2/deals?status={status}
--> o: GET /api/v2/organizations/{id} or GET /api/v2/organizations?ids={id}
--> 15 tokens

-- Rows of a virtual dataset.
SELECT id AS id, title AS title, organization AS organization 
FROM (SELECT d.id, d.title, d.value, d.won_time, d.add_time, o.name AS organization
FROM deals d LEFT JOIN organizations o ON o.id = d.org_id
WHERE d.status = 'won'
) AS virtual_table ORDER BY id ASC
 LIMIT 100 OFFSET 0;
--> d: GET /api/v2/deals?status={status}&sort_by=id&sort_direction=asc
--> o: GET /api/v2/organizations/{id} or GET /api/v2/organizations?ids={id}
--> 15 tokens

-- A virtual dataset that is sorted inside.
SELECT id AS id, title AS title, update_time AS update_time 
FROM (SELECT id, title, update_time FROM deals ORDER BY update_time DESC
) AS virtual_table
 LIMIT 10 OFFSET 0;
--> deals: GET /api/v2/deals?sort_by=update_time&sort_direction=desc
--> 10 tokens

-- The rows behind a bar.
SELECT id AS id, title AS title, value AS value 
FROM deals 
WHERE status = 'won' AND owner_id IN (3, 4)
 LIMIT 50 OFFSET 0;
--> deals: GET /api/v2/deals?status={status}&owner_id={owner_id...}
--> 10 tokens

-- How many they are.
SELECT COUNT(*) AS rowcount 
FROM (SELECT id AS id, title AS title 
FROM deals 
WHERE status = 'won'
 LIMIT 100 OFFSET 0) AS rowcount_qry;
--> deals: GET /api/v2/deals?status={status}
--> 10 tokens

-- A boolean.
SELECT owner_id AS owner_id, type AS type, COUNT(*) AS count 
FROM activities 
WHERE done = 0 GROUP BY owner_id, type
 LIMIT 100 OFFSET 0;
--> activities: GET /api/v2/activities?done={done}
--> 30 tokens

-- The second page of rows.
SELECT id AS id, title AS title, value AS value 
FROM deals 
WHERE owner_id = 2 AND status = 'open' ORDER BY add_time DESC
 LIMIT 100 OFFSET 2;
--> deals: GET /api/v2/deals?status={status}&owner_id={owner_id}&sort_by=add_time&sort_direction=desc
--> 10 tokens

-- SQL Lab: the limit is put behind the statement.
select id, title, update_time from deals order by update_time desc
LIMIT 1001
--> deals: GET /api/v2/deals?sort_by=update_time&sort_direction=desc
--> 30 tokens

-- SQL Lab: a preview of a table.
SELECT
  *
FROM stages
LIMIT 100
OFFSET 0
--> stages: GET /api/v2/stages
--> 5 tokens

-- SQL Lab with a schema chosen: live tables are not in main.
SELECT
  *
FROM main.stages
LIMIT 100
OFFSET 0
--> refused: There is no table "stages" in the schema main: the tables of Pipedrive are in temp. Write stages alone, or temp.stages.

-- SQL Lab with the schema of live tables chosen.
SELECT
  *
FROM "temp".stages
LIMIT 100
OFFSET 0
--> temp.stages: GET /api/v2/stages
--> 5 tokens
