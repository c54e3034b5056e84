-- A table in the data browser.
SELECT {deals: "deals"."$" AS "$"} FROM "deals" LIMIT 2000
--> deals: GET /api/v2/deals
--> 30 tokens

-- The number of rows, as a question of the query builder is sent.
-- Metabase:: userID: 1 queryType: MBQL queryHash: 84312c35be2599726c0af83cbea31aa7a2f67c53fd0528b723c964221a9b1bef
SELECT COUNT(*) AS "count" FROM "deals"
--> deals: GET /api/v2/deals
--> 30 tokens

-- May the account read the table? Each table is asked this at every sync.
SELECT 1 AS "_" FROM "deals" WHERE 1 <> 1 LIMIT 0
--> deals: GET /api/v2/deals
--> 0 tokens

-- The same for a table that Pipedrive lists parent by parent.
SELECT 1 AS "_" FROM "deal_followers" WHERE 1 <> 1 LIMIT 0
--> deal_followers: GET /api/v2/deals/{id}/followers for each of deals
--> 0 tokens

-- Fingerprints: a sample of every column, long texts cut.
SELECT "stages"."id" AS "id", SUBSTR("stages"."name", 1, 1234) AS "substring76", "stages"."pipeline_id" AS "pipeline_id", "stages"."order_nr" AS "order_nr", "stages"."deal_probability" AS "deal_probability", "stages"."add_time" AS "add_time", "stages"."update_time" AS "update_time" FROM "stages" LIMIT 10000
--> stages: GET /api/v2/stages
--> 5 tokens

-- Fingerprints of a wide table.
SELECT "deals"."id" AS "id", SUBSTR("deals"."title", 1, 1234) AS "substring77", SUBSTR("deals"."status", 1, 1234) AS "substring78", "deals"."value" AS "value", SUBSTR("deals"."lost_reason", 1, 1234) AS "substring79", "deals"."add_time" AS "add_time", "deals"."expected_close_date" AS "expected_close_date", "deals"."activities_count" AS "activities_count" FROM "deals" LIMIT 10000
--> deals: GET /api/v2/deals
--> 30 tokens

-- The values that a filter offers.
SELECT "deals"."status" AS "status" FROM "deals" GROUP BY "deals"."status" ORDER BY "deals"."status" ASC LIMIT 1000
--> deals: GET /api/v2/deals
--> 30 tokens

-- The names that a filter offers while one types.
-- with ["%ro%"]
SELECT "persons"."id" AS "id", "persons"."name" AS "name" FROM "persons" WHERE LOWER("persons"."name") LIKE ? GROUP BY "persons"."id", "persons"."name" ORDER BY "persons"."id" ASC, "persons"."name" ASC LIMIT 100
--> persons: GET /api/v2/persons?sort_by=id&sort_direction=asc
--> 20 tokens

-- A filter.
-- with ["won"]
SELECT "deals"."id" AS "id", "deals"."title" AS "title", "deals"."value" AS "value" FROM "deals" WHERE ("deals"."status" = ?) AND ("deals"."owner_id" = 6) LIMIT 2000
--> deals: GET /api/v2/deals?status={status}&owner_id={owner_id}
--> 10 tokens

-- One of several values.
-- with ["won", "lost"]
SELECT "deals"."id" AS "id", "deals"."status" AS "status" FROM "deals" WHERE ("deals"."status" = ?) OR ("deals"."status" = ?) LIMIT 2000
--> deals: GET /api/v2/deals?status={status...}
--> 20 tokens

-- Is not; rows without a value stay.
-- with ["lost"]
SELECT COUNT(*) AS "count" FROM "deals" WHERE ("deals"."status" <> ?) OR ("deals"."status" IS NULL)
--> deals: GET /api/v2/deals
--> 30 tokens

-- Contains, whatever the case.
-- with ["%roll-out%"]
SELECT "deals"."id" AS "id", "deals"."title" AS "title" FROM "deals" WHERE (LOWER("deals"."title") LIKE ?) LIMIT 2000
--> deals: GET /api/v2/deals
--> 30 tokens

-- Is empty.
SELECT COUNT(*) AS "count" FROM "deals" WHERE ("deals"."lost_reason" IS NULL) OR ("deals"."lost_reason" = '')
--> deals: GET /api/v2/deals
--> 30 tokens

