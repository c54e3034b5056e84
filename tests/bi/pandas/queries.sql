-- read_sql_query("SELECT * FROM deals", con)
SELECT * FROM deals
--> deals: GET /api/v2/deals
--> 30 tokens

-- read_sql_query(..., params=["won"])
-- with ["won"]
SELECT id FROM deals WHERE status = ? LIMIT 500
--> deals: GET /api/v2/deals?status={status}
--> 10 tokens

-- read_sql_query(..., params={"status": "won", "owner": 6})
-- with {"status": "won", "owner": 6}
select id, title from deals where status = :status and owner_id = :owner
--> deals: GET /api/v2/deals?status={status}&owner_id={owner_id}
--> 10 tokens

-- read_sql_table("deals", engine)
SELECT {deals: deals."$"} 
FROM deals
--> deals: GET /api/v2/deals
--> 30 tokens

-- read_sql_table("stages", engine)
SELECT stages.id, stages.name, stages.pipeline_id, stages.order_nr, stages.deal_probability, stages.is_deal_rot_enabled, stages.days_to_rotten, stages.add_time, stages.update_time, stages.is_deleted 
FROM stages
--> stages: GET /api/v2/stages
--> 5 tokens

-- read_sql_table("stages", engine, columns=["id", "name"], index_col="id")
SELECT stages.id, stages.id AS id__1, stages.name 
FROM stages
--> stages: GET /api/v2/stages
--> 5 tokens

-- read_sql_query(..., index_col="id", parse_dates=["add_time"]), in chunks
SELECT id, title, value, add_time FROM deals ORDER BY id
--> deals: GET /api/v2/deals?sort_by=id&sort_direction=asc
--> 30 tokens

-- A window of time.
-- with ["2026-09-01", "2026-09-15"]
SELECT id, update_time FROM deals WHERE update_time BETWEEN ? AND ?
--> deals: GET /api/v2/deals?updated_since={>=update_time}&updated_until={<update_time}
--> 10 tokens

-- A time as pandas writes a Timestamp.
-- with ["2026-09-01 10:00:00"]
SELECT id, update_time FROM deals WHERE update_time >= ?
--> deals: GET /api/v2/deals?updated_since={>=update_time}
--> 10 tokens

-- A time as isoformat() writes it.
-- with ["2026-09-01T10:00:00"]
SELECT id, update_time FROM deals WHERE update_time >= ?
--> deals: GET /api/v2/deals?updated_since={>=update_time}
--> 10 tokens

-- A list of keys.
-- with [1, 3, 5, 7, 9, 11]
SELECT id, title, value FROM deals WHERE id IN (?, ?, ?, ?, ?, ?)
--> deals: GET /api/v2/deals/{id...} or GET /api/v2/deals?ids={id...}
--> 6 tokens

-- A frame to pivot.
SELECT u.name AS owner, d.status, strftime('%Y-%m', d.add_time) AS month, d.value
FROM deals d JOIN users u ON u.id = d.owner_id
--> d: GET /api/v2/deals
--> u: GET /v1/users/{id}
--> 52 tokens

-- Grouped in SQL.
SELECT strftime('%Y-%m', won_time) AS month, currency, sum(value) AS value, count(*) AS n
FROM deals
WHERE status = 'won'
GROUP BY 1, 2
ORDER BY 1, 2
--> deals: GET /api/v2/deals?status={status}
--> 10 tokens

-- Everything of a deal's people.
SELECT d.id, d.title, p.name, p.email, o.name AS organization
FROM deals d
LEFT JOIN persons p ON p.id = d.person_id
LEFT JOIN organizations o ON o.id = d.org_id
WHERE d.status = 'open'
ORDER BY d.id
--> d: GET /api/v2/deals?status={status}&sort_by=id&sort_direction=asc
--> p: GET /api/v2/persons/{id} or GET /api/v2/persons?ids={id}
--> o: GET /api/v2/organizations/{id} or GET /api/v2/organizations?ids={id}
--> 57 tokens

-- Lines of products.
SELECT d.id, x.name, x.quantity, x.item_price, x.sum
FROM deals d JOIN deal_products x ON x.deal_id = d.id
WHERE d.status = 'won'
--> d: GET /api/v2/deals?status={status}
--> x: GET /api/v2/deals/products?deal_ids={deal_id} for each 100 of deals
--> 20 tokens

-- The latest rows.
SELECT * FROM (SELECT id, title, update_time FROM deals ORDER BY update_time DESC) LIMIT 10
--> deals: GET /api/v2/deals?sort_by=update_time&sort_direction=desc
--> 10 tokens

-- read_sql("SELECT count(*) AS n FROM deals", con)
SELECT count(*) AS n FROM deals
--> deals: GET /api/v2/deals
--> 30 tokens
