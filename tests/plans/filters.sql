-- Without a condition the whole list is read.
SELECT title FROM deals;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- Every filter of deals.
SELECT title FROM deals WHERE status = 'won';
--> GET /api/v2/deals?status=won&custom_fields={score}&limit=500
--> 10 tokens
SELECT title FROM deals WHERE owner_id = 3;
--> GET /api/v2/deals?owner_id=3&custom_fields={score}&limit=500
--> 10 tokens
SELECT title FROM deals WHERE person_id = 3;
--> GET /api/v2/deals?person_id=3&custom_fields={score}&limit=500
--> 10 tokens
SELECT title FROM deals WHERE org_id = 3;
--> GET /api/v2/deals?org_id=3&custom_fields={score}&limit=500
--> 10 tokens
SELECT title FROM deals WHERE pipeline_id = 2;
--> GET /api/v2/deals?pipeline_id=2&custom_fields={score}&limit=500
--> 10 tokens
SELECT title FROM deals WHERE stage_id = 3;
--> GET /api/v2/deals?stage_id=3&custom_fields={score}&limit=500
--> 10 tokens

-- Filters are sent together.
SELECT title FROM deals
WHERE status = 'open' AND owner_id = 3 AND pipeline_id = 1 AND value > 1000;
--> GET /api/v2/deals?status=open&owner_id=3&pipeline_id=1&custom_fields={score}&limit=500
--> 10 tokens

-- Several values of `status` go into one request.
SELECT title FROM deals WHERE status IN ('won', 'lost');
--> GET /api/v2/deals?status=lost,won&custom_fields={score}&limit=500  (2 pages)
--> 20 tokens

-- An invalid status would bring every deal; no deal has it, so nothing is asked.
SELECT title FROM deals WHERE status = 'Won';
--> no request
SELECT title FROM deals WHERE status = 'deleted';
--> no request
SELECT title FROM deals WHERE status IN ('deleted', 'x');
--> no request

-- Valid values beside invalid ones.
SELECT title FROM deals WHERE status IN ('won', 'deleted', 'x', NULL);
--> GET /api/v2/deals?status=won&custom_fields={score}&limit=500
--> 10 tokens

-- Compared without case, the server's filter would leave rows out.
SELECT title FROM deals WHERE status = 'WON' COLLATE NOCASE;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- Several values of a filter that takes one are several requests.
SELECT title FROM deals WHERE owner_id IN (1, 2, 3);
--> GET /api/v2/deals?owner_id=1&custom_fields={score}&limit=500
--> GET /api/v2/deals?owner_id=2&custom_fields={score}&limit=500
--> GET /api/v2/deals?owner_id=3&custom_fields={score}&limit=500
--> 30 tokens

-- Two such lists are every pair. Perhaps the whole list is cheaper: nobody knows how
-- long it is, so it is read in step, which costs at most twice the cheaper way.
SELECT title FROM deals WHERE owner_id IN (1, 2) AND stage_id IN (1, 2);
--> GET /api/v2/deals?owner_id=1&stage_id=1&custom_fields={score}&limit=500
--> GET /api/v2/deals?custom_fields={score}&limit=500
--> GET /api/v2/deals?owner_id=1&stage_id=2&custom_fields={score}&limit=500
--> GET /api/v2/deals?custom_fields={score}&limit=500&…
--> GET /api/v2/deals?owner_id=2&stage_id=1&custom_fields={score}&limit=500
--> GET /api/v2/deals?custom_fields={score}&limit=500&…
--> 60 tokens

-- So many requests cost more than the list, and are given up when it is here.
SELECT title FROM deals WHERE owner_id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
--> GET /api/v2/deals?owner_id=1&custom_fields={score}&limit=500
--> GET /api/v2/deals?custom_fields={score}&limit=500
--> GET /api/v2/deals?owner_id=2&custom_fields={score}&limit=500
--> GET /api/v2/deals?custom_fields={score}&limit=500&…
--> GET /api/v2/deals?owner_id=3&custom_fields={score}&limit=500
--> GET /api/v2/deals?custom_fields={score}&limit=500&…
--> 60 tokens

-- Once the list was counted, the cheaper way is taken at once.
SELECT count(*) FROM deals WHERE products_count > 0;
--> GET /api/v2/deals?include_fields=products_count&custom_fields={score}&limit=500  (3 pages)
--> 30 tokens
SELECT summary FROM deals WHERE owner_id IN (1, 2);
--> GET /api/v2/deals?owner_id=1&custom_fields={summary}&limit=500
--> GET /api/v2/deals?owner_id=2&custom_fields={summary}&limit=500
--> 20 tokens
SELECT summary FROM deals WHERE owner_id IN (4, 5, 6, 7, 8, 9, 10, 11, 12);
--> GET /api/v2/deals?custom_fields={summary}&limit=500  (3 pages)
--> 30 tokens