-- One row and everything of it: the detail view.
SELECT {deals: "deals"."$" AS "$"} FROM "deals" WHERE "deals"."id" = 7 LIMIT 2000
--> deals: GET /api/v2/deals/{id} or GET /api/v2/deals?ids={id}
--> 1 token

-- What belongs to it.
SELECT COUNT(*) AS "count" FROM "activities" WHERE "activities"."deal_id" = 7
--> activities: GET /api/v2/activities?deal_id={deal_id}
--> 10 tokens

-- The latest ten.
SELECT "deals"."id" AS "id", "deals"."title" AS "title", "deals"."update_time" AS "update_time" FROM "deals" ORDER BY "deals"."update_time" DESC LIMIT 10
--> deals: GET /api/v2/deals?sort_by=update_time&sort_direction=desc
--> 10 tokens

-- Between two days.
SELECT COUNT(*) AS "count" FROM "deals" WHERE ("deals"."update_time" >= DATE('2026-09-01')) AND ("deals"."update_time" < DATE('2026-09-15'))
--> deals: GET /api/v2/deals?updated_since={>=update_time}&updated_until={<update_time}
--> 10 tokens

-- The last thirty days, by day.
SELECT DATE("deals"."update_time") AS "update_time", COUNT(*) AS "count" FROM "deals" WHERE ("deals"."update_time" >= DATE(DATETIME(DATE(DATETIME('now')), '-30 days'))) AND ("deals"."update_time" < DATE(DATETIME('now'))) GROUP BY DATE("deals"."update_time") ORDER BY DATE("deals"."update_time") ASC
--> deals: GET /api/v2/deals?updated_since={>=update_time}&updated_until={<update_time}

-- The last twelve months, by month.
SELECT DATE("deals"."add_time", 'start of month') AS "add_time", SUM("deals"."value") AS "sum" FROM "deals" WHERE ("deals"."add_time" >= DATE(DATETIME(DATE(DATETIME('now'), 'start of month'), '-12 months'), 'start of month')) AND ("deals"."add_time" < DATE(DATETIME('now'), 'start of month')) GROUP BY DATE("deals"."add_time", 'start of month') ORDER BY DATE("deals"."add_time", 'start of month') ASC
--> deals: GET /api/v2/deals

-- By week.
-- with ["open"]
SELECT DATE("deals"."add_time", '-6 days', 'weekday 0') AS "add_time", COUNT(*) AS "count" FROM "deals" WHERE "deals"."status" = ? GROUP BY DATE("deals"."add_time", '-6 days', 'weekday 0') ORDER BY DATE("deals"."add_time", '-6 days', 'weekday 0') ASC
--> deals: GET /api/v2/deals?status={status}
--> 20 tokens

-- By quarter.
SELECT DATE(DATE("deals"."won_time", 'start of month'), ('-' || ((STRFTIME('%m', "deals"."won_time") - 1) % 3) || ' months')) AS "won_time", SUM("deals"."value") AS "sum" FROM "deals" WHERE "deals"."status" = 'won' GROUP BY DATE(DATE("deals"."won_time", 'start of month'), ('-' || ((STRFTIME('%m', "deals"."won_time") - 1) % 3) || ' months')) ORDER BY DATE(DATE("deals"."won_time", 'start of month'), ('-' || ((STRFTIME('%m', "deals"."won_time") - 1) % 3) || ' months')) ASC
--> deals: GET /api/v2/deals?status={status}
--> 10 tokens

-- By month of the year, and by day of the week.
SELECT CAST(STRFTIME('%m', "deals"."add_time") AS integer) AS "add_time", CAST((STRFTIME('%w', "deals"."add_time") + 1) AS integer) AS "add_time_2", COUNT(*) AS "count" FROM "deals" GROUP BY CAST(STRFTIME('%m', "deals"."add_time") AS integer), CAST((STRFTIME('%w', "deals"."add_time") + 1) AS integer) ORDER BY CAST(STRFTIME('%m', "deals"."add_time") AS integer) ASC, CAST((STRFTIME('%w', "deals"."add_time") + 1) AS integer) ASC
--> deals: GET /api/v2/deals
--> 30 tokens

-- In bins.
SELECT ((ROUND(((("deals"."value" - 0.0) / 10000.0) - 0.5)) * 10000.0) + 0.0) AS "value", COUNT(*) AS "count" FROM "deals" GROUP BY ((ROUND(((("deals"."value" - 0.0) / 10000.0) - 0.5)) * 10000.0) + 0.0) ORDER BY ((ROUND(((("deals"."value" - 0.0) / 10000.0) - 0.5)) * 10000.0) + 0.0) ASC
--> deals: GET /api/v2/deals
--> 30 tokens

