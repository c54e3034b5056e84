-- A page.
-- with [20, 40]
SELECT deals.id, deals.title 
FROM deals ORDER BY deals.id
 LIMIT ? OFFSET ?
--> deals: GET /api/v2/deals?sort_by=id&sort_direction=asc
--> 30 tokens

-- session.get(Deal, 7)
-- with [7]
SELECT deals.id, deals.title, deals.status, deals.value, deals.currency, deals.owner_id, deals.add_time, deals.update_time, deals.expected_close_date, deals.is_archived, deals.person_id, deals.org_id, deals.stage_id 
FROM deals 
WHERE deals.id = ?
--> deals: GET /api/v2/deals/{id} or GET /api/v2/deals?ids={id}
--> 1 token

-- A status, and a time with its fraction.
-- with ["won", "2026-09-01 10:00:00.000000"]
SELECT deals.id, deals.title, deals.status, deals.value, deals.currency, deals.owner_id, deals.add_time, deals.update_time, deals.expected_close_date, deals.is_archived, deals.person_id, deals.org_id, deals.stage_id 
FROM deals 
WHERE deals.status = ? AND deals.update_time >= ?
--> deals: GET /api/v2/deals?status={status}&updated_since={>=update_time}
--> 10 tokens

-- Deal.id.in_([1, 3, 5, 7])
-- with [1, 3, 5, 7]
SELECT deals.id 
FROM deals 
WHERE deals.id IN (?, ?, ?, ?)
--> deals: GET /api/v2/deals/{id...} or GET /api/v2/deals?ids={id...}
--> 4 tokens

-- Deal.status.in_(["won", "lost"])
-- with ["won", "lost"]
SELECT deals.title 
FROM deals 
WHERE deals.status IN (?, ?)
--> deals: GET /api/v2/deals?status={status...}
--> 20 tokens

-- An empty list: in_([])
SELECT deals.id 
FROM deals 
WHERE deals.id IN (SELECT 1 FROM (SELECT 1) WHERE 1!=1)
--> deals: GET /api/v2/deals/{id...} or GET /api/v2/deals?ids={id...}
--> 0 tokens

-- joinedload(Deal.person), joinedload(Deal.stage)
-- with [5, 0]
SELECT deals.id, deals.title, deals.status, deals.value, deals.currency, deals.owner_id, deals.add_time, deals.update_time, deals.expected_close_date, deals.is_archived, deals.person_id, deals.org_id, deals.stage_id, persons_1.id AS id_1, persons_1.name, persons_1.org_id AS org_id_1, stages_1.id AS id_2, stages_1.name AS name_1, stages_1.pipeline_id, stages_1.order_nr 
FROM deals LEFT OUTER JOIN persons AS persons_1 ON persons_1.id = deals.person_id LEFT OUTER JOIN stages AS stages_1 ON stages_1.id = deals.stage_id ORDER BY deals.id
 LIMIT ? OFFSET ?
--> deals: GET /api/v2/deals?sort_by=id&sort_direction=asc
--> persons_1: GET /api/v2/persons/{id} or GET /api/v2/persons?ids={id}
--> stages_1: GET /api/v2/stages/{id}
--> 18 tokens

-- selectinload(Deal.activities): the children of the rows in hand.
-- with [1, 3, 5]
SELECT activities.deal_id, activities.id, activities.subject, activities.done, activities.due_date 
FROM activities 
WHERE activities.deal_id IN (?, ?, ?)
--> activities: GET /api/v2/activities?deal_id={deal_id...}
--> 30 tokens

-- selectinload(Deal.person)
-- with [17, 29, 25]
SELECT persons.id, persons.name, persons.org_id 
FROM persons 
WHERE persons.id IN (?, ?, ?)
--> persons: GET /api/v2/persons/{id...} or GET /api/v2/persons?ids={id...}
--> 3 tokens

