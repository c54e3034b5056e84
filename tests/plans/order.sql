-- The latest five are one small page.
SELECT title FROM deals ORDER BY update_time DESC LIMIT 5;
--> GET /api/v2/deals?sort_by=update_time&sort_direction=desc&custom_fields={score}&limit=5
--> 10 tokens

-- The oldest, too.
SELECT title FROM deals ORDER BY add_time LIMIT 5;
--> GET /api/v2/deals?sort_by=add_time&sort_direction=asc&custom_fields={score}&limit=5
--> 10 tokens

-- Rows that are skipped are read.
SELECT title FROM deals ORDER BY id DESC LIMIT 5 OFFSET 10;
--> GET /api/v2/deals?sort_by=id&sort_direction=desc&custom_fields={score}&limit=15
--> 10 tokens

-- Without an order any five will do.
SELECT title FROM deals LIMIT 5;
--> GET /api/v2/deals?custom_fields={score}&limit=5
--> 10 tokens

-- A filter that Pipedrive applies exactly keeps the page small.
SELECT title FROM deals WHERE status = 'won' ORDER BY update_time DESC LIMIT 5;
--> GET /api/v2/deals?status=won&sort_by=update_time&sort_direction=desc&custom_fields={score}&limit=5
--> 10 tokens

-- Where SQLite checks as well, five rows may not be enough: pages are full, and
-- no more of them are read than needed.
SELECT title FROM deals WHERE value > 1000 ORDER BY update_time DESC LIMIT 5;
--> GET /api/v2/deals?sort_by=update_time&sort_direction=desc&custom_fields={score}&limit=500
--> 10 tokens

-- Two requests cannot be in one order: SQLite sorts.
SELECT title FROM deals WHERE owner_id IN (1, 2) ORDER BY update_time DESC LIMIT 5;
--> GET /api/v2/deals?owner_id=1&custom_fields={score}&limit=500
--> GET /api/v2/deals?owner_id=2&custom_fields={score}&limit=500
--> 20 tokens

-- A column that may be null is sorted by SQLite.
SELECT title FROM deals ORDER BY close_time LIMIT 5;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- Columns that Pipedrive does not sort by.
SELECT title FROM deals ORDER BY value DESC LIMIT 5;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- Pipedrive does not say how it orders equal times: SQLite sorts.
SELECT title FROM deals ORDER BY update_time DESC, title LIMIT 5;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- Nothing is equal behind the key.
SELECT title FROM deals ORDER BY id, title LIMIT 5;
--> GET /api/v2/deals?sort_by=id&sort_direction=asc&custom_fields={score}&limit=5
--> 10 tokens

-- An expression is not a column.
SELECT title FROM deals ORDER BY date(update_time) LIMIT 5;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- The largest is the first row of an order.
SELECT max(id) FROM deals;
--> GET /api/v2/deals?sort_by=id&sort_direction=desc&custom_fields={score}&limit=500
--> 10 tokens
SELECT max(update_time) FROM deals;
--> GET /api/v2/deals?sort_by=update_time&sort_direction=desc&custom_fields={score}&limit=500
--> 10 tokens

-- For the smallest SQLite wants NULLs last, which no order of Pipedrive promises.
SELECT min(add_time) FROM deals;
--> GET /api/v2/deals?sort_by=add_time&sort_direction=asc&custom_fields={score}&limit=500
--> 10 tokens

-- LIMIT 0.
SELECT title FROM deals LIMIT 0;
--> no request

-- A whole list sorted by Pipedrive.
SELECT title FROM deals ORDER BY update_time;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- Orders of the other tables.
SELECT name FROM persons ORDER BY update_time DESC LIMIT 1;
--> GET /api/v2/persons?sort_by=update_time&sort_direction=desc&custom_fields={score}&limit=1
--> 10 tokens
SELECT name FROM organizations ORDER BY add_time DESC LIMIT 1;
--> GET /api/v2/organizations?sort_by=add_time&sort_direction=desc&custom_fields={score}&limit=1
--> 10 tokens
SELECT subject FROM activities ORDER BY id DESC LIMIT 1;
--> GET /api/v2/activities?sort_by=id&sort_direction=desc&limit=1
--> 10 tokens
SELECT name FROM products ORDER BY update_time LIMIT 1;
--> GET /api/v2/products?sort_by=update_time&sort_direction=asc&custom_fields={score}&limit=1
--> 10 tokens
SELECT name FROM stages ORDER BY order_nr LIMIT 1;
--> GET /api/v2/stages?sort_by=order_nr&sort_direction=asc&limit=1
--> 5 tokens
SELECT title FROM leads ORDER BY add_time DESC LIMIT 1;
--> GET /v1/leads?sort=add_time DESC&limit=1
--> 20 tokens
SELECT content FROM notes ORDER BY add_time DESC LIMIT 1;
--> GET /v1/notes?sort=add_time DESC&limit=1
--> 20 tokens
SELECT title FROM deals_archived ORDER BY update_time DESC LIMIT 1;
--> GET /api/v2/deals/archived?sort_by=update_time&sort_direction=desc&custom_fields={score}&limit=1
--> 20 tokens
SELECT title FROM deals_deleted ORDER BY update_time DESC LIMIT 1;
--> GET /api/v2/deals?status=deleted&sort_by=update_time&sort_direction=desc&custom_fields={score}&limit=1
--> 10 tokens

-- A group is an order too, if Pipedrive has it.
SELECT id, count(*) FROM deals GROUP BY id LIMIT 3;
--> GET /api/v2/deals?sort_by=id&sort_direction=asc&custom_fields={score}&limit=500
--> 10 tokens

-- Other groups are SQLite's.
SELECT status, count(*) FROM deals GROUP BY status;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens
