-- Contradictions.
SELECT title FROM deals WHERE id = 1 AND id = 2;
--> no request
SELECT title FROM deals WHERE id IN (1, 2) AND id = 3;
--> no request
SELECT title FROM deals WHERE status = 'won' AND status = 'lost';
--> no request
SELECT title FROM deals WHERE owner_id = 1 AND owner_id = 2;
--> no request

-- Nothing to look for.
SELECT title FROM deals WHERE id IN ();
--> no request
SELECT title FROM deals WHERE id IS NULL;
--> no request
SELECT title FROM deals WHERE id = NULL;
--> no request
SELECT title FROM deals WHERE update_time IS NULL;
--> no request
SELECT title FROM deals WHERE 1 = 0;
--> no request

-- Keys that no row has.
SELECT title FROM deals WHERE id = 0;
--> no request
SELECT title FROM deals WHERE id = -1;
--> no request
SELECT title FROM deals WHERE id = 1.5;
--> no request
SELECT title FROM deals WHERE id = 'seven';
--> no request
SELECT title FROM deals WHERE id = x'37';
--> no request
SELECT title FROM deals WHERE id = 9223372036854775807;
--> no request

-- Statements that read no live table.
SELECT 1;
--> no request
SELECT count(*) FROM pipedrive_tables;
--> no request
SELECT count(*) FROM pipedrive_requests;
--> no request
SELECT name FROM pragma_table_info('deals') LIMIT 1;
--> no request
EXPLAIN QUERY PLAN SELECT * FROM deals;
--> no request
