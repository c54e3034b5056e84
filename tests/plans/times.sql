-- A day, as the start of a window.
SELECT title FROM deals WHERE update_time >= '2026-09-01';
--> GET /api/v2/deals?updated_since=2026-09-01T00:00:00Z&custom_fields={score}&limit=500
--> 10 tokens

-- A moment; the end of a window is one second later, because it is exclusive.
SELECT title FROM deals
WHERE update_time >= '2026-09-01 10:00:00' AND update_time < '2026-09-02 10:00:00';
--> GET /api/v2/deals?updated_since=2026-09-01T10:00:00Z&updated_until=2026-09-02T10:00:01Z&custom_fields={score}&limit=500
--> 10 tokens

-- Just after: the server includes the second, SQLite does not.
SELECT title FROM deals WHERE update_time > '2026-09-01 10:00:00';
--> GET /api/v2/deals?updated_since=2026-09-01T10:00:00Z&custom_fields={score}&limit=500
--> 10 tokens

-- BETWEEN.
SELECT title FROM deals WHERE update_time BETWEEN '2026-09-01' AND '2026-09-02';
--> GET /api/v2/deals?updated_since=2026-09-01T00:00:00Z&updated_until=2026-09-02T00:00:01Z&custom_fields={score}&limit=500
--> 10 tokens

-- Equal: from that second on.
SELECT title FROM deals WHERE update_time = '2026-09-01 10:00:00';
--> GET /api/v2/deals?updated_since=2026-09-01T10:00:00Z&custom_fields={score}&limit=500
--> 10 tokens

-- Until.
SELECT title FROM deals WHERE update_time <= '2024-01-01';
--> GET /api/v2/deals?updated_until=2024-01-01T00:00:01Z&custom_fields={score}&limit=500
--> 10 tokens

-- SQL compares text: any time of that day stands before one with a T.
SELECT title FROM deals WHERE update_time >= '2026-09-01T10:00:00Z';
--> GET /api/v2/deals?updated_since=2026-09-01T00:00:00Z&custom_fields={score}&limit=500
--> 10 tokens
SELECT title FROM deals WHERE update_time < '2026-09-01T10:00:00Z';
--> GET /api/v2/deals?updated_until=2026-09-02T00:00:00Z&custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- A fraction, a month, a minute.
SELECT title FROM deals WHERE update_time >= '2026-09-01 10:00:00.5';
--> GET /api/v2/deals?updated_since=2026-09-01T10:00:00Z&custom_fields={score}&limit=500
--> 10 tokens
SELECT title FROM deals WHERE update_time >= '2026-09';
--> GET /api/v2/deals?updated_since=2026-09-01T00:00:00Z&custom_fields={score}&limit=500
--> 10 tokens
SELECT title FROM deals WHERE update_time >= '2026-09-02 10:00';
--> GET /api/v2/deals?updated_since=2026-09-02T10:00:00Z&custom_fields={score}&limit=500
--> 10 tokens

-- The result of a function is a literal like any other.
SELECT title FROM deals WHERE update_time >= datetime('2026-09-08', '-7 days');
--> GET /api/v2/deals?updated_since=2026-09-01T00:00:00Z&custom_fields={score}&limit=500
--> 10 tokens

-- What is no time gives no window.
SELECT title FROM deals WHERE update_time >= 'soon';
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- Nor does a number, which any text is greater than.
SELECT title FROM deals WHERE update_time >= 2026;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- Nor does a day that no calendar has.
SELECT title FROM deals WHERE update_time >= '2026-02-30';
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- A comparison with NULL is never true.
SELECT title FROM deals WHERE update_time >= NULL;
--> no request

-- Other times have no window.
SELECT title FROM deals WHERE add_time >= '2026-09-01';
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- Windows go with filters.
SELECT title FROM deals WHERE status = 'won' AND update_time >= '2026-09-01';
--> GET /api/v2/deals?status=won&updated_since=2026-09-01T00:00:00Z&custom_fields={score}&limit=500
--> 10 tokens

-- Windows of the other tables; some have only a start.
SELECT name FROM persons
WHERE update_time >= '2026-09-01' AND update_time < '2026-09-02';
--> GET /api/v2/persons?updated_since=2026-09-01T00:00:00Z&updated_until=2026-09-02T00:00:01Z&custom_fields={score}&limit=500
--> 10 tokens
SELECT name FROM organizations
WHERE update_time >= '2026-09-01' AND update_time < '2026-09-02';
--> GET /api/v2/organizations?updated_since=2026-09-01T00:00:00Z&updated_until=2026-09-02T00:00:01Z&custom_fields={score}&limit=500
--> 10 tokens
SELECT subject FROM activities
WHERE update_time >= '2026-09-01' AND update_time < '2026-09-02';
--> GET /api/v2/activities?updated_since=2026-09-01T00:00:00Z&updated_until=2026-09-02T00:00:01Z&limit=500
--> 10 tokens
SELECT name FROM products
WHERE update_time >= '2026-09-01' AND update_time < '2026-09-02';
--> GET /api/v2/products?updated_since=2026-09-01T00:00:00Z&custom_fields={score}&limit=500
--> 10 tokens
SELECT title FROM leads
WHERE update_time >= '2026-09-01' AND update_time < '2026-09-02';
--> GET /v1/leads?updated_since=2026-09-01T00:00:00Z&limit=500
--> 20 tokens
SELECT content FROM notes
WHERE update_time >= '2026-09-01' AND update_time < '2026-09-02';
--> GET /v1/notes?updated_since=2026-09-01T00:00:00Z&limit=500
--> 20 tokens
SELECT title FROM deals_archived
WHERE update_time >= '2026-09-01' AND update_time < '2026-09-02';
--> GET /api/v2/deals/archived?updated_since=2026-09-01T00:00:00Z&updated_until=2026-09-02T00:00:01Z&custom_fields={score}&limit=500
--> 20 tokens
SELECT title FROM deals_deleted
WHERE update_time >= '2026-09-01' AND update_time < '2026-09-02';
--> GET /api/v2/deals?status=deleted&updated_since=2026-09-01T00:00:00Z&updated_until=2026-09-02T00:00:01Z&custom_fields={score}&limit=500
--> 10 tokens