-- joinedload(Deal.activities) with a limit
-- with [3, 0]
SELECT anon_1.id, anon_1.title, anon_1.status, anon_1.value, anon_1.person_id, activities_1.id AS id_1, activities_1.subject, activities_1.done, activities_1.due_date, activities_1.deal_id 
FROM (SELECT deals.id AS id, deals.title AS title, deals.status AS status, deals.value AS value, deals.person_id AS person_id 
FROM deals ORDER BY deals.id
 LIMIT ? OFFSET ?) AS anon_1 LEFT OUTER JOIN activities AS activities_1 ON anon_1.id = activities_1.deal_id ORDER BY anon_1.id
--> deals: GET /api/v2/deals?sort_by=id&sort_direction=asc
--> activities_1: GET /api/v2/activities?deal_id={deal_id}
--> 40 tokens

-- deal.activities, loaded when it is read
-- with [7]
SELECT activities.id, activities.subject, activities.done, activities.due_date, activities.deal_id 
FROM activities 
WHERE ? = activities.deal_id
--> activities: GET /api/v2/activities?deal_id={deal_id}
--> 10 tokens

-- select(func.count()).select_from(Deal)
SELECT count(*) AS count_1 
FROM deals
--> deals: GET /api/v2/deals
--> 30 tokens

-- query(Deal).filter(...).count()
-- with ["open"]
SELECT count(*) AS count_1 
FROM (SELECT deals.id AS deals_id, deals.title AS deals_title, deals.status AS deals_status, deals.value AS deals_value, deals.currency AS deals_currency, deals.owner_id AS deals_owner_id, deals.add_time AS deals_add_time, deals.update_time AS deals_update_time, deals.expected_close_date AS deals_expected_close_date, deals.is_archived AS deals_is_archived, deals.person_id AS deals_person_id, deals.org_id AS deals_org_id, deals.stage_id AS deals_stage_id 
FROM deals 
WHERE deals.status = ?) AS anon_1
--> deals: GET /api/v2/deals?status={status}
--> 20 tokens

-- Counting an ordered subquery.
-- with ["won"]
SELECT count(*) AS count_1 
FROM (SELECT deals.id AS id, deals.title AS title 
FROM deals 
WHERE deals.status = ? ORDER BY deals.id) AS anon_1
--> deals: GET /api/v2/deals?status={status}&sort_by=id&sort_direction=asc
--> 10 tokens

-- Grouped, with HAVING and labels.
-- with [1]
SELECT deals.status, count(deals.id) AS n, sum(deals.value) AS sum_1 
FROM deals GROUP BY deals.status 
HAVING count(deals.id) > ? ORDER BY n DESC
--> deals: GET /api/v2/deals
--> 30 tokens

-- exists()
-- with ["won"]
SELECT persons.id, persons.name 
FROM persons 
WHERE EXISTS (SELECT deals.id 
FROM deals 
WHERE deals.person_id = persons.id AND deals.status = ?)
--> persons: GET /api/v2/persons
--> deals EXISTS: GET /api/v2/deals?status={status}&person_id={person_id}
--> 30 tokens

-- Deal.activities.any(Activity.done.is_(False))
SELECT deals.id 
FROM deals 
WHERE EXISTS (SELECT 1 
FROM activities 
WHERE deals.id = activities.deal_id AND activities.done IS 0)
--> deals: GET /api/v2/deals
--> activities EXISTS: GET /api/v2/activities?deal_id={deal_id}
--> 90 tokens

-- extract("year", ...)
SELECT CAST(STRFTIME('%Y', deals.add_time) AS INTEGER) AS year, CAST(STRFTIME('%m', deals.add_time) AS INTEGER) AS month, count(*) AS count_1 
FROM deals GROUP BY year, month
--> deals: GET /api/v2/deals
--> 30 tokens

-- A common table expression.
-- with [1000]
WITH totals AS 
(SELECT deals.owner_id AS owner_id, sum(deals.value) AS total 
FROM deals GROUP BY deals.owner_id)
 SELECT totals.owner_id, totals.total 
