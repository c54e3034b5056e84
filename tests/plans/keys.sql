-- One key is one row.
SELECT title FROM deals WHERE id = 7;
--> GET /api/v2/deals/7?custom_fields={score}
--> 1 token

-- So is a key written as text or as a real number; SQL takes them as equal.
SELECT title FROM deals WHERE id = '7';
--> GET /api/v2/deals/7?custom_fields={score}
--> 1 token
SELECT title FROM deals WHERE id = 8.0;
--> GET /api/v2/deals/8?custom_fields={score}
--> 1 token

-- A few keys: each by itself is cheaper than a list.
SELECT title FROM deals WHERE id IN (1, 2, 3);
--> GET /api/v2/deals/1?custom_fields={score}
--> GET /api/v2/deals/2?custom_fields={score}
--> GET /api/v2/deals/3?custom_fields={score}
--> 3 tokens

-- The row number is the key.
SELECT title FROM deals WHERE rowid = 7;
--> GET /api/v2/deals/7?custom_fields={score}
--> 1 token

-- From ten keys on, a batch of `ids` is.
SELECT title FROM deals WHERE id IN (1, 2, 3, 4, 5, 6, 7, 8, 9);
--> GET /api/v2/deals/1?custom_fields={score}
--> GET /api/v2/deals/2?custom_fields={score}
--> GET /api/v2/deals/3?custom_fields={score}
--> GET /api/v2/deals/4?custom_fields={score}
--> GET /api/v2/deals/5?custom_fields={score}
--> GET /api/v2/deals/6?custom_fields={score}
--> GET /api/v2/deals/7?custom_fields={score}
--> GET /api/v2/deals/8?custom_fields={score}
--> GET /api/v2/deals/9?custom_fields={score}
--> 9 tokens
SELECT title FROM deals WHERE id IN (11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
--> GET /api/v2/deals?ids=11,12,…,20 (10)&custom_fields={score}&limit=500
--> 10 tokens

-- 101 keys are two requests.
SELECT count(title) FROM deals WHERE id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57,
58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79,
80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100,
101);
--> GET /api/v2/deals?ids=1,2,…,100 (100)&custom_fields={score}&limit=500
--> GET /api/v2/deals/101?custom_fields={score}
--> 11 tokens

-- Keys twice, keys that cannot be, and keys that are not there are not asked twice.
SELECT title FROM deals WHERE id IN (5, 5, '5', 0, -3, 2.5, 'x', NULL, 99999999);
--> GET /api/v2/deals/5?custom_fields={score}
--> GET /api/v2/deals/99999999?custom_fields={score}
--> 2 tokens

-- Keys of a subquery are a list of keys.
SELECT name FROM persons WHERE id IN (SELECT person_id FROM deals WHERE id IN (1, 2));
--> GET /api/v2/deals/1?custom_fields={name}
--> GET /api/v2/deals/2?custom_fields={name}
--> GET /api/v2/persons/12?custom_fields={score}
--> GET /api/v2/persons/79?custom_fields={score}
--> 4 tokens

-- Other conditions beside a key stay with SQLite.
SELECT title FROM deals WHERE id = 7 AND status = 'won' AND value > 100;
--> GET /api/v2/deals/7?custom_fields={score}
--> 1 token

-- `id = 7 OR id = 8` is a list of keys; other ORs are not.
SELECT title FROM deals WHERE id = 7 OR id = 8;
--> GET /api/v2/deals/7?custom_fields={score}
--> GET /api/v2/deals/8?custom_fields={score}
--> 2 tokens

-- Two roads joined by OR are read one after the other.
SELECT title FROM deals WHERE id = 7 OR (status = 'won' AND owner_id = 3);
--> GET /api/v2/deals/7?custom_fields={score}
--> GET /api/v2/deals?status=won&owner_id=3&custom_fields={score}&limit=500
--> 11 tokens

-- Persons, organizations, activities and products have both ways too.
SELECT name FROM persons WHERE id = 3;
--> GET /api/v2/persons/3?custom_fields={score}
--> 1 token
SELECT name FROM organizations WHERE id = 3;
--> GET /api/v2/organizations/3?custom_fields={score}
--> 1 token
SELECT subject FROM activities WHERE id = 3;
--> GET /api/v2/activities/3
--> 1 token
SELECT name FROM products WHERE id = 3;
--> GET /api/v2/products/3
--> 1 token

-- So in batches.
SELECT name FROM persons WHERE id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
--> GET /api/v2/persons?ids=1,2,…,11 (11)&custom_fields={score}&limit=500
--> 10 tokens
SELECT name FROM organizations WHERE id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
--> GET /api/v2/organizations?ids=1,2,…,11 (11)&custom_fields={score}&limit=500
--> 10 tokens
SELECT subject FROM activities WHERE id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
--> GET /api/v2/activities?ids=1,2,…,11 (11)&limit=500
--> 10 tokens
SELECT name FROM products WHERE id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
--> GET /api/v2/products?ids=1,2,…,11 (11)&custom_fields={score}&limit=500
--> 10 tokens

-- What has no batches is asked one by one.
SELECT name FROM stages WHERE id IN (1, 2);
--> GET /api/v2/stages/1
--> GET /api/v2/stages/2
--> 2 tokens
SELECT name FROM pipelines WHERE id = 1;
--> GET /api/v2/pipelines/1
--> 1 token
SELECT name FROM users WHERE id = 1;
--> GET /v1/users/1
--> 2 tokens
SELECT content FROM notes WHERE id = 1;
--> GET /v1/notes/1
--> 2 tokens

-- A lead's key is a UUID; nothing else is asked for.
SELECT title FROM leads WHERE id = '00000000-0000-0000-0000-000000000000';
--> GET /v1/leads/00000000-0000-0000-0000-000000000000
--> 2 tokens
SELECT title FROM leads WHERE id = 'Acme';
--> no request

-- Without batches the whole list comes when the keys have cost as much.
SELECT name FROM stages WHERE id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
--> GET /api/v2/stages?limit=500
--> 5 tokens

-- Archived deals only come from their own list, also by key.
SELECT title FROM deals_archived WHERE id = 7;
--> GET /api/v2/deals/archived?ids=7&custom_fields={score}&limit=500
--> 20 tokens

-- Deleted deals have no way by key: their list is read.
SELECT title FROM deals_deleted WHERE id = 7;
--> GET /api/v2/deals?status=deleted&custom_fields={score}&limit=500
--> 10 tokens

-- Children over an array take the key of the row that holds them.
SELECT email FROM person_emails WHERE person_id = 7;
--> GET /api/v2/persons/7?custom_fields={score}
--> 1 token