-- A leaderboard.
SELECT "deals"."owner_id" AS "owner_id", SUM(CASE WHEN "deals"."status" = 'won' THEN "deals"."value" ELSE 0.0 END) AS "sum-where", CAST(SUM(CASE WHEN "deals"."status" = 'won' THEN 1 ELSE 0.0 END) AS float) / CASE WHEN COUNT(*) = 0 THEN NULL ELSE COUNT(*) END AS "share" FROM "deals" GROUP BY "deals"."owner_id" ORDER BY "sum-where" DESC, "deals"."owner_id" ASC LIMIT 10
--> deals: GET /api/v2/deals
--> 30 tokens

-- A column of another table, over a foreign key.
SELECT "persons__via__person_id"."name" AS "persons__via__person_id__name", COUNT(*) AS "count" FROM "deals" LEFT JOIN "persons" AS "persons__via__person_id" ON "deals"."person_id" = "persons__via__person_id"."id" GROUP BY "persons__via__person_id"."name" ORDER BY "persons__via__person_id"."name" ASC
--> deals: GET /api/v2/deals
--> persons__via__person_id: GET /api/v2/persons/{id} or GET /api/v2/persons?ids={id}
--> 45 tokens

-- Names of stages and owners in place of their ids.
-- with ["open"]
SELECT "Stages"."name" AS "Stages__name", "Users"."name" AS "Users__name", COUNT(*) AS "count", SUM("deals"."value") AS "sum" FROM "deals" LEFT JOIN "stages" AS "Stages" ON "deals"."stage_id" = "Stages"."id" LEFT JOIN "users" AS "Users" ON "deals"."owner_id" = "Users"."id" WHERE "deals"."status" = ? GROUP BY "Stages"."name", "Users"."name" ORDER BY "Stages"."name" ASC, "Users"."name" ASC
--> deals: GET /api/v2/deals?status={status}
--> Stages: GET /api/v2/stages/{id}
--> Users: GET /v1/users/{id}
--> 48 tokens

-- A question that starts from another one.
SELECT AVG("source"."count") AS "avg", MAX("source"."count") AS "max" FROM (SELECT DATE("deals"."add_time", 'start of month') AS "add_time", COUNT(*) AS "count" FROM "deals" GROUP BY DATE("deals"."add_time", 'start of month') ORDER BY DATE("deals"."add_time", 'start of month') ASC) AS "source"
--> deals: GET /api/v2/deals
--> 30 tokens

-- A question that starts from SQL.
SELECT "source"."id" AS "id", "source"."title" AS "title", "source"."update_time" AS "update_time" FROM (select id, title, update_time from deals order by update_time desc) AS "source" LIMIT 10
--> deals: GET /api/v2/deals?sort_by=update_time&sort_direction=desc
--> 10 tokens

-- A custom column, and a filter on the result.
SELECT "source"."owner_id" AS "owner_id", "source"."count" AS "count" FROM (SELECT "source"."owner_id" AS "owner_id", COUNT(*) AS "count" FROM (SELECT "deals"."id" AS "id", "deals"."owner_id" AS "owner_id", "deals"."value" * 0.2 AS "commission" FROM "deals" WHERE "deals"."value" > 0) AS "source" WHERE "source"."commission" > 100.0 GROUP BY "source"."owner_id" ORDER BY "source"."owner_id" ASC) AS "source" WHERE "source"."count" > 2 LIMIT 2000
--> deals: GET /api/v2/deals
--> 30 tokens

-- A join of a table with a grouped one.
SELECT "organizations"."id" AS "id", "organizations"."name" AS "name", "Question 4"."sum" AS "Question 4__sum" FROM "organizations" INNER JOIN (SELECT "deals"."org_id" AS "org_id", SUM("deals"."value") AS "sum" FROM "deals" WHERE "deals"."status" = 'won' GROUP BY "deals"."org_id" ORDER BY "deals"."org_id" ASC) AS "Question 4" ON "organizations"."id" = "Question 4"."org_id" LIMIT 2000
--> deals: GET /api/v2/deals?status={status}
--> organizations: GET /api/v2/organizations/{id} or GET /api/v2/organizations?ids={id}
--> 15 tokens
