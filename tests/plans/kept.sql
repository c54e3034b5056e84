-- The same statement again is free, and so is one whose rows are at hand.
SELECT title FROM deals;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens
SELECT title FROM deals;
--> no request
SELECT title FROM deals WHERE status = 'won';
--> no request
SELECT title FROM deals WHERE id = 7;
--> no request
SELECT title FROM deals ORDER BY update_time DESC LIMIT 5;
--> no request

-- Other fields are not at hand.
SELECT title FROM deals WHERE id = 7;
--> GET /api/v2/deals/7?custom_fields={score}
--> 1 token
SELECT products_count FROM deals WHERE id = 7;
--> GET /api/v2/deals/7?include_fields=products_count&custom_fields={score}
--> 1 token

-- Everything holds each of them.
SELECT * FROM deals WHERE id = 7;
--> GET /api/v2/deals/7?include_fields=next_activity_id,last_activity_id,…,source_lead_id (16)
--> 1 token
SELECT products_count, interests FROM deals WHERE id = 7;
--> no request

-- Rows brought by key stay by key.
SELECT title FROM deals WHERE id IN (1, 2, 3);
--> GET /api/v2/deals/1?custom_fields={score}
--> GET /api/v2/deals/2?custom_fields={score}
--> GET /api/v2/deals/3?custom_fields={score}
--> 3 tokens
SELECT title FROM deals WHERE id IN (2, 3, 4);
--> GET /api/v2/deals/4?custom_fields={score}
--> 1 token

-- So does what was not there.
SELECT title FROM deals WHERE id = 99999999;
--> GET /api/v2/deals/99999999?custom_fields={score}
--> 1 token
SELECT title FROM deals WHERE id = 99999999;
--> no request

-- A list of full pages that was left half way goes on where it stopped.
SELECT title FROM deals WHERE value > 0 LIMIT 5;
--> GET /api/v2/deals?custom_fields={score}&limit=500
--> 10 tokens
SELECT count(*) FROM deals;
--> GET /api/v2/deals?custom_fields={score}&limit=500&…  (2 pages)
--> 20 tokens

-- One of small pages does not.
SELECT title FROM deals LIMIT 5;
--> GET /api/v2/deals?custom_fields={score}&limit=5
--> 10 tokens
SELECT count(*) FROM deals;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- What several places of a statement want of a table is asked for at once.
SELECT (SELECT count(products_count) FROM deals), (SELECT count(summary) FROM deals);
--> GET /api/v2/deals?include_fields=products_count&custom_fields={summary}&limit=500  (3 pages)
--> 30 tokens
