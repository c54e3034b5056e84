-- A join over a key: a few keys one by one, then batches of what the outer page holds.
SELECT d.title, p.name FROM deals d JOIN persons p ON p.id = d.person_id;
--> GET /api/v2/deals?custom_fields={score}&limit=500
--> GET /api/v2/persons/79?custom_fields={score}
--> GET /api/v2/persons?ids=12,63,…,106 (60)&custom_fields={score}&limit=500
--> GET /api/v2/deals?custom_fields={score}&limit=500&…  (2 pages)
--> GET /api/v2/persons?ids=133,57,…,138 (62)&custom_fields={score}&limit=500
--> 51 tokens

-- A LEFT JOIN does the same.
SELECT d.title, o.name FROM deals d LEFT JOIN organizations o ON o.id = d.org_id;
--> GET /api/v2/deals?custom_fields={score}&limit=500
--> GET /api/v2/organizations/67?custom_fields={score}
--> GET /api/v2/organizations?ids=36,8,…,47 (40)&custom_fields={score}&limit=500
--> GET /api/v2/deals?custom_fields={score}&limit=500&…  (2 pages)
--> GET /api/v2/organizations?ids=51,48,…,17 (19)&custom_fields={score}&limit=500
--> 51 tokens

-- A short list is read whole once its keys have cost as much.
SELECT d.title, s.name, u.name FROM deals d
JOIN stages s ON s.id = d.stage_id JOIN users u ON u.id = d.owner_id;
--> GET /api/v2/deals?custom_fields={score}&limit=500
--> GET /api/v2/stages/2
--> GET /v1/users/4
--> GET /api/v2/deals?custom_fields={score}&limit=500&…  (2 pages)
--> GET /api/v2/stages?limit=500
--> GET /v1/users
--> 58 tokens

-- A handful of outer rows is a handful of keys.
SELECT d.title, p.name FROM deals d JOIN persons p ON p.id = d.person_id
WHERE d.id IN (1, 2, 3);
--> GET /api/v2/deals/1?custom_fields={score}
--> GET /api/v2/deals/2?custom_fields={score}
--> GET /api/v2/deals/3?custom_fields={score}
--> GET /api/v2/persons/79?custom_fields={score}
--> GET /api/v2/persons/12?custom_fields={score}
--> GET /api/v2/persons/63?custom_fields={score}
--> 6 tokens

-- A lookup per row by a column that is no key.
SELECT p.name, count(d.id) FROM persons p LEFT JOIN deals d ON d.person_id = p.id
WHERE p.id IN (1, 2, 3) GROUP BY p.id;
--> GET /api/v2/persons/1?custom_fields={score}
--> GET /api/v2/persons/2?custom_fields={score}
--> GET /api/v2/persons/3?custom_fields={score}
--> GET /api/v2/deals?person_id=1&custom_fields={score}&limit=500
--> GET /api/v2/deals?person_id=2&custom_fields={score}&limit=500
--> GET /api/v2/deals?person_id=3&custom_fields={score}&limit=500
--> 33 tokens

-- For every person: by person, until the list of deals is here.
SELECT p.name, count(d.id) FROM persons p LEFT JOIN deals d ON d.person_id = p.id
GROUP BY p.id;
--> GET /api/v2/persons?sort_by=id&sort_direction=asc&custom_fields={score}&limit=500  (2 pages)
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 50 tokens

-- A self-join: deals by organization, until the list is here; at most twice its price.
SELECT count(*) FROM deals a JOIN deals b ON b.org_id = a.org_id AND b.id > a.id;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- A self-join by key reads once.
SELECT count(*) FROM deals a JOIN deals b ON b.id = a.id;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- Every pair, though nothing joins them.
SELECT count(*) FROM stages a, stages b;
--> GET /api/v2/stages?limit=500
--> 5 tokens

-- Correlated subqueries are joins.
SELECT name, (SELECT count(*) FROM deals d WHERE d.stage_id = s.id) FROM stages s;
--> GET /api/v2/stages?limit=500
--> GET /api/v2/deals?custom_fields={name}&limit=500  (3 pages)
--> 35 tokens

-- So is EXISTS; the filter beside it narrows the list.
SELECT name FROM pipelines p
WHERE EXISTS (SELECT 1 FROM deals d WHERE d.pipeline_id = p.id AND d.status = 'won');
--> GET /api/v2/pipelines?limit=500
--> GET /api/v2/deals?status=won&pipeline_id=1&custom_fields={name}&limit=500
--> GET /api/v2/deals?status=won&pipeline_id=2&custom_fields={name}&limit=500
--> GET /api/v2/deals?status=won&pipeline_id=3&custom_fields={name}&limit=500
--> 35 tokens

-- A union of two halves.
SELECT title FROM deals WHERE status = 'won'
UNION ALL SELECT title FROM deals WHERE status = 'lost';
--> GET /api/v2/deals?status=won&custom_fields={score}&limit=500
--> GET /api/v2/deals?status=lost&custom_fields={score}&limit=500
--> 20 tokens

-- Tables over an array share the scan of the rows that hold it.
SELECT p.name, e.email FROM persons p JOIN person_emails e ON e.person_id = p.id;
--> GET /api/v2/persons?custom_fields={score}&limit=500  (2 pages)
--> 20 tokens

-- On their own they are one scan of them.
SELECT email FROM person_emails;
--> GET /api/v2/persons?custom_fields={score}&limit=500  (2 pages)
--> 20 tokens
SELECT phone FROM person_phones;
--> no request
SELECT count(*) FROM deal_labels;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens
SELECT count(*) FROM product_prices;
--> GET /api/v2/products?custom_fields={score}&limit=500
--> 10 tokens

-- Joined with a table of one's own.
CREATE TEMP TABLE wanted(id INTEGER);
--> no request
INSERT INTO wanted VALUES (1), (2), (3);
--> no request
SELECT title FROM wanted JOIN deals USING (id);
--> GET /api/v2/deals/1?custom_fields={score}
--> GET /api/v2/deals/2?custom_fields={score}
--> GET /api/v2/deals/3?custom_fields={score}
--> 3 tokens

-- Distinct values, counts and sums read the list once.
SELECT DISTINCT owner_id FROM deals;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- All aggregates, too.
SELECT count(*), sum(value), avg(value) FROM deals;
--> GET /api/v2/deals?custom_fields={score}&limit=500  (3 pages)
--> 30 tokens
