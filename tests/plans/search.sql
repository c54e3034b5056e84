-- A title is searched for, beside the deals changed lately. While nobody has counted
-- them, the first page tells whether the list is short.
SELECT id FROM deals WHERE title = 'No such deal';
--> GET /api/v2/deals?sort_by=update_time&sort_direction=desc&custom_fields={score}&limit=500
--> GET /api/v2/itemSearch/field?term=No such deal&entity_type=deal&field=title&match=exact&limit=100
--> 30 tokens

-- The list is known to be short: it costs no more.
SELECT count(*) FROM products;
--> GET /api/v2/products?custom_fields={score}&limit=500
--> 10 tokens
SELECT id FROM products WHERE code = 'P-1';
--> no request

-- Case counts for GLOB, and not for LIKE without wildcards.
SELECT id FROM persons WHERE name GLOB 'Zzz*';
--> GET /api/v2/persons?sort_by=update_time&sort_direction=desc&custom_fields={score}&limit=500
--> GET /api/v2/itemSearch/field?term=Zzz&entity_type=person&field=name&match=beginning&limit=100
--> 30 tokens
SELECT id FROM persons WHERE name LIKE 'zzz zzz';
--> GET /api/v2/persons/search?term=zzz zzz&exact_match=true&fields=name&limit=100
--> 20 tokens
SELECT id FROM persons WHERE name = 'zzz zzz' COLLATE NOCASE;
--> no request

-- A LIKE with wildcards has no search that finds all for sure.
SELECT id FROM organizations WHERE name LIKE '%zzz%';
--> GET /api/v2/organizations?custom_fields={score}&limit=500
--> 10 tokens

-- Addresses and phones are searched for among all of a person.
SELECT id FROM persons WHERE email = 'nobody@example.com';
--> GET /api/v2/persons?sort_by=update_time&sort_direction=desc&custom_fields={score}&limit=500
--> GET /api/v2/itemSearch/field?term=nobody@example.com&entity_type=person&field=email&match=exact&limit=100
--> 30 tokens
SELECT person_id FROM person_emails WHERE email = 'nobody@example.com';
--> no request
SELECT person_id FROM person_phones WHERE phone = '+372 000';
--> GET /api/v2/itemSearch/field?term=+372 000&entity_type=person&field=phone&match=exact&limit=100
--> 20 tokens

-- Blanks at the ends of a term may be lost on the way.
SELECT id FROM organizations WHERE name = ' zzz';
--> GET /api/v2/organizations?custom_fields={score}&limit=500
--> 10 tokens

-- MATCH gives the whole rows of what is found.
SELECT id, value FROM deals WHERE deals MATCH 'licence' LIMIT 3;
--> GET /api/v2/deals/search?term=licence&limit=100
--> GET /api/v2/deals?ids=142,34,…,246 (42)&custom_fields={score}&limit=500
--> 30 tokens
SELECT id FROM leads WHERE leads MATCH 'zzz';
--> GET /api/v2/leads/search?term=zzz&limit=100
--> 20 tokens

-- A saved filter takes the place of all others.
SELECT id FROM deals WHERE filter_id = 2 AND owner_id = 3;
--> GET /api/v2/deals?filter_id=2&custom_fields={score}&limit=500
--> 10 tokens
SELECT id FROM deals WHERE filter = 'Hot deals';
--> GET /v1/filters?type=deals
--> 20 tokens
SELECT id FROM persons WHERE deal_id = 3 AND owner_id = 2;
--> GET /api/v2/persons?owner_id=2&deal_id=3&custom_fields={score}&limit=500
--> 10 tokens
