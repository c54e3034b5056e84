-- The products of one deal. The deal is asked for too, because children of archived
-- deals do not belong to the table.
SELECT name FROM deal_products WHERE deal_id = 7;
--> GET /api/v2/deals/7?include_fields=products_count&custom_fields={score}
--> GET /api/v2/deals/products?deal_ids=7&limit=500
--> 11 tokens

-- Of some deals.
SELECT name FROM deal_products WHERE deal_id IN (1, 2, 3, 7, 11);
--> GET /api/v2/deals/1?include_fields=products_count&custom_fields={score}
--> GET /api/v2/deals/2?include_fields=products_count&custom_fields={score}
--> GET /api/v2/deals/3?include_fields=products_count&custom_fields={score}
--> GET /api/v2/deals/7?include_fields=products_count&custom_fields={score}
--> GET /api/v2/deals/11?include_fields=products_count&custom_fields={score}
--> GET /api/v2/deals/products?deal_ids=1,7,11&limit=500
--> 15 tokens

-- Of all: the list of deals says which have products, a hundred of those a request.
SELECT name FROM deal_products;
--> GET /api/v2/deals?include_fields=products_count&custom_fields={score}&limit=500  (3 pages)
--> GET /api/v2/deals/products?deal_ids=1,7,…,319 (78)&limit=500  (3 pages)
--> 60 tokens

-- Joined: the deals are read anyway, and tell who has products.
SELECT d.title, x.name FROM deals d JOIN deal_products x ON x.deal_id = d.id;
--> GET /api/v2/deals?include_fields=products_count&custom_fields={score}&limit=500
--> GET /api/v2/deals/products?deal_ids=1,7,…,53 (10)&limit=500
--> GET /api/v2/deals/products?deal_ids=58,60,…,98 (14)&limit=500
--> GET /api/v2/deals?include_fields=products_count&custom_fields={score}&limit=500&…  (2 pages)
--> GET /api/v2/deals/products?deal_ids=107,114,…,319 (54)&limit=500  (2 pages)
--> 70 tokens

-- Joined with deals by key.
SELECT d.title, x.name FROM deals d JOIN deal_products x ON x.deal_id = d.id
WHERE d.id IN (1, 7);
--> GET /api/v2/deals/1?include_fields=products_count&custom_fields={score}
--> GET /api/v2/deals/7?include_fields=products_count&custom_fields={score}
--> GET /api/v2/deals/products?deal_ids=1,7&limit=500
--> 12 tokens

-- Joined with deals of one status.
SELECT d.title, sum(x.quantity) FROM deals d JOIN deal_products x ON x.deal_id = d.id
WHERE d.status = 'won' GROUP BY d.id;
--> GET /api/v2/deals?status=won&sort_by=id&sort_direction=asc&include_fields=products_count&custom_fields={score}&limit=500
--> GET /api/v2/deals/products?deal_ids=52,58,…,315 (19)&limit=500
--> 20 tokens

-- No such parent.
SELECT name FROM deal_products WHERE deal_id = 0;
--> no request
SELECT name FROM deal_products WHERE deal_id = NULL;
--> no request

-- One by its own key: no request serves that, so all are read.
SELECT name FROM deal_products WHERE id = 7;
--> GET /api/v2/deals?include_fields=products_count&custom_fields={score}&limit=500  (3 pages)
--> GET /api/v2/deals/products?deal_ids=1,7,…,319 (78)&limit=500  (3 pages)
--> 60 tokens

-- By product: there is no such road, all are read.
SELECT count(*) FROM deal_products WHERE product_id = 3;
--> GET /api/v2/deals?include_fields=products_count&custom_fields={score}&limit=500  (3 pages)
--> GET /api/v2/deals/products?deal_ids=1,7,…,319 (78)&limit=500  (3 pages)
--> 60 tokens