-- What Pipedrive cannot filter by stays with SQLite.
SELECT title FROM deals WHERE value > 1000;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- So does a pattern.
SELECT title FROM deals WHERE title LIKE 'A%';
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- A comparison with NULL is never true.
SELECT title FROM deals WHERE owner_id = NULL;
--> no request

-- IS NULL has no filter.
SELECT title FROM deals WHERE owner_id IS NULL;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- Archived deals have the same filters, at twice the price.
SELECT title FROM deals_archived WHERE status = 'won' AND owner_id = 3;
--> GET /api/v2/deals/archived?status=won&owner_id=3&custom_fields={score}&limit=500
--> 20 tokens

-- Deleted ones as well.
SELECT title FROM deals_deleted WHERE owner_id = 3;
--> GET /api/v2/deals?status=deleted&owner_id=3&custom_fields={score}&limit=500
--> 10 tokens

-- Filters of the other tables.
SELECT name FROM persons WHERE owner_id = 3 AND org_id = 4;
--> GET /api/v2/persons?owner_id=3&org_id=4&custom_fields={score}&limit=500
--> 10 tokens
SELECT name FROM organizations WHERE owner_id = 3;
--> GET /api/v2/organizations?owner_id=3&custom_fields={score}&limit=500
--> 10 tokens
SELECT subject FROM activities WHERE owner_id = 3 AND deal_id = 4 AND org_id = 5;
--> GET /api/v2/activities?owner_id=3&deal_id=4&org_id=5&limit=500
--> 10 tokens
SELECT name FROM products WHERE owner_id = 3;
--> GET /api/v2/products?owner_id=3&custom_fields={score}&limit=500
--> 10 tokens
SELECT name FROM stages WHERE pipeline_id = 2;
--> GET /api/v2/stages?pipeline_id=2&limit=500
--> 5 tokens
SELECT title FROM leads WHERE owner_id = 3 AND person_id = 4 AND org_id = 5;
--> GET /v1/leads?owner_id=3&person_id=4&organization_id=5&limit=500
--> 20 tokens
SELECT title FROM leads_archived WHERE owner_id = 3;
--> GET /v1/leads/archived?owner_id=3&limit=500
--> 40 tokens
SELECT content FROM notes WHERE user_id = 3 AND deal_id = 4;
--> GET /v1/notes?user_id=3&deal_id=4&limit=500
--> 20 tokens
SELECT name FROM filters WHERE type = 'deals';
--> GET /v1/filters?type=deals
--> 20 tokens

-- Yes and no have their own spelling in each dialect.
SELECT subject FROM activities WHERE done = 1;
--> GET /api/v2/activities?done=true&limit=500  (4 pages)
--> 40 tokens
SELECT subject FROM activities WHERE done = 0;
--> GET /api/v2/activities?done=false&limit=500  (3 pages)
--> 30 tokens
SELECT subject FROM activities WHERE done = 2;
--> no request
SELECT content FROM notes WHERE is_pinned_to_deal = 1;
--> GET /v1/notes?pinned_to_deal_flag=1&limit=500
--> 20 tokens

-- SQLite does not offer a condition without a comparison.
SELECT subject FROM activities WHERE done;
--> GET /api/v2/activities?limit=500  (6 pages)
--> 60 tokens

-- The activities of a lead.
SELECT subject FROM activities
WHERE lead_id = '00000000-0000-0000-0000-000000000000';
--> GET /api/v2/activities?lead_id=00000000-0000-0000-0000-000000000000&limit=500
--> 10 tokens

-- Lists that come whole.
SELECT name FROM users;
--> GET /v1/users
--> 20 tokens
SELECT name FROM lead_labels;
--> GET /v1/leadLabels
--> 10 tokens
SELECT name FROM activity_types;
--> GET /v1/activityTypes
--> 20 tokens
SELECT code FROM currencies;
--> GET /v1/currencies
--> 20 tokens
SELECT name FROM filters;
--> GET /v1/filters
--> 20 tokens
SELECT name FROM pipelines;
--> GET /api/v2/pipelines?limit=500
--> 5 tokens

-- Metadata is a table too.
SELECT field_name FROM deal_fields;
--> GET /api/v2/dealFields?limit=500
--> 10 tokens