FROM totals 
WHERE totals.total > ? ORDER BY totals.total DESC
--> deals: GET /api/v2/deals
--> 30 tokens

-- ilike()
-- with ["%roll-out%"]
SELECT deals.title 
FROM deals 
WHERE lower(deals.title) LIKE lower(?)
--> deals: GET /api/v2/deals
--> 30 tokens

-- startswith()
-- with ["Tartu"]
SELECT deals.title 
FROM deals 
WHERE (deals.title LIKE ? || '%')
--> deals: GET /api/v2/deals/search?term={title}&exact_match=true&fields=title, then GET /api/v2/deals/{id...} or GET /api/v2/deals?ids={id...}, beside the latest of GET /api/v2/deals
--> 30 tokens

-- The latest ten.
-- with [10, 0]
SELECT deals.id, deals.update_time 
FROM deals ORDER BY deals.update_time DESC
 LIMIT ? OFFSET ?
--> deals: GET /api/v2/deals?sort_by=update_time&sort_direction=desc
--> 10 tokens

-- filter_by(title=...).first()
-- with ["Tartu new licence", 1, 0]
SELECT deals.id AS deals_id 
FROM deals 
WHERE deals.title = ?
 LIMIT ? OFFSET ?
--> deals: GET /api/v2/itemSearch/field?term={title}&entity_type=deal&field=title&match=exact, then GET /api/v2/deals/{id...} or GET /api/v2/deals?ids={id...}, beside the latest of GET /api/v2/deals
--> 10 tokens

-- A window function.
SELECT deals.id, row_number() OVER (PARTITION BY deals.owner_id ORDER BY deals.id) AS anon_1 
FROM deals
--> deals: GET /api/v2/deals
--> 30 tokens

-- between() of dates
-- with ["2026-01-01", "2026-12-31"]
SELECT deals.id 
FROM deals 
WHERE deals.expected_close_date BETWEEN ? AND ?
--> deals: GET /api/v2/deals
--> 30 tokens

-- A boolean.
SELECT activities.id 
FROM activities 
WHERE activities.done = 1
--> activities: GET /api/v2/activities?done={done}
--> 40 tokens

-- union_all()
-- with ["won", "lost"]
SELECT deals.id, deals.title 
FROM deals 
WHERE deals.status = ? UNION ALL SELECT deals.id, deals.title 
FROM deals 
WHERE deals.status = ?
--> deals: GET /api/v2/deals?status={status}
--> deals: GET /api/v2/deals?status={status}
--> 20 tokens

-- A scalar subquery.
SELECT stages.name, (SELECT count(deals.id) AS count_1 
FROM deals 
WHERE deals.stage_id = stages.id) AS deals 
FROM stages ORDER BY stages.id
--> stages: GET /api/v2/stages?sort_by=id&sort_direction=asc
--> deals: GET /api/v2/deals?stage_id={stage_id}
--> 35 tokens

-- A chain of joins.
-- with [3]
SELECT deals.title, persons.name, organizations.name AS name_1 
FROM deals JOIN persons ON persons.id = deals.person_id LEFT OUTER JOIN organizations ON organizations.id = persons.org_id 
WHERE deals.owner_id = ?
--> deals: GET /api/v2/deals?owner_id={owner_id}
--> persons: GET /api/v2/persons/{id} or GET /api/v2/persons?ids={id}
--> organizations: GET /api/v2/organizations/{id} or GET /api/v2/organizations?ids={id}
--> 17 tokens

-- case() and coalesce()
-- with ["won", 0, 0]
SELECT sum(CASE WHEN (deals.status = ?) THEN deals.value ELSE ? END) AS won, coalesce(sum(deals.value), ?) AS coalesce_1 
FROM deals
--> deals: GET /api/v2/deals
--> 30 tokens
